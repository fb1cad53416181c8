/* SPDX-License-Identifier: BSD-2-Clause */
/* Whatever a thread asks of the kernel, sensible or not, the rules that must
 * hold do hold afterwards. Random system calls of random threads in a booted
 * world, the same ones in every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/booted.h"
#include "world/world.h"

enum { MEMORY = 64 << 20, STEPS = 2000, SEEDS = 2, BUFFER_CAPS = 122, INFO_EMPTY = 5 };

/* Dice, and what they need to know of the world as it was booted. */
struct dice {
    uint64_t state;
    word_t first;  /* the first free slot */
    paddr_t cnode; /* the root CNode */
};

static word_t roll(struct dice *d, word_t sides)
{
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return d->state % sides;
}

/* Where everything happens: mostly 14 free slots, sometimes what boot put into the first ones. */
static word_t random_slot(struct dice *d)
{
    if (!roll(d, 300)) return roll(d, 64);
    return roll(d, 12) ? d->first + roll(d, 14) : 3 + roll(d, 12);
}

/* A slot that holds such a capability, if there is one. */
static word_t random_slot_with(const struct world *w, struct dice *d, enum cap_type type)
{
    word_t first = d->first, from = roll(d, 14);
    for (word_t i = 0; i < 14; i++) {
        word_t slot = first + (from + i) % 14;
        if (cap_type(cte_at(w, d->cnode + (slot << SLOT_BITS))->cap) == type) return slot;
    }
    return random_slot(d);
}

static word_t random_word(struct dice *d)
{
    switch (roll(d, 8)) {
    case 0: return 64;
    case 1: return roll(d, 16);
    case 2: return roll(d, 300);
    case 3: return BOOTED_VADDR + (roll(d, 64) << PAGE_BITS);
    case 4: return ~(word_t)0 >> roll(d, 64);
    case 5: return (roll(d, 4) << 6) | roll(d, 8); /* a guard */
    default: return random_slot(d);
    }
}

/* A message before it is put into registers and buffer. */
struct draft {
    word_t service, label, length, caps, word[10], cap[3];
};

static word_t label_of(const struct world *w, const char *name)
{
    word_t label = 0;
    invocation_label(&kernel_at(w)->numbers, name, &label);
    return label;
}

static void draft_retype(const struct world *w, struct dice *d, struct draft *m)
{
    const word_t type = roll(d, 4) ? roll(d, 5) : roll(d, 13); /* mostly no pages */
    const word_t words[] = { type, 4 + roll(d, 9), 0, 0, random_slot(d), 1 + roll(d, 3) };
    memcpy(m->word, words, sizeof words);
    m->label = label_of(w, "UntypedRetype");
    m->length = 6;
    m->caps = 1;
    m->service = roll(d, 3) ? d->first - 1 - roll(d, 4) : random_slot(d);
}

static void draft_cnode(const struct world *w, struct dice *d, struct draft *m)
{
    m->label = label_of(w, "CNodeRevoke") + roll(d, 9);
    m->service = 2;
    m->length = 8;
    m->caps = 2;
    m->word[0] = random_slot(d), m->word[1] = 64;
    m->word[2] = random_slot(d), m->word[3] = 64;
    if (m->label != label_of(w, "CNodeRotate")) return;
    m->word[2] = 0, m->word[3] = random_slot(d), m->word[4] = 64;
    m->word[5] = 0, m->word[6] = random_slot(d), m->word[7] = 64;
}

/* Makes a thread that can run, or runs it, or says how urgently. */
static void draft_thread(const struct world *w, struct dice *d, struct draft *m)
{
    m->service = random_slot_with(w, d, CAP_THREAD);
    m->length = 4;
    m->caps = 3;
    switch (roll(d, 4)) {
    case 0:
        m->label = label_of(w, "TCBConfigure");
        m->cap[0] = 2, m->cap[1] = 3, m->cap[2] = 10;
        m->word[0] = random_slot_with(w, d, CAP_ENDPOINT);
        m->word[1] = m->word[2] = 0;
        m->word[3] = BOOTED_VADDR + BOOTED_PAGES * PAGE_SIZE;
        break;
    case 1:
        m->label = label_of(w, "TCBSetPriority");
        m->cap[0] = 1;
        break;
    case 2:
        m->label = label_of(w, "TCBBindNotification");
        m->cap[0] = random_slot_with(w, d, CAP_NOTIFICATION);
        break;
    default: m->label = label_of(w, roll(d, 4) ? "TCBResume" : "TCBSuspend"); break;
    }
}

