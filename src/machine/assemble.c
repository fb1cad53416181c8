/* SPDX-License-Identifier: BSD-2-Clause */
/* A small assembler: Intel syntax to requests of Zydis's encoder.
 *
 * Names of instructions and registers are the library's; here are the grammar of operands, the names
 * people also use (je, sal, movabs), the choice of sizes that were not written, and messages that
 * say what to write instead. */
#include "machine/text.h"

#include <Zydis/Zydis.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SYNTAX_TIP "tip: Intel syntax, as in mov rax, [rdi+8*rcx-4]"

/* One statement on its way to bytes. */
struct statement {
    const char *at; /* what is still to be read */
    struct assembled *out;
    word_t rip;
    ZydisEncoderRequest request;
    bool has_size[ZYDIS_ENCODER_MAX_OPERANDS]; /* of an operand in memory */
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct statement *s, const char *format,
                                                         ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->out->error, sizeof s->out->error, format, arguments);
    va_end(arguments);
    return false;
}

/* --- words ------------------------------------------------------------------------------------------ */

static void skip_blanks(struct statement *s)
{
    while (*s->at == ' ' || *s->at == '\t' || *s->at == '\r') s->at++;
}

static bool is_at_end(struct statement *s)
{
    skip_blanks(s);
    return *s->at == '\0' || *s->at == '\n' || *s->at == ';' || *s->at == '#';
}

static bool take(struct statement *s, char c)
{
    skip_blanks(s);
    if (*s->at != c) return false;
    s->at++;
    return true;
}

/* The next word in lower case; its length, 0 if there is none. Nothing is consumed. */
static size_t peek_word(struct statement *s, char *word, size_t size)
{
    skip_blanks(s);
    size_t n = 0;
    while (n + 1 < size &&
           (isalnum((unsigned char)s->at[n]) || s->at[n] == '_' || s->at[n] == '.')) {
        word[n] = (char)tolower((unsigned char)s->at[n]);
        n++;
    }
    word[n] = '\0';
    return n;
}

static bool take_word(struct statement *s, const char *wanted)
{
    char word[24];
    size_t n = peek_word(s, word, sizeof word);
    if (strcmp(word, wanted) != 0) return false;
    s->at += n;
    return true;
}

static bool take_number(struct statement *s, int64_t *out)
{
    char *end;
    skip_blanks(s);
    if (!isdigit((unsigned char)*s->at))
        return refuse(s, "a number is missing at '%.20s'. " SYNTAX_TIP, s->at);
    errno = 0;
    *out = (int64_t)strtoull(s->at, &end, 0);
    if (errno) return refuse(s, "the number %.24s has more than 64 bits", s->at);
    if (isalnum((unsigned char)*end))
        return refuse(s, "'%.20s' is no number. tip: numbers as in C, 0x10 or 16", s->at);
    s->at = end;
    return true;
}

/* Sums and differences of numbers. */
static bool take_sum(struct statement *s, int64_t *out)
{
    uint64_t sum = 0;
    bool is_negative = take(s, '-');
    do {
        int64_t term;
        if (!take_number(s, &term)) return false;
        sum += is_negative ? 0 - (uint64_t)term : (uint64_t)term;
        is_negative = take(s, '-');
    } while (is_negative || take(s, '+'));
    *out = (int64_t)sum;
    return true;
}

static ZydisRegister find_register(const char *word)
{
    for (ZydisRegister r = 1; r <= ZYDIS_REGISTER_MAX_VALUE; r++) {
        const char *name = ZydisRegisterGetString(r);
        if (name && strcmp(name, word) == 0) return r;
    }
    return ZYDIS_REGISTER_NONE;
}

static bool take_register(struct statement *s, ZydisRegister *out)
{
    char word[24];
    size_t n = peek_word(s, word, sizeof word);
    *out = n ? find_register(word) : ZYDIS_REGISTER_NONE;
    if (*out == ZYDIS_REGISTER_NONE) return false;
    s->at += n;
    return true;
}

