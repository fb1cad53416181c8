/* SPDX-License-Identifier: BSD-2-Clause */
/* Where long work may be interrupted.
 * seL4: src/model/preemption.c. */
#include "kernel/internal.h"

enum {
    WORK_UNITS_PER_PREEMPTION = 100, /* CONFIG_MAX_NUM_WORK_UNITS_PER_PREEMPTION */
    WORK_UNIT_NS = 20,
};

bool preemption_point(struct world *w)
{
    cpu_edit_but_fpu(w)->clock += WORK_UNIT_NS;
    word_t units = kernel_at(w)->work_units + 1;
    bool look = units >= WORK_UNITS_PER_PREEMPTION;
    KERNEL_EDIT(w, work_units) = look ? 0 : units;
    if (!look || !kernel_interrupt_due(w)) return false;
    event_emit(w, EVENT_PREEMPT, kernel_at(w)->current);
    return true;
}
