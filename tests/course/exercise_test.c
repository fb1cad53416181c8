/* SPDX-License-Identifier: BSD-2-Clause */
/* Exercises in C: a copy of one's own, compiled, judged by the solution with it in its place; `edit` at a
 * terminal does again what was done since it was loaded. */
#include "course/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson/progress.h"
#include "shell/exercise.h"

static const char page[] =
    "# Write it\nneeds compiler yes    exercise my.c\n## Holes\nComplete it:\n"
    "    load my.elf p\n    continue\n"
    "```goal begun\nsay   it runs\nonce  printed \"begun\"\n"
    "hint  a\nhint  b\nhint  c\n```\n"
    "```goal ended\nsay   it prints 42\nonce  printed \"answer 42\"\n"
    "if    once printed \"answer 41\" -> One too few.\n"
    "hint  a\nhint  b\nhint  c\n```\n";

static void program(void **state, const char *name, const char *answer)
{
    char text[256];
    snprintf(
        text, sizeof text,
        "#include <stdio.h>\n#include \"given.h\"\nint main(void)\n{\n    printf(\"begun\\n\");\n"
        "    printf(\"answer %%d\\n\", %s);\n    return 0;\n}\n",
        answer);
    made_write(state, name, text);
}

static int begin(void **state)
{
    char place[MADE_PATH];
    if (made_begin(state) != 0 || mkdir(made_path(state, "programs"), 0700) != 0) return -1;
    snprintf(place, sizeof place, "%s/../state", (const char *)*state);
    made_write(state, "lesson.md", page);
    made_write(state, "setup.fl", "");
    made_write(state, "solution.fl",
               "load my_solution.elf p\ncontinue\nexpect once printed \"answer 42\"\n");
    made_write(state, "programs/given.h", "#define GIVEN 40\n");
    program(state, "programs/my.c", "GIVEN + 1");
    program(state, "programs/my_solution.c", "GIVEN + 2");
    return setenv("XDG_STATE_HOME", place, 1);
}

static void find(void **state, struct lesson **lesson, struct exercise *x)
{
    struct problem p;
    *lesson = lesson_load(*state, &p);
    if (!*lesson || !exercise_find(*lesson, "", x, &p)) fail_msg("%s", p.text);
}

static void a_copy_is_made_once_and_kept(void **state)
{
    struct lesson *lesson;
    struct exercise x;
    struct problem p;
    bool is_new;
    find(state, &lesson, &x);
    assert_non_null(strstr(x.source, "/state/faultline/work/31-made/my.c"));
    assert_true(exercise_copy(&x, &is_new, &p));
    assert_true(is_new);
    FILE *file = fopen(x.source, "w");
    fputs("mine", file);
    fclose(file);
    assert_true(exercise_copy(&x, &is_new, &p));
    assert_false(is_new);
    struct stat about;
    assert_int_equal(stat(x.source, &about), 0);
    assert_int_equal(about.st_size, 4);
    assert_false(exercise_find(lesson, "other.c", &x, &p));
    assert_string_equal(p.tip, "edit my.c");
    lesson_free(lesson);
}

