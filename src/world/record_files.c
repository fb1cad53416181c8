/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that the user's recordings name: kept by their SHA-256, the newest ones, so that a source that
 * was changed since can be read as it was. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/own.h"
#include "world/record.h"

enum {
    FILES_KEPT = 400,
    FILE_MOST = 4 << 20, /* bytes; what is larger is not kept */
    PATH_SIZE = 1024
};

static int is_kept(const struct dirent *entry)
{
    return strspn(entry->d_name, "0123456789abcdef") == SHA256_TEXT - 1 &&
           strlen(entry->d_name) == SHA256_TEXT - 1;
}

/* `folder` ends with a slash. Of so many files the one that was written first. */
static void forget_one(const char *folder)
{
    struct dirent **list;
    struct stat about;
    char path[2 * PATH_SIZE], oldest[2 * PATH_SIZE] = "";
    time_t time = 0;
    int count = scandir(folder, &list, is_kept, NULL);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s%s", folder, list[i]->d_name);
        free(list[i]);
        if (count <= FILES_KEPT || stat(path, &about) != 0 || (time && about.st_mtime >= time))
            continue;
        time = about.st_mtime;
        snprintf(oldest, sizeof oldest, "%s", path);
    }
    if (count >= 0) free(list);
    if (*oldest) unlink(oldest);
}

bool record_kept_file(const char *sha256, char *path, size_t size)
{
    char name[SHA256_TEXT + 16];
    snprintf(name, sizeof name, "files/%s", sha256);
    return own_state(path, size, name) && access(path, R_OK) == 0;
}

/* Whole or not at all; what fails is a loss that nobody needs to hear of. */
void record_keep_file(const char *sha256, const void *bytes, size_t size)
{
    char path[PATH_SIZE], beside[PATH_SIZE + 8];
    if (size > FILE_MOST || record_kept_file(sha256, path, sizeof path)) return;
    snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    int file = mkstemp(beside);
    if (file < 0) return;
    bool whole = write(file, bytes, size) == (ssize_t)size;
    if (close(file) != 0 || !whole || rename(beside, path) != 0) unlink(beside);
    strrchr(path, '/')[1] = '\0';
    forget_one(path);
}
