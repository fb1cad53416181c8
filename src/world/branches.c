/* SPDX-License-Identifier: BSD-2-Clause */
/* Branches: whoever goes back and does otherwise starts one, and what was there before stays as
 * another. A branch is the last of its inputs; the way there follows from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/inside.h"
#include "world/names.h"

size_t session_branches(const struct session *s)
{
    return s->journal.branch_count;
}

static struct position position_of(const struct session *s, word_t steps)
{
    word_t origin = s->journal.origin_steps;
    return (struct position){ .step = steps > origin ? steps - origin : 0 };
}

struct branch_info session_branch(const struct session *s, size_t i)
{
    const struct journal *j = &s->journal;
    const struct branch *b = &j->branch[i];
    bool is_present = i == j->branch_at;
    return (struct branch_info){
        .name = b->name,
        .parted = position_of(s, b->parted),
        .end = position_of(s, is_present ? travel_end(s).steps : b->end),
        .is_present = is_present,
    };
}

size_t session_branch_find(const struct session *s, const char *name)
{
    size_t i = 0;
    while (i < s->journal.branch_count && strcmp(s->journal.branch[i].name, name) != 0) i++;
    return i;
}

bool session_branch_name(struct session *s, const char *name, struct problem *p)
{
    char *to = s->journal.branch[s->journal.branch_at].name;
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (name[length] || !length || length >= NAME_SIZE)
        return problem_set(p, "letters, digits and _; at most 31 of them",
                           "%.40s is no name for a branch", name);
    snprintf(to, NAME_SIZE, "%s", name);
    return true;
}

/* The inputs of a branch, from the start. */
static struct input **path_of(const struct session *s, size_t branch, size_t *count)
{
    const struct journal *j = &s->journal;
    struct input *last = j->branch[branch].last;
    if (branch == j->branch_at) last = j->count ? j->path[j->count - 1] : NULL;
    *count = 0;
    for (struct input *i = last; i; i = i->before) ++*count;
    struct input **path = host_allocate((*count + 1) * sizeof(struct input *));
    size_t n = *count;
    for (struct input *i = last; i; i = i->before) path[--n] = i;
    return path;
}

void session_branch_go(struct session *s, size_t branch)
{
    struct journal *j = &s->journal;
    size_t count, same = 0;
    session_finish_phases(s);
    journal_set_aside(s);
    if (branch != j->branch_at) {
        struct input **path = path_of(s, branch, &count);
        while (same < count && same < j->count && path[same] == j->path[same]) same++;
        struct moment last = { .at = same };
        struct moment now = moment_now(s);
        if (moment_before(&last, &now)) travel(s, &last);
        j->branch[j->branch_at].end = travel_end(s).steps;
        j->branch[j->branch_at].last = j->count ? j->path[j->count - 1] : NULL;
        checkpoints_forget_ahead(s);
        events_forget_ahead(s);
        free(j->path);
        j->path = path;
        j->count = count;
        j->room = count + 1;
        j->branch_at = branch;
    }
    session_goto_end(s);
}

/* ---- comparing ---- */

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same(const struct input *a, const struct input *b)
{
    if (a == b) return true;
    if (a->kind != b->kind || a->start != b->start || a->end != b->end || a->seat != b->seat ||
        a->patch_length != b->patch_length)
        return false;
    return is_same_text(a->line, b->line) &&
           (!a->patch_length || memcmp(a->patch, b->patch, a->patch_length) == 0);
}

/* Where a run goes on that stands in both, and ends sooner in one of them. */
static word_t part_at(struct input *const *a, size_t a_count, struct input *const *b,
                      size_t b_count, size_t i)
{
    word_t last = i ? a[i - 1]->end : 0;
    if (i == a_count || i == b_count || a[i]->kind != INPUT_RUN || b[i]->kind != INPUT_RUN ||
        a[i]->seat != b[i]->seat)
        return last;
    return a[i]->end < b[i]->end ? a[i]->end : b[i]->end;
}

static const char *next_line(struct input *const *path, size_t count, size_t i)
{
    while (i < count && path[i]->kind != INPUT_COMMAND) i++;
    return i < count ? path[i]->line : NULL;
}

struct position session_branch_compare(const struct session *s, size_t a, size_t b,
                                       const char *next[2])
{
    size_t count[2], same = 0;
    struct input **path[2] = { path_of(s, a, &count[0]), path_of(s, b, &count[1]) };
    while (same < count[0] && same < count[1] && is_same(path[0][same], path[1][same])) same++;
    struct position at = position_of(s, part_at(path[0], count[0], path[1], count[1], same));
    for (unsigned i = 0; i < 2; i++) {
        next[i] = next_line(path[i], count[i], same);
        free(path[i]);
    }
    return at;
}

/* ---- Waypoints ---- */

struct waypoint session_waypoint(struct session *s)
{
    journal_flush(s);
    struct moment now = moment_now(s);
    const struct journal *j = &s->journal;
    return (struct waypoint){
        .input = now.inside ? j->path[now.at]
                 : now.at   ? j->path[now.at - 1]
                            : NULL,
        .step = position_of(s, now.steps).step,
    };
}

bool session_went_through(const struct session *s, const struct waypoint *w)
{
    const struct journal *j = &s->journal;
    struct moment now = moment_now(s);
    if (w->step > position_of(s, now.steps).step) return false;
    if (!w->input) return true;
    for (size_t i = now.at; i > 0; i--)
        if (j->path[i - 1] == w->input) return true;
    return now.inside && j->path[now.at] == w->input;
}
