/* SPDX-License-Identifier: BSD-2-Clause */
/* How SSE instructions are executed: the shape of their handlers, shared by the sse_*.c files.
 *
 * XMM registers and MXCSR live in the FXSAVE image of struct cpu (core.fpu). One form of a handler
 * serves the fast and the careful table (core.h): accesses look the translation up themselves and
 * leave all else to memory_read and memory_write. As everywhere, nothing changes before the last
 * access has succeeded. Operands of registers are byte offsets n * 8, for XMM registers, too. */
#ifndef FAULTLINE_MACHINE_SSE_H
#define FAULTLINE_MACHINE_SSE_H

#define CAREFUL 0
#include "machine/execute.h"
#include "machine/sse_number.h"

#include <string.h>

/* A register's or an operand's contents, lane 0 lowest. */
union lanes {
    uint8_t u8 __attribute__((vector_size(16)));
    int8_t i8 __attribute__((vector_size(16)));
    uint16_t u16 __attribute__((vector_size(16)));
    int16_t i16 __attribute__((vector_size(16)));
    uint32_t u32 __attribute__((vector_size(16)));
    int32_t i32 __attribute__((vector_size(16)));
    uint64_t u64 __attribute__((vector_size(16)));
    int64_t i64 __attribute__((vector_size(16)));
};

enum fxsave_offset { FXSAVE_MXCSR = 24, FXSAVE_XMM = 160 };

/* Prototypes of all handlers of the table. */
#define SSE(mnemonic, name, shape) SSE_PROTOTYPE_##shape(name)
#define SSE_PROTOTYPE_RM(n)        op_fn sse_##n##_rr, sse_##n##_rm;
#define SSE_PROTOTYPE_RMW(n)       op_fn sse_##n##_rr, sse_##n##_rm, sse_##n##_mr;
#define SSE_PROTOTYPE_RMWG(n)      op_fn sse_##n##_rr, sse_##n##_rm, sse_##n##_mr, sse_##n##_gr;
#define SSE_PROTOTYPE_RMI(n)       op_fn sse_##n##_rr, sse_##n##_rm, sse_##n##_ri;
#define SSE_PROTOTYPE_RW(n)        op_fn sse_##n##_rr, sse_##n##_mr;
#define SSE_PROTOTYPE_MW(n)        op_fn sse_##n##_rm, sse_##n##_mr;
#define SSE_PROTOTYPE_R(n)         op_fn sse_##n##_rr;
#define SSE_PROTOTYPE_M(n)         op_fn sse_##n##_rm;
#define SSE_PROTOTYPE_W(n)         op_fn sse_##n##_mr;
#define SSE_PROTOTYPE_I(n)         op_fn sse_##n##_ri;
#include "machine/sse.def"
#undef SSE

#define SSE_HANDLER(name)                                                                          \
    const struct op *sse_##name(struct core *m, const struct op *op, word_t result, word_t carry,  \
                                int64_t left)

#define CHECK_FPU                                                                                  \
    if (UNLIKELY(core_fpu_is_disabled(m))) RAISE(VECTOR_NM, 0)

static inline union lanes xmm_get(const struct core *m, unsigned offset)
{
    union lanes v;
    memcpy(&v, m->fpu + FXSAVE_XMM + 2 * offset, sizeof v);
    return v;
}

static inline void xmm_set(struct core *m, unsigned offset, union lanes v)
{
    memcpy(m->fpu + FXSAVE_XMM + 2 * offset, &v, sizeof v);
}

static inline uint32_t mxcsr_get(const struct core *m)
{
    uint32_t mxcsr;
    memcpy(&mxcsr, m->fpu + FXSAVE_MXCSR, sizeof mxcsr);
    return mxcsr;
}

static inline void mxcsr_set(struct core *m, uint32_t mxcsr)
{
    memcpy(m->fpu + FXSAVE_MXCSR, &mxcsr, sizeof mxcsr);
}

/* Whether a misaligned operand stops the instruction; a bad address comes first. */
static inline bool is_misaligned(struct core *m, word_t where)
{
    if (LIKELY(where % 16 == 0) || !address_is_canonical(where)) return false;
    core_raise(m, VECTOR_GP, 0);
    return true;
}

