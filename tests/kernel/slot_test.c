/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation list: who is whose child, what revoke and delete take, and how
 * long deletions are interrupted and go on: src/kernel/slot.c. */
#include "kernel/kernel_fixture.h"

enum { EP = CPTR_FREE, FIRST = 32 };

static enum sel4_error mint(struct fixture *f, word_t to, word_t from, word_t badge)
{
    return cnode_call(f, "CNodeMint", to, from, RIGHTS_ALL, badge);
}

static enum sel4_error copy(struct fixture *f, word_t to, word_t from)
{
    return cnode_call(f, "CNodeCopy", to, from, RIGHTS_ALL, 0);
}

static bool is_empty(const struct fixture *f, word_t cptr)
{
    return cap_type(cap_in(f, cptr)) == CAP_NULL;
}

static unsigned taken(const struct fixture *f, word_t first, word_t count)
{
    unsigned n = 0;
    for (word_t i = 0; i < count; i++) n += !is_empty(f, first + i);
    return n;
}

/* EP: an endpoint; FIRST: badged 5; FIRST + 1: a copy of that; FIRST + 2: unbadged copy of EP;
 * FIRST + 3: badged 5 from EP, too. */
static void make_family(struct fixture *f)
{
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_NoError);
    assert_int_equal(mint(f, FIRST, EP, 5), SEL4_NoError);
    assert_int_equal(copy(f, FIRST + 1, FIRST), SEL4_NoError);
    assert_int_equal(copy(f, FIRST + 2, EP), SEL4_NoError);
    assert_int_equal(mint(f, FIRST + 3, EP, 5), SEL4_NoError);
}

static void every_interrupt_waits(struct fixture *f)
{
    KERNEL_EDIT(&f->w, irq_state)[IRQ_OF_TIMER] = IRQ_TIMER;
    KERNEL_EDIT(&f->w, tick_due) = 0;
}

static void a_minted_capability_is_revocable_and_first_badged(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_true(cte_revocable(cte_at(&f->w, slot_of(FIRST))));
    assert_true(cte_first_badged(cte_at(&f->w, slot_of(FIRST))));
    assert_false(cte_revocable(cte_at(&f->w, slot_of(FIRST + 1))));
    assert_false(cte_first_badged(cte_at(&f->w, slot_of(FIRST + 1))));
}

static void revoke_on_the_original_takes_all_copies(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_int_equal(slot_call(f, "CNodeRevoke", EP), SEL4_NoError);
    assert_int_equal(taken(f, FIRST, 4), 0);
    assert_int_equal(cap_type(cap_in(f, EP)), CAP_ENDPOINT);
    assert_int_equal(fixture_count(f, EVENT_CAP_DELETE), 4);
}

static void revoke_on_a_badged_one_takes_copies_of_it_only(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_int_equal(slot_call(f, "CNodeRevoke", FIRST), SEL4_NoError);
    assert_false(is_empty(f, FIRST));
    assert_true(is_empty(f, FIRST + 1));
    assert_int_equal(taken(f, FIRST + 2, 2), 2);
}

static void revoke_on_a_copy_takes_nothing(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_int_equal(slot_call(f, "CNodeRevoke", FIRST + 1), SEL4_NoError);
    assert_int_equal(slot_call(f, "CNodeRevoke", FIRST + 2), SEL4_NoError);
    assert_int_equal(taken(f, FIRST, 4), 4);
}

static void a_deleted_first_badged_one_hands_its_mark_on(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_int_equal(slot_call(f, "CNodeDelete", FIRST), SEL4_NoError);
    assert_true(cte_first_badged(cte_at(&f->w, slot_of(FIRST + 1))));
    assert_int_equal(taken(f, FIRST, 4), 3);
}

static void the_last_capability_takes_the_object_along(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_false(slot_is_final(&f->w, slot_of(EP)));
    assert_int_equal(slot_call(f, "CNodeRevoke", EP), SEL4_NoError);
    assert_true(slot_is_final(&f->w, slot_of(EP)));
    assert_int_equal(slot_call(f, "CNodeDelete", EP), SEL4_NoError);
    assert_false(slot_has_children(&f->w, slot_of(CPTR_UNTYPED)));
}

static void a_moved_capability_keeps_its_place_in_the_list(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_int_equal(cnode_call(f, "CNodeMove", FIRST + 8, EP, 0, 0), SEL4_NoError);
    assert_true(is_empty(f, EP));
    assert_int_equal(slot_call(f, "CNodeRevoke", FIRST + 8), SEL4_NoError);
    assert_int_equal(taken(f, FIRST, 4), 0);
}

static void neighbours_can_be_swapped(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    struct world *w = &f->w;
    paddr_t a = slot_of(FIRST + 2), b = slot_of(FIRST);
    assert_int_equal(cte_next(cte_at(w, a)), b);
    paddr_t before = cte_at(w, a)->mdb_prev, after = cte_next(cte_at(w, b));
    slot_swap(w, cte_at(w, a)->cap, a, cte_at(w, b)->cap, b);
    assert_int_equal(cte_next(cte_at(w, before)), b);
    assert_int_equal(cte_next(cte_at(w, b)), a);
    assert_int_equal(cte_next(cte_at(w, a)), after);
    assert_int_equal(cte_at(w, after)->mdb_prev, a);
}

static void revoking_an_untyped_takes_all_that_was_made_of_it(void **state)
{
    struct fixture *f = *state;
    make_family(f);
    assert_int_equal(retype(f, "TCBObject", 0, FIRST + 8, 2), SEL4_NoError);
    assert_int_equal(retype(f, "CapTableObject", 4, FIRST + 10, 1), SEL4_NoError);
    assert_int_equal(slot_call(f, "CNodeRevoke", CPTR_UNTYPED), SEL4_NoError);
    assert_int_equal(taken(f, EP, 40), 0);
    assert_int_equal(cap_type(cap_in(f, CPTR_UNTYPED)), CAP_UNTYPED);
}

