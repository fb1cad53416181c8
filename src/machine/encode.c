/* SPDX-License-Identifier: BSD-2-Clause */
/* A small assembler, its writing half: a request that was read, to bytes by Zydis's encoder.
 *
 * It chooses what was left open (sizes of operands in memory, signs of immediates), knows the
 * encoder's ways, and says what to write instead when there is no such instruction. */
#include "machine/assemble.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool refuse(struct statement *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->out->error, sizeof s->out->error, format, arguments);
    va_end(arguments);
    return false;
}

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
    static const unsigned sizes[] = { 8, 4, 2, 1, 16, 10, 6, 28, 64, 108, 512 };
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

bool encode(struct statement *s)
{
    for (unsigned i = 0; i < s->request.operand_count; i++) {
        bool is_open = s->request.operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY && !s->has_size[i];
        if (is_open && !choose_size(s, i)) return false;
    }
    return try_immediates(s, s->request) || (!s->out->error[0] && try_other_spelling(s)) ||
           refuse_encoding(s);
}
