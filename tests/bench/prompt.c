/* SPDX-License-Identifier: BSD-2-Clause */
/* The prompt from outside: the time until it stands there, and what it holds while idle. */
#define _GNU_SOURCE
#include "bench/bench.h"

#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static double resident_mebibytes(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "r");
    long pages = 0;
    if (file && fscanf(file, "%*s %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* Reads until the prompt is seen; false at the end of input. */
static int wait_for_prompt(int terminal)
{
    char seen[8192];
    size_t length = 0;
    while (length < sizeof seen - 1) {
        ssize_t n = read(terminal, seen + length, sizeof seen - 1 - length);
        if (n <= 0) return 0;
        length += (size_t)n;
        seen[length] = '\0';
        if (strstr(seen, "rootserver@0> ")) return 1;
    }
    return 0;
}

/* One start: the milliseconds until the prompt stands there, and what it holds then; false: none came. */
static int start_once(double *took, double *held)
{
    double start = seconds_now();
    int terminal;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    if (child == 0) {
        setenv("TERM", "dumb", 1);
        setenv("XDG_STATE_HOME", "/dev/null", 1);
        execl(FAULTLINE_BUILD "/faultline", "faultline", (char *)NULL);
        _exit(127);
    }
    if (child < 0) return 0;
    int is_up = wait_for_prompt(terminal);
    *took = (seconds_now() - start) * 1e3;
    *held = resident_mebibytes(child);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(terminal);
    return is_up;
}

void measure_prompt(void)
{
    enum { STARTS = 11 };
    double took[STARTS], held = 0;
    for (int i = 0; i < STARTS; i++)
        if (!start_once(&took[i], &held)) return;
    figure("prompt_up", median(took, STARTS), "ms", "20");
    figure("prompt_resident", held, "MiB", "16");
}
