/* SPDX-License-Identifier: BSD-2-Clause */
/* What capabilities are: src/kernel/cap.c. */
#include "kernel/kernel_fixture.h"

static struct cap endpoint_cap(paddr_t at, word_t rights, word_t badge)
{
    struct cap cap = cap_new(CAP_ENDPOINT);
    cap_endpoint_set_object(&cap, at);
    cap_endpoint_set_can_send(&cap, (rights & RIGHT_WRITE) != 0);
    cap_endpoint_set_can_receive(&cap, (rights & RIGHT_READ) != 0);
    cap_endpoint_set_can_grant(&cap, (rights & RIGHT_GRANT) != 0);
    cap_endpoint_set_can_grant_reply(&cap, (rights & RIGHT_GRANT_REPLY) != 0);
    cap_endpoint_set_badge(&cap, badge);
    return cap;
}

static struct cap frame_cap(paddr_t at, word_t size, bool is_device)
{
    struct cap cap = cap_new(CAP_FRAME);
    cap_frame_set_object(&cap, at);
    cap_frame_set_size(&cap, size);
    cap_frame_set_is_device(&cap, is_device);
    return cap;
}

static struct cap irq_handler(word_t irq)
{
    struct cap cap = cap_new(CAP_IRQ_HANDLER);
    cap_irq_handler_set_irq(&cap, irq);
    return cap;
}

static bool caps_equal(struct cap a, struct cap b)
{
    return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}

static void masking_takes_rights_and_never_gives(void **state)
{
    (void)state;
    for (word_t has = 0; has <= RIGHTS_ALL; has++)
        for (word_t mask = 0; mask <= RIGHTS_ALL; mask++)
            assert_true(caps_equal(cap_mask_rights(endpoint_cap(0x1000, has, 7), mask),
                                   endpoint_cap(0x1000, has & mask, 7)));
    struct cap tcb = cap_new(CAP_THREAD);
    assert_true(caps_equal(cap_mask_rights(tcb, 0), tcb));
}

static void a_badge_is_given_once_and_kept(void **state)
{
    (void)state;
    struct cap plain = endpoint_cap(0x1000, RIGHTS_ALL, 0),
               badged = endpoint_cap(0x1000, RIGHTS_ALL, 5);
    assert_int_equal(cap_endpoint_badge(cap_update_data(false, 5, plain)), 5);
    assert_int_equal(cap_type(cap_update_data(true, 5, plain)), CAP_NULL);
    assert_int_equal(cap_type(cap_update_data(false, 6, badged)), CAP_NULL);
    assert_int_equal(cap_type(cap_update_data(false, 0, badged)), CAP_NULL);
}

static void data_for_a_cnode_is_its_guard(void **state)
{
    (void)state;
    struct cap cap = cap_update_data(true, 0xff3 << 6 | 4, cnode_cap(0x1000, 4, 0, 0));
    assert_int_equal(cap_cnode_guard_size(cap), 4);
    assert_int_equal(cap_cnode_guard(cap), 3); /* bits beyond the size are dropped */
    assert_int_equal(cap_type(cap_update_data(false, 61, cnode_cap(0x1000, 4, 0, 0))), CAP_NULL);
    assert_int_equal(cap_type(cap_update_data(false, 60, cnode_cap(0x1000, 4, 0, 0))), CAP_CNODE);
}

static void an_untyped_is_the_region_of_all_in_its_memory(void **state)
{
    (void)state;
    struct cap untyped = untyped_cap(0x10000, 12);
    struct cap tcb = cap_new(CAP_THREAD);
    cap_thread_set_object(&tcb, 0x10800 + TCB_OFFSET);
    assert_true(cap_same_region_as(untyped, untyped_cap(0x10000, 12)));
    assert_true(cap_same_region_as(untyped, untyped_cap(0x10100, 8)));
    assert_true(cap_same_region_as(untyped, tcb));
    assert_true(cap_same_region_as(untyped, endpoint_cap(0x10ff0, 0, 0)));
    assert_false(cap_same_region_as(untyped, endpoint_cap(0x11000, 0, 0)));
    assert_false(cap_same_region_as(untyped, untyped_cap(0x10000, 13)));
    assert_false(cap_same_region_as(untyped, irq_handler(3)));
    assert_false(cap_same_object_as(untyped, untyped));
}

