/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys do in the mode in which they drive the machine: one table, read by help and key bar, too. */
#include <string.h>

#include "screen/inside.h"

/* clang-format off */
const struct key_row key_table[] = {
#define KEY(key, second, third, shown, bar, label, line, act, help) \
    { key, second, third, shown, bar, label, line, act, help },
#include "screen/keys.def"
#undef KEY
};
/* clang-format on */
const size_t key_count = sizeof key_table / sizeof key_table[0];

/* Whether a key types nothing and edits nothing. */
static bool works_while_typing(int key)
{
    return key >= KEY_F1_ || key == KEY_CTRL('l') || key == KEY_PAGE_UP_ || key == KEY_PAGE_DOWN_;
}

const struct key_row *key_find(int key, bool typing)
{
    if (key == KEY_NONE_ || (typing && !works_while_typing(key))) return NULL;
    for (size_t i = 0; i < key_count; i++) {
        const struct key_row *row = &key_table[i];
        if (row->key == key || row->second == key || row->third == key) return row;
    }
    return NULL;
}

static void open_with(struct screen *s, const char *text)
{
    s->typing = true;
    line_set(&s->line, text);
}

void act_goto(struct screen *s)
{
    open_with(s, "goto ");
}

void act_break(struct screen *s)
{
    open_with(s, "break ");
}

void act_search(struct screen *s)
{
    open_with(s, "apropos ");
}

void act_open(struct screen *s)
{
    s->typing = true;
}

/* Among the panes that are placed. */
static void focus_by(struct screen *s, unsigned step)
{
    if (!s->places) return;
    for (unsigned i = 0; i < s->places; i++)
        if (s->place[i].pane == s->focus) {
            s->focus = s->place[(i + step) % s->places].pane;
            return;
        }
    s->focus = s->place[0].pane;
}

void act_focus(struct screen *s)
{
    focus_by(s, 1);
}

void act_focus_back(struct screen *s)
{
    focus_by(s, s->places ? s->places - 1 : 0);
}

static void choose_by(struct screen *s, bool up)
{
    const struct world *w = session_world_at(s->shell->session);
    paddr_t before = 0, chosen = s->chosen;
    struct scene scene;
    scene_look(&scene, s->shell, s->chosen, s->ascii);
    chosen = scene.chosen;
    for (paddr_t t = threads_next(w, 0); t; t = threads_next(w, t)) {
        if (t == chosen) {
            paddr_t other = up ? before : threads_next(w, t);
            s->chosen = other ? other : t;
            return;
        }
        before = t;
    }
}

static void move_by(struct screen *s, bool up)
{
    int *scroll = s->saying ? &s->said_scroll : &s->scroll[s->focus];
    if (!s->saying && s->focus == PANE_THREADS) {
        choose_by(s, up);
        return;
    }
    *scroll += up ? -1 : 1;
    if (*scroll < 0) *scroll = 0;
}

void act_up(struct screen *s)
{
    move_by(s, true);
}

void act_down(struct screen *s)
{
    move_by(s, false);
}

void act_why(struct screen *s)
{
    struct scene scene;
    char name[48], line[64];
    scene_look(&scene, s->shell, s->chosen, s->ascii);
    view_thread_name(scene.session, scene.chosen, name, sizeof name);
    snprintf(line, sizeof line, "why %s", name);
    screen_do(s, line);
}

void act_layout(struct screen *s)
{
    s->layout = (enum layout_name)((s->layout + 1) % LAYOUT_COUNT);
    s->focus = PANE_THREADS;
}

void act_ascii(struct screen *s)
{
    s->ascii = !s->ascii;
}

void act_redraw(struct screen *s)
{
    (void)s; /* terminal.c sees the key, too, and forgets what the terminal shows */
}

void screen_keys_document(FILE *out)
{
    for (size_t i = 0; i < key_count; i++)
        if (*key_table[i].help) fprintf(out, "  %-7s %s\n", key_table[i].shown, key_table[i].help);
}

static void write_help(struct screen *s, FILE *out)
{
    (void)s;
    screen_keys_document(out);
    fputs(
        "  > runs, @ your seat, * changed by the last step, ! faulted, < its registers are shown\n"
        "  On the command line: all commands of the prompt; `help` lists them.\n",
        out);
}

void act_help(struct screen *s)
{
    screen_say(s, write_help);
}

void act_quit(struct screen *s)
{
    s->left = true;
    s->outcome = OUTCOME_DONE;
}
