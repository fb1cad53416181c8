/* SPDX-License-Identifier: BSD-2-Clause */
/* A tiny world for tests of single kernel files, built by hand: a thread with a
 * CSpace of 256 slots and an IPC buffer, an idle thread, 64 KiB of untyped
 * memory. What the kernel tells is kept. `call()` is an seL4_Call of the thread. */
#ifndef FAULTLINE_TESTS_KERNEL_FIXTURE_H
#define FAULTLINE_TESTS_KERNEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/internal.h"

enum {
    FIXTURE_MEMORY = 4 << 20,
    FIXTURE_ROOT_TCB = 0x10400,
    FIXTURE_IDLE_TCB = 0x10c00,
    FIXTURE_CNODE = 0x20000,
    FIXTURE_CNODE_BITS = 8,
    FIXTURE_GUARD_SIZE = 64 - FIXTURE_CNODE_BITS,
    FIXTURE_IRQ_NODE = 0x30000,
    FIXTURE_BUFFER = 0x40000,
    FIXTURE_UNTYPED = 0x100000,
    FIXTURE_UNTYPED_BITS = 16,
    FIXTURE_EVENTS = 1024,
};

/* CPtrs in the thread's CSpace. */
enum { CPTR_TCB = 1, CPTR_CNODE = 2, CPTR_UNTYPED = 3, CPTR_IRQ_CONTROL = 4, CPTR_FREE = 16 };

struct fixture {
    struct world w;
    struct event event[FIXTURE_EVENTS];
    unsigned events;
    char print[8192]; /* all that was printed, since the last call() */
};

static inline void fixture_hear(void *listener, const struct event *e)
{
    struct fixture *f = listener;
    size_t used = strlen(f->print);
    if (e->kind == EVENT_KERNEL_PRINT)
        snprintf(f->print + used, sizeof f->print - used, "%s", e->text);
    if (f->events < FIXTURE_EVENTS) f->event[f->events++] = *e;
}

static inline unsigned fixture_count(const struct fixture *f, enum event_kind kind)
{
    unsigned count = 0;
    for (unsigned i = 0; i < f->events; i++) count += f->event[i].kind == kind;
    return count;
}

/* The slot of a CPtr in the thread's CSpace. */
static inline paddr_t slot_of(word_t cptr)
{
    return FIXTURE_CNODE + (cptr << SLOT_BITS);
}

static inline struct cap cap_in(const struct fixture *f, word_t cptr)
{
    return cte_at(&f->w, slot_of(cptr))->cap;
}

static inline struct cap cnode_cap(paddr_t cnode, word_t radix, word_t guard, word_t guard_size)
{
    struct cap cap = cap_new(CAP_CNODE);
    cap_cnode_set_object(&cap, cnode);
    cap_cnode_set_radix(&cap, radix);
    cap_cnode_set_guard(&cap, guard);
    cap_cnode_set_guard_size(&cap, guard_size);
    return cap;
}

static inline struct cap untyped_cap(paddr_t at, word_t bits)
{
    struct cap cap = cap_new(CAP_UNTYPED);
    cap_untyped_set_object(&cap, at);
    cap_untyped_set_size_bits(&cap, bits);
    return cap;
}

static inline void fixture_make_threads(struct world *w)
{
    struct cap tcb = cap_new(CAP_THREAD), frame = cap_new(CAP_FRAME);
    cap_thread_set_object(&tcb, FIXTURE_ROOT_TCB);
    cap_frame_set_object(&frame, FIXTURE_BUFFER);
    cap_frame_set_vm_rights(&frame, 3);
    KERNEL_EDIT(w, idle) = FIXTURE_IDLE_TCB;
    tcb_edit(w, FIXTURE_IDLE_TCB)->state = TCB_IDLE;
    tcb_create(w, FIXTURE_ROOT_TCB);
    tcb_set_name(w, FIXTURE_ROOT_TCB, "tester");
    tcb_edit(w, FIXTURE_ROOT_TCB)->state = TCB_RUNNING;
    tcb_edit(w, FIXTURE_ROOT_TCB)->priority = 100;
    KERNEL_EDIT(w, current) = FIXTURE_ROOT_TCB;
    slot_write_initial(w, slot_of(CPTR_TCB), tcb);
    slot_write_initial(w, tcb_slot(FIXTURE_ROOT_TCB, TCB_BUFFER), frame);
    slot_setup_reply_master(w, FIXTURE_ROOT_TCB);
}

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct world *w = &f->w;
    w->memory_size = FIXTURE_MEMORY;
    w->arena = aligned_alloc(PAGE_SIZE, arena_size(w));
    w->mark = calloc(1, arena_size(w) >> PAGE_BITS);
    memset(w->arena, 0, arena_size(w));
    w->hear = fixture_hear;
    w->listener = f;

    KERNEL_EDIT(w, config) = kernel_config_default;
    numbers_fill(&KERNEL_EDIT(w, numbers), &kernel_config_default);
    KERNEL_EDIT(w, irq_node) = FIXTURE_IRQ_NODE;
    KERNEL_EDIT(w, tick_due) = ~(word_t)0;
    struct cap cnode = cnode_cap(FIXTURE_CNODE, FIXTURE_CNODE_BITS, 0, FIXTURE_GUARD_SIZE);
    slot_write_initial(w, slot_of(CPTR_CNODE), cnode);
    slot_write_initial(w, slot_of(CPTR_UNTYPED),
                       untyped_cap(FIXTURE_UNTYPED, FIXTURE_UNTYPED_BITS));
    slot_write_initial(w, slot_of(CPTR_IRQ_CONTROL), cap_new(CAP_IRQ_CONTROL));
    fixture_make_threads(w);
    slot_insert(w, cnode, slot_of(CPTR_CNODE), tcb_slot(FIXTURE_ROOT_TCB, TCB_CTABLE));
    f->events = 0;
    *state = f;
    return 0;
}

