/* SPDX-License-Identifier: BSD-2-Clause */
/* One submission in one lesson: each of its pieces is played, and what any of them reached counts. A
 * script is played in the lesson; a recording is played back and must agree with itself; a program takes
 * the place of the one that the lesson's solution loads. */
#include <stdlib.h>
#include <string.h>

#include "grade/judging.h"
#include "grade/piece.h"
#include "shell/exercise.h"
#include "shell/recording.h"
#include "view/view.h"
#include "world/path.h"

static const char *const ending_names[ENDINGS] = { "unreadable", "differs", "limit", "stopped",
                                                   "graded" };

/* ---- A teacher's goals ---- */

/* They are judged beside the lesson's own, after each line. */
static void extra_begin(struct judging *j, size_t from_event)
{
    if (!j->goals) return;
    j->extra = (struct lesson_run){ .lesson = j->goals, .from_event = from_event };
}

/* The numbers of the student that a piece says it is of. */
static void draw(struct judging *j, const char *variant)
{
    snprintf(j->drawn_for, sizeof j->drawn_for, "%s", variant);
    j->drawn = *j->drawn_for ? j->drawn_for : NULL;
    if (j->goals) lesson_draw(j->goals, j->drawn);
}

static void extra_judge(struct judging *j, struct session *s)
{
    if (j->goals) lesson_judge_end(&j->extra, s, j->nowhere);
}

/* Students are asked what their lesson asks: a teacher's goals count the answer that was given there. */
static void take_answers(struct lesson_run *extra, const struct lesson_run *run)
{
    for (unsigned i = 0; i < extra->lesson->item_count; i++) {
        if (extra->lesson->item[i].kind != ITEM_QUESTION) continue;
        unsigned own = lesson_question(run->lesson, extra->lesson->item[i].id);
        if (own == run->lesson->item_count) continue;
        extra->right[i] = run->right[own];
        memcpy(extra->said[i], run->said[own], sizeof extra->said[i]);
    }
}

/* After a line, or before the first. A line that reads a file of the solution: what had not been reached
 * before is not a student's own work. */
static void look(struct judging *j, struct shell *sh, const struct lesson_run *run)
{
    const struct lesson_run *judged = j->goals ? &j->extra : run;
    extra_judge(j, sh->session);
    for (unsigned i = 0; i < judged->lesson->item_count; i++) {
        j->shown[i] |= sh->solution_read && !j->before[i];
        j->before[i] = judged->reached[i];
    }
    sh->solution_read = false;
}

/* ---- Playing ---- */

/* Paths as the student knows them: without the folder that the piece lies in. */
static void shorten(char *text, const struct piece *piece)
{
    size_t n = (size_t)(path_name(piece->path) - piece->path);
    for (char *at = text; n > 1 && strlen(at) > n; at++)
        if (strncmp(at, piece->path, n) == 0) memmove(at, at + n, strlen(at + n) + 1);
}

static void ended(struct judging *j, enum ending end, const struct problem *p,
                  const struct lesson_run *run, struct session *s)
{
    if (end >= j->end) {
        j->end = end;
        j->problem = *p;
        shorten(j->problem.text, j->piece);
        if (s) view_position(session_position(s), j->at, sizeof j->at);
    }
    if (!s || end == END_UNREADABLE || end == END_DIFFERS) return;
    if (session_is_past(s)) session_goto_end(s); /* who only looks back has undone nothing */
    if (j->goals) take_answers(&j->extra, run);
    j->parts = parts_better(j->parts, judge_parts(j, j->goals ? &j->extra : run, s));
}

/* The last line that was said, which tells why a script stopped. */
static void last_said(struct play *play, struct problem *p)
{
    const char *said = play_said(play), *end = said + strlen(said), *start;
    for (; end > said; end = start - (start > said)) {
        for (start = end; start > said && start[-1] != '\n';) start--;
        if (strncmp(start, "  tip: ", 7) == 0) continue;
        if (end > start) {
            problem_set(p, "", "%.*s", (int)(end - start < 300 ? end - start : 300), start);
            return;
        }
    }
}

/* The line that stopped it; in a file that it read, only what was said last. */
static void explain_stop(const struct judging *j, struct play *play, struct problem *p)
{
    unsigned line;
    struct problem why;
    if (play_reason(play, j->piece->path, &line, &why))
        problem_set(p, why.tip, "%.150s:%u: %.230s", path_name(j->piece->path), line, why.text);
    else
        last_said(play, p);
}

static void before_line(void *context, const struct play *play, const char *line)
{
    struct judging *j = context;
    (void)line;
    look(j, &j->play->shell, &play->run);
}

