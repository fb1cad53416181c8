/* SPDX-License-Identifier: BSD-2-Clause */
/* What a submission reached, as JSON: an object for each goal and question, and the whole with its score.
 * docs/grading.md, "Results as JSON", describes them. */
#include <stdlib.h>
#include <string.h>

#include "grade/judging.h"
#include "view/view.h"

/* The mark of such a question while pieces are compared; results do not have it. */
static const char NOT_ASKED[] = "not asked";

/* Of several blanks the first is left; what stands in quotation marks is quoted as it is. */
static void squeeze(char *line)
{
    bool quoted = false;
    char *to = line;
    for (const char *from = line; *from; from++) {
        quoted ^= *from == '"';
        if (*from != ' ' || quoted || (to > line && to[-1] != ' ')) *to++ = *from;
    }
    *to = '\0';
}

/* Lines of text as an array of strings. */
static cJSON *lines_of(const char *text)
{
    cJSON *array = cJSON_CreateArray();
    while (*text) {
        size_t n = strcspn(text, "\n");
        char *line = strndup(text, n);
        if (line) squeeze(line);
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

/* What the lesson's solution did before it loaded a student's program counts only if that does something. */
static bool does_own_work(const struct judging *j, const struct lesson_run *run)
{
    for (unsigned i = j->own_from; i < run->lesson->item_count; i++)
        if (run->reached[i]) return true;
    return false;
}

/* What every part has. */
static cJSON *part_new(const struct lesson *lesson, const struct item *item, bool reached)
{
    cJSON *part = cJSON_CreateObject();
    cJSON_AddStringToObject(part, "kind", item->kind == ITEM_GOAL ? "goal" : "question");
    cJSON_AddStringToObject(part, "id", item->id);
    add_text(lesson, part, "text", item->text);
    cJSON_AddNumberToObject(part, "weight", item->weight);
    cJSON_AddBoolToObject(part, "reached", reached);
    return part;
}

/* A question that a program cannot answer: what the lesson's solution says to it is not the student's. It
 * leaves the total, unless another piece answers for it. */
static cJSON *part_not_asked(const struct lesson *lesson, const struct item *item)
{
    cJSON *part = part_new(lesson, item, false);
    cJSON_AddBoolToObject(part, NOT_ASKED, true);
    return part;
}

/* Why a goal does not count. */
static void add_why(const struct judging *j, const struct lesson_run *run, struct session *s,
                    unsigned i, cJSON *part)
{
    if (run->reached[i] && cJSON_HasObjectItem(part, "solution") && j->how->without_solution)
        cJSON_AddStringToObject(part, "mistake", "The solution was looked at.");
    else if (run->reached[i] && i < j->own_from)
        cJSON_AddStringToObject(part, "mistake", NONE_OF_ITS_OWN);
    else if (run->reached[i])
        cJSON_AddStringToObject(part, "mistake", "It was reached, and then undone.");
    else if (i == lesson_open_goal(run)) {
        const char *told = mistake(run, i);
        if (told) add_text(run->lesson, part, "mistake", told);
        cJSON_AddItemToObject(part, "why", explain(run, s, i));
    }
}

static cJSON *part_of(const struct judging *j, const struct lesson_run *run, struct session *s,
                      unsigned i)
{
    const struct item *item = &run->lesson->item[i];
    bool shown = run->moves_shown[i] > 0 || j->shown[i];
    bool own = i >= j->own_from || does_own_work(j, run);
    bool counts = lesson_counts(run, s, i) && !(shown && j->how->without_solution) && own;
    if (item->kind == ITEM_QUESTION && j->is_program) return part_not_asked(run->lesson, item);
    cJSON *part = part_new(run->lesson, item, counts);
    if (run->reached[i]) {
        char at[48];
        view_position((struct position){ .step = run->way[i].step }, at, sizeof at);
        cJSON_AddStringToObject(part, "position", at);
    }
    if (run->said[i][0]) cJSON_AddStringToObject(part, "answer", run->said[i]);
    if (shown) cJSON_AddBoolToObject(part, "solution", true);
    if (!counts && item->kind == ITEM_GOAL) add_why(j, run, s, i, part);
    return part;
}

cJSON *judge_parts(const struct judging *j, const struct lesson_run *run, struct session *s)
{
    cJSON *parts = cJSON_CreateArray();
    for (unsigned i = 0; i < run->lesson->item_count; i++)
        if (run->lesson->item[i].kind != ITEM_PAGE)
            cJSON_AddItemToArray(parts, part_of(j, run, s, i));
    return parts;
}

/* Of two parts the one with the higher rank counts: what was reached, then what was tried. */
static int rank(const cJSON *part)
{
    return json_bool(part, "reached") ? 2 : !json_bool(part, NOT_ASKED);
}

cJSON *parts_better(cJSON *a, cJSON *b)
{
    if (!a || !b) return a ? a : b;
    for (int i = 0; i < cJSON_GetArraySize(a); i++) {
        const cJSON *other = cJSON_GetArrayItem(b, i);
        if (rank(cJSON_GetArrayItem(a, i)) < rank(other))
            cJSON_ReplaceItemInArray(a, i, cJSON_Duplicate(other, true));
    }
    cJSON_Delete(b);
    return a;
}

/* ---- The whole ---- */

/* Every part of a lesson of which nothing was handed in, or nothing counts. */
static cJSON *no_parts(const struct judging *j, struct lesson *lesson)
{
    cJSON *parts = cJSON_CreateArray();
    const struct lesson *judged = j->goals ? j->goals : lesson;
    for (unsigned i = 0; i < judged->item_count; i++)
        if (judged->item[i].kind == ITEM_GOAL ||
            (judged->item[i].kind == ITEM_QUESTION && !j->only_programs))
            cJSON_AddItemToArray(parts, part_new(judged, &judged->item[i], false));
    return parts;
}

static void drop_not_asked(cJSON *parts)
{
    for (int i = cJSON_GetArraySize(parts) - 1; i >= 0; i--)
        if (json_bool(cJSON_GetArrayItem(parts, i), NOT_ASKED)) cJSON_DeleteItemFromArray(parts, i);
}

cJSON *judge_result(struct judging *j, struct lesson *lesson, const char *status,
                    const char *problem)
{
    cJSON *result = cJSON_CreateObject(), *part;
    double score = 0, max = 0;
    if (!j->parts) j->parts = no_parts(j, lesson);
    drop_not_asked(j->parts);
    cJSON_ArrayForEach(part, j->parts)
    {
        max += json_number(part, "weight");
        if (json_bool(part, "reached")) score += json_number(part, "weight");
    }
    cJSON_AddStringToObject(result, "lesson", lesson_name(lesson));
    cJSON_AddStringToObject(result, "title", lesson->title);
    cJSON_AddStringToObject(result, "status", status);
    cJSON_AddStringToObject(result, "problem", problem);
    if (j->problem.tip[0]) cJSON_AddStringToObject(result, "tip", j->problem.tip);
    cJSON_AddStringToObject(result, "variant", j->drawn ? j->drawn : "");
    cJSON_AddNumberToObject(result, "score", score);
    cJSON_AddNumberToObject(result, "max", max);
    if (j->at[0]) cJSON_AddStringToObject(result, "end", j->at);
    cJSON_AddItemToObject(result, "parts", j->parts);
    return result;
}
