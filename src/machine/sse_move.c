/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE moves: between XMM registers, memory and general registers, and MXCSR. */
#include "machine/sse.h"

/* clang-format off */
#define COPY(name, must_align) \
    SSE_HANDLER(name##_rr) COMPUTE(SOURCE_REGISTER, d = s) \
    SSE_HANDLER(name##_rm) COMPUTE(SOURCE_MEMORY(16, must_align), d = s) \
    STORE(name, 16, must_align, s)

/* Stores the low `size` bytes of `value`, which may look at the register s. */
#define STORE(name, size, must_align, value) \
    SSE_HANDLER(name##_mr) \
    { \
        CHECK_FPU; \
        void *place = operand_write(m, op, (size), (must_align)); \
        if (UNLIKELY(!place)) STOP; \
        union lanes s = xmm_get(m, op->src), v = value; \
        memcpy(place, &v, (size)); \
        NEXT; \
    }
COPY(move_aligned, true)
COPY(move_unaligned, false)

#define HALF(...) (union lanes){ .u64 = { __VA_ARGS__ } }
SSE_HANDLER(movss_rr) COMPUTE(SOURCE_REGISTER, d.u32[0] = s.u32[0])
SSE_HANDLER(movss_rm) COMPUTE(SOURCE_MEMORY(4, false), d = s)
STORE(movss, 4, false, s)
SSE_HANDLER(movsd_rr) COMPUTE(SOURCE_REGISTER, d.u64[0] = s.u64[0])
SSE_HANDLER(movsd_rm) COMPUTE(SOURCE_MEMORY(8, false), d = s)
STORE(movsd, 8, false, s)
SSE_HANDLER(movq_rr) COMPUTE(SOURCE_REGISTER, d = HALF(s.u64[0], 0))
SSE_HANDLER(movq_rm) COMPUTE(SOURCE_MEMORY(8, false), d = s)
STORE(movq, 8, false, s)
SSE_HANDLER(move_low_rm) COMPUTE(SOURCE_MEMORY(8, false), d.u64[0] = s.u64[0])
STORE(move_low, 8, false, s)
SSE_HANDLER(move_high_rm) COMPUTE(SOURCE_MEMORY(8, false), d.u64[1] = s.u64[0])
STORE(move_high, 8, false, HALF(s.u64[1], 0))
SSE_HANDLER(movhlps_rr) COMPUTE(SOURCE_REGISTER, d.u64[0] = s.u64[1])
SSE_HANDLER(movlhps_rr) COMPUTE(SOURCE_REGISTER, d.u64[1] = s.u64[0])
VECTOR_SIZED(movddup, 8, false, d = HALF(s.u64[0], s.u64[0]))
VECTOR(movshdup, for (unsigned i = 0; i < 4; i++) d.u32[i] = s.u32[i | 1])
VECTOR(movsldup, for (unsigned i = 0; i < 4; i++) d.u32[i] = s.u32[i & 2])

/* --- general registers ------------------------------------------------------------------------------ */

/* MOVD, and MOVQ with a general register. */
#define MOVD_BITS(value) (op->flags & OP_FLAG_WIDE ? (value) : (uint32_t)(value))
#define SOURCE_GENERAL   word_t s = AT(64, op->src)
SSE_HANDLER(movd_rr) COMPUTE(SOURCE_GENERAL, d = HALF(MOVD_BITS(s), 0))
SSE_HANDLER(movd_rm) COMPUTE(SOURCE_MEMORY(4, false), d = s)
STORE(movd, 4, false, s)

/* `value` of the register s into a general register. */
#define TO_GENERAL(name, value) \
    SSE_HANDLER(name) \
    { \
        CHECK_FPU; \
        SOURCE_REGISTER; \
        AT(64, op->dst) = (value); \
        NEXT; \
    }
TO_GENERAL(movd_gr, MOVD_BITS(s.u64[0]))
TO_GENERAL(pextrb_rr, s.u8[IMMEDIATE & 15])
TO_GENERAL(pextrw_rr, s.u16[IMMEDIATE & 7])
TO_GENERAL(pextrd_rr, s.u32[IMMEDIATE & 3])
TO_GENERAL(pextrq_rr, s.u64[IMMEDIATE & 1])
STORE(pextrb, 1, false, HALF(s.u8[IMMEDIATE & 15], 0))
STORE(pextrw, 2, false, HALF(s.u16[IMMEDIATE & 7], 0))
STORE(pextrd, 4, false, HALF(s.u32[IMMEDIATE & 3], 0))
STORE(pextrq, 8, false, HALF(s.u64[IMMEDIATE & 1], 0))

#define INSERT(name, size, type, lane) \
    SSE_HANDLER(name##_rr) COMPUTE(SOURCE_GENERAL, d.lane = (type)s) \
    SSE_HANDLER(name##_rm) COMPUTE(SOURCE_MEMORY(size, false), d.lane = (type)s.u64[0])
INSERT(pinsrb, 1, uint8_t, u8[IMMEDIATE & 15])
INSERT(pinsrw, 2, uint16_t, u16[IMMEDIATE & 7])
INSERT(pinsrd, 4, uint32_t, u32[IMMEDIATE & 3])
INSERT(pinsrq, 8, uint64_t, u64[IMMEDIATE & 1])

/* Bits 6 and 7 of the immediate: the source's lane (not in memory); 4 and 5: where it goes; 0 to 3: lanes
 * that are cleared. */
#define INSERT_SINGLE(value) \
    d.u32[IMMEDIATE >> 4 & 3] = (value); \
    for (unsigned i = 0; i < 4; i++) if (IMMEDIATE >> i & 1) d.u32[i] = 0
SSE_HANDLER(insertps_rr) COMPUTE(SOURCE_REGISTER, INSERT_SINGLE(s.u32[IMMEDIATE >> 6]))
SSE_HANDLER(insertps_rm) COMPUTE(SOURCE_MEMORY(4, false), INSERT_SINGLE(s.u32[0]))
    /* clang-format on */

    static word_t signs(const uint8_t *bytes, unsigned width)
{
    word_t mask = 0;
    for (unsigned i = 0; i < 16 / width; i++)
        mask |= (word_t)(bytes[(i + 1) * width - 1] >> 7) << i;
    return mask;
}

/* clang-format off */
TO_GENERAL(movmskps_rr, signs((const uint8_t *)&s, 4))
TO_GENERAL(movmskpd_rr, signs((const uint8_t *)&s, 8))
TO_GENERAL(pmovmskb_rr, signs((const uint8_t *)&s, 1))
/* clang-format on */

/* The mask is in src, the data in dst, the address is RDI's.
 *
 * SIMPLIFIED: all 16 bytes have to be writable, which a processor may ask only of those it writes. */
SSE_HANDLER(maskmovdqu_rm)
{
    CHECK_FPU;
    uint8_t *place = operand_write(m, op, 16, false);
    if (UNLIKELY(!place)) STOP;
    union lanes data = xmm_get(m, op->dst), mask = xmm_get(m, op->src);
    for (unsigned i = 0; i < 16; i++)
        if (mask.u8[i] & 0x80) place[i] = data.u8[i];
    NEXT;
}

/* --- control ---------------------------------------------------------------------------------------- */

SSE_HANDLER(ldmxcsr_rm)
{
    CHECK_FPU;
    const void *place = operand_read(m, op, 4, false);
    if (UNLIKELY(!place)) STOP;
    uint32_t mxcsr;
    memcpy(&mxcsr, place, sizeof mxcsr);
    if (mxcsr >> 16) RAISE(VECTOR_GP, 0);
    mxcsr_set(m, mxcsr);
    NEXT;
}

SSE_HANDLER(stmxcsr_rm)
{
    CHECK_FPU;
    void *place = operand_write(m, op, 4, false);
    if (UNLIKELY(!place)) STOP;
    uint32_t mxcsr = mxcsr_get(m);
    memcpy(place, &mxcsr, sizeof mxcsr);
    NEXT;
}