static enum ending ending_of(enum outcome outcome)
{
    if (outcome == OUTCOME_DONE || outcome == OUTCOME_QUIT) return END_GRADED;
    return outcome == OUTCOME_LIMIT ? END_LIMIT : END_STOPPED;
}

static void judge_play(struct judging *j, struct play *play, enum outcome outcome,
                       const struct problem *problem)
{
    struct problem p = *problem;
    enum ending end = ending_of(outcome);
    if (end == END_STOPPED && !p.text[0]) explain_stop(j, play, &p);
    if (end == END_LIMIT)
        problem_set(&p, "", "it was stopped after %llu steps", (unsigned long long)j->o->max_steps);
    lesson_judge_end(&play->run, play->shell.session, j->nowhere);
    look(j, &play->shell, &play->run);
    ended(j, end, &p, &play->run, play->shell.session);
}

/* Where the files lie that a piece may read: beside it, if it was handed in in a folder. One that was handed
 * in alone must not find those of others. */
static void files_of(const struct judging *j, const struct piece *piece, char folder[GRADE_PATH])
{
    bool alone = strcmp(piece->path, j->submission->path) == 0;
    if (alone)
        snprintf(folder, GRADE_PATH, "%s", j->o->own ? j->o->own : "");
    else
        path_folder(piece->path, folder, GRADE_PATH);
}

/* What lines say may have no end; only why they stop is of use. */
static void hear_errors_only(struct judging *j, struct play *play)
{
    j->play = play;
    play->shell.out = j->nowhere;
}

static void judge_script(struct judging *j, const struct piece *piece)
{
    struct play play;
    struct problem p = { .text = "" };
    char folder[GRADE_PATH], variant[64];
    files_of(j, piece, folder);
    if (!j->variant && script_variant(piece->path, variant, sizeof variant)) draw(j, variant);
    if (!play_begin(&play, j->how->folder, j->drawn, &p)) {
        ended(j, END_UNREADABLE, &p, NULL, NULL);
        return;
    }
    session_limit(play.shell.session, j->o->max_steps);
    play.shell.confined = folder;
    hear_errors_only(j, &play);
    extra_begin(j, play.run.from_event);
    enum outcome outcome = play_lines(&play, piece->path, before_line, j, &p);
    judge_play(j, &play, outcome, &p);
    play_end(&play);
}

static void judge_recording(struct judging *j, const struct piece *piece)
{
    static const enum ending endings[] = {
        [PLAYBACK_AGREES] = END_GRADED,       [PLAYBACK_DIFFERS] = END_DIFFERS,
        [PLAYBACK_BROKEN] = END_DIFFERS,      [PLAYBACK_LIMIT] = END_LIMIT,
        [PLAYBACK_INTERRUPTED] = END_STOPPED,
    };
    struct problem p = { .text = "" };
    char folder[GRADE_PATH];
    files_of(j, piece, folder);
    const struct playback_options options = {
        .files = folder,
        .confined = true,
        .lesson = j->how->folder,
        .variant = j->variant,
        .max_steps = j->o->max_steps,
    };
    struct playback *b = playback_open(piece->path, &options, &p);
    if (!b) {
        ended(j, END_DIFFERS, &p, NULL, NULL);
        return;
    }
    draw(j, b->head.variant);
    extra_begin(j, b->run.from_event);
    while (playback_next(b)) look(j, &b->shell, &b->run);
    look(j, &b->shell, &b->run);
    if (b->end != PLAYBACK_AGREES)
        problem_set(&p, "", "line %zu: %.220s", b->line,
                    b->problem.text[0] ? b->problem.text
                                       : "the state differs from the recorded one");
    ended(j, endings[b->end], &p, &b->run, b->shell.session);
    playback_close(b);
}

static bool find_exercise(const struct lesson *lesson, const char *name, struct exercise *x,
                          struct problem *p)
{
    const char *part = strstr(name, HAND_IN_BETWEEN);
    return exercise_find(lesson, part ? part + strlen(HAND_IN_BETWEEN) : name, x, p) ||
           (lesson->exercise_count == 1 && exercise_find(lesson, "", x, p));
}

/* Where a C file is compiled: one that was handed in alone in a folder of its own, for what lies beside it
 * is others' and is not to be seen. */
static bool place_source(const struct judging *j, const struct piece *piece,
                         const struct exercise *x, char place[GRADE_PATH * 2], struct problem *p)
{
    char folder[GRADE_PATH];
    snprintf(place, GRADE_PATH * 2, "%s", piece->path);
    if (strcmp(piece->path, j->submission->path) != 0) return true;
    path_folder(x->elf, folder, sizeof folder);
    snprintf(place, GRADE_PATH * 2, "%s/%s", folder, path_name(piece->path));
    return source_copy(piece->path, place) ||
           problem_set(p, "", "%.200s cannot be read", path_name(piece->path));
}

