/* SPDX-License-Identifier: BSD-2-Clause */
/* What is given to other people's machines: the workflow for GitHub Classroom, Slurm's job array with its
 * variables set by hand, Gradescope's run with students' numbers. */
#include "grade/class.h"
#include "process.h"
#include "sanitized.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The status of a shell command; $T is the test's folder, $F our program, we stand in $ROOT. */
static int run(const struct class *c, const char *command)
{
    char whole[2048];
    snprintf(whole, sizeof whole,
             "T='%s' ROOT=$PWD F=$PWD/" FAULTLINE_BUILD "/faultline; export FAULTLINE=$F; "
             "{ %s; } >'%s/.said' 2>&1",
             c->folder, command, c->folder);
    int status = system(whole);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static unsigned weight_of(unsigned number)
{
    char which[16], folder[600];
    struct problem p;
    unsigned weight = 0;
    snprintf(which, sizeof which, "%u", number);
    assert_true(lesson_find(which, folder, sizeof folder, &p));
    struct lesson *lesson = lesson_load(folder, &p);
    assert_non_null(lesson);
    for (unsigned i = 0; i < lesson->item_count; i++)
        if (lesson->item[i].kind != ITEM_PAGE) weight += lesson->item[i].weight;
    lesson_free(lesson);
    return weight;
}

static void the_workflow_gives_each_lesson_its_points(void **state)
{
    char line[400];
    unsigned lesson = 0, points, lessons = 0;
    (void)state;
    FILE *in = fopen("scripts/classroom/faultline.yml", "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        const char *at = strstr(line, "faultline grade ");
        assert_null(strchr(line, '\t'));
        if (at) assert_int_equal(sscanf(at, "faultline grade %u submission", &lesson), 1);
        at = strstr(line, "max-score: ");
        if (!at || sscanf(at, "max-score: %u", &points) != 1) continue;
        assert_int_equal(points, weight_of(lesson));
        lessons++;
    }
    fclose(in);
    assert_true(lessons > 1);
}

/* The same table as at once, though there are more tasks than submissions. */
static void a_job_array_grades_each_submission_once(void **state)
{
    struct class *c = *state;
    class_put(c, "ada.fl", class_right);
    class_put(c, "brook me.fl", "as handler\n");
    class_put(c, "cleo.fl", "");
    assert_int_equal(run(c, "mkdir $T/.there && cd $T/.there && for task in 0 1 2 3 4; do "
                            "SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT=5 "
                            "SLURM_CPUS_PER_TASK=1 sh $ROOT/scripts/grade-class.slurm 1 $T || "
                            "exit 9; done"),
                     0);
    assert_int_equal(run(c, "cd $T/.there && $F grade --merge results/*.json -o merged; "
                            "$F grade 1 --each $T -o at-once; cmp merged at-once"),
                     0);
}

/* Whether such a submission, with these lines in front of what is right, has all points at Gradescope. */
static bool gradescope_gives_all(const struct class *c, const char *before)
{
    char submission[1024];
    snprintf(submission, sizeof submission, "%s%s", before, class_right);
    class_put(c, ".ag/submission/first.fl", submission);
    assert_int_equal(run(c, "AUTOGRADER=$T/.ag FAULTLINE_SHARE=$ROOT "
                            "bash $T/.ag/source/run_autograder"),
                     0);
    return run(c, "grep -q '\"score\":[[:space:]]*8,' $T/.ag/results/results.json") == 0;
}

static void gradescope_draws_numbers_from_the_students_address(void **state)
{
    struct class *c = *state;
    if (SANITIZED || run(c, "bash --version")) skip();
    assert_int_equal(run(c, "mkdir -p $T/.ag/source/faultline $T/.ag/submission && "
                            "cp scripts/gradescope/* $T/.ag/source && "
                            "ln -s $F $T/.ag/source/faultline/faultline && "
                            "sed -i s/^VARIANT=.*/VARIANT=email/ $T/.ag/source/settings && "
                            "printf '{\"id\": 1, \"users\": [\\n{\"name\": \"Ada\", \"email\": "
                            "\"ada@x.org\"}], \"created_at\": \"\"}' "
                            ">$T/.ag/submission_metadata.json"),
                     0);
    assert_true(gradescope_gives_all(c, "# variant ada@x.org\n"));
    /* The usual numbers are not hers. */
    assert_false(gradescope_gives_all(c, "expect BADGE == 0xbeef\n"));
}

/* `grade` of everybody in the folder, ended by a signal while it works; how the process ended. */
static int grade_until(const struct class *c, int number)
{
    char out[2 * CLASS_PATH];
    int status;
    snprintf(out, sizeof out, "%s/.results", c->folder);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGINT, SIG_DFL);
        execl(FAULTLINE_BUILD "/faultline", "faultline", "grade", "1", "--each", c->folder, "-o",
              out, "--max-steps", "1000000000000", "--seconds", "3600", (char *)NULL);
        _exit(99);
    }
    assert_true(pid > 0);
    int worker = process_child(pid);
    assert_true(worker > 0 && (number == SIGKILL || process_works(worker)));
    kill(pid, number);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(access(out, F_OK), -1);
    return status;
}

/* Ctrl-C, and an end from outside: nobody goes on working. */
static void an_interrupted_grade_leaves_nobody_behind(void **state)
{
    struct class *c = *state;
    class_put(c, "loop.fl", "as rootserver\nasm \"jmp 0x7ff000\"\ncontinue\n");
    class_put(c, "again.fl", "as rootserver\nasm \"jmp 0x7ff000\"\ncontinue\n");
    int status = grade_until(c, SIGINT);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 130);
    status = grade_until(c, SIGTERM);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    for (int i = 0; i < 10; i++) grade_until(c, SIGKILL); /* when one has just begun */
    /* Workers have the same command line as who started them. */
    assert_int_equal(
        run(c, "for i in $(seq 6000); do grep -lsz -e \"$T\" /proc/[0-9]*/cmdline | "
               "while read -r f; do tr '\\0' ' ' <$f; done | grep -q '^[^ ]*faultline grade 1' "
               "|| exit 0; sleep 0.1; done; exit 1"),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(the_workflow_gives_each_lesson_its_points),
        CLASS_TEST(a_job_array_grades_each_submission_once),
        CLASS_TEST(an_interrupted_grade_leaves_nobody_behind),
        CLASS_TEST(gradescope_draws_numbers_from_the_students_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
