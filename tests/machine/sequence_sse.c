/* SPDX-License-Identifier: BSD-2-Clause */
/* SSE to SSE4.2 for sequence.c: a table of encodings by family, operands at random. Left out, since
 * processors differ in their results: RCPPS, RCPSS, RSQRTPS, RSQRTSS; unmasked exceptions of DPPS and
 * DPPD. */
#include "machine/sequence_emit.h"

#include <string.h>

/* What ModRM's two operands are, reg first. */
enum kind {
    XX = 0,    /* XMM, XMM or memory */
    XM = 1,    /* XMM, memory */
    XR = 2,    /* XMM, XMM */
    XG = 3,    /* XMM, general register or memory */
    XGR = 4,   /* XMM, general register */
    GX = 5,    /* general register, XMM or memory */
    GXR = 6,   /* general register, XMM */
    GROUP = 7, /* DIGIT says which; XMM; an immediate */
    MXCSR = 8, /* DIGIT says which; memory */
    KIND = 15,
    IMM = 16,   /* an immediate behind */
    WIDE = 32,  /* REX.W means something */
    LOOSE = 64, /* memory need not be aligned */
};

#define DIGIT(n) ((n)*256)

struct row {
    uint8_t prefix, map, opcode;
    uint16_t kind;
};

static unsigned any_general(struct sequence *s)
{
    static const uint8_t usual[] = { 0, 1, 2, 5, 8, 9, 10, 11, 12, 14, 15 };
    return usual[sequence_below(s, sizeof usual)];
}

/* An absolute address: mostly of an aligned place in the data, sometimes at its end or read-only. */
static uint32_t any_address(struct sequence *s, bool is_loose)
{
    uint32_t at = (uint32_t)(0x20000000 + sequence_below(s, 0x1ff0));
    if (chance(s, 4)) return (uint32_t)(0x20001ff0 + sequence_below(s, 20));
    if (chance(s, 4)) return (uint32_t)(0x20000ff0 + sequence_below(s, 20));
    if (chance(s, 2)) return (uint32_t)(0x30000000 + sequence_below(s, 64));
    return is_loose ? at : chance(s, 3) ? at : at & ~15u;
}

static void emit_row(struct sequence *s, const struct row *r)
{
    unsigned kind = r->kind & KIND;
    bool only_memory = kind == XM || kind == MXCSR;
    bool only_register = kind == XR || kind == XGR || kind == GXR || kind == GROUP;
    bool is_memory = only_memory || (!only_register && chance(s, 40));
    unsigned reg = kind == GX || kind == GXR ? any_general(s) : (unsigned)sequence_below(s, 16);
    unsigned rm = kind == XG || kind == XGR ? any_general(s) : (unsigned)sequence_below(s, 16);
    if (kind == GROUP || kind == MXCSR) reg = r->kind / DIGIT(1);
    if (is_memory) rm = 4;
    bool is_wide = r->kind & WIDE && chance(s, 50);
    if (r->prefix) byte(s, r->prefix);
    unsigned rex = (is_wide ? 8u : 0) | (reg > 7 ? 4u : 0) | (rm > 7 ? 1u : 0);
    if (rex) byte(s, 0x40 | rex);
    byte(s, 0x0f);
    if (r->map) byte(s, r->map);
    byte(s, r->opcode);
    byte(s, (is_memory ? 0u : 0xc0u) | (reg & 7) << 3 | (rm & 7));
    if (is_memory) {
        byte(s, 0x25);
        uint32_t address = any_address(s, r->kind & LOOSE);
        for (unsigned i = 0; i < 4; i++) byte(s, address >> (8 * i));
    }
    if (r->kind & IMM || kind == GROUP)
        byte(s, chance(s, 70) ? sequence_below(s, 16) : sequence_random(s));
}

