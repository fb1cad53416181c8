/* SPDX-License-Identifier: BSD-2-Clause */
/* See leave.h. The alarm wakes a read that began between a look at the flag and the signal. */
#include "shell/leave.h"

#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t wanted; /* the signal */
static volatile sig_atomic_t *volatile also;

static void on_end(int number)
{
    if (number != SIGALRM) wanted = number;
    if (also) *also = 1;
    alarm(1);
}

void leave_listen(volatile sig_atomic_t *interrupted)
{
    static const int ends[] = { SIGTERM, SIGHUP, SIGALRM };
    struct sigaction action = { .sa_handler = on_end }, before;
    also = interrupted;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        sigaction(ends[i], NULL, &before);
        if (before.sa_handler != SIG_IGN) sigaction(ends[i], &action, NULL); /* nohup */
    }
}

bool leave_wanted(void)
{
    return wanted;
}

void leave_if_wanted(void)
{
    if (!wanted) return;
    fflush(NULL);
    signal(wanted, SIG_DFL);
    raise(wanted);
}
