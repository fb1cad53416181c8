/* SPDX-License-Identifier: BSD-2-Clause */
/* Grading a made class: right, wrong and hostile submissions, each judged for itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/inside.h"

enum { PATH = 256 };

struct class
{
    char folder[PATH];
    struct grade_options o;
};

static void put(const struct class *c, const char *name, const char *text)
{
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s/%s", c->folder, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static int sit_down(void **state)
{
    struct class *c = calloc(1, sizeof *c);
    if (!c) return -1;
    snprintf(c->folder, sizeof c->folder, "/tmp/faultline-class-XXXXXX");
    c->o = (struct grade_options){ .lesson_count = 1, .max_steps = 2000000, .seconds = 60 };
    c->o.lesson[0] = (struct grade_lesson){ .weight = 1 };
    snprintf(c->o.lesson[0].folder, sizeof c->o.lesson[0].folder, "lessons/01-first-fault");
    *state = c;
    return mkdtemp(c->folder) ? 0 : -1;
}

static int stand_up(void **state)
{
    struct class *c = *state;
    hand_in_remove(c->folder);
    free(c);
    return 0;
}

static cJSON *grade_class(struct class *c)
{
    struct submissions s = { 0 };
    struct problem p;
    assert_true(submissions_add_each(&s, c->folder, &p));
    cJSON *results = grade_all(&c->o, &s);
    assert_int_equal(cJSON_GetArraySize(results), s.count);
    submissions_free(&s);
    return results;
}

/* The only lesson of a submission by name. */
static const cJSON *lesson_of(const cJSON *results, const char *name)
{
    const cJSON *result;
    cJSON_ArrayForEach(result, results)
    {
        if (strcmp(json_text(result, "name"), name) == 0)
            return cJSON_GetArrayItem(cJSON_GetObjectItem(result, "lessons"), 0);
    }
    fail_msg("nobody is called %s", name);
    return NULL;
}

static const cJSON *part_called(const cJSON *lesson, const char *id)
{
    const cJSON *part;
    cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson, "parts"))
    {
        if (strcmp(json_text(part, "id"), id) == 0) return part;
    }
    fail_msg("there is no part %s", id);
    return NULL;
}

static const char right[] = "mint fault_ep faulter_cspace/fault badge BADGE\n"
                            "as handler\n"
                            "recv fault_ep\n"
                            "as faulter\n"
                            "read 0x10000000\n"
                            "as handler\n"
                            "answer no\n"
                            "reply\n"
                            "recv fault_ep\n"
                            "map frame faulter_vspace 0x10000000\n"
                            "reply\n"
                            "recv fault_ep\n";

static void right_and_wrong_ones_get_their_points(void **state)
{
    struct class *c = *state;
    put(c, "ada.fl", right);
    put(c, "brook.fl", "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n");
    cJSON *results = grade_class(c);
    const cJSON *ada = lesson_of(results, "ada"), *brook = lesson_of(results, "brook");
    assert_string_equal(json_text(ada, "status"), "graded");
    assert_true(json_number(ada, "max") > 0);
    assert_true(json_number(ada, "score") == json_number(ada, "max"));
    assert_true(json_number(brook, "score") == 0);
    const cJSON *stopped = part_called(brook, "stopped");
    assert_non_null(strstr(json_text(stopped, "mistake"), "Slot `fault` was empty"));
    assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(stopped, "why")) > 0);
    cJSON_Delete(results);
}

static void a_goal_that_was_undone_at_the_end_does_not_count(void **state)
{
    struct class *c = *state;
    char text[1024];
    snprintf(text, sizeof text, "%sundo 2\n", right);
    put(c, "cleo.fl", text);
    cJSON *results = grade_class(c);
    const cJSON *cleo = lesson_of(results, "cleo"), *past = part_called(cleo, "past");
    assert_false(json_bool(past, "reached"));
    assert_string_equal(json_text(past, "mistake"), "It was reached, and then undone.");
    assert_true(json_bool(part_called(cleo, "stopped"), "reached"));
    cJSON_Delete(results);
}

