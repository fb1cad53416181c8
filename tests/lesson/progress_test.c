/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress: facts only grow, and nothing is lost between two windows, by a kill, by a full disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lesson/progress.h"
#include "place.h"

enum { WINDOWS = 6, FACTS_EACH = 8 };

static char place[PLACE_SIZE], path[96];

static int make_place(void **state)
{
    (void)state;
    if (place_make(place, "progress") != 0) return -1;
    snprintf(path, sizeof path, "%s/progress", place);
    return setenv("XDG_STATE_HOME", place, 1);
}

static int remove_place(void **state)
{
    (void)state;
    return place_remove(place);
}

static struct fact fact(enum fact_kind kind, const char *id, const char *value, long long when)
{
    struct fact f = { .kind = kind, .time = when };
    strcpy(f.lesson, "01-first-fault");
    snprintf(f.id, sizeof f.id, "%s", id);
    snprintf(f.value, sizeof f.value, "%s", value);
    return f;
}

static void add(struct facts *p, enum fact_kind kind, const char *id, const char *value,
                long long when)
{
    struct fact f = fact(kind, id, value, when);
    progress_add(p, &f);
}

static const char *value_of(const struct facts *p, enum fact_kind kind, const char *id)
{
    const struct fact *f = progress_find(p, kind, "01-first-fault", id);
    return f ? f->value : "";
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct facts *read_back(void)
{
    struct problem problem;
    struct facts *p = progress_new();
    if (!progress_read(p, path, false, &problem)) fail_msg("%s", problem.text);
    return p;
}

static void the_first_answer_and_the_larger_number_stay(void **state)
{
    (void)state;
    struct facts *p = progress_new();
    add(p, FACT_ANSWER, "again", "no", 20);
    add(p, FACT_ANSWER, "again", "yes", 10);
    add(p, FACT_ANSWER, "again", "maybe", 30);
    add(p, FACT_HINT, "past", "3", 10);
    add(p, FACT_HINT, "past", "12", 5);
    add(p, FACT_HINT, "past", "2", 50);
    add(p, FACT_GOAL, "past", "-", 70);
    assert_int_equal(p->count, 3);
    assert_string_equal(value_of(p, FACT_ANSWER, "again"), "yes");
    assert_string_equal(value_of(p, FACT_HINT, "past"), "12");
    assert_string_equal(value_of(p, FACT_GOAL, "past"), "-");
    assert_null(progress_find(p, FACT_GOAL, "02-cap-fault", "past"));
    progress_free(p);
}

static void what_was_written_is_read_and_unknown_lines_are_kept(void **state)
{
    (void)state;
    struct problem problem;
    write_text(
        "# Faultline progress 2\ngoal 01-first-fault stopped - 5\nmedal 01 gold\nmed\nmedal 01 "
        "gold\ngoal broken\n\n");
    struct facts *p = progress_new();
    add(p, FACT_GOAL, "past", "-", 7);
    assert_true(progress_merge(p, path, &problem));
    progress_free(p);
    p = read_back();
    assert_int_equal(p->count, 2);
    assert_string_equal(p->unknown, "medal 01 gold\nmed\ngoal broken\n");
    progress_free(p);
    unlink(path);
}

static void several_windows_lose_nothing(void **state)
{
    (void)state;
    for (int w = 0; w < WINDOWS; w++) {
        if (fork() != 0) continue;
        for (int i = 0; i < FACTS_EACH; i++) {
            char id[32];
            struct problem problem;
            struct facts *p = progress_new();
            snprintf(id, sizeof id, "g_%d_%d", w, i);
            add(p, FACT_GOAL, id, "-", i);
            while (!progress_merge(p, path, &problem)) /* on a slow disk others have it for long */
                if (!strstr(problem.text, "cannot be locked")) _exit(1);
            progress_free(p);
        }
        _exit(0);
    }
    for (int w = 0, status; w < WINDOWS; w++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    struct facts *p = read_back();
    assert_int_equal(p->count, WINDOWS * FACTS_EACH);
    progress_free(p);
    unlink(path);
}

static void a_kill_at_any_moment_leaves_a_whole_file(void **state)
{
    (void)state;
    size_t before = 0;
    for (int round = 0; round < 12; round++) {
        pid_t child = fork();
        if (child == 0) {
            for (int i = 0;; i++) {
                char id[24];
                struct problem problem;
                struct facts *p = progress_new();
                snprintf(id, sizeof id, "g_%d_%d", round, i);
                add(p, FACT_GOAL, id, "-", i);
                progress_merge(p, path, &problem);
                progress_free(p);
            }
        }
        nanosleep(&(struct timespec){ .tv_nsec = 3000000 + round * 700000 }, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        if (access(path, F_OK) != 0) continue;
        struct facts *p = read_back();
        assert_true(p->count >= before);
        before = p->count;
        progress_free(p);
    }
    unlink(path);
}

static void a_full_disk_is_said_and_leaves_what_there_was(void **state)
{
    (void)state;
    struct problem problem = { .text = "" };
    struct rlimit before, tight;
    struct facts *p = progress_new();
    add(p, FACT_GOAL, "stopped", "-", 5);
    assert_true(progress_merge(p, path, &problem));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    tight = before;
    tight.rlim_cur = 40;
    setrlimit(RLIMIT_FSIZE, &tight);
    add(p, FACT_GOAL, "past", "-", 6);
    bool merged = progress_merge(p, path, &problem);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(merged);
    assert_non_null(strstr(problem.text, "cannot be written: "));
    struct facts *old = read_back();
    assert_int_equal(old->count, 1);
    progress_free(old);
    assert_true(progress_merge(p, path, &problem));
    old = read_back();
    assert_int_equal(old->count, 2);
    progress_free(old);
    progress_free(p);
    unlink(path);
}

static void what_is_no_progress_is_refused_and_put_aside(void **state)
{
    (void)state;
    char aside[128];
    struct problem problem;
    struct facts *p = progress_new();
    write_text("\x7f"
               "ELF, for instance");
    assert_false(progress_read(p, path, false, &problem));
    assert_non_null(strstr(problem.text, "is no file of progress"));
    assert_false(progress_read(p, "/dev/zero", false, &problem));
    assert_false(progress_read(p, "/tmp", false, &problem));
    assert_false(progress_read(p, "/nowhere", false, &problem));
    assert_int_equal(p->count, 0);
    add(p, FACT_GOAL, "past", "-", 7);
    assert_true(progress_merge(p, path, &problem));
    snprintf(aside, sizeof aside, "%s.unreadable", path);
    assert_int_equal(access(aside, R_OK), 0);
    unlink(aside);
    unlink(path);
    progress_free(p);
}

static void a_lock_that_is_held_is_said_in_the_end(void **state)
{
    (void)state;
    struct problem problem = { .text = "" };
    struct facts *p = progress_new();
    assert_false(progress_merge(p, "/proc/progress", &problem));
    assert_non_null(strstr(problem.text, "cannot be locked"));
    progress_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_answer_and_the_larger_number_stay),
        cmocka_unit_test(what_was_written_is_read_and_unknown_lines_are_kept),
        cmocka_unit_test(several_windows_lose_nothing),
        cmocka_unit_test(a_kill_at_any_moment_leaves_a_whole_file),
        cmocka_unit_test(a_full_disk_is_said_and_leaves_what_there_was),
        cmocka_unit_test(what_is_no_progress_is_refused_and_put_aside),
        cmocka_unit_test(a_lock_that_is_held_is_said_in_the_end),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
