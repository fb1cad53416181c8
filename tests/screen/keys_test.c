/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys and clicks do to the screen's state: the cursor and what it opens, stops at and explains; the line
 * that is typed; a run that is watched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "screen/inside.h"

struct seat {
    struct shell shell;
    struct screen *screen;
};

/* A machine with an endpoint ep, and a thread t whose faults go there, on a screen of 120x40. */
static int sit_down(void **state)
{
    static const char *const lines[] = { "new endpoint ep", "new thread t",
                                         "mint ep t_cspace/1 badge 5", "setspace t fault_ep 1" };
    struct problem p;
    struct seat *seat = calloc(1, sizeof *seat);
    seat->shell = (struct shell){ .width = 80, .top = "", .typed = true };
    seat->shell.session = session_open(&kernel_config_default, 16 << 20, &p);
    if (!seat->shell.session || !session_boot_prompt(seat->shell.session, &p)) return -1;
    seat->screen = screen_open(&seat->shell, 120, 40);
    if (!seat->screen) return -1;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) screen_do(seat->screen, lines[i]);
    seat->screen->saying = false;
    *state = seat;
    return 0;
}

static int stand_up(void **state)
{
    struct seat *seat = *state;
    screen_close(seat->screen);
    session_close(seat->shell.session);
    free(seat);
    return 0;
}

static void press(struct screen *s, const char *keys)
{
    for (; *keys; keys++) {
        screen_draw(s);
        screen_key(s, *keys);
    }
    screen_draw(s);
}

static paddr_t thread(const struct seat *seat, const char *name)
{
    return thread_find(session_world_at(seat->shell.session), name);
}

static bool said(const struct screen *s, const char *what)
{
    for (size_t i = 0; i < s->said.count; i++)
        if (strstr(s->said.line[i], what)) return true;
    return false;
}

static void enter_opens_the_command_line_when_nothing_is_chosen(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    press(s, "\n");
    assert_true(s->typing);
    press(s, "\n");
    assert_false(s->typing);
}

static void enter_on_a_thread_shows_it_and_again_sits_down_in_it(void **state)
{
    struct seat *seat = *state;
    press(seat->screen, "jj\n");
    assert_false(seat->screen->typing);
    assert_int_equal(seat->screen->gaze.chosen, thread(seat, "t"));
    assert_int_not_equal(session_seat(seat->shell.session), thread(seat, "t"));
    press(seat->screen, "\n");
    assert_int_equal(session_seat(seat->shell.session), thread(seat, "t"));
}

static void a_click_does_what_cursor_and_enter_do(void **state)
{
    struct seat *seat = *state;
    screen_draw(seat->screen);
    screen_mouse(seat->screen, MOUSE_CLICK, 8, 4);
    assert_int_equal(selected(seat->screen).at, thread(seat, "t"));
    screen_draw(seat->screen);
    screen_mouse(seat->screen, MOUSE_CLICK, 8, 4);
    assert_int_equal(seat->screen->gaze.chosen, thread(seat, "t"));
}

static void enter_on_a_cnode_opens_it_and_escape_leaves_it(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    press(s, "3/t_cspace\n\n");
    assert_int_equal(s->gaze.depth, 1);
    screen_key(s, KEY_ESC_);
    assert_int_equal(s->gaze.depth, 0);
}

/* Its memory may be anything by then. */
static void a_cnode_that_has_gone_is_no_longer_shown(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    struct scene scene;
    unsigned depth;
    press(s, "3/t_cspace\n\n");
    screen_do(s, "delete t_cspace");
    screen_scene(s, &scene);
    struct cap cnode = scene_cnode(&scene, &depth);
    assert_int_equal(depth, 0);
    assert_int_equal(cap_object(cnode), cap_object(thread_cspace(scene.world, scene.chosen)));
    screen_draw(s);
}

static void b_stops_at_what_is_under_the_cursor(void **state)
{
    struct seat *seat = *state;
    const struct breakpoint *list;
    press(seat->screen, "jjb");
    assert_int_equal(session_breaks(seat->shell.session, &list), 1);
    assert_int_equal(list[0].watch.kind, WATCH_STATE);
    assert_int_equal(list[0].watch.thread, thread(seat, "t"));
    press(seat->screen, "3/ep \nb");
    assert_int_equal(session_breaks(seat->shell.session, &list), 2);
    assert_int_equal(list[1].watch.kind, WATCH_IPC);
}

static void e_explains_what_is_under_the_cursor(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    press(s, "3/t_cspace\ne");
    assert_true(said(s, "CNode"));
    screen_key(s, KEY_ESC_);
    press(s, "1jje");
    assert_true(said(s, "t "));
}

