/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the verb of a command line stands: options may be named before it, too. Every verb then reads its
 * own options behind itself. */
#include <string.h>

#include "front/front.h"

static const char *const verbs[] = {
    "boot", "cc", "grade", "hand-in", "lesson", "quiz", "replay", "report", "run",
};

/* Options whose value may be the next word, of all verbs. */
static const char *const with_value[] = {
    "--check",   "--color",    "--count",
    "--course",  "--domains",  "--each",
    "--events",  "--feedback", "--files",
    "--format",  "--goals",    "--history",
    "--keys",    "--kernel",   "--kind",
    "--lang",    "--lesson",   "--max-steps",
    "--memory",  "--record",   "--root-cnode-bits",
    "--seconds", "--seed",     "--size",
    "--speed",   "--until",    "--variant",
    "-j",        "-o",
};

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0) return true;
    return false;
}

/* The first word from `from` on that is neither an option nor the value of one; argc: there is none. */
static int first_operand(int argc, char **argv, int from)
{
    int i = from;
    while (i < argc && argv[i][0] == '-' && argv[i][1])
        i += 1 + is_one_of(argv[i], with_value, sizeof with_value / sizeof *with_value);
    return i < argc ? i : argc;
}

static void move_to(char **argv, int to, int from)
{
    char *word = argv[from];
    memmove(argv + to + 1, argv + to, (size_t)(from - to) * sizeof *argv);
    argv[to] = word;
}

void verb_first(int argc, char **argv)
{
    int at = first_operand(argc, argv, 1);
    if (at == argc || !is_one_of(argv[at], verbs, sizeof verbs / sizeof *verbs)) return;
    move_to(argv, 1, at);
    if (strcmp(argv[1], "lesson") != 0) return;
    at = first_operand(argc, argv, 2); /* check, print, …: a verb as well */
    if (at < argc) move_to(argv, 2, at);
}
