/* SPDX-License-Identifier: BSD-2-Clause */
/* Grading a made class: right, wrong and hostile submissions, each judged for itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/class.h"

enum { TRIES = 6000 };

static void right_and_wrong_ones_get_their_points(void **state)
{
    struct class *c = *state;
    class_put(c, "ada.fl", class_right);
    class_put(c, "brook.fl", "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n");
    cJSON *results = class_grade(c);
    const cJSON *ada = class_lesson(results, "ada"), *brook = class_lesson(results, "brook");
    assert_string_equal(json_text(ada, "status"), "graded");
    assert_true(json_number(ada, "max") > 0);
    assert_true(json_number(ada, "score") == json_number(ada, "max"));
    assert_true(json_number(brook, "score") == 0);
    const cJSON *stopped = class_part(brook, "stopped");
    assert_non_null(strstr(json_text(stopped, "mistake"), "Slot `fault` was empty"));
    assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(stopped, "why")) > 0);
    cJSON_Delete(results);
}

static void a_goal_that_was_undone_at_the_end_does_not_count(void **state)
{
    struct class *c = *state;
    char text[1024];
    snprintf(text, sizeof text, "%sundo 2\n", class_right);
    class_put(c, "cleo.fl", text);
    cJSON *results = class_grade(c);
    const cJSON *cleo = class_lesson(results, "cleo"), *past = class_part(cleo, "past");
    assert_false(json_bool(past, "reached"));
    assert_string_equal(json_text(past, "mistake"), "It was reached, and then undone.");
    assert_true(json_bool(class_part(cleo, "stopped"), "reached"));
    cJSON_Delete(results);
}

static void a_submission_that_ends_with_a_look_back_loses_nothing(void **state)
{
    struct class *c = *state;
    char text[1024];
    snprintf(text, sizeof text, "%sgoto fault 1\nstep\nstep\n", class_right);
    class_put(c, "dora.fl", text);
    cJSON *results = class_grade(c);
    const cJSON *dora = class_lesson(results, "dora");
    assert_true(json_number(dora, "score") == json_number(dora, "max"));
    cJSON_Delete(results);
}

static void hostile_ones_are_reported_and_the_others_graded(void **state)
{
    static const struct {
        const char *name, *status, *problem;
    } hostile[] = {
        { "big", "unreadable", "larger than 64 MiB" },
        { "binary", "stopped", "this is no line of text" },
        { "empty", "unreadable", "is empty" },
        { "link", "unreadable", "is a link" },
        { "loop", "limit", "steps" },
        { "passwd", "stopped", "out of reach" },
        { "source", "stopped", "out of reach" },
        { "up", "stopped", "out of reach" },
    };
    struct class *c = *state;
    char path[2 * CLASS_PATH];
    class_put(c, "ada.fl", class_right);
    class_put(c, "passwd.fl", "load /etc/passwd faulter at 0x20000000\n");
    class_put(c, "source.fl", "source /etc/passwd\n");
    class_put(c, "up.fl", "source ../../etc/passwd\n");
    class_put(c, "loop.fl", "as rootserver\nasm \"jmp 0x7ff000\"\ncontinue\n");
    class_put(c, "empty.fl", "");
    class_put_bytes(c, "binary.fl", "a\0b\n", 4);
    class_put(c, "big.fl", "");
    class_path(c, "big.fl", path);
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    class_path(c, "link.fl", path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    class_path(c, "folder", path);
    assert_int_equal(mkdir(path, 0777), 0);
    cJSON *results = class_grade(c);
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
        class_expect(results, hostile[i].name, hostile[i].status, hostile[i].problem, 0);
    assert_string_equal(json_text(class_lesson(results, "folder"), "status"), "nothing");
    assert_true(json_number(class_lesson(results, "ada"), "score") > 0);
    cJSON_Delete(results);
}

static void a_submission_writes_nothing(void **state)
{
    struct class *c = *state;
    char text[6 * CLASS_PATH], path[2 * CLASS_PATH];
    class_path(c, "drawn.svg", path);
    snprintf(text, sizeof text, "draw caps -o \"%s\"\nsave \"%s.fls\"\n", path, path);
    class_put(c, "ada.fl", text);
    cJSON *results = class_grade(c);
    assert_string_equal(json_text(class_lesson(results, "ada"), "status"), "graded");
    assert_int_equal(access(path, F_OK), -1);
    strcat(path, ".fls");
    assert_int_equal(access(path, F_OK), -1);
    cJSON_Delete(results);
}

static void numbers_of_another_student_are_not_right(void **state)
{
    static const char own[] = "# variant brook\n"
                              "mint fault_ep left_cspace/1 badge LEFT\n"
                              "mint fault_ep right_cspace/1 badge RIGHT\n"
                              "as handler\nrecv fault_ep\nas left\nsyscall rax=39 rdx=3\n";
    static const char copied[] = "# variant brook\n"
                                 "mint fault_ep left_cspace/1 badge 0x100\n"
                                 "mint fault_ep right_cspace/1 badge 0x200\n"
                                 "as handler\nrecv fault_ep\nas left\nsyscall rax=39 rdx=3\n";
    struct class *c = *state;
    snprintf(c->o.lesson[0].folder, sizeof c->o.lesson[0].folder,
             "lessons/15-one-handler-many-threads");
    class_put(c, "own.fl", own);
    class_put(c, "copied.fl", copied);
    cJSON *results = class_grade(c);
    assert_string_equal(json_text(class_lesson(results, "own"), "variant"), "brook");
    assert_true(json_bool(class_part(class_lesson(results, "own"), "left"), "reached"));
    assert_false(json_bool(class_part(class_lesson(results, "copied"), "left"), "reached"));
    cJSON_Delete(results);
}

/* Folders that workers have made for themselves. */
static int count_folders(void)
{
    DIR *folder = opendir("/tmp");
    int count = 0;
    assert_non_null(folder);
    for (const struct dirent *e; (e = readdir(folder));)
        count += strncmp(e->d_name, "faultline-grading-", 18) == 0;
    closedir(folder);
    return count;
}

