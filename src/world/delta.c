/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of the arena as they were at another time: the stuff that undo and phases are made of. */
#include "world/inside.h"

#include <stdlib.h>
#include <string.h>

void delta_add(struct delta *d, uint64_t page, const uint8_t *bytes)
{
    if (d->count == d->room) {
        d->room = d->room ? 2 * d->room : 16;
        d->list = host_resize(d->list, d->room * sizeof d->list[0]);
    }
    struct delta_page *p = &d->list[d->count++];
    *p = (struct delta_page){ .page = page, .bytes = host_allocate(PAGE_SIZE) };
    memcpy(p->bytes, bytes, PAGE_SIZE);
}

void delta_clear(struct delta *d)
{
    for (size_t i = 0; i < d->count; i++) free(d->list[i].bytes);
    free(d->list);
    *d = (struct delta){ 0 };
}
