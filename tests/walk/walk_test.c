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

enum { STEPS = 20000, WALK_STEPS = 3000, QUIET_OPS = 12 };
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
    walk_shrink(m, walk, wrong);
    FILE *out = fopen(path, "w");
    if (out) {
        walk_write(m, walk, CLAIM, out);
        fclose(out);
    }
    walk_write(m, walk, CLAIM, stderr);
    bool is_script = out && walk_script_fails(path);
    fail_msg("seed %" PRIu64 ": %s. %zu operations do it: %s %s", seed, wrong, walk->count,
             is_script ? "faultline run" : "walk_test --play", path);
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
    size_t count = walk.count;
    walk_free(&walk);
    return count;
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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_walks_keep_the_rules),
        cmocka_unit_test(random_walks_keep_the_rules_with_domains_and_breakpoints),
    };
    (void)argc, (void)argv;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
