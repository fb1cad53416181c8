/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person has typed, at the prompt or on the screen: one history, kept in a file between sessions
 * ($XDG_STATE_HOME/faultline/history). The lines lie in readline's own list, so that its search finds them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>

#include "shell/shell.h"
#include "world/own.h"

enum { HISTORY_LINES = 1000, PATH_SIZE = 1024 };

/* Somebody typed, even if the terminal has been closed since. */
static bool has_person;

static bool history_path(char *path)
{
    has_person |= isatty(STDIN_FILENO) != 0;
    return has_person && own_state(path, PATH_SIZE, "history");
}

void typed_open(void)
{
    char path[PATH_SIZE];
    if (!history_path(path) || history_length > 0) return;
    using_history();
    stifle_history(HISTORY_LINES);
    read_history(path);
}

void typed_save(void)
{
    char path[PATH_SIZE];
    if (history_path(path)) write_history(path);
}

size_t typed_count(void)
{
    return history_length > 0 ? (size_t)history_length : 0;
}

const char *typed_at(size_t i)
{
    HIST_ENTRY *entry = i < typed_count() ? history_get(history_base + (int)i) : NULL;
    return entry ? entry->line : "";
}

void typed_keep(const char *line)
{
    if (!typed_count() || strcmp(typed_at(typed_count() - 1), line) != 0) add_history(line);
}
