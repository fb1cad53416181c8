/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread's debug registers: a TCB keeps its own; the processor has those of the thread that runs. Only with
 * the hardware debug API. seL4: src/arch/x86/machine/breakpoint.c. */
#include "kernel/breakpoint.h"

static const word_t DR6_NONE = 0xffff0ff0;
static const word_t DR7_GLOBAL = 0xaa; /* the bits by which the real kernel enables */

void breakpoint_init(struct world *w, paddr_t tcb)
{
    struct tcb *t = tcb_edit(w, tcb);
    t->breakpoint_control = cpu_at(w)->dr[7] & ~DR7_GLOBAL;
    for (unsigned n = 0; n < BREAKPOINT_COUNT; n++) t->breakpoint[n] = 0;
    t->steps_left = 0;
    t->breakpoints_used = t->is_stepping = 0;
}

/* A thread without breakpoints leaves DR0-3 and DR6 as they are. */
void breakpoint_restore(struct world *w, paddr_t tcb)
{
    const struct tcb *t = tcb_at(w, tcb);
    struct cpu *cpu = cpu_edit_but_fpu(w);
    cpu->dr[7] = t->breakpoint_control;
    if (t->breakpoints_used) {
        for (unsigned n = 0; n < BREAKPOINT_COUNT; n++) cpu->dr[n] = t->breakpoint[n];
        cpu->dr[6] = DR6_NONE;
    } else {
        cpu->dr[7] &= ~DR7_GLOBAL;
    }
    if (t->is_stepping) tcb_edit(w, tcb)->context[CTX_FLAGS] |= FLAG_TF;
}

void breakpoint_step(struct world *w, paddr_t tcb, word_t instructions)
{
    struct tcb *t = tcb_edit(w, tcb);
    t->is_stepping = instructions != 0;
    t->steps_left = instructions;
    if (!instructions) t->context[CTX_FLAGS] &= ~(word_t)FLAG_TF;
}
