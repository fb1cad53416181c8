/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal: what came into the machine from outside, and where. A command's line, bytes that
 * somebody changed, a run with whose turn it was: whoever starts where the first of them did and lets
 * them happen again has the same machine again. Inputs form a tree; a branch is a way from its root. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"

enum { PATCH_GAP = 16 }; /* equal bytes that are cheaper to keep than another piece of a patch */

struct patch {
    uint64_t at; /* offset in the arena */
    uint64_t length;
};

struct moment moment_now(const struct session *s)
{
    struct moment now = s->journal.now;
    now.steps = world_state_at(&s->world)->steps;
    return now;
}

bool moment_before(const struct moment *a, const struct moment *b)
{
    if (a->at != b->at) return a->at < b->at;
    if (a->inside != b->inside) return b->inside;
    return a->inside && a->steps < b->steps;
}

bool journal_at_end(const struct session *s)
{
    return s->journal.now.at == s->journal.count && !s->journal.now.inside;
}

void journal_start(struct session *s)
{
    struct journal *j = &s->journal;
    journal_close(s);
    j->branch = host_allocate(sizeof j->branch[0]);
    j->branch_count = 1;
    strcpy(j->branch[0].name, "main");
    j->origin_steps = world_state_at(&s->world)->steps;
    checkpoint_take(s);
}

void journal_close(struct session *s)
{
    struct journal *j = &s->journal;
    for (struct input *i = j->newest, *older; i; i = older) {
        older = i->older;
        free(i->line);
        free(i->patch);
        free(i);
    }
    free(j->path);
    free(j->branch);
    *j = (struct journal){ 0 };
}

/* ---- adding ---- */

static struct input *input_new(struct session *s, enum input_kind kind)
{
    struct journal *j = &s->journal;
    struct input *i = host_allocate(sizeof *i);
    i->kind = kind;
    i->start = i->end = world_state_at(&s->world)->steps;
    i->older = j->newest;
    j->newest = i;
    return i;
}

/* At the end of the present branch; it is done there. */
static void path_push(struct journal *j, struct input *i)
{
    if (j->count == j->room) {
        j->room = j->room ? 2 * j->room : 64;
        j->path = host_resize(j->path, j->room * sizeof(struct input *));
    }
    i->before = j->count ? j->path[j->count - 1] : NULL;
    j->path[j->count++] = i;
    j->now = (struct moment){ .at = j->count };
}

static struct branch *branch_push(struct journal *j, const char *kind)
{
    j->branch = host_resize(j->branch, (j->branch_count + 1) * sizeof j->branch[0]);
    struct branch *b = &j->branch[j->branch_count++];
    *b = (struct branch){ 0 };
    snprintf(b->name, sizeof b->name, "%s_%zu", kind, j->branch_count);
    return b;
}

/* The run that the present is inside of becomes one that ends here. */
static void cut_run(struct session *s)
{
    struct journal *j = &s->journal;
    const struct input *whole = j->path[j->now.at];
    struct input *cut = input_new(s, INPUT_RUN);
    cut->start = whole->start;
    cut->seat = whole->seat;
    cut->cut = true;
    j->count = j->now.at;
    path_push(j, cut);
}

void journal_leave(struct session *s, bool keeps_name)
{
    struct journal *j = &s->journal;
    if (journal_at_end(s)) return;
    struct branch *left, *present = branch_push(j, keeps_name ? "undone" : "branch");
    left = keeps_name ? present : &j->branch[j->branch_at];
    left->last = j->path[j->count - 1];
    left->end = left->last->end;
    if (!keeps_name) j->branch_at = j->branch_count - 1;
    present->parted = world_state_at(&s->world)->steps;
    if (j->now.inside)
        cut_run(s);
    else
        j->count = j->now.at;
    checkpoints_forget_ahead(s);
    events_forget_ahead(s);
}

/* The line of the present command stands before what it does first. */
static bool add_line(struct session *s)
{
    if (!s->history.line) return false;
    struct input *i = input_new(s, INPUT_COMMAND);
    i->line = s->history.line;
    s->history.line = NULL;
    path_push(&s->journal, i);
    return true;
}

/* ---- edits ---- */

void journal_edit(struct session *s)
{
    if (s->journal.edited || !s->journal.branch) return;
    history_mark(s, NULL);
    s->journal.edited = true;
}

static void patch_add(struct input *i, const struct session *s, uint64_t at, uint64_t length)
{
    struct patch head = { .at = at, .length = length };
    i->patch = host_resize(i->patch, i->patch_length + sizeof head + length);
    memcpy(i->patch + i->patch_length, &head, sizeof head);
    memcpy(i->patch + i->patch_length + sizeof head, arena_at(&s->world, at), length);
    i->patch_length += sizeof head + length;
}

static void patch_add_page(struct input *i, const struct session *s, uint64_t page)
{
    const uint8_t *now = arena_at(&s->world, page << PAGE_BITS), *before = shadow_page(s, page);
    uint64_t from = 0, to = 0; /* a piece that is not added yet */
    for (uint64_t n = 0; n < PAGE_SIZE; n++) {
        if (now[n] == before[n]) continue;
        if (to && n - to > PATCH_GAP) {
            patch_add(i, s, (page << PAGE_BITS) + from, to - from);
            to = 0;
        }
        if (!to) from = n;
        to = n + 1;
    }
    if (to) patch_add(i, s, (page << PAGE_BITS) + from, to - from);
}

