/* SPDX-License-Identifier: BSD-2-Clause */
/* The chosen thread's CSpace: how its last lookup went, bit by bit, and what lies in the CNode, as slots or
 * as the tree of what was made of what. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "screen/pane.h"

/* The last lookup that the chosen thread began; NULL: none. */
static const struct event *last_lookup(const struct scene *scene)
{
    enum { LOOKED_AT = 20000 };
    const struct session *s = scene->session;
    size_t first = session_first_event(s), end = session_event_count(s);
    if (scene->shell->start > first) first = scene->shell->start;
    if (end > LOOKED_AT && first < end - LOOKED_AT) first = end - LOOKED_AT;
    for (size_t i = end; i-- > first;) {
        const struct event *e = session_event(s, i);
        if (e->kind == EVENT_LOOKUP && e->thread == scene->chosen) return e;
    }
    return NULL;
}

struct cap scene_cnode(const struct scene *scene, unsigned *depth)
{
    struct cap cnode = thread_cspace(scene->world, scene->chosen);
    if (cap_type(cnode) != CAP_CNODE) cnode = cap_new(CAP_NULL);
    for (*depth = 0; *depth < scene->gaze.depth; ++*depth) {
        paddr_t slot = scene->gaze.cnode[*depth];
        if (!cnode_holds(cnode, slot)) break;
        struct cap next = cte_at(scene->world, slot)->cap;
        if (cap_type(next) != CAP_CNODE) break;
        cnode = next;
    }
    return cnode;
}

void cspace_title(const struct scene *scene, char *text, size_t size)
{
    char name[64];
    unsigned depth;
    scene_cnode(scene, &depth);
    title_of_chosen(scene, "CSpace", text, size);
    if (!depth) return;
    view_slot_name(scene->session, scene->gaze.cnode[depth - 1], name, sizeof name);
    snprintf(text, size, "CNode %s", name);
}

/* ---- The last lookup ---- */

static int lookup_draw(const struct scene *scene, struct sheet *s, const struct event *e)
{
    struct prose l;
    struct view v = prose_view(&l, scene, s->area.width - 1);
    unsigned depth = e->arg[1] >= 1 && e->arg[1] <= 64 ? (unsigned)e->arg[1] : 64;
    if (!v.out) return 0;
    fputs("  last lookup:", v.out);
    view_lookup(&v, scene->chosen, e->arg[0], depth);
    prose_close(&l, v.out);
    int row = prose_draw(&l, s, 0);
    prose_free(&l);
    return row;
}

/* ---- Slots ---- */

/* Whether the last command put something there or took it away. */
static bool slot_changed(const struct scene *scene, paddr_t slot)
{
    enum { LOOKED_AT = 500 };
    size_t end = session_event_count(scene->session), from = session_command_events(scene->session);
    for (size_t i = end - from > LOOKED_AT ? end - LOOKED_AT : from; i < end; i++) {
        const struct event *e = session_event(scene->session, i);
        bool inserts = e->kind == EVENT_CAP_INSERT || e->kind == EVENT_CAP_DELETE;
        if (inserts && e->arg[0] == slot) return true;
        if (e->kind == EVENT_CAP_MOVE && (e->arg[0] == slot || e->arg[1] == slot)) return true;
        if (e->kind == EVENT_OBJECT_CREATE && e->arg[2] == slot) return true;
    }
    return false;
}

enum { NAME_AT = 8, NAME_LEAST = 5, NAME_MOST = 17 };

/* "< slot 91 of rootserver", or without its first word where there is no room for that. */
static void origin_text(const struct scene *scene, paddr_t parent, int room, char *text,
                        size_t size)
{
    char from[64];
    view_slot_name(scene->session, parent, from, sizeof from);
    bool is_long = (int)text_columns(from) + 2 > room && strncmp(from, "slot ", 5) == 0;
    snprintf(text, size, "< %s", is_long ? from + 5 : from);
}

/* `depth`: how many ancestors are drawn above it; -1: its parent is told by name. `names`: columns for
 * the name. */
