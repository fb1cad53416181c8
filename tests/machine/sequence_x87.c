/* SPDX-License-Identifier: BSD-2-Clause */
/* Families of x87 instructions, from states as programs have them and from any other. */
#include <string.h>

#include "machine/sequence_emit.h"

/* --- states ----------------------------------------------------------------------------------------- */

static void put(uint8_t *at, uint64_t value, size_t size)
{
    memcpy(at, &value, size);
}

/* A number of 80 bits: zero, denormal, unnormal, normal, infinite, no number. */
static void any_number(struct sequence *s, uint8_t *at)
{
    static const uint16_t exponents[] = {
        0, 0, 1, 2, 0x3c01, 0x3f81, 0x407f, 0x43ff, 0x7ffe, 0x7fff
    };
    static const uint64_t significands[] = { 0,
                                             1,
                                             UINT64_C(1) << 63,
                                             UINT64_C(1) << 62,
                                             UINT64_C(3) << 62,
                                             UINT64_C(0xffffff0000000000),
                                             UINT64_C(0xfffffffffffff800),
                                             UINT64_MAX };
    uint64_t significand = sequence_random(s) | UINT64_C(1) << 63;
    uint64_t exponent = 0x3fff - 66 + sequence_below(s, 132);
    if (chance(s, 40)) significand = significands[sequence_below(s, 8)];
    if (chance(s, 40)) significand |= UINT64_C(1) << 63;
    if (chance(s, 30)) exponent = exponents[sequence_below(s, 10)];
    if (chance(s, 2)) exponent = sequence_below(s, 0x8000);
    put(at, significand, 8);
    put(at + 8, exponent | sequence_below(s, 2) << 15, 2);
}

/* Half of the states compute with all exceptions masked. */
static void prepare(struct sequence *s, uint8_t *image)
{
    uint64_t control = 0x37f, tags = sequence_random(s) | sequence_random(s);
    if (chance(s, 50)) control = 0x7f | sequence_below(s, 16) << 8;
    if (chance(s, 35)) control &= ~sequence_below(s, 64);
    uint64_t status = (sequence_random(s) & 0x7f40) | sequence_below(s, 8) << 11;
    if (chance(s, 40)) status |= sequence_below(s, 64);
    if (chance(s, 90)) status &= ~(uint64_t)(~control & 0x3f);
    if (status & ~control & 0x3f) status |= 0x8080;
    put(image, control, 2);
    put(image + 2, status, 2);
    put(image + 4, chance(s, 30) ? 0xff : tags, 1);
    for (unsigned i = 0; i < 8; i++) any_number(s, image + 32 + 16 * i);
}

/* --- instructions ----------------------------------------------------------------------------------- */

/* [rbx], [rsi], [rdi] or [r13] with a small displacement; rarely a large one, to the pages' end and behind. */
static void memory(struct sequence *s, unsigned escape, unsigned reg)
{
    static const uint8_t base[] = { 3, 6, 7, 13 };
    unsigned b = base[sequence_below(s, 4)];
    bool is_far = chance(s, 5);
    if (b > 7) byte(s, 0x41);
    byte(s, 0xd8 | escape);
    byte(s, (is_far ? 0x80u : 0x40u) | reg << 3 | (b & 7));
    uint64_t displacement = is_far ? sequence_below(s, 0x2000) : sequence_random(s);
    for (unsigned i = 0; i < (is_far ? 4 : 1); i++) byte(s, displacement >> 8 * i);
}

static void registers(struct sequence *s, unsigned escape, unsigned modrm)
{
    byte(s, 0xd8 | escape);
    byte(s, modrm);
}

/* mov r11, number; mov [rbx - 0x80 + …], r11: an operand that is a number, for what loads next. */
static void emit_operand(struct sequence *s)
{
    uint8_t number[10];
    any_number(s, number);
    byte(s, 0x49);
    byte(s, 0xbb);
    for (unsigned i = 0; i < 8; i++) byte(s, number[i]);
    byte(s, 0x4c);
    byte(s, 0x89);
    byte(s, 0x5b);
    byte(s, 0x10);
    byte(s, 0x66);
    byte(s, 0xc7);
    byte(s, 0x43);
    byte(s, 0x18);
    byte(s, number[8]);
    byte(s, number[9]);
    byte(s, 0xdb); /* fld tbyte [rbx + 0x10] */
    byte(s, 0x6b);
    byte(s, 0x10);
}

