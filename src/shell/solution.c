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

static void add_move(void *context, const struct play *p, const char *line)
{
    struct solution *s = context;
    char copy[LINE_SIZE], filled[LINE_SIZE];
    if (is_verb(line, "expect") || is_verb(line, "answer")) return;
    struct move *more = realloc(s->move, (s->count + 1) * sizeof *more);
    if (!more) abort();
    snprintf(copy, sizeof copy, "%.*s", (int)line_length(line), line);
    for (size_t n = strlen(copy); n > 0 && copy[n - 1] == ' ';) copy[--n] = '\0';
    lesson_put_values(p->run.lesson, copy, filled, sizeof filled);
    s->move = more;
    s->move[s->count++] = (struct move){ copy_text(filled), pattern_of(p->run.lesson, copy),
                                         lesson_open_goal(&p->run) };
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
    for (size_t i = 0; i < s->count; i++) {
        free(s->move[i].line);
        free(s->move[i].pattern);
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
            is_move(sh->lesson->lesson, past[count].line, &s->move[next]))
            at = next + 1;
    }
    const char *seat = thread_name(session_world_at(session), session_seat(session));
    if (at < s->count && s->move[at].goal == goal && is_verb(s->move[at].line, "as") &&
        is_same_line(seat, s->move[at].line + strlen("as")))
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
