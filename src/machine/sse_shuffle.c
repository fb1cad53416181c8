/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE instructions that put lanes elsewhere: packing, unpacking, shuffles, blends, extension. */
#include "machine/sse.h"

/* clang-format off */
#define EACH(lanes) for (unsigned i = 0; i < (lanes); i++)

/* --- packing and unpacking -------------------------------------------------------------------------- */

#define CLAMP(value, low, high) ((value) < (low) ? (low) : (value) > (high) ? (high) : (value))
#define PACK(name, from, to, type, half, low, high) \
    VECTOR(name, union lanes out; \
        EACH(half) { \
            out.to[i] = (type)CLAMP(d.from[i], low, high); \
            out.to[i + half] = (type)CLAMP(s.from[i], low, high); \
        } \
        d = out)
PACK(packsswb, i16, i8, int8_t, 8, -128, 127)      PACK(packuswb, i16, u8, uint8_t, 8, 0, 255)
PACK(packssdw, i32, i16, int16_t, 4, -32768, 32767) PACK(packusdw, i32, u16, uint16_t, 4, 0, 65535)

#define UNPACK(name, field, half, from) \
    VECTOR(name, union lanes out; \
        EACH(half) { \
            out.field[2 * i] = d.field[i + (from)]; \
            out.field[2 * i + 1] = s.field[i + (from)]; \
        } \
        d = out)
UNPACK(punpcklbw, u8, 8, 0)  UNPACK(punpckhbw, u8, 8, 8)
UNPACK(punpcklwd, u16, 4, 0) UNPACK(punpckhwd, u16, 4, 4)
UNPACK(punpckldq, u32, 2, 0) UNPACK(punpckhdq, u32, 2, 2)
VECTOR(punpcklqdq, d.u64[1] = s.u64[0])
VECTOR(punpckhqdq, d.u64[0] = d.u64[1]; d.u64[1] = s.u64[1])

#define EXTEND(name, size, to, from, type, lanes) \
    VECTOR_SIZED(name, size, false, EACH(lanes) d.to[i] = (type)s.from[i])
EXTEND(pmovsxbw, 8, i16, i8, int16_t, 8) EXTEND(pmovzxbw, 8, u16, u8, uint16_t, 8)
EXTEND(pmovsxbd, 4, i32, i8, int32_t, 4) EXTEND(pmovzxbd, 4, u32, u8, uint32_t, 4)
EXTEND(pmovsxbq, 2, i64, i8, int64_t, 2) EXTEND(pmovzxbq, 2, u64, u8, uint64_t, 2)
EXTEND(pmovsxwd, 8, i32, i16, int32_t, 4) EXTEND(pmovzxwd, 8, u32, u16, uint32_t, 4)
EXTEND(pmovsxwq, 4, i64, i16, int64_t, 2) EXTEND(pmovzxwq, 4, u64, u16, uint64_t, 2)
EXTEND(pmovsxdq, 8, i64, i32, int64_t, 2) EXTEND(pmovzxdq, 8, u64, u32, uint64_t, 2)

/* --- shuffles --------------------------------------------------------------------------------------- */

/* Two bits of the immediate choose a lane of four. */
#define CHOICE(n) (IMMEDIATE >> 2 * (n) & 3)
VECTOR(pshufd, EACH(4) d.u32[i] = s.u32[CHOICE(i)])
VECTOR(pshuflw, d = s; EACH(4) d.u16[i] = s.u16[CHOICE(i)])
VECTOR(pshufhw, d = s; EACH(4) d.u16[i + 4] = s.u16[4 + CHOICE(i)])
VECTOR(shufps, union lanes a = d; EACH(2) { d.u32[i] = a.u32[CHOICE(i)]; d.u32[i + 2] = s.u32[CHOICE(i + 2)]; })
VECTOR(shufpd, d.u64[0] = d.u64[IMMEDIATE & 1]; d.u64[1] = s.u64[IMMEDIATE >> 1 & 1])
VECTOR(pshufb, union lanes a = d; EACH(16) d.u8[i] = s.u8[i] & 0x80 ? 0 : a.u8[s.u8[i] & 15])

/* 16 bytes out of the source with the destination above it, zeros beyond. */
VECTOR(palignr, union lanes a = d; \
    EACH(16) { \
        unsigned at = i + IMMEDIATE; \
        d.u8[i] = at < 16 ? s.u8[at] : at < 32 ? a.u8[at - 16] : 0; \
    })

/* --- blends ----------------------------------------------------------------------------------------- */

VECTOR(blendps, EACH(4) if (IMMEDIATE >> i & 1) d.u32[i] = s.u32[i])
VECTOR(blendpd, EACH(2) if (IMMEDIATE >> i & 1) d.u64[i] = s.u64[i])
VECTOR(pblendw, EACH(8) if (IMMEDIATE >> i & 1) d.u16[i] = s.u16[i])
/* XMM0's signs choose. */
#define BLEND(name, field, signs, count) \
    VECTOR(name, union lanes mask = xmm_get(m, 0); EACH(count) if (mask.signs[i] < 0) d.field[i] = s.field[i])
BLEND(blendvps, u32, i32, 4) BLEND(blendvpd, u64, i64, 2) BLEND(pblendvb, u8, i8, 16)
    /* clang-format on */