static void emit_load(struct sequence *s)
{
    static const uint8_t form[][2] = { { 1, 0 }, { 3, 5 }, { 5, 0 }, { 3, 0 },
                                       { 7, 0 }, { 7, 5 }, { 7, 4 } };
    uint64_t which = sequence_below(s, 11);
    if (which < 7)
        memory(s, form[which][0], form[which][1]);
    else if (which == 7)
        registers(s, 1, 0xc0 | (unsigned)sequence_below(s, 8));
    else if (which == 8)
        registers(s, 1, 0xe8 + (unsigned)sequence_below(s, 7));
    else
        emit_operand(s);
}

static void emit_store(struct sequence *s)
{
    static const uint8_t form[][2] = { { 1, 2 }, { 1, 3 }, { 3, 1 }, { 3, 2 }, { 3, 3 },
                                       { 3, 7 }, { 5, 1 }, { 5, 2 }, { 5, 3 }, { 7, 1 },
                                       { 7, 2 }, { 7, 3 }, { 7, 6 }, { 7, 7 } };
    uint64_t which = sequence_below(s, 16);
    if (which < 14)
        memory(s, form[which][0], form[which][1]);
    else
        registers(s, 5, 0xd0 | (unsigned)sequence_below(s, 16));
}

static void emit_arithmetic(struct sequence *s)
{
    static const uint8_t escape[] = { 0, 4, 6 };
    static const uint8_t operation[] = { 0, 1, 4, 5, 6, 7 };
    unsigned reg = operation[sequence_below(s, 6)];
    if (chance(s, 40))
        memory(s, 2 * (unsigned)sequence_below(s, 4), reg);
    else
        registers(s, escape[sequence_below(s, 3)],
                  0xc0 | reg << 3 | (unsigned)sequence_below(s, 8));
}

static void emit_compare(struct sequence *s)
{
    static const uint8_t form[][2] = { { 0, 0xd0 }, { 0, 0xd8 }, { 5, 0xe0 }, { 5, 0xe8 },
                                       { 3, 0xe8 }, { 3, 0xf0 }, { 7, 0xe8 }, { 7, 0xf0 } };
    uint64_t which = sequence_below(s, 13);
    if (which < 8)
        registers(s, form[which][0], form[which][1] | (unsigned)sequence_below(s, 8));
    else if (which == 8)
        registers(s, 2, 0xe9);
    else if (which == 9)
        registers(s, 6, 0xd9);
    else if (which == 10)
        registers(s, 1, 0xe4 + (unsigned)sequence_below(s, 2));
    else
        memory(s, 2 * (unsigned)sequence_below(s, 4), 2 + (unsigned)sequence_below(s, 2));
}

static void emit_move(struct sequence *s)
{
    unsigned i = (unsigned)sequence_below(s, 8);
    switch (sequence_below(s, 5)) {
    case 0: registers(s, 1, 0xc8 | i); break;
    case 1: registers(s, 5, 0xc0 | i); break;
    case 2: registers(s, 1, 0xf6 + (i & 1)); break;
    case 3: registers(s, 1, i & 1 ? 0xe0 : 0xe1); break;
    default: registers(s, 2 + (i & 1), 0xc0 | (unsigned)sequence_below(s, 32));
    }
}

/* Transcendental ones, too: the model computes them by this very processor. */
static void emit_function(struct sequence *s)
{
    registers(s, 1, 0xf0 | (unsigned)sequence_below(s, 16));
}

static void emit_control(struct sequence *s)
{
    switch (sequence_below(s, 12)) {
    case 0: registers(s, 7, 0xe0); break;
    case 1: registers(s, 3, 0xe2); break;
    case 2: registers(s, 3, 0xe3); break;
    case 3: byte(s, 0x9b); break;
    case 4: registers(s, 1, 0xd0); break;
    case 5: memory(s, 1, 7); break;
    case 6: memory(s, 5, 7); break;
    case 7: /* mov word [rbx], control; fldcw [rbx] */
        byte(s, 0x66);
        byte(s, 0xc7);
        byte(s, 0x03);
        byte(s, chance(s, 50) ? sequence_random(s) : 0x7f);
        byte(s, sequence_random(s));
        byte(s, 0xd9);
        byte(s, 0x2b);
        break;
    case 8: memory(s, 1, 5); break;
    case 9: byte(s, 0x0f), byte(s, 0x77); break;
    default: byte(s, 0xdb), byte(s, 0xe0 | sequence_below(s, 2)); break;
    }
}

/* Whole states through memory and back. Behind it the fields for the last instruction are cleared,
 * which some processors keep only for exceptions. */
