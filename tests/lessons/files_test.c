/* SPDX-License-Identifier: BSD-2-Clause */
/* Where lessons and their programs are found: in a build tree, installed, from any directory; and what
 * scripts in a lesson's folder can ask and say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson/lesson.h"
#include "place.h"

static char place[PLACE_SIZE]; /* an installed copy, and scripts */

__attribute__((format(printf, 1, 2))) static int sh(const char *format, ...)
{
    char command[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int make_place(void **state)
{
    (void)state;
    if (place_make(place, "files") != 0) return -1;
    return sh("cd %s && mkdir -p bin share/faultline", place) ||
           sh("cp " FAULTLINE_BUILD "/faultline %s/bin/", place) ||
           sh("cp -R include lessons " FAULTLINE_BUILD "/lessons %s/share/faultline/", place);
}

static int remove_place(void **state)
{
    (void)state;
    return place_remove(place);
}

/* A script of these lines, run from the root directory; the exit status. */
static int run_lines(const char *lines)
{
    char path[128];
    snprintf(path, sizeof path, "%s/script.fl", place);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(lines, file);
    fclose(file);
    return sh("p=$PWD; cd / && $p/" FAULTLINE_BUILD "/faultline run %s >%s/out 2>&1", path, place);
}

static bool said(const char *text)
{
    return sh("grep -qF '%s' %s/out", text, place) == 0;
}

/* ---- Finding ---- */

static void lesson_is_found_by_number_name_and_path(void **state)
{
    (void)state;
    char by_number[600], by_name[600], by_path[600];
    struct problem p;
    assert_true(lesson_find("2", by_number, sizeof by_number, &p));
    assert_true(lesson_find("02-cap-fault", by_name, sizeof by_name, &p));
    assert_true(lesson_find(by_name, by_path, sizeof by_path, &p));
    assert_string_equal(by_number, by_name);
    assert_string_equal(by_path, by_name);
}

static void lesson_that_is_not_there_is_refused(void **state)
{
    (void)state;
    char folder[600];
    struct problem p;
    static const char *const wrong[] = { "99", "", "0", "2x", "../lessons", "cap-fault", "-1" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(lesson_find(wrong[i], folder, sizeof folder, &p));
        assert_non_null(strstr(p.text, "there is no lesson"));
    }
    assert_false(lesson_find("2", folder, 10, &p));
}

static void program_of_a_lesson_is_found_where_make_puts_it(void **state)
{
    (void)state;
    char folder[600], path[600], again[600];
    struct problem p;
    assert_true(lesson_find("2", folder, sizeof folder, &p));
    assert_true(lesson_file(folder, "faulter.elf", path, sizeof path));
    assert_true(lesson_file(NULL, "02-cap-fault/faulter.elf", again, sizeof again));
    assert_string_equal(path, again);
    assert_true(lesson_file(folder, "pair.fl", path, sizeof path));
    assert_false(lesson_file(folder, "nothing.elf", path, sizeof path));
    assert_false(lesson_file(NULL, "faulter.elf", path, sizeof path));
    assert_false(lesson_file(folder, "faulter.elf", path, 10));
}

static void remember(void *context, const char *name)
{
    char *all = context;
    if (strlen(all) + strlen(name) + 2 < 1024) strcat(strcat(all, name), " ");
}

static void files_of_a_lesson_are_listed_for_completion(void **state)
{
    (void)state;
    char folder[600], names[1024] = "";
    struct problem p;
    assert_true(lesson_find("2", folder, sizeof folder, &p));
    lesson_each_file(folder, ".elf", remember, names);
    assert_non_null(strstr(names, "faulter.elf"));
    assert_non_null(strstr(names, "handler_no_copy.elf"));
    assert_null(strstr(names, ".fl"));
    names[0] = '\0';
    lesson_each_file(folder, ".fl", remember, names);
    assert_non_null(strstr(names, "pair.fl"));
    assert_null(strstr(names, ".elf"));
}

static void script_belongs_to_the_lesson_whose_folder_it_lies_in(void **state)
{
    (void)state;
    char folder[600];
    assert_true(lesson_folder_of("lessons/02-cap-fault/wrong/no-copy.fl", folder, sizeof folder));
    assert_string_equal(strrchr(folder, '/'), "/02-cap-fault");
    assert_true(lesson_folder_of("lessons/02-cap-fault/solution.fl", folder, sizeof folder));
    assert_string_equal(strrchr(folder, '/'), "/02-cap-fault");
    assert_false(lesson_folder_of("Makefile", folder, sizeof folder));
    assert_false(lesson_folder_of("nothing/at/all.fl", folder, sizeof folder));
    assert_false(lesson_folder_of("/", folder, sizeof folder));
}

/* ---- From anywhere ---- */

static void solutions_run_from_any_directory(void **state)
{
    (void)state;
    assert_int_equal(sh("p=$PWD; cd / && for i in 01-first-fault 02-cap-fault 03-vm-faults "
                        "04-trap-and-emulate; do "
                        "$p/" FAULTLINE_BUILD "/faultline run $p/lessons/$i/solution.fl "
                        ">/dev/null || exit 9; done"),
                     0);
}

static void wrong_attempt_exits_with_a_failed_check(void **state)
{
    (void)state;
    assert_int_equal(
        sh(FAULTLINE_BUILD "/faultline run lessons/02-cap-fault/wrong/no-copy.fl >/dev/null 2>&1"),
        1);
}

static void installed_program_finds_lessons_and_their_programs(void **state)
{
    (void)state;
    assert_int_equal(sh("cd / && unset FAULTLINE_SHARE; for i in 1 2 3 4; do "
                        "cat %s/share/faultline/lessons/0$i-*/solution.fl | "
                        "%s/bin/faultline lesson $i >/dev/null || exit 9; done",
                        place, place),
                     0);
    assert_int_equal(sh("cd / && %s/bin/faultline boot 04-trap-and-emulate/emulate.elf --until "
                        "'the end' >/dev/null",
                        place),
                     0);
}

static void load_names_a_program_of_any_lesson(void **state)
{
    (void)state;
    assert_int_equal(run_lines("load 03-vm-faults/faulter.elf f\nexpect f.state == \"restart\"\n"),
                     0);
    assert_int_equal(run_lines("load faulter.elf f\n"), 3);
    assert_true(said("faulter.elf"));
}

static void lesson_command_is_for_the_prompt(void **state)
{
    (void)state;
    assert_int_equal(run_lines("lesson 2\n"), 3);
    assert_true(said("not in a script"));
    assert_int_equal(run_lines("lesson 77\n"), 3);
    assert_true(said("there is no lesson 77"));
}

/* ---- What scripts can ask and say ---- */

static void printed_counts_what_programs_print(void **state)
{
    (void)state;
    static const char fault[] = "load 03-vm-faults/faulter.elf f\ncontinue\n";
    char lines[512];
    assert_int_equal(run_lines("expect never printed \"reading\"\n"), 0);
    snprintf(lines, sizeof lines, "%sexpect 1 times printed \"faulter: reading 0x1\"\n", fault);
    assert_int_equal(run_lines(lines), 0);
    snprintf(lines, sizeof lines, "%sundo\nexpect once printed \"faulter: reading 0x1\"\n", fault);
    assert_int_equal(run_lines(lines), 1);
    assert_int_equal(run_lines("expect once printed\n"), 3);
    assert_int_equal(run_lines("expect once printed \"a\" \"b\"\n"), 3);
}

static void checks_are_joined_by_and(void **state)
{
    (void)state;
    assert_int_equal(run_lines("expect 1 == 1 and never fault and error == 0\n"), 0);
    assert_int_equal(run_lines("expect 1 == 1 and once fault\n"), 1);
    assert_int_equal(run_lines("expect never printed \"this and that\"\n"), 0);
    assert_int_equal(run_lines("expect 1 == 1 and nonsense\n"), 3);
    assert_int_equal(run_lines("expect 1 == 1 and \n"), 3);
}

static void quietly_says_nothing_but_errors(void **state)
{
    (void)state;
    assert_int_equal(run_lines("quietly new endpoint ep\nexpect slot(ep).type == \"endpoint\"\n"),
                     0);
    assert_false(said("seL4_Untyped_Retype"));
    assert_int_equal(run_lines("quietly delete nothing\n"), 3);
    assert_true(said("nothing"));
    assert_int_equal(run_lines("quietly\n"), 3);
    assert_int_equal(run_lines("quietly quietly nonsense\n"), 3);
}

static void each_line_of_a_script_is_one_command_for_undo(void **state)
{
    (void)state;
    assert_int_equal(
        run_lines("new endpoint a\nnew endpoint b\nundo\nexpect slot(a).type == \"endpoint\"\n"),
        0);
    assert_int_equal(run_lines("new endpoint a\nnew endpoint b\nundo\nexpect b == 0\n"), 3);
}

static void loop_that_comes_round_is_not_the_same_fault_again(void **state)
{
    (void)state;
    assert_int_equal(sh(FAULTLINE_BUILD "/faultline run "
                                        "lessons/04-trap-and-emulate/wrong/too-clever.fl "
                                        ">%s/out 2>&1",
                        place),
                     1);
    assert_true(said("After the syscall instruction!"));
    assert_false(said("the same fault again"));
}

static void until_an_address_stops_at_a_thread_that_stands_there_when_its_turn_comes(void **state)
{
    (void)state;
    assert_int_equal(run_lines("load 03-vm-faults/faulter.elf f\nat = f.rip\nuntil at\n"
                               "expect f.rip == at\nstep\nexpect f.rip != at\n"),
                     0);
}

static void lookup_of_another_cspace_is_refused(void **state)
{
    (void)state;
    assert_int_equal(run_lines("new thread t\nlookup t_cspace/3\n"), 3);
    assert_true(said("begins in the seat"));
    assert_int_equal(run_lines("new thread t\nas t\nlookup 3\n"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lesson_is_found_by_number_name_and_path),
        cmocka_unit_test(lesson_that_is_not_there_is_refused),
        cmocka_unit_test(program_of_a_lesson_is_found_where_make_puts_it),
        cmocka_unit_test(files_of_a_lesson_are_listed_for_completion),
        cmocka_unit_test(script_belongs_to_the_lesson_whose_folder_it_lies_in),
        cmocka_unit_test(solutions_run_from_any_directory),
        cmocka_unit_test(wrong_attempt_exits_with_a_failed_check),
        cmocka_unit_test(installed_program_finds_lessons_and_their_programs),
        cmocka_unit_test(load_names_a_program_of_any_lesson),
        cmocka_unit_test(lesson_command_is_for_the_prompt),
        cmocka_unit_test(printed_counts_what_programs_print),
        cmocka_unit_test(checks_are_joined_by_and),
        cmocka_unit_test(quietly_says_nothing_but_errors),
        cmocka_unit_test(loop_that_comes_round_is_not_the_same_fault_again),
        cmocka_unit_test(until_an_address_stops_at_a_thread_that_stands_there_when_its_turn_comes),
        cmocka_unit_test(lookup_of_another_cspace_is_refused),
        cmocka_unit_test(each_line_of_a_script_is_one_command_for_undo),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
