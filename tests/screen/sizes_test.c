/* SPDX-License-Identifier: BSD-2-Clause */
/* Every size of terminal from 1x1 on: panes lie side by side and within the screen, whatever the layout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "part.h"
#include "screen/inside.h"

static struct shell shell;
static struct screen *screen;

static int sit_down(void **state)
{
    static const char *const lines[] = {
        "new endpoint ep",       "new thread t", "mint ep t_cspace/1 badge 5",
        "setspace t fault_ep 1", "as t",         "read 0"
    };
    struct problem p;
    (void)state;
    shell = (struct shell){ .width = 80, .top = "", .typed = true };
    shell.session = session_open(&kernel_config_default, 16 << 20, &p);
    assert_non_null(shell.session);
    assert_true(session_boot_prompt(shell.session, &p));
    screen = screen_open(&shell, 80, 24);
    assert_non_null(screen);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) screen_do(screen, lines[i]);
    screen->saying = false;
    return 0;
}

static int stand_up(void **state)
{
    (void)state;
    screen_close(screen);
    session_close(shell.session);
    return 0;
}

static bool overlap(const struct place *a, const struct place *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static void check_places(void)
{
    const struct grid *g = screen_draw(screen);
    for (unsigned i = 0; i < screen->places; i++) {
        const struct place *p = &screen->place[i];
        assert_true(p->x >= 1 && p->y >= 2 && p->width >= 1 && p->height >= 1);
        assert_true(p->x + p->width < g->columns && p->y + p->height < g->rows - 1);
        for (unsigned j = 0; j < i; j++) assert_false(overlap(p, &screen->place[j]));
    }
}

static bool is_placed(enum pane_id pane)
{
    return place_of(screen, pane) != NULL;
}

static void panes_lie_beside_each_other_in_every_size_and_layout(void **state)
{
    (void)state;
    for (unsigned layout = 0; layout < LAYOUT_COUNT; layout++) {
        screen_layout(screen, (enum layout_name)layout);
        for (int columns = 1; columns <= 250; columns += 1 + columns / 8)
            for (int rows = 1; rows <= 70; rows += 1 + rows / 12) {
                screen_resize(screen, columns, rows);
                check_places();
            }
    }
}

static void threads_and_message_are_never_hidden_from_80x24_on(void **state)
{
    (void)state;
    screen_layout(screen, LAYOUT_IPC);
    for (int columns = 80; columns <= 250; columns += 5)
        for (int rows = 24; rows <= 70; rows++) {
            screen_resize(screen, columns, rows);
            screen_draw(screen);
            assert_true(is_placed(PANE_THREADS) && is_placed(PANE_QUEUES) &&
                        is_placed(PANE_MESSAGE));
        }
}

/* Of two panes that go one after the other, the second goes only when the first is gone. */
static void panes_go_in_the_stated_order(void **state)
{
    static const enum pane_id order[] = { PANE_CONSOLE, PANE_CODE,     PANE_REGISTERS,
                                          PANE_CSPACE,  PANE_TIMELINE, PANE_STORY };
    (void)state;
    screen_layout(screen, LAYOUT_IPC);
    for (int rows = 24; rows <= 70; rows++) {
        screen_resize(screen, 100, rows);
        screen_draw(screen);
        for (size_t i = 0; i + 1 < sizeof order / sizeof order[0]; i++)
            if (is_placed(order[i])) assert_true(is_placed(order[i + 1]));
    }
}

static void the_cursor_never_leaves_what_can_be_chosen(void **state)
{
    (void)state;
    screen_resize(screen, 120, 40);
    for (unsigned layout = 0; layout < LAYOUT_COUNT; layout++) {
        screen_layout(screen, (enum layout_name)layout);
        for (unsigned pane = 0; pane < PANE_COUNT; pane++) {
            for (unsigned i = 0; i < 40; i++) {
                screen_draw(screen);
                screen_key(screen, "jjlkhj"[i % 6]);
            }
            screen_draw(screen);
            bool spots = place_of(screen, screen->focus) && screen->sheet[screen->focus].spots;
            assert_int_equal(selected(screen).kind != TARGET_NONE, spots);
            screen_key(screen, KEY_TAB_);
        }
    }
}

/* All that is no blank, in one piece. */
static char *letters_of(const struct prose *l)
{
    size_t size = l->size + 1, n = 0;
    char *text = calloc(1, size);
    assert_non_null(text);
    for (size_t i = 0; i < l->count; i++)
        for (const char *at = l->line[i]; *at; at++)
            if (*at != ' ') text[n++] = *at;
    return text;
}

