/* SPDX-License-Identifier: BSD-2-Clause */
/* One submission in one lesson: each of its pieces is played, and what any of them reached counts. A
 * script is played in the lesson; a recording is played back and must agree with itself; a program takes
 * the place of the one that the lesson's solution loads. */
#include <stdlib.h>
#include <string.h>

#include "grade/inside.h"
#include "shell/exercise.h"
#include "shell/recording.h"
#include "view/view.h"

/* How grading a piece ended, worst first. */
enum ending {
    END_UNREADABLE, /* it could not be played at all */
    END_DIFFERS,    /* a recording that does not agree: nothing of it counts */
    END_LIMIT,      /* of steps */
    END_STOPPED,    /* at a line that is wrong */
    END_GRADED,
    ENDINGS
};
static const char *const ending_names[ENDINGS] = { "unreadable", "differs", "limit", "stopped",
                                                   "graded" };

struct judge {
    const struct grade_options *o;
    const struct grade_lesson *how;
    const char *variant; /* that it must be of; NULL: as it says itself */
    char drawn_for[RECORD_NAME_SIZE];
    const char *drawn;       /* whose numbers were drawn; NULL: nobody's */
    struct lesson *goals;    /* a teacher's; NULL: the lesson's own */
    struct lesson_run extra; /* judged by those */
    FILE *nowhere;
    enum ending end;        /* the best of the pieces so far */
    struct problem problem; /* of that one */
    char at[48];            /* where it ended */
    cJSON *parts;           /* NULL: nothing has been judged */
};

/* ---- A teacher's goals ---- */

/* They are judged beside the lesson's own, after each line. */
static void extra_begin(struct judge *j, size_t from_event)
{
    if (!j->goals) return;
    j->extra = (struct lesson_run){ .lesson = j->goals, .from_event = from_event };
}

/* The numbers of the student that a piece says it is of. */
static void draw(struct judge *j, const char *variant)
{
    snprintf(j->drawn_for, sizeof j->drawn_for, "%s", variant);
    j->drawn = *j->drawn_for ? j->drawn_for : NULL;
    if (j->goals) lesson_draw(j->goals, j->drawn);
}

static void extra_judge(struct judge *j, struct session *s)
{
    static const struct lesson_effort none = { 0 };
    if (j->goals) lesson_judge(&j->extra, s, &none, j->nowhere);
}

/* ---- What was reached ---- */

/* Lines of text as an array of strings. */
static cJSON *lines_of(const char *text)
{
    cJSON *array = cJSON_CreateArray();
    while (*text) {
        size_t n = strcspn(text, "\n"), blank = strspn(text, " ");
        char *line = strndup(text + (blank < n ? blank : n), blank < n ? n - blank : 0);
        if (line && *line) cJSON_AddItemToArray(array, cJSON_CreateString(line));
        free(line);
        text += n + (text[n] == '\n');
    }
    return array;
}

static cJSON *explain(const struct lesson_run *run, struct session *s, unsigned goal)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) return cJSON_CreateArray();
    lesson_explain(run, s, goal, out);
    fclose(out);
    cJSON *lines = lines_of(text);
    free(text);
    return lines;
}

/* What a known mistake is told, if one was made. */
static const char *mistake(const struct lesson_run *run, unsigned goal)
{
    const struct item *item = &run->lesson->item[goal];
    for (unsigned w = 0; w < item->warning_count; w++)
        if (run->warned[goal] & 1U << w) return item->warning[w].text;
    return NULL;
}

static void add_text(const struct lesson *lesson, cJSON *part, const char *key, const char *text)
{
    char filled[2048];
    lesson_fill_in(lesson, text, filled, sizeof filled);
    for (char *c = filled; *c; c++)
        if (*c == '\n') *c = ' ';
    cJSON_AddStringToObject(part, key, filled);
}

static cJSON *part_of(const struct judge *j, const struct lesson_run *run, struct session *s,
                      unsigned i)
{
    const struct item *item = &run->lesson->item[i];
    bool is_goal = item->kind == ITEM_GOAL, shown = run->moves_shown[i] > 0;
    bool counts = lesson_counts(run, s, i) && !(shown && j->how->without_solution);
    cJSON *part = cJSON_CreateObject();
    cJSON_AddStringToObject(part, "kind", is_goal ? "goal" : "question");
    cJSON_AddStringToObject(part, "id", item->id);
    add_text(run->lesson, part, "text", item->text);
    cJSON_AddNumberToObject(part, "weight", item->weight);
    cJSON_AddBoolToObject(part, "reached", counts);
    if (run->reached[i]) {
        char at[48];
        view_position((struct position){ .step = run->way[i].step }, at, sizeof at);
        cJSON_AddStringToObject(part, "position", at);
    }
    if (run->said[i][0]) cJSON_AddStringToObject(part, "answer", run->said[i]);
    if (shown) cJSON_AddBoolToObject(part, "solution", true);
    if (counts || !is_goal) return part;
    if (run->reached[i] && shown && j->how->without_solution)
        cJSON_AddStringToObject(part, "mistake", "`solution` was asked for its next move.");
    else if (run->reached[i])
        cJSON_AddStringToObject(part, "mistake", "It was reached, and then undone.");
    else if (i == lesson_open_goal(run)) {
        const char *told = mistake(run, i);
        if (told) add_text(run->lesson, part, "mistake", told);
        cJSON_AddItemToObject(part, "why", explain(run, s, i));
    }
    return part;
}

