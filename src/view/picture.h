/* SPDX-License-Identifier: BSD-2-Clause */
/* Pictures as data, and their writers. A picture is made once, as a sequence or a graph; text, SVG,
 * Graphviz DOT and Mermaid are written of the same data. */
#ifndef FAULTLINE_VIEW_PICTURE_H
#define FAULTLINE_VIEW_PICTURE_H

#include "view/view.h"

enum picture_form { PICTURE_TEXT, PICTURE_SVG, PICTURE_DOT, PICTURE_MERMAID, PICTURE_FORMS };

enum { PICTURE_LABEL = 96 };

/* ---- Who did what to whom, in time ---- */

enum { SEQUENCE_LINES = 10, SEQUENCE_STEPS = 400 };

enum sequence_style { SEQUENCE_ARROW, SEQUENCE_ANSWER, SEQUENCE_NOTE };

struct sequence_step {
    enum sequence_style style;
    unsigned from, to; /* lifelines; the same for a note */
    char label[PICTURE_LABEL];
};

struct sequence {
    unsigned lines, count;
    size_t left_out; /* steps before the first, or of threads that found no room */
    struct {
        paddr_t tcb; /* 0: the kernel */
        char name[48];
    } line[SEQUENCE_LINES];
    struct sequence_step step[SEQUENCE_STEPS];
};

/* The last `steps` of what happened since event number `from`. */
void sequence_make(const struct session *s, size_t from, unsigned steps, struct sequence *q);
void sequence_write(const struct sequence *q, const struct view *v, enum picture_form form);

/* ---- What hangs on what ---- */

enum { GRAPH_NODES = 512, GRAPH_EDGES = 1024 };

enum graph_shape { GRAPH_BOX, GRAPH_ROUND, GRAPH_PLAIN };

struct graph {
    const char *name;
    unsigned nodes, edges;
    bool more; /* than there was room for */
    struct {
        enum graph_shape shape;
        char label[PICTURE_LABEL];
    } node[GRAPH_NODES];
    struct {
        unsigned from, to;
        char label[PICTURE_LABEL];
    } edge[GRAPH_EDGES];
};

/* Capabilities, each below the one that it was made of: to one object, or (a null `cap`) to all that threads
 * can wait at, be, or name. */
void graph_of_caps(const struct session *s, struct cap cap, struct graph *g);
/* Threads, what they wait at, whom they may answer, where their faults go. */
void graph_of_threads(const struct session *s, struct graph *g);
/* The way of a CPtr through a thread's CSpace. */
void graph_of_lookup(const struct session *s, paddr_t tcb, word_t cptr, struct graph *g);
void graph_write(const struct graph *g, const struct view *v, enum picture_form form);

/* ---- picture_label.c ---- */

/* A label as an attribute or text of that form. */
void picture_label(FILE *out, enum picture_form form, const char *label);

#endif
