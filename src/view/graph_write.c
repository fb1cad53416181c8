/* SPDX-License-Identifier: BSD-2-Clause */
/* A graph as text, SVG, DOT and Mermaid. Text and SVG lay it out as a forest, each node in a row of its own
 * below the first that leads to it; further edges are said in words, or drawn as curves. */
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"
#include "view/picture.h"

enum { DEPTH_MAX = 24, NONE = GRAPH_EDGES };

/* A node's place in the forest, in order of rows. */
struct visit {
    unsigned node, depth, edge; /* edge: by which it was reached; NONE: a root */
    bool again;                 /* it has a row already: said only */
    bool last;                  /* of its siblings */
};

struct forest {
    unsigned count;
    bool seen[GRAPH_NODES];
    struct visit visit[GRAPH_NODES + GRAPH_EDGES];
};

static void forest_walk(const struct graph *g, struct forest *f, unsigned node, unsigned edge,
                        unsigned depth)
{
    struct visit *v = &f->visit[f->count++];
    *v = (struct visit){ .node = node, .depth = depth, .edge = edge, .last = true };
    v->again = f->seen[node];
    if (f->seen[node]) return;
    f->seen[node] = true;
    unsigned before = NONE;
    for (unsigned i = 0; i < g->edges && depth + 1 < DEPTH_MAX; i++) {
        if (g->edge[i].from != node) continue;
        if (before != NONE) f->visit[before].last = false;
        before = f->count;
        forest_walk(g, f, g->edge[i].to, i, depth + 1);
    }
}

static void forest_make(const struct graph *g, struct forest *f)
{
    bool led_to[GRAPH_NODES] = { false };
    for (unsigned i = 0; i < g->edges; i++) led_to[g->edge[i].to] = true;
    for (unsigned i = 0; i < g->nodes; i++)
        if (!led_to[i]) forest_walk(g, f, i, NONE, 0);
    for (unsigned i = 0; i < g->nodes; i++)
        if (!f->seen[i]) forest_walk(g, f, i, NONE, 0);
}

/* ---- Text ---- */

/* Without a drawing: each node with that which leads to it. */
static void say_nodes(const struct graph *g, const struct forest *f, const struct view *v)
{
    for (unsigned i = 0; i < f->count; i++) {
        const struct visit *at = &f->visit[i];
        const char *label = at->edge == NONE ? "" : g->edge[at->edge].label;
        if (at->edge == NONE)
            view_line(v, "begins: %s", g->node[at->node].label);
        else
            view_line(v, "%s%s%s: %s", g->node[g->edge[at->edge].from].label, *label ? ", " : "",
                      label, g->node[at->node].label);
    }
}

static void write_text(const struct graph *g, const struct forest *f, const struct view *v)
{
    if (v->plain) {
        say_nodes(g, f, v);
        if (g->more) view_line(v, "and more");
        return;
    }
    bool goes_on[DEPTH_MAX] = { false };
    const char *bar = v->ascii ? "|  " : "│  ", *tee = v->ascii ? "|- " : "├─ ",
               *end = v->ascii ? "`- " : "└─ ";
    for (unsigned i = 0; i < f->count; i++) {
        const struct visit *at = &f->visit[i];
        char line[2 * TEXT_SIZE] = "";
        for (unsigned d = 1; d < at->depth; d++)
            text_add(line, sizeof line, "%s", goes_on[d] ? bar : "   ");
        if (at->depth) text_add(line, sizeof line, "%s", at->last ? end : tee);
        if (at->edge != NONE && *g->edge[at->edge].label)
            text_add(line, sizeof line, "%s: ", g->edge[at->edge].label);
        text_add(line, sizeof line, "%s", g->node[at->node].label);
        view_line(v, "  %s", line);
        goes_on[at->depth] = !at->last;
    }
    if (g->more) view_line(v, "  and more");
}

/* ---- SVG ---- */

enum { ROW = 46, BOX_HEIGHT = 28, LETTER = 8, STEP = 70, MARGIN = 20 };

struct layout {
    unsigned x[GRAPH_NODES], y[GRAPH_NODES], wide[GRAPH_NODES];
    unsigned width, height;
};

static void lay_out(const struct graph *g, const struct forest *f, struct layout *l)
{
    unsigned row = 0, beside = 0;
    for (unsigned i = 0; i < f->count; i++) {
        const struct visit *at = &f->visit[i];
        if (at->again) { /* a curve, with its label behind the box that it leaves */
            unsigned wide = LETTER * (unsigned)text_columns(g->edge[at->edge].label);
            if (wide > beside) beside = wide;
            continue;
        }
        unsigned n = at->node;
        l->wide[n] = LETTER * (unsigned)text_columns(g->node[n].label) + 16;
        l->x[n] = MARGIN + STEP * at->depth;
        /* An edge's label stands above the box that it leads to. */
        if (at->edge != NONE && *g->edge[at->edge].label) row += 16;
        l->y[n] = MARGIN + row;
        row += ROW;
        if (l->x[n] + l->wide[n] > l->width) l->width = l->x[n] + l->wide[n];
    }
    l->width += beside + 6 * MARGIN;
    l->height = row + 2 * MARGIN;
}