#define OPERAND_PAGE(where, size) (((where) + (size)-1) & ~(word_t)(PAGE_SIZE - 1))

/* The operand in memory; NULL if that stops the instruction. */
static inline const void *operand_read(struct core *m, const struct op *op, unsigned size,
                                       bool must_align)
{
    word_t where = EFFECTIVE_ADDRESS;
    if (must_align && is_misaligned(m, where)) return NULL;
    const struct translation *t = &m->tlb[where >> PAGE_BITS & (TRANSLATIONS - 1)];
    bool is_here = t->read == OPERAND_PAGE(where, size) && !m->is_aligning;
    if (LIKELY(is_here)) return (const void *)(t->host + where);
    return memory_read(m, op, where, size);
}

static inline void *operand_write(struct core *m, const struct op *op, unsigned size,
                                  bool must_align)
{
    word_t where = EFFECTIVE_ADDRESS;
    if (must_align && is_misaligned(m, where)) return NULL;
    const struct translation *t = &m->tlb[where >> PAGE_BITS & (TRANSLATIONS - 1)];
    bool is_here = t->write == OPERAND_PAGE(where, size) && !m->is_aligning;
    if (LIKELY(is_here)) return (void *)(t->host + where);
    return memory_write(m, op, where, size);
}

#define SOURCE_REGISTER union lanes s = xmm_get(m, op->src)
#define SOURCE_MEMORY(size, must_align)                                                            \
    const void *place = operand_read(m, op, (size), (must_align));                                 \
    if (UNLIKELY(!place)) STOP;                                                                    \
    union lanes s = { .u64 = { 0, 0 } };                                                           \
    memcpy(&s, place, (size))

/* Registers and memory of `size` bytes: d is the destination as it was and becomes, s the source,
 * IMMEDIATE the number behind. */
#define IMMEDIATE ((unsigned)(uint8_t)op->imm)
#define COMPUTE(source, ...)                                                                       \
    {                                                                                              \
        CHECK_FPU;                                                                                 \
        source;                                                                                    \
        union lanes d = xmm_get(m, op->dst);                                                       \
        __VA_ARGS__;                                                                               \
        xmm_set(m, op->dst, d);                                                                    \
        NEXT;                                                                                      \
    }
#define VECTOR_SIZED(name, size, must_align, ...)                                                  \
    SSE_HANDLER(name##_rr)                                                                         \
    COMPUTE(SOURCE_REGISTER, __VA_ARGS__)                                                          \
    SSE_HANDLER(name##_rm) COMPUTE(SOURCE_MEMORY(size, must_align), __VA_ARGS__)
#define VECTOR(name, ...) VECTOR_SIZED(name, 16, true, __VA_ARGS__)

/* The same for arithmetic: `fp` carries MXCSR in and exceptions out; an unmasked one stops it. */
#define COMPUTE_FLOAT(source, ...)                                                                 \
    {                                                                                              \
        CHECK_FPU;                                                                                 \
        source;                                                                                    \
        union lanes d = xmm_get(m, op->dst);                                                       \
        struct fp fp = { .mxcsr = mxcsr_get(m), .flags = 0 };                                      \
        __VA_ARGS__;                                                                               \
        if (UNLIKELY(fp.flags) && sse_settle(m, &fp)) STOP;                                        \
        xmm_set(m, op->dst, d);                                                                    \
        NEXT;                                                                                      \
    }
#define FLOAT(name, size, must_align, ...)                                                         \
    SSE_HANDLER(name##_rr)                                                                         \
    COMPUTE_FLOAT(SOURCE_REGISTER, __VA_ARGS__)                                                    \
    SSE_HANDLER(name##_rm) COMPUTE_FLOAT(SOURCE_MEMORY(size, must_align), __VA_ARGS__)

/* Puts the exceptions of an instruction into MXCSR. True: one is unmasked, and core.trap is set. */
bool sse_settle(struct core *m, const struct fp *fp);

#endif
