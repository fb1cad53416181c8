/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes to instructions, by Zydis 4.
 *
 * The model is a Nehalem, so the decoder's modes for later extensions are off: their encodings are then
 * what they were (F3 0F BC is BSF, the CET and MPX space is NOP). What is executed is the list in
 * operations.def; any other mnemonic is OP_UNDEFINED. */
#include "machine/decode.h"
#include "machine/decoder.h"
#include "machine/mmx.h"

#include <string.h>

struct meaning {
    uint8_t operation, parameter;
};

#define MEANING(name)
#define OPERATION(name)                  [ZYDIS_MNEMONIC_##name] = { OP_##name, 0 },
#define ALIAS(mnemonic, name, parameter) [ZYDIS_MNEMONIC_##mnemonic] = { OP_##name, parameter },
static const struct meaning meanings[ZYDIS_MNEMONIC_MAX_VALUE + 1] = {
#include "machine/operations.def"
};
#undef ALIAS
#undef OPERATION
#undef MEANING

#define SSE(mnemonic, name, shape) [ZYDIS_MNEMONIC_##mnemonic] = SSE_##mnemonic,
static const uint16_t sse_meanings[ZYDIS_MNEMONIC_MAX_VALUE + 1] = {
#include "machine/sse.def"
};
#undef SSE

_Static_assert(OP_UNDEFINED == 0 && OP_COUNT < 256, "a mnemonic without a meaning is undefined");

