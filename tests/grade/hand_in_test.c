/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings and hand-ins: what was really done counts, what is copied, edited or damaged does not. */
#include "grade/class.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int begin(void **state)
{
    char path[2 * CLASS_PATH];
    if (class_begin(state) != 0) return -1;
    const struct class *c = *state;
    snprintf(path, sizeof path, "%s/.state", c->folder);
    if (mkdir(path, 0700) != 0 || setenv("XDG_STATE_HOME", path, 1) != 0) return -1;
    strcat(path, "/faultline");
    if (mkdir(path, 0700) != 0) return -1;
    strcat(path, "/sessions");
    return mkdir(path, 0700);
}
#define HAND_IN_TEST(test) cmocka_unit_test_setup_teardown(test, begin, class_end)

static void run(const char *command, int status)
{
    int got = system(command);
    if (got != status << 8) fail_msg("%s: status %d", command, got >> 8);
}

/* A session of these lines, recorded as NAME in the student's folder or, with a slash, anywhere. */
static void record(const struct class *c, const char *name, const char *options, const char *lines)
{
    char command[4096];
    class_put(c, ".lines", lines);
    snprintf(command, sizeof command,
             FAULTLINE_BUILD "/faultline lesson %s --record '%s/%s%s' <'%s/.lines' >/dev/null",
             options, c->folder, strchr(name, '/') ? "" : ".state/faultline/sessions/",
             name + (*name == '/'), c->folder);
    run(command, 0);
}

static void hand_in(const struct class *c, const char *lessons, const char *name)
{
    char command[1024];
    snprintf(command, sizeof command, FAULTLINE_BUILD "/faultline hand-in %s -o '%s/%s' >/dev/null",
             lessons, c->folder, name);
    run(command, 0);
}

static const char first_half[] = "mint fault_ep faulter_cspace/fault badge BADGE\n"
                                 "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n";
/* Each lacks something that the other has: the right answer, and what comes behind it. */
static const char answers[] = "mint fault_ep faulter_cspace/fault badge BADGE\n"
                              "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n"
                              "as handler\nanswer no\n";
static const char goes_on[] = "mint fault_ep faulter_cspace/fault badge BADGE\n"
                              "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n"
                              "as handler\nanswer yes\nreply\nrecv fault_ep\n"
                              "map frame faulter_vspace 0x10000000\nreply\nrecv fault_ep\n";

static void what_was_recorded_and_handed_in_is_played(void **state)
{
    struct class *c = *state;
    record(c, "a.fl", "1 --variant ada", class_right);
    hand_in(c, "1-2", "ada.handin");
    cJSON *results = class_grade(c);
    class_expect(results, "ada", "graded", "", json_number(class_lesson(results, "ada"), "max"));
    assert_string_equal(json_text(class_lesson(results, "ada"), "variant"), "ada");
    cJSON_Delete(results);
}

static void recordings_of_one_lesson_count_together(void **state)
{
    struct class *c = *state;
    record(c, "a.fl", "1", answers);
    record(c, "b.fl", "1", goes_on);
    hand_in(c, "1", "ada.handin");
    class_put(c, "a.fl", answers);
    class_put(c, "b.fl", goes_on);
    cJSON *results = class_grade(c);
    const double max = json_number(class_lesson(results, "ada"), "max");
    class_expect(results, "ada", "graded", "", max);
    assert_true(json_number(class_lesson(results, "a"), "score") < max);
    assert_true(json_number(class_lesson(results, "b"), "score") < max);
    cJSON_Delete(results);
}

static void a_program_of_ones_own_is_handed_in_and_compiled(void **state)
{
    struct class *c = *state;
    char path[CLASS_PATH];
    snprintf(path, sizeof path, "mkdir -p '%.100s/.state/faultline/work/20-a-demand-pager'",
             c->folder);
    run(path, 0);
    class_copy(c, ".state/faultline/work/20-a-demand-pager/pager.c",
               "lessons/20-a-demand-pager/programs/page_in.h");
    hand_in(c, "19-20 --variant ada", "ada.handin");
    class_choose(c, "20-a-demand-pager");
    cJSON *results = class_grade(c);
    const cJSON *ada = class_lesson(results, "ada");
    class_expect(results, "ada", "graded", "", json_number(ada, "max"));
    assert_string_equal(json_text(ada, "variant"), "ada");
    cJSON_Delete(results);
}

