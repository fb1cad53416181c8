/* SPDX-License-Identifier: BSD-2-Clause */
/* Random sessions in every lesson that needs no compiler: lines of its solution and its wrong attempts by chance,
 * with going back, undo and branches between them. After each of them every EVENT that a goal or a warning asks for
 * has been counted as often as it stands in the whole history. FAULTLINE_SEED and FAULTLINE_WALKS choose
 * others, and more of them. */
#include "lessons/each.h"

#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/predicate.h"
#include "lesson/token.h"
#include "part.h"
#include "shell/play.h"

enum { LINES_MAX = 1024, MOVES = 70, STEPS = 20000, PATH_SIZE = 600 };

struct wander {
    struct play play;
    uint64_t chance, seed;
    char *line[LINES_MAX];
    size_t lines;
    size_t counted, found; /* comparisons, and those of something that happened */
};

static uint64_t draw(struct wander *w, uint64_t below)
{
    w->chance ^= w->chance << 13;
    w->chance ^= w->chance >> 7;
    w->chance ^= w->chance << 17;
    return w->chance % below;
}

/* ---- lines ---- */

static void read_lines(struct wander *w, const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) && w->lines < LINES_MAX) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#' || strncmp(line, "source", 6) == 0) continue;
        w->line[w->lines++] = strdup(line);
    }
    fclose(file);
}

static void read_lesson(struct wander *w, const char *folder)
{
    char pattern[PATH_SIZE];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/solution.fl", folder);
    read_lines(w, pattern);
    snprintf(pattern, sizeof pattern, "%s/wrong/*.fl", folder);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++) read_lines(w, found.gl_pathv[i]);
    globfree(&found);
}

/* ---- whole judging ---- */

struct whole {
    const struct watch *watch;
    size_t count;
};

static bool count_whole(void *context, const struct session *s, size_t i, const struct event *e)
{
    struct whole *whole = context;
    (void)i;
    whole->count += watch_matches(session_world_at(s), whole->watch, e);
    return false;
}

static size_t whole_count(const struct session *s, const struct watch *watch, size_t from)
{
    struct whole whole = { .watch = watch };
    struct event_search q = { .from = from,
                              .to = session_event_count(s),
                              .most = 1,
                              .takes = count_whole,
                              .context = &whole };
    assert_true(session_events_find(s, &q));
    return whole.count;
}

static size_t whole_printed(const struct session *s, const char *text)
{
    size_t length, n = strlen(text), found = 0;
    const char *console = session_console(s, &length);
    for (size_t i = 0; n && i + n <= length; i++) found += memcmp(console + i, text, n) == 0;
    return found;
}

static void compare_count(struct wander *w, const char *text, size_t now, size_t whole)
{
    w->counted++;
    w->found += whole > 0;
    if (now != whole)
        fail_msg("FAULTLINE_SEED=%" PRIu64 ": %s: counted %zu times, in all %zu", w->seed, text,
                 now, whole);
}

static void compare_event(struct wander *w, const char *text, const struct words *words,
                          unsigned at)
{
    const struct session *s = w->play.shell.session;
    struct scope sc = scope_of_root(s);
    struct watch watch;
    struct problem unused;
    char printed[256];
    size_t end = session_event_count(s), late = draw(w, end + 1);
    if (strcmp(words->word[at], "printed") == 0) {
        word_unquote(words->word[at + 1], printed, sizeof printed);
        compare_count(w, text, session_printed_count(s, printed), whole_printed(s, printed));
    } else if (watch_parse(&sc, words->word + at, words->count - at, &watch, &unused)) {
        size_t from = w->play.run.from_event;
        compare_count(w, text, session_event_tally(s, &watch, from, end),
                      whole_count(s, &watch, from));
        compare_count(w, text, session_event_tally(s, &watch, late, end),
                      whole_count(s, &watch, late));
    }
}

