/* SPDX-License-Identifier: BSD-2-Clause */
/* A shell without a terminal: lines are typed by the test, what is said is text. */
#ifndef FAULTLINE_TESTS_SHELL_TYPING_H
#define FAULTLINE_TESTS_SHELL_TYPING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "shell/commands.h"

struct typist {
    struct shell shell;
    char *said; /* since typist_hear() */
    size_t size;
};

/* For cmocka: *state is a struct typist at the prompt of a machine that has just booted. */
int typist_sit_down(void **state);
int typist_stand_up(void **state);

/* Types a line and returns how it ended. */
enum outcome type(void **state, const char *line);
/* What has been said since the last call, errors included. */
const char *hear(void **state);
/* Types a line that must go well; what it said. */
const char *say(void **state, const char *line);
/* The same of several lines, each with its line end. */
void say_all(void **state, const char *lines);
/* Types a line that must be refused; what it said. */
const char *blunder(void **state, const char *line);

/* Of the machine and all that lies in it. */
uint64_t typist_hash(void **state);

/* handler can receive at fault_ep, where faulter's faults come with badge 0xcafe; and the first of them does. */
void typist_pair(void **state);
void typist_fault(void **state);

#define assert_said(state, line, text) assert_string_equal(say(state, line), text)
#define assert_says(text, part)                                                                    \
    do {                                                                                           \
        const char *heard = (text);                                                                \
        if (!strstr(heard, part)) fail_msg("\"%s\" is not in:\n%s", part, heard);                  \
    } while (0)

#define TYPED_TEST(test) cmocka_unit_test_setup_teardown(test, typist_sit_down, typist_stand_up)

#endif