static void a_course_file_names_the_lessons_of_a_hand_in(void **state)
{
    struct class *c = *state;
    char lessons[CLASS_PATH + 20];
    class_put(c, ".course", "lesson 1\nlesson 3\n");
    record(c, "a.fl", "1", goes_on);
    snprintf(lessons, sizeof lessons, "--course %s/.course", c->folder);
    hand_in(c, lessons, "ada.handin");
    cJSON *results = class_grade(c);
    assert_true(json_bool(class_part(class_lesson(results, "ada"), "past"), "reached"));
    cJSON_Delete(results);
}

/* As Gradescope and GitHub Classroom have it. */
static void hand_ins_in_a_folder_are_unpacked(void **state)
{
    struct class *c = *state;
    char command[1024];
    record(c, "a.fl", "1", answers);
    snprintf(command, sizeof command, "mkdir %s/ada", c->folder);
    run(command, 0);
    hand_in(c, "1-2", "ada/first.handin");
    record(c, "a2.fl", "1", goes_on);
    hand_in(c, "1-2", "ada/second.handin");
    class_put(c, "ada/third.handin", "#: faultline hand-in 1\n#@ ../x 3\nabc\n");
    cJSON *results = class_grade(c);
    class_expect(results, "ada", "graded", "", 8);
    cJSON_Delete(results);
}

/* `edit` has made it, and the session was recorded with it: so the session counts, its answers too. */
static void a_session_with_a_program_of_ones_own_is_played_with_it(void **state)
{
    static const char lines[] =
        "recv fault_ep\nnew frame page\ntables program_vspace 0x201f8000\n"
        "map page program_vspace 0x201f8000\nreply\nrecv fault_ep\nanswer 16\n"
        "load pager.elf pager\nquietly source pool.fl\nreply\ncontinue\n";
    struct class *c = *state;
    char command[1024];
    class_put(c, ".lines", lines);
    snprintf(
        command, sizeof command,
        "build=$(realpath %s) && cd %s && "
        "cp $build/lessons/20-a-demand-pager/pager_solution.elf pager.elf && "
        "$build/faultline lesson 20 --record .state/faultline/sessions/a.fl <.lines >/dev/null && "
        "sum=$(sha256sum <pager.elf) && mkdir .state/faultline/files && "
        "mv pager.elf .state/faultline/files/${sum%%%% *}",
        FAULTLINE_BUILD, c->folder);
    run(command, 0);
    hand_in(c, "20", "ada.handin");
    class_choose(c, "20-a-demand-pager");
    cJSON *results = class_grade(c);
    class_expect(results, "ada", "graded", "", 10);
    cJSON_Delete(results);
}

static void a_recording_without_its_program_says_which_is_missing(void **state)
{
    struct class *c = *state;
    char command[1024];
    class_put(c, ".lines", "load own.elf own\n");
    snprintf(command, sizeof command,
             "build=$(realpath %s) && cd %s && "
             "cp $build/lessons/20-a-demand-pager/pager.elf own.elf && "
             "$build/faultline lesson 1 --record ada.fl <.lines >/dev/null && rm own.elf",
             FAULTLINE_BUILD, c->folder);
    run(command, 0);
    cJSON *results = class_grade(c);
    class_expect(results, "ada", "differs", "own.elf is not the file that was recorded", 0);
    cJSON_Delete(results);
}

/* A student's recording, `from` in it replaced by `to`. */
static void put_edited(const struct class *c, const char *name, const char *from, const char *to)
{
    char path[2 * CLASS_PATH], text[1 << 14], *at;
    snprintf(path, sizeof path, "%s/.state/faultline/sessions/a.fl", c->folder);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text / 2, in)] = '\0';
    fclose(in);
    at = strstr(text, from);
    assert_non_null(at);
    memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
    memcpy(at, to, strlen(to));
    class_put(c, name, text);
}

static void a_copied_recording_fails_at_its_first_hash(void **state)
{
    struct class *c = *state;
    record(c, "a.fl", "1 --variant ada", class_right);
    put_edited(c, "ada.fl", "", "");
    put_edited(c, "brook.fl", "", "");
    put_edited(c, "cleo.fl", "#: variant ada", "#: variant cleo");
    put_edited(c, "dora.fl", "read 0x10000000", "read 0x10001000");
    c->o.variant_by_name = true;
    cJSON *results = class_grade(c);
    class_expect(results, "ada", "graded", "", json_number(class_lesson(results, "ada"), "max"));
    class_expect(results, "brook", "differs", "variant `ada`, not `brook`", 0);
    class_expect(results, "cleo", "differs", "line 10", 0);
    class_expect(results, "dora", "differs", "variant", 0);
    cJSON_Delete(results);
    c->o.variant_by_name = false;
    results = class_grade(c);
    class_expect(results, "brook", "graded", "", json_number(class_lesson(results, "ada"), "max"));
    class_expect(results, "cleo", "differs", "line 10", 0);
    class_expect(results, "dora", "differs", "line 19", 0);
    cJSON_Delete(results);
}

