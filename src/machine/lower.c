/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoded instructions to operations: which handler, and where it finds its operands. */
#include "machine/rare.h"

/* One instruction's way through lowering. */
struct lowering {
    const struct instruction *i;
    const struct handlers *h;
    word_t rip;
    union cell *out;
    unsigned cells;
    unsigned before;
    bool ends;
};

static bool has_memory(const struct instruction *i)
{
    return i->form == FORM_M || i->form == FORM_RM || i->form == FORM_MR || i->form == FORM_MI ||
           i->form == FORM_MRR || i->form == FORM_MRI || i->form == FORM_RMI;
}

static struct op *add_op(struct lowering *l, op_fn *run)
{
    struct op *op = &l->out[l->cells++].op;
    *op = (struct op){ .run = run,
                       .at = (uint32_t)l->rip,
                       .dst = l->i->dst,
                       .src = l->i->src,
                       .base = SLOT_OFFSET(SLOT_ZERO),
                       .index = SLOT_OFFSET(SLOT_ZERO),
                       .length = l->i->length,
                       .before = (uint8_t)l->before };
    return op;
}

static void add_link(struct lowering *l)
{
    l->out[l->cells++].link = (struct link){ .to = NULL };
}

static op_fn *const rare_handlers[OP_COUNT] = {
#define X(operation, name, ends) [OP_##operation] = rare_##name,
    RARE_LIST(X)
#undef X
};

static bool rare_ends_block(unsigned operation)
{
    switch (operation) {
#define X(operation, name, ends)                                                                   \
    case OP_##operation: return ends;
        RARE_LIST(X)
#undef X
    default: return false;
    }
}

/* Adds an operation that computes the address if it is more than base, index and displacement. */
static bool add_address(struct lowering *l)
{
    const struct instruction *i = l->i;
    bool is_lea = i->operation == OP_LEA;
    bool has_segment = i->segment != SLOT_OFFSET(SLOT_ZERO) && !is_lea;
    bool is_plain = !has_segment && !i->address_cut && !rare_handlers[i->operation];
    if (!has_memory(i) || is_plain) return false;
    struct op *op = add_op(l, l->h->plain[OP_ADDRESS][FORM_NONE][0]);
    op->base = i->base;
    op->index = i->index;
    op->scale = i->scale;
    op->disp = i->displacement;
    op->imm = i->address_cut;
    op->src = has_segment ? i->segment : SLOT_OFFSET(SLOT_ZERO);
    return true;
}

static void take_address(const struct lowering *l, struct op *op, bool is_computed)
{
    const struct instruction *i = l->i;
    if (is_computed) {
        op->base = SLOT_OFFSET(SLOT_TEMP);
        op->disp = 0;
        return;
    }
    op->base = i->base;
    op->index = i->index;
    op->scale = i->scale;
    op->disp = i->displacement;
}

static op_fn *find_handler(const struct lowering *l)
{
    const struct instruction *i = l->i;
    unsigned memory = has_memory(i), form = i->form, width = i->width;
    switch (i->operation) {
    case OP_SSE: return sse_handlers[i->sse][i->sse_form];
    case OP_JCC: return l->h->condition_jump[i->parameter];
    case OP_SET: return l->h->condition_set[memory][i->parameter];
    case OP_CMOV: return l->h->condition_move[memory][width][i->parameter];
    case OP_MOVZX: return l->h->extend[0][memory][width][i->source_width];
    case OP_MOVSX: return l->h->extend[1][memory][width][i->source_width];
    case OP_WIDEN:
    case OP_SPREAD: return l->h->plain[i->operation][FORM_NONE][i->parameter];
    case OP_X87: return l->h->x87[x87_kind_of((unsigned)i->immediate)];
    case OP_MMX: return l->h->mmx[i->parameter];
    case OP_CRC32: width = i->source_width; break;
    case OP_NOP: form = i->parameter ? FORM_M : FORM_NONE; break;
    case OP_ENTER: form = i->immediate2 & 31 ? FORM_NONE : FORM_OTHER; break;
    case OP_MOVS:
    case OP_CMPS:
    case OP_STOS:
    case OP_LODS:
    case OP_SCAS: form = i->repeat ? FORM_OTHER : FORM_NONE; break;
    case OP_UNDEFINED:
    case OP_PRIVILEGED:
    case OP_FPU: form = FORM_NONE; break;
    default: break;
    }
    return l->h->plain[i->operation][form][width];
}

