/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions: predict, then reveal. One is open until it is answered; what the answer was worth is said
 * when the goal behind it is reached. */
#include "lesson/run.h"

#include <string.h>

#include "lesson/expr.h"

enum { COLUMNS = 80 };

/* Whether item `i` is a question that stands before a goal. */
static bool is_before(const struct lesson *lesson, unsigned i, unsigned goal)
{
    const struct item *item = &lesson->item[i];
    if (item->kind != ITEM_QUESTION) return false;
    if (item->before) return strcmp(item->before, lesson->item[goal].id) == 0;
    while (++i < lesson->item_count && lesson->item[i].kind != ITEM_GOAL) continue;
    return i == goal;
}

unsigned lesson_question(const struct lesson *lesson, const char *id)
{
    unsigned i = 0;
    while (i < lesson->item_count &&
           (lesson->item[i].kind != ITEM_QUESTION || strcmp(lesson->item[i].id, id) != 0))
        i++;
    return i;
}

unsigned lesson_open_question(const struct lesson_run *run)
{
    const struct lesson *l = run->lesson;
    unsigned goal = lesson_open_goal(run), i = 0;
    if (goal == l->item_count) return goal;
    while (i < l->item_count && (!is_before(l, i, goal) || run->said[i][0])) i++;
    return i;
}

/* In lines of so many columns, the first behind six blanks as the others; 0: all in one. */
static void list_choices(const struct item *q, const char *bar, size_t columns, char *text,
                         size_t size)
{
    size_t column = 6;
    text[0] = '\0';
    if (q->value) snprintf(text, size, "answer NUMBER or NAME");
    for (unsigned c = 0; c < q->choice_count; c++) {
        size_t used = strlen(text), length = strlen("answer ") + strlen(q->choice[c].word);
        bool full = columns && used && column + length + strlen(bar) + strlen(" |") > columns;
        snprintf(text + used, size - used, "%sanswer %s",
                 !used  ? ""
                 : full ? " |\n      "
                        : bar,
                 q->choice[c].word);
        column = (full ? 6 : column + (used ? strlen(bar) : 0)) + length;
    }
}

void questions_say(const struct lesson_run *run, FILE *out)
{
    char choices[256];
    unsigned i = lesson_open_question(run);
    if (i == run->lesson->item_count) return;
    const struct item *q = &run->lesson->item[i];
    if (run->lesson->plain) {
        list_choices(q, ", or ", 0, choices, sizeof choices);
        fprintf(out, "Question: %s\nAnswers: %s\n", q->text, choices);
        return;
    }
    list_choices(q, " | ", COLUMNS, choices, sizeof choices);
    bool fits = strlen(q->text) + strlen(choices) + strlen("  Guess:       ") <= COLUMNS;
    if (fits)
        fprintf(out, "  Guess: %s      %s\n", q->text, choices);
    else
        lesson_fill(run->lesson, out, "Guess:", q->text);
    if (!fits) fprintf(out, "      %s\n", choices);
}

/* "`answer yes` or `answer no`" */
static void offer_choices(const struct item *q, char *text, size_t size)
{
    snprintf(text, size, "`answer NUMBER`");
    for (unsigned c = 0; c < q->choice_count; c++) {
        size_t used = c ? strlen(text) : 0;
        snprintf(text + used, size - used, "%s`answer %s`",
                 !c                        ? ""
                 : c + 1 < q->choice_count ? ", "
                                           : " or ",
                 q->choice[c].word);
    }
}

/* Whether the present is where the question belongs: behind the goal before it, with nothing recorded
 * ahead and no kernel entry under way. */
static bool is_asked_here(const struct lesson_run *run, const struct session *s)
{
    unsigned goal = lesson_open_goal(run);
    if (session_is_past(s) || session_phase(s, NULL, NULL)) return false;
    while (goal-- > 0)
        if (run->reached[goal]) return lesson_stands(run, s, goal);
    return true;
}

bool lesson_must_answer(const struct lesson_run *run, const struct session *s)
{
    unsigned i = lesson_open_question(run);
    return i < run->lesson->item_count && !run->lesson->item[i].late && is_asked_here(run, s);
}