/* Some have the shape of one that could succeed; whoever reads the others finds what to refuse. */
static struct draft draft_message(const struct world *w, struct dice *d)
{
    struct draft m = { .service = random_slot(d),
                       .label = 1 + roll(d, 62),
                       .length = roll(d, 10),
                       .caps = roll(d, 4) };
    for (unsigned i = 0; i < 10; i++) m.word[i] = random_word(d);
    for (unsigned i = 0; i < 3; i++) m.cap[i] = random_slot(d);
    word_t kind = roll(d, 8);
    if (kind < 4) m.cap[0] = m.cap[1] = 2;
    if (kind < 2) draft_retype(w, d, &m);
    if (kind == 2 || kind == 3) draft_cnode(w, d, &m);
    if (kind == 4) draft_thread(w, d, &m);
    if (kind == 5 || kind == 6) m.service = random_slot_with(w, d, CAP_ENDPOINT);
    return m;
}

static void random_syscall(struct world *w, struct dice *d)
{
    static const enum syscall syscall[] = { SYS_Call, SYS_Call,  SYS_Call,      SYS_Call,
                                            SYS_Call, SYS_Send,  SYS_NBSend,    SYS_NBRecv,
                                            SYS_Recv, SYS_Reply, SYS_ReplyRecv, SYS_Yield };
    struct draft m = draft_message(w, d);
    paddr_t tcb = kernel_at(w)->current, buffer = tcb_ipc_buffer(w, tcb, true);
    for (unsigned i = 0; i < 10; i++) tcb_set_mr(w, tcb, buffer, i, m.word[i]);
    for (unsigned i = 0; buffer && i < 3; i++)
        memory_set_word(w, buffer + (BUFFER_CAPS + i) * sizeof(word_t), m.cap[i]);
    tcb_edit(w, tcb)->context[CTX_CAP] = m.service;
    tcb_edit(w, tcb)->context[CTX_MSG_INFO] = message_info(m.label, 0, m.caps, m.length);
    handle_syscall(w, syscall[roll(d, sizeof syscall / sizeof syscall[0])]);
}

static void take_interrupt(struct world *w)
{
    handle_interrupt(w);
    schedule(w);
    activate_thread(w);
}

/* Nobody can run: the root task is set going again, as if somebody had resumed it. False: it is gone. */
static bool revive(struct world *w)
{
    paddr_t root = kernel_at(w)->root_tcb;
    if (cap_type(cte_at(w, tcb_slot(root, TCB_CTABLE))->cap) != CAP_CNODE) return false;
    thread_restart(w, root);
    schedule(w);
    activate_thread(w);
    return kernel_at(w)->current != kernel_at(w)->idle;
}

/* Runs one world until its root task is gone, or STEPS. Returns how many calls were made. */
static unsigned run(uint64_t seed, const struct kernel_config *config)
{
    struct dice d = { .state = seed };
    struct world w = { 0 };
    unsigned steps = 0;
    assert_true(booted_open(&w, MEMORY, config));
    d.first = booted_info(&w, INFO_EMPTY);
    d.cnode = booted_slot(&w, 0);
    while (steps < STEPS && (kernel_at(&w)->current != kernel_at(&w)->idle || revive(&w))) {
        random_syscall(&w, &d);
        cpu_edit(&w)->clock += roll(&d, 200000);
        if (kernel_interrupt_due(&w)) take_interrupt(&w);
        steps++;
        const char *wrong = kernel_check_invariants(&w);
        if (wrong) fail_msg("seed %u, call %u: %s", (unsigned)seed, steps, wrong);
    }
    world_close(&w);
    return steps;
}

static void random_calls_keep_the_rules(void **state)
{
    (void)state;
    unsigned steps = 0;
    for (uint64_t seed = 1; steps < SEEDS * STEPS; seed++)
        steps += run(seed, &kernel_config_default);
}

static void random_calls_keep_the_rules_with_domains_and_breakpoints(void **state)
{
    (void)state;
    struct kernel_config config = kernel_config_default;
    config.hardware_debug_api = 1;
    config.num_domains = 4;
    unsigned steps = 0;
    for (uint64_t seed = 100; steps < STEPS; seed++) steps += run(seed, &config);
}

static void random_calls_break_nothing_with_mcs(void **state)
{
    (void)state;
    struct kernel_config config = kernel_config_default;
    config.mcs = 1;
    unsigned steps = 0;
    for (uint64_t seed = 200; steps < STEPS; seed++) steps += run(seed, &config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_calls_keep_the_rules),
        cmocka_unit_test(random_calls_keep_the_rules_with_domains_and_breakpoints),
        cmocka_unit_test(random_calls_break_nothing_with_mcs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
