/* SPDX-License-Identifier: BSD-2-Clause */
/* The user's recordings: a file for each session at the prompt, named by the time at which it began. The
 * newest are kept; one that is being written is left alone however old it is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "world/inside.h"
#include "world/own.h"
#include "world/record.h"

enum { RECORDINGS_KEPT = 200, PATH_SIZE = 1024, TRIES = 100 };

/* YYYYMMDD-HHMMSS….fl: names that this file made, and no others. */
static int is_ours(const struct dirent *entry)
{
    const char *name = entry->d_name;
    size_t n = strlen(name);
    return strspn(name, "0123456789") == 8 && name[8] == '-' &&
           strspn(name + 9, "0123456789") == 6 && n > 3 && strcmp(name + n - 3, ".fl") == 0;
}

static bool is_being_written(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool busy = file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0;
    if (file >= 0) close(file);
    return busy;
}

static bool has_subject(const char *name, const char *subject)
{
    size_t n = strlen(name), m = strlen(subject) + strlen("-.fl");
    return n > m && name[n - m] == '-' && strncmp(name + n - m + 1, subject, strlen(subject)) == 0;
}

/* With "": of a session in no lesson, which has nothing behind its time. */
static bool is_of(const char *name, const char *subject)
{
    const char *behind = name + strlen("20261120-101500");
    return *subject ? has_subject(name, subject) : !strchr(behind, '-');
}

/* `folder` ends with a slash. */
static void remove_oldest(const char *folder, const char *subject)
{
    struct dirent **list;
    char path[2 * PATH_SIZE];
    int count = scandir(folder, &list, is_ours, alphasort), same = 0;
    for (int i = count; i-- > 0; free(list[i])) {
        snprintf(path, sizeof path, "%s%s", folder, list[i]->d_name);
        if (!is_of(list[i]->d_name, subject) || same++ < RECORDINGS_KEPT) continue;
        if (!is_being_written(path)) unlink(path);
    }
    if (count >= 0) free(list);
}

static void name_of_now(char *name, size_t size, const char *subject, unsigned tries)
{
    char number[16] = "", when[32];
    time_t now = time(NULL);
    struct tm calendar;
    localtime_r(&now, &calendar);
    strftime(when, sizeof when, "%Y%m%d-%H%M%S", &calendar);
    if (tries) snprintf(number, sizeof number, "_%u", tries + 1); /* sorts behind */
    snprintf(name, size, "sessions/%s%s%s%s.fl", when, number, *subject ? "-" : "", subject);
}

struct recorder *record_open_own(const char *subject, struct problem *p)
{
    char name[PATH_SIZE / 2], path[PATH_SIZE] = "";
    struct recorder *r = NULL;
    static const char tip[] = "`--record FILE` records somewhere else, `--no-record` not at all";
    problem_set(p, tip, "this session is not recorded: there is no folder for it");
    for (unsigned tries = 0; !r && tries < TRIES; tries++) {
        name_of_now(name, sizeof name, subject, tries);
        if (!own_state(path, sizeof path, name)) {
            problem_set(p, tip, "this session is not recorded: %.150s: %s",
                        *path ? path : "neither XDG_STATE_HOME nor HOME is set", strerror(errno));
            return NULL;
        }
        if (access(path, F_OK) == 0) continue; /* another one began in the same second */
        r = record_open(path, p);
        if (!r && access(path, F_OK) != 0) return NULL;
    }
    if (!r) return NULL;
    record_is_own(r);
    strrchr(path, '/')[1] = '\0';
    remove_oldest(path, subject);
    return r;
}

/* NULL: whatever its subject. */
static bool newest(const char *subject, char *path, size_t size)
{
    struct dirent **list;
    if (!own_state(path, size, "sessions/")) return false;
    size_t length = strlen(path);
    int count = scandir(path, &list, is_ours, alphasort);
    bool found = false;
    for (int i = count; i-- > 0; free(list[i])) {
        if (found || (subject && !has_subject(list[i]->d_name, subject))) continue;
        snprintf(path + length, size - length, "%s", list[i]->d_name);
        found = true;
    }
    if (count >= 0) free(list);
    return found;
}

bool record_newest_own(char *path, size_t size)
{
    return newest(NULL, path, size);
}

bool record_newest_of(const char *subject, char *path, size_t size)
{
    return newest(subject, path, size);
}
