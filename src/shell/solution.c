/* SPDX-License-Identifier: BSD-2-Clause */
/* Which line of solution.fl leads to which goal is found by playing it; which one is next, by what was
 * typed since the last goal. */
#include "shell/solution.h"

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

static void add_move(void *context, const struct play *p, const char *line)
{
    struct solution *s = context;
    if (is_verb(line, "expect") || is_verb(line, "answer")) return;
    struct move *more = realloc(s->move, (s->count + 1) * sizeof *more);
    char *copy = strndup(line, line_length(line));
    if (!more || !copy) abort();
    for (size_t n = strlen(copy); n > 0 && copy[n - 1] == ' ';) copy[--n] = '\0';
    s->move = more;
    s->move[s->count++] = (struct move){ copy, lesson_open_goal(&p->run) };
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
        play_end(play);
    }
    free(play);
    if (!done) solution_free(s);
    return done;
}

void solution_free(struct solution *s)
{
    for (size_t i = 0; i < s->count; i++) free(s->move[i].line);
    free(s->move);
    *s = (struct solution){ .count = 0 };
}

/* ---- The next one ---- */

/* Whether two lines are the same but for blanks. */
static bool is_same_line(const char *a, const char *b)
{
    for (;;) {
        while (*a == ' ') a++;
        while (*b == ' ') b++;
        if (!*a || !*b || *a == '#' || *b == '#') break;
        while (*a && *a != ' ' && *a == *b) a++, b++;
        if ((*a && *a != ' ') || (*b && *b != ' ')) return false;
    }
    return (!*a || *a == '#') && (!*b || *b == '#');
}

/* `as X` changes nothing and is in no past: it is done when X made the next move. */
static size_t behind_seats(const struct solution *s, size_t at, unsigned goal)
{
    while (at < s->count && s->move[at].goal == goal && is_verb(s->move[at].line, "as")) at++;
    return at;
}

/* The first move for the goal that was not made since `from` commands ago. */
static size_t next_move(const struct shell *sh, const struct solution *s, unsigned goal)
{
    struct past past[PAST_MAX];
    unsigned count = 0;
    size_t at = 0;
    const struct session *session = sh->session;
    word_t since = lesson_reached_step(sh->lesson, goal);
    while (at < s->count && s->move[at].goal < goal) at++;
    while (count < PAST_MAX && session_past(session, count, &past[count]) &&
           past[count].step >= since)
        count++;
    while (count-- > 0) {
        size_t next = behind_seats(s, at, goal);
        if (next < s->count && s->move[next].goal == goal &&
            is_same_line(past[count].line, s->move[next].line))
            at = next + 1;
    }
    const char *seat = thread_name(session_world_at(session), session_seat(session));
    if (at < s->count && s->move[at].goal == goal && is_verb(s->move[at].line, "as") &&
        is_same_line(s->move[at].line + strlen("as"), seat))
        at++;
    return at;
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
