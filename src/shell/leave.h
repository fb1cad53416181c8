/* SPDX-License-Identifier: BSD-2-Clause */
/* An end from outside: SIGTERM, or a terminal that was closed (SIGHUP). What runs stops as after Ctrl-C,
 * nobody is asked for another line, what was typed and recorded is kept, and then the process ends by
 * that signal. */
#ifndef FAULTLINE_SHELL_LEAVE_H
#define FAULTLINE_SHELL_LEAVE_H

#include <signal.h>
#include <stdbool.h>

/* From now on; *interrupted is set, too, for whoever is told of Ctrl-C so. */
void leave_listen(volatile sig_atomic_t *interrupted);
/* Whether the end has come. */
bool leave_wanted(void);
/* Ends the process if it has. */
void leave_if_wanted(void);

#endif
