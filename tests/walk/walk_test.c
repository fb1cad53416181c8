/* SPDX-License-Identifier: BSD-2-Clause */
/* Random walks. `make test` takes a short one; for longer ones
 *
 *     FAULTLINE_STEPS=10000000 [FAULTLINE_SEED=7] build/tests/walk/walk_test
 *
 * A walk that breaks a rule is cut down and written to walk-SEED.fl: `faultline walk-SEED.fl` plays it, or
 * where the language has no words for it, `walk_test --play walk-SEED.fl`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/internal.h"
#include "walk/walk.h"
#include "world/kernels.h"

enum { STEPS = 15000, WALK_STEPS = 3000, QUIET_OPS = 12 };
#define CLAIM "expect invariants == \"hold\""

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

/* ---- Failing ---- */

static void tell(struct machine *m, struct walk *walk, uint64_t seed, const char *wrong)
{
    char path[64];
    snprintf(path, sizeof path, "walk-%" PRIu64 ".fl", seed);
    fprintf(stderr, "walk: seed %" PRIu64 ", operation %zu: %s; cutting it down\n", seed,
            walk->count, wrong);
    m->thorough = true;
    walk_play(m, walk, &wrong); /* a rule that is looked at seldom may have been broken before */
    walk_shrink(m, walk, wrong);
    FILE *out = fopen(path, "w");
    if (out) {
        walk_write(m, walk, CLAIM, out);
        fclose(out);
    }
    walk_write(m, walk, CLAIM, stderr);
    bool is_script = out && walk_script_fails(path, kernel_config(&m->w));
    const struct kernel_config *config = kernel_config(&m->w);
    fail_msg("seed %" PRIu64 ": %s. %zu operations do it: %s %s --kernel %s --domains %u", seed,
             wrong, walk->count, is_script ? "faultline run" : "walk_test --play", path,
             kernel_config_name(config), config->num_domains);
}

/* ---- Walking ---- */

/* One walk: until WALK_STEPS, or nobody asks for anything any more. Returns its operations. */
static size_t take_walk(struct machine *m, uint64_t seed, size_t most)
{
    struct dice d = { .state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1 };
    struct walk walk = { 0 };
    unsigned quiet = 0;
    machine_reset(m);
    while (walk.count < most && quiet < QUIET_OPS) {
        struct op op = op_by_chance(m, &d);
        walk_add(&walk, &op);
        const char *wrong = machine_do(m, &op);
        if (wrong) tell(m, &walk, seed, wrong);
        quiet = machine_is_quiet(m) ? quiet + 1 : 0;
    }
    const char *wrong = machine_check(m, true);
    if (wrong) tell(m, &walk, seed, wrong);
    size_t count = walk.count;
    walk_free(&walk);
    return count;
}

static const uint64_t LONG_WALK = 200000;

/* What a long walk has come to, so that one sees what it never did. */
static void tell_counts(const struct machine *m)
{
    for (unsigned i = 0; i < EVENT_KIND_COUNT; i++)
        fprintf(stderr, "%s%s %" PRIu64, i % 6 ? ", " : "\n  ", event_table[i].name, m->events[i]);
    fputs("\n  done of those that were called:", stderr);
    for (size_t i = 0; i < invocation_rows; i++)
        if (config_has(kernel_config(&m->w), invocation_table[i].condition))
            fprintf(stderr, "%s%s %" PRIu64 "/%" PRIu64, i % 4 ? ", " : "\n  ",
                    invocation_table[i].label, m->calls[i] - m->refused[i], m->calls[i]);
    fputc('\n', stderr);
}

static void walk_all(const struct kernel_config *config, uint64_t steps, uint64_t seed)
{
    struct machine m;
    uint64_t done = 0, walks = 0;
    assert_true(machine_open(&m, config));
    for (; done < steps; walks++) {
        size_t most = steps - done < WALK_STEPS ? steps - done : WALK_STEPS;
        done += take_walk(&m, seed + walks, most);
    }
    fprintf(stderr,
            "walk: seeds %" PRIu64 " to %" PRIu64 ", %" PRIu64 " operations, %" PRIu64
            " kernel entries\n",
            seed, seed + walks - 1, done, m.entries);
    if (steps >= LONG_WALK) tell_counts(&m);
    machine_close(&m);
}

static void random_walks_keep_the_rules(void **state)
{
    (void)state;
    walk_all(&kernel_config_default, number_from("FAULTLINE_STEPS", STEPS),
             number_from("FAULTLINE_SEED", 1));
}

static void random_walks_keep_the_rules_with_domains_and_breakpoints(void **state)
{
    (void)state;
    struct kernel_config config = kernel_config_default;
    config.num_domains = 4;
    config.hardware_debug_api = 1;
    walk_all(&config, number_from("FAULTLINE_STEPS", STEPS), number_from("FAULTLINE_SEED", 1));
}

/* ---- Cutting down ---- */

