/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for what other processes do, as /proc says it, where nothing on a screen does. Nothing is done by
 * the clock: however slow the machine, who waits goes on when it is so, and gives up late. */
#ifndef FAULTLINE_TESTS_PROCESS_H
#define FAULTLINE_TESTS_PROCESS_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Patience: that often, so many microseconds between two looks. */
enum { PROCESS_TRIES = 30000, PROCESS_PAUSE = 20000 };

struct process_look {
    char name[64], state;
    int parent, session;
    double seconds; /* of a processor, that it has used */
};

/* False: there is none. */
static inline bool process_look(int process, struct process_look *look)
{
    char path[40], text[1000];
    unsigned long user, system;
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    FILE *in = fopen(path, "r");
    if (!in) return false;
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    const char *begin = strchr(text, '('), *behind = strrchr(text, ')');
    if (!begin || !behind) return false;
    snprintf(look->name, sizeof look->name, "%.*s", (int)(behind - begin - 1), begin + 1);
    if (sscanf(behind, ") %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &look->state,
               &look->parent, &look->session, &user, &system) != 5)
        return false;
    look->seconds = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
    return true;
}

/* The first process for which `is_it` says so; 0: there is none. */
static inline int process_find(bool (*is_it)(const struct process_look *look, const void *context),
                               const void *context)
{
    const struct dirent *entry;
    struct process_look look;
    int found = 0;
    DIR *all = opendir("/proc");
    while (all && !found && (entry = readdir(all))) {
        int process = atoi(entry->d_name);
        if (process > 0 && process_look(process, &look) && is_it(&look, context)) found = process;
    }
    if (all) closedir(all);
    return found;
}

static inline bool process_is_child(const struct process_look *look, const void *parent)
{
    return look->parent == *(const int *)parent && look->state != 'Z';
}

/* Waits for a child of a process; 0: none came. */
static inline int process_child(int parent)
{
    for (int i = 0; i < PROCESS_TRIES; i++) {
        int child = process_find(process_is_child, &parent);
        if (child > 0) return child;
        usleep(PROCESS_PAUSE);
    }
    return 0;
}

/* Waits until a process computes and waits for nobody: from now on it has used a processor for longer than
 * it takes to read a line and to draw a screen, on a slow machine, too. False: it does not. */
static inline bool process_works(int process)
{
    struct process_look first, look;
    if (!process_look(process, &first)) return false;
    for (int i = 0; i < PROCESS_TRIES && process_look(process, &look); i++) {
        if (look.seconds >= first.seconds + 0.5) return true;
        usleep(PROCESS_PAUSE);
    }
    return false;
}

#endif