/* clang-format off */
static const struct row moves[] = {
    { 0, 0, 0x28, XX }, { 0x66, 0, 0x28, XX }, { 0, 0, 0x29, XX }, { 0x66, 0, 0x29, XX },
    { 0, 0, 0x10, XX | LOOSE }, { 0x66, 0, 0x10, XX | LOOSE }, { 0, 0, 0x11, XX | LOOSE }, { 0x66, 0, 0x11, XX | LOOSE },
    { 0xf3, 0, 0x10, XX | LOOSE }, { 0xf2, 0, 0x10, XX | LOOSE }, { 0xf3, 0, 0x11, XX | LOOSE }, { 0xf2, 0, 0x11, XX | LOOSE },
    { 0x66, 0, 0x6f, XX }, { 0xf3, 0, 0x6f, XX | LOOSE }, { 0x66, 0, 0x7f, XX }, { 0xf3, 0, 0x7f, XX | LOOSE },
    { 0x66, 0, 0x6e, XG | WIDE | LOOSE }, { 0x66, 0, 0x7e, XG | WIDE | LOOSE }, { 0xf3, 0, 0x7e, XX | LOOSE }, { 0x66, 0, 0xd6, XX | LOOSE },
    { 0, 0, 0x12, XX | LOOSE }, { 0, 0, 0x16, XX | LOOSE }, { 0x66, 0, 0x12, XM | LOOSE }, { 0x66, 0, 0x16, XM | LOOSE },
    { 0, 0, 0x13, XM | LOOSE }, { 0, 0, 0x17, XM | LOOSE }, { 0x66, 0, 0x13, XM | LOOSE }, { 0x66, 0, 0x17, XM | LOOSE },
    { 0, 0, 0x50, GXR }, { 0x66, 0, 0x50, GXR }, { 0x66, 0, 0xd7, GXR },
    { 0xf2, 0, 0x12, XX | LOOSE }, { 0xf3, 0, 0x12, XX }, { 0xf3, 0, 0x16, XX },
    { 0, 0, 0x2b, XM }, { 0x66, 0, 0x2b, XM }, { 0x66, 0, 0xe7, XM }, { 0xf2, 0, 0xf0, XM | LOOSE }, { 0x66, 0x38, 0x2a, XM },
    { 0x66, 0x3a, 0x14, XG | IMM | LOOSE }, { 0x66, 0x3a, 0x15, XG | IMM | LOOSE }, { 0x66, 0x3a, 0x16, XG | IMM | WIDE | LOOSE },
    { 0x66, 0x3a, 0x17, XG | IMM | LOOSE }, { 0x66, 0, 0xc5, GXR | IMM }, { 0x66, 0, 0xc4, XG | IMM | LOOSE },
    { 0x66, 0x3a, 0x20, XG | IMM | LOOSE }, { 0x66, 0x3a, 0x22, XG | IMM | WIDE | LOOSE }, { 0x66, 0x3a, 0x21, XX | IMM | LOOSE },
    { 0x66, 0, 0xf7, XR }, { 0, 0, 0xae, MXCSR | LOOSE | DIGIT(3) },
};

static const struct row arithmetic[] = {
#define FOUR(opcode) { 0, 0, opcode, XX }, { 0x66, 0, opcode, XX }, { 0xf3, 0, opcode, XX | LOOSE }, { 0xf2, 0, opcode, XX | LOOSE }
    FOUR(0x58), FOUR(0x59), FOUR(0x5c), FOUR(0x5d), FOUR(0x5e), FOUR(0x5f), FOUR(0x51), FOUR(0x58), FOUR(0x59),
    { 0x66, 0, 0xd0, XX }, { 0xf2, 0, 0xd0, XX }, { 0x66, 0, 0x7c, XX }, { 0xf2, 0, 0x7c, XX }, { 0x66, 0, 0x7d, XX }, { 0xf2, 0, 0x7d, XX },
};

static const struct row dots[] = { { 0x66, 0x3a, 0x40, XX | IMM }, { 0x66, 0x3a, 0x41, XX | IMM } };

