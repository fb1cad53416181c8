/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's memory for what a session keeps beside its world. When there is none left the process
 * ends: nothing that we could still say would be true. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

static void *check(void *memory)
{
    if (memory) return memory;
    fputs("faultline: out of memory\n", stderr);
    abort();
}

void *host_allocate(size_t size)
{
    return check(calloc(1, size));
}

void *host_resize(void *memory, size_t size)
{
    return check(realloc(memory, size));
}

char *host_copy_text(const char *text)
{
    return check(strdup(text));
}
