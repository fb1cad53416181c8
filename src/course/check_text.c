/* SPDX-License-Identifier: BSD-2-Clause */
/* The lint's texts: pages that fit, hints, ids, translations, and no code word that means nothing. */
#include "course/check_inside.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 8192, INDENT = 4 };

/* Bytes of the UTF-8 character at `at`; 0: it is none, or not one that can be printed. */
static size_t character(const char *at)
{
    const unsigned char *u = (const unsigned char *)at;
    if (u[0] < 0x80) return u[0] >= ' ' && u[0] != 0x7f;
    size_t n = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
    if (u[0] < 0xc2 || u[0] > 0xf4) return 0;
    for (size_t i = 1; i < n; i++)
        if ((u[i] & 0xc0) != 0x80) return 0;
    return n;
}

/* Columns of a line of `n` bytes; -1: it cannot be printed. */
static int columns_of(const char *line, size_t n)
{
    int columns = 0;
    for (size_t i = 0, size; i < n; i += size, columns++)
        if ((size = character(line + i)) == 0) return -1;
    return columns;
}

/* ---- Code words ---- */

static void check_code(struct check *c, const char *text, const char *code, size_t length)
{
    char word[80], tip[200];
    if (!c->has_words || !known_lacks(&c->known, code, length, word, sizeof word)) return;
    snprintf(tip, sizeof tip,
             "code is a command, a name of the lesson or a word of libsel4; a picture is "
             "indented by six blanks");
    complain_of(c, text, tip, "what is `%s`? it means nothing in this lesson", word);
}

/* Pieces between backticks. */
static void check_spans(struct check *c, const char *text)
{
    const char *open = strchr(text, '`');
    while (open) {
        const char *close = strchr(open + 1, '`');
        if (!close) {
            complain_of(c, open, "every ` wants its partner", "a ` is not closed");
            return;
        }
        check_code(c, open, open + 1, (size_t)(close - open - 1));
        open = strchr(close + 1, '`');
    }
}

/* A line indented by four blanks is something to type; with more of them it is a picture. */
static void check_typed_line(struct check *c, const char *line, size_t n)
{
    if (n <= INDENT || strncmp(line, "    ", INDENT) != 0 || isspace((unsigned char)line[INDENT]))
        return;
    const char *code = line + INDENT;
    if (strncmp(code, "faultline ", 10) == 0) return; /* for the host's shell */
    check_code(c, code, code, n - INDENT);
}

/* ---- Texts ---- */

static bool is_varied(const struct lesson *lesson, const char *name, size_t length)
{
    for (unsigned i = 0; i < lesson->vary_count; i++)
        if (strlen(lesson->vary[i].name) == length &&
            strncmp(lesson->vary[i].name, name, length) == 0)
            return true;
    return false;
}

/* {NAME} in capitals is a number of the student's: it has to be one. */
static void check_varied(struct check *c, const char *text)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
        size_t n = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
        if (n == 0 || at[1 + n] != '}' || is_varied(c->lesson, at + 1, n)) continue;
        complain_of(c, at, "vary NAME LOW..HIGH, in the head of the lesson",
                    "{%.*s} is no varied number", (int)n, at + 1);
    }
}

static void check_line(struct check *c, const char *text)
{
    if (!text) return;
    if (columns_of(text, strlen(text)) < 0)
        complain_of(c, text, "UTF-8, without tabs", "this text cannot be printed");
    check_varied(c, text);
    check_spans(c, text);
}

static void check_page(struct check *c, const struct item *page)
{
    char filled[TEXT_MAX];
    unsigned lines = 0;
    check_varied(c, page->text);
    check_spans(c, page->text);
    for (const char *at = page->text; *at; lines++) {
        size_t n = strcspn(at, "\n");
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)n, at);
        lesson_fill_in(c->lesson, line, filled, sizeof filled);
        int columns = columns_of(filled, strlen(filled));
        if (columns < 0)
            complain_of(c, at, "UTF-8, without tabs", "this line cannot be printed");
        else if (columns > CHECK_COLUMNS || n >= sizeof line)
            complain_of(c, at, "a page is 78 columns wide", "%d columns are too many", columns);
        if (strncmp(at, "# ", 2) == 0 || strncmp(at, "###", 3) == 0)
            complain_of(c, at, "## begins a page; there are no others", "no heading of a page");
        check_typed_line(c, at, n);
        at += n + (at[n] == '\n');
    }
    const struct item *end = &c->lesson->item[c->lesson->item_count];
    if (!lines && (page + 1 == end || page[1].kind == ITEM_PAGE))
        complain_of(c, page->id, "say what is to be done, and why", "the page %s is empty",
                    page->id);
    if (lines > CHECK_PAGE_LINES)
        complain_of(c, page->text, "at most 12, then something to do", "the page %s has %u lines",
                    page->id, lines);
}