/* --- mnemonics -------------------------------------------------------------------------------------- */

static const char *const condition_names[][2] = {
    { "e", "z" },   { "ne", "nz" }, { "c", "b" },   { "nc", "nb" }, { "nae", "b" },
    { "ae", "nb" }, { "na", "be" }, { "a", "nbe" }, { "pe", "p" },  { "po", "np" },
    { "nge", "l" }, { "ge", "nl" }, { "ng", "le" }, { "g", "nle" },
};

static const char *const other_names[][2] = {
    { "sal", "shl" },        { "movabs", "mov" },  { "retn", "ret" },      { "pushf", "pushfq" },
    { "popf", "popfq" },     { "loopz", "loope" }, { "loopnz", "loopne" }, { "icebp", "int1" },
    { "sysretq", "sysret" }, { "xlatb", "xlat" },
};

/* The library's name for what people write: je is jz, cmova is cmovnbe. */
static void rename_mnemonic(char *word, size_t size)
{
    static const char *const stems[] = { "cmov", "set", "j" };
    for (unsigned i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (strcmp(word, other_names[i][0]) == 0) snprintf(word, size, "%s", other_names[i][1]);
    for (unsigned i = 0; i < sizeof stems / sizeof *stems; i++) {
        size_t n = strlen(stems[i]);
        if (strncmp(word, stems[i], n) != 0) continue;
        for (unsigned c = 0; c < sizeof condition_names / sizeof *condition_names; c++)
            if (strcmp(word + n, condition_names[c][0]) == 0) {
                snprintf(word + n, size - n, "%s", condition_names[c][1]);
                return;
            }
        return;
    }
}

static bool take_prefix(struct statement *s)
{
    static const struct {
        const char *name;
        ZydisInstructionAttributes attribute;
    } prefixes[] = {
        { "lock", ZYDIS_ATTRIB_HAS_LOCK },   { "rep", ZYDIS_ATTRIB_HAS_REP },
        { "repe", ZYDIS_ATTRIB_HAS_REPE },   { "repz", ZYDIS_ATTRIB_HAS_REPE },
        { "repne", ZYDIS_ATTRIB_HAS_REPNE }, { "repnz", ZYDIS_ATTRIB_HAS_REPNE },
    };
    for (unsigned i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (take_word(s, prefixes[i].name)) {
            s->request.prefixes |= prefixes[i].attribute;
            return true;
        }
    return false;
}

static bool take_mnemonic(struct statement *s)
{
    char word[24], written[24];
    while (take_prefix(s)) continue;
    size_t n = peek_word(s, word, sizeof word);
    snprintf(written, sizeof written, "%s", word);
    rename_mnemonic(word, sizeof word);
    for (ZydisMnemonic m = 1; n && m <= ZYDIS_MNEMONIC_MAX_VALUE; m++) {
        const char *name = ZydisMnemonicGetString(m);
        if (!name || strcmp(name, word) != 0) continue;
        s->request.mnemonic = m;
        s->at += n;
        return true;
    }
    if (!n) return refuse(s, "an instruction is missing at '%.20s'. " SYNTAX_TIP, s->at);
    return refuse(s, "unknown instruction '%s'. " SYNTAX_TIP, written);
}

/* --- operands --------------------------------------------------------------------------------------- */

static bool take_address_register(struct statement *s, ZydisEncoderOperand *o, ZydisRegister r,
                                  int64_t scale)
{
    bool is_index = scale != 1 || (o->mem.base != ZYDIS_REGISTER_NONE);
    if (scale != 1 && scale != 2 && scale != 4 && scale != 8)
        return refuse(s, "a register can be multiplied by 1, 2, 4 or 8, not by %lld",
                      (long long)scale);
    if (is_index && o->mem.index != ZYDIS_REGISTER_NONE)
        return refuse(s, "an address has one base and one index register. tip: [base+8*index+16]");
    if (!is_index)
        o->mem.base = r;
    else {
        o->mem.index = r;
        o->mem.scale = (ZyanU8)scale;
    }
    return true;
}

/* One summand: reg, reg*n, n*reg or n. */
static bool take_term(struct statement *s, ZydisEncoderOperand *o, bool is_negative)
{
    ZydisRegister r;
    int64_t number = 1;
    if (take_register(s, &r)) {
        if (take(s, '*') && !take_number(s, &number)) return false;
        if (is_negative) return refuse(s, "a register cannot be subtracted in an address");
        return take_address_register(s, o, r, number);
    }
    if (!take_number(s, &number)) return false;
    if (take(s, '*')) {
        if (is_negative) return refuse(s, "a register cannot be subtracted in an address");
        if (!take_register(s, &r)) return refuse(s, "a register is missing after '*'. " SYNTAX_TIP);
        return take_address_register(s, o, r, number);
    }
    uint64_t sum = (uint64_t)o->mem.displacement;
    o->mem.displacement = (ZyanI64)(is_negative ? sum - (uint64_t)number : sum + (uint64_t)number);
    return true;
}

static bool take_address(struct statement *s, ZydisEncoderOperand *o)
{
    bool is_negative = take(s, '-');
    do {
        if (!take_term(s, o, is_negative)) return false;
        is_negative = take(s, '-');
    } while (is_negative || take(s, '+'));
    if (!take(s, ']')) return refuse(s, "']' is missing at '%.20s'. " SYNTAX_TIP, s->at);
    return true;
}

static unsigned take_size(struct statement *s)
{
    static const struct {
        const char *name;
        unsigned bytes;
    } sizes[] = { { "byte", 1 },   { "word", 2 },     { "dword", 4 }, { "qword", 8 },
                  { "tbyte", 10 }, { "xmmword", 16 }, { "oword", 16 } };
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (take_word(s, sizes[i].name)) {
            take_word(s, "ptr");
            return sizes[i].bytes;
        }
    return 0;
}

static bool take_segment(struct statement *s)
{
    static const struct {
        const char *name;
        ZydisInstructionAttributes attribute;
    } segments[] = {
        { "fs", ZYDIS_ATTRIB_HAS_SEGMENT_FS }, { "gs", ZYDIS_ATTRIB_HAS_SEGMENT_GS },
        { "cs", ZYDIS_ATTRIB_HAS_SEGMENT_CS }, { "ss", ZYDIS_ATTRIB_HAS_SEGMENT_SS },
        { "ds", ZYDIS_ATTRIB_HAS_SEGMENT_DS }, { "es", ZYDIS_ATTRIB_HAS_SEGMENT_ES },
    };
    const char *start = s->at;
    for (unsigned i = 0; i < sizeof segments / sizeof *segments; i++) {
        if (!take_word(s, segments[i].name)) continue;
        if (take(s, ':')) {
            bool is_default = segments[i].attribute & ZYDIS_ATTRIB_HAS_SEGMENT_DS;
            if (!is_default) s->request.prefixes |= segments[i].attribute;
            return true;
        }
        s->at = start; /* the register itself */
    }
    return false;
}

static bool take_operand(struct statement *s)
{
    unsigned n = s->request.operand_count;
    if (n == ZYDIS_ENCODER_MAX_OPERANDS) return refuse(s, "too many operands. " SYNTAX_TIP);
    ZydisEncoderOperand *o = &s->request.operands[n];
    unsigned size = take_size(s);
    bool has_segment = take_segment(s);
    if (take(s, '[')) {
        o->type = ZYDIS_OPERAND_TYPE_MEMORY;
        o->mem.size = (ZyanU16)size;
        s->has_size[n] = size != 0;
        if (!take_address(s, o)) return false;
    } else if (size || has_segment) {
        return refuse(s, "'[' is missing at '%.20s'. tip: qword ptr fs:[0x10]", s->at);
    } else if (take_register(s, &o->reg.value)) {
        o->type = ZYDIS_OPERAND_TYPE_REGISTER;
    } else {
        char word[24];
        peek_word(s, word, sizeof word);
        if (isalpha((unsigned char)word[0]))
            return refuse(s, "'%s' is no register. tip: rax, eax, r10, [address] or a number",
                          word);
        o->type = ZYDIS_OPERAND_TYPE_IMMEDIATE;
        if (!take_sum(s, &o->imm.s)) return false;
    }
    s->request.operand_count++;
    return true;
}

static bool take_operands(struct statement *s)
{
    if (is_at_end(s)) return true;
    do {
        if (!take_operand(s)) return false;
    } while (take(s, ','));
    if (!is_at_end(s)) return refuse(s, "'%.20s' does not belong there. " SYNTAX_TIP, s->at);
    return true;
}

/* --- encoding --------------------------------------------------------------------------------------- */

static bool is_relative_branch(const ZydisEncoderRequest *r)
{
    if (r->operand_count != 1 || r->operands[0].type != ZYDIS_OPERAND_TYPE_IMMEDIATE) return false;
    if (r->mnemonic >= ZYDIS_MNEMONIC_JB && r->mnemonic <= ZYDIS_MNEMONIC_JZ) return true;
    return r->mnemonic == ZYDIS_MNEMONIC_CALL ||
           (r->mnemonic >= ZYDIS_MNEMONIC_LOOP && r->mnemonic <= ZYDIS_MNEMONIC_LOOPNE);
}

/* The accumulator's register in a MOV from or to an absolute address of 31 bits, else NULL. The encoder
 * takes its short form there, with an address-size prefix that no other assembler writes. */
static ZydisEncoderOperand *find_accumulator(ZydisEncoderRequest *r)
{
    if (r->mnemonic != ZYDIS_MNEMONIC_MOV || r->operand_count != 2) return NULL;
    bool is_store = r->operands[0].type == ZYDIS_OPERAND_TYPE_MEMORY;
    ZydisEncoderOperand *memory = &r->operands[!is_store], *other = &r->operands[is_store];
    ZydisRegister name = other->reg.value;
    bool is_accumulator = name == ZYDIS_REGISTER_AL || name == ZYDIS_REGISTER_AX ||
                          name == ZYDIS_REGISTER_EAX || name == ZYDIS_REGISTER_RAX;
    bool is_plain = memory->type == ZYDIS_OPERAND_TYPE_MEMORY && !memory->mem.base &&
                    !memory->mem.index &&
                    memory->mem.displacement == (int32_t)memory->mem.displacement;
    return is_accumulator && is_plain ? other : NULL;
}

static bool try_encode(struct statement *s, ZydisEncoderRequest request)
{
    struct assembled *out = s->out;
    uint8_t code[ZYDIS_MAX_INSTRUCTION_LENGTH];
    ZyanUSize length = sizeof code;
    ZydisEncoderOperand *accumulator = find_accumulator(&request);
    if (accumulator) accumulator->reg.value++; /* as for the next register */
    ZyanStatus status =
        is_relative_branch(&request)
            ? ZydisEncoderEncodeInstructionAbsolute(&request, code, &length, s->rip + out->length)
            : ZydisEncoderEncodeInstruction(&request, code, &length);
    if (!ZYAN_SUCCESS(status)) return false;
    if (accumulator) code[length - 6] &= 0xc7; /* ModRM, before SIB and displacement */
    if (out->length + length > sizeof out->code)
        return refuse(s, "more than %zu bytes of code. tip: assemble it in parts",
                      sizeof out->code);
    memcpy(out->code + out->length, code, length);
    out->length += length;
    return true;
}

/* The encoder wants immediates as signed numbers of the operand's width. */
static bool try_immediates(struct statement *s, ZydisEncoderRequest request)
{
    if (try_encode(s, request)) return true;
    ZydisEncoderOperand *last =
        &request.operands[request.operand_count ? request.operand_count - 1 : 0];
    if (s->out->error[0] || is_relative_branch(&request) || request.operand_count == 0 ||
        last->type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
        return false;
    const ZydisEncoderOperand *first = &request.operands[0];
    unsigned bits = 64;
    if (first->type == ZYDIS_OPERAND_TYPE_REGISTER)
        bits = ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, first->reg.value);
    else if (first->type == ZYDIS_OPERAND_TYPE_MEMORY)
        bits = first->mem.size * 8u;
    else
        return false;
    if (bits == 0 || bits >= 64 || last->imm.u >> bits) return false;
    last->imm.s = (int64_t)(last->imm.u << (64 - bits)) >> (64 - bits);
    return try_encode(s, request);
}

/* The size of an operand in memory, when it was not written: a general register's beside it, where
 * both have to be equal. */
static unsigned implied_size(const ZydisEncoderRequest *r, unsigned memory)
{
    bool is_own = r->mnemonic == ZYDIS_MNEMONIC_MOVZX || r->mnemonic == ZYDIS_MNEMONIC_MOVSX ||
                  r->mnemonic == ZYDIS_MNEMONIC_MOVSXD || r->mnemonic == ZYDIS_MNEMONIC_CRC32;
    bool is_shift = (r->mnemonic >= ZYDIS_MNEMONIC_RCL && r->mnemonic <= ZYDIS_MNEMONIC_RCR) ||
                    r->mnemonic == ZYDIS_MNEMONIC_ROL || r->mnemonic == ZYDIS_MNEMONIC_ROR ||
                    r->mnemonic == ZYDIS_MNEMONIC_SHL || r->mnemonic == ZYDIS_MNEMONIC_SHR ||
                    r->mnemonic == ZYDIS_MNEMONIC_SAR;
    bool is_stack = r->mnemonic == ZYDIS_MNEMONIC_PUSH || r->mnemonic == ZYDIS_MNEMONIC_POP ||
                    r->mnemonic == ZYDIS_MNEMONIC_CALL || r->mnemonic == ZYDIS_MNEMONIC_JMP;
    if (r->mnemonic == ZYDIS_MNEMONIC_LEA) {
        ZydisRegister base = r->operands[memory].mem.base, index = r->operands[memory].mem.index;
        return ZydisRegisterGetClass(base ? base : index) == ZYDIS_REGCLASS_GPR32 ? 4 : 8;
    }
    if (is_stack || r->mnemonic == ZYDIS_MNEMONIC_CMPXCHG8B) return 8;
    if (r->mnemonic == ZYDIS_MNEMONIC_CMPXCHG16B) return 16;
    if (is_own || is_shift) return 0;
    for (unsigned i = 0; i < r->operand_count; i++) {
        if (i == memory || r->operands[i].type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
        ZydisRegister reg = r->operands[i].reg.value;
        unsigned bits = ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, reg);
        if (ZydisRegisterGetClass(reg) <= ZYDIS_REGCLASS_GPR64) return bits / 8;
    }
    return 0;
}

static bool may_have_size(struct statement *s, ZydisEncoderRequest request, unsigned memory,
                          unsigned size)
{
    struct assembled kept = *s->out;
    request.operands[memory].mem.size = (ZyanU16)size;
    bool works = try_immediates(s, request);
    *s->out = kept;
    return works;
}

/* Finds the size of the operand in memory: implied, or the only one that exists. */
static bool choose_size(struct statement *s, unsigned memory)
{
    static const unsigned sizes[] = { 8, 4, 2, 1, 16, 10, 6, 28, 64, 94, 108, 512 };
    ZydisEncoderOperand *o = &s->request.operands[memory];
    unsigned found = implied_size(&s->request, memory), works = 0;
    for (unsigned i = 0; !found && i < sizeof sizes / sizeof *sizes; i++)
        if (may_have_size(s, s->request, memory, sizes[i])) {
            works++;
            o->mem.size = (ZyanU16)sizes[i];
        }
    if (works > 1)
        return refuse(
            s, "the size of the operand in memory is open. tip: byte ptr, word ptr, dword ptr "
               "or qword ptr before the '['");
    if (found) o->mem.size = (ZyanU16)found;
    return true;
}

static bool refuse_encoding(struct statement *s)
{
    const ZydisEncoderRequest *r = &s->request;
    const char *name = ZydisMnemonicGetString(r->mnemonic);
    if (s->out->error[0]) return false;
    if (is_relative_branch(r))
        return refuse(s, "%s reaches 2 GiB at most. tip: mov rax, 0x%llx; jmp rax", name,
                      (unsigned long long)r->operands[0].imm.u);
    for (unsigned i = 0; i < r->operand_count; i++) {
        const ZydisEncoderOperand *o = &r->operands[i];
        bool is_far = o->mem.displacement != (int32_t)o->mem.displacement;
        if (o->type == ZYDIS_OPERAND_TYPE_MEMORY && is_far)
            return refuse(
                s,
                "an address of more than 31 bits has to be in a register. tip: mov rax, 0x%llx; "
                "%s … [rax]",
                (unsigned long long)o->mem.displacement, name);
        if (o->type == ZYDIS_OPERAND_TYPE_IMMEDIATE && o->imm.s != (int32_t)o->imm.s)
            return refuse(s, "%s cannot hold 0x%llx. tip: mov it into a register first", name,
                          (unsigned long long)o->imm.u);
    }
    return refuse(
        s,
        "%s does not exist with these operands. tip: are the sizes equal, at most one in memory?",
        name);
}

/* Spellings that mean another encoding: movsx from 32 bits, xchg and test with memory second. */
static bool try_other_spelling(struct statement *s)
{
    ZydisEncoderRequest r = s->request;
    if (r.mnemonic == ZYDIS_MNEMONIC_MOVSX)
        r.mnemonic = ZYDIS_MNEMONIC_MOVSXD;
    else if (r.operand_count == 2 &&
             (r.mnemonic == ZYDIS_MNEMONIC_XCHG || r.mnemonic == ZYDIS_MNEMONIC_TEST)) {
        r.operands[0] = s->request.operands[1];
        r.operands[1] = s->request.operands[0];
    } else
        return false;
    return try_immediates(s, r);
}

static bool assemble_instruction(struct statement *s)
{
    s->request = (ZydisEncoderRequest){
        .machine_mode = ZYDIS_MACHINE_MODE_LONG_64,
    };
    memset(s->has_size, 0, sizeof s->has_size);
    if (!take_mnemonic(s) || !take_operands(s)) return false;
    for (unsigned i = 0; i < s->request.operand_count; i++) {
        bool is_open = s->request.operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY && !s->has_size[i];
        if (is_open && !choose_size(s, i)) return false;
    }
    return try_immediates(s, s->request) || (!s->out->error[0] && try_other_spelling(s)) ||
           refuse_encoding(s);
}

/* .byte 0x0f, 0x0b */
static bool assemble_bytes(struct statement *s)
{
    do {
        int64_t value;
        if (!take_sum(s, &value)) return false;
        if (value < -128 || value > 255) return refuse(s, "%lld is no byte", (long long)value);
        if (s->out->length == sizeof s->out->code)
            return refuse(s, "more than %zu bytes of code", s->out->length);
        s->out->code[s->out->length++] = (uint8_t)value;
    } while (take(s, ','));
    if (!is_at_end(s)) return refuse(s, "'%.20s' does not belong there", s->at);
    return true;
}

struct assembled assemble(const char *source, word_t rip)
{
    struct assembled out = { .length = 0 };
    struct statement s = { .at = source, .out = &out, .rip = rip };
    while (*s.at) {
        bool is_empty = is_at_end(&s);
        bool is_fine =
            is_empty || (take_word(&s, ".byte") ? assemble_bytes(&s) : assemble_instruction(&s));
        if (!is_fine) {
            out.length = 0;
            return out;
        }
        if (*s.at == '#')
            while (*s.at && *s.at != '\n') s.at++;
        if (*s.at) s.at++;
    }
    return out;
}
