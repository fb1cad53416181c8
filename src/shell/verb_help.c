/* SPDX-License-Identifier: BSD-2-Clause */
/* Help, from the command table: ten words first, the next circle on demand. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"

enum { COLUMN = 13, WIDTH = 78 };

/* clang-format off */
static const struct {
    const char *word, *text;
} topics[] = {
    { "expressions",
      "  10  0x1f  0b101  'a'  -1      numbers; 010 is refused: C means 8\n"
      "  + - * / %  << >>  & | ^ ~  == != < <= > >=  && || !  ?:   as in C, 64 bits\n"
      "  a libsel4 constant, a slot's name (its CPtr), CNODE/NAME, a variable, a symbol\n"
      "  X.state .rip .rax .prio .fault_ep  of a thread; states are text: \"blocked on recv\"\n"
      "  message.label .length .badge .mr[I] .FIELD      the message that arrived last\n"
      "  error    called           of the last invocation: seL4_NoError, \"CNode_Copy\"\n"
      "  queue(SLOT)               how many wait\n"
      "  slot(SLOT).type .badge .rights .object\n"
      "  slot(CNODE).bits .guard .guard_bits                  of a CNode's capability\n"
      "  invariants    the rules of the kernel's state: \"hold\"\n"
      "  As an argument an expression has no blanks, or stands in ( ).\n" },
    { "events",
      "  fault [cap | vm | unknown | user | debug | timeout]    double-fault    ipc\n"
      "  state    switch    error [NAME]    call METHOD\n"
      "  each with [thread X] [receiver X] [endpoint X] [badge N]\n"
      "  The same words stand in break, until, expect and goals. In expect and goals\n"
      "  also: printed \"TEXT\", what programs have printed since boot.\n" },
    { "messages",
      "  [label N] [length N] [caps SLOT,…] [words W,…]\n"
      "  words set MR0, MR1, … and are counted for the length. With `length N` alone the\n"
      "  words are what the registers and the buffer hold now. Nothing at all: label 0,\n"
      "  length 0. A message has at most 120 words and 3 capabilities.\n" },
    { "slots",
      "  NAME            a slot of this seat's CSpace      NUMBER    a CPtr\n"
      "  CNODE/NAME      a slot of the CNode behind CNODE  CNODE/NUMBER\n"
      "  A new NAME as destination takes the first empty slot. cspace, vspace and tcb\n"
      "  are the seat's own. A name belongs to the slot, not to what lies in it.\n" },
};
/* clang-format on */

/* One command in a list: name and line, cut where the terminal ends. */
static void list_command(const struct shell *sh, const struct command *c)
{
    if (sh->plain)
        fprintf(sh->out, "%s: %s\n", c->name, c->line);
    else
        shell_say(sh, "  %-*s %.*s", COLUMN, c->name, WIDTH - COLUMN - 3, c->line);
}

static void list_circle(const struct shell *sh, unsigned circle)
{
    for (size_t i = 0; i < command_count; i++)
        if (command_table[i].circle == circle) list_command(sh, &command_table[i]);
}

/* Names of a circle in rows. */
static void name_circle(FILE *out, unsigned circle)
{
    size_t pen = 0;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        if (c->circle != circle) continue;
        size_t n = strlen(c->name);
        if (pen + n + 2 > WIDTH) {
            fputc('\n', out);
            pen = 0;
        }
        fprintf(out, "  %s", c->name);
        pen += n + 2;
    }
    fputc('\n', out);
}

/* A paragraph behind two blanks. */
static void wrap(FILE *out, const char *text)
{
    size_t pen = 0;
    fputs("  ", out);
    while (*text) {
        size_t n = strcspn(text, " ");
        bool fits = pen + 1 + n <= WIDTH - 2;
        fprintf(out, "%s%.*s", pen == 0 ? "" : fits ? " " : "\n  ", (int)n, text);
        pen = pen && fits ? pen + 1 + n : n;
        text += n + strspn(text + n, " ");
    }
    fputc('\n', out);
}

