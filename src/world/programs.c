/* SPDX-License-Identifier: BSD-2-Clause */
/* Which program a thread runs, for symbols and C lines. The session holds the programs; which address
 * space was loaded from which one lies in the arena, so that undo and new objects keep it true. */
#include <stdlib.h>

#include "world/image.h"
#include "world/inside.h"

static struct loaded *loaded_edit(struct world *w, word_t i)
{
    uint64_t at = ARENA_WORLD + offsetof(struct world_state, loaded) + i * sizeof(struct loaded);
    return arena_edit(w, at, sizeof(struct loaded));
}

static const struct loaded *loaded_find(const struct world *w, paddr_t vspace)
{
    const struct loaded *loaded = world_state_at(w)->loaded;
    for (unsigned i = 0; vspace && i < PROGRAMS_MAX; i++)
        if (loaded[i].vspace == vspace) return &loaded[i];
    return NULL;
}

void programs_forget(struct world *w, paddr_t from, paddr_t to)
{
    const struct loaded *loaded = world_state_at(w)->loaded;
    for (unsigned i = 0; i < PROGRAMS_MAX; i++)
        if (loaded[i].vspace && loaded[i].vspace >= from && loaded[i].vspace < to)
            *loaded_edit(w, i) = (struct loaded){ 0 };
}

void programs_close(struct session *s)
{
    for (size_t i = 0; i < s->image_count; i++) image_close(s->images[i]);
    free(s->images);
}

const struct image *session_image(const struct session *s, paddr_t tcb)
{
    const struct world *w = &s->world;
    struct cap vtable = tcb ? cte_at(w, tcb_slot(tcb, TCB_VTABLE))->cap : cap_new(CAP_NULL);
    if (cap_type(vtable) != CAP_PML4) return NULL;
    const struct loaded *loaded = loaded_find(w, cap_pml4_object(vtable));
    return loaded && loaded->image < s->image_count ? s->images[loaded->image] : NULL;
}

void session_set_image(struct session *s, paddr_t vspace, struct image *image)
{
    struct world *w = session_world(s);
    const struct loaded *old = loaded_find(w, vspace);
    word_t place = old ? (word_t)(old - world_state_at(w)->loaded)
                       : WORLD_EDIT(w, loaded_used)++ % PROGRAMS_MAX;
    s->images = host_resize(s->images, (s->image_count + 1) * sizeof(struct image *));
    s->images[s->image_count] = image;
    *loaded_edit(w, place) = (struct loaded){ .vspace = vspace, .image = s->image_count++ };
}

enum { BEGINNING = 64 }; /* bytes that are compared */

/* Whether the thread's memory holds the first instructions of the program. */
static bool runs_there(const struct session *s, paddr_t tcb, const struct image *image)
{
    word_t end = image->vaddr + (image->pages << PAGE_BITS);
    for (word_t at = image->entry; at < end && at < image->entry + BEGINNING; at++) {
        paddr_t there;
        if (!kernel_translate(&s->world, tcb, at, &there) || !memory_holds(&s->world, there, 1) ||
            *(const uint8_t *)memory_at(&s->world, there) != image->bytes[at - image->vaddr])
            return false;
    }
    return true;
}

bool session_know_image(struct session *s, paddr_t tcb, const char *file, struct problem *p)
{
    struct image *image = image_open(file, p);
    if (!image) return false;
    if (runs_there(s, tcb, image)) {
        struct cap vtable = cte_at(&s->world, tcb_slot(tcb, TCB_VTABLE))->cap;
        session_set_image(s, cap_pml4_object(vtable), image);
        return true;
    }
    problem_set(
        p, "is it the program that runs there, and loaded already? `threads` lists who there is",
        "what %.80s begins with at 0x%llx is not in that thread's memory", image->path,
        (unsigned long long)image->entry);
    image_close(image);
    return false;
}