/* The first phase that looks something up has to do with the slot that it finds. */
static void a_phase_touches_the_slot_that_it_looks_up(void **state)
{
    struct seat *seat = *state;
    struct scene scene;
    bool touched = false;
    screen_do(seat->screen, "as t");
    screen_do(seat->screen, "slowly read 0");
    for (int i = 0; i < 3; i++) {
        struct event e;
        screen_scene(seat->screen, &scene);
        session_phase(seat->shell.session, NULL, &e);
        for (unsigned j = 0; j < scene.touched_count && e.kind == EVENT_LOOKUP; j++)
            touched |= scene.touched[j].kind == TARGET_SLOT;
        screen_key(seat->screen, 's');
    }
    assert_true(touched);
}

static void an_open_bracket_goes_on_in_the_next_row(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    press(s, ":seL4_DebugPutChar(\n");
    assert_true(s->typing);
    assert_string_equal(s->line.text, "seL4_DebugPutChar(\n");
    press(s, "65)\n");
    assert_string_equal(s->line.text, "");
    assert_true(said(s, "A"));
}

static void a_second_colon_is_none_of_the_command(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    press(s, "::");
    assert_true(s->typing);
    assert_string_equal(s->line.text, "");
    press(s, "print 'a':");
    assert_string_equal(s->line.text, "print 'a':");
}

static void long_lines_of_kernel_and_programs_are_whole_in_what_is_said(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    size_t letters = 0;
    screen_resize(s, 80, 24);
    screen_do(s, "asm \"mov r15, 200; mov rdi, 88; mov rdx, -9; syscall; dec r15; jnz 0x7ff007\"");
    for (size_t i = 0; i < s->shown.count; i++) {
        assert_in_range(strlen(s->shown.line[i]), 0, 78);
        bool first = strncmp(s->shown.line[i], "console| X", 10) == 0;
        if (first || strncmp(s->shown.line[i], "         X", 10) == 0)
            letters += strspn(s->shown.line[i] + 9, "X");
    }
    assert_int_equal(letters, 200);
}

/* What a guest prints is a byte each, and the screen shows none that a terminal would obey. */
static void control_characters_and_floods_of_a_guest_are_only_text(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    static const int bytes[] = { 0x1b, '[', '2', 'J', 7, 8, 13, 0x9b, 0xff, 0, 0x0e, 10 };
    char line[80];
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        snprintf(line, sizeof line, "seL4_DebugPutChar(%d)", bytes[i]);
        screen_do(s, line);
    }
    session_limit(((struct seat *)*state)->shell.session, 400000);
    screen_do(s, "asm \"mov rdi, 27; mov rdx, -9; syscall; jmp 0x7ff000\"");
    for (int layout = '1'; layout <= '4'; layout++) {
        screen_key(s, layout);
        for (int over = 0; over < 2; over++, s->saying = !s->saying) {
            const struct grid *g = screen_draw(s);
            for (int i = 0; i < g->columns * g->rows; i++) {
                assert_in_range(g->cell[i].c, 0x20, 0x25ff);
                assert_not_in_range(g->cell[i].c, 0x7f, 0x9f);
            }
        }
    }
    assert_true(said(s, "\\x1b\\x1b"));
}

static void what_was_typed_is_in_the_history_of_prompt_and_screen(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    size_t before = typed_count();
    press(s, ":threads\nthreads\n");
    assert_int_equal(typed_count(), before + 1);
    assert_string_equal(typed_at(before), "threads");
    screen_key(s, KEY_UP_);
    assert_string_equal(s->line.text, "threads");
}

static bool shows(struct screen *s, const char *what)
{
    const struct grid *g = screen_draw(s);
    char row[GRID_COLUMNS_MAX + 1];
    for (int y = 0; y < g->rows; y++) {
        for (int x = 0; x < g->columns; x++) row[x] = (char)grid_at(g, x, y)->c;
        row[g->columns] = '\0';
        if (strstr(row, what)) return true;
    }
    return false;
}

/* So much has happened since the first fault that the log has let it go. */
static void what_happened_long_ago_is_shown_again(void **state)
{
    struct seat *seat = *state;
    struct screen *s = seat->screen;
    screen_ascii(s, true);
    screen_resize(s, 120, 40);
    screen_layout(s, LAYOUT_IPC);
    screen_do(s, "as t");
    screen_do(s, "read 0");
    struct position at = session_position(seat->shell.session);
    assert_true(shows(s, "look up CPtr"));
    screen_do(s, "as rootserver");
    screen_do(s, "recv ep");
    session_event_limit(seat->shell.session, 0);
    screen_draw(s);
    screen_do(s, "asm \"mov r15, 2000; mov rdx, -7; syscall; dec r15; jnz 0x7ff007\"");
    s->saying = false;
    assert_true(session_first_event(seat->shell.session) > 0);
    assert_false(shows(s, "look up CPtr 1 >"));
    assert_true(shows(s, "t read !VMFault ~ | ")); /* a sign that was seen is not lost */
    screen_do(s, "as t");                          /* who has got no message */
    s->saying = false;
    assert_true(shows(s, "label 5 VMFault"));
    screen_do(s, "as rootserver");
    char line[40];
    snprintf(line, sizeof line, "goto %llu", (unsigned long long)at.step);
    screen_do(s, line);
    s->saying = false;
    assert_true(shows(s, "look up CPtr 1 >"));
    assert_true(shows(s, "t faults: VM fault"));
    assert_true(shows(s, "read !VMFault"));
}

