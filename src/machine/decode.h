/* SPDX-License-Identifier: BSD-2-Clause */
/* An instruction taken apart: what the decoder says of it, in our own words.
 *
 * What the rest of the core knows of instructions is here and in operations.def; the library that
 * reads the bytes is known to decode.c and assemble.c only. */
#ifndef FAULTLINE_MACHINE_DECODE_H
#define FAULTLINE_MACHINE_DECODE_H

#include "machine/cpu.h"

enum operation {
#define OPERATION(name) OP_##name,
#define MEANING(name)   OP_##name,
#define ALIAS(mnemonic, name, parameter)
#include "machine/operations.def"
#undef ALIAS
#undef MEANING
#undef OPERATION
    OP_COUNT
};

/* SSE instructions by mnemonic; MOVQ with a general register is MOVD. */
enum sse_number {
    SSE_NONE,
#define SSE(mnemonic, name, shape) SSE_##mnemonic,
#include "machine/sse.def"
#undef SSE
    SSE_COUNT
};

/* OTHER: an immediate as the source, or a general register as the destination of MOVD. */
enum sse_form { SSE_REGISTER, SSE_LOAD, SSE_STORE, SSE_OTHER, SSE_FORM_COUNT };

/* The kinds of the explicit operands, in order: Register, Memory, Immediate. */
enum form {
    FORM_NONE,
    FORM_R,
    FORM_M,
    FORM_I,
    FORM_RR,
    FORM_RM,
    FORM_MR,
    FORM_RI,
    FORM_MI,
    FORM_RRR,
    FORM_MRR,
    FORM_RRI,
    FORM_RMI,
    FORM_MRI,
    FORM_OTHER,
    FORM_COUNT
};

enum width { WIDTH_8, WIDTH_16, WIDTH_32, WIDTH_64, WIDTH_COUNT };

/* What becomes of an address before the segment's base is added, and (CUT_SUM) after. */
enum address_cut { CUT_NONE, CUT_32, CUT_16, CUT_SUM = 4 };

enum repeat { REPEAT_NONE, REPEAT_EQUAL, REPEAT_NOT_EQUAL };

/* Places in the core's register file; the first sixteen are enum reg. */
enum slot { SLOT_ZERO = REG_COUNT, SLOT_FS, SLOT_GS, SLOT_TEMP, SLOT_COUNT };

/* Registers are named by their byte offset in the register file, so AH is 1. */
#define SLOT_OFFSET(slot) ((uint8_t)((slot)*8))

struct instruction {
    uint16_t operation; /* enum operation */
    uint8_t form;       /* enum form */
    uint8_t width;      /* enum width of the first operand */
    uint8_t source_width;
    uint8_t parameter; /* condition code, or what the alias in operations.def says */
    uint8_t length;
    uint8_t repeat; /* enum repeat */
    uint8_t dst, src, third;
    uint8_t base, index, scale;
    uint8_t segment;          /* SLOT_OFFSET of the segment's base: zero, FS or GS */
    uint8_t address_cut;      /* enum address_cut */
    bool is_stack;            /* the stack segment: a bad address is #SS */
    uint8_t segment_register; /* the segment register operand, 0 to 5 as encoded, else 0xff */
    int64_t displacement;     /* or the absolute address of an operand relative to RIP */
    int64_t immediate;        /* or the absolute target of a jump */
    uint8_t immediate2;
    uint16_t sse;     /* enum sse_number, of OP_SSE */
    uint8_t sse_form; /* enum sse_form */
    bool is_wide;     /* REX.W */
    uint16_t snippet; /* of MMX: the host's instruction (mmx.h) */
};

enum decoded {
    DECODED,           /* defined or not (OP_UNDEFINED): there is an instruction */
    DECODED_TOO_LONG,  /* more than 15 bytes */
    DECODED_CUT_SHORT, /* `available` bytes do not decide it */
};

/* Takes the instruction at `bytes` apart, at address `rip` of 64-bit mode or (is_compat) of 32-bit code. */
enum decoded decode(const uint8_t *bytes, size_t available, word_t rip, bool is_compat,
                    struct instruction *out);

#endif
