/* SPDX-License-Identifier: BSD-2-Clause */
/* Every slot there is, for the checks: found from the threads, the interrupts and the CNodes that they lead
 * to. Bounded whatever the arena holds. */
#include "kernel/invariant.h"

void survey_begin(struct survey *s, const struct world *w)
{
    s->w = w;
    s->runs = 0;
    s->is_complete = false;
}

static void survey_note(struct survey *s, struct cap cap)
{
    struct slot_run run = { .first = cap_object(cap) };
    if (cap_type(cap) == CAP_CNODE) {
        run.count = (word_t)1 << cap_cnode_radix(cap);
    } else if (cap_type(cap) == CAP_ZOMBIE) {
        run.count = cap_zombie_is_tcb(cap) ? TCB_SLOT_COUNT : (word_t)1 << cap_zombie_radix(cap);
    } else {
        return;
    }
    for (unsigned i = 0; i < s->runs; i++)
        if (s->run[i].first == run.first) return;
    if (s->runs < CNODES_MAX) s->run[s->runs++] = run;
}

/* A CNode that only a slot of its own names still stands in the derivation list behind its untyped. */
static const char *survey_note_list(struct survey *s, paddr_t slot)
{
    for (unsigned links = 0; slot; slot = cte_next(cte_at(s->w, slot)), links++) {
        CHECK(is_slot(s->w, slot), "a slot's next is no slot");
        CHECK(links < LINKS_MAX, "a derivation list ends nowhere");
        survey_note(s, cte_at(s->w, slot)->cap);
    }
    return NULL;
}

/* What a slot leads to belongs to the survey, too. */
static const char *survey_slot(struct survey *s, paddr_t slot)
{
    const struct cte *cte = cte_at(s->w, slot);
    if (cap_type(cte->cap) != CAP_NULL && !cte->mdb_prev) return survey_note_list(s, slot);
    survey_note(s, cte->cap);
    return NULL;
}

static const char *visit_run(struct survey *s, paddr_t first, word_t count, slot_visit *visit,
                             void *context)
{
    const char *wrong = NULL;
    for (word_t i = 0; i < count && !wrong; i++) {
        wrong = visit(context, s->w, first + (i << SLOT_BITS));
        if (!wrong && !s->is_complete) wrong = survey_slot(s, first + (i << SLOT_BITS));
    }
    return wrong;
}

const char *survey_visit(struct survey *s, slot_visit *visit, void *context)
{
    const struct kernel *k = kernel_at(s->w);
    const char *wrong = NULL;
    paddr_t tcb = k->debug_tcbs;
    for (unsigned links = 0; tcb && links < LINKS_MAX && !wrong; links++) {
        CHECK(is_tcb(s->w, tcb), "the list of all threads holds what is none");
        wrong = visit_run(s, tcb_slot(tcb, TCB_CTABLE), TCB_SLOT_COUNT, visit, context);
        tcb = tcb_debug_at(s->w, tcb)->next;
    }
    if (!wrong && k->irq_node) wrong = visit_run(s, k->irq_node, IRQ_COUNT, visit, context);
    for (unsigned i = 0; i < s->runs && !wrong; i++)
        wrong = visit_run(s, s->run[i].first, s->run[i].count, visit, context);
    s->is_complete = true;
    return wrong;
}