static void numbers_of_a_lesson_are_each_students_own(void **state)
{
    static const char lines[] = "mint fault_ep left_cspace/1 badge LEFT\n"
                                "mint fault_ep right_cspace/1 badge RIGHT\n"
                                "as handler\nrecv fault_ep\nas left\nsyscall rax=39 rdx=3\n";
    struct class *c = *state;
    class_choose(c, "15-one-handler-many-threads");
    record(c, "a.fl", "15 --variant ada", lines);
    hand_in(c, "15", "ada.handin");
    put_edited(c, "brook.fl", "#: variant ada", "#: variant brook");
    cJSON *results = class_grade(c);
    assert_true(json_bool(class_part(class_lesson(results, "ada"), "left"), "reached"));
    class_expect(results, "brook", "differs", "line ", 0);
    cJSON_Delete(results);
}

static void a_file_that_two_lessons_read_is_packed_once(void **state)
{
    struct class *c = *state;
    char line[2 * CLASS_PATH], keep[1024];
    class_put(c, ".more", "caps\n");
    /* A session at a terminal keeps what it has read. */
    snprintf(keep, sizeof keep,
             "cd %s && mkdir .state/faultline/files && sum=$(sha256sum <.more) && "
             "cp .more .state/faultline/files/${sum%%%% *}",
             c->folder);
    run(keep, 0);
    snprintf(line, sizeof line, "source %s/.more\n", c->folder);
    record(c, "a.fl", "1", line);
    record(c, "b.fl", "2", line);
    hand_in(c, "1-2", "ada.handin");
    cJSON *results = class_grade(c);
    class_expect(results, "ada", "graded", "", 0);
    cJSON_Delete(results);
}

static void there_has_to_be_something_to_hand_in(void **state)
{
    struct class *c = *state;
    char command[1024], path[2 * CLASS_PATH];
    snprintf(command, sizeof command,
             FAULTLINE_BUILD "/faultline hand-in 3 -o '%s/ada.handin' >/dev/null 2>&1", c->folder);
    run(command, 1);
    snprintf(path, sizeof path, "%s/ada.handin", c->folder);
    assert_int_equal(access(path, F_OK), -1);
    record(c, "a.fl", "3", "caps\n");
    snprintf(path, sizeof path, "%s/.state/faultline/sessions/a.fl", c->folder);
    for (unsigned i = 0; i < 600; i++) {
        snprintf(command, sizeof command, ".state/faultline/sessions/%u.fl", i);
        class_copy(c, command, path);
    }
    hand_in(c, "3", "ada.handin");
    snprintf(command, sizeof command, "test $(grep -c '^#@ ' '%s/ada.handin') = 200", c->folder);
    run(command, 0);
    cJSON *results = class_grade(c);
    assert_int_equal(cJSON_GetArraySize(results), 1);
    assert_string_equal(json_text(class_lesson(results, "ada"), "status"), "nothing");
    cJSON_Delete(results);
}

static void what_is_no_hand_in_is_told_by_its_name(void **state)
{
    struct class *c = *state;
    class_put(c, "zip.handin", "PK\x03\x04 and more");
    class_put(c, "text.handin", "#: faultline hand-in 2\nsomething newer\n");
    class_put(c, "progress",
              "# Faultline progress 1\ngoal 01-first-fault stopped - 5\n"
              "goal 01-first-fault answered - 5\ngoal 01-first-fault past - 5\n");
    cJSON *results = class_grade(c);
    class_expect(results, "zip", "unreadable", "zip.handin is a zip archive", 0);
    class_expect(results, "progress", "stopped", "progress:2: ", 0);
    assert_true(json_number(class_lesson(results, "text"), "score") == 0);
    cJSON_Delete(results);
}

