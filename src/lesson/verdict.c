/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a goal is not reached: what was expected, what is, and since when. Of an event that has not
 * happened the nearest one that did is shown; of a value, the command since which it is what it is. */
#include "lesson/run.h"

#include <stdlib.h>
#include <string.h>

#include "lesson/predicate.h"
#include "lesson/token.h"
#include "view/internal.h"

enum { COMMANDS_BACK = 64, STEPS_BACK = 4000000, TIMES_SHOWN = 4, WIDTH = 80, LINE_SHOWN = 30 };

struct verdict {
    const struct lesson_run *run;
    struct session *session;
    struct scope sc;
    FILE *out;
};

static const char *says_is(const struct verdict *v)
{
    return v->run->lesson->plain ? "it is: " : "    it is:     ";
}

/* ---- Values ---- */

static bool is_same_value(const struct value *a, const struct value *b)
{
    return a->is_text == b->is_text &&
           (a->is_text ? strcmp(a->text, b->text) == 0 : a->word == b->word);
}

enum change {
    CHANGE_UNKNOWN,
    CHANGE_FOUND,  /* at that command */
    CHANGE_BEFORE, /* before it; further back it was not looked for */
    CHANGE_NEVER   /* since the start */
};

/* The last command before which the expression had another value. The machine is taken back for it, and
 * brought to where it was. */
static enum change find_change(struct verdict *v, const char *text, struct past *change)
{
    struct value now, then;
    struct problem unused;
    bool found = false, looked = false;
    word_t here = session_position(v->session).step;
    if (session_is_past(v->session) || session_phase(v->session, NULL, NULL) ||
        !expr_eval(&v->sc, text, &now, &unused))
        return CHANGE_UNKNOWN;
    paddr_t seat = session_seat(v->session);
    for (unsigned i = 0; i < COMMANDS_BACK && !found; i++) {
        struct past past;
        looked = !session_past(v->session, 0, &past);
        if (looked || here - past.step > STEPS_BACK) break;
        *change = past;
        if (!session_goto(v->session, (struct position){ .step = past.step }, &unused)) break;
        if (past.step == 0) session_goto_start(v->session);
        struct scope sc = scope_of_root(v->session);
        found = !expr_eval(&sc, text, &then, &unused) || !is_same_value(&now, &then);
    }
    session_goto_end(v->session);
    if (seat && session_seat(v->session) != seat) session_sit(v->session, seat);
    if (found) return CHANGE_FOUND;
    if (looked) return CHANGE_NEVER;
    return change->line ? CHANGE_BEFORE : CHANGE_UNKNOWN;
}

/* The left side of a comparison; false: it is none. */
static bool left_side(const char *text, char *left, size_t size)
{
    const char *sign = strpbrk(text, "=!<>");
    if (!sign || sign[1] != '=') return false;
    size_t n = (size_t)(sign - text);
    while (n > 0 && text[n - 1] == ' ') n--;
    return n > 0 && (size_t)snprintf(left, size, "%.*s", (int)n, text) < size;
}

static void say_since(struct verdict *v, const char *text, FILE *out)
{
    char left[256], at[48];
    struct past change = { .line = NULL };
    if (!left_side(text, left, sizeof left)) return;
    enum change kind = find_change(v, left, &change);
    view_position((struct position){ .step = change.step }, at, sizeof at);
    if (kind == CHANGE_FOUND) {
        bool whole = strlen(change.line) <= LINE_SHOWN;
        fprintf(out, ", since %s (%.*s%s)", at, LINE_SHOWN, change.line, whole ? "" : "~");
    }
    if (kind == CHANGE_BEFORE) fprintf(out, ", since before %s", at);
    if (kind == CHANGE_NEVER) fputs(", since the start", out);
}

static void explain_value(struct verdict *v, const char *text)
{
    struct problem p = { .text = "" };
    bool holds;
    while (*text == ' ') text++;
    if (strncmp(text, "now ", 4) == 0) text += 4 + strspn(text + 4, " ");
    bool judged = predicate_judge(&v->sc, text, v->run->from_event, &holds, &p);
    char line[512] = "";
    FILE *out = fmemopen(line, sizeof line - 1, "w");
    if (!out) return;
    fprintf(out, "%s%s", says_is(v), p.text[0] ? p.text : "not so");
    if (judged) say_since(v, text, out);
    fclose(out);
    const struct view view = { .out = v->out, .width = WIDTH, .plain = v->run->lesson->plain };
    unsigned indent = (unsigned)strspn(line, " ");
    view_text(&view, line + indent, indent, indent + 11, 3);
}

static void say_expected(struct verdict *v, const char *text)
{
    char line[512];
    const struct view view = { .out = v->out, .width = WIDTH };
    snprintf(line, sizeof line, "expected:  %.480s", text);
    view_text(&view, line, 4, 15, 4);
}

