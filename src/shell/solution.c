/* SPDX-License-Identifier: BSD-2-Clause */
/* Which line of solution.fl leads to which goal is found by playing it; which one is next, by what was
 * typed since the last goal. */
#include "shell/solution.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"
#include "shell/play.h"
#include "world/names.h"

enum { PAST_MAX = 1024 };

/* ---- All moves ---- */

static bool is_verb(const char *line, const char *verb)
{
    size_t n = strlen(verb);
    return strncmp(line, verb, n) == 0 && (line[n] == ' ' || line[n] == '\0');
}

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    if (!copy) abort();
    return copy;
}

/* A word that is the name of a number that any other may stand for becomes `*`. */
static char *pattern_of(const struct lesson *lesson, const char *line)
{
    char text[LINE_SIZE] = "", filled[LINE_SIZE];
    char copy[LINE_SIZE], *rest = copy;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word;
         (word = strsep(&rest, " ")) && strlen(text) + strlen(word) + 2 < sizeof text;) {
        bool is_free = false;
        for (unsigned i = 0; i < lesson->vary_count; i++)
            is_free |= strcmp(word, lesson->vary[i].name) == 0 && !lesson_asks_for(lesson, word);
        strcat(strcat(text, is_free ? "*" : word), " ");
    }
    lesson_put_values(lesson, text, filled, sizeof filled);
    return copy_text(filled);
}

static unsigned past_depth(const struct session *session)
{
    struct past past;
    unsigned depth = 0;
    while (session_past(session, depth, &past)) depth++;
    return depth;
}

/* Once the machine shows what the last move did: a view leaves nothing behind. */
static void settle(struct solution *s, const struct play *p)
{
    unsigned depth = past_depth(p->shell.session);
    if (s->count > 0) s->move[s->count - 1].leaves |= depth > s->depth;
    s->depth = depth;
}

static char *past_line(const struct session *session, unsigned i)
{
    struct past past;
    return session_past(session, i, &past) ? copy_text(past.line) : NULL;
}

/* What `undo` is about to take back, and what will be the last behind it. */
static void look_at_undo(struct move *move, const struct session *session, const char *line)
{
    struct past past;
    const char *what = line + strlen("undo");
    what += strspn(what, " ");
    unsigned i = (unsigned)strtoul(what, NULL, 10);
    if (i > 0) i--;
    if (*what && !isdigit((unsigned char)*what))
        while (session_past(session, i, &past) && strncmp(past.line, what, strlen(what)) != 0) i++;
    if (!session_past(session, i, &past)) return;
    move->under = past_line(session, i + 1);
    move->taken = calloc(i + 1, sizeof *move->taken);
    if (!move->taken) abort();
    for (unsigned k = 0; k <= i; k++) move->taken[k] = past_line(session, i - k);
    move->taken_count = i + 1;
}

static void add_move(void *context, const struct play *p, const char *line)
{
    struct solution *s = context;
    char copy[LINE_SIZE], filled[LINE_SIZE];
    settle(s, p);
    if (is_verb(line, "expect") || is_verb(line, "answer")) return;
    struct move *more = realloc(s->move, (s->count + 1) * sizeof *more);
    if (!more) abort();
    snprintf(copy, sizeof copy, "%.*s", (int)line_length(line), line);
    for (size_t n = strlen(copy); n > 0 && copy[n - 1] == ' ';) copy[--n] = '\0';
    lesson_put_values(p->run.lesson, copy, filled, sizeof filled);
    struct move move = { .line = copy_text(filled),
                         .pattern = pattern_of(p->run.lesson, copy),
                         .goal = lesson_open_goal(&p->run) };
    if (is_verb(copy, "undo")) look_at_undo(&move, p->shell.session, copy);
    s->move = more;
    s->move[s->count++] = move;
}

bool solution_read(const struct lesson *lesson, struct solution *s, struct problem *p)
{
    char path[600];
    struct play *play = malloc(sizeof *play);
    *s = (struct solution){ .count = 0 };
    if (!play) abort();
    bool done = play_begin(play, lesson->folder, lesson->variant, p);
    if (done) {
        snprintf(path, sizeof path, "%s/solution.fl", lesson->folder);
        done = play_lines(play, path, add_move, s, p) == OUTCOME_DONE;
        if (!done && !p->text[0]) problem_set(p, "", "%.150s stops before its end", path);
        settle(s, play);
        play_end(play);
    }
    free(play);
    if (!done) solution_free(s);
    return done;
}

void solution_free(struct solution *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->move[i].line);
        free(s->move[i].pattern);
        for (unsigned k = 0; k < s->move[i].taken_count; k++) free(s->move[i].taken[k]);
        free(s->move[i].taken);
        free(s->move[i].under);
    }
    free(s->move);
    *s = (struct solution){ .count = 0 };
}

/* ---- The next one ---- */

/* Whether a line is the pattern's but for blanks. */
static bool is_same_line(const char *line, const char *pattern)
{
    for (;;) {
        line += strspn(line, " ");
        pattern += strspn(pattern, " ");
        if (!*line || !*pattern || *line == '#' || *pattern == '#') break;
        size_t n = strcspn(line, " "), m = strcspn(pattern, " ");
        bool is_any = m == 1 && *pattern == '*';
        if (!is_any && (n != m || strncmp(line, pattern, n) != 0)) return false;
        line += n;
        pattern += m;
    }
    return (!*line || *line == '#') && (!*pattern || *pattern == '#');
}

