/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line. */
#include <stdio.h>
#include <string.h>

#include "front/front.h"
#include "world/kernels.h"
#include "world/option.h"

enum { HISTORY_MOST = 1 << 20 }; /* MiB */

int front_usage(const char *problem, const char *word)
{
    fprintf(stderr, "faultline: %s%s\n  tip: faultline --help\n", problem, word);
    return EXIT_USAGE;
}

int front_say(const struct problem *p, int status)
{
    return problem_say(stderr, "faultline: ", p, status);
}

static bool choose_kernel(struct options *o, const char *name)
{
    if (!kernel_config_named(name, &o->kernel))
        return front_usage("there is no kernel ", name), false;
    if (o->kernel.mcs)
        return front_usage("scheduling contexts are not modelled: no kernel ", name), false;
    o->kernel_name = name;
    return true;
}

static bool choose_colour(struct options *o, const char *word)
{
    static const char *const words[] = { "auto", "always", "never" };
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0) return o->colour = (enum colour_wish)i, true;
    return front_usage("--color wants auto, always or never, not ", word), false;
}

/* Options that are one word. */
static bool read_switch(const char *word, struct options *o)
{
    o->screen |= strcmp(word, "--screen") == 0;
    bool svg = strcmp(word, "--dump-screen=svg") == 0;
    o->dump |= strcmp(word, "--dump-screen") == 0 || svg;
    o->svg |= svg;
    o->ascii |= strcmp(word, "--ascii") == 0;
    o->plain |= strcmp(word, "--plain") == 0;
    o->no_record |= strcmp(word, "--no-record") == 0;
    o->again |= strcmp(word, "--again") == 0;
    return svg || strcmp(word, "--screen") == 0 || strcmp(word, "--dump-screen") == 0 ||
           strcmp(word, "--ascii") == 0 || strcmp(word, "--plain") == 0 ||
           strcmp(word, "--no-record") == 0 || strcmp(word, "--again") == 0 ||
           strcmp(word, "--prompt") == 0;
}

/* Options of the machine. Whether this was one; *good: and a right one. */
static bool read_machine_option(int argc, char **argv, int *i, struct options *o, bool *good)
{
    const char *value;
    struct problem p;
    if (choice_option(argc, argv, i, &o->choice, &p)) {
        *good = !p.text[0] || (front_usage(p.text, ""), false);
        return true;
    }
    if ((value = option_value(argc, argv, i, "--max-steps"))) {
        *good = option_number(value, &o->max_steps) ||
                (front_usage("--max-steps wants a number, not ", value), false);
    } else if ((value = option_value(argc, argv, i, "--history"))) {
        *good = (option_number(value, &o->history) && o->history && o->history <= HISTORY_MOST) ||
                (front_usage("--history wants a number of MiB, not ", value), false);
    } else if ((value = option_value(argc, argv, i, "--kernel"))) {
        *good = choose_kernel(o, value);
    }
    return value != NULL;
}

bool options_read(int argc, char **argv, struct options *o)
{
    const char *value;
    for (int i = 1; i < argc; i++) {
        bool good = true;
        if (read_machine_option(argc, argv, &i, o, &good)) {
            if (!good) return false;
        } else if ((value = option_value(argc, argv, &i, "--variant"))) {
            o->variant = value;
        } else if ((value = option_value(argc, argv, &i, "--record"))) {
            o->record = value;
        } else if ((value = option_value(argc, argv, &i, "--lang"))) {
            o->language = value;
        } else if ((value = option_value(argc, argv, &i, "--keys"))) {
            o->keys = value;
        } else if ((value = option_value(argc, argv, &i, "--color"))) {
            if (!choose_colour(o, value)) return false;
        } else if ((value = option_value(argc, argv, &i, "--size"))) {
            o->size = value;
        } else if (!read_switch(argv[i], o) && argv[i][0] == '-' && argv[i][1]) {
            return front_usage("what is ", argv[i]), false;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            continue;
        } else if (o->operand) {
            return front_usage("one thing at a time, not also ", argv[i]), false;
        } else {
            o->operand = argv[i];
        }
    }
    return true;
}

/* Whether somebody wants to sit at the machine that is booted. */
bool options_want_a_seat(int argc, char **argv)
{
    static const char *const words[] = { "--prompt", "--screen", "--keys", "--dump-screen" };
    for (int i = 1; i < argc; i++)
        for (size_t n = 0; n < sizeof words / sizeof words[0]; n++)
            if (strncmp(argv[i], words[n], strlen(words[n])) == 0) return true;
    return false;
}
