/* SPDX-License-Identifier: BSD-2-Clause */
/* The XDG base directories. */
#include "world/own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool own_path(char *path, size_t size, const char *variable, const char *fallback,
                     const char *name)
{
    const char *directory = getenv(variable), *home = getenv("HOME");
    int n = -1;
    errno = ENOENT;
    if (directory && *directory)
        n = snprintf(path, size, "%s/faultline/%s", directory, name);
    else if (home && *home)
        n = snprintf(path, size, "%s/%s/faultline/%s", home, fallback, name);
    return n > 0 && (size_t)n < size;
}

static bool make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool there = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!there) return false;
    }
    return true;
}

bool own_settings(char *path, size_t size, const char *name)
{
    return own_path(path, size, "XDG_CONFIG_HOME", ".config", name);
}

bool own_state(char *path, size_t size, const char *name)
{
    return own_path(path, size, "XDG_STATE_HOME", ".local/state", name) && make_directories(path);
}
