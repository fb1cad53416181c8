/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings: written as it happens, done again with equal states; which files they keep. */
#include "shell/recorded.h"

#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- What is recorded ---- */

static void a_recording_of_every_solution_agrees(void **state)
{
    (void)state;
    char path[PATH_SIZE], command[2 * PATH_SIZE];
    glob_t found;
    unsigned lines = 0;
    size_t bytes = 0;
    char *text = malloc(TEXT_SIZE);
    in_folder("solution.fl", path);
    assert_int_equal(glob("lessons/*/solution.fl", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        unlink(path);
        snprintf(command, sizeof command, "%s run %s --record %s >/dev/null", PROGRAM,
                 found.gl_pathv[i], path);
        if (system(command) != 0) fail_msg("%s", command);
        struct playback *b = played(path);
        if (b->end != PLAYBACK_AGREES) playback_explain(b, stderr);
        assert_int_equal(b->end, PLAYBACK_AGREES);
        assert_true(b->run.done);
        lines += b->count;
        bytes += read_file(path, text);
        playback_close(b);
    }
    globfree(&found);
    free(text);
    /* An hour of somebody who types a line every second. */
    assert_true(bytes / lines * 3600 < 1 << 20);
}

/* On the screen, by keys, as a person does: the first reply is typed before the question is answered. */
static void what_a_question_held_back_is_held_back_again(void **state)
{
    (void)state;
    char path[PATH_SIZE], keys[PATH_SIZE], command[4 * PATH_SIZE], *text = malloc(TEXT_SIZE);
    write_file(in_folder("guess.keys", keys),
               ":mint fault_ep faulter_cspace/fault badge 1<Enter>as handler<Enter>"
               "recv fault_ep<Enter>as faulter<Enter>read 0x10000000<Enter>"
               "as handler<Enter>reply<Enter>answer no<Enter>reply<Enter>");
    snprintf(command, sizeof command,
             "%s --screen lesson 1 --keys %s --dump-screen --record %s >/dev/null", PROGRAM, keys,
             in_folder("guess.fl", path));
    assert_int_equal(system(command), 0);
    read_file(path, text);
    assert_non_null(strstr(text, "\nreply\n#= failed\nanswer no\n"));
    free(text);
    agrees(path, 9);
}

static void a_question_by_chance_is_the_same_when_it_is_played(void **state)
{
    struct typist *t = *state;
    char path[PATH_SIZE], *text = malloc(TEXT_SIZE);
    t->shell.started = 1234567;
    record_to(state, in_folder("quiz.fl", path));
    assert_non_null(strstr(say(state, "quiz fault"), "Question 1 of seed 234567"));
    assert_non_null(strstr(say(state, "quiz"), "Question 2 of seed 234567"));
    stop_recording(state);
    read_file(path, text);
    assert_non_null(strstr(text, "\nquiz fault seed 234567\n"));
    assert_non_null(strstr(text, "\nquiz\n"));
    free(text);
    agrees(path, 2);
}

static void names_of_commands_are_written_out(void **state)
{
    char path[PATH_SIZE], *text = malloc(TEXT_SIZE);
    record_to(state, in_folder("names.fl", path));
    type(state, "thr");
    type(state, "quietly thr");
    type(state, "s");
    type(state, "echo hello # a remark");
    type(state, "print (1 +\n2)");
    type(state, "#= @0 nonsense");
    stop_recording(state);
    read_file(path, text);
    assert_non_null(strstr(text, "\nthreads\n"));
    assert_non_null(strstr(text, "\nquietly threads\n"));
    assert_non_null(strstr(text, "\nstep\n"));
    assert_non_null(strstr(text, "\nsay hello # a remark\n"));
    assert_non_null(strstr(text, "\nprint (1 +\n2)\n"));
    assert_non_null(strstr(text, "\n# = @0 nonsense\n"));
    free(text);
    agrees(path, 5);
}

static void ways_through_time_are_done_again(void **state)
{
    char path[PATH_SIZE];
    static const char *const lines[] = {
        "new endpoint ep",
        "new thread t",
        "as t",
        "read 0x10000000",
        "back 2",
        "goto @3",
        "goto now",
        "undo",
        "new notification n",
        "branches",
        "goto start",
        "slowly step",
        "step",
        "back",
        "goto now",
        "branch main",
        "as rootserver",
        "new endpoint other",
        "reset",
        "reset",
        "nonsense",
        "mint ep x badge",
        "new thread u",
        "undo 2",
        "compare main x",
    };
    record_to(state, in_folder("time.fl", path));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) type(state, lines[i]);
    stop_recording(state);
    agrees(path, sizeof lines / sizeof *lines);
}

static volatile sig_atomic_t pressed;

