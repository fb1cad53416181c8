/* SPDX-License-Identifier: BSD-2-Clause */
/* Graphs of what there is: capabilities with their derivation, threads with whom they wait for, the way of
 * a lookup. Data only; graph_write.c writes them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"
#include "view/picture.h"
#include "view/why.h"

enum { NO_NODE = GRAPH_NODES };

__attribute__((format(printf, 3, 4))) static unsigned
node_add(struct graph *g, enum graph_shape shape, const char *format, ...)
{
    if (g->nodes == GRAPH_NODES) {
        g->more = true;
        return NO_NODE;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(g->node[g->nodes].label, PICTURE_LABEL, format, args);
    va_end(args);
    g->node[g->nodes].shape = shape;
    return g->nodes++;
}

static void edge_add(struct graph *g, unsigned from, unsigned to, const char *label)
{
    if (from == NO_NODE || to == NO_NODE) return;
    if (g->edges == GRAPH_EDGES) {
        g->more = true;
        return;
    }
    g->edge[g->edges].from = from;
    g->edge[g->edges].to = to;
    snprintf(g->edge[g->edges++].label, PICTURE_LABEL, "%s", label);
}

static void graph_begin(struct graph *g, const char *name)
{
    memset(g, 0, sizeof *g);
    g->name = name;
}

/* ---- Capabilities ---- */

struct caps_graph {
    const struct session *s;
    struct graph *g;
    const struct holdings *h;
    unsigned node[HOLDINGS_MAX];   /* of each holding */
    unsigned object[HOLDINGS_MAX]; /* the node of the object that it names */
};

static bool same(struct cap a, struct cap b)
{
    return cap_type(a) == cap_type(b) && cap_object(a) == cap_object(b);
}

/* The thread whose CSpace begins at a CNode; 0: none. */
static paddr_t cspace_owner(const struct world *w, struct cap cnode)
{
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb))
        if (same(thread_cspace(w, tcb), cnode)) return tcb;
    return 0;
}

static unsigned object_node(struct caps_graph *c, unsigned i)
{
    struct cap cap = c->h->list[i].cap;
    for (unsigned j = 0; j < i; j++)
        if (same(c->h->list[j].cap, cap)) return c->object[j];
    char name[64];
    bool thread = cap_type(cap) == CAP_THREAD || cap_type(cap) == CAP_REPLY;
    paddr_t owner = cap_type(cap) == CAP_CNODE ? cspace_owner(session_world_at(c->s), cap) : 0;
    if (thread || owner)
        view_thread_name(c->s, owner ? owner : cap_object(cap), name, sizeof name);
    else
        view_object_name(c->s, cap_object(cap), name, sizeof name);
    return node_add(c->g, GRAPH_ROUND, "%s%s %s", cap_type_name(cap_type(cap)),
                    cap_type(cap) == CAP_REPLY ? " to"
                    : owner                    ? " of"
                                               : "",
                    name);
}

static unsigned holding_node(struct caps_graph *c, unsigned i)
{
    const struct holding *h = &c->h->list[i];
    char thread[48], slot[64], rights[24];
    view_thread_name(c->s, h->thread, thread, sizeof thread);
    view_holding_name(c->s, h, slot, sizeof slot);
    view_rights(h->cap, rights, sizeof rights);
    unsigned node =
        node_add(c->g, GRAPH_BOX, "%s: %s%s%s", thread, slot, *rights ? "  " : "", rights);
    bool badged = cap_type(h->cap) == CAP_ENDPOINT || cap_type(h->cap) == CAP_NOTIFICATION;
    if (node != NO_NODE && badged && h->cap.word[1])
        text_add(c->g->node[node].label, PICTURE_LABEL, "  badge 0x%" PRIx64, h->cap.word[1]);
    return node;
}

/* Below the capability that it was made of, else below the object. */
static void holding_hang(struct caps_graph *c, unsigned i)
{
    paddr_t parent = kernel_slot_parent(session_world_at(c->s), c->h->list[i].slot);
    for (unsigned j = 0; parent && j < c->h->count; j++) {
        if (c->h->list[j].slot != parent || !same(c->h->list[j].cap, c->h->list[i].cap)) continue;
        edge_add(c->g, c->node[j], c->node[i], "");
        return;
    }
    edge_add(c->g, c->object[i], c->node[i], "");
}

