/* SPDX-License-Identifier: BSD-2-Clause */
/* Bands of panes, and how they share the room: see layout.h. */
#include "screen/layout.h"

#include <string.h>
#include <strings.h>

#include "screen/lanes.h"

const char *const layout_word[LAYOUT_COUNT] = { "IPC", "code", "capabilities", "lesson" };

enum {
    BANDS = 7,
    ABREAST = 3,
    WIDE = 110,
    VERY_WIDE = 180,
    TALL = 36,
    CONSOLE_MOST = 6,
    WANT_MOST = 24,
    MESSAGE_MOST = 10,
    STORY_MOST = 6,
    STRIPS = 2
};

/* Panes side by side: where each ends, in hundredths of the width; rows that they want at least. */
struct band {
    enum pane_id pane[ABREAST];
    int ends[ABREAST], least;
};

/* clang-format off */
static const struct band narrow[LAYOUT_COUNT][BANDS] = {
    [LAYOUT_IPC] = {
        { { PANE_THREADS, PANE_QUEUES, PANE_NONE }, { 53, 100 }, 5 },
        { { PANE_MESSAGE, PANE_NONE, PANE_NONE }, { 100 }, 3 },
        { { PANE_CODE, PANE_REGISTERS, PANE_NONE }, { 58, 100 }, 4 },
        { { PANE_CSPACE, PANE_NONE, PANE_NONE }, { 100 }, 4 },
        { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 },
        { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 1 } },
    [LAYOUT_CODE] = {
        { { PANE_THREADS, PANE_QUEUES, PANE_NONE }, { 53, 100 }, 5 },
        { { PANE_CODE, PANE_REGISTERS, PANE_NONE }, { 55, 100 }, 6 },
        { { PANE_MEMORY, PANE_NONE, PANE_NONE }, { 100 }, 3 },
        { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 1 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 } },
    [LAYOUT_CAPABILITIES] = {
        { { PANE_THREADS, PANE_QUEUES, PANE_NONE }, { 53, 100 }, 5 },
        { { PANE_CSPACE, PANE_NONE, PANE_NONE }, { 100 }, 8 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 } },
    [LAYOUT_LESSON] = {
        { { PANE_LESSON, PANE_NONE, PANE_NONE }, { 100 }, 5 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 }, /* above what an answer covers */
        { { PANE_THREADS, PANE_QUEUES, PANE_NONE }, { 53, 100 }, 5 },
        { { PANE_MESSAGE, PANE_NONE, PANE_NONE }, { 100 }, 1 } },
};
static const struct band wide[LAYOUT_COUNT][BANDS] = {
    [LAYOUT_IPC] = {
        { { PANE_THREADS, PANE_QUEUES, PANE_REGISTERS }, { 37, 69, 100 }, 5 },
        { { PANE_MESSAGE, PANE_REPLY, PANE_NONE }, { 61, 100 }, 3 },
        { { PANE_CODE, PANE_CSPACE, PANE_NONE }, { 42, 100 }, 4 },
        { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 5 },
        { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 1 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 } },
    [LAYOUT_CODE] = {
        { { PANE_CODE, PANE_REGISTERS, PANE_NONE }, { 60, 100 }, 9 },
        { { PANE_THREADS, PANE_MEMORY, PANE_NONE }, { 37, 100 }, 5 },
        { { PANE_MESSAGE, PANE_NONE, PANE_NONE }, { 100 }, 3 },
        { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 } },
    [LAYOUT_CAPABILITIES] = {
        { { PANE_THREADS, PANE_QUEUES, PANE_NONE }, { 55, 100 }, 5 },
        { { PANE_CSPACE, PANE_NONE, PANE_NONE }, { 100 }, 8 },
        { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 } },
    [LAYOUT_LESSON] = {
        { { PANE_THREADS, PANE_LESSON, PANE_NONE }, { 37, 100 }, 8 },
        { { PANE_MESSAGE, PANE_QUEUES, PANE_NONE }, { 62, 100 }, 3 },
        { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
        { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 1 },
        { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 } },
};
/* What is otherwise on the wide screen: here the memory has room, too. */
static const struct band very_wide[BANDS] = {
    { { PANE_THREADS, PANE_QUEUES, PANE_REGISTERS }, { 40, 67, 100 }, 5 },
    { { PANE_MESSAGE, PANE_REPLY, PANE_NONE }, { 62, 100 }, 3 },
    { { PANE_CODE, PANE_CSPACE, PANE_MEMORY }, { 26, 62, 100 }, 4 },
    { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 5 },
    { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 1 },
    { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 },
};
/* A lesson's text with the machine beside it, where there are rows for both. */
static const struct band lesson_tall[BANDS] = {
    { { PANE_LESSON, PANE_NONE, PANE_NONE }, { 100 }, 8 },
    { { PANE_THREADS, PANE_QUEUES, PANE_NONE }, { 53, 100 }, 5 },
    { { PANE_MESSAGE, PANE_NONE, PANE_NONE }, { 100 }, 3 },
    { { PANE_CODE, PANE_REGISTERS, PANE_NONE }, { 58, 100 }, 4 },
    { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
    { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 },
    { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 1 },
};
static const struct band lesson_tall_wide[BANDS] = {
    { { PANE_THREADS, PANE_LESSON, PANE_NONE }, { 37, 100 }, 8 },
    { { PANE_MESSAGE, PANE_QUEUES, PANE_NONE }, { 62, 100 }, 3 },
    { { PANE_CODE, PANE_REGISTERS, PANE_NONE }, { 62, 100 }, 5 },
    { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
    { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
    { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 },
};
static const struct band lesson_very_wide[BANDS] = {
    { { PANE_THREADS, PANE_LESSON, PANE_NONE }, { 39, 100 }, 8 },
    { { PANE_MESSAGE, PANE_QUEUES, PANE_NONE }, { 62, 100 }, 3 },
    { { PANE_CODE, PANE_CSPACE, PANE_REGISTERS }, { 34, 70, 100 }, 7 },
    { { PANE_TIMELINE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
    { { PANE_CONSOLE, PANE_NONE, PANE_NONE }, { 100 }, 2 },
    { { PANE_STORY, PANE_NONE, PANE_NONE }, { 100 }, 2 },
};
static const enum pane_id hide_order[] = { PANE_CONSOLE, PANE_REPLY, PANE_MEMORY, PANE_CODE,
                                           PANE_REGISTERS, PANE_CSPACE, PANE_TIMELINE, PANE_STORY };
/* What each layout is for: these go last of all that can go. */
static const enum pane_id kept[LAYOUT_COUNT][2] = {
    [LAYOUT_IPC] = { PANE_NONE, PANE_NONE },
    [LAYOUT_CODE] = { PANE_CODE, PANE_REGISTERS },
    [LAYOUT_CAPABILITIES] = { PANE_CSPACE, PANE_NONE },
    [LAYOUT_LESSON] = { PANE_NONE, PANE_NONE },
};
/* clang-format on */

/* A layout on its way to its places. */
struct plan {
    const struct scene *scene;
    int columns, count;
    struct {
        struct band band;
        int height, want;
    } row[BANDS];
};

static int pane_left(const struct plan *p, int row, int i)
{
    return i ? p->row[row].band.ends[i - 1] * (p->columns - 1) / 100 : 0;
}

static int pane_width(const struct plan *p, int row, int i)
{
    return p->row[row].band.ends[i] * (p->columns - 1) / 100 - pane_left(p, row, i) - 1;
}

static bool is_in_phase(const struct scene *scene)
{
    return session_phase(scene->session, NULL, NULL) != 0;
}

static bool has_no_message(const struct scene *scene)
{
    return !scene->holder && !scene_touches(scene, TARGET_WORD);
}

static bool is_in(const struct band *b, int i)
{
    return i < ABREAST && b->pane[i] != PANE_NONE && b->ends[i] > 0;
}

/* Every thread's lane is worth more than rows of others, while there are few. */
static int lanes_least(const struct scene *scene)
{
    enum { MOST = 7 };
    int lanes = lanes_want(scene);
    return (lanes < MOST ? lanes : MOST) + STRIPS;
}

static const struct band *bands_of(enum layout_name layout, int columns, int rows)
{
    bool is_very_wide = columns >= VERY_WIDE, is_wide = columns >= WIDE;
    if (layout == LAYOUT_IPC && is_very_wide) return very_wide;
    if (layout == LAYOUT_LESSON && rows >= TALL)
        return is_very_wide ? lesson_very_wide : is_wide ? lesson_tall_wide : lesson_tall;
    return is_wide ? wide[layout] : narrow[layout];
}

/* In a lesson the message's band leaves the text every row that it does not need itself. */
static int message_least(const struct plan *p, int row)
{
    const struct band *b = &p->row[row].band;
    int most = has_no_message(p->scene) ? 1 : b->least, want = 1;
    for (int i = 0; is_in(b, i); i++) {
        int rows = pane_want(b->pane[i], p->scene, pane_width(p, row, i));
        if (rows > want) want = rows;
    }
    return want < most ? want : most;
}

/* On a small screen a lesson's page has the story's rows, but for the phases: nobody else tells of them. */
static bool has_room_for_story(const struct plan *p, enum layout_name layout, int rows)
{
    bool is_small = p->columns < WIDE && rows < TALL;
    return layout != LAYOUT_LESSON || !is_small || is_in_phase(p->scene);
}

static void plan_make(struct plan *p, enum layout_name layout, int rows)
{
    const struct band *from = bands_of(layout, p->columns, rows);
    for (int i = 0; i < BANDS && from[i].least; i++) {
        if (from[i].pane[0] == PANE_STORY && !has_room_for_story(p, layout, rows)) continue;
        p->row[p->count].band = from[i];
        int *least = &p->row[p->count].band.least;
        if (p->columns >= WIDE && from[i].pane[0] == PANE_TIMELINE) *least = lanes_least(p->scene);
        if (from[i].pane[0] == PANE_STORY && is_in_phase(p->scene))
            *least =
                scene_touches(p->scene, TARGET_SLOT) ? 4 : 3; /* what it does, why, with what */
        if (layout == LAYOUT_LESSON && from[i].pane[0] == PANE_MESSAGE)
            *least = message_least(p, p->count);
        p->row[p->count].height = p->row[p->count].band.least;
        p->count++;
    }
}

/* What each band would like; never less than its least. */
static void plan_wants(struct plan *p)
{
    for (int row = 0; row < p->count; row++) {
        p->row[row].want = p->row[row].height;
        for (int i = 0; is_in(&p->row[row].band, i); i++) {
            int rows = pane_want(p->row[row].band.pane[i], p->scene, pane_width(p, row, i));
            if (rows > WANT_MOST) rows = WANT_MOST;
            if (rows > p->row[row].want) p->row[row].want = rows;
        }
    }
}

static int plan_height(const struct plan *p)
{
    int sum = 1;
    for (int row = 0; row < p->count; row++) sum += p->row[row].height + 1;
    return sum;
}

/* Takes a pane out; its band goes when it was alone, else its neighbour gets the room. */
static void plan_hide(struct plan *p, enum pane_id pane)
{
    for (int row = 0; row < p->count; row++) {
        struct band *b = &p->row[row].band;
        int at = 0, last = 0;
        while (is_in(b, at) && b->pane[at] != pane) at++;
        if (!is_in(b, at)) continue;
        while (is_in(b, last + 1)) last++;
        if (last == 0) {
            p->count--;
            memmove(&p->row[row], &p->row[row + 1], (size_t)(p->count - row) * sizeof p->row[0]);
            return;
        }
        for (int i = at; i < last; i++) b->pane[i] = b->pane[i + 1];
        for (int i = at; i < last; i++) b->ends[i] = b->ends[i + 1];
        b->pane[last] = PANE_NONE;
        b->ends[last - 1] = 100;
        return;
    }
}

/* The band that a pane begins; -1: none. */
static int plan_row(const struct plan *p, enum pane_id pane)
{
    for (int row = 0; row < p->count; row++)
        if (p->row[row].band.pane[0] == pane) return row;
    return -1;
}

/* The band for which there is never too much room. */
static int grows(const struct plan *p, enum layout_name layout)
{
    enum pane_id first = layout == LAYOUT_CAPABILITIES ? PANE_CSPACE : PANE_CODE;
    int row = plan_row(p, first);
    if (row < 0 && layout == LAYOUT_LESSON) row = 0; /* its text */
    if (row < 0) row = plan_row(p, PANE_CONSOLE);
    return row < 0 ? p->count - 1 : row;
}

/* Rows that are left go to the bands that want them, in turn; of the rest the console gets a few. */
static void plan_share(struct plan *p, enum layout_name layout, int rows)
{
    int left = rows - plan_height(p);
    for (bool any = true; left > 0 && any;) {
        any = false;
        for (int row = 0; row < p->count && left > 0; row++) {
            if (p->row[row].height >= p->row[row].want) continue;
            p->row[row].height++;
            left--;
            any = true;
        }
    }
    int console = plan_row(p, PANE_CONSOLE), most = grows(p, layout);
    for (; left > 0 && console >= 0 && p->row[console].height < CONSOLE_MOST; left--)
        p->row[console].height++;
    if (left > 0 && p->count) p->row[most].height += left;
}

/* Rows that a band lacks, up to so many in all. */
static int row_lack(const struct plan *p, int row, int most)
{
    if (row < 0) return 0;
    int want = p->row[row].want > most ? most : p->row[row].want;
    return want > p->row[row].height ? want - p->row[row].height : 0;
}

/* The message comes before all that can be hidden: it should be whole. */
static int message_lack(const struct plan *p)
{
    return row_lack(p, plan_row(p, PANE_MESSAGE), MESSAGE_MOST);
}

/* The band with the lesson's text; -1: none. */
static int lesson_row(const struct plan *p)
{
    for (int row = 0; row < p->count; row++)
        for (int i = 0; is_in(&p->row[row].band, i); i++)
            if (p->row[row].band.pane[i] == PANE_LESSON) return row;
    return -1;
}

/* Rows that the text of the lesson lacks: it is to be read to its end. */
static int lesson_lack(const struct plan *p)
{
    int row = lesson_row(p), at = 0;
    if (row < 0) return 0;
    while (p->row[row].band.pane[at] != PANE_LESSON) at++;
    int want = pane_want(PANE_LESSON, p->scene, pane_width(p, row, at));
    return want > p->row[row].height ? want - p->row[row].height : 0;
}

/* Whether there is too little room for a pane that can be hidden. What a phase is, is told before a message;
 * and what happened stands beside a lesson, though its text be cut. */
static bool is_short(const struct plan *p, enum pane_id pane, int rows)
{
    bool tells = pane == PANE_TIMELINE || pane == PANE_STORY;
    int message = tells && is_in_phase(p->scene) ? 0 : message_lack(p);
    return plan_height(p) + message + (tells ? 0 : lesson_lack(p)) > rows;
}

/* Hides a pane; the timeline only when its strips alone are too much, too. */
static void plan_give_way(struct plan *p, enum pane_id pane, int rows)
{
    int row = pane == PANE_TIMELINE ? plan_row(p, pane) : -1;
    if (row >= 0) p->row[row].height = STRIPS;
    if (row < 0 || is_short(p, pane, rows)) plan_hide(p, pane);
}

/* Gives a band what it lacks, as far as there is room. */
static void plan_fill(struct plan *p, enum pane_id pane, int most, int rows)
{
    int row = plan_row(p, pane), lack = row_lack(p, row, most), room = rows - plan_height(p);
    if (lack > 0 && room > 0) p->row[row].height += lack < room ? lack : room;
}

static void plan_fill_lesson(struct plan *p, int rows)
{
    int lack = lesson_lack(p), room = rows - plan_height(p);
    if (lack > 0 && room > 0) p->row[lesson_row(p)].height += lack < room ? lack : room;
}

/* A page is to be read to its end, if the message's rows suffice for that; one that has not come needs none. */
static void plan_hide_message(struct plan *p, int rows)
{
    int row = plan_row(p, PANE_MESSAGE), lack = plan_height(p) + lesson_lack(p) - rows;
    if (row < 0 || is_in(&p->row[row].band, 1) || lack <= 0 || is_in_phase(p->scene)) return;
    if (lack <= p->row[row].height + 1 || has_no_message(p->scene)) plan_hide(p, PANE_MESSAGE);
}

static bool is_kept(enum layout_name layout, enum pane_id pane)
{
    return kept[layout][0] == pane || kept[layout][1] == pane;
}

unsigned layout_alone(enum pane_id pane, int columns, int top, int bottom,
                      struct place place[PLACES_MAX])
{
    if (columns < 3 || bottom - top < 3) return 0;
    place[0] = (struct place){ pane, 1, top + 1, columns - 2, bottom - top - 2 };
    return 1;
}

bool layout_find(const char *word, enum layout_name *layout)
{
    for (unsigned i = 0; i < LAYOUT_COUNT; i++) {
        if (strncasecmp(layout_word[i], word, strlen(word)) != 0 || !*word) continue;
        *layout = (enum layout_name)i;
        return true;
    }
    *layout = LAYOUT_CAPABILITIES;
    return strcmp(word, "caps") == 0;
}

unsigned layout_fill(enum layout_name layout, const struct scene *scene, int columns, int top,
                     int bottom, struct place place[PLACES_MAX])
{
    struct plan p = { .scene = scene, .columns = columns };
    unsigned count = 0;
    int rows = bottom - top, y = top + 1;
    plan_make(&p, layout, rows);
    plan_wants(&p);
    for (size_t i = 0; i < sizeof hide_order / sizeof hide_order[0]; i++)
        if (!is_kept(layout, hide_order[i]) && is_short(&p, hide_order[i], rows))
            plan_give_way(&p, hide_order[i], rows);
    for (size_t i = 0; i < sizeof kept[0] / sizeof kept[0][0]; i++)
        if (is_short(&p, kept[layout][i], rows)) plan_hide(&p, kept[layout][i]);
    if (is_in_phase(scene) && !scene_touches(scene, TARGET_WORD))
        plan_fill(&p, PANE_STORY, STORY_MOST, rows);
    plan_hide_message(&p, rows);
    plan_fill_lesson(&p, rows); /* a message is told by its command, too; a page is read here */
    plan_fill(&p, PANE_MESSAGE, MESSAGE_MOST, rows);
    plan_share(&p, layout, rows);
    for (int row = 0; row < p.count; row++) {
        for (int i = 0; is_in(&p.row[row].band, i) && count < PLACES_MAX; i++)
            place[count++] = (struct place){ p.row[row].band.pane[i], pane_left(&p, row, i) + 1, y,
                                             pane_width(&p, row, i), p.row[row].height };
        y += p.row[row].height + 1;
    }
    return count;
}