static cJSON *parts_of(const struct judge *j, const struct lesson_run *run, struct session *s)
{
    cJSON *parts = cJSON_CreateArray();
    for (unsigned i = 0; i < run->lesson->item_count; i++)
        if (run->lesson->item[i].kind != ITEM_PAGE)
            cJSON_AddItemToArray(parts, part_of(j, run, s, i));
    return parts;
}

/* Of two pieces' parts the better of each. */
static cJSON *better_parts(cJSON *a, cJSON *b)
{
    if (!a || !b) return a ? a : b;
    for (int i = 0; i < cJSON_GetArraySize(a); i++) {
        if (json_bool(cJSON_GetArrayItem(a, i), "reached") ||
            !json_bool(cJSON_GetArrayItem(b, i), "reached"))
            continue;
        cJSON_ReplaceItemInArray(a, i, cJSON_Duplicate(cJSON_GetArrayItem(b, i), true));
    }
    cJSON_Delete(b);
    return a;
}

/* ---- Playing ---- */

static void ended(struct judge *j, enum ending end, const struct problem *p,
                  const struct lesson_run *run, struct session *s)
{
    if (end >= j->end) {
        j->end = end;
        j->problem = *p;
        if (s) view_position(session_position(s), j->at, sizeof j->at);
    }
    if (!s || end == END_UNREADABLE || end == END_DIFFERS) return;
    extra_judge(j, s);
    j->parts = better_parts(j->parts, parts_of(j, j->goals ? &j->extra : run, s));
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

static void before_line(void *context, const struct play *play, const char *line)
{
    (void)line;
    extra_judge(context, play->shell.session);
}

static enum ending ending_of(enum outcome outcome)
{
    if (outcome == OUTCOME_DONE || outcome == OUTCOME_QUIT) return END_GRADED;
    return outcome == OUTCOME_LIMIT ? END_LIMIT : END_STOPPED;
}

static void judge_play(struct judge *j, struct play *play, enum outcome outcome,
                       const struct problem *problem)
{
    struct problem p = *problem;
    enum ending end = ending_of(outcome);
    if (end == END_STOPPED && !p.text[0]) last_said(play, &p);
    if (end == END_LIMIT)
        problem_set(&p, "", "it was stopped after %llu steps", (unsigned long long)j->o->max_steps);
    ended(j, end, &p, &play->run, play->shell.session);
}

static void judge_script(struct judge *j, const struct piece *piece)
{
    struct play play;
    struct problem p = { .text = "" };
    char folder[GRADE_PATH], variant[64];
    char *slash;
    snprintf(folder, sizeof folder, "%s", piece->path);
    slash = strrchr(folder, '/');
    if (slash) *slash = '\0';
    if (!j->variant && script_variant(piece->path, variant, sizeof variant)) draw(j, variant);
    if (!play_begin(&play, j->how->folder, j->drawn, &p)) {
        ended(j, END_UNREADABLE, &p, NULL, NULL);
        return;
    }
    session_limit(play.shell.session, j->o->max_steps);
    play.shell.confined = slash ? folder : ".";
    extra_begin(j, play.run.from_event);
    enum outcome outcome = play_lines(&play, piece->path, before_line, j, &p);
    judge_play(j, &play, outcome, &p);
    play_end(&play);
}

static void judge_recording(struct judge *j, const struct piece *piece)
{
    static const enum ending endings[] = {
        [PLAYBACK_AGREES] = END_GRADED,       [PLAYBACK_DIFFERS] = END_DIFFERS,
        [PLAYBACK_BROKEN] = END_DIFFERS,      [PLAYBACK_LIMIT] = END_LIMIT,
        [PLAYBACK_INTERRUPTED] = END_STOPPED,
    };
    struct problem p = { .text = "" };
    char folder[GRADE_PATH];
    snprintf(folder, sizeof folder, "%s", piece->path);
    char *slash = strrchr(folder, '/');
    if (slash) *slash = '\0';
    const struct playback_options options = {
        .files = slash ? folder : ".",
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
    while (playback_next(b)) extra_judge(j, b->shell.session);
    if (b->end != PLAYBACK_AGREES)
        problem_set(&p, "", "line %zu: %.220s", b->line,
                    b->problem.text[0] ? b->problem.text
                                       : "the state differs from the recorded one");
    ended(j, endings[b->end], &p, &b->run, b->shell.session);
    playback_close(b);
}

static void judge_program(struct judge *j, const struct piece *piece)
{
    struct play play;
    struct exercise x;
    struct problem p = { .text = "" };
    if (!play_begin(&play, j->how->folder, j->drawn, &p)) {
        ended(j, END_UNREADABLE, &p, NULL, NULL);
        return;
    }
    const struct lesson *lesson = play.run.lesson;
    bool found = exercise_find(lesson, path_name(piece->path), &x, &p) ||
                 (lesson->exercise_count == 1 && exercise_find(lesson, "", &x, &p));
    if (found && exercise_compile(&x, piece->path, x.elf, &p)) {
        session_limit(play.shell.session, j->o->max_steps);
        extra_begin(j, play.run.from_event);
        enum outcome outcome = exercise_play(&play, &x, x.elf, &p);
        judge_play(j, &play, outcome, &p);
    } else {
        ended(j, END_UNREADABLE, &p, NULL, NULL);
    }
    play_end(&play);
}

static void judge_pieces(struct judge *j, const struct pieces *pieces)
{
    static void (*const judge_piece[PIECE_KINDS])(struct judge * j, const struct piece *piece) = {
        judge_script, judge_recording, judge_program
    };
    for (unsigned i = 0; i < pieces->count; i++)
        judge_piece[pieces->piece[i].kind](j, &pieces->piece[i]);
}

/* ---- The whole ---- */

/* Every part of a lesson of which nothing was handed in, or nothing counts. */
static cJSON *no_parts(const struct judge *j, struct lesson *lesson)
{
    cJSON *parts = cJSON_CreateArray();
    const struct lesson *judged = j->goals ? j->goals : lesson;
    for (unsigned i = 0; i < judged->item_count; i++) {
        const struct item *item = &judged->item[i];
        if (item->kind == ITEM_PAGE) continue;
        cJSON *part = cJSON_CreateObject();
        cJSON_AddStringToObject(part, "kind", item->kind == ITEM_GOAL ? "goal" : "question");
        cJSON_AddStringToObject(part, "id", item->id);
        add_text(judged, part, "text", item->text);
        cJSON_AddNumberToObject(part, "weight", item->weight);
        cJSON_AddBoolToObject(part, "reached", false);
        cJSON_AddItemToArray(parts, part);
    }
    return parts;
}

static cJSON *result_of(struct judge *j, struct lesson *lesson, bool has_pieces)
{
    cJSON *result = cJSON_CreateObject(), *part;
    double score = 0, max = 0;
    if (!j->parts) j->parts = no_parts(j, lesson);
    cJSON_ArrayForEach(part, j->parts)
    {
        max += json_number(part, "weight");
        if (json_bool(part, "reached")) score += json_number(part, "weight");
    }
    cJSON_AddStringToObject(result, "lesson", lesson_name(lesson));
    cJSON_AddStringToObject(result, "title", lesson->title);
    cJSON_AddStringToObject(result, "status", has_pieces ? ending_names[j->end] : "nothing");
    cJSON_AddStringToObject(result, "problem",
                            has_pieces ? j->problem.text : "nothing was handed in for this lesson");
    if (j->problem.tip[0]) cJSON_AddStringToObject(result, "tip", j->problem.tip);
    cJSON_AddStringToObject(result, "variant", j->drawn ? j->drawn : "");
    cJSON_AddNumberToObject(result, "score", score);
    cJSON_AddNumberToObject(result, "max", max);
    if (j->at[0]) cJSON_AddStringToObject(result, "end", j->at);
    cJSON_AddItemToObject(result, "parts", j->parts);
    return result;
}

static struct lesson *load(const char *folder, const char *variant, struct problem *p)
{
    struct lesson *lesson = lesson_load(folder, p);
    if (lesson) lesson_draw(lesson, variant);
    return lesson;
}

cJSON *grade_one(const struct grade_options *o, const struct submission *s, unsigned lesson)
{
    struct judge j = { .o = o, .how = &o->lesson[lesson], .end = END_UNREADABLE };
    struct pieces pieces = { .count = 0 };
    j.variant = o->variant_by_name ? s->name : o->variant;
    struct lesson *own = load(j.how->folder, j.variant, &j.problem);
    if (!own) return NULL;
    if (j.how->goals[0]) j.goals = load(j.how->goals, j.variant, &j.problem);
    draw(&j, j.variant ? j.variant : "");
    j.nowhere = fopen("/dev/null", "w");
    bool found = pieces_find(&pieces, s, own, o->lesson_count == 1, &j.problem);
    if (found && j.nowhere) judge_pieces(&j, &pieces);
    cJSON *result = result_of(&j, own, !found || pieces.count);
    pieces_forget(&pieces);
    if (j.nowhere) fclose(j.nowhere);
    if (j.goals) lesson_free(j.goals);
    lesson_free(own);
    return result;
}