static void compare_predicate(struct wander *w, const char *text)
{
    char one[PREDICATE_SIZE];
    static struct words words;
    struct problem unused;
    for (; text; text = predicate_next(text)) {
        assert_true(predicate_first(text, one));
        if (!words_split(one, &words, &unused) || words.count < 2) continue;
        unsigned number = predicate_number(&words), at = number < words.count ? number + 2 : 1;
        bool is_counted =
            at > 1 || strcmp(words.word[0], "once") == 0 || strcmp(words.word[0], "never") == 0;
        if (is_counted) compare_event(w, one, &words, at);
    }
}

static void compare_lesson(struct wander *w)
{
    const struct lesson *l = w->play.run.lesson;
    for (unsigned i = 0; i < l->item_count; i++) {
        for (unsigned n = 0; n < l->item[i].holds_count; n++)
            compare_predicate(w, l->item[i].holds[n]);
        for (unsigned n = 0; n < l->item[i].warning_count; n++)
            compare_predicate(w, l->item[i].warning[n].when);
    }
}

/* ---- sessions ---- */

static void type(struct wander *w, const char *line)
{
    session_limit(w->play.shell.session, STEPS);
    shell_line(&w->play.shell, line);
}

static void go_somewhere(struct wander *w)
{
    static const char *const ways[] = {
        "back", "back 3", "rc fault", "goto start", "goto now",
        "undo", "undo",   "undo",     "undo 3",     "slowly yield"
    };
    const struct session *s = w->play.shell.session;
    char line[64];
    uint64_t n = draw(w, 14);
    snprintf(line, sizeof line, "goto @%" PRIu64, draw(w, session_end(s).step + 1));
    if (n < sizeof ways / sizeof ways[0]) snprintf(line, sizeof line, "%s", ways[n]);
    if (n == 10)
        snprintf(line, sizeof line, "branch %s",
                 session_branch(s, draw(w, session_branches(s))).name);
    type(w, line);
}

/* The solution in order, so that goals are reached, with lines by chance between it. */
static void wander(struct wander *w)
{
    size_t next = 0;
    for (unsigned move = 0; move < MOVES; move++) {
        uint64_t kind = draw(w, 8);
        if (kind < 4 && next < w->lines)
            type(w, w->line[next++]);
        else if (kind < 5)
            type(w, w->line[draw(w, w->lines)]);
        else
            go_somewhere(w);
        compare_lesson(w);
    }
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

static size_t found_anywhere;

static void much_of_that_did_happen(void **state)
{
    (void)state;
    assert_true(found_anywhere > part_of(1000));
}

static void events_are_counted_as_often_as_they_stand_in_history(void **state)
{
    uint64_t first = number_of("FAULTLINE_SEED", 1), walks = number_of("FAULTLINE_WALKS", 2);
    struct wander *w = calloc(1, sizeof *w);
    struct problem p;
    assert_non_null(w);
    read_lesson(w, *state);
    for (w->seed = first; w->seed < first + walks; w->seed++) {
        w->chance = w->seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
        if (!play_begin(&w->play, *state, NULL, &p)) fail_msg("%s", p.text);
        wander(w);
        play_end(&w->play);
    }
    assert_true(w->counted > 0);
    found_anywhere += w->found;
    for (size_t i = 0; i < w->lines; i++) free(w->line[i]);
    free(w);
}

static bool needs_no_compiler(const char *folder)
{
    struct problem p;
    struct lesson *l = lesson_load(folder, &p);
    bool needs_none = l && !l->needs_compiler;
    if (l) lesson_free(l);
    return needs_none;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest extra[] = { cmocka_unit_test(much_of_that_did_happen) };
    const struct lesson_tests tests = {
        .group = "judging",
        .before = "events_of_",
        .after = "_are_counted_as_often_as_they_stand_in_history",
        .test = events_are_counted_as_often_as_they_stand_in_history,
        .fits = needs_no_compiler,
        .extra = extra,
        .extra_count = 1,
    };
    return lesson_tests_run(&tests, argc, argv);
}
