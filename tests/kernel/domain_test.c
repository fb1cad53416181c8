/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains: a thread moves itself and others, and runs in its domain's time only. Programs count. */
#include "kernel/programs.h"

enum { MOVER = 1, FIRST = 2, SECOND = 3, DOMAIN_SLOT = EMPTY_SLOT, TICK = 2000000 };

/* Two domains: two ticks for the first, one for the second. */
static struct threads *two_domains(void **state)
{
    struct threads *t = *state;
    KERNEL_EDIT(&t->w, config).num_domains = 2;
    KERNEL_EDIT(&t->w, domain_schedule)[0] = (struct domain_entry){ .domain = 0, .length = 2 };
    KERNEL_EDIT(&t->w, domain_schedule)[1] = (struct domain_entry){ .domain = 1, .length = 1 };
    KERNEL_EDIT(&t->w, domain_time) = 2;
    slot_write_initial(&t->w, slot_at(DOMAIN_SLOT), cap_new(CAP_DOMAIN));
    return t;
}

static enum sel4_error set_domain(struct threads *t, unsigned n, word_t domain, word_t cptr)
{
    return do_invoke(t, cptr,
                     (struct call){ .label = "DomainSetSet",
                                    .length = 1,
                                    .mr = { domain },
                                    .caps = 1,
                                    .cap = { THREAD_SLOT + n } });
}

static void a_thread_moves_itself_and_goes_on_in_the_other_domains_time(void **state)
{
    struct threads *t = two_domains(state);
    thread_new(t, MOVER, 100);
    thread_ready(t, MOVER);
    threads_start(t);
    set_domain(t, MOVER, 1, DOMAIN_SLOT);
    assert_int_equal(current_number(t), 0);
    do_tick(t), do_tick(t);
    assert_int_equal(current_number(t), MOVER);
    assert_int_equal(message_label(info_of(t, MOVER)), SEL4_NoError);
    set_domain(t, MOVER, 0, DOMAIN_SLOT);
    assert_int_equal(tcb_at(&t->w, thread_at(MOVER))->domain, 0);
    do_tick(t);
    assert_int_equal(current_number(t), MOVER);
}

static void a_domain_that_does_not_exist_is_an_invalid_argument(void **state)
{
    struct threads *t = two_domains(state);
    thread_new(t, MOVER, 100);
    thread_ready(t, MOVER);
    threads_start(t);
    assert_int_equal(set_domain(t, MOVER, 2 + 10, DOMAIN_SLOT), SEL4_InvalidArgument);
    assert_int_equal(tcb_at(&t->w, thread_at(MOVER))->domain, 0);
}

static void a_tcb_is_no_domain_capability(void **state)
{
    struct threads *t = two_domains(state);
    thread_new(t, MOVER, 100);
    thread_ready(t, MOVER);
    threads_start(t);
    assert_int_equal(set_domain(t, MOVER, 0, THREAD_SLOT + MOVER), SEL4_IllegalOperation);
    assert_non_null(strstr(t->printed, "TCB: Illegal operation."));
}

/* How far a counter is: loop: inc rbx; jmp loop. */
static word_t count_of(const struct threads *t, unsigned n)
{
    return thread_register(&t->w, thread_at(n), CTX_RBX);
}

static void programs_run_in_their_domains_time_only(void **state)
{
    struct threads *t = two_domains(state);
    for (unsigned n = FIRST; n <= SECOND; n++) {
        thread_new(t, n, 64);
        THREAD_PROGRAM(t, n, 0, 0x48, 0xff, 0xc3, 0xeb, 0xfb);
        thread_ready(t, n);
    }
    tcb_set_domain(&t->w, thread_at(SECOND), 1);
    threads_start(t);
    programs_run(t, 2 * TICK - 1000);
    assert_int_equal(count_of(t, SECOND), 0);
    word_t before = count_of(t, FIRST);
    programs_run(t, TICK);
    assert_true(count_of(t, SECOND) > TICK / 3);
    assert_true(count_of(t, FIRST) - before < 2000);
    programs_run(t, 9 * TICK);
    double share = (double)count_of(t, FIRST) / (double)count_of(t, SECOND);
    assert_true(share > 1.9 && share < 2.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(a_thread_moves_itself_and_goes_on_in_the_other_domains_time),
        THREADS_TEST(a_domain_that_does_not_exist_is_an_invalid_argument),
        THREADS_TEST(a_tcb_is_no_domain_capability),
        THREADS_TEST(programs_run_in_their_domains_time_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
