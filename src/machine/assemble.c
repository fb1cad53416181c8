/* SPDX-License-Identifier: BSD-2-Clause */
/* A small assembler, its reading half: Intel syntax to requests of Zydis's encoder.
 *
 * Names of instructions and registers are the library's; here are the grammar of operands and the
 * names people also use (je, sal, movabs). Messages say what to write instead. */
#include "machine/assemble.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SYNTAX_TIP "tip: Intel syntax, as in mov rax, [rdi+8*rcx-4]"

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

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    int letter = tolower((unsigned char)c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 99;
}

/* As in C: 0x is hexadecimal, 0b binary, other digits decimal. */
static bool take_number(struct statement *s, int64_t *out)
{
    skip_blanks(s);
    const char *start = s->at;
    if (!isdigit((unsigned char)*start))
        return refuse(s, "a number is missing at '%.20s'. " SYNTAX_TIP, start);
    uint64_t value = 0, base = 10;
    int kind = start[0] == '0' ? tolower((unsigned char)start[1]) : 0;
    if (kind == 'x') base = 16;
    if (kind == 'b') base = 2;
    if (base != 10) s->at += 2;
    const char *digits = s->at;
    for (; (uint64_t)digit_value(*s->at) < base; s->at++) {
        uint64_t digit = (uint64_t)digit_value(*s->at);
        if (value > (UINT64_MAX - digit) / base)
            return refuse(s, "the number %.24s has more than 64 bits", start);
        value = value * base + digit;
    }
    if (s->at == digits || isalnum((unsigned char)*s->at))
        return refuse(s, "'%.20s' is no number. tip: numbers as in C, 0x10 or 16", start);
    *out = (int64_t)value;
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

/* --- statements ------------------------------------------------------------------------------------- */

static bool assemble_instruction(struct statement *s)
{
    s->request = (ZydisEncoderRequest){
        .machine_mode = ZYDIS_MACHINE_MODE_LONG_64,
    };
    memset(s->has_size, 0, sizeof s->has_size);
    if (!take_mnemonic(s) || !take_operands(s)) return false;
    return encode(s);
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