static void emit_state(struct sequence *s)
{
    static const uint8_t round_trip[][16] = {
        { 0xd9, 0x73, 0x10, 0xd9, 0x63, 0x10 },             /* fnstenv, fldenv */
        { 0x66, 0xd9, 0x73, 0x10, 0x66, 0xd9, 0x63, 0x10 }, /* short */
        { 0xdd, 0x73, 0x10, 0xdd, 0x63, 0x10 },             /* fnsave, frstor */
        { 0x66, 0xdd, 0x73, 0x10, 0x66, 0xdd, 0x63, 0x10 }, /* short */
        { 0xdd, 0x73, 0x10 },                               /* fnsave alone */
        { 0x66, 0xd9, 0x73, 0x10 },
        { 0x48, 0x83, 0xe3, 0xf0, 0x0f, 0xae, 0x03, 0x0f, 0xae, 0x0b }, /* fxsave, fxrstor */
        { 0x48, 0x83, 0xe3, 0xf0, 0x48, 0x0f, 0xae, 0x03, 0x48, 0x0f, 0xae, 0x0b },
    };
    static const uint8_t fields[] = { 0x1c, 0x20, 0x24, 0x28 }; /* ip, selectors, data */
    uint64_t which = sequence_below(s, 8);
    const uint8_t *code = round_trip[which];
    for (unsigned i = 0; i < 12 && (code[i] || code[i + 1]); i++) byte(s, code[i]);
    if (which < 6) {
        bool is_short = which & 1;
        for (unsigned i = 0; i < 4; i++) { /* mov dword [rbx + field], 0 */
            byte(s, 0xc7);
            byte(s, 0x43);
            byte(s, is_short ? 0x16 + 4 * (i & 1) : fields[i]);
            for (unsigned n = 0; n < 4; n++) byte(s, 0);
        }
        return;
    }
    for (unsigned at = 6; at < 24; at += 2) { /* mov word [rbx + at], 0 */
        const uint8_t clear[] = { 0x66, 0xc7, 0x43, (uint8_t)at, 0, 0 };
        for (unsigned i = 0; i < sizeof clear; i++) byte(s, clear[i]);
    }
    const uint8_t mask[] = { 0xc7, 0x43, 0x1c, 0, 0, 0, 0 };
    for (unsigned i = 0; i < sizeof mask; i++) byte(s, mask[i]);
}

/* --- MMX -------------------------------------------------------------------------------------------- */

/* ModRM and what follows for an MMX register and another one or memory. */
static void mmx_operands(struct sequence *s, unsigned reg, bool in_memory)
{
    bool is_far = chance(s, 5);
    if (!in_memory) {
        byte(s, 0xc0 | reg << 3 | sequence_below(s, 8));
        return;
    }
    byte(s, (is_far ? 0x80u : 0x40u) | reg << 3 | (chance(s, 50) ? 3 : 6)); /* rbx or rsi */
    uint64_t displacement = is_far ? sequence_below(s, 0x2000) : sequence_random(s);
    for (unsigned i = 0; i < (is_far ? 4 : 1); i++) byte(s, displacement >> 8 * i);
}

static void emit_mmx(struct sequence *s)
{
    static const uint8_t opcodes[] = { 0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
                                       0x6a, 0x6b, 0x6f, 0x74, 0x75, 0x76, 0x7f, 0xd1, 0xd2, 0xd3,
                                       0xd4, 0xd5, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf,
                                       0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe8, 0xe9, 0xea, 0xeb,
                                       0xec, 0xed, 0xee, 0xef, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6,
                                       0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe };
    unsigned reg = (unsigned)sequence_below(s, 8);
    byte(s, 0x0f);
    if (chance(s, 20)) { /* SSSE3 */
        unsigned opcode = (unsigned)sequence_below(s, 15);
        byte(s, 0x38);
        byte(s, opcode < 12 ? opcode : opcode + 0x10);
    } else {
        byte(s, opcodes[sequence_below(s, sizeof opcodes)]);
    }
    mmx_operands(s, reg, chance(s, 50));
}

static void emit_mmx_move(struct sequence *s)
{
    static const uint8_t ways[] = { 2, 4, 6 };
    unsigned reg = (unsigned)sequence_below(s, 8), which = (unsigned)sequence_below(s, 10);
    unsigned to = (unsigned)sequence_below(s, 3); /* eax, ecx, edx: no pointer */
    if (which < 2 && chance(s, 50)) byte(s, 0x48);
    byte(s, 0x0f);
    switch (which) {
    case 0: byte(s, 0x6e), mmx_operands(s, reg, chance(s, 50)); break;
    case 1: byte(s, 0x7e), byte(s, 0xc0 | reg << 3 | to); break;
    case 2: byte(s, chance(s, 50) ? 0xe7 : 0x7e), mmx_operands(s, reg, true); break;
    case 3: byte(s, 0x70), mmx_operands(s, reg, chance(s, 50)), byte(s, sequence_random(s)); break;
    case 4: byte(s, 0xc4), mmx_operands(s, reg, chance(s, 50)), byte(s, sequence_random(s)); break;
    case 5: byte(s, 0xc5), mmx_operands(s, to, false), byte(s, sequence_random(s)); break;
    case 6: byte(s, 0xd7), mmx_operands(s, to, false); break;
    case 7: byte(s, 0xf7), mmx_operands(s, reg, false); break;
    case 8:
        byte(s, 0x71 + sequence_below(s, 2));
        mmx_operands(s, ways[sequence_below(s, 3)], false);
        byte(s, sequence_below(s, 40));
        break;
    default:
        byte(s, 0x3a), byte(s, 0x0f), mmx_operands(s, reg, chance(s, 50));
        byte(s, sequence_below(s, 20));
    }
}

