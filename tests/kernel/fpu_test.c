/* SPDX-License-Identifier: BSD-2-Clause */
/* Floating point by several threads at once, and by one whose FPU is taken away for a while. Programs
 * add their own step to a sum for ever; the timer switches between them. */
#include "kernel/programs.h"
#include "part.h"

enum { HANDLER = 1, FIRST = 2, LAST = 5, SLICES = 25, INSTRUCTIONS = 10000000 };

/* loop: addsd xmm0, xmm1; inc rbx; jmp loop */
#define ADDS 0xf2, 0x0f, 0x58, 0xc1, 0x48, 0xff, 0xc3, 0xeb, 0xf7
/* fld1 onto the sum of the x87: loop: fld1; faddp; inc rbx; jmp loop */
#define ADDS_X87 0xd9, 0xee, 0xd9, 0xe8, 0xde, 0xc1, 0x48, 0xff, 0xc3, 0xeb, 0xf7

/* An XMM register in a thread's FXSAVE image, as a number. */
static double xmm_of(struct threads *t, unsigned n, unsigned reg)
{
    double value;
    paddr_t tcb = thread_at(n);
    const uint8_t *image =
        kernel_at(&t->w)->fpu_owner == tcb ? cpu_at(&t->w)->fpu : tcb_at(&t->w, tcb)->fpu;
    memcpy(&value, image + 160 + 16 * reg, sizeof value);
    return value;
}

static void xmm_set(struct threads *t, unsigned n, unsigned reg, double value)
{
    memcpy(tcb_edit(&t->w, thread_at(n))->fpu + 160 + 16 * reg, &value, sizeof value);
    tcb_edit(&t->w, thread_at(n))->fpu_is_used = true;
}

static word_t rounds_of(const struct threads *t, unsigned n)
{
    return thread_register(&t->w, thread_at(n), CTX_RBX);
}

static void adder_new(struct threads *t, unsigned n, unsigned priority)
{
    thread_new(t, n, priority);
    THREAD_PROGRAM(t, n, n % 2, ADDS);
    xmm_set(t, n, 1, n);
}

/* How far a sum may be from step * rounds: the last round may be half done. */
static void assert_sum(struct threads *t, unsigned n)
{
    double sum = xmm_of(t, n, 0), rounds = (double)rounds_of(t, n);
    assert_true(rounds > 1000);
    assert_true(sum == n * rounds || sum == n * (rounds + 1));
    assert_true(xmm_of(t, n, 1) == n);
}

static void one_thread_computes(void **state)
{
    struct threads *t = *state;
    adder_new(t, FIRST, 50);
    thread_ready(t, FIRST);
    threads_start(t);
    programs_run(t, 30000);
    assert_sum(t, FIRST);
}

static void threads_that_take_turns_keep_their_numbers_apart(void **state)
{
    struct threads *t = *state;
    for (unsigned n = FIRST; n <= LAST; n++) {
        adder_new(t, n, 50);
        thread_ready(t, n);
    }
    threads_start(t);
    unsigned slices = part_of(SLICES);
    programs_run(t, (word_t)slices * INSTRUCTIONS);
    assert_true(heard(t, EVENT_SWITCH) >= slices - 1);
    for (unsigned n = FIRST; n <= LAST; n++) assert_sum(t, n);
}

static enum sel4_error set_flags(struct threads *t, word_t clear, word_t set)
{
    return do_invoke(t, THREAD_SLOT + FIRST,
                     (struct call){ .label = "TCBSetFlags", .length = 2, .mr = { clear, set } });
}

static void flags_are_set_cleared_and_answered(void **state)
{
    struct threads *t = *state;
    thread_new(t, HANDLER, 100);
    thread_new(t, FIRST, 50);
    thread_ready(t, HANDLER);
    threads_start(t);
    static const word_t rows[][3] = { { 0, 0, 0 }, { 0, 1, 1 }, { 0, 0, 1 },
                                      { 1, 0, 0 }, { 1, 1, 1 }, { ~(word_t)0, ~(word_t)0, 1 } };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(set_flags(t, rows[i][0], rows[i][1]), SEL4_NoError);
        assert_int_equal(message_length(info_of(t, HANDLER)), 1);
        assert_int_equal(mr_of(t, HANDLER, 0), rows[i][2]);
        assert_int_equal(tcb_at(&t->w, thread_at(FIRST))->flags, rows[i][2]);
    }
}

