/* SPDX-License-Identifier: BSD-2-Clause */
#include "parting.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "machine/debugged.h"
#include "machine/text.h"

enum {
    STEPS_MAX = 20000,
    ARITHMETIC = 0x8d5,
    STEP_BUDGET = 4 /* a step ends in #DB long before */
};

int parting_signal_of(uint64_t vector)
{
    switch (vector) {
    case VECTOR_DB:
    case VECTOR_BP: return SIGTRAP;
    case VECTOR_UD: return SIGILL;
    case VECTOR_DE:
    case VECTOR_MF:
    case VECTOR_XM: return SIGFPE;
    case VECTOR_SS:
    case VECTOR_AC: return SIGBUS;
    default: return SIGSEGV;
    }
}

/* Both have the trap flag set by hand before each step, so that PUSHF shows the same in both. */
static struct native_exit step_model(void)
{
    cpu_edit(both_world())->rflags |= FLAG_TF;
    struct trap trap = both_run_prepared(STEP_BUDGET);
    return both_model_exit(&trap);
}

/* Flags that an instruction leaves undefined are defined again by the next one, so they are looked at
 * only where the code ends. */
static bool step_agrees(const struct start *start, struct parting *p, const uint8_t *data)
{
    bool is_end = p->model.vector != VECTOR_DB;
    uint64_t ignored = is_end ? start->undefined : ARITHMETIC;
    if (p->model.vector == VECTOR_DE) ignored = ARITHMETIC;
    p->memory_differs = !both_memory_agrees(data);
    return p->signal == parting_signal_of(p->model.vector) && !p->memory_differs &&
           both_states_agree(&p->host.state, &p->model.state) &&
           !((p->host.state.rflags ^ p->model.state.rflags) & ~ignored & ~(uint64_t)FLAG_RF);
}

static bool step_both(const struct start *start, struct parting *p, struct debugged_steps *steps,
                      spoil_fn *spoil)
{
    uint8_t data[BOTH_DATA];
    p->from = p->host.state;
    if (!debugged_step(steps, &p->host.state, &p->signal) ||
        !debugged_read(steps, NATIVE_DATA, data, sizeof data)) {
        p->kind = PARTING_UNTRACED;
        return false;
    }
    p->model = step_model();
    if (spoil) spoil(both_world(), p->step);
    p->model.state = both_model_exit(&(struct trap){ 0 }).state;
    if (step_agrees(start, p, data)) return p->model.vector == VECTOR_DB;
    p->kind = PARTING_FOUND;
    return false;
}

struct parting parting_find(const struct start *start, spoil_fn *spoil)
{
    struct parting p = { .kind = PARTING_NONE, .host = { .state = start->state } };
    struct debugged_steps steps;
    both_prepare_host(start);
    both_prepare_model(start);
    if (!debugged_begin(&steps, &start->state)) p.kind = PARTING_UNTRACED;
    while (p.kind == PARTING_NONE && p.step < STEPS_MAX && step_both(start, &p, &steps, spoil))
        p.step++;
    debugged_end(&steps);
    return p;
}

void parting_print(FILE *out, const struct start *start, const struct parting *p)
{
    if (p->kind == PARTING_UNTRACED) {
        fprintf(out, "    (the host lets nobody trace: no single steps)\n");
        return;
    }
    if (p->kind == PARTING_NONE) {
        fprintf(out, "    in single steps they agree: look at blocks, not at instructions\n");
        return;
    }
    char text[128] = "(outside the code)";
    uint64_t at = p->from.rip - NATIVE_CODE;
    if (at < start->length)
        instruction_format(start->code + at, start->length - at, p->from.rip, text, sizeof text);
    fprintf(out, "    they part in step %u: %s\n", p->step, text);
    both_print_states(out, &p->from, &p->host, &p->model);
    fprintf(out, "    signal %d | vector %" PRIu64 "\n", p->signal, p->model.vector);
    if (p->memory_differs) fprintf(out, "    memory differs\n");
}
