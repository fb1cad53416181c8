/* SPDX-License-Identifier: BSD-2-Clause */
/* What `faultline --help` names is in the manual page, and the completions find it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAULTLINE FAULTLINE_BUILD "/faultline"

enum { TEXT_MAX = 1 << 17 };

static void read_all(FILE *in, char *text)
{
    assert_non_null(in);
    text[fread(text, 1, TEXT_MAX - 1, in)] = '\0';
}

static void help_of(const char *command, char *text)
{
    char line[600];
    snprintf(line, sizeof line, FAULTLINE " %s --help", command);
    FILE *in = popen(line, "r");
    read_all(in, text);
    assert_int_equal(pclose(in), 0);
}

/* The manual page without its escapes, fonts and blanks between words of one line. */
static void manual(char *text)
{
    FILE *in = fopen("docs/faultline.1", "r");
    char *to = text;
    read_all(in, text);
    fclose(in);
    for (const char *at = text; *at; at++) {
        if (*at == '"') continue;
        if (*at == '\\' && at[1] == 'f' && at[2]) {
            at += 2;
        } else if (*at == '\\' && at[1] == '-') {
            continue;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
}

/* The next "--option" at or behind `at`; its length; NULL: none. */
static const char *next_option(const char *at, size_t *length)
{
    while ((at = strstr(at, "--"))) {
        *length = 2 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz0123456789-");
        if (*length > 2) return at;
        at += 2;
    }
    return NULL;
}

static bool holds_word(const char *text, const char *word, size_t length)
{
    for (const char *at = text; (at = strstr(at, "--")); at += 2)
        if (strncmp(at, word, length) == 0 && !isalnum((unsigned char)at[length]) &&
            at[length] != '-')
            return true;
    return false;
}

static void every_option_of_the_help_is_in_the_manual(void **state)
{
    static char help[TEXT_MAX], page[TEXT_MAX];
    static const char *const commands[] = { "", "grade", "replay", "quiz", "report", "lesson" };
    size_t length;
    (void)state;
    manual(page);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        help_of(commands[i], help);
        assert_int_not_equal(help[0], '\0');
        for (const char *at = help; (at = next_option(at, &length)); at += length)
            if (!holds_word(page, at, length))
                fail_msg("%s %.*s is not there", commands[i], (int)length, at);
    }
}

static void every_command_of_the_help_is_in_the_manual(void **state)
{
    static char help[TEXT_MAX], page[TEXT_MAX];
    unsigned commands = 0;
    (void)state;
    help_of("", help);
    manual(page);
    for (const char *at = help; (at = strstr(at, "\n  faultline ")); commands++) {
        at += strlen("\n  faultline ");
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
        char word[32];
        if (*at == '-' || length == 0) continue;
        snprintf(word, sizeof word, "%.*s ", (int)length, at);
        word[length] = '\0';
        if (!strstr(page, word)) fail_msg("%s is not there", word);
    }
    assert_in_range(commands, 10, 60);
}

/* What bash would offer for the words so far, a line each. */
static void complete_in_bash(const char *words, unsigned at, char *text)
{
    char command[600];
    snprintf(command, sizeof command,
             "PATH=" FAULTLINE_BUILD ":$PATH bash -c 'compopt() { :; }; "
             ". scripts/completion/faultline.bash; COMP_WORDS=(%s); COMP_CWORD=%u; _faultline; "
             "printf \"%%s\\n\" \"${COMPREPLY[@]}\"'",
             words, at);
    FILE *in = popen(command, "r");
    read_all(in, text);
    assert_int_equal(pclose(in), 0);
}

static void bash_completes_commands_and_options(void **state)
{
    static const char *const commands[] = { "lesson", "quiz",   "grade", "hand-in", "run",
                                            "replay", "report", "boot",  "cc" };
    static const char *const options[] = { "--record",  "--no-record", "--plain", "--color",
                                           "--history", "--screen",    "--events" };
    static char text[TEXT_MAX];
    char line[64];
    (void)state;
    if (system("command -v bash >/dev/null 2>&1") != 0) skip();
    complete_in_bash("faultline \"\"", 1, text);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        snprintf(line, sizeof line, "%s\n", commands[i]);
        if (!strstr(text, line)) fail_msg("%s is not among:\n%s", commands[i], text);
    }
    complete_in_bash("faultline run --", 2, text);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (!strstr(text, options[i])) fail_msg("%s is not among:\n%s", options[i], text);
    complete_in_bash("faultline lesson ex", 2, text);
    assert_string_equal(text, "export\n");
    complete_in_bash("faultline grade --fee", 2, text);
    assert_string_equal(text, "--feedback\n");
    complete_in_bash("faultline quiz --ki", 2, text);
    assert_string_equal(text, "--kind\n");
    complete_in_bash("faultline replay --ver", 2, text);
    assert_string_equal(text, "--verify\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_of_the_help_is_in_the_manual),
        cmocka_unit_test(every_command_of_the_help_is_in_the_manual),
        cmocka_unit_test(bash_completes_commands_and_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