static void damaged_and_hostile_hand_ins_are_refused(void **state)
{
    static const char *const bad[][2] = {
        { "up", "#@ ../up.fl 3\nab\n\n" },
        { "root", "#@ /tmp/up.fl 3\nab\n\n" },
        { "dot", "#@ .up.fl 3\nab\n\n" },
        { "giant", "#@ a.fl 9223372036854775807\nab\n" },
        { "larger", "#@ a.fl 99999999999999999999999\nab\n" },
        { "negative", "#@ a.fl -5\nab\n" },
        { "truncated", "#@ a.fl 300\nab\n" },
        { "short", "#@ a.fl 1\nab\n" },
        { "twice", "#@ a.fl 3\nab\n\n#@ a.fl 3\nab\n\n" },
        { "nameless", "#@ 3\nab\n" },
    };
    struct class *c = *state;
    char text[1 << 18], *at;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "#: faultline hand-in 1\n%s", bad[i][1]);
        class_put(c, bad[i][0], text);
    }
    at = text + sprintf(text, "#: faultline hand-in 1\n");
    for (unsigned i = 0; i < 10000; i++) at += sprintf(at, "#@ %u.fl 0\n\n", i);
    class_put(c, "many", text);
    cJSON *results = class_grade(c);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        class_expect(results, bad[i][0], "unreadable", "is damaged", 0);
    class_expect(results, "many", "unreadable", "is damaged", 0);
    assert_int_equal(access("/tmp/up.fl", F_OK), -1);
    cJSON_Delete(results);
}

static void who_looks_at_the_solution_gets_nothing_for_what_comes_then(void **state)
{
    static const char looked[] = "recv fault_ep\nload pager_solution.elf pager\n"
                                 "quietly source pool.fl\nreply\ncontinue\n";
    struct class *c = *state;
    class_choose(c, "20-a-demand-pager");
    class_put(c, "ada.fl", looked);
    cJSON *results = class_grade(c);
    const cJSON *ada = class_lesson(results, "ada");
    assert_true(json_bool(class_part(ada, "touched"), "reached"));
    cJSON_Delete(results);
    class_choose(c, "01-first-fault");
    class_put(c, "ada.fl", first_half);
    class_put(c, "brook.fl", "source solution.fl\n");
    class_put(c, "cleo.fl", "solution\n");
    c->o.lesson[0].without_solution = true;
    results = class_grade(c);
    assert_true(json_number(class_lesson(results, "ada"), "score") > 0);
    assert_true(json_number(class_lesson(results, "brook"), "score") == 0);
    cJSON_Delete(results);
    c->o.lesson[0].without_solution = false;
    results = class_grade(c);
    assert_true(json_number(class_lesson(results, "brook"), "score") > 0);
    cJSON_Delete(results);
}

static void one_student_cannot_play_anothers_file(void **state)
{
    struct class *c = *state;
    class_put(c, "ada.fl", class_right);
    class_put(c, "brook.fl", "source ada.fl\n");
    cJSON *results = class_grade(c);
    class_expect(results, "brook", "stopped", "out of reach", 0);
    cJSON_Delete(results);
}

static void two_of_one_name_are_told_apart(void **state)
{
    struct submissions s = { 0 };
    (void)state;
    assert_true(submissions_add(&s, "x/ada.fl"));
    assert_true(submissions_add(&s, "x/ada.c"));
    assert_true(submissions_add(&s, "y/ada.c"));
    assert_true(submissions_add(&s, "y/.."));
    assert_string_equal(s.list[0].name, "ada");
    assert_string_equal(s.list[1].name, "ada.c");
    assert_string_equal(s.list[2].name, "ada.c-2");
    assert_string_equal(s.list[2].id, "ada");
    submissions_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HAND_IN_TEST(what_was_recorded_and_handed_in_is_played),
        HAND_IN_TEST(recordings_of_one_lesson_count_together),
        HAND_IN_TEST(a_program_of_ones_own_is_handed_in_and_compiled),
        HAND_IN_TEST(a_course_file_names_the_lessons_of_a_hand_in),
        HAND_IN_TEST(hand_ins_in_a_folder_are_unpacked),
        HAND_IN_TEST(a_session_with_a_program_of_ones_own_is_played_with_it),
        HAND_IN_TEST(a_recording_without_its_program_says_which_is_missing),
        HAND_IN_TEST(a_copied_recording_fails_at_its_first_hash),
        HAND_IN_TEST(numbers_of_a_lesson_are_each_students_own),
        HAND_IN_TEST(a_file_that_two_lessons_read_is_packed_once),
        HAND_IN_TEST(there_has_to_be_something_to_hand_in),
        HAND_IN_TEST(what_is_no_hand_in_is_told_by_its_name),
        HAND_IN_TEST(damaged_and_hostile_hand_ins_are_refused),
        HAND_IN_TEST(who_looks_at_the_solution_gets_nothing_for_what_comes_then),
        HAND_IN_TEST(one_student_cannot_play_anothers_file),
        cmocka_unit_test(two_of_one_name_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