static bool is_jump_to_address(const struct instruction *i)
{
    bool may = i->operation == OP_JMP || i->operation == OP_CALL || i->operation == OP_JCC ||
               i->operation == OP_LOOP || i->operation == OP_JRCXZ;
    return may && i->form == FORM_I;
}

/* A direct jump to a non-canonical address raises #GP, if it is taken. */
static void take_target(struct lowering *l, struct op *op)
{
    const struct instruction *i = l->i;
    bool is_bad = !address_is_canonical((word_t)i->immediate);
    op->disp = i->immediate;
    op->src = is_bad;
    op->imm = i->address_cut;
    op->scale = i->parameter;
    if (is_bad && (i->operation == OP_JMP || i->operation == OP_CALL))
        op->run = l->h->plain[OP_PRIVILEGED][FORM_NONE][0];
    if (is_bad && i->operation == OP_JCC) {
        op->run = l->h->plain[OP_JCC][FORM_OTHER][0];
        op->imm = i->parameter;
    }
    add_link(l);
    l->ends = i->operation == OP_JMP || i->operation == OP_CALL;
}

static void take_string(struct lowering *l, struct op *op)
{
    const struct instruction *i = l->i;
    op->dst = (uint8_t)i->operation;
    op->src = i->segment;
    op->scale = i->width;
    op->index = i->repeat;
    op->imm = i->address_cut;
    if (!i->repeat) return;
    add_link(l);
    l->ends = true;
}

static void take_segment_base(const struct instruction *i, struct op *op)
{
    bool is_fs = i->operation == OP_RDFSBASE || i->operation == OP_WRFSBASE;
    op->src = SLOT_OFFSET(is_fs ? SLOT_FS : SLOT_GS);
    op->imm = i->operation == OP_WRFSBASE || i->operation == OP_WRGSBASE;
    op->scale = i->width;
}

/* Stack instructions with an operand in memory: which exception a bad address of it is. The stack's
 * own accesses raise #SS. POP counts RSP after it moved. */
static void take_stack(const struct instruction *i, struct op *op)
{
    if (i->form == FORM_M) op->imm = i->is_stack;
    op->flags |= OP_FLAG_STACK;
    bool is_moved = i->operation == OP_POP && i->form == FORM_M && i->base == SLOT_OFFSET(REG_RSP);
    if (is_moved && op->base == i->base) op->disp += i->width == WIDTH_16 ? 2 : 8;
}

static bool is_stack_instruction(const struct instruction *i)
{
    switch (i->operation) {
    case OP_PUSH:
    case OP_POP:
    case OP_CALL:
    case OP_RET:
    case OP_PUSHF:
    case OP_POPF:
    case OP_ENTER:
    case OP_LEAVE:
    case OP_PUSH_SEGMENT:
    case OP_POP_SEGMENT: return true;
    default: return false;
    }
}

static void take_x87(const struct instruction *i, struct op *op)
{
    unsigned opcode = (unsigned)i->immediate;
    op->imm = (int32_t)(x87_snippet_of(opcode) | opcode << 16);
    if (i->width == WIDTH_16) op->imm |= INT32_MIN;
}

static void take_specials(struct lowering *l, struct op *op)
{
    const struct instruction *i = l->i;
    switch (i->operation) {
    case OP_MOVS:
    case OP_CMPS:
    case OP_STOS:
    case OP_LODS:
    case OP_SCAS: take_string(l, op); break;
    case OP_XLAT:
        op->src = i->segment;
        op->imm = i->address_cut;
        break;
    case OP_X87: take_x87(i, op); break;
    case OP_MMX:
        op->imm = (int32_t)(i->snippet | (uint32_t)(uint8_t)i->immediate << 16);
        if (!has_memory(i)) op->scale = i->width;
        break;
    case OP_FXSAVE:
    case OP_FXRSTOR: op->imm = i->parameter; break;
    case OP_RDTSCP: op->imm = 1; break;
    case OP_CRC32: op->imm = 1 << i->source_width; break;
    case OP_MOV_TO_SEGMENT:
    case OP_MOV_FROM_SEGMENT:
    case OP_PUSH_SEGMENT:
    case OP_POP_SEGMENT:
        op->imm = i->segment_register;
        if (!has_memory(i)) op->scale = i->width;
        break;
    case OP_RDFSBASE:
    case OP_RDGSBASE:
    case OP_WRFSBASE:
    case OP_WRGSBASE: take_segment_base(i, op); break;
    case OP_ENTER:
        op->scale = i->immediate2 & 31;
        op->imm &= 0xffff;
        break;
    case OP_RET: op->imm &= 0xffff; break;
    default: break;
    }
}