void lesson_ask_first(const struct lesson_run *run, FILE *out)
{
    char choices[256], text[600];
    const struct item *q = &run->lesson->item[lesson_open_question(run)];
    offer_choices(q, choices, sizeof choices);
    lesson_fill(run->lesson, out, "Your guess first:", q->text);
    snprintf(text, sizeof text, "%s. Any answer lets you go on.", choices);
    lesson_fill(run->lesson, out, "Type", text);
}

/* ---- Answering ---- */

/* A number in hex, or a word as it is: two answers are equal when their texts are. */
static void value_text(const struct value *value, char text[ANSWER_SIZE])
{
    if (value->is_text)
        snprintf(text, ANSWER_SIZE, "%.40s", value->text);
    else
        snprintf(text, ANSWER_SIZE, "%#llx", (unsigned long long)value->word);
}

static bool take_value(struct lesson_run *run, const struct session *s, unsigned i,
                       const char *text, struct problem *p)
{
    struct scope sc = scope_of_seat(s);
    struct value value;
    if (thread_find(scope_world(&sc), text)) {
        snprintf(run->said[i], ANSWER_SIZE, "%.40s", text);
        return true;
    }
    if (!expr_eval(&sc, text, &value, p)) return false;
    value_text(&value, run->said[i]);
    return true;
}

static bool take_choice(struct lesson_run *run, unsigned i, const char *text, struct problem *p)
{
    const struct item *q = &run->lesson->item[i];
    for (unsigned c = 0; c < q->choice_count; c++) {
        if (strcmp(q->choice[c].word, text) != 0) continue;
        run->answer[i] = &q->choice[c];
        run->right[i] = q->choice[c].right;
        snprintf(run->said[i], ANSWER_SIZE, "%.40s", text);
        return true;
    }
    char choices[256];
    offer_choices(q, choices, sizeof choices);
    return problem_set(p, choices, "`%.40s` is none of the answers", text);
}

bool lesson_answer(struct lesson_run *run, const struct session *s, const char *text, FILE *out,
                   struct problem *p)
{
    unsigned i = lesson_open_question(run);
    if (i == run->lesson->item_count)
        return problem_set(p, "the first answer counts; `task` shows what is to be done",
                           "no question is open");
    const struct item *q = &run->lesson->item[i];
    if (!(q->value ? take_value(run, s, i, text, p) : take_choice(run, i, text, p))) return false;
    run->unsaved = true;
    lesson_fill(run->lesson, out, "Noted.", q->noted ? q->noted : "Now try it, and see.");
    questions_say(run, out); /* another one */
    return true;
}

/* ---- Revealing ---- */

static void reveal_choice(const struct lesson_run *run, unsigned i, FILE *out)
{
    const struct item *q = &run->lesson->item[i];
    const struct choice *given = run->answer[i];
    const char *text = given ? given->text : "";
    char lead[64] = "";
    for (unsigned c = 0; c < q->choice_count && !given; c++)
        if (q->choice[c].right) text = q->choice[c].text;
    for (unsigned c = 0; c < q->choice_count && !*text; c++) text = q->choice[c].text;
    if (given)
        snprintf(lead, sizeof lead, "(You said %.20s%s.)", given->word,
                 given->right ? ": right" : "");
    lesson_fill(run->lesson, out, lead, text);
}

/* The machine knows it now. */
static void reveal_value(struct lesson_run *run, const struct session *s, unsigned i, FILE *out)
{
    const struct item *q = &run->lesson->item[i];
    struct scope sc = scope_of_seat(s);
    struct value value;
    struct problem unused;
    char is[ANSWER_SIZE], lead[160];
    if (!expr_eval(&sc, q->value, &value, &unused)) return;
    value_text(&value, is);
    run->right[i] = strcmp(run->said[i], is) == 0;
    if (run->right[i])
        snprintf(lead, sizeof lead, "(You said %s: right.)", is);
    else if (run->said[i][0])
        snprintf(lead, sizeof lead, "(You said %s; it is %s.)", run->said[i], is);
    else
        snprintf(lead, sizeof lead, "It is %s.", is);
    lesson_fill(run->lesson, out, lead, q->reveal ? q->reveal : "");
}

void questions_resolve(struct lesson_run *run, const struct session *s, unsigned goal, FILE *out)
{
    for (unsigned i = 0; i < run->lesson->item_count; i++) {
        if (!is_before(run->lesson, i, goal)) continue;
        if (run->lesson->item[i].value)
            reveal_value(run, s, i, out);
        else
            reveal_choice(run, i, out);
    }
}
