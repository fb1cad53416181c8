/* SPDX-License-Identifier: BSD-2-Clause */
/* Panes: each reads the machine and draws facts on a sheet. A row of panes.def is one pane. */
#ifndef FAULTLINE_SCREEN_PANE_H
#define FAULTLINE_SCREEN_PANE_H

#include "screen/sheet.h"
#include "shell/shell.h"
#include "view/internal.h"

enum { CNODES_DEEP = 8 };

/* Signs of commands, as they stood when their events were held: for when those are gone. */
struct signs {
    unsigned next;
    struct sign {
        word_t step, end;
        char line[32], text[32]; /* as much of it as tells it from others */
    } kept[64];
};

/* What the person has chosen to look at. */
struct gaze {
    paddr_t chosen; /* a thread; 0: the screen chooses */
    unsigned depth; /* of the CNode that is opened; 0: the root of the thread's CSpace */
    paddr_t cnode[CNODES_DEEP]; /* on the way there: slots, each in the CNode before it */
    bool has_memory, tree, ascii;
    word_t memory;          /* address; else the thread's stack */
    struct target selected; /* under the cursor of the pane that has it */
    struct signs *signs;    /* or NULL */
};

/* What the panes look at. */
struct scene {
    const struct shell *shell;
    const struct session *session;
    const struct world *world;
    struct gaze gaze;
    paddr_t seat;
    paddr_t chosen;  /* whose registers, code and CSpace */
    paddr_t holder;  /* whose message; 0: none is to be shown */
    paddr_t faulter; /* whom the holder may answer; 0: nobody */
    bool ascii;
    bool reply_beside;      /* the pane of replies is there */
    unsigned touched_count; /* by the phase that is shown */
    struct target touched[40];
};

void scene_look(struct scene *scene, const struct shell *sh, const struct gaze *gaze);
/* "@5", or "@5.2" inside a kernel entry. */
void scene_position(const struct scene *scene, char *text, size_t size);
/* What the phase that is shown has to do with (touched.c); and whether that is any of a kind. */
void scene_touch(struct scene *scene);
bool scene_touches(const struct scene *scene, enum target_kind kind);

enum pane_id {
#define PANE(id, name, title, draw, from_end) PANE_##id,
#include "screen/panes.def"
#undef PANE
    PANE_COUNT,
    PANE_NONE = PANE_COUNT
};

struct pane {
    const char *name;
    void (*title)(const struct scene *scene, char *text, size_t size);
    void (*draw)(const struct scene *scene, struct sheet *s);
    bool from_end; /* its last rows are seen first */
};
extern const struct pane pane_table[PANE_COUNT];
/* Rows that would show everything in this width. */
int pane_want(enum pane_id pane, const struct scene *scene, int width);

#define PANE(id, name, title, draw, from_end)                                                      \
    void title(const struct scene *scene, char *text, size_t size);                                \
    void draw(const struct scene *scene, struct sheet *s);
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
/* The indent that its lines have in common, but for those that begin at the left; and a line without it. */
size_t prose_indent(const struct prose *l);
const char *without_indent(const char *line, size_t indent);
/* Draws them without their indent from a row of a sheet on; returns the row behind the last. */
int prose_draw(const struct prose *l, struct sheet *s, int row);
/* Draws one text, in as many rows as it takes; returns the row behind the last. */
int sheet_wrap(struct sheet *s, int row, enum look look, const char *text);
/* A view that writes into a prose of this width; .out is NULL when the host has no room. */
struct view prose_view(struct prose *l, const struct scene *scene, int width);

/* ---- fill.c: text that was written for another width ---- */
/* Pages and answers are written in lines of up to 80 columns: their paragraphs anew, in lines of this width. */
void prose_fill(const struct prose *from, unsigned width, struct prose *to);
/* The same, but only what is too long: what the kernel and programs print, which nobody has cut. */
void prose_fill_voices(const struct prose *from, unsigned width, struct prose *to);
/* Whether all but those prints is in lines of this width or less, drawn without their indent. */
bool prose_fits(const struct prose *l, unsigned width);

/* ---- Facts that several panes want ---- */

/* "registers of faulter" */
void title_of_chosen(const struct scene *scene, const char *what, char *text, size_t size);
/* The kernel entry whose phases are told: events from..to; false: there was none. */
bool scene_entry(const struct scene *scene, size_t *from, size_t *to);
/* Whether an event of a kind is among [from, to). */
bool scene_entry_has(const struct scene *scene, size_t from, size_t to, enum event_kind kind);
/* The CNode that the CSpace pane shows, and how deep it lies: what has gone meanwhile ends the way there. A null
 * capability: there is none. */
struct cap scene_cnode(const struct scene *scene, unsigned *depth);
/* Where the memory pane begins, and how many bytes a row has. */
word_t scene_memory(const struct scene *scene, int width, unsigned *row_bytes);
/* A register of the chosen thread, by its row in the pane; its name in *name. */
enum context_reg scene_context(unsigned i);
word_t scene_register(const struct scene *scene, unsigned i, const char **name);

#endif