static const struct row compares[] = {
    { 0, 0, 0xc2, XX | IMM }, { 0x66, 0, 0xc2, XX | IMM }, { 0xf3, 0, 0xc2, XX | IMM | LOOSE }, { 0xf2, 0, 0xc2, XX | IMM | LOOSE },
    { 0, 0, 0x2e, XX | LOOSE }, { 0x66, 0, 0x2e, XX | LOOSE }, { 0, 0, 0x2f, XX | LOOSE }, { 0x66, 0, 0x2f, XX | LOOSE },
};

static const struct row conversions[] = {
    { 0, 0, 0x5a, XX | LOOSE }, { 0x66, 0, 0x5a, XX }, { 0xf3, 0, 0x5a, XX | LOOSE }, { 0xf2, 0, 0x5a, XX | LOOSE },
    { 0, 0, 0x5b, XX }, { 0x66, 0, 0x5b, XX }, { 0xf3, 0, 0x5b, XX }, { 0xf3, 0, 0xe6, XX | LOOSE }, { 0xf2, 0, 0xe6, XX }, { 0x66, 0, 0xe6, XX },
    { 0xf3, 0, 0x2a, XG | WIDE | LOOSE }, { 0xf2, 0, 0x2a, XG | WIDE | LOOSE }, { 0xf3, 0, 0x2c, GX | WIDE | LOOSE }, { 0xf2, 0, 0x2c, GX | WIDE | LOOSE },
    { 0xf3, 0, 0x2d, GX | WIDE | LOOSE }, { 0xf2, 0, 0x2d, GX | WIDE | LOOSE },
    { 0x66, 0x3a, 0x08, XX | IMM }, { 0x66, 0x3a, 0x09, XX | IMM }, { 0x66, 0x3a, 0x0a, XX | IMM | LOOSE }, { 0x66, 0x3a, 0x0b, XX | IMM | LOOSE },
};

#define P(opcode)  { 0x66, 0, opcode, XX }
#define P8(opcode) { 0x66, 0x38, opcode, XX }
static const struct row integers[] = {
    P(0xfc), P(0xfd), P(0xfe), P(0xd4), P(0xf8), P(0xf9), P(0xfa), P(0xfb), P(0xec), P(0xed), P(0xdc), P(0xdd), P(0xe8), P(0xe9), P(0xd8), P(0xd9),
    P(0xe0), P(0xe3), P(0xd5), P(0xe5), P(0xe4), P8(0x0b), P(0xf4), P8(0x28), P8(0x40), P(0xf5), P8(0x04), P(0xf6),
    P(0xda), P8(0x3a), P8(0x3b), P8(0x38), P(0xea), P8(0x39), P(0xde), P8(0x3e), P8(0x3f), P8(0x3c), P(0xee), P8(0x3d),
    P(0x74), P(0x75), P(0x76), P8(0x29), P(0x64), P(0x65), P(0x66), P8(0x37),
    P(0xdb), P(0xdf), P(0xeb), P(0xef), { 0, 0, 0x54, XX }, { 0, 0, 0x55, XX }, { 0, 0, 0x56, XX }, { 0, 0, 0x57, XX },
    P(0x54), P(0x55), P(0x56), P(0x57),
    P8(0x08), P8(0x09), P8(0x0a), P8(0x1c), P8(0x1d), P8(0x1e),
    P8(0x01), P8(0x02), P8(0x03), P8(0x05), P8(0x06), P8(0x07), { 0x66, 0x3a, 0x42, XX | IMM }, P8(0x41), P8(0x17),
};

static const struct row shifts[] = {
    P(0xf1), P(0xf2), P(0xf3), P(0xd1), P(0xd2), P(0xd3), P(0xe1), P(0xe2),
    { 0x66, 0, 0x71, GROUP | DIGIT(2) }, { 0x66, 0, 0x71, GROUP | DIGIT(4) }, { 0x66, 0, 0x71, GROUP | DIGIT(6) }, { 0x66, 0, 0x72, GROUP | DIGIT(2) }, { 0x66, 0, 0x72, GROUP | DIGIT(4) },
    { 0x66, 0, 0x72, GROUP | DIGIT(6) }, { 0x66, 0, 0x73, GROUP | DIGIT(2) }, { 0x66, 0, 0x73, GROUP | DIGIT(3) }, { 0x66, 0, 0x73, GROUP | DIGIT(6) }, { 0x66, 0, 0x73, GROUP | DIGIT(7) },
    { 0x66, 0, 0x6e, XGR }, /* movd: counts that are small */
};

