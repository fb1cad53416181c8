/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a broken INVARIANT ends: our own error, which neither guests nor users can bring about. */
#include "kernel/internal.h"

#include <assert.h>

/* abort() with a message, as assert() does it: the one way out of a broken world. */
void invariant_broken(const char *what, const char *file, int line)
{
    __assert_fail(what, file, (unsigned)line, "kernel");
}
