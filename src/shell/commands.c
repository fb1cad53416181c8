/* SPDX-License-Identifier: BSD-2-Clause */
/* The command table: finding a command by what was typed, and docs/commands.md. */
#include "shell/commands.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct command command_table[] = {
#define COMMAND(name, aliases, arguments, circle, flags, handler, line, help)                      \
    { name, aliases, arguments, circle, flags, handler, line, help },
#include "shell/commands.def"
#undef COMMAND
};
const size_t command_count = sizeof command_table / sizeof command_table[0];

/* Whether `word` is one of the words in `list`. */
static bool is_among(const char *list, const char *word)
{
    size_t n = strlen(word);
    while (*list) {
        size_t m = strcspn(list, " ");
        if (m == n && strncmp(list, word, n) == 0) return true;
        list += m + strspn(list + m, " ");
    }
    return false;
}

static const struct command *find_exact(const char *word)
{
    for (size_t i = 0; *word && i < command_count; i++)
        if (strcmp(command_table[i].name, word) == 0 || is_among(command_table[i].aliases, word))
            return &command_table[i];
    return NULL;
}

/* How many commands begin with `word`; their names in `list`. */
static unsigned find_prefix(const char *word, const struct command **found, char *list, size_t size)
{
    unsigned count = 0;
    list[0] = '\0';
    for (size_t i = 0; *word && i < command_count; i++) {
        if (strncmp(command_table[i].name, word, strlen(word)) != 0) continue;
        *found = &command_table[i];
        size_t used = strlen(list);
        snprintf(list + used, size - used, "%s%s", count++ ? ", " : "", command_table[i].name);
    }
    return count;
}

unsigned word_distance(const char *a, const char *b)
{
    enum { MAX = 24 };
    unsigned d[MAX + 1][MAX + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > MAX || m > MAX) return MAX;
    for (size_t i = 0; i <= n; i++) d[i][0] = (unsigned)i;
    for (size_t j = 0; j <= m; j++) d[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            unsigned best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best) best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best) best = d[i][j - 1] + 1;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && d[i - 2][j - 2] + 1 < best) best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    }
    return d[n][m];
}

static const struct command *find_nearest(const char *word)
{
    const struct command *nearest = NULL;
    unsigned best = strlen(word) > 4 ? 3 : 2;
    for (size_t i = 0; i < command_count; i++) {
        unsigned d = word_distance(word, command_table[i].name);
        if (d >= best) continue;
        best = d;
        nearest = &command_table[i];
    }
    return nearest;
}

static void refuse_unknown(const char *word, struct problem *p)
{
    char tip[160] = "`help` lists the commands, `apropos WORD` searches them";
    const struct command *nearest = find_nearest(word);
    if (nearest) snprintf(tip, sizeof tip, "did you mean `%s`?", nearest->name);
    if (strcmp(word, "redo") == 0)
        snprintf(tip, sizeof tip,
                 "what was undone is a branch: `branches` lists them, `branch NAME`");
    bool value = isdigit((unsigned char)*word) || *word == '(' || strcmp(word, "error") == 0 ||
                 (strchr(word, '.') && isalpha((unsigned char)*word));
    if (value) snprintf(tip, sizeof tip, "`print %.60s` shows a value", word);
    problem_set(p, tip, "there is no command `%.60s`", word);
}

const struct command *command_find(const char *word, bool prefixes, struct problem *p)
{
    char list[160];
    const struct command *found = find_exact(word);
    if (found) return found;
    unsigned count = find_prefix(word, &found, list, sizeof list);
    if (count == 0) {
        refuse_unknown(word, p);
    } else if (!prefixes) {
        char tip[200];
        snprintf(tip, sizeof tip, "write the whole word: %s", list);
        problem_set(p, tip, "`%.40s` is a beginning only; scripts hold whole words", word);
    } else if (count > 1) {
        problem_set(p, "type one letter more, or Tab", "`%.40s` could be %s", word, list);
    } else {
        return found;
    }
    return NULL;
}

bool command_acts(const struct command *c)
{
    static enum outcome (*const acting[])(struct shell *, struct args *) = {
        verb_read,     verb_write,  verb_jump,      verb_syscall, verb_asm,
        verb_int,      verb_ud2,    verb_step,      verb_next,    verb_until,
        verb_continue, verb_slowly, verb_writeregs, verb_type,    verb_replyrecv,
    };
    for (size_t i = 0; i < sizeof acting / sizeof *acting; i++)
        if (c->run == acting[i]) return true;
    return c->flags & CALLS;
}

static void document_circle(FILE *out, unsigned circle)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        if (c->circle != circle) continue;
        fprintf(out, "\n### %s\n`%s%s%s`", c->name, c->name, *c->arguments ? " " : "",
                c->arguments);
        if (*c->aliases) fprintf(out, " (also: %s)", c->aliases);
        fprintf(out, "\n\n%c%s. %s\n",
                *c->line >= 'a' && *c->line <= 'z' ? *c->line - 'a' + 'A' : *c->line, c->line + 1,
                c->help);
    }
}

void commands_document(FILE *out)
{
    fputs("# Commands\n\nMade from src/shell/commands.def by `faultline --print-commands`.\n", out);
    fputs("\n## The first ten words\n", out);
    document_circle(out, 1);
    fputs("\n## The next circle\n", out);
    document_circle(out, 2);
    fputs("\n## The rest\n", out);
    document_circle(out, 3);
}