static unsigned reached_with(const struct exercise *x, const char *source)
{
    struct problem p;
    struct play play;
    char path[EXERCISE_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", x->programs, source);
    if (!exercise_compile(x, path, x->elf, &p)) fail_msg("%s", p.text);
    assert_true(play_begin(&play, x->lesson->folder, NULL, &p));
    exercise_play(&play, x, x->elf, &p);
    unsigned goal = lesson_open_goal(&play.run);
    play_end(&play);
    return goal;
}

static void the_solution_judges_a_program_in_its_place(void **state)
{
    struct lesson *lesson;
    struct exercise x;
    find(state, &lesson, &x);
    assert_int_equal(reached_with(&x, "my.c"), 2);
    assert_int_equal(reached_with(&x, "my_solution.c"), 3);
    lesson_free(lesson);
}

/* Runs a command in the lesson's folder; the exit status. What it said lies in ../out. */
static int sh(void **state, const char *before, const char *after)
{
    char command[1024];
    snprintf(command, sizeof command,
             "f=$PWD/" FAULTLINE_BUILD "/faultline; cd %s && %s$f %s >../out 2>&1",
             (const char *)*state, before, after);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool said(void **state, const char *text)
{
    return strstr(made_read(state, "../out"), text) != NULL;
}

static void watching_says_what_is_reached(void **state)
{
    assert_int_equal(sh(state, "", "lesson . --watch --once"), 1);
    assert_true(said(state, "[x] 1. it runs") && said(state, "[ ] 2. it prints 42"));
    assert_true(said(state, "One too few.") &&
                said(state, "expected:  once  printed \"answer 42\""));
    assert_false(said(state, "check failed")); /* that is what the solution expects of its own */
    made_write(state, "../state/faultline/work/31-made/my.c",
               "int main(void)\n{\n    return x;\n}\n");
    assert_int_equal(sh(state, "", "lesson . --watch --once"), 1);
    assert_true(said(state, "my.c:3:12: error") && said(state, "does not compile"));
    program(state, "../state/faultline/work/31-made/my.c", "42");
    assert_int_equal(sh(state, "", "lesson . --watch --once"), 0);
    assert_true(said(state, "All goals are reached"));
    assert_non_null(strstr(made_read(state, "../state/faultline/progress"), "goal 31-made ended"));
    assert_int_equal(sh(state, "", "lesson 1 --watch --once"), 3);
    assert_true(said(state, "this lesson has no program to complete"));
}

static void watching_without_a_compiler_says_which_package_has_one(void **state)
{
    assert_int_equal(sh(state, "unset CC; PATH=/nowhere ", "lesson . --watch --once"), 1);
    assert_true(said(state, "my.c is not compiled: no C compiler for x86-64 is here\n"));
    assert_true(said(state, "tip: install one (Debian: apt install gcc)"));
    assert_false(said(state, "say where"));
    assert_int_equal(sh(state, "CC=/nowhere/cc ", "lesson . --watch --once"), 1);
    assert_true(said(state, "my.c is not compiled: cannot run '/nowhere/cc'\n"));
    assert_true(said(state, "tip: CC names the compiler"));
}

static void edit_does_again_what_was_done_since_the_program_was_loaded(void **state)
{
    if (system("command -v script >/dev/null") != 0) skip();
    program(state, "better.c", "42");
    made_write(state, "editor", "#!/bin/sh\n[ -e once ] && cp better.c \"$1\"\n: >once\n");
    assert_int_equal(chmod(made_path(state, "editor"), 0700), 0);
    made_write(state, "keys", "edit\nload my.elf p\nnew endpoint ep\ncontinue\nedit\nquit\n");
    assert_int_equal(
        sh(state, "EDITOR=./editor INPUTRC=/dev/null script -qec \"", "lesson .\" /dev/null <keys"),
        0);
    assert_true(said(state, "Your copy: ") &&
                said(state, "`load my.elf NAME` takes it from now on"));
    assert_true(said(state, "answer 41") && said(state, "One too few."));
    assert_true(said(state, "Once more from before it was loaded"));
    assert_true(said(state, "> new endpoint ep") && said(state, "answer 42"));
    assert_true(said(state, "is done"));
}

static void without_a_terminal_there_is_no_editor(void **state)
{
    made_write(state, "keys", "edit\n");
    assert_int_equal(sh(state, "EDITOR=/bin/false ", "lesson . <keys"), 3);
    assert_true(said(state, "an editor wants a terminal of its own"));
}

int main(void)
{
#define EXERCISE_TEST(f) cmocka_unit_test_setup_teardown(f, begin, made_end)
    const struct CMUnitTest tests[] = {
        EXERCISE_TEST(a_copy_is_made_once_and_kept),
        EXERCISE_TEST(the_solution_judges_a_program_in_its_place),
        EXERCISE_TEST(watching_says_what_is_reached),
        EXERCISE_TEST(watching_without_a_compiler_says_which_package_has_one),
        EXERCISE_TEST(edit_does_again_what_was_done_since_the_program_was_loaded),
        EXERCISE_TEST(without_a_terminal_there_is_no_editor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