void decoder_init(ZydisDecoder *d, bool is_compat)
{
    static const ZydisDecoderMode off[] = {
        ZYDIS_DECODER_MODE_MPX,   ZYDIS_DECODER_MODE_CET,      ZYDIS_DECODER_MODE_LZCNT,
        ZYDIS_DECODER_MODE_TZCNT, ZYDIS_DECODER_MODE_CLDEMOTE,
    };
    if (is_compat)
        ZydisDecoderInit(d, ZYDIS_MACHINE_MODE_LONG_COMPAT_32, ZYDIS_STACK_WIDTH_32);
    else
        ZydisDecoderInit(d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    for (unsigned i = 0; i < sizeof off / sizeof *off; i++)
        ZydisDecoderEnableMode(d, off[i], ZYAN_FALSE);
}

/* --- operands --------------------------------------------------------------------------------------- */

static uint8_t register_offset(ZydisRegister r)
{
    if (r >= ZYDIS_REGISTER_AH && r <= ZYDIS_REGISTER_BH)
        return (uint8_t)((r - ZYDIS_REGISTER_AH) * 8 + 1);
    if (r == ZYDIS_REGISTER_NONE) return SLOT_OFFSET(SLOT_ZERO);
    if (r == ZYDIS_REGISTER_RIP || r == ZYDIS_REGISTER_EIP) return SLOT_OFFSET(SLOT_ZERO);
    ZyanI8 id = ZydisRegisterGetId(r);
    if (r >= ZYDIS_REGISTER_SPL && r <= ZYDIS_REGISTER_R15B)
        id = (ZyanI8)(r - ZYDIS_REGISTER_SPL + 4);
    if (r >= ZYDIS_REGISTER_AL && r <= ZYDIS_REGISTER_BL) id = (ZyanI8)(r - ZYDIS_REGISTER_AL);
    return SLOT_OFFSET((unsigned)id & 15);
}

static enum width width_of(unsigned bits)
{
    return bits <= 8 ? WIDTH_8 : bits <= 16 ? WIDTH_16 : bits <= 32 ? WIDTH_32 : WIDTH_64;
}

static uint8_t segment_slot(ZydisRegister r)
{
    unsigned slot = r == ZYDIS_REGISTER_FS ? SLOT_FS : r == ZYDIS_REGISTER_GS ? SLOT_GS : SLOT_ZERO;
    return SLOT_OFFSET(slot);
}

static uint8_t cut_of(const ZydisDecodedInstruction *z)
{
    unsigned sum = z->machine_mode == ZYDIS_MACHINE_MODE_LONG_64 ? 0 : CUT_SUM;
    unsigned cut = z->address_width == 64 ? CUT_NONE : z->address_width == 32 ? CUT_32 : CUT_16;
    return (uint8_t)(cut | sum);
}

static void take_memory(struct instruction *out, const ZydisDecodedInstruction *z,
                        const ZydisDecodedOperand *o, word_t rip)
{
    out->base = register_offset(o->mem.base);
    out->index = register_offset(o->mem.index);
    out->scale = (uint8_t)(o->mem.scale > 1 ? __builtin_ctz(o->mem.scale) : 0);
    out->displacement = o->mem.disp.has_displacement ? o->mem.disp.value : 0;
    out->segment = segment_slot(o->mem.segment);
    out->is_stack = o->mem.segment == ZYDIS_REGISTER_SS;
    out->address_cut = cut_of(z);
    bool is_relative = o->mem.base == ZYDIS_REGISTER_RIP || o->mem.base == ZYDIS_REGISTER_EIP;
    if (is_relative) out->displacement += (int64_t)(rip + z->length);
}

static void take_register(struct instruction *out, ZydisRegister r, unsigned position)
{
    uint8_t offset = register_offset(r);
    if (position == 0)
        out->dst = offset;
    else if (position == 1)
        out->src = offset;
    else
        out->third = offset;
}

static void take_immediate(struct instruction *out, const ZydisDecodedInstruction *z,
                           const ZydisDecodedOperand *o, unsigned count, word_t rip)
{
    int64_t value = o->imm.value.s;
    if (o->imm.is_relative) value += (int64_t)(rip + z->length);
    if (o->imm.is_relative && z->machine_mode != ZYDIS_MACHINE_MODE_LONG_64)
        value = z->operand_width == 16 ? (uint16_t)value : (uint32_t)value;
    if (count)
        out->immediate2 = (uint8_t)value;
    else
        out->immediate = value;
}

/* A selector and an offset in the instruction. */
static void take_pointer(struct instruction *out, const ZydisDecodedOperand *o)
{
    out->displacement = o->ptr.segment;
    out->immediate = (int64_t)o->ptr.offset;
}

static char operand_letter(const ZydisDecodedOperand *o)
{
    switch (o->type) {
    case ZYDIS_OPERAND_TYPE_REGISTER: return 'R';
    case ZYDIS_OPERAND_TYPE_MEMORY: return 'M';
    case ZYDIS_OPERAND_TYPE_IMMEDIATE: return 'I';
    case ZYDIS_OPERAND_TYPE_POINTER: return 'P';
    default: return '?';
    }
}

static uint8_t form_of(const char letters[4])
{
    static const char names[FORM_OTHER][4] = { "",   "R",  "M",   "I",   "RR",  "RM",  "MR",
                                               "RI", "MI", "RRR", "MRR", "RRI", "RMI", "MRI" };
    for (unsigned i = 0; i < FORM_OTHER; i++)
        if (memcmp(letters, names[i], 4) == 0) return (uint8_t)i;
    return FORM_OTHER;
}

static void take_operands(struct instruction *out, const ZydisDecodedInstruction *z,
                          const ZydisDecodedOperand *operand, word_t rip)
{
    char letters[4] = { 0 };
    unsigned immediates = 0, count = z->operand_count_visible < 4 ? z->operand_count_visible : 4;
    out->width = (uint8_t)width_of(count ? operand[0].size : z->operand_width);
    out->source_width = (uint8_t)width_of(count > 1 ? operand[1].size : z->operand_width);
    for (unsigned i = 0; i < count; i++) {
        const ZydisDecodedOperand *o = &operand[i];
        letters[i] = operand_letter(o);
        if (letters[i] == 'R') take_register(out, o->reg.value, i);
        if (letters[i] == 'M') take_memory(out, z, o, rip);
        if (letters[i] == 'I') take_immediate(out, z, o, immediates++, rip);
        if (letters[i] == 'P') take_pointer(out, o);
    }
    out->form = form_of(letters);
}

/* --- meanings --------------------------------------------------------------------------------------- */

static bool is_floating(const ZydisDecodedInstruction *z)
{
    switch (z->meta.isa_set) {
    case ZYDIS_ISA_SET_X87:
    case ZYDIS_ISA_SET_FCMOV:
    case ZYDIS_ISA_SET_SSE3X87:
    case ZYDIS_ISA_SET_PENTIUMMMX:
    case ZYDIS_ISA_SET_FXSAVE:
    case ZYDIS_ISA_SET_FXSAVE64:
    case ZYDIS_ISA_SET_SSE:
    case ZYDIS_ISA_SET_SSEMXCSR:
    case ZYDIS_ISA_SET_SSE2:
    case ZYDIS_ISA_SET_SSE2MMX:
    case ZYDIS_ISA_SET_SSE3:
    case ZYDIS_ISA_SET_SSSE3:
    case ZYDIS_ISA_SET_SSSE3MMX:
    case ZYDIS_ISA_SET_SSE4:
    case ZYDIS_ISA_SET_SSE42: break;
    default: return false;
    }
    switch (z->mnemonic) { /* those that touch general registers or none */
    case ZYDIS_MNEMONIC_LFENCE:
    case ZYDIS_MNEMONIC_MFENCE:
    case ZYDIS_MNEMONIC_SFENCE:
    case ZYDIS_MNEMONIC_MOVNTI:
    case ZYDIS_MNEMONIC_CRC32:
    case ZYDIS_MNEMONIC_POPCNT:
    case ZYDIS_MNEMONIC_PAUSE: return false;
    default: return z->meta.category != ZYDIS_CATEGORY_PREFETCH;
    }
}

static bool is_register(const ZydisDecodedOperand *o, ZydisRegisterClass class)
{
    return o->type == ZYDIS_OPERAND_TYPE_REGISTER && ZydisRegisterGetClass(o->reg.value) == class;
}

static bool is_general(const ZydisDecodedOperand *o)
{
    return is_register(o, ZYDIS_REGCLASS_GPR32) || is_register(o, ZYDIS_REGCLASS_GPR64);
}

/* MASKMOVDQU does not show its operand in memory. */
static void take_masked_store(struct instruction *out, const ZydisDecodedInstruction *z,
                              const ZydisDecodedOperand *operand, word_t rip)
{
    uint8_t data = out->dst;
    take_memory(out, z, &operand[z->operand_count_visible], rip);
    out->dst = data;
    out->form = FORM_RM;
}

/* An instruction on XMM registers (or MXCSR) is OP_SSE; one on MMX registers alone is not. */
static void take_sse(struct instruction *out, const ZydisDecodedInstruction *z,
                     const ZydisDecodedOperand *operand, word_t rip)
{
    unsigned count = z->operand_count_visible;
    out->sse = sse_meanings[z->mnemonic];
    bool is_mixed = out->sse >= SSE_CVTPI2PS && out->sse <= SSE_MOVDQ2Q;
    for (unsigned i = 0; i < count; i++)
        if (!is_mixed && is_register(&operand[i], ZYDIS_REGCLASS_MMX)) out->sse = SSE_NONE;
    if (out->sse == SSE_NONE) return;
    bool is_to_general = is_general(&operand[0]), is_from_general = is_general(&operand[1]);
    if (out->sse == SSE_MOVQ && (is_to_general || is_from_general)) out->sse = SSE_MOVD;
    if (out->sse == SSE_MASKMOVDQU) take_masked_store(out, z, operand, rip);
    out->operation = OP_SSE;
    out->is_wide = z->operand_width == 64;
    out->sse_form = SSE_REGISTER;
    if (out->sse == SSE_MOVD && is_to_general) out->sse_form = SSE_OTHER;
    if (count > 1 && operand[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) out->sse_form = SSE_OTHER;
    if (out->sse == SSE_MASKMOVDQU || out->form == FORM_M) out->sse_form = SSE_LOAD;
    if (count > 1 && operand[0].type == ZYDIS_OPERAND_TYPE_MEMORY) out->sse_form = SSE_STORE;
    if (count > 1 && operand[1].type == ZYDIS_OPERAND_TYPE_MEMORY) out->sse_form = SSE_LOAD;
}

/* MOV, PUSH and POP of other than general registers are operations of their own. */
static void take_special_registers(struct instruction *out, const ZydisDecodedInstruction *z,
                                   const ZydisDecodedOperand *operand)
{
    bool is_mov = out->operation == OP_MOV;
    for (unsigned i = 0; i < z->operand_count_visible && i < 2; i++) {
        if (operand[i].type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
        ZydisRegister r = operand[i].reg.value;
        switch (ZydisRegisterGetClass(r)) {
        case ZYDIS_REGCLASS_SEGMENT:
            out->segment_register = (uint8_t)(r - ZYDIS_REGISTER_ES);
            if (is_mov)
                out->operation = i == 0 ? OP_MOV_TO_SEGMENT : OP_MOV_FROM_SEGMENT;
            else
                out->operation = out->operation == OP_PUSH ? OP_PUSH_SEGMENT : OP_POP_SEGMENT;
            break;
        case ZYDIS_REGCLASS_CONTROL:
        case ZYDIS_REGCLASS_DEBUG: out->operation = OP_PRIVILEGED; break;
        default: break;
        }
    }
}

/* Whether the instruction is x87's. Those of memory have one operand; which registers the others have
 * is in the opcode. */
static bool take_x87(struct instruction *out, const ZydisDecodedInstruction *z)
{
    switch (z->mnemonic) {
    case ZYDIS_MNEMONIC_FWAIT:
    case ZYDIS_MNEMONIC_EMMS:
    case ZYDIS_MNEMONIC_FXSAVE:
    case ZYDIS_MNEMONIC_FXSAVE64:
    case ZYDIS_MNEMONIC_FXRSTOR:
    case ZYDIS_MNEMONIC_FXRSTOR64: return true;
    default: break;
    }
    if (z->opcode_map != ZYDIS_OPCODE_MAP_DEFAULT || (z->opcode & 0xf8) != 0xd8) return false;
    out->operation = OP_X87;
    out->form = z->raw.modrm.mod == 3 ? FORM_NONE : FORM_M;
    out->width = (uint8_t)width_of(z->operand_width);
    out->immediate =
        (z->opcode & 7) << 8 | z->raw.modrm.mod << 6 | z->raw.modrm.reg << 3 | z->raw.modrm.rm;
    return true;
}

static bool is_mmx(const ZydisDecodedInstruction *z, const ZydisDecodedOperand *operand)
{
    if (z->opcode < 0x60 && z->opcode_map == ZYDIS_OPCODE_MAP_0F) return false; /* conversions */
    for (unsigned i = 0; i < z->operand_count_visible; i++)
        if (is_register(&operand[i], ZYDIS_REGCLASS_MMX)) return true;
    return false;
}

static void take_mmx(struct instruction *out, const ZydisDecodedInstruction *z,
                     const ZydisDecodedOperand *operand, word_t rip)
{
    struct mmx_encoding e = { .opcode = z->opcode,
                              .reg = z->raw.modrm.reg,
                              .is_wide = z->attributes & ZYDIS_ATTRIB_HAS_REX && z->raw.rex.W };
    if (z->opcode_map == ZYDIS_OPCODE_MAP_0F38) e.map = MMX_MAP_0F38;
    if (z->opcode_map == ZYDIS_OPCODE_MAP_0F3A) e.map = MMX_MAP_0F3A;
    out->operation = OP_MMX;
    out->width = e.is_wide ? WIDTH_64 : WIDTH_32;
    mmx_take(out, &e);
    if (out->parameter != MMX_STORE_MASKED) return;
    take_memory(out, z, &operand[z->operand_count_visible], rip); /* it is not shown */
    out->form = FORM_RM;
}

static void take_meaning(struct instruction *out, const ZydisDecodedInstruction *z,
                         const ZydisDecodedOperand *operand, word_t rip)
{
    const struct meaning *meaning = &meanings[z->mnemonic];
    bool is_legacy = z->encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY;
    out->operation = is_legacy ? meaning->operation : OP_UNDEFINED;
    out->parameter = meaning->parameter;
    out->segment_register = 0xff;
    if (!take_x87(out, z) && is_floating(z)) {
        out->operation = OP_FPU;
        take_sse(out, z, operand, rip);
        if (out->operation == OP_FPU && is_mmx(z, operand)) take_mmx(out, z, operand, rip);
    }
    bool has_others =
        out->operation == OP_MOV || out->operation == OP_PUSH || out->operation == OP_POP;
    if (has_others) take_special_registers(out, z, operand);
    if (z->attributes & ZYDIS_ATTRIB_HAS_REPNE) out->repeat = REPEAT_NOT_EQUAL;
    if (z->attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE)) out->repeat = REPEAT_EQUAL;
    if (z->meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) {
        out->operation = out->operation == OP_JMP    ? OP_JMP_FAR
                         : out->operation == OP_CALL ? OP_CALL_FAR
                                                     : OP_RET_FAR;
        out->width = (uint8_t)width_of(z->operand_width);
    }
}

static bool is_string(const struct instruction *i)
{
    return i->operation >= OP_MOVS && i->operation <= OP_SCAS;
}

/* String instructions and XLAT: width from the mnemonic, segment and address size from prefixes. */
static void take_string(struct instruction *out, const ZydisDecodedInstruction *z)
{
    bool has_fs = z->attributes & ZYDIS_ATTRIB_HAS_SEGMENT_FS;
    bool has_gs = z->attributes & ZYDIS_ATTRIB_HAS_SEGMENT_GS;
    out->segment = SLOT_OFFSET(has_fs ? SLOT_FS : has_gs ? SLOT_GS : SLOT_ZERO);
    out->address_cut = cut_of(z);
    out->form = FORM_NONE;
    out->width = is_string(out) ? out->parameter : WIDTH_8;
}

/* The same with operands or a stack of other than 64 bits. */
static unsigned narrow_of(unsigned operation)
{
    switch (operation) {
    case OP_PUSH: return OP_PUSH_NARROW;
    case OP_POP: return OP_POP_NARROW;
    case OP_PUSH_SEGMENT: return OP_PUSH_SEGMENT_NARROW;
    case OP_POP_SEGMENT: return OP_POP_SEGMENT_NARROW;
    case OP_PUSHF: return OP_PUSHF_NARROW;
    case OP_POPF: return OP_POPF_NARROW;
    case OP_ENTER: return OP_ENTER_NARROW;
    case OP_LEAVE: return OP_LEAVE_NARROW;
    case OP_JMP: return OP_JMP_NARROW;
    case OP_CALL: return OP_CALL_NARROW;
    case OP_RET: return OP_RET_NARROW;
    case OP_SYSCALL: return OP_UNDEFINED; /* Intel has it in 64-bit mode only */
    default: return operation;
    }
}

static void take_narrow(struct instruction *out, const ZydisDecodedInstruction *z)
{
    bool is_compat = z->machine_mode != ZYDIS_MACHINE_MODE_LONG_64;
    bool is_frame = out->operation == OP_ENTER || out->operation == OP_LEAVE ||
                    out->operation == OP_PUSH_SEGMENT || out->operation == OP_POP_SEGMENT;
    bool is_direct = out->operation == OP_JMP && out->form == FORM_I;
    if ((!is_compat && !(is_frame && out->width == WIDTH_16)) || is_direct) return;
    unsigned narrow = narrow_of(out->operation);
    bool is_counted = out->operation == OP_LOOP || out->operation == OP_JRCXZ;
    if (is_counted && z->address_width == 16)
        narrow = out->operation == OP_LOOP ? OP_LOOP_NARROW : OP_JRCXZ_NARROW;
    if (narrow == OP_CALL_NARROW || narrow == OP_JMP_NARROW || narrow == OP_RET_NARROW)
        out->width = (uint8_t)width_of(z->operand_width);
    if (z->mnemonic == ZYDIS_MNEMONIC_SYSRET) narrow = OP_UNDEFINED;
    out->operation = (uint16_t)narrow;
}

enum decoded decode(const uint8_t *bytes, size_t available, word_t rip, bool is_compat,
                    struct instruction *out)
{
    ZydisDecoder decoder;
    ZydisDecodedInstruction z;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];

    decoder_init(&decoder, is_compat);
    *out = (struct instruction){ .operation = OP_UNDEFINED,
                                 .length = 1,
                                 .segment_register = 0xff,
                                 .base = SLOT_OFFSET(SLOT_ZERO),
                                 .index = SLOT_OFFSET(SLOT_ZERO),
                                 .segment = SLOT_OFFSET(SLOT_ZERO) };
    ZyanStatus status = ZydisDecoderDecodeFull(&decoder, bytes, available, &z, operand);
    if (status == ZYDIS_STATUS_INSTRUCTION_TOO_LONG) return DECODED_TOO_LONG;
    if (status == ZYDIS_STATUS_NO_MORE_DATA)
        return available > 15 ? DECODED_TOO_LONG : DECODED_CUT_SHORT;
    if (!ZYAN_SUCCESS(status)) return DECODED;

    out->length = z.length;
    take_operands(out, &z, operand, rip);
    take_meaning(out, &z, operand, rip);
    /* Of a pushed immediate the operand tells the encoded width, the instruction the real one. */
    bool is_stack = z.meta.category == ZYDIS_CATEGORY_PUSH ||
                    z.meta.category == ZYDIS_CATEGORY_POP || out->operation == OP_ENTER ||
                    out->operation == OP_LEAVE || out->operation == OP_IRET;
    if (is_stack) out->width = (uint8_t)width_of(z.operand_width);
    if (is_string(out) || out->operation == OP_XLAT) take_string(out, &z);
    if (out->operation == OP_JRCXZ || out->operation == OP_LOOP)
        out->address_cut = z.address_width == 32 ? CUT_32 : CUT_NONE;
    take_narrow(out, &z);
    return DECODED;
}