/* Between MMX and XMM registers. Left out: CVTPI2PS of memory, behind which x87's state is MMX's on
 * Intel's processors only. */
static void emit_mixed(struct sequence *s)
{
    static const uint8_t code[][2] = {
        { 0, 0x2a }, { 0x66, 0x2a }, { 0, 0x2c },    { 0x66, 0x2c },
        { 0, 0x2d }, { 0x66, 0x2d }, { 0xf3, 0xd6 }, { 0xf2, 0xd6 }
    };
    unsigned which = (unsigned)sequence_below(s, 8);
    if (code[which][0]) byte(s, code[which][0]);
    byte(s, 0x0f);
    byte(s, code[which][1]);
    mmx_operands(s, (unsigned)sequence_below(s, 8), which > 0 && which < 6 && chance(s, 40));
}

/* XMM registers hold numbers that fit integers, mostly. */
static void prepare_mixed(struct sequence *s, uint8_t *image)
{
    prepare(s, image);
    for (unsigned at = 160; at < 288; at += 8) {
        float f = (float)(int64_t)sequence_random(s) /
                  (float)(UINT64_C(1) << (20 + sequence_below(s, 44)));
        double d = (double)f;
        uint64_t bits = sequence_random(s);
        if (chance(s, 45)) memcpy(&bits, &d, 8);
        if (chance(s, 80) && chance(s, 55))
            memcpy(&bits, &f, 4), memcpy((uint8_t *)&bits + 4, &f, 4);
        put(image + at, bits, 8);
    }
    put(image + 24, (chance(s, 80) ? 0x1f80 : sequence_random(s) & 0xffff), 4);
}

/* Any encoding, defined or not, but FNSTENV and FNSAVE: see emit_state. */
static void emit_any(struct sequence *s)
{
    unsigned escape = (unsigned)sequence_below(s, 8), reg = (unsigned)sequence_below(s, 8);
    bool stores_state = reg == 6 && (escape == 1 || escape == 5);
    if (chance(s, 20) && !stores_state)
        memory(s, escape, reg);
    else
        registers(s, escape, 0xc0 | reg << 3 | (unsigned)sequence_below(s, 8));
}

/* Left out: 78 and 79, which some processors have as SSE4a. */
static void emit_any_mmx(struct sequence *s)
{
    unsigned opcode = 0x60 + (unsigned)sequence_below(s, 0x50);
    if (opcode > 0x7f) opcode += 0x50;
    if (opcode == 0x78 || opcode == 0x79) opcode = 0x77;
    byte(s, 0x0f);
    byte(s, opcode);
    if (opcode == 0x77) return;
    bool has_general = opcode == 0x7e || opcode == 0xd7; /* as above: no pointers */
    unsigned reg = (unsigned)sequence_below(s, has_general ? 3 : 8);
    if (opcode == 0x7e)
        byte(s, 0xc0 | (unsigned)sequence_below(s, 8) << 3 | reg);
    else
        mmx_operands(s, reg, chance(s, 30));
    if (opcode >= 0x70 && opcode <= 0x73) byte(s, sequence_random(s));
}

const struct family x87_families[] = {
    { "x87 load", emit_load, prepare },
    { "x87 store", emit_store, prepare },
    { "x87 arithmetic", emit_arithmetic, prepare },
    { "x87 compare", emit_compare, prepare },
    { "x87 move", emit_move, prepare },
    { "x87 function", emit_function, prepare },
    { "x87 control", emit_control, prepare },
    { "x87 state", emit_state, prepare },
    { "x87, any encoding", emit_any, prepare },
    { "mmx, any encoding", emit_any_mmx, prepare },
    { "mmx", emit_mmx, prepare },
    { "mmx and sse", emit_mixed, prepare_mixed },
    { "mmx move", emit_mmx_move, prepare },
};
const size_t x87_family_count = sizeof x87_families / sizeof x87_families[0];
