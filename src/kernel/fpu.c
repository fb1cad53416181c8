/* SPDX-License-Identifier: BSD-2-Clause */
/* Who owns the state of the FPU. It changes hands when a thread that may use the FPU is switched to
 * and another one owns it; a thread that may not gets exceptions instead (#NM).
 * seL4: src/machine/fpu.c, include/machine/fpu.h. */
#include "kernel/internal.h"

#include <string.h>

static inline void fpu_enable(struct world *w, bool enabled)
{
    bool is_enabled = !(cpu_at(w)->features & CPU_FPU_DISABLED);
    if (enabled != is_enabled) cpu_edit_but_fpu(w)->features ^= CPU_FPU_DISABLED;
}

/* An FXSAVE image after FNINIT: control word 0x37f, MXCSR 0x1f80, its mask 0xffff. */
const uint8_t fpu_initial[FPU_BYTES] = {
    [0] = 0x7f, [1] = 0x03, [24] = 0x80, [25] = 0x1f, [28] = 0xff, [29] = 0xff,
};

/* Not memcpy(): of a known length, that becomes a slow string instruction. */
static void image_copy(uint8_t *to, const uint8_t *from)
{
    memmove(to, from, FPU_BYTES);
}

/* Most threads never compute with the FPU: theirs is not copied. */
static OUT_OF_LINE void fpu_save(struct world *w, paddr_t owner)
{
    const uint8_t *live = cpu_at(w)->fpu;
    word_t is_used = memcmp(live, fpu_initial, sizeof fpu_initial) != 0;
    if (!is_used && !tcb_at(w, owner)->fpu_is_used) return;
    image_copy(tcb_edit(w, owner)->fpu, live);
    tcb_edit(w, owner)->fpu_is_used = is_used;
}

static void fpu_load(struct world *w, paddr_t owner, bool is_live_used)
{
    const struct tcb *t = tcb_at(w, owner);
    if (t->fpu_is_used || is_live_used)
        image_copy(cpu_edit(w)->fpu, t->fpu_is_used ? t->fpu : fpu_initial);
}

static void fpu_switch_owner(struct world *w, paddr_t owner)
{
    paddr_t from = kernel_at(w)->fpu_owner;
    if (from && !w->fpu_is_kept) fpu_save(w, from); /* else it has what it would be given */
    if (owner) fpu_load(w, owner, !from || tcb_at(w, from)->fpu_is_used);
    fpu_enable(w, owner != 0);
    KERNEL_EDIT(w, fpu_owner) = owner;
    w->fpu_is_kept = owner != 0;
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