static void slot_row(const struct scene *scene, struct sheet *s, int row, int names,
                     struct cap cnode, paddr_t slot, int depth)
{
    const struct world *w = scene->world;
    const char *name = name_of_slot(w, slot);
    char what[160], from[80] = "", label[64];
    struct cap cap = cte_at(w, slot)->cap;
    view_cap(scene->session, cap, what, sizeof what);
    if (cap_type(cap) == CAP_NULL) snprintf(what, sizeof what, "empty");
    snprintf(label, sizeof label, "%*s%s", depth > 0 ? 2 * (depth < 8 ? depth : 8) : 0, "",
             name ? name : "-");
    paddr_t parent = depth < 0 ? kernel_slot_parent(w, slot) : 0;
    sheet_print(s, 1, row, LOOK_PLAIN, "%5" PRIu64, slot_index(cnode, slot));
    sheet_cell(s, NAME_AT, row, names, LOOK_PLAIN, label);
    int x = sheet_text(s, NAME_AT + names + 2, row, LOOK_PLAIN, what);
    if (parent) origin_text(scene, parent, s->area.width - x - 4, from, sizeof from);
    static const char hint[] = "  (Enter opens it)";
    int need = (int)sizeof hint + (parent ? (int)text_columns(from) + 2 : 0);
    if (cap_type(cap) == CAP_CNODE && x + need < s->area.width)
        x = sheet_text(s, x, row, LOOK_FAINT, hint);
    if (parent && x < s->area.width - 4) sheet_text(s, x + 2, row, LOOK_FAINT, from);
    if (slot_changed(scene, slot)) sheet_mark(s, row);
}

/* As wide as the longest of the names. The tree's are set in: they get all the columns there are. */
static int names_width(const struct scene *scene, const struct target *shown, unsigned count,
                       bool is_tree)
{
    int width = is_tree ? NAME_MOST : NAME_LEAST;
    for (unsigned i = 0; i < count && width < NAME_MOST; i++) {
        const char *name = name_of_slot(scene->world, shown[i].at);
        int columns = name ? (int)text_columns(name) : 0;
        if (columns > width) width = columns;
    }
    return width < NAME_MOST ? width : NAME_MOST;
}

static void slot_rows(const struct scene *scene, struct sheet *s, int *row, struct cap cnode,
                      const struct target *shown, unsigned count, const int *depth)
{
    int names = names_width(scene, shown, count, depth != NULL);
    for (unsigned i = 0; i < count; i++, ++*row) {
        if (sheet_shows(s, *row))
            slot_row(scene, s, *row, names, cnode, shown[i].at, depth ? depth[i] : -1);
        sheet_spot(s, *row, 1, s->area.width - 3, shown[i]);
    }
}

enum { SLOTS_SHOWN = 4096, SLOTS_LOOKED_AT = 1 << 16 };

/* Which of the CNode's slots have a name: the table of names is walked once. */
static void named_find(const struct scene *scene, struct cap cnode, bool *named)
{
    const struct world_state *state = world_state_at(scene->world);
    for (word_t i = 0; i < state->names_used && i < NAMES_MAX; i++) {
        paddr_t slot = state->names[i].slot;
        if (!cnode_holds(cnode, slot)) continue;
        word_t index = slot_index(cnode, slot);
        if (index < SLOTS_LOOKED_AT) named[index] = true;
    }
}

/* Slots that hold something or have a name, those with a name first; how many. */
static unsigned slots_find(const struct scene *scene, struct cap cnode, struct target *shown)
{
    unsigned count = 0, slots = cnode_slot_count(cnode);
    bool *named = calloc(SLOTS_LOOKED_AT, sizeof *named);
    if (named) named_find(scene, cnode, named);
    for (int pass = 0; named && pass < 2; pass++)
        for (unsigned i = 0; i < slots && i < SLOTS_LOOKED_AT && count < SLOTS_SHOWN; i++) {
            paddr_t slot = cap_object(cnode) + ((paddr_t)i << SLOT_BITS);
            bool full = cap_type(cte_at(scene->world, slot)->cap) != CAP_NULL;
            if (pass == 0 ? named[i] : full && !named[i])
                shown[count++] = (struct target){ TARGET_SLOT, slot };
        }
    free(named);
    return count;
}

/* ---- The tree: derivation lists run from each capability through all that was made of it ---- */

enum { ANCESTORS = 64 };

