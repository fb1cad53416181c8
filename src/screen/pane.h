/* SPDX-License-Identifier: BSD-2-Clause */
/* Panes: each reads the machine and draws facts into a rectangle. A row of panes.def is one pane. */
#ifndef FAULTLINE_SCREEN_PANE_H
#define FAULTLINE_SCREEN_PANE_H

#include "screen/grid.h"
#include "shell/shell.h"
#include "view/internal.h"

/* What the panes look at. */
struct scene {
    const struct shell *shell;
    const struct session *session;
    const struct world *world;
    paddr_t seat;
    paddr_t chosen;  /* whose registers, code and CSpace */
    paddr_t holder;  /* whose message; 0: none is to be shown */
    paddr_t faulter; /* whom the holder may answer; 0: nobody */
    bool ascii;
};

void scene_look(struct scene *scene, const struct shell *sh, paddr_t chosen, bool ascii);
/* "@5", or "@5.2" inside a kernel entry. */
void scene_position(const struct scene *scene, char *text, size_t size);

enum pane_id {
#define PANE(id, name, title, want, draw) PANE_##id,
#include "screen/panes.def"
#undef PANE
    PANE_COUNT,
    PANE_NONE = PANE_COUNT
};

struct pane {
    const char *name;
    void (*title)(const struct scene *scene, char *text, size_t size);
    /* Rows that would show everything in this width. */
    int (*want)(const struct scene *scene, int width);
    /* `scroll`: rows at the top that are left out. */
    void (*draw)(const struct scene *scene, const struct area *a, int scroll);
};
extern const struct pane pane_table[PANE_COUNT];

#define PANE(id, name, title, want, draw)                                                          \
    void title(const struct scene *scene, char *text, size_t size);                                \
    int want(const struct scene *scene, int width);                                                \
    void draw(const struct scene *scene, const struct area *a, int scroll);
#include "screen/panes.def"
#undef PANE

/* ---- prose.c: text that a view or a command has written, line by line ---- */
struct prose {
    char *text;
    size_t size, count;
    char **line;
};
FILE *prose_open(struct prose *l);
/* Closes the stream and cuts the text. */
void prose_close(struct prose *l, FILE *out);
void prose_free(struct prose *l);
/* Draws them without their indent; a line `more ~` tells of what is left out. */
void prose_draw(const struct prose *l, const struct area *a, int scroll);

/* The kernel entry whose phases are told: events from..to; false: there was none. */
bool scene_entry(const struct scene *scene, size_t *from, size_t *to);

#endif
