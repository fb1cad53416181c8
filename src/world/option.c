/* SPDX-License-Identifier: BSD-2-Clause */
#include "world/option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *option_value(int argc, char **argv, int *i, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(argv[*i], name, length) != 0) return NULL;
    if (argv[*i][length] == '=') return argv[*i] + length + 1;
    if (argv[*i][length]) return NULL;
    return *i + 1 < argc ? argv[++*i] : "";
}

/* What stands behind the number in *rest. */
static bool read_number(const char *text, uint64_t *out, char **rest)
{
    errno = 0;
    *out = strtoull(text, rest, 0);
    return *rest != text && *text != '-' && !errno;
}

bool option_number(const char *text, uint64_t *out)
{
    char *rest;
    return read_number(text, out, &rest) && !*rest;
}

bool option_size(const char *text, uint64_t *out)
{
    char *rest;
    uint64_t value;
    if (!read_number(text, &value, &rest)) return false;
    const char *units = "KMG", *unit = *rest ? strchr(units, *rest) : NULL;
    if (*rest && (!unit || rest[1])) return false;
    unsigned shift = unit ? 10 * ((unsigned)(unit - units) + 1) : 0;
    if (value > UINT64_MAX >> shift) return false;
    *out = value << shift;
    return true;
}

void options_drop_form(int *argc, char **argv)
{
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--color") == 0)
            i++;
        else if (strcmp(argv[i], "--plain") != 0 && strncmp(argv[i], "--color=", 8) != 0)
            argv[kept++] = argv[i];
    }
    argv[ *argc = kept] = NULL;
}