static void help_command(FILE *out, const struct command *c)
{
    fprintf(out, "  %s %s\n", c->name, c->arguments);
    wrap(out, c->line);
    wrap(out, c->help);
    if (*c->aliases) fprintf(out, "  also: %s\n", c->aliases);
}

static void topic_show(const struct shell *sh, const char *text)
{
    if (!sh->plain) fputs(text, sh->out);
    while (sh->plain && *text) {
        size_t n = strcspn(text, "\n"), blanks = strspn(text, " ");
        columns_say(sh->out, text + blanks, n - blanks);
        text += n + (text[n] == '\n');
    }
}

static bool help_topic(const struct shell *sh, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; n > 2 && i < sizeof topics / sizeof topics[0]; i++) {
        if (strncmp(topics[i].word, word, n) != 0) continue;
        topic_show(sh, topics[i].text);
        return true;
    }
    return false;
}

enum outcome verb_help(struct shell *sh, struct args *a)
{
    const char *word = arg_more(a) ? a->word[a->at++] : "";
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (!*word) {
        list_circle(sh, 1);
        topic_show(sh, "  More: help more, help all, help WORD.   hint  goals  task  undo  reset"
                       "  quit\n");
    } else if (strcmp(word, "more") == 0) {
        list_circle(sh, 2);
        topic_show(sh,
                   "  The rest: help all.   What stands in arguments: help expressions, events,\n"
                   "  messages, slots. Any call of libsel4 can be typed as in C.\n");
    } else if (strcmp(word, "all") == 0) {
        for (unsigned circle = 1; circle <= 3; circle++) name_circle(sh->out, circle);
        shell_say(sh, "  help WORD says more.");
    } else if (strcmp(word, "message") == 0 || !help_topic(sh, word)) {
        const struct command *c = command_find(word, true, &a->problem);
        if (!c) return OUTCOME_FAILED;
        help_command(sh->out, c);
    }
    return OUTCOME_DONE;
}

/* strstr without regard to case. */
static bool speaks_of(const char *text, const char *word)
{
    for (; *text; text++) {
        size_t i = 0;
        while (word[i] && tolower((unsigned char)text[i]) == tolower((unsigned char)word[i])) i++;
        if (!word[i]) return true;
    }
    return false;
}

enum outcome verb_apropos(struct shell *sh, struct args *a)
{
    const char *word;
    bool found = false;
    if (!arg_text(a, "a word", &word) || !arg_end(a)) return OUTCOME_FAILED;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        if (!speaks_of(c->name, word) && !speaks_of(c->line, word) && !speaks_of(c->help, word))
            continue;
        list_command(sh, c);
        found = true;
    }
    if (found) return OUTCOME_DONE;
    problem_set(&a->problem, "`help all` lists every command", "no command speaks of `%.40s`",
                word);
    return OUTCOME_FAILED;
}

enum outcome verb_screen(struct shell *sh, struct args *a)
{
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (sh->host.open_screen) return sh->host.open_screen(sh);
    problem_set(&a->problem, "`faultline --screen` at a terminal; `q` leaves a screen that is open",
                "there is no screen to go to here");
    return OUTCOME_FAILED;
}

/* layout ipc | code | caps | lesson: the screen takes it from there. */
enum outcome verb_layout(struct shell *sh, struct args *a)
{
    static const char *const words[] = { "ipc", "code", "caps", "lesson" };
    const char *name;
    if (!arg_text(a, "ipc, code, caps or lesson", &name) || !arg_end(a)) return OUTCOME_FAILED;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], name) == 0) snprintf(sh->layout, sizeof sh->layout, "%s", words[i]);
    if (!sh->layout[0]) {
        problem_set(&a->problem, "layout ipc, layout code, layout caps, layout lesson",
                    "there is no layout `%.40s`", name);
        return OUTCOME_FAILED;
    }
    if (sh->on_screen) return OUTCOME_DONE;
    if (sh->host.open_screen) return sh->host.open_screen(sh);
    sh->layout[0] = '\0';
    problem_set(&a->problem, "`faultline --screen` at a terminal", "there is no screen here");
    return OUTCOME_FAILED;
}