static void judge_program(struct judging *j, const struct piece *piece)
{
    struct play play;
    struct exercise x;
    struct problem p = { .text = "" };
    char variant[64], source[GRADE_PATH * 2];
    bool says = !j->variant && hand_in_is(j->submission->path) &&
                script_variant(j->submission->path, variant, sizeof variant);
    draw(j, j->variant ? j->variant : says ? variant : "");
    if (!play_begin(&play, j->how->folder, j->drawn, &p)) {
        ended(j, END_UNREADABLE, &p, NULL, NULL);
        return;
    }
    if (find_exercise(play.run.lesson, path_name(piece->path), &x, &p) &&
        place_source(j, piece, &x, source, &p) &&
        compile_bounded(&x, source, j->o->is_confined, &p)) {
        session_limit(play.shell.session, j->o->max_steps);
        hear_errors_only(j, &play);
        extra_begin(j, play.run.from_event);
        enum outcome outcome = exercise_play(&play, &x, x.elf, &p);
        j->own_from = !j->goals && play.replaced ? play.replaced - 1 : 0;
        /* That the solution's own lines cannot go on is what its program has brought about. */
        judge_play(j, &play, outcome == OUTCOME_LIMIT ? outcome : OUTCOME_DONE, &p);
    } else {
        ended(j, END_UNREADABLE, &p, NULL, NULL);
    }
    play_end(&play);
}

static void judge_pieces(struct judging *j, const struct pieces *pieces)
{
    static void (*const judge_piece[PIECE_KINDS])(struct judging * j, const struct piece *piece) = {
        judge_script, judge_recording, judge_program
    };
    j->only_programs = pieces->count > 0;
    for (unsigned i = 0; i < pieces->count; i++)
        j->only_programs = j->only_programs && pieces->piece[i].kind == PIECE_PROGRAM;
    for (unsigned i = 0; i < pieces->count; i++) {
        memset(j->before, 0, sizeof j->before);
        memset(j->shown, 0, sizeof j->shown);
        j->own_from = 0;
        j->piece = &pieces->piece[i];
        j->is_program = j->piece->kind == PIECE_PROGRAM;
        judge_piece[pieces->piece[i].kind](j, &pieces->piece[i]);
    }
}

/* ---- The whole ---- */

static struct lesson *load(const char *folder, const char *variant, struct problem *p)
{
    struct lesson *lesson = lesson_load(folder, p);
    if (lesson) lesson_draw(lesson, variant);
    return lesson;
}

/* The lesson and a teacher's goals for it, with the student's numbers. NULL: it cannot be read. */
static struct lesson *begin(struct judging *j, const struct grade_options *o,
                            const struct submission *s, unsigned lesson)
{
    *j = (struct judging){ .o = o, .how = &o->lesson[lesson], .submission = s };
    j->variant = s && o->variant_by_name ? s->id : o->variant;
    struct lesson *own = load(j->how->folder, j->variant, &j->problem);
    if (own && j->how->goals[0]) j->goals = load(j->how->goals, j->variant, &j->problem);
    draw(j, j->variant ? j->variant : "");
    return own;
}

static void finish(struct judging *j, struct lesson *own)
{
    if (j->goals) lesson_free(j->goals);
    lesson_free(own);
}

cJSON *grade_none(const struct grade_options *o, unsigned lesson, const char *status,
                  const char *problem)
{
    struct judging j;
    struct lesson *own = begin(&j, o, NULL, lesson);
    if (!own) return NULL;
    cJSON *result = judge_result(&j, own, status, problem);
    finish(&j, own);
    return result;
}

cJSON *grade_one(const struct grade_options *o, const struct submission *s, unsigned lesson)
{
    struct judging j;
    struct pieces pieces = { .count = 0 };
    struct lesson *own = begin(&j, o, s, lesson);
    if (!own) return NULL;
    j.nowhere = fopen("/dev/null", "w");
    bool found = pieces_find(&pieces, s, own, o->lesson_count == 1, &j.problem);
    if (found && j.nowhere) judge_pieces(&j, &pieces);
    bool any = !found || pieces.count;
    cJSON *result = judge_result(&j, own, any ? ending_names[j.end] : "nothing",
                                 any ? j.problem.text : "nothing was handed in for this lesson");
    char digest[SHA256_TEXT];
    if (pieces_digest(&pieces, digest)) cJSON_AddStringToObject(result, "digest", digest);
    pieces_forget(&pieces);
    if (j.nowhere) fclose(j.nowhere);
    finish(&j, own);
    return result;
}
