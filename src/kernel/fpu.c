/* SPDX-License-Identifier: BSD-2-Clause */
/* Who owns the state of the FPU. It changes hands when a thread that may use the FPU is switched to
 * and another one owns it; a thread that may not gets exceptions instead (#NM).
 * seL4: src/machine/fpu.c, include/machine/fpu.h. */
#include "kernel/internal.h"

#include <string.h>

static void fpu_enable(struct world *w, bool enabled)
{
    word_t features = cpu_at(w)->features & ~(word_t)CPU_FPU_DISABLED;
    if (!enabled) features |= CPU_FPU_DISABLED;
    if (features != cpu_at(w)->features) cpu_edit(w)->features = features;
}

/* Sixteen lines of 32 bytes: a copy of the whole in one call becomes a slow string instruction. */
static void image_copy(uint8_t *to, const uint8_t *from)
{
    for (unsigned at = 0; at < 512; at += 32) memcpy(to + at, from + at, 32);
}

static void fpu_switch_owner(struct world *w, paddr_t owner)
{
    paddr_t from = kernel_at(w)->fpu_owner;
    if (from) image_copy(tcb_edit(w, from)->fpu, cpu_at(w)->fpu);
    if (owner) image_copy(cpu_edit(w)->fpu, tcb_at(w, owner)->fpu);
    fpu_enable(w, owner != 0);
    KERNEL_EDIT(w, fpu_owner) = owner;
}

void fpu_restore(struct world *w, paddr_t tcb)
{
    if (tcb_at(w, tcb)->flags & TCB_FLAG_FPU_DISABLED) {
        fpu_enable(w, false);
    } else if (kernel_at(w)->fpu_owner == tcb) {
        fpu_enable(w, true);
    } else {
        fpu_switch_owner(w, tcb);
    }
}

void fpu_release(struct world *w, paddr_t tcb)
{
    if (kernel_at(w)->fpu_owner == tcb) fpu_switch_owner(w, 0);
}