static void svg_edge(const struct graph *g, const struct layout *l, unsigned i, bool tree,
                     FILE *out)
{
    unsigned a = g->edge[i].from, b = g->edge[i].to;
    unsigned ax = l->x[a] + 14, ay = l->y[a] + BOX_HEIGHT, bx = l->x[b],
             by = l->y[b] + BOX_HEIGHT / 2;
    if (tree) {
        fprintf(out, "<path d=\"M%u,%u V%u H%u\" class=\"edge\"/>\n", ax, ay, by, bx - 2);
    } else {
        ax = l->x[a] + l->wide[a];
        ay = l->y[a] + BOX_HEIGHT / 2;
        bx = l->x[b] + l->wide[b];
        unsigned far = (ax > bx ? ax : bx) + 60;
        fprintf(out, "<path d=\"M%u,%u C%u,%u %u,%u %u,%u\" class=\"edge far\"/>\n", ax, ay, far,
                ay, far, by, bx + 2, by);
    }
    if (!*g->edge[i].label) return;
    unsigned tx = l->x[b], ty = l->y[b] - 4;
    if (!tree) { /* beside the box that it leaves, on the side from which the curve turns away */
        tx = l->x[a] + l->wide[a] + 6;
        ty = l->y[a] + BOX_HEIGHT / 2 + 14;
        if (by > ay) ty -= 20;
    }
    fprintf(out, "<text x=\"%u\" y=\"%u\" class=\"small\">", tx, ty);
    picture_label(out, PICTURE_SVG, g->edge[i].label);
    fputs("</text>\n", out);
}

static void svg_node(const struct graph *g, const struct layout *l, unsigned n, FILE *out)
{
    static const char *const class[] = { "box", "round", "plain" };
    fprintf(out, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"%d\" class=\"%s\"/>\n",
            l->x[n], l->y[n], l->wide[n], BOX_HEIGHT, g->node[n].shape == GRAPH_ROUND ? 14 : 2,
            class[g->node[n].shape]);
    fprintf(out, "<text x=\"%u\" y=\"%u\">", l->x[n] + 8, l->y[n] + 19);
    picture_label(out, PICTURE_SVG, g->node[n].label);
    fputs("</text>\n", out);
}

static void write_svg(const struct graph *g, const struct forest *f, FILE *out)
{
    struct layout *l = calloc(1, sizeof *l);
    if (!l) return;
    lay_out(g, f, l);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
            "viewBox=\"0 0 %u %u\">\n"
            "<style>text{font:13px monospace}.small{font-size:11px;fill:#555}.box{fill:#e8f0fa;"
            "stroke:#345}.round{fill:#fff6c8;stroke:#b59a2e}.plain{fill:none}.edge{fill:none;"
            "stroke:#333;marker-end:url(#head)}.far{stroke-dasharray:5 3}</style>\n"
            "<defs><marker id=\"head\" markerWidth=\"10\" markerHeight=\"8\" refX=\"9\" refY=\"4\" "
            "orient=\"auto\"><path d=\"M0,0 L10,4 L0,8 z\"/></marker></defs>\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            l->width, l->height, l->width, l->height);
    for (unsigned i = 0; i < f->count; i++)
        if (f->visit[i].edge != NONE) svg_edge(g, l, f->visit[i].edge, !f->visit[i].again, out);
    for (unsigned n = 0; n < g->nodes; n++) svg_node(g, l, n, out);
    fputs("</svg>\n", out);
    free(l);
}

/* ---- DOT ---- */

static void write_dot(const struct graph *g, FILE *out)
{
    static const char *const shape[] = { "box", "ellipse", "plaintext" };
    fprintf(out, "digraph %s {\n  rankdir=LR;\n", g->name);
    for (unsigned i = 0; i < g->nodes; i++) {
        fprintf(out, "  n%u [shape=%s label=\"", i, shape[g->node[i].shape]);
        picture_label(out, PICTURE_DOT, g->node[i].label);
        fputs("\"];\n", out);
    }
    for (unsigned i = 0; i < g->edges; i++) {
        bool labelled = *g->edge[i].label != '\0';
        fprintf(out, "  n%u -> n%u%s", g->edge[i].from, g->edge[i].to,
                labelled ? " [label=\"" : "");
        picture_label(out, PICTURE_DOT, g->edge[i].label);
        fputs(labelled ? "\"];\n" : ";\n", out);
    }
    fputs("}\n", out);
}

/* ---- Mermaid ---- */

static void write_mermaid(const struct graph *g, FILE *out)
{
    static const char *const open[] = { "[\"", "([\"", "[\"" }, *const close[] = { "\"]", "\"])",
                                                                                   "\"]" };
    fputs("flowchart LR\n", out);
    for (unsigned i = 0; i < g->nodes; i++) {
        fprintf(out, "  n%u%s", i, open[g->node[i].shape]);
        picture_label(out, PICTURE_MERMAID, g->node[i].label);
        fprintf(out, "%s\n", close[g->node[i].shape]);
    }
    for (unsigned i = 0; i < g->edges; i++) {
        bool labelled = *g->edge[i].label != '\0';
        fprintf(out, "  n%u -->%s", g->edge[i].from, labelled ? "|\"" : " ");
        picture_label(out, PICTURE_MERMAID, g->edge[i].label);
        fprintf(out, "%sn%u\n", labelled ? "\"| " : "", g->edge[i].to);
    }
}

void graph_write(const struct graph *g, const struct view *v, enum picture_form form)
{
    struct forest *f = calloc(1, sizeof *f);
    if (!f) return;
    forest_make(g, f);
    switch (form) {
    case PICTURE_SVG: write_svg(g, f, v->out); break;
    case PICTURE_DOT: write_dot(g, v->out); break;
    case PICTURE_MERMAID: write_mermaid(g, v->out); break;
    default: write_text(g, f, v); break;
    }
    free(f);
}