static void check_goal(struct check *c, const struct item *goal)
{
    int columns = columns_of(goal->text, strlen(goal->text));
    check_line(c, goal->text);
    if (columns > CHECK_GOAL_COLUMNS)
        complain_of(c, goal->text, "at most 66: it stands behind `Goal N:`",
                    "goal %s has %d columns", goal->id, columns);
    if (goal->hint_count < CHECK_HINTS)
        complain_of(c, goal->id, "three steps: where to look, what with, the commands",
                    "goal %s has %u of %u hints", goal->id, goal->hint_count, CHECK_HINTS);
    for (unsigned i = 0; i < goal->hint_count; i++) check_line(c, goal->hint[i]);
    for (unsigned i = 0; i < goal->warning_count; i++) check_line(c, goal->warning[i].text);
}

static void check_question(struct check *c, const struct item *question)
{
    unsigned right = 0;
    check_line(c, question->text);
    check_line(c, question->noted);
    for (unsigned i = 0; i < question->choice_count; i++) {
        check_line(c, question->choice[i].text);
        right += question->choice[i].right;
    }
    check_line(c, question->reveal);
    if (question->value && question->choice_count)
        complain_of(c, question->id, "a question has either", "question %s has a value and choices",
                    question->id);
    else if (!question->value && (question->choice_count < 2 || right != 1))
        complain_of(c, question->id, "choice WORD * marks the right one",
                    "question %s has %u choices, %u of them right", question->id,
                    question->choice_count, right);
    if (!question->before) return;
    for (unsigned i = 0; i < c->lesson->item_count; i++)
        if (c->lesson->item[i].kind == ITEM_GOAL &&
            strcmp(c->lesson->item[i].id, question->before) == 0)
            return;
    complain_of(c, question->before, "before GOAL", "question %s stands before no goal: %s",
                question->id, question->before);
}

static void check_ids(struct check *c)
{
    const struct lesson *l = c->lesson;
    bool has_goal = false;
    for (unsigned i = 0; i < l->item_count; i++) {
        has_goal |= l->item[i].kind == ITEM_GOAL;
        for (unsigned k = 0; k < i && l->item[i].kind != ITEM_PAGE; k++)
            if (l->item[k].kind != ITEM_PAGE && strcmp(l->item[i].id, l->item[k].id) == 0)
                complain_of(c, l->item[i].id, "progress is kept by ids", "a second %s",
                            l->item[i].id);
    }
    if (!has_goal) complain(c, "lesson.md", 0, "```goal ID weight N", "the lesson has no goal");
}

static void check_items(struct check *c)
{
    for (unsigned i = 0; i < c->lesson->item_count; i++) {
        const struct item *item = &c->lesson->item[i];
        if (item->kind == ITEM_PAGE) check_page(c, item);
        if (item->kind == ITEM_GOAL) check_goal(c, item);
        if (item->kind == ITEM_QUESTION) check_question(c, item);
    }
}

/* lesson.de.md: read in the place of the texts, then looked at like them. */
static void check_translation(struct check *c, const char *name)
{
    char language[16];
    struct problem p;
    int end = 0;
    if (sscanf(name, "lesson.%8[a-z].md%n", language, &end) != 1 || !end || name[end]) return;
    struct lesson *own = c->lesson;
    c->lesson = lesson_load(c->folder, &p);
    if (c->lesson && lesson_translate(c->lesson, language, &p)) {
        check_items(c);
    } else {
        c->complaints++;
        problem_say(c->out, "", &p, 0);
    }
    lesson_free(c->lesson);
    c->lesson = own;
}

void check_texts(struct check *c)
{
    check_ids(c);
    check_items(c);
    check_each_file(c, "", ".md", check_translation, c);
}
