/* SPDX-License-Identifier: BSD-2-Clause */
/* Whatever becomes of a recording is said clearly: cut off, edited, reported, its session killed.
 * FAULTLINE_KILLS=100 kills more sessions than the usual 20. */
#include "shell/recorded.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a text ends when it is done as a recording; the line at which, and what is said. */
static enum playback_end end_of(const char *text, size_t size, size_t *line, char said[240])
{
    const struct playback_options options = { .confined = true };
    struct problem p;
    struct playback *b = playback_open_bytes("test.fl", text, size, &options, &p);
    said[0] = '\0';
    if (!b) {
        snprintf(said, 240, "%s", p.text);
        return PLAYBACK_BROKEN;
    }
    enum playback_end end = playback_run(b);
    if (line) *line = b->line;
    if (end == PLAYBACK_AGREES && (b->is_cut || !b->is_whole)) snprintf(said, 240, "not whole");
    if (end != PLAYBACK_AGREES) snprintf(said, 240, "%s", b->problem.text);
    playback_close(b);
    return end;
}

/* A small recording in memory. */
static size_t record_small(void **state, char *text)
{
    char path[PATH_SIZE];
    record_to(state, in_folder("small.fl", path));
    type(state, "new endpoint ep");
    type(state, "threads");
    type(state, "mint ep x badge 5");
    stop_recording(state);
    return read_file(path, text);
}

static void a_recording_cut_off_anywhere_is_told_from_a_whole_one(void **state)
{
    char *text = malloc(TEXT_SIZE), said[240];
    size_t size = record_small(state, text);
    assert_int_equal(end_of(text, size, NULL, said), PLAYBACK_AGREES);
    assert_string_equal(said, "");
    for (size_t cut = 0; cut < size; cut++) {
        enum playback_end end = end_of(text, cut, NULL, said);
        if (end == PLAYBACK_DIFFERS || !said[0])
            fail_msg("cut off at %zu of %zu: %d %s", cut, size, (int)end, said);
    }
    free(text);
}

