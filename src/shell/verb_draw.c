/* SPDX-License-Identifier: BSD-2-Clause */
/* draw: pictures, to the terminal or into a file whose ending says in which language. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"
#include "shell/recording.h"
#include "view/picture.h"
#include "world/whole.h"

enum { SEQUENCE_SHOWN = 30 };

/* What is drawn, and where to. */
struct drawing {
    enum picture_form form;
    bool to_file;
    char path[1024];
    struct whole whole;
    struct view view;
};

static bool form_of(const char *path, enum picture_form *form)
{
    static const char *const ending[PICTURE_FORMS] = { ".txt", ".svg", ".dot", ".mmd" };
    const char *dot = strrchr(path, '.');
    for (unsigned i = 0; dot && i < PICTURE_FORMS; i++)
        if (strcmp(dot, ending[i]) == 0) return *form = (enum picture_form)i, true;
    return false;
}

/* [-o FILE], and nothing behind it. The file is opened last: a wrong line leaves it as it is. */
static bool drawing_begin(struct shell *sh, struct args *a, struct drawing *d)
{
    const char *word;
    *d = (struct drawing){ .view = shell_view(sh) };
    if (!arg_key(a, "-o")) return arg_end(a);
    if (!arg_text(a, "a file", &word) || !arg_end(a)) return false;
    word_unquote(word, d->path, sizeof d->path);
    if (!form_of(d->path, &d->form))
        return problem_set(&a->problem, "the ending says what it becomes: .svg .dot .mmd .txt",
                           "`%.80s` has none of the endings of a picture", d->path);
    d->to_file = true;
    bool begun = whole_begin(&d->whole, shell_leaves_files_alone(sh) ? "/dev/null" : d->path);
    d->view.out = d->whole.out;
    return begun || problem_set(&a->problem, "choose a place where you may write", "%.100s: %s",
                                d->path, strerror(errno));
}

static enum outcome drawing_end(struct shell *sh, struct args *a, struct drawing *d)
{
    if (!d->to_file) return OUTCOME_DONE;
    if (!whole_end(&d->whole)) {
        problem_set(&a->problem, "what was there before is there still; is the disk full?",
                    "%.100s could not be written: %s", d->path, strerror(errno));
        return OUTCOME_FAILED;
    }
    if (!sh->silent) shell_say(sh, "  drawn: %s", d->path);
    return OUTCOME_DONE;
}

static enum outcome draw_graph(struct shell *sh, struct args *a, struct graph *g)
{
    struct drawing d;
    if (!drawing_begin(sh, a, &d)) return OUTCOME_FAILED;
    graph_write(g, &d.view, d.form);
    return drawing_end(sh, a, &d);
}

/* sequence [N]: of the last N steps since the script or lesson began. */
static enum outcome draw_sequence(struct shell *sh, struct args *a)
{
    word_t steps = SEQUENCE_SHOWN;
    struct drawing d;
    if (arg_more(a) && strcmp(a->word[a->at], "-o") != 0 && !arg_word(a, "how many steps", &steps))
        return OUTCOME_FAILED;
    if (!drawing_begin(sh, a, &d)) return OUTCOME_FAILED;
    struct sequence *q = malloc(sizeof *q);
    if (q) {
        sequence_make(sh->session, shell_first_event(sh),
                      steps > SEQUENCE_STEPS ? SEQUENCE_STEPS : (unsigned)steps, q);
        sequence_write(q, &d.view, d.form);
    }
    free(q);
    return drawing_end(sh, a, &d);
}

/* caps [SLOT] */
static enum outcome draw_caps(struct shell *sh, struct args *a, struct graph *g)
{
    struct cap cap = cap_new(CAP_NULL);
    struct slot_ref ref;
    if (arg_more(a) && strcmp(a->word[a->at], "-o") != 0) {
        if (!arg_slot(a, "a slot", false, &ref)) return OUTCOME_FAILED;
        cap = scope_slot_cap(&a->sc, &ref);
        if (cap_type(cap) == CAP_NULL) {
            problem_set(&a->problem, "`caps` shows what lies where", "that slot is empty");
            return OUTCOME_FAILED;
        }
    }
    graph_of_caps(sh->session, cap, g);
    return draw_graph(sh, a, g);
}

/* cspace SLOT: in text bit by bit, as `lookup` draws it. */
static enum outcome draw_cspace(struct shell *sh, struct args *a, struct graph *g)
{
    struct slot_ref ref;
    struct drawing d;
    if (!arg_slot(a, "a CPtr", false, &ref)) return OUTCOME_FAILED;
    if (!ref.is_own) {
        problem_set(&a->problem, "`as X`, then `draw cspace CPTR`",
                    "a lookup begins in the seat's own CSpace");
        return OUTCOME_FAILED;
    }
    if (!drawing_begin(sh, a, &d)) return OUTCOME_FAILED;
    graph_of_lookup(sh->session, a->sc.seat, ref.index, g);
    if (d.form == PICTURE_TEXT)
        view_lookup(&d.view, a->sc.seat, ref.index, 64);
    else
        graph_write(g, &d.view, d.form);
    return drawing_end(sh, a, &d);
}

enum outcome verb_draw(struct shell *sh, struct args *a)
{
    enum outcome outcome = OUTCOME_FAILED;
    struct graph *g = malloc(sizeof *g);
    if (!g) return OUTCOME_FAILED;
    if (arg_key(a, "sequence")) {
        outcome = draw_sequence(sh, a);
    } else if (arg_key(a, "caps")) {
        outcome = draw_caps(sh, a, g);
    } else if (arg_key(a, "cspace")) {
        outcome = draw_cspace(sh, a, g);
    } else if (arg_key(a, "threads")) {
        graph_of_threads(sh->session, g);
        outcome = draw_graph(sh, a, g);
    } else {
        problem_set(&a->problem, "draw sequence, draw caps, draw cspace CPTR, draw threads",
                    "draw what?");
    }
    free(g);
    return outcome;
}