static void hostile_ones_are_reported_and_the_others_graded(void **state)
{
    static const struct {
        const char *name, *status, *problem;
    } hostile[] = {
        { "big", "unreadable", "larger than 64 MiB" },
        { "binary", "stopped", "scripts hold whole words" },
        { "empty", "unreadable", "is empty" },
        { "link", "unreadable", "is a link" },
        { "loop", "limit", "steps" },
        { "passwd", "stopped", "out of reach" },
        { "source", "stopped", "out of reach" },
        { "up", "stopped", "out of reach" },
    };
    struct class *c = *state;
    char path[2 * PATH];
    put(c, "ada.fl", right);
    put(c, "passwd.fl", "load /etc/passwd faulter at 0x20000000\n");
    put(c, "source.fl", "source /etc/passwd\n");
    put(c, "up.fl", "source ../../etc/passwd\n");
    put(c, "loop.fl", "as rootserver\nasm \"jmp 0x7ff000\"\ncontinue\n");
    put(c, "empty.fl", "");
    put(c, "binary.fl", "\x80\xff\x01 \x02\n");
    snprintf(path, sizeof path, "%s/binary.fl", c->folder);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite("a\0b\n", 1, 4, out), 4);
    fclose(out);
    put(c, "big.fl", "");
    snprintf(path, sizeof path, "%s/big.fl", c->folder);
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    snprintf(path, sizeof path, "%s/link.fl", c->folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/folder", c->folder);
    assert_int_equal(mkdir(path, 0777), 0);
    cJSON *results = grade_class(c);
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        const cJSON *lesson = lesson_of(results, hostile[i].name);
        if (strcmp(json_text(lesson, "status"), hostile[i].status) != 0 ||
            !strstr(json_text(lesson, "problem"), hostile[i].problem))
            fail_msg("%s: %s: %s", hostile[i].name, json_text(lesson, "status"),
                     json_text(lesson, "problem"));
        assert_true(json_number(lesson, "score") == 0);
        assert_true(json_number(lesson, "max") > 0);
    }
    assert_string_equal(json_text(lesson_of(results, "folder"), "status"), "nothing");
    assert_true(json_number(lesson_of(results, "ada"), "score") > 0);
    cJSON_Delete(results);
}

static void a_submission_writes_nothing(void **state)
{
    struct class *c = *state;
    char text[6 * PATH], path[2 * PATH];
    snprintf(path, sizeof path, "%s/drawn.svg", c->folder);
    snprintf(text, sizeof text, "draw caps -o \"%s\"\nsave \"%s.fls\"\n", path, path);
    put(c, "ada.fl", text);
    cJSON *results = grade_class(c);
    assert_string_equal(json_text(lesson_of(results, "ada"), "status"), "graded");
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
    put(c, "own.fl", own);
    put(c, "copied.fl", copied);
    cJSON *results = grade_class(c);
    assert_string_equal(json_text(lesson_of(results, "own"), "variant"), "brook");
    assert_true(json_bool(part_called(lesson_of(results, "own"), "left"), "reached"));
    assert_false(json_bool(part_called(lesson_of(results, "copied"), "left"), "reached"));
    cJSON_Delete(results);
}

static void every_format_tells_the_same_points(void **state)
{
    struct class *c = *state;
    put(c, "brook.fl", "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n");
    cJSON *results = grade_class(c);
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

#define CLASS_TEST(test) cmocka_unit_test_setup_teardown(test, sit_down, stand_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(right_and_wrong_ones_get_their_points),
        CLASS_TEST(a_goal_that_was_undone_at_the_end_does_not_count),
        CLASS_TEST(hostile_ones_are_reported_and_the_others_graded),
        CLASS_TEST(a_submission_writes_nothing),
        CLASS_TEST(numbers_of_another_student_are_not_right),
        CLASS_TEST(every_format_tells_the_same_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