/* Replaces the first `from` in the text, of the same length, and tells how it ends. */
static enum playback_end edited(const char *text, const char *from, const char *to, size_t *line,
                                char said[240])
{
    char *copy = strdup(text), *at = strstr(copy, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    enum playback_end end = end_of(copy, strlen(copy), line, said);
    free(copy);
    return end;
}

static void an_edited_recording_differs_where_it_was_edited(void **state)
{
    char *text = malloc(TEXT_SIZE), said[240];
    size_t line = 0;
    record_small(state, text);
    assert_int_equal(edited(text, "badge 5", "badge 6", &line, said), PLAYBACK_DIFFERS);
    assert_int_equal(line, 13);
    assert_int_equal(edited(text, "new endpoint", "new nonsense", &line, said), PLAYBACK_DIFFERS);
    assert_int_equal(line, 9);
    assert_non_null(strstr(said, "failed"));
    assert_int_equal(edited(text, "threads", "goto @1", &line, said), PLAYBACK_DIFFERS);
    assert_int_equal(line, 11);
    assert_int_equal(edited(text, "#= @2 ", "#= @3 ", &line, said), PLAYBACK_DIFFERS);
    assert_int_equal(edited(text, "#= @2 ", "#= @x ", &line, said), PLAYBACK_BROKEN);
    assert_non_null(strstr(said, "no position"));
    assert_int_equal(edited(text, "#: format 1", "#: format 9", NULL, said), PLAYBACK_BROKEN);
    assert_non_null(strstr(said, "newer version"));
    assert_int_equal(edited(text, "#: kernel nonmcs", "#: kernel nosuch", NULL, said),
                     PLAYBACK_BROKEN);
    assert_int_equal(edited(text, "#: memory 64", "#: memory  9", NULL, said), PLAYBACK_BROKEN);
    assert_int_equal(edited(text, "#: format", "#  format", NULL, said), PLAYBACK_BROKEN);
    assert_non_null(strstr(said, "no recording"));
    free(text);
}

static void what_differs_is_named(void **state)
{
    char *text = malloc(TEXT_SIZE), *said = NULL;
    const struct playback_options options = { .confined = true };
    struct problem p;
    size_t size;
    record_small(state, text);
    memcpy(strstr(text, "badge 5"), "badge 6", 7);
    struct playback *b = playback_open_bytes("test.fl", text, strlen(text), &options, &p);
    assert_int_equal(playback_run(b), PLAYBACK_DIFFERS);
    FILE *out = open_memstream(&said, &size);
    playback_explain(b, out);
    fclose(out);
    assert_says(said, "test.fl:13:");
    assert_says(said, "mint ep x badge 6");
    assert_says(said, "recorded  @4");
    assert_says(said, "here      @4");
    assert_says(said, "what differs: ");
    assert_says(said, "memory");
    playback_close(b);
    free(said);
    free(text);
}

static void a_lecture_may_stand_between_the_lines(void **state)
{
    char *text = malloc(TEXT_SIZE), said[240], *lecture = calloc(1, TEXT_SIZE);
    record_small(state, text);
    char *at = strstr(text, "threads\n");
    snprintf(lecture, TEXT_SIZE, "%.*ssay look\npause\n\n# a remark\n%s", (int)(at - text), text,
             at);
    assert_int_equal(end_of(lecture, strlen(lecture), NULL, said), PLAYBACK_AGREES);
    free(lecture);
    free(text);
}

static void a_report_can_be_replayed(void **state)
{
    char path[PATH_SIZE], report[PATH_SIZE], command[3 * PATH_SIZE];
    record_to(state, in_folder("reported.fl", path));
    type(state, "new endpoint ep");
    type(state, "threads");
    stop_recording(state);
    snprintf(command, sizeof command, "%s report %s -o %s >/dev/null", PROGRAM, path,
             in_folder("report.txt", report));
    assert_int_equal(system(command), 0);
    agrees(report, 2);
}

/* ---- kill -9 ---- */

static void kill_one(const char *script, const char *path, useconds_t after)
{
    unlink(path);
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execl(PROGRAM, PROGRAM, "run", script, "--record", path, (char *)NULL);
        _exit(127);
    }
    usleep(after);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (access(path, F_OK) != 0) return; /* it had not begun */
    const struct playback_options options = { .confined = false };
    struct problem p;
    struct playback *b = playback_open(path, &options, &p);
    if (!b) return; /* the head was not whole yet */
    if (playback_run(b) != PLAYBACK_AGREES) {
        playback_explain(b, stderr);
        fail_msg("killed after %u us", (unsigned)after);
    }
    playback_close(b);
}

static void who_is_killed_loses_at_most_the_present_line(void **state)
{
    (void)state;
    char script[PATH_SIZE], path[PATH_SIZE];
    const char *wanted = getenv("FAULTLINE_KILLS");
    unsigned kills = wanted ? (unsigned)strtoul(wanted, NULL, 10) : 20;
    FILE *out = fopen(in_folder("long.fl", script), "w");
    for (unsigned i = 0; i < 300; i++)
        fprintf(out, "new endpoint ep%u\nstep\nundo\nnew thread t%u\nundo\nthreads\n", i, i);
    fclose(out);
    in_folder("killed.fl", path);
    srand(1);
    for (unsigned i = 0; i < kills; i++) kill_one(script, path, (useconds_t)(rand() % 120000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(a_recording_cut_off_anywhere_is_told_from_a_whole_one),
        TYPED_TEST(an_edited_recording_differs_where_it_was_edited),
        TYPED_TEST(what_differs_is_named),
        TYPED_TEST(a_lecture_may_stand_between_the_lines),
        TYPED_TEST(a_report_can_be_replayed),
        cmocka_unit_test(who_is_killed_loses_at_most_the_present_line),
    };
    return cmocka_run_group_tests(tests, recorded_begin, recorded_end);
}
