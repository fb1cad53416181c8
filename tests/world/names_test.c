/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of slots, variables and threads. */
#include "world/lesson.h"

static paddr_t slot_at(const struct session *s, word_t index)
{
    return cap_cnode_object(seat_cspace(s)) + (index << SLOT_BITS);
}

static void a_name_belongs_to_a_slot_and_is_found_in_its_cnode_only(void **state)
{
    struct session *s = *state;
    struct world *w = session_world(s);
    new_thread(s, "faulter");
    struct cap other = cte_at(w, tcb_slot(thread(s, "faulter"), TCB_CTABLE))->cap;

    assert_true(name_set(w, slot_at(s, 500), "here"));

    assert_int_equal(name_find(w, seat_cspace(s), "here"), slot_at(s, 500));
    assert_int_equal(name_find(w, other, "here"), 0);
    assert_string_equal(name_of_slot(w, slot_at(s, 500)), "here");
    assert_null(name_of_slot(w, slot_at(s, 501)));
}

static void a_name_is_a_c_identifier_shorter_than_32_bytes(void **state)
{
    struct session *s = *state;
    struct world *w = session_world(s);

    assert_false(name_set(w, slot_at(s, 500), "1st"));
    assert_false(name_set(w, slot_at(s, 500), ""));
    assert_false(name_set(w, slot_at(s, 500), "a b"));
    assert_false(name_set(w, slot_at(s, 500), "a23456789012345678901234567890xy"));
    assert_true(name_set(w, slot_at(s, 500), "a23456789012345678901234567890x"));
    assert_true(name_set(w, slot_at(s, 500), "_1"));
    assert_string_equal(name_of_slot(w, slot_at(s, 500)), "_1");
}

static void forgotten_names_leave_the_others_in_order(void **state)
{
    struct session *s = *state;
    struct world *w = session_world(s);
    for (word_t i = 0; i < 4; i++)
        name_set(w, slot_at(s, 500 + i), (const char *[]){ "a", "b", "c", "d" }[i]);

    names_forget(w, slot_at(s, 501), slot_at(s, 503));

    assert_int_equal(name_find(w, seat_cspace(s), "a"), slot_at(s, 500));
    assert_int_equal(name_find(w, seat_cspace(s), "b"), 0);
    assert_int_equal(name_find(w, seat_cspace(s), "c"), 0);
    assert_int_equal(name_find(w, seat_cspace(s), "d"), slot_at(s, 503));
}

static void the_first_empty_slot_has_no_name_and_is_never_slot_0(void **state)
{
    struct session *s = *state;
    struct world *w = session_world(s);
    paddr_t first = slot_first_empty(w, seat_cspace(s));

    name_set(w, first, "taken");

    assert_true(first >= slot_at(s, 16));
    assert_int_equal(cap_type(cte_at(w, first)->cap), CAP_NULL);
    assert_int_equal(slot_first_empty(w, seat_cspace(s)), first + (1 << SLOT_BITS));
}

static void a_cptr_of_a_slot_leads_to_it(void **state)
{
    struct session *s = *state;
    const struct world *w = session_world_at(s);
    word_t value;
    paddr_t slot = 0;

    assert_true(slot_cptr(w, session_seat(s), slot_at(s, 77), &value));

    assert_int_equal(value, 77);
    assert_int_equal(kernel_lookup_slot(w, session_seat(s), value, &slot).type, LOOKUP_OK);
    assert_int_equal(slot, slot_at(s, 77));
    assert_false(slot_cptr(w, session_seat(s), slot_at(s, 8192), &value));
}

static void names_of_memory_that_is_made_anew_are_forgotten(void **state)
{
    struct session *s = *state;
    struct call_result r;
    paddr_t spare = slot_first_empty(session_world_at(s), seat_cspace(s));
    assert_true(build_object(s, "untyped", 14, spare).ok);
    word_t untyped = slot_index(seat_cspace(s), spare);
    do_call(s, "seL4_Untyped_Retype", untyped, 0, &r, 4, 8, 2, 0, 0, 600,
            1); /* a CNode of 256 slots */
    assert_int_equal(r.error, SEL4_NoError);
    struct cap cnode = cte_at(session_world_at(s), slot_at(s, 600))->cap;
    assert_true(name_set(session_world(s), cap_cnode_object(cnode) + 32, "inside"));

    do_call(s, "seL4_CNode_Revoke", 2, 0, &r, untyped, 64);
    do_call(s, "seL4_Untyped_Retype", untyped, 0, &r, 4, 8, 2, 0, 0, 600, 1);

    assert_int_equal(r.error, SEL4_NoError);
    assert_int_equal(name_find(session_world_at(s), cnode, "inside"), 0);
}

static void variables_are_set_and_set_again(void **state)
{
    struct session *s = *state;
    struct world *w = session_world(s);
    word_t value = 1;

    assert_false(variable_get(w, "x", &value));
    assert_true(variable_set(w, "x", 2));
    assert_true(variable_set(w, "x", 3));
    assert_true(variable_get(w, "x", &value));
    assert_int_equal(value, 3);
    assert_false(variable_set(w, "3x", 3));
}

static void threads_are_found_by_the_kernels_name(void **state)
{
    struct session *s = *state;

    assert_int_equal(thread_find(session_world_at(s), "rootserver"), session_seat(s));
    assert_int_equal(thread_find(session_world_at(s), "nobody"), 0);
    assert_string_equal(thread_name(session_world_at(s), 0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROMPT_TEST(a_name_belongs_to_a_slot_and_is_found_in_its_cnode_only),
        PROMPT_TEST(a_name_is_a_c_identifier_shorter_than_32_bytes),
        PROMPT_TEST(forgotten_names_leave_the_others_in_order),
        PROMPT_TEST(the_first_empty_slot_has_no_name_and_is_never_slot_0),
        PROMPT_TEST(a_cptr_of_a_slot_leads_to_it),
        PROMPT_TEST(names_of_memory_that_is_made_anew_are_forgotten),
        PROMPT_TEST(variables_are_set_and_set_again),
        PROMPT_TEST(threads_are_found_by_the_kernels_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
