/* SPDX-License-Identifier: BSD-2-Clause */
/* Options may stand before the verb or behind it, and --plain reaches all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "front/front.h"

/* The words of a line, as main() gets them; joined again behind verb_first(). */
static void put_first(const char *line, char out[256])
{
    char copy[256], *word[32] = { "faultline" }, *state;
    int count = 1;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *at = strtok_r(copy, " ", &state); at; at = strtok_r(NULL, " ", &state))
        word[count++] = at;
    verb_first(count, word);
    out[0] = '\0';
    for (int i = 1; i < count; i++) sprintf(out + strlen(out), "%s%s", i > 1 ? " " : "", word[i]);
}

static void a_verb_goes_in_front_of_options_and_their_values(void **state)
{
    static const char *const lines[][2] = {
        { "--lang de lesson 2", "lesson 2 --lang de" },
        { "--lang=de lesson 2", "lesson 2 --lang=de" },
        { "--plain lesson", "lesson --plain" },
        { "--variant ada lesson --answers print 1-8", "lesson print --variant ada --answers 1-8" },
        { "--format csv -j 2 grade 1 x.fl", "grade --format csv -j 2 1 x.fl" },
        { "--seed 3 quiz", "quiz --seed 3" },
        { "lesson 2 --lang de", "lesson 2 --lang de" },
        /* No verb, or none where a value stands. */
        { "--keys lesson --dump-screen", "--keys lesson --dump-screen" },
        { "--record run", "--record run" },
        { "--plain", "--plain" },
        { "script.fl --plain", "script.fl --plain" },
        { "- lesson", "- lesson" },
        { "", "" },
    };
    char out[256];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        put_first(lines[i][0], out);
        assert_string_equal(out, lines[i][1]);
    }
}

/* Every option that some source reads with a value is one before a verb, too. */
static void all_options_with_values_are_known(void **state)
{
    char option[100], line[200], out[256], expected[256];
    unsigned count = 0;
    (void)state;
    FILE *in = popen("grep -rhoE '(option_value|value_of)\\(.*\"-[a-z-]+\"' src | "
                     "grep -oE '\"-[a-z-]+\"$' | tr -d '\"' | sort -u",
                     "r");
    assert_non_null(in);
    while (fscanf(in, "%99s", option) == 1) {
        snprintf(line, sizeof line, "%s run lesson 2", option);
        snprintf(expected, sizeof expected, "lesson 2 %s run", option);
        put_first(line, out);
        assert_string_equal(out, expected);
        count++;
    }
    assert_int_equal(pclose(in), 0);
    assert_true(count > 20);
}

/* The status of the program, and whether it says so. */
static void expect(const char *words, int status, const char *said)
{
    char command[512];
    snprintf(command, sizeof command,
             "r=$(" FAULTLINE_BUILD "/faultline %s </dev/null 2>&1); s=$?; "
             "case \"$r\" in *'%s'*) exit $s;; esac; echo \"$r\" >&2; exit 99",
             words, said);
    int got = system(command);
    if (got != status << 8) fail_msg("%s: %d", words, got >> 8);
}

static void options_are_read_wherever_they_stand(void **state)
{
    (void)state;
    expect("--lang de lesson 2", 0, "Ein Capability-Fault");
    expect("--lang de lesson print 2", 0, "Ein Capability-Fault");
    expect("--seed 3 --count 1 quiz", 0, "Quiz of seed 3");
    expect("--max-steps 5 run /dev/null", 0, "");
    expect("--frob lesson 1", 2, "what is --frob");
    expect("--format nonsense grade 1 x.fl", 2, "there is no format nonsense");
}

static void plain_reaches_every_verb(void **state)
{
    (void)state;
    expect("--plain lesson", 0, "Lesson 2: A capability fault, 15 min");
    expect("--plain lesson 1", 0, "Time: about 10 minutes");
    expect("quiz --plain --count 1", 0, "Quiz of seed 1");
    expect("report --plain --help", 0, "one text for a bug report");
    expect("lesson print --plain 1", 0, "Your first fault");
    expect("--plain grade 1 lessons/01-first-fault/solution.fl", 0, "solution: 8 of 8");
}

static void a_replay_for_who_listens_says_it_as_the_session_did(void **state)
{
    (void)state;
    static const char show[] =
        "echo registers | " FAULTLINE_BUILD "/faultline lesson 1 --plain "
        "--record $f >$f.said; " FAULTLINE_BUILD "/faultline replay --plain $f >$f.again; ";
    char command[1024];
    snprintf(command, sizeof command,
             "f=$(mktemp -u); %s grep -q '^rip: ' $f.said && grep '^r[a-z0-9]*: ' $f.said >$f.a && "
             "grep '^r[a-z0-9]*: ' $f.again >$f.b && cmp $f.a $f.b; s=$?; rm -f $f $f.*; exit $s",
             show);
    assert_int_equal(system(command), 0);
}

/* A disk may be full; who stops reading a pipe has what was wanted. */
static void what_could_not_be_written_is_no_success(void **state)
{
    static const char *const lines[] = { "lesson print 1", "--print-commands", "quiz --count 1" };
    char command[300];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        snprintf(command, sizeof command,
                 "[ ! -c /dev/full ] || { ! " FAULTLINE_BUILD "/faultline %s >/dev/full 2>&1; }",
                 lines[i]);
        assert_int_equal(system(command), 0);
        snprintf(command, sizeof command,
                 FAULTLINE_BUILD "/faultline %s 2>&1 | { read line; } && " FAULTLINE_BUILD
                                 "/faultline %s >&-",
                 lines[i], lines[i]);
        assert_int_equal(system(command), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verb_goes_in_front_of_options_and_their_values),
        cmocka_unit_test(all_options_with_values_are_known),
        cmocka_unit_test(options_are_read_wherever_they_stand),
        cmocka_unit_test(plain_reaches_every_verb),
        cmocka_unit_test(what_could_not_be_written_is_no_success),
        cmocka_unit_test(a_replay_for_who_listens_says_it_as_the_session_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
