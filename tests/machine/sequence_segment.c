/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments, alignment checks and 32-bit code at random. FS stays as it is, since the test itself needs
 * it; GS, DS and ES are nobody's. Descriptors are Linux's up to 0x33: what lies behind differs. */
#include "native.h"
#include "machine/sequence_emit.h"

enum { CF = 1, PF = 4, AF = 16, ZF = 64, SF = 128, OF = 2048 };

/* EAX, ECX, EDX, EBP: no pointers of the test's. */
static unsigned any_reg(struct sequence *s)
{
    static const uint8_t usual[] = { 0, 1, 2, 5 };
    return usual[sequence_below(s, 4)];
}

static void short_prefix(struct sequence *s)
{
    if (chance(s, 30)) byte(s, 0x66);
}

/* ModRM and displacement of memory through EBX, ESI or EDI. */
static void memory(struct sequence *s, unsigned reg)
{
    static const uint8_t bases[] = { 3, 6, 7 };
    byte(s, 0x80 | reg << 3 | bases[sequence_below(s, 3)]);
    bytes(s, 4, chance(s, 95) ? sequence_below(s, 0x700) - 0x380 : 0x17fc + sequence_below(s, 8));
}

static void operand(struct sequence *s, unsigned reg)
{
    if (chance(s, 50))
        byte(s, 0xc0 | reg << 3 | any_reg(s));
    else
        memory(s, reg);
}

/* --- segments ----------------------------------------------------------------------------------------- */

static unsigned any_selector(struct sequence *s)
{
    if (chance(s, 10)) return (unsigned)sequence_random(s) | 0xff00;
    return (unsigned)sequence_below(s, 0x38);
}

/* Not one of 32-bit code or (compat) of readable code: those are flat in the model and always there. */
static unsigned bad_selector(struct sequence *s)
{
    unsigned selector = any_selector(s) & 0x7f;
    return selector >= 0x38 || selector >> 3 == NATIVE_CODE_32 >> 3 ? 0x18 : selector;
}

/* LAR, LSL, VERR, VERW of CX. */
static void emit_question(struct sequence *s)
{
    bytes(s, 1, 0xb9); /* mov ecx */
    bytes(s, 4, any_selector(s) | sequence_random(s) << 16);
    short_prefix(s);
    byte(s, 0x0f);
    if (chance(s, 40)) {
        byte(s, 0);
        byte(s, 0xc1 | (4 + sequence_below(s, 2)) << 3);
    } else {
        byte(s, 2 + sequence_below(s, 2));
        byte(s, 0xc1 | any_reg(s) << 3);
    }
}

/* mov [rbx], something; mov [rbx + 4], a selector; lgs, or lss. */
static void emit_pointer(struct sequence *s)
{
    bool is_stack = chance(s, 40);
    bytes(s, 2, 0x03c7);
    bytes(s, 4, sequence_value(s));
    bytes(s, 3, 0x0443c7);
    bytes(s, 4, chance(s, 60) ? NATIVE_STACK : any_selector(s) & ~4u);
    short_prefix(s);
    bytes(s, 3, (is_stack ? 0xb20f : 0xb50f) | (3u | any_reg(s) << 3) << 16);
}

/* push the selector; push the address behind; retf with 64 bits. */
static void emit_return(struct sequence *s)
{
    unsigned selector = chance(s, 70) ? NATIVE_CODE_64 : bad_selector(s);
    byte(s, 0x6a);
    byte(s, selector);
    byte(s, 0x68);
    bytes(s, 4, NATIVE_CODE + s->length + 4 + 2);
    bytes(s, 2, 0xcb48);
}

/* jmp or call far [rbx]: of 32 bits, so that it reaches. */
static void emit_far(struct sequence *s)
{
    bytes(s, 2, 0x03c7);
    size_t at = s->length;
    bytes(s, 4, 0);
    bytes(s, 3, 0x0443c7);
    bytes(s, 4, chance(s, 70) ? NATIVE_CODE_64 & ~sequence_below(s, 4) : bad_selector(s));
    bytes(s, 2, chance(s, 50) ? 0x2bff : 0x1bff);
    uint64_t target = NATIVE_CODE + s->length;
    for (unsigned i = 0; i < 4; i++) s->code[at + i] = (uint8_t)(target >> (8 * i));
}