/* Others may grade at the same time, and have as many as there are processors: theirs go again. */
static void nothing_is_left_behind(void **state)
{
    struct class *c = *state;
    char name[32];
    for (unsigned i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "s%u.fl", i);
        class_put(c, name, "recv fault_ep\n");
    }
    int before = count_folders();
    cJSON_Delete(class_grade(c));
    for (int i = 0; i < TRIES && count_folders() >= before + 50; i++) usleep(100000);
    assert_true(count_folders() < before + 50);
}

static void what_a_killed_grading_left_is_removed_and_nothing_in_use(void **state)
{
    struct class *c = *state;
    struct worker_place used, left;
    char path[2 * CLASS_PATH];
    assert_true(worker_place_make(&used) && worker_place_make(&left));
    snprintf(path, sizeof path, "%s/empty", left.folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/outside", left.folder);
    assert_int_equal(symlink(c->folder, path), 0);
    close(left.lock); /* as a process's end does */
    class_put(c, "ada.fl", class_right);
    cJSON *results = class_grade(c);
    class_expect(results, "ada", "graded", "", 8);
    for (int i = 0; i < TRIES && access(left.folder, F_OK) == 0; i++)
        usleep(100000); /* another's sweep may be at it */
    assert_int_equal(access(left.folder, F_OK), -1);
    assert_int_equal(access(used.folder, F_OK), 0);
    class_path(c, "ada.fl", path);
    assert_int_equal(access(path, F_OK), 0);
    worker_place_remove(&used);
    assert_int_equal(access(used.folder, F_OK), -1);
    cJSON_Delete(results);
}

static void every_format_tells_the_same_points(void **state)
{
    struct class *c = *state;
    class_put(c, "brook.fl", "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n");
    cJSON *results = class_grade(c);
    for (size_t i = 0; i < grade_format_count; i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        grade_formats[i].write(&c->o, results, out);
        fclose(out);
        if (!strstr(text, "was empty")) fail_msg("%s:\n%s", grade_formats[i].name, text);
        free(text);
    }
    cJSON_Delete(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(right_and_wrong_ones_get_their_points),
        CLASS_TEST(a_goal_that_was_undone_at_the_end_does_not_count),
        CLASS_TEST(a_submission_that_ends_with_a_look_back_loses_nothing),
        CLASS_TEST(hostile_ones_are_reported_and_the_others_graded),
        CLASS_TEST(a_submission_writes_nothing),
        CLASS_TEST(numbers_of_another_student_are_not_right),
        CLASS_TEST(nothing_is_left_behind),
        CLASS_TEST(what_a_killed_grading_left_is_removed_and_nothing_in_use),
        CLASS_TEST(every_format_tells_the_same_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
