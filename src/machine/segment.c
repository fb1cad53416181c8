/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments: descriptors, what may be loaded, transfers to other code segments, and the instructions
 * that ask about them. The table is cpu.gdt; there is no local one.
 *
 * SIMPLIFIED: in 32-bit code the segments CS, DS, ES and SS are flat: base 0, no limit. 16-bit code
 * segments and call gates are #GP. Accessed bits of descriptors are not set. */
#define CAREFUL 1
#include "machine/execute.h"
#include "machine/rare.h"

#define PRIVILEGE 3u /* of user code: the only one there is */

/* Fields of a descriptor. */
#define TYPE_OF(d)     ((unsigned)((d) >> 40 & 15))
#define LEVEL_OF(d)    ((unsigned)((d) >> 45 & 3))
#define IS_PRESENT(d)  ((d) >> 47 & 1)
#define IS_LONG(d)     ((d) >> 53 & 1)
#define IS_32(d)       ((d) >> 54 & 1)
#define IS_SEGMENT(d)  ((d) >> 44 & 1) /* of code or data, not of the system */
#define IS_CODE(d)     (IS_SEGMENT(d) && (TYPE_OF(d) & 8))
#define IS_CONFORM(d)  (IS_CODE(d) && (TYPE_OF(d) & 4))
#define IS_WRITABLE(d) (IS_SEGMENT(d) && (TYPE_OF(d) & 10) == 2)
#define IS_READABLE(d) (IS_SEGMENT(d) && (TYPE_OF(d) & 10) != 8)

static word_t descriptor_base(word_t d)
{
    return (d >> 16 & 0xffffff) | (d >> 56) << 24;
}

static word_t descriptor_limit(word_t d)
{
    word_t limit = (d & 0xffff) | (d >> 32 & 0xf0000);
    return d >> 55 & 1 ? limit << 12 | 0xfff : limit;
}

static bool refuse(struct core *m, uint32_t vector, uint16_t selector)
{
    core_raise(m, vector, selector & ~3u);
    return false;
}

/* --- data segments -------------------------------------------------------------------------------- */

static bool stack_segment_check(struct core *m, uint16_t selector)
{
    word_t d = segment_descriptor(m, selector);
    if (selector < 4) return refuse(m, VECTOR_GP, 0);
    bool is_ours = (selector & 3) == PRIVILEGE && LEVEL_OF(d) == PRIVILEGE;
    if (!is_ours || !IS_WRITABLE(d)) return refuse(m, VECTOR_GP, selector);
    return IS_PRESENT(d) || refuse(m, VECTOR_SS, selector);
}

static bool data_segment_check(struct core *m, uint16_t selector)
{
    word_t d = segment_descriptor(m, selector);
    if (selector < 4) return true;
    bool is_allowed = IS_CONFORM(d) || LEVEL_OF(d) == PRIVILEGE;
    if (!IS_READABLE(d) || !is_allowed) return refuse(m, VECTOR_GP, selector);
    return IS_PRESENT(d) || refuse(m, VECTOR_NP, selector);
}

bool segment_load(struct core *m, unsigned number, uint16_t selector)
{
    if (number == SEGMENT_CS) {
        core_raise(m, VECTOR_UD, 0);
        return false;
    }
    bool is_stack = number == SEGMENT_SS;
    bool is_good = is_stack ? stack_segment_check(m, selector) : data_segment_check(m, selector);
    if (!is_good) return false;
    word_t base = descriptor_base(segment_descriptor(m, selector));
    *core_segment(m, number) = selector;
    if (number == SEGMENT_FS) m->reg[SLOT_FS] = base;
    if (number == SEGMENT_GS) m->reg[SLOT_GS] = base;
    if (is_stack) m->has_loaded_stack = true;
    return true;
}

/* LDS, LES, LFS, LGS, LSS: the offset first, the selector behind it. imm: the segment register. */
RARE(load_pointer)
{
    word_t offset, selector;
    unsigned size = rare_size(op);
    if (!rare_load(m, op, m->reg[SLOT_TEMP], size, &offset)) STOP;
    if (!rare_load(m, op, m->reg[SLOT_TEMP] + size, 2, &selector)) STOP;
    if (!segment_load(m, (unsigned)op->imm, (uint16_t)selector)) STOP;
    m->has_loaded_stack = false; /* LSS holds nothing back */
    rare_set(m, op->dst, size, offset);
    NEXT;
}

RARE(push_segment_narrow)
{
    word_t value = *core_segment(m, (unsigned)op->imm);
    if (!stack_push(m, op, &value, 1, rare_size(op))) STOP;
    NEXT;
}

