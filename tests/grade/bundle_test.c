/* SPDX-License-Identifier: BSD-2-Clause */
/* What `make bundle` and `make gradescope` pack, where nothing of this checkout is known: no environment,
 * another folder. */
#include "grade/class.h"
#include "sanitized.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* The status of a shell command whose $T is the test's folder; it says what it says into .said. */
static int run(const struct class *c, const char *command)
{
    char whole[2048];
    snprintf(whole, sizeof whole, "T='%s'; { %s; } >'%s/.said' 2>&1", c->folder, command,
             c->folder);
    int status = system(whole);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_bundle_runs_without_anything_else(void **state)
{
    struct class *c = *state;
    if (SANITIZED) skip();
    assert_int_equal(run(c, "scripts/make-bundle " FAULTLINE_BUILD " test"), 0);
    assert_int_equal(run(c, "mkdir $T/.away && tar -xzf " FAULTLINE_BUILD
                            "/faultline-test-linux-*.tar.gz -C $T/.away && "
                            "rm " FAULTLINE_BUILD "/faultline-test-linux-*.tar.gz"),
                     0);
    class_put(c, "ada.fl", class_right);
    class_put(c, "brook.fl", "recv fault_ep\n");
    class_copy(c, "linux.fl", "lessons/02-cap-fault/solution.fl");
    assert_int_equal(run(c, "cd / && env -i $T/.away/*/faultline lesson check 1"), 0);
    assert_int_equal(run(c, "cd / && env -i $T/.away/*/faultline grade 1 $T/ada.fl"), 0);
    assert_int_equal(run(c, "cd / && env -i $T/.away/*/faultline grade 1 $T/brook.fl"), 1);
    assert_int_equal(run(c, "cd / && env -i $T/.away/*/faultline grade 2 $T/linux.fl"), 0);
    assert_int_equal(run(c, "cd / && env -i PATH= $T/.away/*/faultline grade 1 $T/ada.fl"), 0);
}

static void the_gradescope_zip_grades_a_submission(void **state)
{
    struct class *c = *state;
    if (SANITIZED) skip();
    if (run(c, "bash --version && { zip --version || python3 --version; }")) {
        print_message("no bash, or neither zip nor python3: not tried\n");
        skip();
    }
    assert_int_equal(run(c, "scripts/make-bundle " FAULTLINE_BUILD " zipped"), 0);
    assert_int_equal(run(c, "scripts/make-gradescope " FAULTLINE_BUILD " " FAULTLINE_BUILD
                            "/faultline-zipped-linux-*.tar.gz 1"),
                     0);
    class_put(c, "ada.fl", class_right);
    assert_int_equal(run(c, "mkdir -p $T/.ag/submission && cp -R " FAULTLINE_BUILD
                            "/gradescope $T/.ag/source && mv $T/ada.fl $T/.ag/submission && "
                            "rm " FAULTLINE_BUILD "/faultline-zipped-linux-*.tar.gz"),
                     0);
    assert_int_equal(run(c, "sed -i s/^COMPILER=.*/COMPILER=no/ $T/.ag/source/settings && export "
                            "AUTOGRADER=$T/.ag && bash $T/.ag/source/setup.sh && "
                            "bash $T/.ag/source/run_autograder"),
                     0);
    assert_int_equal(run(c, "grep -q '\"score\":[[:space:]]*8,' $T/.ag/results/results.json"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(a_bundle_runs_without_anything_else),
        CLASS_TEST(the_gradescope_zip_grades_a_submission),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
