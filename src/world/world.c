/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping an arena and its marks. Memory that nobody touched costs the host nothing. */
#include "world/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

bool problem_set(struct problem *p, const char *tip, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->text, sizeof p->text, format, args);
    va_end(args);
    snprintf(p->tip, sizeof p->tip, "%s", tip ? tip : "");
    return false;
}

static void *map(uint64_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

bool world_open(struct world *w, uint64_t memory_size)
{
    memset(w, 0, sizeof *w);
    if (memory_size == 0 || memory_size % PAGE_SIZE || memory_size > UINT64_C(1) << 40)
        return false;
    w->memory_size = memory_size;
    w->arena = map(arena_size(w));
    w->mark = map(arena_size(w) >> PAGE_BITS);
    if (w->arena && w->mark) return true;
    world_close(w);
    return false;
}

void world_close(struct world *w)
{
    if (w->arena) munmap(w->arena, arena_size(w));
    if (w->mark) munmap(w->mark, arena_size(w) >> PAGE_BITS);
    memset(w, 0, sizeof *w);
}
