/* SPDX-License-Identifier: BSD-2-Clause */
/* A booted prompt for the tests of this room, and short ways to act at it. */
#ifndef FAULTLINE_TESTS_PROMPT_H
#define FAULTLINE_TESTS_PROMPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "machine/text.h"
#include "world/build.h"
#include "world/names.h"

enum { PROMPT_MEMORY = 64 << 20 };

static inline int prompt_open(void **state)
{
    struct problem p;
    struct session *s = session_open(&kernel_config_default, PROMPT_MEMORY, &p);
    if (!s || !session_boot_prompt(s, &p)) return -1;
    *state = s;
    return 0;
}

static inline int prompt_close(void **state)
{
    session_close(*state);
    return 0;
}

#define PROMPT_TEST(f) cmocka_unit_test_setup_teardown(f, prompt_open, prompt_close)

static inline struct cap seat_cspace(const struct session *s)
{
    return cte_at(session_world_at(s), tcb_slot(session_seat(s), TCB_CTABLE))->cap;
}

/* The CPtr of a name in the seat's CSpace. */
static inline word_t cptr(const struct session *s, const char *name)
{
    word_t value = 0;
    paddr_t slot = name_find(session_world_at(s), seat_cspace(s), name);
    assert_true(slot && slot_cptr(session_world_at(s), session_seat(s), slot, &value));
    return value;
}

static inline void sit(struct session *s, const char *name)
{
    paddr_t tcb = thread_find(session_world_at(s), name);
    assert_true(tcb);
    session_sit(s, tcb);
}

/* A call by the seat's thread; the result in *r. Returns why the machine stopped. */
static inline enum stop_kind do_call_(struct session *s, const char *function, word_t service,
                                      word_t info, const word_t *arg, unsigned argc,
                                      struct call_result *r)
{
    static struct call_result none;
    struct call call;
    struct stop stop;
    struct problem p = { .text = "" };
    assert_true(call_find(session_world_at(s), function, &call));
    call.service = service;
    if (info) call.info = info;
    call.argc = argc;
    memcpy(call.arg, arg, argc * sizeof arg[0]);
    session_begin(s, function);
    if (!call_do(s, &call, &stop, r ? r : &none, &p)) fail_msg("%s: %s", function, p.text);
    return stop.kind;
}

#define do_call(s, function, service, info, r, ...)                                                \
    do_call_(s, function, service, info, (const word_t[]){ 0, ##__VA_ARGS__ } + 1,                 \
             sizeof((const word_t[]){ 0, ##__VA_ARGS__ }) / sizeof(word_t) - 1, r)

/* Assembled instructions, typed into the seat. */
static inline struct stop do_asm(struct session *s, const char *source)
{
    struct assembled a = assemble(source, HAND_PAGE);
    struct hand_act act = { .length = a.length };
    struct stop stop = { 0 };
    struct problem p = { .text = "" };
    assert_string_equal(a.error, "");
    memcpy(act.code, a.code, a.length);
    session_begin(s, source);
    if (!hand_do(s, &act, &stop, &p)) fail_msg("%s: %s", source, p.text);
    return stop;
}

#endif
