/* SPDX-License-Identifier: BSD-2-Clause */
/* Families of integer instructions, straight from the opcode map, so that every form of an operand is met. Memory
 * operands go through RBX, RSI, RDI and R13, which tests point at data. */
#include "machine/sequence_emit.h"

enum {
    CF = 1,
    PF = 4,
    AF = 16,
    ZF = 64,
    SF = 128,
    OF = 2048,
    ARITHMETIC = CF | PF | AF | ZF | SF | OF
};

/* Any register but RSP and the pointers: wherever those went, a store could go, into the test itself. */
static unsigned any_reg(struct sequence *s)
{
    static const uint8_t usual[] = { 0, 1, 2, 5, 8, 9, 10, 11, 12, 14, 15 };
    return usual[sequence_below(s, sizeof usual)];
}

/* An instruction with a ModRM byte. */
struct form {
    unsigned bytes;  /* operand width: 1, 2, 4, 8 */
    unsigned opcode; /* up to three bytes, 0x0fa3 */
    int extension;   /* the reg field, or ANY_REGISTER */
    bool memory_only, register_only;
    unsigned immediate; /* bytes of immediate behind (they shift RIP-relative addresses) */
    uint8_t prefix;     /* 0xf3, 0xf0, …; 0 for none */
};

#define FORM(width, opcode_, extension_)                                                           \
    (struct form)                                                                                  \
    {                                                                                              \
        .bytes = (width), .opcode = (opcode_), .extension = (extension_)                           \
    }
#define FORM_WITH(width, opcode_, extension_, ...)                                                 \
    (struct form)                                                                                  \
    {                                                                                              \
        .bytes = (width), .opcode = (opcode_), .extension = (extension_), __VA_ARGS__              \
    }
enum { ANY_REGISTER = -1 };

struct operand {
    unsigned reg; /* register operand in r/m, when not memory */
    bool memory;
    uint8_t modrm, sib;
    bool has_sib, rex_x, rex_b;
    unsigned displacement_bytes;
    uint64_t displacement;
};

/* Near the middle of the data, now and then at a page's or the region's end. */
static uint64_t displacement(struct sequence *s, unsigned bytes)
{
    if (bytes == 1) return sequence_below(s, 256) - 128;
    if (chance(s, 90)) return sequence_below(s, 0x700) - 0x380;
    return 0x800 - sequence_below(s, 16) + (chance(s, 50) ? 0x1000 : 0);
}

static struct operand memory_operand(struct sequence *s)
{
    static const uint8_t bases[] = { 3, 6, 7, 13 };
    struct operand o = { .memory = true };
    unsigned base = bases[sequence_below(s, 4)];
    unsigned mod = 1 + (unsigned)sequence_below(s, 2);
    o.displacement_bytes = mod == 1 ? 1 : 4;
    o.displacement = displacement(s, o.displacement_bytes);
    o.rex_b = base > 7;
    o.has_sib = chance(s, 30);
    if (!o.has_sib) {
        o.modrm = (uint8_t)(mod << 6 | (base & 7));
        return o;
    }
    unsigned index = chance(s, 80) ? 4 : any_reg(s); /* 4: none */
    o.rex_x = index > 7;
    o.modrm = (uint8_t)(mod << 6 | 4);
    o.sib = (uint8_t)(sequence_below(s, 4) << 6 | (index & 7) << 3 | (base & 7));
    return o;
}

static struct operand pick_operand(struct sequence *s, const struct form *f)
{
    if (!f->memory_only && (f->register_only || chance(s, 60))) {
        unsigned reg = any_reg(s);
        return (
            struct operand){ .reg = reg, .modrm = (uint8_t)(0xc0 | (reg & 7)), .rex_b = reg > 7 };
    }
    if (chance(s, 94)) return memory_operand(s);
    /* absolute, low 2 GiB: the data or the read-only page */
    return (struct operand){ .memory = true,
                             .modrm = 4,
                             .has_sib = true,
                             .sib = 0x25,
                             .displacement_bytes = 4,
                             .displacement = (chance(s, 70) ? 0x20000800 : 0x30000100) +
                                             sequence_below(s, 64) };
}

static void emit_opcode(struct sequence *s, unsigned opcode)
{
    if (opcode > 0xffff) byte(s, opcode >> 16);
    if (opcode > 0xff) byte(s, opcode >> 8);
    byte(s, opcode);
}