static void press(int number)
{
    (void)number;
    pressed = 1;
}

/* Types a line and presses Ctrl-C some time later. */
static void type_and_interrupt(void **state, const char *line, unsigned ms)
{
    struct typist *t = *state;
    struct sigaction action = { .sa_handler = press };
    struct itimerval later = { .it_value = { .tv_usec = (suseconds_t)ms * 1000 } };
    sigaction(SIGALRM, &action, NULL);
    pressed = 0;
    t->shell.host.interrupt = &pressed;
    session_interrupt_flag(t->shell.session, &pressed);
    setitimer(ITIMER_REAL, &later, NULL);
    enum outcome outcome = type(state, line);
    setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
    pressed = 0;
    if (outcome != OUTCOME_INTERRUPTED && outcome != OUTCOME_FAILED) fail_msg("%s", hear(state));
}

static void an_interrupted_run_stops_at_the_same_step(void **state)
{
    char path[PATH_SIZE], script[PATH_SIZE], line[2 * PATH_SIZE];
    record_to(state, in_folder("interrupted.fl", path));
    write_file(in_folder("spin.fl", script), "continue\nsay never\n");
    snprintf(line, sizeof line, "source \"%s\"", script);
    type(state, "new thread spin");
    type(state, "as spin");
    type_and_interrupt(state, "asm \"jmp 0x7ff000\"", 5);
    type_and_interrupt(state, "continue", 7);
    type_and_interrupt(state, "step 1000000000", 3);
    type_and_interrupt(state, line, 5);
    type(state, "back 2");
    type_and_interrupt(state, "reverse-continue spin.rax == 77", 20);
    type(state, "goto now");
    stop_recording(state);
    agrees(path, 9);
}

static void an_interrupted_way_ends_at_the_same_position(void **state)
{
    char path[PATH_SIZE], script[PATH_SIZE], line[2 * PATH_SIZE];
    record_to(state, in_folder("way.fl", path));
    write_file(in_folder("way-back.fl", script),
               "new endpoint ep\nas spin\nreverse-continue spin.rax == 77\nsay never\n");
    snprintf(line, sizeof line, "source \"%s\"", script);
    type(state, "new thread spin");
    type(state, "as spin");
    type_and_interrupt(state, "asm \"jmp 0x7ff000\"", 5);
    type_and_interrupt(state, "reverse-continue spin.rax == 77", 10);
    type(state, "goto now");
    type(state, "as rootserver");
    type_and_interrupt(state, line, 20);
    type(state, "branches");
    type(state, "goto now");
    type_and_interrupt(state, "source \"/no/such/file\"", 1);
    stop_recording(state);
    agrees(path, 10);
}

/* ---- The user's own ---- */

static unsigned count_files(const char *pattern)
{
    char path[PATH_SIZE];
    glob_t found;
    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    unsigned count = glob(path, 0, NULL, &found) == 0 ? (unsigned)found.gl_pathc : 0;
    if (count) globfree(&found);
    return count;
}

static void the_newest_recordings_are_kept(void **state)
{
    struct typist *t = *state;
    struct problem p;
    char path[PATH_SIZE], name[64];
    struct recorder *first = record_open_own("01-first", &p);
    if (!first) fail_msg("%s", p.text);
    for (unsigned i = 0; i < 250; i++) {
        snprintf(name, sizeof name, "faultline/sessions/19990101-%06u.fl", i);
        write_file(in_folder(name, path), "old\n");
    }
    write_file(in_folder("faultline/sessions/mine.fl", path), "mine\n");
    struct recorder *second = record_open_own("", &p);
    assert_non_null(second);
    assert_int_equal(count_files("faultline/sessions/*-*.fl"),
                     200 + 1); /* the first is a lesson's */
    assert_int_equal(count_files("faultline/sessions/mine.fl"), 1);
    assert_int_equal(access(in_folder("faultline/sessions/19990101-000010.fl", path), F_OK), -1);
    record_close(first, true);
    recording_begin(&t->shell, second, &(struct record_head){ 0 });
    type(state, "new endpoint ep");
    stop_recording(state);
    assert_true(record_newest_own(path, sizeof path));
    agrees(path, 1);
}

static void a_file_that_was_changed_since_is_read_as_it_was(void **state)
{
    struct typist *t = *state;
    struct problem p;
    char path[PATH_SIZE], script[PATH_SIZE], line[2 * PATH_SIZE];
    write_file(in_folder("changed.fl", script), "new endpoint ep\n");
    recording_begin(&t->shell, record_open_own("", &p), &(struct record_head){ 0 });
    snprintf(line, sizeof line, "source \"%s\"", script);
    type(state, line);
    stop_recording(state);
    write_file(script, "new notification ep\n");
    assert_true(record_newest_own(path, sizeof path));
    agrees(path, 1);
}