static const struct row shuffles[] = {
    P(0x63), P(0x6b), P(0x67), P8(0x2b), P(0x60), P(0x61), P(0x62), P(0x6c), P(0x68), P(0x69), P(0x6a), P(0x6d), { 0, 0, 0x14, XX }, { 0, 0, 0x15, XX },
    P(0x14), P(0x15), P8(0x00), { 0x66, 0, 0x70, XX | IMM }, { 0xf2, 0, 0x70, XX | IMM }, { 0xf3, 0, 0x70, XX | IMM }, { 0, 0, 0xc6, XX | IMM },
    { 0x66, 0, 0xc6, XX | IMM }, { 0x66, 0x3a, 0x0f, XX | IMM }, { 0x66, 0x3a, 0x0c, XX | IMM }, { 0x66, 0x3a, 0x0d, XX | IMM }, { 0x66, 0x3a, 0x0e, XX | IMM },
    P8(0x14), P8(0x15), P8(0x10),
#define LOOSE8(opcode) { 0x66, 0x38, opcode, XX | LOOSE }
    LOOSE8(0x20), LOOSE8(0x21), LOOSE8(0x22), LOOSE8(0x23), LOOSE8(0x24), LOOSE8(0x25),
    LOOSE8(0x30), LOOSE8(0x31), LOOSE8(0x32), LOOSE8(0x33), LOOSE8(0x34), LOOSE8(0x35),
};

static const struct row strings[] = {
    { 0x66, 0x3a, 0x60, XX | IMM | WIDE | LOOSE }, { 0x66, 0x3a, 0x61, XX | IMM | WIDE | LOOSE },
    { 0x66, 0x3a, 0x62, XX | IMM | LOOSE }, { 0x66, 0x3a, 0x63, XX | IMM | LOOSE },
};
/* clang-format on */

#define EMIT(name, rows)                                                                           \
    static void emit_##name(struct sequence *s)                                                    \
    {                                                                                              \
        emit_row(s, &(rows)[sequence_below(s, sizeof(rows) / sizeof(rows)[0])]);                   \
    }
EMIT(move, moves)
EMIT(arithmetic, arithmetic)
EMIT(compare, compares)
EMIT(conversion, conversions)
EMIT(integer, integers)
EMIT(shift, shifts)
EMIT(shuffle, shuffles)

/* Processors differ in what else they report when a product raises an unmasked exception. */
static void emit_dot(struct sequence *s)
{
    s->masks_all = true;
    emit_row(s, &dots[sequence_below(s, sizeof dots / sizeof dots[0])]);
}

/* Lengths first: mov eax, small; mov edx, small. */
static void emit_string(struct sequence *s)
{
    for (unsigned opcode = 0xb8; opcode <= 0xba; opcode += 2) {
        byte(s, opcode);
        for (unsigned i = 0; i < 4; i++)
            byte(s, i ? chance(s, 5) ? 0xff : 0 : sequence_below(s, 20));
    }
    unsigned n = (unsigned)sequence_below(s, sizeof strings / sizeof strings[0]);
    emit_row(s, &strings[n]);
    s->code[s->length - 1] = (uint8_t)sequence_below(s, 128);
}

/* All of them mixed. */
static void emit_any(struct sequence *s)
{
    static void (*const emitters[])(struct sequence *) = {
        emit_move,    emit_arithmetic, emit_compare, emit_conversion,
        emit_integer, emit_shift,      emit_shuffle, emit_string,
    };
    emitters[sequence_below(s, sizeof emitters / sizeof emitters[0])](s);
}

/* --- values ----------------------------------------------------------------------------------------- */