static void emit(struct sequence *s, struct form f)
{
    struct operand o = pick_operand(s, &f);
    unsigned reg = f.extension >= 0 ? (unsigned)f.extension : any_reg(s);
    if (f.prefix) byte(s, f.prefix);
    if (f.bytes == 2) byte(s, 0x66);
    unsigned rex =
        (f.bytes == 8 ? 8u : 0) | (reg > 7 ? 4u : 0) | (o.rex_x ? 2u : 0) | (o.rex_b ? 1u : 0);
    if (rex || chance(s, 10) || f.bytes == 1) byte(s, 0x40 | rex);
    emit_opcode(s, f.opcode);
    byte(s, o.modrm | (reg & 7) << 3);
    if (o.has_sib) byte(s, o.sib);
    bytes(s, o.displacement_bytes, o.displacement);
    if (f.immediate) bytes(s, f.immediate, sequence_value(s));
}

static unsigned any_width(struct sequence *s)
{
    return 1u << sequence_below(s, 4);
}
static unsigned wide(struct sequence *s)
{
    return 2u << sequence_below(s, 3);
}
static unsigned immediate_of(unsigned width)
{
    return width < 8 ? width : 4;
}

static void emit_alu(struct sequence *s)
{
    unsigned operation = (unsigned)sequence_below(s, 8), width = any_width(s);
    unsigned wide_bit = width > 1;
    switch (sequence_below(s, 4)) {
    case 0: emit(s, FORM(width, operation << 3 | wide_bit, ANY_REGISTER)); break;
    case 1: emit(s, FORM(width, operation << 3 | 2 | wide_bit, ANY_REGISTER)); break;
    case 2:
        emit(s,
             FORM_WITH(width, 0x80 | wide_bit, (int)operation, .immediate = immediate_of(width)));
        break;
    default: emit(s, FORM_WITH(width, width > 1 ? 0x83 : 0x80, (int)operation, .immediate = 1));
    }
    if (operation == 1 || operation == 4 || operation == 6) s->undefined = AF;
}

static void emit_test(struct sequence *s)
{
    unsigned width = any_width(s), wide_bit = width > 1;
    if (chance(s, 50))
        emit(s, FORM(width, 0x84 | wide_bit, ANY_REGISTER));
    else
        emit(s, FORM_WITH(width, 0xf6 | wide_bit, 0, .immediate = immediate_of(width)));
    s->undefined = AF;
}

static void emit_unary(struct sequence *s)
{
    unsigned width = any_width(s), wide_bit = width > 1;
    if (chance(s, 50))
        emit(s, FORM(width, 0xfe | wide_bit, (int)sequence_below(s, 2)));
    else
        emit(s, FORM(width, 0xf6 | wide_bit, 2 + (int)sequence_below(s, 2)));
}

static void emit_multiply(struct sequence *s)
{
    unsigned width = any_width(s);
    s->undefined = SF | ZF | AF | PF;
    switch (sequence_below(s, 4)) {
    case 0: emit(s, FORM(wide(s), 0x0faf, ANY_REGISTER)); break;
    case 1: emit(s, FORM_WITH(wide(s), 0x6b, ANY_REGISTER, .immediate = 1)); break;
    case 2:
        width = wide(s);
        emit(s, FORM_WITH(width, 0x69, ANY_REGISTER, .immediate = immediate_of(width)));
        break;
    default: emit(s, FORM(width, 0xf6 | (width > 1), 4 + (int)sequence_below(s, 2)));
    }
}

static void emit_divide(struct sequence *s)
{
    if (chance(s, 60)) { /* xor edx, edx: a quotient that fits more often */
        byte(s, 0x31);
        byte(s, 0xd2);
    }
    unsigned width = any_width(s);
    s->undefined = ARITHMETIC;
    emit(s, FORM(width, 0xf6 | (width > 1), 6 + (int)sequence_below(s, 2)));
}