/* ---- Files ---- */

static void another_file_than_the_recorded_one_is_refused(void **state)
{
    char path[PATH_SIZE], script[PATH_SIZE], line[2 * PATH_SIZE];
    record_to(state, in_folder("file.fl", path));
    write_file(in_folder("other.fl", script), "new endpoint kept_nowhere\n");
    snprintf(line, sizeof line, "source \"%s\"", script);
    type(state, line);
    stop_recording(state);
    agrees(path, 1);
    write_file(script, "new notification ep\n");
    struct playback *b = played(path);
    assert_int_equal(b->end, PLAYBACK_DIFFERS);
    playback_close(b);
}

static void a_file_is_found_by_its_hash(void **state)
{
    char path[PATH_SIZE], script[PATH_SIZE], line[2 * PATH_SIZE], sha256[SHA256_TEXT];
    const struct playback_options options = { .files = folder, .confined = true };
    struct problem p;
    record_to(state, in_folder("hash.fl", path));
    write_file(in_folder("gone.fl", script), "new endpoint ep\n");
    assert_true(sha256_file(script, sha256));
    snprintf(line, sizeof line, "source \"%s\"", script);
    type(state, line);
    stop_recording(state);
    assert_int_equal(rename(script, in_folder(sha256, line)), 0);
    struct playback *b = playback_open(path, &options, &p);
    assert_non_null(b);
    assert_int_equal(playback_run(b), PLAYBACK_AGREES);
    assert_int_equal(b->count, 1);
    playback_close(b);
}

static void a_line_that_the_host_refused_is_done_again(void **state)
{
    char path[PATH_SIZE];
    const struct playback_options options = { .files = folder, .confined = true };
    struct problem p;
    record_to(state, in_folder("refused.fl", path));
    blunder(state, "save /nowhere/machine.fls");
    blunder(state, "draw threads -o /nowhere/threads.svg");
    say(state, "new endpoint ep");
    stop_recording(state);
    struct playback *b = playback_open(path, &options, &p);
    assert_non_null(b);
    assert_int_equal(playback_run(b), PLAYBACK_AGREES);
    playback_close(b);
}

static void a_full_disk_is_said_once(void **state)
{
    struct typist *t = *state;
    struct problem p;
    struct recorder *r = record_open("/dev/full", &p);
    if (!r) skip();
    recording_begin(&t->shell, r, &(struct record_head){ 0 });
    assert_says(hear(state), "No space left");
    assert_null(strstr(say(state, "new endpoint ep"), "recorded"));
    assert_null(strstr(say(state, "threads"), "recorded"));
    stop_recording(state);
}

static void what_lies_in_a_file_stays(void **state)
{
    (void)state;
    char path[PATH_SIZE], *text = malloc(TEXT_SIZE);
    struct problem p;
    write_file(in_folder("mine.fl", path), "mine\n");
    assert_null(record_open(path, &p));
    assert_non_null(strstr(p.text, "there is something in that file"));
    read_file(path, text);
    assert_string_equal(text, "mine\n");
    free(text);
    assert_null(record_open(folder, &p));
    assert_null(record_open("/no/such/folder/x.fl", &p));
    assert_true(p.tip[0]);
}

static void two_sessions_do_not_share_a_recording(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    struct problem p;
    in_folder("shared.fl", path);
    struct recorder *one = record_open(path, &p);
    assert_non_null(one);
    assert_null(record_open(path, &p));
    assert_non_null(strstr(p.text, "another session is recorded in it"));
    record_close(one, true);
    assert_int_not_equal(access(path, F_OK), 0); /* nothing was typed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_of_every_solution_agrees),
        cmocka_unit_test(what_a_question_held_back_is_held_back_again),
        TYPED_TEST(a_question_by_chance_is_the_same_when_it_is_played),
        TYPED_TEST(names_of_commands_are_written_out),
        TYPED_TEST(ways_through_time_are_done_again),
        TYPED_TEST(an_interrupted_run_stops_at_the_same_step),
        TYPED_TEST(an_interrupted_way_ends_at_the_same_position),
        TYPED_TEST(the_newest_recordings_are_kept),
        TYPED_TEST(a_file_that_was_changed_since_is_read_as_it_was),
        TYPED_TEST(another_file_than_the_recorded_one_is_refused),
        TYPED_TEST(a_file_is_found_by_its_hash),
        TYPED_TEST(a_line_that_the_host_refused_is_done_again),
        TYPED_TEST(a_full_disk_is_said_once),
        cmocka_unit_test(what_lies_in_a_file_stays),
        cmocka_unit_test(two_sessions_do_not_share_a_recording),
    };
    return cmocka_run_group_tests(tests, recorded_begin, recorded_end);
}