void journal_flush(struct session *s)
{
    if (!s->journal.edited) return;
    s->journal.edited = false;
    if (!history_differs(s)) return;
    journal_leave(s, false);
    add_line(s);
    struct input *i = input_new(s, INPUT_EDIT);
    for (uint64_t page = history_next_dirty(s, 0); page < page_count(s);
         page = history_next_dirty(s, page + 1))
        patch_add_page(i, s, page);
    history_mark(s, NULL);
    path_push(&s->journal, i);
}

/* A seat that was taken in the past does not make another branch as long as nobody acts in it. */
paddr_t journal_set_aside(struct session *s)
{
    paddr_t seat = session_seat(s), before;
    uint64_t at = ARENA_WORLD + offsetof(struct world_state, seat);
    if (!s->journal.edited) return 0;
    memcpy(&before, shadow_page(s, at >> PAGE_BITS) + (at & (PAGE_SIZE - 1)), sizeof before);
    if (journal_at_end(s) || seat == before) {
        journal_flush(s);
        return 0;
    }
    WORLD_EDIT(&s->world, seat) = before;
    s->journal.edited = false;
    if (!history_differs(s)) return seat;
    s->journal.edited = true;
    WORLD_EDIT(&s->world, seat) = seat;
    journal_flush(s);
    return 0;
}

void journal_sit_again(struct session *s, paddr_t seat)
{
    if (seat && thread_exists(&s->world, seat)) session_sit(s, seat);
}

void patch_apply(struct session *s, const struct input *i)
{
    struct patch head;
    for (size_t at = 0; at < i->patch_length; at += sizeof head + head.length) {
        memcpy(&head, i->patch + at, sizeof head);
        memcpy(arena_edit(&s->world, head.at, head.length), i->patch + at + sizeof head,
               head.length);
    }
}

static bool patch_find(const struct input *i, uint64_t at, word_t *value)
{
    struct patch head;
    for (size_t n = 0; n < i->patch_length; n += sizeof head + head.length) {
        memcpy(&head, i->patch + n, sizeof head);
        for (uint64_t byte = 0; byte < sizeof *value; byte++) {
            uint64_t into = at + byte - head.at;
            if (into >= head.length) continue;
            memcpy((uint8_t *)value + byte, i->patch + n + sizeof head + into, 1);
        }
    }
    return i->patch_length > 0;
}

/* A patch holds only the bytes that changed: the others are what they were. */
bool session_typed(const struct session *s, uint64_t at, word_t *value)
{
    const struct journal *j = &s->journal;
    bool any = false;
    size_t from = j->now.inside ? j->now.at + 1 : j->now.at;
    memcpy(value, session_before(s, at), sizeof *value);
    while (from > j->origin && from <= j->count && j->path[from - 1]->kind != INPUT_COMMAND) from--;
    for (size_t i = from; i < j->now.at; i++)
        if (j->path[i]->kind == INPUT_EDIT) any |= patch_find(j->path[i], at, value);
    if (!s->journal.edited) return any;
    memcpy(value, arena_at(&s->world, at), sizeof *value);
    return true;
}

/* ---- runs ---- */

bool journal_run(struct session *s, paddr_t seat)
{
    journal_flush(s);
    journal_leave(s, false);
    bool had_line = add_line(s);
    s->journal.now = (struct moment){ .at = s->journal.count, .inside = true, .claiming = seat };
    return had_line;
}

/* A run that did nothing is none, and a command of which that was all is none. */
static void forget_run(struct session *s, bool had_line)
{
    struct journal *j = &s->journal;
    if (had_line) {
        struct input *i = j->path[--j->count];
        s->history.line = i->line;
        i->line = NULL;
    }
    j->now = (struct moment){ .at = j->count };
}

/* Steps that were asked for one by one are one run: the last input is made longer, unless somebody
 * else refers to where it ended. */
static bool run_goes_on(struct session *s, paddr_t seat, bool turned)
{
    struct journal *j = &s->journal;
    const struct checkpoints *c = &s->checkpoints;
    struct input *last = j->count ? j->path[j->count - 1] : NULL;
    if (!last || last != j->newest || last->kind != INPUT_RUN || j->count <= j->origin)
        return false;
    if (last->turned || last->seat || seat || c->list[c->count - 1].moment.at >= j->count)
        return false;
    last->end = world_state_at(&s->world)->steps;
    last->turned = turned;
    last->cut = phases_shown(s);
    j->now = (struct moment){ .at = j->count };
    return true;
}

void journal_ran(struct session *s, paddr_t seat, word_t start, bool turned, bool had_line)
{
    struct journal *j = &s->journal;
    if (world_state_at(&s->world)->steps == start && !history_differs(s)) {
        forget_run(s, had_line);
        return;
    }
    if (!had_line && run_goes_on(s, seat, turned)) return;
    struct input *i = input_new(s, INPUT_RUN);
    i->start = start;
    i->seat = seat;
    i->turned = turned;
    i->cut = phases_shown(s);
    path_push(j, i);
}