static void a_deleted_cnode_takes_what_it_holds(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_NoError);
    assert_int_equal(retype(f, "CapTableObject", 4, EP + 1, 1), SEL4_NoError);
    struct message into = { .cptr = EP + 1,
                            .label = "CNodeCopy",
                            .length = 5,
                            .word = { 7, 4, EP, 64, RIGHTS_ALL },
                            .caps = 1,
                            .cap = { CPTR_CNODE } };
    assert_int_equal(call(f, into), SEL4_NoError);
    assert_false(slot_is_final(&f->w, slot_of(EP)));
    assert_int_equal(slot_call(f, "CNodeDelete", EP + 1), SEL4_NoError);
    assert_true(slot_is_final(&f->w, slot_of(EP)));
}

static void a_cnode_that_holds_itself_can_be_deleted(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "CapTableObject", 4, EP, 1), SEL4_NoError);
    struct message into = { .cptr = EP,
                            .label = "CNodeMove",
                            .length = 4,
                            .word = { 3, 4, EP, 64 },
                            .caps = 1,
                            .cap = { CPTR_CNODE } };
    assert_int_equal(call(f, into), SEL4_NoError);
    assert_true(is_empty(f, EP));
    assert_int_equal(slot_call(f, "CNodeRevoke", CPTR_UNTYPED), SEL4_NoError);
    assert_false(slot_has_children(&f->w, slot_of(CPTR_UNTYPED)));
}

static void a_long_deletion_is_a_zombie_between_its_parts(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "CapTableObject", 8, EP, 1), SEL4_NoError);
    every_interrupt_waits(f);
    KERNEL_EDIT(&f->w, work_units) = 0;
    assert_int_equal(slot_call(f, "CNodeDelete", EP), SEL4_ERROR_COUNT);
    assert_int_equal(fixture_count(f, EVENT_PREEMPT), 1);
    struct cap zombie = cap_in(f, EP);
    assert_int_equal(cap_type(zombie), CAP_ZOMBIE);
    assert_int_equal(cap_zombie_number(zombie), 256 - 100);
    assert_null(kernel_check_invariants(&f->w));

    assert_int_equal(call(f, (struct message){ .cptr = EP }), SEL4_InvalidCapability);
    assert_prints(f, "decodeInvocation/");
    assert_prints(f, "Attempted to invoke a zombie cap #16.");

    unsigned preempted;
    struct message rest = {
        .cptr = CPTR_CNODE, .label = "CNodeDelete", .length = 2, .word = { EP, 64 }
    };
    assert_int_equal(call_to_end(f, rest, &preempted), SEL4_NoError);
    assert_int_equal(preempted, 1);
    assert_true(is_empty(f, EP));
}

static void a_long_revoke_goes_on_where_it_was(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "EndpointObject", 0, EP, 1), SEL4_NoError);
    for (word_t i = 0; i < 150; i++) assert_int_equal(copy(f, FIRST + i, EP), SEL4_NoError);
    every_interrupt_waits(f);
    KERNEL_EDIT(&f->w, work_units) = 0;
    assert_int_equal(slot_call(f, "CNodeRevoke", EP), SEL4_ERROR_COUNT);
    assert_int_equal(taken(f, FIRST, 150), 50);
    assert_int_equal(tcb_at(&f->w, FIXTURE_ROOT_TCB)->state, TCB_RESTART);
    assert_int_equal(slot_call(f, "CNodeRevoke", EP), SEL4_NoError);
    assert_int_equal(taken(f, FIRST, 150), 0);
}

static void without_an_interrupt_long_work_is_not_preempted(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "CapTableObject", 8, EP, 1), SEL4_NoError);
    assert_int_equal(slot_call(f, "CNodeDelete", EP), SEL4_NoError);
    assert_int_equal(fixture_count(f, EVENT_PREEMPT), 0);
}

static void a_deleted_thread_leaves_nothing_behind(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(retype(f, "TCBObject", 0, EP, 1), SEL4_NoError);
    paddr_t tcb = cap_object(cap_in(f, EP));
    assert_int_equal(kernel_at(&f->w)->debug_tcbs, tcb);
    assert_int_equal(slot_call(f, "CNodeDelete", EP), SEL4_NoError);
    assert_int_equal(kernel_at(&f->w)->debug_tcbs, FIXTURE_ROOT_TCB);
    assert_false(slot_has_children(&f->w, slot_of(CPTR_UNTYPED)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_minted_capability_is_revocable_and_first_badged),
        TEST(revoke_on_the_original_takes_all_copies),
        TEST(revoke_on_a_badged_one_takes_copies_of_it_only),
        TEST(revoke_on_a_copy_takes_nothing),
        TEST(a_deleted_first_badged_one_hands_its_mark_on),
        TEST(the_last_capability_takes_the_object_along),
        TEST(a_moved_capability_keeps_its_place_in_the_list),
        TEST(neighbours_can_be_swapped),
        TEST(revoking_an_untyped_takes_all_that_was_made_of_it),
        TEST(a_deleted_cnode_takes_what_it_holds),
        TEST(a_cnode_that_holds_itself_can_be_deleted),
        TEST(a_long_deletion_is_a_zombie_between_its_parts),
        TEST(a_long_revoke_goes_on_where_it_was),
        TEST(without_an_interrupt_long_work_is_not_preempted),
        TEST(a_deleted_thread_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
