/* SPDX-License-Identifier: BSD-2-Clause */
/* A lesson in a folder of the test's own, as `lesson new` makes it, to be changed. */
#ifndef FAULTLINE_TESTS_MADE_H
#define FAULTLINE_TESTS_MADE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MADE_PATH = 256, MADE_TEXT = 1 << 16 };

/* Fixtures: *state is the lesson's folder, "…/31-made". */
int made_begin(void **state);
int made_end(void **state);

/* The path of a file of the lesson, in a buffer of its own for each of the last few calls. */
const char *made_path(void **state, const char *name);
/* Writes a file; changes the first `old` in one to `new` (fails the test when there is none). */
void made_write(void **state, const char *name, const char *text);
void made_change(void **state, const char *name, const char *old, const char *new);
/* The whole text of a file; valid until the next call. */
const char *made_read(void **state, const char *name);

#endif
