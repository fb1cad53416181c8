/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the files lie that are the user's: settings, history, recordings. */
#ifndef FAULTLINE_WORLD_OWN_H
#define FAULTLINE_WORLD_OWN_H

#include <stdbool.h>
#include <stddef.h>

/* DIRECTORY/faultline/NAME, where DIRECTORY is $XDG_CONFIG_HOME; unset or empty means ~/.config. */
bool own_settings(char *path, size_t size, const char *name);
/* The same in $XDG_STATE_HOME, ~/.local/state; and its folders are made. False, errno set: there is none. */
bool own_state(char *path, size_t size, const char *name);

#endif