/* push SS, RSP, flags, CS, RIP; iretq. */
static void emit_iretq(struct sequence *s)
{
    byte(s, 0x6a);
    byte(s, chance(s, 80) ? NATIVE_STACK : bad_selector(s));
    bytes(s, 2, 0x54 | 0x9c << 8);
    byte(s, 0x6a);
    byte(s, chance(s, 80) ? NATIVE_CODE_64 : bad_selector(s));
    byte(s, 0x68);
    bytes(s, 4, NATIVE_CODE + s->length + 4 + 2);
    bytes(s, 2, 0xcf48);
}

/* iretd and iret from a frame of five dwords or words. */
static void emit_iret(struct sequence *s)
{
    bool is_short = chance(s, 20); /* to an address below 64 KiB */
    unsigned size = is_short ? 2 : 4;
    bytes(s, 4, 0x00ec8348 | (5 * size) << 24); /* sub rsp, … */
    const uint64_t value[] = { is_short ? sequence_random(s) : 0,
                               chance(s, 80) ? NATIVE_CODE_64 : bad_selector(s), 0x202,
                               NATIVE_DATA + 0x1400, NATIVE_STACK };
    size_t at = 0;
    for (unsigned i = 0; i < 5; i++) { /* mov [rsp + …], value */
        if (is_short) byte(s, 0x66);
        bytes(s, 4, 0x002444c7u | (i * size) << 24);
        if (i == 0) at = s->length;
        bytes(s, size, value[i]);
    }
    if (is_short) byte(s, 0x66);
    byte(s, 0xcf);
    uint64_t target = NATIVE_CODE + s->length;
    for (unsigned i = 0; i < 4 && !is_short; i++) s->code[at + i] = (uint8_t)(target >> (8 * i));
}

/* 66: BP is only what ENTER and LEAVE take of it. Now and then the frame reaches into a hole. */
static void emit_frame(struct sequence *s)
{
    bool is_short = chance(s, 70);
    bytes(s, 3, 0xe58948); /* mov rbp, rsp */
    if (is_short) byte(s, 0x66);
    byte(s, 0xc8);
    bytes(s, 2, sequence_below(s, chance(s, 90) ? 64 : 0x4000));
    byte(s, sequence_below(s, 4));
    if (is_short) byte(s, 0x66);
    byte(s, 0xc9);
}

/* pushf; or dword [rsp], AC; popf; then something that may be misaligned. */
static void emit_alignment(struct sequence *s)
{
    bytes(s, 1, 0x9c);
    bytes(s, 3, 0x240c81);
    bytes(s, 4, 0x40000);
    bytes(s, 1, 0x9d);
    static const uint8_t opcodes[] = { 0x8b, 0x89, 0x03, 0x01, 0x3b, 0x87, 0x8a };
    if (chance(s, 30)) byte(s, 0x66);
    if (chance(s, 40)) byte(s, 0x48);
    byte(s, opcodes[sequence_below(s, sizeof opcodes)]);
    memory(s, any_reg(s));
}

const struct family segment_families[] = {
    { "segment question", emit_question, NULL },
    { "far pointer", emit_pointer, NULL },
    { "far return", emit_return, NULL },
    { "far jump", emit_far, NULL },
    { "iretq", emit_iretq, NULL },
    { "iret", emit_iret, NULL },
    { "frame", emit_frame, NULL },
    { "alignment", emit_alignment, NULL },
};
const size_t segment_family_count = sizeof segment_families / sizeof segment_families[0];

/* --- 32-bit code -------------------------------------------------------------------------------------- */

static void compat_alu(struct sequence *s)
{
    unsigned operation = (unsigned)sequence_below(s, 8), wide = (unsigned)sequence_below(s, 2);
    if (wide) short_prefix(s);
    byte(s, operation << 3 | (chance(s, 50) ? 2u : 0) | wide);
    operand(s, any_reg(s));
    if (operation == 1 || operation == 4 || operation == 6) s->undefined = AF;
}

static void compat_count(struct sequence *s)
{
    short_prefix(s);
    byte(s, (chance(s, 50) ? 0x40 : 0x48) | any_reg(s));
}