static void check_answer(const char *line)
{
    screen_resize(screen, 80, 24);
    screen_do(screen, line);
    for (int columns = 20; columns < 80; columns += 7) {
        screen_resize(screen, columns, 20);
        char *written = letters_of(&screen->said), *shown = letters_of(&screen->shown);
        assert_string_equal(written, shown);
        free(written);
        free(shown);
        size_t indent = prose_indent(&screen->shown);
        for (size_t i = 0; i < screen->shown.count; i++)
            assert_in_range(text_columns(without_indent(screen->shown.line[i], indent)), 0,
                            columns - 3);
    }
    screen->saying = false;
}

static void answers_are_whole_on_screens_of_fewer_than_80_columns(void **state)
{
    static const char *const lines[] = {
        "threads",  "help",  "registers t", "explain fault",
        "help new", "queue", "why t",       "nothing of this kind"
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) check_answer(lines[i]);
}

static void row_text(int y, char *text, size_t size)
{
    const struct grid *g = screen_draw(screen);
    size_t n = 0;
    for (int x = 0; x < g->columns && n + 1 < size; x++) text[n++] = (char)grid_at(g, x, y)->c;
    text[n] = '\0';
}

static void the_key_bar_drops_keys_and_cuts_none(void **state)
{
    char text[300];
    (void)state;
    screen->cursor[screen->focus] = (struct target){ TARGET_NONE, 0 };
    for (int columns = 34; columns <= 250; columns++) {
        screen_resize(screen, columns, 24);
        row_text(23, text, sizeof text);
        assert_non_null(strstr(text, "? help  q quit"));
        assert_null(strchr(text, '~'));
    }
}

static void the_console_gets_no_room_that_others_could_use(void **state)
{
    (void)state;
    for (unsigned layout = 0; layout < LAYOUT_COUNT; layout++) {
        screen_layout(screen, (enum layout_name)layout);
        for (int columns = 80; columns <= 250; columns += 10)
            for (int rows = 24; rows <= 70; rows++) {
                screen_resize(screen, columns, rows);
                screen_draw(screen);
                const struct place *console = place_of(screen, PANE_CONSOLE);
                if (console) assert_in_range(console->height, 1, 6);
            }
    }
}

static bool has_look(enum look look)
{
    const struct grid *g = screen_draw(screen);
    for (int i = 0; i < g->columns * g->rows; i++)
        if (g->cell[i].look == look) return true;
    return false;
}

static bool shows(const char *what)
{
    char text[300];
    for (int y = 0; y < screen->grid.rows; y++) {
        row_text(y, text, sizeof text);
        if (strstr(text, what)) return true;
    }
    return false;
}

/* A fault is received phase by phase: its message takes much room, and gets none of the phase's. */
static void every_phase_tells_what_it_does_and_marks_what_it_touches(void **state)
{
    struct event e;
    (void)state;
    screen_layout(screen, LAYOUT_IPC);
    screen_do(screen, "as rootserver");
    screen_do(screen, "slowly recv ep");
    unsigned lookups = 0, messages = 0, sizes = 0;
    for (; session_phase(shell.session, NULL, &e); screen_do(screen, "step")) {
        screen->saying = false;
        for (int columns = 80; columns <= 250; columns += 34)
            for (int rows = 24; rows <= 70; rows += 7) {
                if (!part_has(sizes++)) continue;
                screen_resize(screen, columns, rows);
                screen_draw(screen);
                assert_true(is_placed(PANE_STORY) && is_placed(PANE_TIMELINE));
                assert_true(has_look(LOOK_TOUCHED));
                assert_true(shows(event_table[e.kind].kernel_function));
                if (e.kind == EVENT_LOOKUP) assert_true(shows("slot ep: endpoint ep"));
            }
        lookups += e.kind == EVENT_LOOKUP;
        messages += e.kind == EVENT_MESSAGE;
    }
    assert_int_equal(lookups, 1);
    assert_int_equal(messages, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panes_lie_beside_each_other_in_every_size_and_layout),
        cmocka_unit_test(threads_and_message_are_never_hidden_from_80x24_on),
        cmocka_unit_test(panes_go_in_the_stated_order),
        cmocka_unit_test(the_cursor_never_leaves_what_can_be_chosen),
        cmocka_unit_test(answers_are_whole_on_screens_of_fewer_than_80_columns),
        cmocka_unit_test(the_key_bar_drops_keys_and_cuts_none),
        cmocka_unit_test(the_console_gets_no_room_that_others_could_use),
        cmocka_unit_test(every_phase_tells_what_it_does_and_marks_what_it_touches),
    };
    return cmocka_run_group_tests(tests, sit_down, stand_up);
}
