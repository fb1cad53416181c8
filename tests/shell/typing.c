/* SPDX-License-Identifier: BSD-2-Clause */
#include "shell/typing.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY = 64 << 20 };

int typist_sit_down(void **state)
{
    struct typist *t = calloc(1, sizeof *t);
    struct problem p;
    t->shell = (struct shell){ .width = 80, .top = "", .typed = true };
    t->shell.out = t->shell.err = open_memstream(&t->said, &t->size);
    t->shell.session = session_open(&kernel_config_default, MEMORY, &p);
    *state = t;
    return t->shell.session && session_boot_prompt(t->shell.session, &p) ? 0 : -1;
}

int typist_stand_up(void **state)
{
    struct typist *t = *state;
    session_close(t->shell.session);
    fclose(t->shell.out);
    free(t->said);
    free(t);
    return 0;
}

enum outcome type(void **state, const char *line)
{
    struct typist *t = *state;
    return shell_line(&t->shell, line);
}

const char *hear(void **state)
{
    struct typist *t = *state;
    fflush(t->shell.out);
    t->said[t->size] = '\0';
    rewind(t->shell.out);
    return t->said;
}

const char *say(void **state, const char *line)
{
    hear(state);
    enum outcome outcome = type(state, line);
    const char *said = hear(state);
    if (outcome != OUTCOME_DONE) fail_msg("`%s` ended with %d:\n%s", line, (int)outcome, said);
    return said;
}

const char *blunder(void **state, const char *line)
{
    hear(state);
    enum outcome outcome = type(state, line);
    const char *said = hear(state);
    if (outcome != OUTCOME_FAILED) fail_msg("`%s` ended with %d:\n%s", line, (int)outcome, said);
    return said;
}

void say_all(void **state, const char *lines)
{
    char line[LINE_SIZE];
    for (; *lines; lines += strcspn(lines, "\n") + 1) {
        snprintf(line, sizeof line, "%.*s", (int)strcspn(lines, "\n"), lines);
        say(state, line);
    }
}

uint64_t typist_hash(void **state)
{
    const struct typist *t = *state;
    return arena_hash(session_world_at(t->shell.session));
}

void typist_pair(void **state)
{
    say_all(state, "new endpoint fault_ep\n"
                   "new thread faulter\n"
                   "new thread handler\n"
                   "copy fault_ep handler_cspace/fault_ep\n"
                   "setspace faulter fault_ep 8\n"
                   "mint fault_ep faulter_cspace/8 badge 0xcafe\n");
}

void typist_fault(void **state)
{
    say(state, "as handler");
    say(state, "recv fault_ep");
    say(state, "as faulter");
    say(state, "read 0x10000000");
}
