/* SPDX-License-Identifier: BSD-2-Clause */
/* What is typed, recorded into a folder of the test's own and played back. */
#ifndef FAULTLINE_TESTS_SHELL_RECORDED_H
#define FAULTLINE_TESTS_SHELL_RECORDED_H

#include "shell/typing.h"

#include "place.h"
#include "shell/recording.h"

#define PROGRAM FAULTLINE_BUILD "/faultline"

enum { PATH_SIZE = 600, TEXT_SIZE = 1 << 20 };

/* Set-up and teardown of a group: the folder, in which the state folder lies, too. */
extern char folder[PLACE_SIZE];
int recorded_begin(void **state);
int recorded_end(void **state);

const char *in_folder(const char *name, char path[PATH_SIZE]);
/* Returns the size; `text` has TEXT_SIZE bytes, and is ended by a zero. */
size_t read_file(const char *path, char *text);
void write_file(const char *path, const char *text);

/* Begins to record what is typed. */
void record_to(void **state, const char *path);
void stop_recording(void **state);

/* Plays a recording to its end. */
struct playback *played(const char *path);
/* Fails unless it agrees, is whole and has so many commands (0: any number). */
void agrees(const char *path, unsigned commands);

#endif