RARE(pop_segment_narrow)
{
    word_t value;
    if (!stack_peek(m, op, &value, 1, rare_size(op))) STOP;
    if (!segment_load(m, (unsigned)op->imm, (uint16_t)value)) STOP;
    stack_move(m, rare_size(op));
    RARE_JUMP(op_rip(m, op) + op->length);
}

/* --- transfers ------------------------------------------------------------------------------------ */

/* Whether a jump or call (not a return) may go to a code segment. */
static bool code_segment_check(struct core *m, uint16_t selector, bool is_return)
{
    word_t d = segment_descriptor(m, selector);
    if (selector < 4) return refuse(m, VECTOR_GP, 0);
    if (is_return && (selector & 3) != PRIVILEGE) return refuse(m, VECTOR_GP, selector);
    bool is_allowed = IS_CONFORM(d) || LEVEL_OF(d) == PRIVILEGE;
    if (!IS_CODE(d) || !is_allowed || IS_LONG(d) == IS_32(d)) return refuse(m, VECTOR_GP, selector);
    return IS_PRESENT(d) || refuse(m, VECTOR_NP, selector);
}

/* Where in the segment: *target becomes what RIP will be. */
static bool code_target_check(struct core *m, uint16_t selector, word_t *target)
{
    if (segment_is_compat(m, selector)) *target = (uint32_t)*target;
    return address_is_canonical(*target) || refuse(m, VECTOR_GP, 0);
}

static void code_segment_set(struct core *m, uint16_t selector)
{
    *core_segment(m, SEGMENT_CS) = (uint16_t)((selector & ~3u) | PRIVILEGE);
    m->is_compat = segment_is_compat(m, selector);
}

/* The operand of a far jump or call, in the instruction or in memory, checked. */
static bool far_target(struct core *m, const struct op *op, uint16_t *selector, word_t *target)
{
    word_t value = (uint16_t)op->imm;
    *target = (word_t)op->disp;
    if (rare_has_memory(op)) {
        word_t from = m->reg[SLOT_TEMP];
        unsigned size = rare_size(op);
        if (!address_is_canonical(from)) return refuse(m, op->index ? VECTOR_SS : VECTOR_GP, 0);
        if (!rare_load(m, op, from, size, target)) return false;
        if (!rare_load(m, op, from + size, 2, &value)) return false;
    }
    *selector = (uint16_t)value;
    return code_segment_check(m, *selector, false) && code_target_check(m, *selector, target);
}

RARE(jump_far)
{
    uint16_t selector;
    word_t target;
    if (!far_target(m, op, &selector, &target)) STOP;
    code_segment_set(m, selector);
    RARE_JUMP(target);
}

RARE(call_far)
{
    uint16_t selector;
    word_t target, back[] = { *core_segment(m, SEGMENT_CS), op_rip(m, op) + op->length };
    if (!far_target(m, op, &selector, &target)) STOP;
    if (!stack_push(m, op, back, 2, rare_size(op))) STOP;
    code_segment_set(m, selector);
    RARE_JUMP(target);
}

/* disp: bytes of arguments to be dropped. */
RARE(return_far)
{
    word_t frame[2];
    if (!stack_peek(m, op, frame, 2, rare_size(op))) STOP;
    uint16_t selector = (uint16_t)frame[1];
    if (!code_segment_check(m, selector, true)) STOP;
    if (!code_target_check(m, selector, &frame[0])) STOP;
    stack_move(m, 2 * rare_size(op) + (word_t)(op->disp & 0xffff));
    code_segment_set(m, selector);
    RARE_JUMP(frame[0]);
}

/* Back to where an interrupt came from. 64-bit code takes the stack from the frame always, 32-bit code
 * never, since the privilege stays. */
RARE(interrupt_return)
{
    word_t frame[5] = { 0 }; /* RIP, CS, RFLAGS, RSP, SS */
    unsigned size = rare_size(op), count = m->is_compat ? 3 : 5;
    if (m->rflags & FLAG_NT) RAISE(VECTOR_GP, 0);
    if (!stack_peek(m, op, frame, count, size)) STOP;
    uint16_t selector = (uint16_t)frame[1];
    if (!code_segment_check(m, selector, true)) STOP;
    if (count == 5 && !stack_segment_check(m, (uint16_t)frame[4])) STOP;
    if (!code_target_check(m, selector, &frame[0])) STOP;
    word_t kept = size == 2 ? POPF_FLAGS & 0xffff : POPF_FLAGS;
    word_t taken = size == 2 ? kept : kept | FLAG_RF;
    m->rflags = (m->rflags & ~kept) | (frame[2] & taken);
    stack_move(m, 3 * size);
    if (count == 5) {
        m->reg[REG_RSP] = frame[3];
        *core_segment(m, SEGMENT_SS) = (uint16_t)frame[4];
    }
    code_segment_set(m, selector);
    result = flags_result(frame[2]);
    carry = flags_carry(frame[2]);
    RARE_JUMP(frame[0]);
}