/* After every test the rules hold that always must. */
static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    const char *wrong = kernel_check_invariants(&f->w);
    if (wrong) fprintf(stderr, "invariant: %s\n", wrong);
    free(f->w.arena);
    free(f->w.mark);
    free(f);
    return wrong ? -1 : 0;
}

/* A message as a test writes it. */
struct message {
    word_t cptr;
    const char *label; /* "CNodeCopy" */
    word_t length, word[12];
    word_t caps, cap[3];
};

static inline word_t label_of(const struct fixture *f, const char *name)
{
    word_t label = 0;
    assert_true(invocation_label(&kernel_at(&f->w)->numbers, name, &label));
    return label;
}

static inline word_t fixture_mr(const struct fixture *f, unsigned i)
{
    return tcb_get_mr(&f->w, FIXTURE_ROOT_TCB, FIXTURE_BUFFER, i);
}

/* Puts a message into the thread's registers and buffer. */
static inline void message_put(struct fixture *f, struct message m)
{
    struct world *w = &f->w;
    for (unsigned i = 0; i < 12; i++) tcb_set_mr(w, FIXTURE_ROOT_TCB, FIXTURE_BUFFER, i, m.word[i]);
    for (unsigned i = 0; i < 3; i++) memory_set_word(w, FIXTURE_BUFFER + (122 + i) * 8, m.cap[i]);
    word_t *context = tcb_edit(w, FIXTURE_ROOT_TCB)->context;
    context[CTX_CAP] = m.cptr;
    context[CTX_MSG_INFO] = message_info(m.label ? label_of(f, m.label) : 0, 0, m.caps, m.length);
}

/* Performs it as seL4_Call. Returns the error; what was printed is in f->print. */
static inline enum sel4_error call(struct fixture *f, struct message m)
{
    message_put(f, m);
    f->print[0] = '\0';
    f->events = 0;
    if (handle_invocation(&f->w, true, true) == PROGRESS_PREEMPTED) return SEL4_ERROR_COUNT;
    return (enum sel4_error)message_label(tcb_at(&f->w, FIXTURE_ROOT_TCB)->context[CTX_MSG_INFO]);
}

/* A call that is restarted until it is through, and how often it was preempted. */
static inline enum sel4_error call_to_end(struct fixture *f, struct message m, unsigned *preempted)
{
    enum sel4_error error = call(f, m);
    for (*preempted = 0; error == SEL4_ERROR_COUNT; ++*preempted) error = call(f, m);
    return error;
}

/* Makes objects in consecutive slots of the thread's CSpace. */
static inline enum sel4_error retype(struct fixture *f, const char *object, word_t bits,
                                     word_t cptr, word_t count)
{
    word_t type = 99;
    object_type(&kernel_at(&f->w)->numbers, object, &type);
    return call(f, (struct message){ .cptr = CPTR_UNTYPED,
                                     .label = "UntypedRetype",
                                     .length = 6,
                                     .word = { type, bits, 0, 0, cptr, count },
                                     .caps = 1,
                                     .cap = { CPTR_CNODE } });
}

/* Copy, Mint, Move or Mutate from CPtr to CPtr within the thread's CSpace. */
static inline enum sel4_error cnode_call(struct fixture *f, const char *label, word_t to,
                                         word_t from, word_t word4, word_t word5)
{
    return call(f, (struct message){ .cptr = CPTR_CNODE,
                                     .label = label,
                                     .length = 6,
                                     .word = { to, 64, from, 64, word4, word5 },
                                     .caps = 1,
                                     .cap = { CPTR_CNODE } });
}

/* Delete, Revoke and their kin. */
static inline enum sel4_error slot_call(struct fixture *f, const char *label, word_t cptr)
{
    return call(f, (struct message){
                       .cptr = CPTR_CNODE, .label = label, .length = 2, .word = { cptr, 64 } });
}

#define assert_prints(f, text) assert_non_null(strstr((f)->print, text))

#endif