/* Which flags a count leaves undefined is only known for counts of the instruction itself. */
static void emit_shift(struct sequence *s)
{
    unsigned width = any_width(s), wide_bit = width > 1;
    int operation = (int)sequence_below(s, 8);
    s->undefined =
        AF | OF | (width < 4 ? CF : 0); /* OF: counts above 1; CF: counts above the width */
    if (operation < 4) s->undefined = OF;
    switch (sequence_below(s, 3)) {
    case 0:
        emit(s, FORM(width, 0xd0 | wide_bit, operation));
        s->undefined = operation < 4 ? 0 : AF;
        break;
    case 1: emit(s, FORM(width, 0xd2 | wide_bit, operation)); break;
    default: emit(s, FORM_WITH(width, 0xc0 | wide_bit, operation, .immediate = 1));
    }
}

static void emit_double_shift(struct sequence *s)
{
    unsigned width =
        4u << sequence_below(s, 2); /* 16 bits with counts above 16 are undefined whole */
    unsigned opcode = chance(s, 50) ? 0x0fa4 : 0x0fac;
    s->undefined = AF | OF;
    if (chance(s, 50))
        emit(s, FORM_WITH(width, opcode, ANY_REGISTER, .immediate = 1));
    else
        emit(s, FORM(width, opcode + 1, ANY_REGISTER));
}

static void emit_bit(struct sequence *s)
{
    static const unsigned by_register[] = { 0x0fa3, 0x0fab, 0x0fb3, 0x0fbb };
    s->undefined = OF | SF | AF | PF;
    if (chance(s, 50))
        emit(s, FORM_WITH(wide(s), 0x0fba, 4 + (int)sequence_below(s, 4), .immediate = 1));
    else
        emit(s, FORM_WITH(wide(s), by_register[sequence_below(s, 4)], ANY_REGISTER,
                          .register_only = chance(s, 70)));
}

static void emit_scan(struct sequence *s)
{
    s->undefined = CF | OF | SF | AF | PF;
    emit(s, FORM(wide(s), chance(s, 50) ? 0x0fbc : 0x0fbd, ANY_REGISTER));
}

static void emit_count(struct sequence *s)
{
    if (chance(s, 60)) {
        unsigned width = wide(s);
        if (width == 2) { /* 66 before F3 */
            byte(s, 0x66);
            width = 4;
        }
        emit(s, FORM_WITH(width, 0x0fb8, ANY_REGISTER, .prefix = 0xf3));
        return;
    }
    unsigned reg = any_reg(s); /* bswap */
    byte(s, 0x40 | (chance(s, 50) ? 8u : 0) | (reg > 7));
    byte(s, 0x0f);
    byte(s, 0xc8 | (reg & 7));
}

static void emit_move(struct sequence *s)
{
    unsigned width = any_width(s), wide_bit = width > 1;
    switch (sequence_below(s, 9)) {
    case 0: emit(s, FORM(width, 0x88 | wide_bit, ANY_REGISTER)); break;
    case 1: emit(s, FORM(width, 0x8a | wide_bit, ANY_REGISTER)); break;
    case 2: emit(s, FORM_WITH(width, 0xc6 | wide_bit, 0, .immediate = immediate_of(width))); break;
    case 3: emit(s, FORM(wide(s), 0x0fb6 | (unsigned)sequence_below(s, 2), ANY_REGISTER)); break;
    case 4: emit(s, FORM(wide(s), 0x0fbe | (unsigned)sequence_below(s, 2), ANY_REGISTER)); break;
    case 5: emit(s, FORM(8, 0x63, ANY_REGISTER)); break;
    case 6: emit(s, FORM_WITH(wide(s), 0x8d, ANY_REGISTER, .memory_only = true)); break;
    case 7: emit(s, FORM(width, 0x86 | wide_bit, ANY_REGISTER)); break;
    default: {
        unsigned reg = any_reg(s);
        byte(s, 0x48 | (reg > 7));
        byte(s, 0xb8 | (reg & 7));
        bytes(s, 8, sequence_value(s));
    }
    }
}

static void emit_conditional(struct sequence *s)
{
    unsigned condition = (unsigned)sequence_below(s, 16);
    if (chance(s, 50))
        emit(s, FORM(wide(s), 0x0f40 | condition, ANY_REGISTER));
    else
        emit(s, FORM(1, 0x0f90 | condition, 0));
}