/* What was typed may say the numbers or their names. */
static bool is_move(const struct lesson *lesson, const char *typed, const struct move *move)
{
    char filled[LINE_SIZE];
    lesson_put_values(lesson, typed, filled, sizeof filled);
    return is_same_line(filled, move->pattern);
}

/* `as X` and views change nothing and are in no past: they are done when the next move was made. */
static size_t behind_views(const struct solution *s, size_t at, unsigned goal)
{
    while (at < s->count && s->move[at].goal == goal && !s->move[at].leaves && !s->move[at].taken)
        at++;
    return at;
}

/* What was done, the newest first. */
struct done {
    const struct lesson *lesson;
    struct past past[PAST_MAX];
    unsigned count;
};

static bool is_done(const struct done *d, unsigned i, const char *line)
{
    return i < d->count && line && strcmp(d->past[i].line, line) == 0;
}

/* Whether the last of what was done is what the undo takes back. What is done again later in the same
 * way is told apart by what stands before it. */
static bool was_taken_back(const struct solution *s, const struct done *d, const struct move *undo)
{
    unsigned i = 0, matched = 1;
    bool again = false;
    for (const struct move *m = undo + 1; m < s->move + s->count && m->goal == undo->goal; m++)
        again |= strcmp(m->line, undo->taken[0]) == 0;
    while (i < d->count && !is_done(d, i, undo->taken[0])) i++;
    if (i == d->count || (again && undo->under && !is_done(d, i + 1, undo->under))) return true;
    while (i-- > 0 && matched < undo->taken_count) matched += is_done(d, i, undo->taken[matched]);
    return matched < undo->taken_count;
}

/* How many commands came behind the one that `undo` made the last. */
static unsigned done_behind(const struct done *d, const struct move *undo)
{
    for (unsigned i = 0; i < d->count; i++)
        if (is_done(d, i, undo->under)) return i;
    return d->count;
}

/* The first move for the goal that was not made; the newest `open` commands are for this goal. */
static size_t first_open(const struct solution *s, const struct done *d, size_t at, unsigned open)
{
    unsigned goal = at < s->count ? s->move[at].goal : 0;
    for (;;) {
        size_t next = behind_views(s, at, goal);
        if (next == s->count || s->move[next].goal != goal) return at;
        if (s->move[next].taken) {
            if (!was_taken_back(s, d, &s->move[next])) return at;
            open = done_behind(d, &s->move[next]);
            at = next + 1;
        } else if (open == 0) {
            return at;
        } else if (is_move(d->lesson, d->past[--open].line, &s->move[next])) {
            at = next + 1;
        }
    }
}

/* The seat that the next move is made in, when somebody sits in another; else the move itself. */
static size_t seat_first(const struct shell *sh, const struct solution *s, size_t at, unsigned goal)
{
    size_t next = behind_views(s, at, goal), seat = next;
    for (; at < next; at++)
        if (is_verb(s->move[at].line, "as")) seat = at;
    const char *here = thread_name(session_world_at(sh->session), session_seat(sh->session));
    bool sits = seat < next && is_same_line(here, s->move[seat].line + strlen("as"));
    return sits ? next : seat;
}

/* The first move for the goal that was not made since it was opened. */
static size_t next_move(const struct shell *sh, const struct solution *s, unsigned goal)
{
    struct done d = { .lesson = sh->lesson->lesson };
    word_t since = lesson_reached_step(sh->lesson, goal);
    unsigned open = 0;
    size_t at = 0;
    while (at < s->count && s->move[at].goal < goal) at++;
    while (d.count < PAST_MAX && session_past(sh->session, d.count, &d.past[d.count])) {
        if (open == d.count && d.past[d.count].step >= since) open++;
        d.count++;
    }
    return seat_first(sh, s, first_open(s, &d, at, open), goal);
}

enum outcome verb_solution(struct shell *sh, struct args *a)
{
    struct solution s;
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (!sh->lesson) {
        problem_set(&a->problem, "`faultline lesson 1` starts the first", "no lesson is open");
        return OUTCOME_FAILED;
    }
    unsigned goal = lesson_open_goal(sh->lesson);
    if (goal == sh->lesson->lesson->item_count) {
        shell_say(sh, "  All goals are reached.");
        return OUTCOME_DONE;
    }
    if (!solution_read(sh->lesson->lesson, &s, &a->problem)) return OUTCOME_FAILED;
    size_t at = next_move(sh, &s, goal);
    if (at < s.count && s.move[at].goal == goal)
        shell_say(sh, "  The solution's next move:   %s", s.move[at].line);
    else
        shell_say(sh,
                  "  All moves of the solution were made, but not with its effect. Did something "
                  "else\n  come between? `goals` says what is missing; `undo` takes moves back.");
    lesson_move_shown(sh->lesson, goal);
    solution_free(&s);
    return OUTCOME_DONE;
}