struct tree {
    const struct scene *scene;
    struct cap cnode;
    struct target *shown;
    int *depth;
    unsigned count;
    bool *met; /* by slot of the CNode */
};

/* The list runs from each capability through all that was made of it, and of that. Walked once: on the way the
 * ancestors of where one is lie on a stack. */
static void list_add(struct tree *t, paddr_t slot)
{
    const struct world *w = t->scene->world;
    paddr_t above[ANCESTORS];
    int count = 0;
    for (unsigned left = SLOTS_LOOKED_AT; slot && left > 0; left--) {
        int depth = 0;
        while (count && !kernel_slot_is_parent(w, above[count - 1], slot)) count--;
        for (int i = 0; i < count; i++) depth += cnode_holds(t->cnode, above[i]);
        word_t index = slot_index(t->cnode, slot);
        if (cnode_holds(t->cnode, slot) && index < SLOTS_LOOKED_AT && t->count < SLOTS_SHOWN) {
            t->met[index] = true;
            t->shown[t->count] = (struct target){ TARGET_SLOT, slot };
            t->depth[t->count++] = depth;
        }
        if (count < ANCESTORS) above[count++] = slot;
        slot = cte_next(cte_at(w, slot));
    }
}

static paddr_t list_start(const struct world *w, paddr_t slot)
{
    for (unsigned left = SLOTS_LOOKED_AT; left > 0 && cte_at(w, slot)->mdb_prev; left--)
        slot = cte_at(w, slot)->mdb_prev;
    return slot;
}

static void tree_rows(const struct scene *scene, struct sheet *s, int *row, struct cap cnode,
                      const struct target *found, unsigned count)
{
    struct tree t = { .scene = scene, .cnode = cnode };
    t.shown = calloc(SLOTS_SHOWN, sizeof *t.shown);
    t.depth = calloc(SLOTS_SHOWN, sizeof *t.depth);
    t.met = calloc(SLOTS_LOOKED_AT, sizeof *t.met);
    for (unsigned i = 0; t.shown && t.depth && t.met && i < count; i++) {
        word_t index = slot_index(cnode, found[i].at);
        bool full = cap_type(cte_at(scene->world, found[i].at)->cap) != CAP_NULL;
        if (full && index < SLOTS_LOOKED_AT && !t.met[index])
            list_add(&t, list_start(scene->world, found[i].at));
    }
    slot_rows(scene, s, row, cnode, t.shown, t.count, t.depth);
    free(t.shown);
    free(t.depth);
    free(t.met);
}

static void cnode_line(const struct scene *scene, struct sheet *s, int row, struct cap cnode,
                       unsigned used)
{
    char guard[80] = "no guard";
    unsigned slots = cnode_slot_count(cnode);
    if (cap_cnode_guard_size(cnode))
        snprintf(guard, sizeof guard, "guard 0x%" PRIx64 " of %" PRIu64 " bits",
                 cap_cnode_guard(cnode), cap_cnode_guard_size(cnode));
    int x = sheet_print(s, 1, row, LOOK_TITLE, "%s, radix %" PRIu64 ": %u slots, %u empty", guard,
                        cap_cnode_radix(cnode), slots, slots - used);
    const char *hint = scene->gaze.tree ? "   t: by slot" : "   t: derivation tree";
    if (x + (int)strlen(hint) < s->area.width) sheet_text(s, x, row, LOOK_FAINT, hint);
}

void cspace_draw(const struct scene *scene, struct sheet *s)
{
    const struct event *e = last_lookup(scene);
    unsigned depth;
    struct cap cnode = scene_cnode(scene, &depth);
    struct target *found = calloc(SLOTS_SHOWN, sizeof *found);
    int row = e && !depth ? lookup_draw(scene, s, e) : 0;
    if (cap_type(cnode) != CAP_CNODE) {
        sheet_text(s, 1, row, LOOK_PLAIN, "it has no CSpace");
    } else if (found) {
        unsigned count = slots_find(scene, cnode, found);
        cnode_line(scene, s, row++, cnode, count);
        if (scene->gaze.tree)
            tree_rows(scene, s, &row, cnode, found, count);
        else
            slot_rows(scene, s, &row, cnode, found, count, NULL);
    }
    free(found);
}