static bool is_block_end(const struct instruction *i)
{
    switch (i->operation) {
    case OP_UNDEFINED:
    case OP_PRIVILEGED:
    case OP_FPU:
    case OP_JMP:
    case OP_CALL:
    case OP_RET:
    case OP_POPF:
    case OP_INT:
    case OP_INT1:
    case OP_INT3:
    case OP_SYSCALL:
    case OP_SYSENTER:
    case OP_MOV_TO_SEGMENT: return true;
    default: return false;
    }
}

/* The third thing that a rare instruction is told (rare.h). */
static int32_t rare_immediate(const struct instruction *i)
{
    switch (i->operation) {
    case OP_LDS: return SEGMENT_DS;
    case OP_LES: return SEGMENT_ES;
    case OP_LFS: return SEGMENT_FS;
    case OP_LGS: return SEGMENT_GS;
    case OP_LSS: return SEGMENT_SS;
    case OP_PUSH_SEGMENT_NARROW:
    case OP_POP_SEGMENT_NARROW: return i->segment_register;
    case OP_JMP_FAR:
    case OP_CALL_FAR: return (int32_t)i->displacement; /* the selector, if it is not in memory */
    case OP_ENTER_NARROW: return i->immediate2;
    case OP_LOOP_NARROW: return i->parameter;
    case OP_PUSH_NARROW:
    case OP_JMP_NARROW:
    case OP_CALL_NARROW: return i->form == FORM_I ? RARE_IMMEDIATE : 0;
    default: return i->operation;
    }
}

static bool rare_uses_stack(const struct instruction *i)
{
    return i->operation >= OP_CALL_FAR && i->operation <= OP_POP_SEGMENT_NARROW;
}

static void lower_rare(struct lowering *l)
{
    struct instruction moved = *l->i; /* POP counts ESP after it moved */
    bool is_moved = moved.operation == OP_POP_NARROW && moved.base == SLOT_OFFSET(REG_RSP);
    if (is_moved) moved.displacement += moved.width == WIDTH_16 ? 2 : 4;
    l->i = &moved;
    bool is_computed = add_address(l);
    struct op *op = add_op(l, rare_handlers[moved.operation]);
    if (is_computed) op->base = SLOT_OFFSET(SLOT_TEMP);
    op->index = moved.is_stack;
    op->scale = moved.width;
    op->disp = moved.immediate;
    op->imm = rare_immediate(&moved);
    if (moved.is_stack || rare_uses_stack(&moved)) op->flags |= OP_FLAG_STACK;
    l->ends = rare_ends_block(moved.operation);
}

unsigned lower(const struct instruction *i, const struct handlers *h, word_t rip, unsigned before,
               union cell *out, bool *ends)
{
    struct lowering l = { .i = i, .h = h, .rip = rip, .out = out, .before = before };
    if (rare_handlers[i->operation]) {
        lower_rare(&l);
        *ends = l.ends;
        return l.cells;
    }
    op_fn *run = find_handler(&l);
    if (!run) {
        l.ends = true;
        add_op(&l, h->plain[OP_UNDEFINED][FORM_NONE][0]);
        *ends = l.ends;
        return l.cells;
    }
    bool is_computed = add_address(&l);
    struct op *op = add_op(&l, run);
    op->imm = (int32_t)i->immediate;
    op->disp = i->immediate;
    if (has_memory(i)) take_address(&l, op, is_computed);
    if (i->is_stack) op->flags |= OP_FLAG_STACK;
    if (i->operation == OP_SSE && i->is_wide) op->flags |= OP_FLAG_WIDE;
    l.ends = is_block_end(i);
    if (is_jump_to_address(i)) take_target(&l, op);
    take_specials(&l, op);
    if (is_stack_instruction(i)) take_stack(i, op);
    if (i->operation == OP_CONTINUE) {
        op->disp = (int64_t)rip;
        add_link(&l);
    }
    *ends = l.ends;
    return l.cells;
}