/* ---- Events ---- */

static void say_event(struct verdict *v, size_t i)
{
    bool plain = v->run->lesson->plain;
    struct view view = { .session = v->session, .out = v->out, .width = WIDTH, .plain = plain };
    if (!plain) fputs("             ", v->out);
    view_event_at(&view, i);
}

/* Takes one demand off an event; false: there is none left. */
static bool relax(struct watch *watch)
{
    if (watch->has_badge)
        watch->has_badge = false;
    else if (watch->receiver)
        watch->receiver = 0;
    else if (watch->endpoint)
        watch->endpoint = 0;
    else if (watch->thread)
        watch->thread = 0;
    else if (watch->fault_kind || watch->error)
        watch->fault_kind = 0, watch->error = 0;
    else
        return false;
    return true;
}

/* The last event that matches, of those that are held; SIZE_MAX: none. */
static size_t last_match(const struct verdict *v, const struct watch *watch)
{
    size_t held = session_first_event(v->session), from = v->run->from_event;
    for (size_t i = session_event_count(v->session); i > (held > from ? held : from); i--)
        if (watch_matches(scope_world(&v->sc), watch, session_event(v->session, i - 1)))
            return i - 1;
    return SIZE_MAX;
}

static void say_nearest(struct verdict *v, struct watch watch)
{
    size_t i;
    while ((i = last_match(v, &watch)) == SIZE_MAX)
        if (!relax(&watch)) break;
    fprintf(v->out, "%sit has not happened", says_is(v));
    fputs(i == SIZE_MAX ? "\n" : "; what comes nearest is\n", v->out);
    if (i != SIZE_MAX) say_event(v, i);
}

struct sought {
    const struct world *world;
    const struct watch *watch;
};

static bool is_sought(void *context, const struct session *s, size_t i, const struct event *e)
{
    const struct sought *sought = context;
    (void)s, (void)i;
    return watch_matches(sought->world, sought->watch, e);
}

/* The first of them are looked for, however long ago they were. */
static void say_first(struct verdict *v, const struct watch *watch, size_t count)
{
    struct sought sought = { scope_world(&v->sc), watch };
    struct event_search q = { .from = v->run->from_event,
                              .to = session_event_count(v->session),
                              .most = count < TIMES_SHOWN ? (unsigned)count : TIMES_SHOWN,
                              .takes = is_sought,
                              .context = &sought };
    if (!count || !session_events_find(v->session, &q)) return;
    for (unsigned i = 0; i < q.count; i++)
        if (session_event_hold(v->session, q.found[i])) say_event(v, q.found[i]);
}

static void say_times(struct verdict *v, const struct watch *watch)
{
    size_t count =
        session_event_tally(v->session, watch, v->run->from_event, session_event_count(v->session));
    fprintf(v->out, "%sit happened %zu time%s%s\n", says_is(v), count, count == 1 ? "" : "s",
            count > TIMES_SHOWN ? ", the first of them"
            : count             ? ":"
                                : "");
    say_first(v, watch, count);
}

/* once, never, [at least] N times, of an event that is none of what programs print. False: it is another sort. */
static bool explain_event(struct verdict *v, const struct words *words)
{
    struct watch watch;
    struct problem unused;
    bool once = words->count && strcmp(words->word[0], "once") == 0;
    unsigned number = predicate_number(words);
    bool times = number < words->count;
    if (!once && !times && (!words->count || strcmp(words->word[0], "never") != 0)) return false;
    unsigned first = times ? number + 2 : 1;
    if (!watch_parse(&v->sc, words->word + first, words->count - first, &watch, &unused))
        return false;
    if (once)
        say_nearest(v, watch);
    else
        say_times(v, &watch);
    return true;
}

static void explain_one(struct verdict *v, const char *text)
{
    struct problem p;
    struct words *words = malloc(sizeof *words);
    if (!words) return;
    if (v->run->lesson->plain)
        fprintf(v->out, "expected: %s\n", text);
    else
        say_expected(v, text);
    if (!words_split(text, words, &p) || !explain_event(v, words)) explain_value(v, text);
    free(words);
}

void lesson_explain(const struct lesson_run *run, struct session *s, unsigned goal, FILE *out)
{
    const struct item *item = &run->lesson->item[goal];
    struct verdict v = { run, s, scope_of_root(s), out };
    char one[PREDICATE_SIZE];
    struct problem unused;
    for (unsigned i = 0; i < item->holds_count; i++) {
        for (const char *text = item->holds[i]; text; text = predicate_next(text)) {
            bool holds;
            if (!predicate_first(text, one) ||
                (predicate_judge(&v.sc, one, run->from_event, &holds, &unused) && holds))
                continue;
            explain_one(&v, one);
        }
    }
}