static uint64_t any_float(struct sequence *s, unsigned fraction, unsigned exponents)
{
    uint64_t one = 1, max = (one << exponents) - 1, mask = (one << fraction) - 1;
    uint64_t bias = max >> 1, sign = sequence_below(s, 2) << (fraction + exponents);
    uint64_t f = sequence_random(s) & mask;
    switch (sequence_below(s, 14)) {
    case 0: return sign;
    case 1: return sign | max << fraction;
    case 2: return sign | max << fraction | one << (fraction - 1) | f;
    case 3: return sign | max << fraction | (f >> 1) | 1; /* signalling */
    case 4: return sign | f;
    case 5: return sign | sequence_below(s, 4);
    case 6: return sign | one << fraction | (chance(s, 50) ? 0 : f);
    case 7: return sign | (max - 1) << fraction | (chance(s, 50) ? mask : f);
    case 8: return sign | (bias + 30 + sequence_below(s, 4)) << fraction | (chance(s, 50) ? 0 : f);
    case 9:
        return sign | ((bias + 62 + sequence_below(s, 4)) & max) << fraction |
               (chance(s, 50) ? 0 : f);
    case 10: /* short fractions near one: exact results and halves */
        return sign | (bias - 2 + sequence_below(s, 8)) << fraction | (f & ~(mask >> 4));
    case 11: return sign | sequence_below(s, 60) << fraction | f;
    case 12: return sequence_random(s) & ((one << (fraction + exponents) << 1) - 1);
    default: return sign | (bias - 30 + sequence_below(s, 60)) << fraction | f;
    }
}

void sequence_vector(struct sequence *s, uint64_t out[2])
{
    unsigned kind = (unsigned)sequence_below(s, 8);
    for (unsigned i = 0; i < 2; i++) {
        uint64_t letters = sequence_random(s) & sequence_random(s) & UINT64_C(0x0303030303030303);
        if (chance(s, 60)) letters |= UINT64_C(0x0404040404040404);
        if (kind < 3)
            out[i] = any_float(s, 52, 11);
        else if (kind < 6)
            out[i] = any_float(s, 23, 8) | any_float(s, 23, 8) << 32;
        else
            out[i] = kind == 6 ? letters : sequence_value(s);
    }
}

/* Mostly all exceptions masked; now and then not. */
static uint32_t any_mxcsr(struct sequence *s)
{
    uint32_t mxcsr = 0x1f80;
    if (chance(s, 40)) mxcsr |= (uint32_t)sequence_below(s, 4) << 13;
    if (chance(s, 20)) mxcsr |= 0x40;
    if (chance(s, 20)) mxcsr |= 0x8000;
    if (chance(s, 40)) mxcsr |= (uint32_t)sequence_below(s, 64);
    if (chance(s, 30)) mxcsr |= 0x20;
    if (chance(s, 15) && !s->masks_all) mxcsr &= ~(uint32_t)(sequence_below(s, 64) << 7);
    return mxcsr;
}

static void prepare(struct sequence *s, uint8_t *image)
{
    enum { MXCSR_AT = 24, XMM_AT = 160 };
    uint32_t mxcsr = any_mxcsr(s);
    memcpy(image + MXCSR_AT, &mxcsr, sizeof mxcsr);
    for (unsigned i = 0; i < 16; i++) {
        uint64_t vector[2];
        sequence_vector(s, vector);
        memcpy(image + XMM_AT + 16 * i, vector, sizeof vector);
    }
}

const struct family sse_families[] = {
    { "SSE move", emit_move, prepare },
    { "SSE arithmetic", emit_arithmetic, prepare },
    { "SSE dot product", emit_dot, prepare },
    { "SSE compare", emit_compare, prepare },
    { "SSE conversion", emit_conversion, prepare },
    { "SSE integer", emit_integer, prepare },
    { "SSE shift", emit_shift, prepare },
    { "SSE shuffle", emit_shuffle, prepare },
    { "SSE string", emit_string, prepare },
    { "SSE", emit_any, prepare },
};
const size_t sse_family_count = sizeof sse_families / sizeof sse_families[0];