/* Without it the next such instruction is exception 7; given back, the sum goes on where it was. */
static void an_fpu_that_is_taken_away_is_missed_and_comes_back_whole(void **state)
{
    struct threads *t = *state;
    thread_new(t, HANDLER, 100);
    adder_new(t, FIRST, 50);
    thread_ready(t, HANDLER);
    thread_ready(t, FIRST);
    threads_start(t);
    do_syscall(t, "Recv", NOTIFICATION_SLOT, 0);
    programs_run(t, 30000);
    notification_signal(&t->w, notification_address(), 1);
    kernel_reschedule(&t->w);
    assert_int_equal(current_number(t), HANDLER);
    assert_int_equal(set_flags(t, 0, TCB_FLAG_FPU_DISABLED), SEL4_NoError);

    do_syscall(t, "Recv", ENDPOINT_SLOT, 0);
    programs_run(t, 30000);
    assert_int_equal(current_number(t), HANDLER);
    assert_int_equal(message_label(info_of(t, HANDLER)), 3);
    assert_int_equal(mr_of(t, HANDLER, 0), code_of(FIRST));
    assert_int_equal(mr_of(t, HANDLER, 3), 7);
    word_t rounds = rounds_of(t, FIRST);

    assert_int_equal(set_flags(t, TCB_FLAG_FPU_DISABLED, 0), SEL4_NoError);
    do_syscall(t, "ReplyRecv", ENDPOINT_SLOT, 0);
    programs_run(t, 30000);
    assert_int_equal(current_number(t), FIRST);
    assert_true(rounds_of(t, FIRST) > rounds);
    assert_sum(t, FIRST);
}

/* Two sums on the stacks of two x87s. */
static void the_other_floating_point_unit_is_kept_apart_too(void **state)
{
    struct threads *t = *state;
    for (unsigned n = FIRST; n <= FIRST + 1; n++) {
        thread_new(t, n, 50);
        THREAD_PROGRAM(t, n, 0, ADDS_X87);
        thread_ready(t, n);
    }
    threads_start(t);
    programs_run(t, (word_t)4 * INSTRUCTIONS);
    for (unsigned n = FIRST; n <= FIRST + 1; n++) {
        paddr_t tcb = thread_at(n);
        const uint8_t *image =
            kernel_at(&t->w)->fpu_owner == tcb ? cpu_at(&t->w)->fpu : tcb_at(&t->w, tcb)->fpu;
        uint16_t exponent;
        word_t mantissa, rounds = rounds_of(t, n);
        memcpy(&mantissa, image + 32, sizeof mantissa);
        memcpy(&exponent, image + 40, sizeof exponent);
        word_t sum = mantissa >> (63 - (exponent - 16383));
        assert_true(rounds > 1000);
        assert_in_range(sum, rounds - 1, rounds + 1);
    }
}

/* Threads that use the one unit, the other, both or none take turns. `forgets`: what is known of an FPU that
 * nobody touched (world.fpu_is_kept) is forgotten all the time, so each one is looked at and saved. */
static uint64_t hash_of_turns(bool forgets)
{
    enum { PIECE = 40000, PIECES = 3000 };
    void *state;
    assert_int_equal(threads_open(&state), 0);
    struct threads *t = state;
    for (unsigned n = FIRST; n <= LAST; n++) {
        thread_new(t, n, 50);
        thread_ready(t, n);
    }
    THREAD_PROGRAM(t, FIRST, 0, ADDS);
    THREAD_PROGRAM(t, FIRST + 1, 1, ADDS_X87);
    THREAD_PROGRAM(t, FIRST + 2, 2, 0x48, 0xff, 0xc3, 0xeb, 0xfb); /* inc rbx */
    THREAD_PROGRAM(t, LAST, 3, 0xd9, 0xe8, ADDS);
    threads_start(t);
    unsigned kept = 0;
    for (unsigned i = 0; i < PIECES; i++) {
        kept += t->w.fpu_is_kept;
        if (forgets) t->w.fpu_is_kept = false;
        programs_run(t, PIECE);
    }
    assert_true(forgets ? kept < 100 : kept > PIECES / 8);
    assert_true(heard(t, EVENT_SWITCH) >= 10);
    uint64_t hash = arena_hash(&t->w);
    assert_int_equal(threads_close(&state), 0);
    return hash;
}

static void an_fpu_that_nobody_touched_need_not_be_saved(void **state)
{
    (void)state;
    assert_int_equal(hash_of_turns(false), hash_of_turns(true));
}

/* Through whichever door the processor's page is changed, but for the one that leaves the FPU alone. */
static void who_may_have_changed_the_fpu_is_noticed(void **state)
{
    struct threads *t = *state;
    t->w.fpu_is_kept = true;
    cpu_edit_but_fpu(&t->w)->clock++;
    memory_edit(&t->w, 0, PAGE_SIZE);
    assert_true(t->w.fpu_is_kept);
    cpu_edit(&t->w)->fpu[200] = 1;
    assert_false(t->w.fpu_is_kept);
    t->w.fpu_is_kept = true;
    arena_edit(&t->w, ARENA_MACHINE, PAGE_SIZE);
    assert_false(t->w.fpu_is_kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        THREADS_TEST(one_thread_computes),
        THREADS_TEST(threads_that_take_turns_keep_their_numbers_apart),
        THREADS_TEST(flags_are_set_cleared_and_answered),
        THREADS_TEST(an_fpu_that_is_taken_away_is_missed_and_comes_back_whole),
        THREADS_TEST(the_other_floating_point_unit_is_kept_apart_too),
        cmocka_unit_test(an_fpu_that_nobody_touched_need_not_be_saved),
        THREADS_TEST(who_may_have_changed_the_fpu_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