static void control_capabilities_are_the_region_of_what_they_issue(void **state)
{
    (void)state;
    struct cap irq = cap_new(CAP_IRQ_CONTROL), ports = cap_new(CAP_IO_PORT_CONTROL);
    struct cap port = cap_new(CAP_IO_PORT);
    assert_true(cap_same_region_as(irq, irq_handler(3)));
    assert_false(cap_same_object_as(irq, irq_handler(3)));
    assert_true(cap_same_region_as(ports, port));
    assert_false(cap_same_object_as(ports, port));
    assert_false(cap_same_region_as(irq_handler(3), irq_handler(4)));
    assert_true(cap_same_object_as(irq_handler(3), irq_handler(3)));
}

static void frames_are_the_same_object_only_with_the_same_size_and_kind(void **state)
{
    (void)state;
    struct cap large = frame_cap(0x200000, 1, false), small = frame_cap(0x200000, 0, false);
    assert_true(cap_same_region_as(large, small));
    assert_false(cap_same_region_as(small, large));
    assert_false(cap_same_object_as(large, small));
    assert_false(cap_same_object_as(small, frame_cap(0x200000, 0, true)));
    assert_true(cap_same_object_as(small, small));
}

static void what_makes_a_copy_revocable(void **state)
{
    (void)state;
    struct cap plain = endpoint_cap(0x1000, RIGHTS_ALL, 0),
               badged = endpoint_cap(0x1000, RIGHTS_ALL, 5);
    assert_true(cap_is_revocable(badged, plain));
    assert_false(cap_is_revocable(plain, plain));
    assert_false(cap_is_revocable(badged, badged));
    assert_true(cap_is_revocable(irq_handler(1), cap_new(CAP_IRQ_CONTROL)));
    assert_false(cap_is_revocable(irq_handler(1), irq_handler(1)));
    assert_true(cap_is_revocable(untyped_cap(0x1000, 8), untyped_cap(0x1000, 8)));
    assert_false(cap_is_revocable(cap_new(CAP_THREAD), cap_new(CAP_THREAD)));
}

static void some_capabilities_cannot_be_copied(void **state)
{
    struct fixture *f = *state;
    static const enum cap_type type[] = { CAP_REPLY, CAP_IRQ_CONTROL, CAP_ZOMBIE,
                                          CAP_IO_PORT_CONTROL };
    for (unsigned i = 0; i < 4; i++) {
        struct cap out;
        struct refusal r = cap_derive(&f->w, slot_of(CPTR_FREE), cap_new(type[i]), &out);
        assert_int_equal(r.error, SEL4_NoError);
        assert_int_equal(cap_type(out), CAP_NULL);
    }
}

static void an_untyped_with_children_cannot_be_copied(void **state)
{
    struct fixture *f = *state;
    struct cap out;
    assert_int_equal(retype(f, "EndpointObject", 0, CPTR_FREE, 1), SEL4_NoError);
    struct refusal r = cap_derive(&f->w, slot_of(CPTR_UNTYPED), cap_in(f, CPTR_UNTYPED), &out);
    assert_int_equal(r.error, SEL4_RevokeFirst);
}

static void only_all_rights_cancel_badged_sends(void **state)
{
    (void)state;
    for (word_t rights = 0; rights <= RIGHTS_ALL; rights++)
        assert_int_equal(cap_has_cancel_send_rights(endpoint_cap(0x1000, rights, 3)),
                         rights == RIGHTS_ALL);
}

static void every_type_has_its_name_and_other_tags_have_none(void **state)
{
    (void)state;
    assert_string_equal(cap_type_name(CAP_ENDPOINT), "endpoint");
    assert_string_equal(cap_type_name((enum cap_type)17), "?");
    assert_string_equal(tcb_state_name(TCB_BLOCKED_ON_NOTIFICATION), "blocked on ntfn");
    assert_string_equal(tcb_state_name(99), "?");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(masking_takes_rights_and_never_gives),
        TEST(a_badge_is_given_once_and_kept),
        TEST(data_for_a_cnode_is_its_guard),
        TEST(an_untyped_is_the_region_of_all_in_its_memory),
        TEST(control_capabilities_are_the_region_of_what_they_issue),
        TEST(frames_are_the_same_object_only_with_the_same_size_and_kind),
        TEST(what_makes_a_copy_revocable),
        TEST(some_capabilities_cannot_be_copied),
        TEST(an_untyped_with_children_cannot_be_copied),
        TEST(only_all_rights_cancel_badged_sends),
        TEST(every_type_has_its_name_and_other_tags_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