void graph_of_caps(const struct session *s, struct cap cap, struct graph *g)
{
    const struct world *w = session_world_at(s);
    struct caps_graph *c = calloc(1, sizeof *c);
    struct holdings *h = malloc(sizeof *h);
    graph_begin(g, "caps");
    if (c && h) {
        *c = (struct caps_graph){ .s = s, .g = g, .h = h };
        if (cap_type(cap) == CAP_NULL)
            holdings_of_meeting(w, h);
        else
            holdings_of(w, cap, h);
        g->more = h->more;
        for (unsigned i = 0; i < h->count; i++) c->object[i] = object_node(c, i);
        for (unsigned i = 0; i < h->count; i++) c->node[i] = holding_node(c, i);
        for (unsigned i = 0; i < h->count; i++) holding_hang(c, i);
    }
    free(c);
    free(h);
}

/* ---- Threads ---- */

enum { THREADS = 128 };

struct threads_graph {
    const struct session *s;
    const struct world *w;
    struct graph *g;
    unsigned count, objects;
    paddr_t tcb[THREADS];
    unsigned node[THREADS];
    paddr_t object[THREADS];
    unsigned object_node[THREADS];
};

static unsigned thread_node(const struct threads_graph *t, paddr_t tcb)
{
    for (unsigned i = 0; i < t->count; i++)
        if (t->tcb[i] == tcb) return t->node[i];
    return NO_NODE;
}

static unsigned meeting_node(struct threads_graph *t, const char *type, paddr_t object)
{
    char name[64];
    for (unsigned i = 0; i < t->objects; i++)
        if (t->object[i] == object) return t->object_node[i];
    if (t->objects == THREADS) return NO_NODE;
    view_object_name(t->s, object, name, sizeof name);
    t->object[t->objects] = object;
    return t->object_node[t->objects++] = node_add(t->g, GRAPH_ROUND, "%s %s", type, name);
}

static void threads_add(struct threads_graph *t)
{
    for (paddr_t tcb = threads_next(t->w, 0); tcb && t->count < THREADS;
         tcb = threads_next(t->w, tcb)) {
        char name[48];
        const struct tcb *at = tcb_at(t->w, tcb);
        if (at->state == TCB_IDLE) continue;
        view_thread_name(t->s, tcb, name, sizeof name);
        t->tcb[t->count] = tcb;
        t->node[t->count++] = node_add(t->g, GRAPH_BOX, "%s  %s", name, tcb_state_name(at->state));
    }
}

static void waits_add(struct threads_graph *t, paddr_t tcb, unsigned node)
{
    const struct tcb *at = tcb_at(t->w, tcb);
    if (at->state == TCB_BLOCKED_ON_RECEIVE)
        edge_add(t->g, node, meeting_node(t, "endpoint", at->blocking_object), "waits to receive");
    if (at->state == TCB_BLOCKED_ON_SEND)
        edge_add(t->g, node, meeting_node(t, "endpoint", at->blocking_object), "waits to send");
    if (at->state == TCB_BLOCKED_ON_NOTIFICATION)
        edge_add(t->g, node, meeting_node(t, "notification", at->blocking_object), "waits");
    if (at->bound_notification)
        edge_add(t->g, node, meeting_node(t, "notification", at->bound_notification),
                 "is bound to");
}

/* Where the kernel would send its fault. */
static void handler_add(struct threads_graph *t, paddr_t tcb, unsigned node)
{
    char label[64];
    paddr_t slot;
    word_t cptr = tcb_at(t->w, tcb)->fault_handler;
    if (kernel_config(t->w)->mcs || !cptr) return;
    if (kernel_lookup_slot(t->w, tcb, cptr, &slot).type != LOOKUP_OK) return;
    struct cap cap = cte_at(t->w, slot)->cap;
    if (cap_type(cap) != CAP_ENDPOINT) return;
    snprintf(label, sizeof label, "faults go to, badge 0x%" PRIx64, cap_endpoint_badge(cap));
    edge_add(t->g, node, meeting_node(t, "endpoint", cap_object(cap)), label);
}