/* A rule that is none: whoever mints badge 6 into slot 0x32e while b is suspended breaks it. */
static const char *artificial(const struct world *w)
{
    paddr_t cnode = cap_object(cte_at(w, tcb_slot(kernel_at(w)->root_tcb, TCB_CTABLE))->cap);
    struct cap cap = cte_at(w, cnode + (0x32e << SLOT_BITS))->cap;
    paddr_t b = 0;
    for (paddr_t tcb = kernel_at(w)->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next)
        if (strcmp(tcb_debug_at(w, tcb)->name, "b") == 0) b = tcb;
    if (!cnode || cap_type(cap) != CAP_ENDPOINT || cap_endpoint_badge(cap) != 6 || !b) return NULL;
    return tcb_at(w, b)->state == TCB_INACTIVE ? "badge 6 while b is suspended" : NULL;
}
#define ARTIFICIAL_CLAIM "expect !(slot(0x32e).badge == 6 && b.state == \"inactive\")"

static uint8_t row_of(const char *label)
{
    for (size_t i = 0; i < invocation_rows; i++)
        if (strcmp(invocation_table[i].label, label) == 0) return (uint8_t)i;
    fail_msg("there is no %s", label);
    return 0;
}

/* Chance until everybody is somewhere else, with the two operations hidden in it. */
static struct walk hidden_walk(struct machine *m)
{
    const struct op mint = { .kind = OP_INVOKE,
                             .which = row_of("CNodeMint"),
                             .service = SLOT_CNODE,
                             .arg = { 0x32e, 64, SLOT_CNODE, ENDPOINT_SLOT, 64, 15, 6 } };
    const struct op suspend = { .kind = OP_INVOKE,
                                .which = row_of("TCBSuspend"),
                                .service = WINDOW + 1 };
    struct dice d = { .state = 99 };
    struct walk walk = { 0 };
    machine_reset(m);
    for (unsigned i = 0; i < 60; i++) {
        struct op op = op_by_chance(m, &d);
        if (i == 10 || i == 20 || i == 40) walk_add(&walk, i == 20 ? &suspend : &mint);
        walk_add(&walk, &op);
        if (machine_do(m, &walk.op[walk.count - 1])) break;
    }
    return walk;
}

static void a_walk_is_cut_down_to_what_breaks_the_rule(void **state)
{
    struct machine m;
    const char *wrong;
    (void)state;
    assert_true(machine_open(&m, &kernel_config_default));
    m.check = artificial;
    m.check_seldom = NULL;
    struct walk walk = hidden_walk(&m);
    size_t before = walk.count;
    walk_play(&m, &walk, &wrong);
    assert_non_null(wrong);
    walk_shrink(&m, &walk, wrong);
    assert_true(before > 20);
    assert_int_equal(walk.count, 2);
    bool mints_first = walk.op[0].which == row_of("CNodeMint");
    assert_int_equal(walk.op[mints_first].which, row_of("TCBSuspend"));
    assert_int_equal(walk.op[!mints_first].which, row_of("CNodeMint"));
    assert_int_equal(walk.op[!mints_first].arg[5], 0); /* rights that did not matter */
    walk_free(&walk);
    machine_close(&m);
}

static void a_walk_is_told_as_a_script_that_breaks_the_same_rule(void **state)
{
    char path[] = "/tmp/walk_test_XXXXXX";
    struct machine m;
    const char *wrong;
    struct walk read = { 0 };
    (void)state;
    FILE *file = fdopen(mkstemp(path), "w+");
    assert_non_null(file);
    assert_true(machine_open(&m, &kernel_config_default));
    m.check = artificial;
    m.check_seldom = NULL;
    struct walk walk = hidden_walk(&m);
    walk_play(&m, &walk, &wrong);
    walk_shrink(&m, &walk, wrong);
    walk_write(&m, &walk, ARTIFICIAL_CLAIM, file);
    rewind(file);
    struct kernel_config config;
    assert_true(walk_read(file, &read, &config));
    assert_int_equal(config.num_domains, 1);
    fclose(file);
    bool fails = walk_script_fails(path, &kernel_config_default);
    remove(path);
    assert_true(fails);
    assert_int_equal(read.count, walk.count);
    assert_memory_equal(read.op, walk.op, walk.count * sizeof *walk.op);
    walk_free(&walk);
    walk_free(&read);
    machine_close(&m);
}

/* ---- */

/* Plays a file that a failed walk has left. */
static int play(const char *path)
{
    struct machine m;
    struct walk walk = { 0 };
    const char *wrong = "this is no walk";
    size_t at = 0;
    FILE *in = fopen(path, "r");
    struct kernel_config config;
    if (in && walk_read(in, &walk, &config) && machine_open(&m, &config)) {
        m.thorough = true;
        at = walk_play(&m, &walk, &wrong);
        machine_close(&m);
    }
    if (in) fclose(in);
    walk_free(&walk);
    printf("%s: %s, operation %zu\n", path, wrong ? wrong : "all rules hold", at + 1);
    return wrong != NULL;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_walks_keep_the_rules),
        cmocka_unit_test(random_walks_keep_the_rules_with_domains_and_breakpoints),
        cmocka_unit_test(a_walk_is_cut_down_to_what_breaks_the_rule),
        cmocka_unit_test(a_walk_is_told_as_a_script_that_breaks_the_same_rule),
    };
    if (argc >= 3 && strcmp(argv[1], "--play") == 0) return play(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
