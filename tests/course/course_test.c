/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline lesson`: the list and what is done of it, progress carried elsewhere, other languages,
 * sheets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "place.h"

static char place[PLACE_SIZE];

static int make_place(void **state)
{
    (void)state;
    if (place_make(place, "course") != 0) return -1;
    unsetenv("LANG");
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    return setenv("XDG_STATE_HOME", place, 1);
}

static int remove_place(void **state)
{
    (void)state;
    return place_remove(place);
}

/* Runs the program; its exit status. What it said, by these redirections, lies in PLACE/out. */
static int run_said(const char *before, const char *arguments, const char *which)
{
    char command[512];
    snprintf(command, sizeof command, "%s " FAULTLINE_BUILD "/faultline %s %s>%s/out%s", before,
             arguments, which, place, *which ? "" : " 2>&1");
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run(const char *before, const char *arguments)
{
    return run_said(before, arguments, "");
}

static int run_errors(const char *before, const char *arguments)
{
    return run_said(before, arguments, ">/dev/null 2");
}

static const char *all_said(void)
{
    static char all[1 << 18];
    char path[96];
    snprintf(path, sizeof path, "%s/out", place);
    FILE *file = fopen(path, "r");
    all[file ? fread(all, 1, sizeof all - 1, file) : 0] = '\0';
    if (file) fclose(file);
    return all;
}

/* Nothing else was said. */
static bool said_only(const char *text)
{
    const char *all = all_said();
    if (strcmp(all, text) != 0) print_message("not \"%s\":\n%s", text, all);
    return strcmp(all, text) == 0;
}

static bool said(const char *text)
{
    const char *all = all_said();
    if (!strstr(all, text)) print_message("\"%s\" is not in:\n%s", text, all);
    return strstr(all, text) != NULL;
}

static void write_progress(const char *text)
{
    char path[96];
    snprintf(path, sizeof path, "%s/faultline", place);
    mkdir(path, 0700);
    strcat(path, "/progress");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void lessons_are_listed_with_what_is_done_of_them(void **state)
{
    (void)state;
    assert_int_equal(run("", "lesson"), 0);
    assert_true(said("   1  Your first fault                              10 min\n"));
    assert_true(said("Next: `faultline lesson 1`."));
    write_progress("# Faultline progress 1\ngoal 01-first-fault stopped - 5\n"
                   "goal 01-first-fault answered - 6\ngoal 01-first-fault past - 7\n"
                   "goal 02-cap-fault named - 8\n");
    assert_int_equal(run("", "lesson"), 0);
    assert_true(said("   1  Your first fault                              10 min   done\n"));
    assert_true(said("15 min   1 of 5 goals\n"));
    assert_true(said("Next: `faultline lesson 2`."));
    assert_int_equal(run("", "lesson next </dev/null"), 0);
    assert_true(said("Lesson 2: A capability fault"));
}

static void progress_goes_out_and_comes_in(void **state)
{
    (void)state;
    char arguments[128];
    write_progress("# Faultline progress 1\ngoal 01-first-fault stopped - 5\n");
    snprintf(arguments, sizeof arguments, "lesson export %s/mine", place);
    assert_int_equal(run("", arguments), 0);
    assert_true(said("1 fact of your progress is in"));
    assert_int_equal(run("", "lesson export -"), 0);
    assert_true(said("# Faultline progress 1\ngoal 01-first-fault stopped - 5\n"));
    write_progress("# Faultline progress 1\ngoal 01-first-fault past - 7\n");
    snprintf(arguments, sizeof arguments, "lesson import %s/mine", place);
    assert_int_equal(run("", arguments), 0);
    assert_true(said("your progress has 2 now"));
    assert_int_equal(run("", "lesson"), 0);
    assert_true(said("2 of 3 goals"));
    assert_int_equal(run("", "lesson import Makefile"), 1);
    assert_true(said("Makefile is no file of progress"));
    assert_int_equal(run("", "lesson import /nowhere"), 1);
    assert_int_equal(run("", "lesson export /nowhere/at-all"), 1);
    assert_int_equal(run("", "lesson export"), 2);
    /* What is no file is written to, and stays what it is. */
    char pipe[96];
    struct stat about;
    snprintf(pipe, sizeof pipe, "%s/link", place);
    assert_int_equal(symlink("/dev/full", pipe), 0);
    snprintf(arguments, sizeof arguments, "lesson export %s", pipe);
    assert_int_equal(run("", arguments), 1);
    assert_int_equal(lstat(pipe, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
}

static void a_goal_is_saved_when_a_person_reaches_it(void **state)
{
    (void)state;
    char keys[96], path[96], line[256];
    if (system("command -v script >/dev/null") != 0) skip();
    write_progress("");
    snprintf(keys, sizeof keys, "%s/keys", place);
    FILE *file = fopen(keys, "w");
    fputs("mint fault_ep faulter_cspace/fault badge 7\nas handler\nrecv fault_ep\nas faulter\n"
          "read 0x10000000\nhint\nanswer yes\nquit\n",
          file);
    fclose(file);
    snprintf(line, sizeof line, "lesson 1\" /dev/null <%s", keys);
    assert_int_equal(run("INPUTRC=/dev/null script -qec \"", line), 0);
    assert_true(said("Goal 1 reached"));
    snprintf(path, sizeof path, "%s/faultline/progress", place);
    snprintf(line, sizeof line, "cp %s %s/out", path, place);
    assert_int_equal(system(line), 0);
    assert_true(said("goal 01-first-fault stopped - "));
    assert_true(said("hint 01-first-fault answered 1 "));
    assert_true(said("answer 01-first-fault again yes "));
}

static void a_script_leaves_no_progress(void **state)
{
    (void)state;
    write_progress("");
    assert_int_equal(run("", "lesson 1 <lessons/01-first-fault/solution.fl"), 0);
    assert_int_equal(run("", "lesson"), 0);
    assert_true(said("Next: `faultline lesson 1`."));
}

static void the_language_is_that_of_the_option_or_the_environment(void **state)
{
    (void)state;
    assert_int_equal(run("", "lesson 1 --lang de </dev/null"), 0);
    assert_true(said("Lesson 1: Dein erster Fault"));
    assert_int_equal(run("LANG=de_AT.UTF-8", "lesson 1 </dev/null"), 0);
    assert_true(said("Dein erster Fault"));
    assert_int_equal(run("LC_ALL=C LANG=de_AT.UTF-8", "lesson 1 </dev/null"), 0);
    assert_true(said("Your first fault"));
    assert_int_equal(run("LANG=xx", "lesson 1 --lang ../../etc </dev/null"), 0);
    assert_true(said("Your first fault"));
    assert_int_equal(run("", "lesson 1 --lang=de <lessons/01-first-fault/solution.fl"), 0);
    assert_true(said("Lesson 1 is done"));
}

static void sheets_have_the_students_numbers_and_for_the_teacher_the_moves(void **state)
{
    (void)state;
    assert_int_equal(run("", "lesson print 1-2"), 0);
    assert_true(said("# Lesson 1: Your first fault") && said("# Lesson 2: A capability fault"));
    assert_true(said("    mint fault_ep faulter_cspace/fault badge 0xbeef\n"));
    assert_true(said("- [ ] no\n") && said("**Goal 1** (2 points): the fault reaches handler.\n"));
    assert_int_equal(run("", "lesson print 1 --answers --variant ada --lang de"), 0);
    assert_true(said("# Lesson 1: Dein erster Fault") && said("For ada."));
    assert_true(said("- [x] no") && said("Solution:\n\n    mint fault_ep"));
    assert_int_equal(run("", "lesson print"), 2);
    assert_int_equal(run("", "lesson print 3-1"), 2);
    assert_int_equal(run("", "lesson print 77"), 2);
    assert_int_equal(run("", "lesson print 1 --nonsense"), 2);
}

/* It goes well, and nothing but that stands on standard error. */
static void assert_errors(const char *before, const char *arguments, const char *errors)
{
    assert_int_equal(run_errors(before, arguments), 0);
    assert_true(said_only(errors));
}

static void a_language_that_there_is_not_is_said_once(void **state)
{
    static const char not_in_xx[] =
        "faultline: lesson 04-trap-and-emulate is not translated into xx: its "
        "texts are English\n";
    (void)state;
    assert_errors("unset LC_ALL; echo quit |", "lesson 4 --lang xx", not_in_xx);
    assert_errors("", "lesson print 4-6 --lang xx", not_in_xx);
    assert_errors("", "lesson --lang xx", "faultline: no lesson is translated into xx\n");
}

static void the_environments_language_and_those_that_there_are_need_no_words(void **state)
{
    (void)state;
    assert_errors("unset LC_ALL; LANG=xx_XX.UTF-8", "lesson print 4", "");
    assert_errors("", "lesson print 1 --lang de_AT.UTF-8", "");
    assert_errors("", "lesson print 4 --lang en", "");
    assert_errors("", "lesson --lang de", "");
}

static void check_has_an_exit_status(void **state)
{
    (void)state;
    assert_int_equal(run("", "lesson check 1"), 0);
    assert_true(said("01-first-fault: well"));
    assert_int_equal(run("", "lesson check 1 /nowhere"), 1);
    assert_true(said("/nowhere/lesson.md: No such file") && said("nowhere: 1 complaint"));
    assert_int_equal(run("", "lesson check --fast"), 2);
}

static void a_new_lessons_folder_is_named_as_it_can_be_typed(void **state)
{
    (void)state;
    char arguments[96], line[128];
    snprintf(arguments, sizeof arguments, "lesson new %s/my-own", place);
    snprintf(line, sizeof line, "  faultline lesson %s/my-own  ", place);
    assert_int_equal(run("", arguments), 0);
    assert_true(said(line) && said("faultline lesson check /tmp/"));
    snprintf(line, sizeof line,
             "f=$(realpath " FAULTLINE_BUILD "/faultline); cd %s; $f lesson new 7 >out", place);
    assert_int_equal(system(line), 0);
    assert_true(said("  faultline lesson ./7  ") && said("  faultline lesson check ./7  "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lessons_are_listed_with_what_is_done_of_them),
        cmocka_unit_test(progress_goes_out_and_comes_in),
        cmocka_unit_test(a_goal_is_saved_when_a_person_reaches_it),
        cmocka_unit_test(a_script_leaves_no_progress),
        cmocka_unit_test(the_language_is_that_of_the_option_or_the_environment),
        cmocka_unit_test(a_language_that_there_is_not_is_said_once),
        cmocka_unit_test(the_environments_language_and_those_that_there_are_need_no_words),
        cmocka_unit_test(sheets_have_the_students_numbers_and_for_the_teacher_the_moves),
        cmocka_unit_test(check_has_an_exit_status),
        cmocka_unit_test(a_new_lessons_folder_is_named_as_it_can_be_typed),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