void graph_of_threads(const struct session *s, struct graph *g)
{
    struct threads_graph *t = calloc(1, sizeof *t);
    graph_begin(g, "threads");
    if (!t) return;
    t->s = s;
    t->w = session_world_at(s);
    t->g = g;
    threads_add(t);
    for (unsigned i = 0; i < t->count; i++) {
        waits_add(t, t->tcb[i], t->node[i]);
        handler_add(t, t->tcb[i], t->node[i]);
        paddr_t caller = thread_owes_reply(t->w, t->tcb[i]);
        if (caller) edge_add(g, t->node[i], thread_node(t, caller), "may answer");
    }
    free(t);
}

/* ---- A lookup ---- */

/* "0000...0000 00001000": bits of the CPtr in front of the last `after`, a long run cut. */
static void bits_add(char *text, word_t cptr, unsigned bits, unsigned after)
{
    enum { WHOLE = 16, PART = 4 };
    for (unsigned i = 0; i < bits; i++) {
        if (bits > WHOLE && i == PART) {
            text_add(text, PICTURE_LABEL, "...");
            i = bits - PART;
        }
        text_add(text, PICTURE_LABEL, "%c", cptr >> ((after + bits - 1 - i) & 63) & 1 ? '1' : '0');
    }
}

static void level_label(const struct lookup_level *l, word_t cptr, char *label)
{
    unsigned guard = (unsigned)cap_cnode_guard_size(l->cnode);
    unsigned radix = (unsigned)cap_cnode_radix(l->cnode), left = (unsigned)l->bits_left;
    label[0] = '\0';
    if (guard && left >= guard) {
        text_add(label, PICTURE_LABEL, "guard ");
        bits_add(label, cptr, guard, left - guard);
        text_add(label, PICTURE_LABEL, l->guard_fits ? ", " : " does not fit");
    }
    if (!l->guard_fits || left < guard + radix) return;
    text_add(label, PICTURE_LABEL, "index ");
    bits_add(label, cptr, radix, left - guard - radix);
    text_add(label, PICTURE_LABEL, " = %" PRIu64, l->index);
}

void graph_of_lookup(const struct session *s, paddr_t tcb, word_t cptr, struct graph *g)
{
    const struct world *w = session_world_at(s);
    struct lookup_level level[LOOKUP_LEVELS_MAX];
    struct lookup_failure failure;
    char name[64], label[PICTURE_LABEL];
    unsigned count = kernel_lookup_levels(w, thread_cspace(w, tcb), cptr, 64, level, &failure);
    graph_begin(g, "cspace");
    view_thread_name(s, tcb, name, sizeof name);
    unsigned from = node_add(g, GRAPH_PLAIN, "CPtr 0x%" PRIx64 " in %s's CSpace", cptr, name);
    snprintf(label, sizeof label, "begins at");
    for (unsigned i = 0; i < count; i++) {
        if (level[i].cnode_slot) view_slot_name(s, level[i].cnode_slot, name, sizeof name);
        unsigned to =
            node_add(g, GRAPH_BOX, "%s%s: guard 0x%" PRIx64 " of %" PRIu64 " bits, radix %" PRIu64,
                     level[i].cnode_slot ? "CNode " : "root CNode", level[i].cnode_slot ? name : "",
                     cap_cnode_guard(level[i].cnode), cap_cnode_guard_size(level[i].cnode),
                     cap_cnode_radix(level[i].cnode));
        edge_add(g, from, to, label);
        level_label(&level[i], cptr, label);
        from = to;
    }
    char what[160] = "";
    bool found = failure.type == LOOKUP_OK && count && level[count - 1].slot;
    if (found) view_cap(s, cte_at(w, level[count - 1].slot)->cap, what, sizeof what);
    edge_add(g, from,
             node_add(g, GRAPH_ROUND, "%.90s", found ? what : lookup_failure_name(failure.type)),
             label);
}
