/* SPDX-License-Identifier: BSD-2-Clause */
/* The set-up of the first session, for tests: faulter and handler driven by hand, an endpoint for faults. */
#ifndef FAULTLINE_TESTS_LESSON_H
#define FAULTLINE_TESTS_LESSON_H

#include "world/prompt.h"

enum { HARM = 0x10000000, BADGE = 0xcafe, FAULT_SLOT = 8 };

static inline paddr_t thread(const struct session *s, const char *name)
{
    return thread_find(session_world_at(s), name);
}

static inline word_t state_of(const struct session *s, const char *name)
{
    return tcb_at(session_world_at(s), thread(s, name))->state;
}

static inline void new_thread(struct session *s, const char *name)
{
    session_begin(s, name);
    struct build b = build_thread(s, name);
    if (!b.ok) fail_msg("%s: %s, error %d", name, b.problem.text, b.result.error);
}

static inline void new_object(struct session *s, const char *kind, const char *name)
{
    paddr_t slot = slot_first_empty(session_world_at(s), seat_cspace(s));
    session_begin(s, name);
    assert_true(build_object(s, kind, 0, slot).ok);
    assert_true(name_set(session_world(s), slot, name));
}

/* Copies what rootserver has under a name into a slot of handler's CSpace, under the same name. */
static inline void give_handler(struct session *s, const char *name, word_t index)
{
    struct call_result r;
    struct cap to = cte_at(session_world_at(s), tcb_slot(thread(s, "handler"), TCB_CTABLE))->cap;
    do_call(s, "seL4_CNode_Copy", cptr(s, "handler_cspace"), 0, &r, index, 64, 2, cptr(s, name), 64,
            RIGHTS_ALL);
    assert_int_equal(r.error, SEL4_NoError);
    name_set(session_world(s), cap_cnode_object(to) + (index << SLOT_BITS), name);
}

static inline void first_session(struct session *s)
{
    struct call_result r;
    new_thread(s, "faulter");
    new_thread(s, "handler");
    new_object(s, "endpoint", "fault_ep");
    new_object(s, "frame", "frame");
    assert_true(build_tables(s, cptr(s, "faulter_vspace"), HARM).ok);
    give_handler(s, "fault_ep", 1);
    give_handler(s, "frame", 2);
    give_handler(s, "faulter_vspace", 3);
    do_call(s, "seL4_TCB_SetSpace", cptr(s, "faulter_tcb"), 0, &r, FAULT_SLOT,
            cptr(s, "faulter_cspace"), 0, cptr(s, "faulter_vspace"), 0);
    assert_int_equal(r.error, SEL4_NoError);
    do_call(s, "seL4_CNode_Mint", cptr(s, "faulter_cspace"), 0, &r, FAULT_SLOT, 64, 2,
            cptr(s, "fault_ep"), 64, RIGHTS_ALL, BADGE);
    assert_int_equal(r.error, SEL4_NoError);
}

/* Until faulter is blocked on reply and handler holds its message. */
static inline void first_fault(struct session *s)
{
    first_session(s);
    sit(s, "handler");
    assert_int_equal(do_call(s, "seL4_Recv", cptr(s, "fault_ep"), 0, NULL), STOP_BLOCKED);
    sit(s, "faulter");
    assert_int_equal(do_asm(s, "mov rax, [0x10000000]").kind, STOP_FAULTED);
}

#endif
