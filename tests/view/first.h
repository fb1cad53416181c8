/* SPDX-License-Identifier: BSD-2-Clause */
/* The set-up of the first lesson for tests of views, and acting there as a person does: the echo of the
 * call, what came over the serial line, and the story, as text. */
#ifndef FAULTLINE_TESTS_FIRST_H
#define FAULTLINE_TESTS_FIRST_H

#include "view/output.h"
#include "view/view.h"
#include "world/prompt.h"

enum { HARM = 0x10000000, FAULT_SLOT = 8 };

static inline struct view view_into(const struct session *s, struct output *o, unsigned width)
{
    *o = output_open();
    return (struct view){ .session = s, .out = o->file, .width = width };
}

static inline void new_thread(struct session *s, const char *name)
{
    struct build b = build_thread(s, name);
    if (!b.ok) fail_msg("%s: %s", name, b.problem.text);
}

static inline void new_object(struct session *s, const char *kind, const char *name)
{
    paddr_t slot = slot_first_empty(session_world_at(s), seat_cspace(s));
    assert_true(build_object(s, kind, 0, slot).ok);
    assert_true(name_set(session_world(s), slot, name));
}

static inline struct cap cspace_of(struct session *s, const char *thread)
{
    const struct world *w = session_world_at(s);
    return cte_at(w, tcb_slot(thread_find(w, thread), TCB_CTABLE))->cap;
}

/* Copies a capability of the seat's into the slot `index` of a thread's CSpace, by the same name. */
static inline void give(struct session *s, const char *name, const char *thread, word_t index)
{
    struct call_result r;
    char cnode[NAME_SIZE];
    snprintf(cnode, sizeof cnode, "%s_cspace", thread);
    do_call(s, "seL4_CNode_Copy", cptr(s, cnode), 0, &r, index, 64, 2, cptr(s, name), 64,
            RIGHTS_ALL);
    assert_int_equal(r.error, SEL4_NoError);
    name_set(session_world(s), cap_cnode_object(cspace_of(s, thread)) + (index << SLOT_BITS), name);
}

/* faulter, handler, fault_ep; slot 8 of faulter's CSpace is named and empty. */
static inline int first_open(void **state)
{
    struct call_result r;
    if (prompt_open(state) != 0) return -1;
    struct session *s = *state;
    new_thread(s, "faulter");
    new_thread(s, "handler");
    new_object(s, "endpoint", "fault_ep");
    new_object(s, "frame", "frame");
    assert_true(build_tables(s, cptr(s, "faulter_vspace"), HARM).ok);
    give(s, "fault_ep", "handler", 1);
    give(s, "frame", "handler", 2);
    give(s, "faulter_vspace", "handler", 3);
    do_call(s, "seL4_TCB_SetSpace", cptr(s, "faulter_tcb"), 0, &r, FAULT_SLOT,
            cptr(s, "faulter_cspace"), 0, cptr(s, "faulter_vspace"), 0);
    assert_int_equal(r.error, SEL4_NoError);
    name_set(session_world(s),
             cap_cnode_object(cspace_of(s, "faulter")) + (FAULT_SLOT << SLOT_BITS), "fault");
    return 0;
}

#define FIRST_TEST(f) cmocka_unit_test_setup_teardown(f, first_open, prompt_close)

/* What a person sees of a call: its echo, prints, the error or the story. */
static inline void tell_call(struct session *s, const struct view *v, const char *function,
                             word_t service, word_t info, unsigned argc, const word_t *arg)
{
    struct call call;
    struct stop stop;
    struct problem p = { .text = "" };
    static struct call_result r;
    char suffix[64] = "";
    assert_true(call_find(session_world_at(s), function, &call));
    call.service = service;
    call.info = info;
    call.argc = argc;
    if (argc) memcpy(call.arg, arg, argc * sizeof arg[0]);
    session_begin(s, function);
    size_t from = session_event_count(s);
    r = (struct call_result){ 0 };
    if (!call_do(s, &call, &stop, &r, &p)) fail_msg("%s: %s", function, p.text);
    if (call.invocation) snprintf(suffix, sizeof suffix, "  =  %s", error_table[r.error].name);
    view_call(v, &call, suffix);
    view_serial(v, from);
    if (r.error)
        view_error(v, &call, &r);
    else
        view_story(v, from, &stop, 4);
}

#define TELL(s, v, function, service, info, ...)                                                   \
    tell_call(s, v, function, service, info,                                                       \
              sizeof((const word_t[]){ 0, ##__VA_ARGS__ }) / sizeof(word_t) - 1,                   \
              (const word_t[]){ 0, ##__VA_ARGS__ } + 1)

static inline void tell_asm(struct session *s, const struct view *v, const char *source)
{
    size_t from = session_event_count(s);
    struct stop stop = do_asm(s, source);
    view_serial(v, from);
    view_story(v, from, &stop, 4);
}

/* The words that set a lesson up: the badged capability in faulter's slot. */
static inline void mint(struct session *s, const struct view *v, word_t badge)
{
    TELL(s, v, "seL4_CNode_Mint", cptr(s, "faulter_cspace"), 0, FAULT_SLOT, 64, 2,
         cptr(s, "fault_ep"), 64, RIGHTS_ALL, badge);
}

#endif