static void nothing_ticks_unless_a_run_is_watched(void **state)
{
    struct seat *seat = *state;
    struct screen *s = seat->screen;
    assert_int_equal(screen_wait(s), -1);
    screen_do(s, "as t");
    screen_do(s, "slowly read 0");
    word_t phase = session_position(seat->shell.session).phase;
    screen_tick(s);
    assert_int_equal(session_position(seat->shell.session).phase, phase);
    press(s, "r");
    int wait = screen_wait(s);
    assert_true(wait > 0);
    screen_tick(s);
    assert_int_equal(session_position(seat->shell.session).phase, phase + 1);
    press(s, "+");
    assert_true(screen_wait(s) > 0 && screen_wait(s) < wait);
    press(s, "x");
    assert_int_equal(screen_wait(s), -1);
}

static void strides_in_a_row_are_one_in_the_timeline(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    screen_do(s, "as t");
    screen_do(s, "slowly asm \"mov rcx, 40; dec rcx; jnz 0x7ff007\"");
    screen_key(s, KEY_ESC_);
    for (unsigned i = 0; i < 20; i++) screen_do(s, "step");
    s->saying = false;
    screen_ascii(s, true);
    assert_true(shows(s, "t asm | @"));
    assert_true(shows(s, " step | @"));
    assert_false(shows(s, "step | @44 step"));
    const struct sheet *timeline = &s->sheet[PANE_TIMELINE];
    unsigned commands = 0;
    for (unsigned i = 0; i < timeline->spots; i++)
        commands += timeline->spot[i].width > 1 && timeline->spot[i].target.kind == TARGET_STEP;
    assert_in_range(commands, 5, 7); /* four lines of the set-up, asm, strides */
}

static void layout_is_a_command_and_is_completed(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    press(s, ":layout co");
    screen_key(s, KEY_TAB_);
    assert_string_equal(s->line.text, "layout code ");
    press(s, "\n");
    assert_int_equal(s->layout, LAYOUT_CODE);
}

/* As front does it for who typed `lesson 2` on the screen. */
static void who_was_typing_types_on_and_is_told_the_news(void **state)
{
    struct seat *seat = *state;
    screen_close(seat->screen);
    seat->shell.opens_line = true;
    snprintf(seat->shell.news, sizeof seat->shell.news, "`continue` is not done again.");
    seat->screen = screen_open(&seat->shell, 80, 24);
    assert_non_null(seat->screen);
    assert_true(shows(seat->screen, "`continue` is not done again."));
    for (const char *key = "print 9"; *key; key++) screen_key(seat->screen, *key);
    assert_string_equal(seat->screen->line.text, "print 9");
    assert_false(seat->shell.opens_line); /* once */
}

static void a_search_goes_round_and_says_when_there_is_nothing(void **state)
{
    struct screen *s = ((struct seat *)*state)->screen;
    press(s, "/idle\n");
    assert_int_equal(selected(s).kind, TARGET_THREAD);
    struct target at = selected(s);
    press(s, "/\n");
    assert_true(target_is(selected(s), at));
    press(s, "/nothing\n");
    assert_true(said(s, "no row"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sit_down, stand_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(enter_opens_the_command_line_when_nothing_is_chosen),
        TEST(enter_on_a_thread_shows_it_and_again_sits_down_in_it),
        TEST(a_click_does_what_cursor_and_enter_do),
        TEST(enter_on_a_cnode_opens_it_and_escape_leaves_it),
        TEST(a_cnode_that_has_gone_is_no_longer_shown),
        TEST(b_stops_at_what_is_under_the_cursor),
        TEST(e_explains_what_is_under_the_cursor),
        TEST(a_phase_touches_the_slot_that_it_looks_up),
        TEST(an_open_bracket_goes_on_in_the_next_row),
        TEST(a_second_colon_is_none_of_the_command),
        TEST(long_lines_of_kernel_and_programs_are_whole_in_what_is_said),
        TEST(control_characters_and_floods_of_a_guest_are_only_text),
        TEST(what_was_typed_is_in_the_history_of_prompt_and_screen),
        TEST(what_happened_long_ago_is_shown_again),
        TEST(nothing_ticks_unless_a_run_is_watched),
        TEST(strides_in_a_row_are_one_in_the_timeline),
        TEST(layout_is_a_command_and_is_completed),
        TEST(who_was_typing_types_on_and_is_told_the_news),
        TEST(a_search_goes_round_and_says_when_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