static void emit_exchange(struct sequence *s)
{
    unsigned width = any_width(s), wide_bit = width > 1;
    switch (sequence_below(s, 4)) {
    case 0: emit(s, FORM(width, 0x0fb0 | wide_bit, ANY_REGISTER)); break;
    case 1: emit(s, FORM(width, 0x0fc0 | wide_bit, ANY_REGISTER)); break;
    case 2: emit(s, FORM_WITH(chance(s, 50) ? 4 : 8, 0x0fc7, 1, .memory_only = true)); break;
    default:
        emit(s, FORM_WITH(width, wide_bit, ANY_REGISTER, .memory_only = true,
                          .prefix = 0xf0)); /* lock add */
    }
}

static void emit_flags(struct sequence *s)
{
    static const uint8_t simple[] = { 0xf8, 0xf9, 0xf5, 0xfc, 0x9e, 0x9f };
    static const uint8_t extend[] = { 0x98, 0x99 };
    if (chance(s, 60)) {
        byte(s, simple[sequence_below(s, sizeof simple)]);
        return;
    }
    unsigned width = wide(s);
    if (width == 2) byte(s, 0x66);
    if (width == 8) byte(s, 0x48);
    byte(s, extend[sequence_below(s, 2)]);
}

static void emit_stack(struct sequence *s)
{
    unsigned reg = any_reg(s);
    switch (sequence_below(s, 9)) {
    case 0:
    case 1:
        if (reg > 7) byte(s, 0x41);
        byte(s, (chance(s, 50) ? 0x50u : 0x58u) | (reg & 7));
        break;
    case 2:
        byte(s, 0x6a);
        byte(s, sequence_random(s));
        break;
    case 3:
        byte(s, 0x68);
        bytes(s, 4, sequence_value(s));
        break;
    case 4: byte(s, 0x9c); break;
    case 5:
        byte(s, 0x6a);
        byte(s, sequence_below(s, 2) ? 0xd5 & 0x7f : 0x41);
        byte(s, 0x9d);
        break; /* push; popf */
    case 6: emit(s, FORM(4, 0xff, 6)); break;
    case 7: emit(s, FORM(4, 0x8f, 0)); break;
    default:
        bytes(s, 3, 0xe58948); /* mov rbp, rsp: where ENTER finds the frames it copies */
        byte(s, 0xc8);
        bytes(s, 2, sequence_below(s, 64));
        byte(s, sequence_below(s, 3));
        byte(s, 0xc9);
    }
}

static void emit_string(struct sequence *s)
{
    static const uint8_t operations[] = { 0xa4, 0xa6, 0xaa, 0xac, 0xae };
    if (chance(s, 70)) { /* mov ecx, small */
        byte(s, 0xb9);
        bytes(s, 4, sequence_below(s, chance(s, 95) ? 40 : 9000));
    }
    if (chance(s, 20)) byte(s, 0xfd);
    unsigned operation = operations[sequence_below(s, sizeof operations)], width = any_width(s);
    if (chance(s, 70)) byte(s, 0xf2 | sequence_below(s, 2));
    if (width == 2) byte(s, 0x66);
    if (width == 8) byte(s, 0x48);
    byte(s, operation | (width > 1));
    byte(s, 0xfc);
}

/* mov r12, somewhere that is not mapped or not canonical; then a jump or call there. */
static void emit_jump_away(struct sequence *s)
{
    uint64_t address = UINT64_C(0x11000000) + sequence_below(s, 0x1000000);
    bool canonical = chance(s, 50);
    if (!canonical) address |= sequence_random(s) << 48 | UINT64_C(1) << 47;
    bytes(s, 2, 0xbc49);
    bytes(s, 8, address);
    /* a call to a non-canonical address with a bad stack: vendors differ in what comes first */
    bytes(s, 3, canonical && chance(s, 50) ? 0xd4ff41 : 0xe4ff41);
}

/* Jumps over one instruction, or none; calls and returns. */
static void emit_branch(struct sequence *s)
{
    unsigned over = chance(s, 50) ? 3 : 0;
    switch (sequence_below(s, 6)) {
    case 0:
        byte(s, 0x70 | sequence_below(s, 16));
        byte(s, over);
        break;
    case 1:
        byte(s, 0x0f);
        byte(s, 0x80 | sequence_below(s, 16));
        bytes(s, 4, over);
        break;
    case 2:
        byte(s, 0xe0 | sequence_below(s, 4));
        byte(s, over);
        break;
    case 3:
        byte(s, 0xeb);
        byte(s, over);
        break;
    case 4:
        byte(s, 0xe8);
        bytes(s, 4, over);
        break;
    default: emit_jump_away(s); return;
    }
    if (over) { /* lea eax, [rax+rax+…] of three bytes */
        byte(s, 0x8d);
        byte(s, 0x04);
        byte(s, 0x00 | sequence_below(s, 2));
    }
}

