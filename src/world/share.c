/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the shared files, wherever the program was moved to. */
#include "world/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHARE_PATH = 4096 };

static const char header[] = "include/sel4/sel4.h";

/* Takes DIRECTORY BELOW/NAME when it is there. */
static bool share_try(const char *directory, const char *below, const char *name, char *path,
                      size_t size)
{
    int length = snprintf(path, size, "%s%s/%s", directory, below, name);
    return length >= 0 && (size_t)length < size && access(path, R_OK) == 0;
}

bool share_file(const char *name, char *path, size_t size)
{
    char at[SHARE_PATH];
    const char *given = getenv("FAULTLINE_SHARE");
    if (given && share_try(given, "", name, path, size)) return true;
    ssize_t length = readlink("/proc/self/exe", at, sizeof at - 1);
    at[length > 0 ? length : 0] = '\0';
    for (char *slash = strrchr(at, '/'); slash && slash != at; slash = strrchr(at, '/')) {
        *slash = '\0';
        if (share_try(at, "/share/faultline", name, path, size)) return true;
        if (share_try(at, "", name, path, size)) return true;
    }
    return share_try(FAULTLINE_SHARE, "", name, path, size);
}

bool share_directory(char *path, size_t size)
{
    char found[SHARE_PATH];
    if (!share_file(header, found, sizeof found)) return false;
    found[strlen(found) - sizeof header] = '\0';
    int length = snprintf(path, size, "%s", found);
    return length >= 0 && (size_t)length < size;
}