/* --- questions ------------------------------------------------------------------------------------ */

/* Which bit n of a mask is set: system descriptors of type n are known to LAR, to LSL. */
enum { LAR_TYPES = 1 << 2 | 1 << 9 | 1 << 11 | 1 << 12, LSL_TYPES = 1 << 2 | 1 << 9 | 1 << 11 };

static bool segment_is_visible(word_t d, uint16_t selector, unsigned what)
{
    bool is_allowed = IS_CONFORM(d) || LEVEL_OF(d) == PRIVILEGE;
    if (!d || selector < 4 || !is_allowed) return false;
    switch (what) {
    case OP_VERR: return IS_READABLE(d);
    case OP_VERW: return IS_WRITABLE(d);
    case OP_LAR: return IS_SEGMENT(d) || LAR_TYPES >> TYPE_OF(d) & 1;
    default: return IS_SEGMENT(d) || LSL_TYPES >> TYPE_OF(d) & 1;
    }
}

/* LAR, LSL, VERR, VERW. imm: enum operation. */
RARE(segment_query)
{
    word_t value;
    unsigned what = (unsigned)op->imm;
    bool is_test = what == OP_VERR || what == OP_VERW;
    if (!rare_operand(m, op, is_test ? op->dst : op->src, 2, &value)) STOP;
    uint16_t selector = (uint16_t)value;
    word_t d = segment_descriptor(m, selector);
    bool is_visible = segment_is_visible(d, selector, what);
    if (is_visible && !is_test)
        rare_set(m, op->dst, rare_size(op),
                 what == OP_LAR ? d >> 32 & 0x00ffff00 : descriptor_limit(d));
    RARE_SET_ZF(is_visible);
    NEXT;
}

/* --- the system's tables ---------------------------------------------------------------------------- */

/* SIMPLIFIED: the tables' addresses are made up; nothing lies there. */
#define GDT_ADDRESS UINT64_C(0xffffffff80201068)
#define IDT_ADDRESS UINT64_C(0xffffffff802010b0)
enum { IDT_LIMIT = 256 * 16 - 1, TASK_SELECTOR = 0x18 };
enum { CR0_AS_IT_STARTS = 0x33, CR0_TS = 1 << 3, CR0_WP = 1 << 16, CR0_AM = 1 << 18 };
#define CR0_PG UINT64_C(0x80000000)

/* SGDT, SIDT. */
RARE(store_table)
{
    bool is_gdt = op->imm == OP_SGDT;
    unsigned size = m->is_compat ? 4 : 8;
    word_t at = m->reg[SLOT_TEMP], address = is_gdt ? GDT_ADDRESS : IDT_ADDRESS;
    if (!rare_probe(m, op, at, 2) || !rare_probe(m, op, at + 2, size)) STOP;
    if (!rare_store(m, op, at, 2, is_gdt ? m->cpu->gdt_limit : IDT_LIMIT)) STOP;
    if (!rare_store(m, op, at + 2, size, address)) STOP;
    NEXT;
}

static word_t cr0_of(const struct core *m)
{
    word_t cr0 = CR0_PG | CR0_WP | CR0_AS_IT_STARTS;
    if (m->features & CPU_FPU_DISABLED) cr0 |= CR0_TS;
    if (m->features & CPU_ALIGNMENT) cr0 |= CR0_AM;
    return cr0;
}

/* SLDT (there is none), STR, SMSW. */
RARE(store_system)
{
    word_t value = op->imm == OP_SMSW ? cr0_of(m) : op->imm == OP_STR ? TASK_SELECTOR : 0;
    if (!rare_has_memory(op))
        rare_set(m, op->dst, rare_size(op), value);
    else if (!rare_store(m, op, m->reg[SLOT_TEMP], 2, value))
        STOP;
    NEXT;
}

/* ARPL: a selector is not to claim more privilege than another one. */
RARE(adjust_privilege)
{
    word_t value, other = AT(16, op->src);
    if (!rare_operand(m, op, op->dst, 2, &value)) STOP;
    bool is_adjusted = (value & 3) < (other & 3);
    if (is_adjusted) value = (value & ~UINT64_C(3)) | (other & 3);
    if (rare_has_memory(op) && !rare_store(m, op, m->reg[SLOT_TEMP], 2, value)) STOP;
    if (!rare_has_memory(op)) AT(16, op->dst) = (uint16_t)value;
    RARE_SET_ZF(is_adjusted);
    NEXT;
}
