/* SPDX-License-Identifier: BSD-2-Clause */
/* x87, executed by the x87 of the host.
 *
 * While user code computes with x87, its state is *live*: in the host's own x87 registers, control and
 * status word included, so that each instruction is the host's instruction of the same bytes, exact in
 * every rounding, flag and stack fault. It gets there with the first x87 instruction of a core_run()
 * and back into the FXSAVE image (struct cpu) before core_run() ends, or before an instruction looks at
 * the image itself. In between nothing else in this room uses the host's x87: no `long double`. No
 * exception reaches the host: an instruction that would wait for a pending one raises #MF instead.
 * What no instruction computes with (addresses and opcode of the last one) is kept beside.
 *
 * SIMPLIFIED: on hosts that are no x86-64, x87 and MMX instructions raise #UD, and CPUID says so.
 * SIMPLIFIED: transcendental instructions have the last bit of the host's make. */
#ifndef FAULTLINE_MACHINE_X87_H
#define FAULTLINE_MACHINE_X87_H

#include "machine/cpu.h"

struct core;
struct op;

struct x87 {
    bool is_live;
    bool may_trap; /* live, and the control word has an exception unmasked */
    uint16_t host_control;
    uint16_t opcode; /* while live: of the last instruction, and where it and its operand lie */
    word_t ip, data;
};

/* An instruction's number is its opcode of eleven bits: low three of D8 to DF, then ModRM. */
enum x87_kind {
    X87_RUN,   /* registers only */
    X87_FLAGS, /* reads or writes RFLAGS */
    X87_LOAD_16,
    X87_LOAD_32,
    X87_LOAD_64,
    X87_LOAD_80,
    X87_STORE_16,
    X87_STORE_32,
    X87_STORE_64,
    X87_STORE_80,
    X87_LOAD_CONTROL,
    X87_STORE_WORD, /* control or status word, without waiting */
    X87_STATUS_AX,
    X87_CLEAR, /* no operand, no waiting */
    X87_INIT,
    X87_STATE, /* FLDENV, FNSTENV, FRSTOR, FNSAVE */
    X87_KINDS,
};

enum x87_kind x87_kind_of(unsigned opcode);

/* Which of the host's instructions that is, for x87_run. */
unsigned x87_snippet_of(unsigned opcode);

/* Whether x87 and MMX are to be had. False: the trap is set (#NM when disabled, else #UD). */
bool x87_is_offered(struct core *m);
/* Makes the state live. False: it is not offered. */
bool x87_enter(struct core *m);
/* Back into the image, if it is live. */
void x87_leave(struct core *m);
/* After the control word may have changed. */
void x87_look(struct core *m);
void x87_reset(struct core *m);

/* FLDENV and its kin; `is_short`: the form of 16-bit operands. False: stopped. */
bool x87_state(struct core *m, const struct op *op, word_t address, unsigned opcode, bool is_short);
/* FXSAVE and FXRSTOR; `is_long`: with REX.W. False: stopped. */
bool fxsave(struct core *m, const struct op *op, word_t address, bool is_long);
bool fxrstor(struct core *m, const struct op *op, word_t address, bool is_long);

/* --- x87_host.c, while the state is live ----------------------------------------------------------- */

enum { X87_SAVED = 108, X87_EMMS = 576 };

/* One instruction, with its operand in memory if it has one. */
void x87_run(void *operand, unsigned snippet);
/* The same with arithmetic flags in, and out. */
word_t x87_run_flags(void *operand, unsigned snippet, word_t flags);
uint16_t x87_status(void);
uint16_t x87_control(void);
void x87_set_control(uint16_t control);
void x87_host_load(const uint8_t saved[X87_SAVED]);
void x87_host_save(uint8_t saved[X87_SAVED]);

static inline bool x87_is_available(void)
{
#if defined(__x86_64__)
    return true;
#else
    return false;
#endif
}

#endif
