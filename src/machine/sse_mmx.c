/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE instructions with an operand in an MMX register: conversions, MOVQ2DQ, MOVDQ2Q. They work on
 * x87's state in the image. An SSE exception finds the transition to MMX done. */
#include "machine/sse.h"
#include "machine/sse_number.h"

enum { IMAGE_STATUS = 2, IMAGE_TAGS = 4, IMAGE_REGISTERS = 32, PENDING = 0x80 };

static unsigned top_of(const struct core *m)
{
    return m->fpu[IMAGE_STATUS + 1] >> 3 & 7;
}

/* The state as an MMX instruction finds it. False: #MF, or what x87 is not offered with. */
static bool mmx_begin(struct core *m)
{
    if (!x87_is_offered(m)) return false;
    x87_leave(m);
    if (!(m->fpu[IMAGE_STATUS] & PENDING)) return true;
    core_raise(m, VECTOR_MF, 0);
    return false;
}

static uint64_t mmx_read(const struct core *m, unsigned offset)
{
    uint64_t value;
    memcpy(&value, m->fpu + IMAGE_REGISTERS + 16 * ((offset / 8 - top_of(m)) & 7), sizeof value);
    return value;
}

/* From x87 to MMX: the top is register 0, and none is empty. Then an MMX register is where its number
 * says. */
static void mmx_transit(struct core *m)
{
    uint8_t old[128], *registers = m->fpu + IMAGE_REGISTERS;
    unsigned top = top_of(m);
    memcpy(old, registers, sizeof old);
    for (unsigned i = 0; i < 8; i++) memcpy(registers + 16 * i, old + 16 * ((i - top) & 7), 16);
    m->fpu[IMAGE_STATUS + 1] &= (uint8_t) ~(7 << 3);
    m->fpu[IMAGE_TAGS] = 0xff;
}

static void mmx_write(struct core *m, unsigned offset, uint64_t value)
{
    uint8_t *to = m->fpu + IMAGE_REGISTERS + 2 * offset;
    memcpy(to, &value, sizeof value);
    memset(to + 8, 0xff, 2);
}

/* --- MMX to XMM ------------------------------------------------------------------------------------- */

#define SOURCE_MMX union lanes s = { .u64 = { mmx_read(m, op->src), 0 } }

/* clang-format off */
#define TO_XMM(source, begins, transits, ...) \
    { \
        if (begins && !mmx_begin(m)) STOP; \
        CHECK_FPU; \
        source; \
        union lanes d = xmm_get(m, op->dst); \
        struct fp fp = { .mxcsr = mxcsr_get(m), .flags = 0 }; \
        __VA_ARGS__; \
        if (transits) mmx_transit(m); \
        if (fp.flags && sse_settle(m, &fp)) STOP; \
        xmm_set(m, op->dst, d); \
        NEXT; \
    }
#define SINGLES for (unsigned i = 0; i < 2; i++) d.u32[i] = (uint32_t)number_from_integer(&format_single, s.i32[i], &fp)
#define DOUBLES for (unsigned i = 0; i < 2; i++) d.u64[i] = number_from_integer(&format_double, s.i32[i], &fp)
SSE_HANDLER(cvtpi2ps_rr) TO_XMM(SOURCE_MMX, true, true, SINGLES)
SSE_HANDLER(cvtpi2ps_rm) TO_XMM(SOURCE_MEMORY(8, false), true, true, SINGLES)
SSE_HANDLER(cvtpi2pd_rr) TO_XMM(SOURCE_MMX, true, true, DOUBLES)
SSE_HANDLER(cvtpi2pd_rm) TO_XMM(SOURCE_MEMORY(8, false), false, false, DOUBLES)
SSE_HANDLER(movq2dq_rr) TO_XMM(SOURCE_MMX, true, true, d = s)

/* --- XMM to MMX ------------------------------------------------------------------------------------- */

#define TO_MMX(source, ...) \
    { \
        if (!mmx_begin(m)) STOP; \
        source; \
        union lanes d = s; \
        struct fp fp = { .mxcsr = mxcsr_get(m), .flags = 0 }; \
        __VA_ARGS__; \
        mmx_transit(m); \
        if (fp.flags && sse_settle(m, &fp)) STOP; \
        mmx_write(m, op->dst, d.u64[0]); \
        NEXT; \
    }
#define INTEGERS(format, field, mode) \
    for (unsigned i = 0; i < 2; i++) d.u32[i] = (uint32_t)number_to_integer(&format, s.field[i], 32, mode, &fp)
SSE_HANDLER(cvtps2pi_rr) TO_MMX(SOURCE_REGISTER, INTEGERS(format_single, u32, fp_rounding(&fp)))
SSE_HANDLER(cvtps2pi_rm) TO_MMX(SOURCE_MEMORY(8, false), INTEGERS(format_single, u32, fp_rounding(&fp)))
SSE_HANDLER(cvttps2pi_rr) TO_MMX(SOURCE_REGISTER, INTEGERS(format_single, u32, ROUND_TO_ZERO))
SSE_HANDLER(cvttps2pi_rm) TO_MMX(SOURCE_MEMORY(8, false), INTEGERS(format_single, u32, ROUND_TO_ZERO))
SSE_HANDLER(cvtpd2pi_rr) TO_MMX(SOURCE_REGISTER, INTEGERS(format_double, u64, fp_rounding(&fp)))
SSE_HANDLER(cvtpd2pi_rm) TO_MMX(SOURCE_MEMORY(16, true), INTEGERS(format_double, u64, fp_rounding(&fp)))
SSE_HANDLER(cvttpd2pi_rr) TO_MMX(SOURCE_REGISTER, INTEGERS(format_double, u64, ROUND_TO_ZERO))
SSE_HANDLER(cvttpd2pi_rm) TO_MMX(SOURCE_MEMORY(16, true), INTEGERS(format_double, u64, ROUND_TO_ZERO))
SSE_HANDLER(movdq2q_rr) TO_MMX(SOURCE_REGISTER, )
    /* clang-format on */