/* What is hardly more than a load or a store, and CRC32. */
static void emit_others(struct sequence *s)
{
    static const uint8_t fences[] = { 0xe8, 0xf0, 0xf8 };
    unsigned width = 4u << sequence_below(s, 2), wide_bit = (unsigned)sequence_below(s, 2);
    switch (sequence_below(s, 8)) {
    case 0:
    case 1: emit(s, FORM_WITH(width, 0x0f38f0 | wide_bit, ANY_REGISTER, .prefix = 0xf2)); break;
    case 2: byte(s, 0xd7); break; /* xlat */
    case 3:
        emit(s, FORM_WITH(width, 0x0fc3, ANY_REGISTER, .memory_only = true));
        break; /* movnti */
    case 4: emit(s, FORM(4, 0x0f1f, 0)); break;
    case 5: emit(s, FORM_WITH(4, 0x0f18, (int)sequence_below(s, 4), .memory_only = true)); break;
    case 6:
        bytes(s, 2, 0xae0f);
        byte(s, fences[sequence_below(s, sizeof fences)]);
        break;
    default: bytes(s, 2, chance(s, 50) ? 0x90f3 : 0x9066); /* pause, or a longer nop */
    }
}

static void emit_fault(struct sequence *s)
{
    /* clang-format off */
    static const char *const code[] = {
        "\xf4", "\xfa", "\xfb", "\xec", "\xee", "\xe4\x60", "\xe6\x80", "\x0f\x32",
        "\x0f\x30", "\x0f\x20\xc0", "\x0f\x22\xd8", "\x0f\x23\xc0", "\x0f\x08", "\x0f\x06",
        "\x0f\x0b", "\x0f\x09", "\x0f\xb9\xc0", "\xf0\x90", "\xf0\x01\xc0", "\xf0\x89\x03",
        "\x06", "\x27", "\x62", "\xcd\x20", "\xcd\x0d", "\xcd\x7f", "\xcd\x21",
        "\x0f\x01\x13", "\x0f\x07", "\x66\xb8\x34\x12\x8e\xd8", "\x8d\xc0", "\x0f\xff\xc0",
        "\xcc",
        "\x49\xbe\x01\x02\x03\x04\x05\x06\x07\x88\x41\xff\xe6", /* jump to a non-canonical address */
        "\x49\xbe\x01\x02\x03\x04\x05\x06\x07\x88\x49\x8b\x06", /* read from it */
        "\x49\xbe\x01\x02\x03\x04\x05\x06\x07\x88\x41\x56\xc3", /* return to it */
        "\x48\xbc\x01\x02\x03\x04\x05\x06\x07\x88\x50", /* push there */
        "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90", /* 16 bytes */
    };
    /* clang-format on */
    const char *c = code[sequence_below(s, sizeof code / sizeof code[0])];
    while (*c) byte(s, (uint8_t)*c++);
}

const struct family integer_families[] = {
    { "alu", emit_alu, NULL },
    { "test", emit_test, NULL },
    { "unary", emit_unary, NULL },
    { "multiply", emit_multiply, NULL },
    { "divide", emit_divide, NULL },
    { "shift", emit_shift, NULL },
    { "double shift", emit_double_shift, NULL },
    { "bit test", emit_bit, NULL },
    { "bit scan", emit_scan, NULL },
    { "popcnt, bswap", emit_count, NULL },
    { "move", emit_move, NULL },
    { "conditional", emit_conditional, NULL },
    { "exchange", emit_exchange, NULL },
    { "flags", emit_flags, NULL },
    { "stack", emit_stack, NULL },
    { "string", emit_string, NULL },
    { "branch", emit_branch, NULL },
    { "others", emit_others, NULL },
    { "fault", emit_fault, NULL },
};
const size_t integer_family_count = sizeof integer_families / sizeof integer_families[0];
