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

void act_goto(struct screen *s)
{
    screen_type(s, "goto ");
}

void act_break(struct screen *s)
{
    break_target(s, selected(s));
}

void act_search(struct screen *s)
{
    screen_type(s, "");
    s->searching = true;
}

void act_line(struct screen *s)
{
    s->typing = true;
}

void act_open(struct screen *s)
{
    struct target target = selected(s);
    if (target.kind == TARGET_NONE)
        act_line(s);
    else
        open_target(s, target);
}

void act_explain(struct screen *s)
{
    explain_target(s, selected(s));
}

/* One thing less at each press. */
void act_escape(struct screen *s)
{
    if (selected(s).kind != TARGET_NONE)
        s->cursor[s->focus] = (struct target){ TARGET_NONE, 0 };
    else if (s->gaze.depth)
        s->gaze.depth--;
    else
        s->alone = false;
}

/* ---- Panes and layouts ---- */

/* Among the panes that are placed; of all, when there is one with all the room. */
static void focus_by(struct screen *s, bool back)
{
    if (s->places < 2) {
        s->focus = (enum pane_id)((s->focus + (back ? PANE_COUNT - 1 : 1)) % PANE_COUNT);
        return;
    }
    unsigned step = back ? s->places - 1 : 1;
    for (unsigned i = 0; i < s->places; i++)
        if (s->place[i].pane == s->focus) {
            s->focus = s->place[(i + step) % s->places].pane;
            return;
        }
    s->focus = s->place[0].pane;
}

void act_focus(struct screen *s)
{
    focus_by(s, false);
}

void act_focus_back(struct screen *s)
{
    focus_by(s, true);
}

void act_layout(struct screen *s)
{
    screen_layout(s, (enum layout_name)((s->layout + 1) % LAYOUT_COUNT));
}

void act_layout_ipc(struct screen *s)
{
    screen_layout(s, LAYOUT_IPC);
}

void act_layout_code(struct screen *s)
{
    screen_layout(s, LAYOUT_CODE);
}

void act_layout_caps(struct screen *s)
{
    screen_layout(s, LAYOUT_CAPABILITIES);
}

void act_layout_lesson(struct screen *s)
{
    screen_layout(s, LAYOUT_LESSON);
}

void act_alone(struct screen *s)
{
    s->alone = !s->alone;
}

void act_tree(struct screen *s)
{
    s->gaze.tree = !s->gaze.tree;
}

void act_mouse(struct screen *s)
{
    s->no_mouse = !s->no_mouse;
}

void act_ascii(struct screen *s)
{
    s->gaze.ascii = !s->gaze.ascii;
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
    fputs("  Signs: > runs, @ your seat, ! faulted, < shown from inside, * changed,\n"
          "  # touched by this phase, ~ cut off. States: = can run, < waits to receive,\n"
          "  > to send, & for a signal, ? for an answer, . inactive, z idle.\n"
          "  On the command line: all commands of the prompt, and `layout`.\n",
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
