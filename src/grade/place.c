/* SPDX-License-Identifier: BSD-2-Clause */
/* A worker's folder in /tmp. Whoever makes one holds a lock on it as long as a process of that grading lives;
 * one without is left of a grading that was killed, and the next one of the same user removes it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/inside.h"

#define PLACES     "/tmp"
#define PLACE_NAME "faultline-grading-"

enum { TRIES = 100 };

/* Locks the folder; -1: somebody else does (EWOULDBLOCK), it is none of ours, or it cannot be locked. */
static int place_lock(const char *folder)
{
    struct stat about;
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0) return -1;
    bool own = fstat(lock, &about) == 0 && about.st_uid == geteuid();
    if (own && flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
    int error = own ? errno : EPERM;
    close(lock);
    errno = error;
    return -1;
}

/* Whether a name still stands for what was locked: a sweep may have come between making and locking. */
static bool place_stands(const char *folder, int lock)
{
    struct stat named, locked;
    return lstat(folder, &named) == 0 && fstat(lock, &locked) == 0 &&
           named.st_dev == locked.st_dev && named.st_ino == locked.st_ino;
}

bool worker_place_make(struct worker_place *place)
{
    for (unsigned i = 0; i < TRIES; i++) {
        snprintf(place->folder, sizeof place->folder, "%s", PLACES "/" PLACE_NAME "XXXXXX");
        if (!mkdtemp(place->folder)) return false;
        place->lock = place_lock(place->folder);
        /* What cannot be locked here no sweep can lock, either. */
        if (place->lock < 0 && errno != EWOULDBLOCK && errno != ENOENT) return true;
        if (place->lock >= 0 && place_stands(place->folder, place->lock)) return true;
        if (place->lock >= 0) close(place->lock);
    }
    return false;
}

void worker_place_remove(const struct worker_place *place)
{
    hand_in_remove(place->folder);
    if (place->lock >= 0) close(place->lock);
}

void worker_places_sweep(void)
{
    struct worker_place place;
    const struct dirent *entry;
    DIR *places = opendir(PLACES);
    while (places && (entry = readdir(places))) {
        if (strncmp(entry->d_name, PLACE_NAME, strlen(PLACE_NAME)) != 0) continue;
        snprintf(place.folder, sizeof place.folder, PLACES "/%.40s", entry->d_name);
        place.lock = place_lock(place.folder);
        if (place.lock >= 0) worker_place_remove(&place);
    }
    if (places) closedir(places);
}