static void compat_decimal(struct sequence *s)
{
    static const uint8_t codes[] = { 0x27, 0x2f, 0x37, 0x3f, 0xd4, 0xd5, 0xd6 };
    unsigned code = codes[sequence_below(s, sizeof codes)];
    byte(s, code);
    if (code < 0x30) s->undefined = OF;
    if (code == 0x37 || code == 0x3f) s->undefined = OF | SF | ZF | PF;
    if (code == 0xd4 || code == 0xd5) {
        byte(s, chance(s, 60) ? 10 : sequence_below(s, 256));
        s->undefined = OF | AF | CF;
    }
}

static void compat_stack(struct sequence *s)
{
    unsigned prefix = chance(s, 30) ? 0x66 : 0;
    if (prefix) byte(s, prefix);
    switch (sequence_below(s, 8)) {
    case 0: byte(s, 0x50 | sequence_below(s, 8)); break;
    case 1: byte(s, 0x58 | any_reg(s)); break;
    case 2:
        byte(s, 0x60);
        if (prefix) byte(s, prefix);
        byte(s, 0x61);
        break;
    case 3:
        byte(s, 0x6a);
        byte(s, sequence_random(s));
        break;
    case 4: byte(s, 0x9c); break;
    case 5:
        byte(s, 0x6a);
        byte(s, 0x55);
        if (prefix) byte(s, prefix);
        byte(s, 0x9d);
        break;
    case 6:
        byte(s, 0xff);
        memory(s, 6);
        break;
    default: byte(s, 0x8f); memory(s, 0);
    }
}

static void compat_frame(struct sequence *s)
{
    unsigned prefix = chance(s, 30) ? 0x66 : 0;
    bytes(s, 2, 0xe589); /* mov ebp, esp */
    if (prefix) byte(s, prefix);
    byte(s, 0xc8);
    bytes(s, 2, sequence_below(s, 64));
    byte(s, sequence_below(s, 4));
    if (prefix) byte(s, prefix);
    byte(s, 0xc9);
}

static void compat_segment(struct sequence *s)
{
    static const uint8_t pushes[] = { 0x06, 0x0e, 0x16, 0x1e };
    switch (sequence_below(s, 5)) {
    case 0:
        short_prefix(s);
        byte(s, pushes[sequence_below(s, 4)]);
        break;
    case 1: /* push; pop es or ds */
        byte(s, 0x6a);
        byte(s, chance(s, 70) ? NATIVE_STACK : 8 + sequence_below(s, 0x18));
        byte(s, chance(s, 50) ? 0x07 : 0x1f);
        break;
    case 2: /* mov r, a segment register */
        short_prefix(s);
        byte(s, 0x8c);
        byte(s, 0xc0 | sequence_below(s, 4) << 3 | any_reg(s));
        break;
    case 3: /* les, lds */
        bytes(s, 3, 0x0443c7);
        bytes(s, 4, chance(s, 70) ? NATIVE_STACK : 8 + sequence_below(s, 0x18));
        bytes(s, 2, (chance(s, 50) ? 0x03c4u : 0x03c5u) | any_reg(s) << 11);
        break;
    default: /* arpl */ byte(s, 0x63); operand(s, any_reg(s));
    }
}

static void compat_check(struct sequence *s)
{
    if (chance(s, 40)) {
        byte(s, 0xce);
        return;
    }
    short_prefix(s);
    byte(s, 0x62);
    memory(s, any_reg(s));
}

static void compat_string(struct sequence *s)
{
    static const uint8_t operations[] = { 0xa4, 0xa6, 0xaa, 0xac, 0xae };
    byte(s, 0xb9);
    bytes(s, 4, sequence_below(s, 40));
    bool is_short_address = chance(s, 10);
    if (is_short_address) byte(s, 0x67);
    if (chance(s, 70)) byte(s, 0xf2 | sequence_below(s, 2));
    short_prefix(s);
    unsigned operation = operations[sequence_below(s, sizeof operations)];
    /* Of CMPS with two bad addresses vendors may read either first. */
    byte(s, (operation == 0xa6 && is_short_address ? 0xa4 : operation) | sequence_below(s, 2));
}

