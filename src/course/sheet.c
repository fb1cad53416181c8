/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline lesson print`: a lesson as Markdown, with boxes to tick, and for the teacher with the moves
 * of the solution, played for that student. */
#include "course/sheet.h"

#include <string.h>

#include "shell/solution.h"

enum { TEXT_MAX = 8192 };

struct sheet {
    struct lesson *lesson;
    const struct sheet_options *o;
    struct solution solution;
    FILE *out;
    unsigned goals;
};

static const char *points(unsigned weight, char text[32])
{
    snprintf(text, 32, "%u point%s", weight, weight == 1 ? "" : "s");
    return text;
}

static void put(struct sheet *s, const char *text)
{
    char filled[TEXT_MAX];
    lesson_fill_in(s->lesson, text, filled, sizeof filled);
    fputs(filled, s->out);
}

/* Lines as they are: Markdown takes what is indented by four for code, if a blank line stands before. */
static void put_page(struct sheet *s, const struct item *page)
{
    char filled[TEXT_MAX];
    bool was_code = false;
    lesson_fill_in(s->lesson, page->text, filled, sizeof filled);
    fprintf(s->out, "\n## %s\n\n", page->id);
    for (const char *at = filled; *at;) {
        size_t n = strcspn(at, "\n");
        bool code = strncmp(at, "    ", 4) == 0;
        if (code != was_code) fputc('\n', s->out);
        fprintf(s->out, "%.*s\n", (int)n, at);
        was_code = code;
        at += n + (at[n] == '\n');
    }
}

static void put_moves(struct sheet *s, unsigned goal)
{
    bool any = false;
    for (size_t i = 0; i < s->solution.count; i++) {
        if (s->solution.move[i].goal != goal) continue;
        if (!any) fputs("\nSolution:\n\n", s->out);
        any = true;
        fprintf(s->out, "    %s\n", s->solution.move[i].line);
    }
}

static void put_goal(struct sheet *s, unsigned i)
{
    const struct item *goal = &s->lesson->item[i];
    char text[32];
    fprintf(s->out, "\n**Goal %u** (%s): ", ++s->goals, points(goal->weight, text));
    put(s, goal->text);
    fputs(".\n", s->out);
    if (s->o->answers)
        put_moves(s, i);
    else
        fputs("\nCommands:\n\n<br><br><br>\n", s->out);
}

static void put_question(struct sheet *s, const struct item *q)
{
    char text[32];
    fprintf(s->out, "\n**Question** (%s): ", points(q->weight, text));
    put(s, q->text);
    fputs("\n\n", s->out);
    for (unsigned c = 0; c < q->choice_count; c++) {
        const struct choice *choice = &q->choice[c];
        fprintf(s->out, "- [%c] %s", s->o->answers && choice->right ? 'x' : ' ', choice->word);
        if (s->o->answers && *choice->text) {
            fputs(": ", s->out);
            put(s, choice->text);
        }
        fputc('\n', s->out);
    }
    if (q->value && s->o->answers) {
        fprintf(s->out, "Answer: the value of `%s`. ", q->value);
        put(s, q->reveal ? q->reveal : "");
        fputc('\n', s->out);
    } else if (q->value) {
        fputs("Answer: ______________\n", s->out);
    }
}

static void put_lesson(struct sheet *s)
{
    const struct lesson *l = s->lesson;
    if (l->number) fprintf(s->out, "# Lesson %u: %s\n\n", l->number, l->title);
    if (!l->number) fprintf(s->out, "# %s\n\n", l->title);
    if (l->minutes) fprintf(s->out, "About %u minutes.", l->minutes);
    if (l->needs_compiler) fputs(" Needs a C compiler.", s->out);
    if (s->o->variant && *s->o->variant) fprintf(s->out, " For %s.", s->o->variant);
    fputs(s->o->answers ? " With answers.\n" : "\n", s->out);
    for (unsigned i = 0; i < l->vary_count && s->o->answers; i++)
        fprintf(s->out, l->vary[i].in_hex ? "%s%s is %#llx.\n" : "%s%s is %llu.\n", i ? "" : "\n",
                l->vary[i].name, (unsigned long long)l->vary[i].value);
    for (unsigned i = 0; i < l->item_count; i++) {
        const struct item *item = &l->item[i];
        if (item->kind == ITEM_PAGE) put_page(s, item);
        if (item->kind == ITEM_GOAL) put_goal(s, i);
        if (item->kind == ITEM_QUESTION) put_question(s, item);
    }
    fputc('\n', s->out);
}

bool sheet_write(const char *folder, const struct sheet_options *o, FILE *out, struct problem *p)
{
    struct sheet s = { .lesson = lesson_load(folder, p), .o = o, .out = out };
    bool done = s.lesson && lesson_translate(s.lesson, lesson_language(o->language), p);
    if (done) {
        lesson_draw(s.lesson, o->variant);
        done = !o->answers || solution_read(s.lesson, &s.solution, p);
    }
    if (done) put_lesson(&s);
    solution_free(&s.solution);
    lesson_free(s.lesson);
    return done;
}
