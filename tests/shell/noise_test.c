/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a line are refused or done, and nothing else happens: no crash, no hang. */
#include "shell/typing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 20000, LENGTH = 120, LINES_A_MACHINE = 2000 };

/* Pieces of the language, so that noise gets past the first word. */
static const char *const pieces[] = {
    "mint ",
    "recv ",
    "read ",
    "print ",
    "expect ",
    "new thread t",
    "new endpoint ep",
    "ep ",
    "as t",
    "as rootserver",
    "(",
    ")",
    "{",
    "}",
    ";",
    ",",
    "\"",
    "'",
    "&",
    "*",
    "/",
    "==",
    "=",
    "x",
    "if (",
    "else ",
    "seL4_CNode_Mint(",
    "seL4_Recv(ep, &b)",
    "seL4_SetMR(",
    "0x10000000",
    "010",
    "-1",
    "cspace",
    "cspace/",
    " badge ",
    " words ",
    "1,2,3",
    "message",
    "message.mr[",
    "]",
    "slot(",
    "queue(",
    ".state",
    "t.rax",
    "#",
    "//",
    "/*",
    "*/",
    "\n",
    "until ",
    "break ",
    "fault ",
    "once ",
    "never ",
    "times ",
    "slowly ",
    "step ",
    "undo ",
    "asm \"nop\"",
    "syscall rax=",
    "int ",
    "help ",
    "caps ",
    "lookup ",
    "memory ",
    "disassemble ",
    "registers ",
    "x ",
    "setmr ",
    "getmr ",
    "reply ",
    "length 127",
    "caps ep",
    "guard 5 bits 9",
    "delete ",
    "revoke ",
    "rotate ",
    "source /dev/null",
    "18446744073709551615",
    "?",
    ":",
    "writeregs t rip=",
    "tables vspace ",
    "map ",
    "\t",
    "\x01",
    "\xff\xc3",
    "goals",
    "reset",
    "next 3",
    "continue",
};

static uint64_t chance(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *seed >> 33;
}

static void compose(uint64_t *seed, char *line)
{
    line[0] = '\0';
    size_t parts = 1 + chance(seed) % 8;
    for (size_t i = 0; i < parts; i++) {
        char raw[4] = { (char)(1 + chance(seed) % 255), '\0' };
        bool piece = chance(seed) % 8 != 0;
        const char *more = piece ? pieces[chance(seed) % (sizeof pieces / sizeof pieces[0])] : raw;
        if (strlen(line) + strlen(more) < LENGTH) strcat(line, more);
    }
}

static void no_line_brings_the_shell_down(void **state)
{
    uint64_t seed = 1;
    char line[LENGTH + 1];
    for (unsigned i = 0; i < LINES; i++) {
        struct typist *t = *state;
        if (i % LINES_A_MACHINE == LINES_A_MACHINE - 1) {
            typist_stand_up(state);
            assert_int_equal(typist_sit_down(state), 0);
            t = *state;
        }
        session_limit(t->shell.session, 2000);
        compose(&seed, line);
        type(state, line);
        if (i % 64 == 0) hear(state);
        assert_null(kernel_check_invariants(session_world_at(t->shell.session)));
    }
}

static void every_beginning_of_a_good_line_is_taken_or_refused(void **state)
{
    static const char good[] = "{ seL4_Word b = (1 + \"x\") ? seL4_CNode_Mint(cspace, t_cspace/9, "
                               "64) : message.mr[0]; if (b) {} else {} }";
    char line[sizeof good];
    for (size_t n = 0; n < sizeof good; n++) {
        snprintf(line, n + 1, "%s", good);
        type(state, line);
        type(state, good + n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPED_TEST(no_line_brings_the_shell_down),
        TYPED_TEST(every_beginning_of_a_good_line_is_taken_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
