/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the shared files, wherever the program was moved to. */
#include "world/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHARE_PATH = 4096 };

/* Takes `directory` when the headers lie in it. */
static bool share_try(const char *directory, const char *below, char *path, size_t size)
{
    char probe[SHARE_PATH];
    int length = snprintf(probe, sizeof probe, "%s%s/include/sel4/sel4.h", directory, below);
    if (length < 0 || (size_t)length >= sizeof probe || access(probe, R_OK) != 0) return false;
    length = snprintf(path, size, "%s%s", directory, below);
    return length >= 0 && (size_t)length < size;
}

bool share_directory(char *path, size_t size)
{
    char at[SHARE_PATH];
    const char *given = getenv("FAULTLINE_SHARE");
    if (given && share_try(given, "", path, size)) return true;
    ssize_t length = readlink("/proc/self/exe", at, sizeof at - 1);
    at[length > 0 ? length : 0] = '\0';
    for (char *slash = strrchr(at, '/'); slash && slash != at; slash = strrchr(at, '/')) {
        *slash = '\0';
        if (share_try(at, "/share/faultline", path, size)) return true;
        if (share_try(at, "", path, size)) return true;
    }
    return share_try(FAULTLINE_SHARE, "", path, size);
}