static void compat_address(struct sequence *s)
{
    unsigned modrm = (unsigned)sequence_below(s, 3) << 6 | any_reg(s) << 3;
    unsigned rm = (unsigned)sequence_below(s, 8), mod = modrm >> 6;
    byte(s, 0x67);
    byte(s, chance(s, 80) ? 0x8d : 0x8b);
    byte(s, modrm | rm);
    bytes(s, mod == 2 || (mod == 0 && rm == 6) ? 2 : mod, sequence_random(s));
}

static void compat_branch(struct sequence *s)
{
    switch (sequence_below(s, 7)) {
    case 0:
        byte(s, 0xe8);
        bytes(s, 4, 0);
        break;
    case 1:
        if (chance(s, 50)) byte(s, 0x67);
        byte(s, 0xe0 | sequence_below(s, 4));
        byte(s, 0);
        break;
    case 2: /* push the address behind; ret */
        byte(s, 0x68);
        bytes(s, 4, NATIVE_CODE + s->length + 5);
        byte(s, 0xc3);
        break;
    case 3: /* mov ecx, the address behind; jmp or call */
        byte(s, 0xb9);
        bytes(s, 4, NATIVE_CODE + s->length + 6);
        bytes(s, 2, chance(s, 50) ? 0xd1ff : 0xe1ff);
        break;
    case 4: /* jmp or call far */
        byte(s, chance(s, 50) ? 0xea : 0x9a);
        bytes(s, 4, NATIVE_CODE + s->length + 6);
        /* Not to 64-bit code by chance: of 66 before a jump there vendors differ. */
        bytes(s, 2, chance(s, 90) ? NATIVE_CODE_32 : 8 + sequence_below(s, 0x18));
        break;
    case 5: /* push cs; push the address behind; retf, or with flags below iretd */
        if (chance(s, 50)) {
            byte(s, 0x0e);
            byte(s, 0x68);
            bytes(s, 4, NATIVE_CODE + s->length + 5);
            byte(s, 0xcb);
        } else {
            bytes(s, 2, 0x0e9c);
            byte(s, 0x68);
            bytes(s, 4, NATIVE_CODE + s->length + 5);
            byte(s, 0xcf);
        }
        break;
    default: /* 16 bits of target: not mapped */
        byte(s, 0x66);
        byte(s, chance(s, 50) ? 0xeb : 0xe3);
        byte(s, 0);
    }
}

/* A visit of 64-bit code: the address behind, twice. */
static void compat_mode(struct sequence *s)
{
    byte(s, 0xea);
    bytes(s, 4, NATIVE_CODE + s->length + 6);
    bytes(s, 2, NATIVE_CODE_64);
    bytes(s, 3, 0xc0ff48 | sequence_below(s, 3) << 16); /* inc rax, rcx, rdx */
    byte(s, 0x6a);
    byte(s, NATIVE_CODE_32);
    byte(s, 0x68);
    bytes(s, 4, NATIVE_CODE + s->length + 4 + 2);
    bytes(s, 2, 0xcb48);
}

const struct family compat_families[] = {
    { "32-bit alu", compat_alu, NULL },         { "32-bit inc, dec", compat_count, NULL },
    { "32-bit decimal", compat_decimal, NULL }, { "32-bit stack", compat_stack, NULL },
    { "32-bit frame", compat_frame, NULL },     { "32-bit segment", compat_segment, NULL },
    { "32-bit check", compat_check, NULL },     { "32-bit string", compat_string, NULL },
    { "16-bit address", compat_address, NULL }, { "32-bit branch", compat_branch, NULL },
    { "visit of 64 bits", compat_mode, NULL },
};
const size_t compat_family_count = sizeof compat_families / sizeof compat_families[0];

struct sequence sequence_make_compat(const struct family *family, uint64_t seed)
{
    struct sequence s = { .random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1, .is_compat = true };
    for (int i = 0; i < 4; i++) sequence_random(&s);
    bytes(&s, 3, 0x1f2b6a); /* push 0x2b; pop ds */
    bytes(&s, 3, 0x072b6a); /* push 0x2b; pop es */
    for (uint64_t n = 1 + sequence_below(&s, 8); n > 0; n--) {
        if (s.undefined) bytes(&s, 2, 0xda01); /* add edx, ebx: defines all flags */
        s.undefined = 0;
        const struct family *f =
            chance(&s, 50) ? family : &compat_families[sequence_below(&s, compat_family_count)];
        f->emit(&s);
    }
    byte(&s, 0xcc);
    return s;
}
