/* SPDX-License-Identifier: BSD-2-Clause */
/* lesson.md into a struct lesson. The file is cut into strings in place; an error names its line. */
#include "lesson/read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/expr.h"
#include "world/path.h"

enum { MINUTES_MOST = 600, WEIGHT_MOST = 1000 };

struct reader {
    struct lesson *lesson;
    char *at;           /* the next line */
    unsigned line;      /* number of the line read last */
    struct item *block; /* the goal or question whose fence is open */
    bool is_translation;
    struct problem *p;
};

static bool wrong(struct reader *r, const char *tip, const char *what, const char *word)
{
    return problem_set(r->p, tip, "%.140s/%s:%u: %s%.60s", r->lesson->folder, r->lesson->file.name,
                       r->line ? r->line : 1, what, word);
}

/* The next line, cut off; NULL at the end. */
static char *next_line(struct reader *r)
{
    if (*r->at == '\0') return NULL;
    char *line = r->at, *end = strchr(line, '\n');
    r->at = end ? end + 1 : line + strlen(line);
    if (end) *end = '\0';
    r->line++;
    return line;
}

static char *skip_blanks(char *at)
{
    while (*at == ' ' || *at == '\t') at++;
    return at;
}

/* Cuts the first word off; the rest without leading blanks in *rest. */
static char *cut_word(char *at, char **rest)
{
    at = skip_blanks(at);
    char *end = at + strcspn(at, " \t");
    *rest = *end ? skip_blanks(end + 1) : end;
    *end = '\0';
    return at;
}

static void trim_end(char *text)
{
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1])) text[--n] = '\0';
}

/* A comment behind a predicate: blank, #. */
static void cut_comment(char *text)
{
    bool quoted = false;
    for (char *at = text; *at; at++) {
        if (*at == '"') quoted = !quoted;
        if (*at != '#' || quoted || (at > text && at[-1] != ' ')) continue;
        *at = '\0';
        break;
    }
    trim_end(text);
}

static struct item *add_item(struct reader *r, enum item_kind kind)
{
    if (r->lesson->item_count == LESSON_ITEMS) {
        wrong(r, "", "more pages, goals and questions than a lesson can have", "");
        return NULL;
    }
    struct item *item = &r->lesson->item[r->lesson->item_count++];
    *item = (struct item){ .kind = kind, .line = r->line, .weight = 1, .text = "" };
    return item;
}

static bool add_text(struct reader *r, const char **list, unsigned *count, unsigned max,
                     const char *text)
{
    if (*count == max) return wrong(r, "", "too many lines of one sort: ", text);
    list[(*count)++] = text;
    return true;
}

/* A number in decimal, at most `most`. */
static bool take_number(struct reader *r, const char *key, const char *value, unsigned most,
                        unsigned *out)
{
    char *end, tip[64];
    unsigned long number = strtoul(value, &end, 10);
    snprintf(tip, sizeof tip, "%s N, from 0 to %u", key, most);
    if (!isdigit((unsigned char)*value) || *end || number > most)
        return wrong(r, tip, "no such number: ", value);
    *out = (unsigned)number;
    return true;
}

/* ---- The head ---- */

static bool parse_vary(struct reader *r, char **rest)
{
    if (r->lesson->vary_count == VARIES) return wrong(r, "", "too many varied numbers", "");
    struct vary *v = &r->lesson->vary[r->lesson->vary_count++];
    const char *name = cut_word(*rest, rest);
    if (!name_is_identifier(name)) return wrong(r, "vary NAME LOW..HIGH", "no name: ", name);
    strcpy(v->name, name);
    const char *range = cut_word(*rest, rest), *end;
    if (!number_read(range, &end, &v->low, r->p))
        return wrong(r, "vary NAME LOW..HIGH", "no range: ", range);
    if (strncmp(end, "..", 2) != 0 || !number_read(end + 2, &end, &v->high, r->p) ||
        v->high < v->low)
        return wrong(r, "vary NAME LOW..HIGH", "no range: ", range);
    v->value = v->low;
    v->in_hex = strncmp(range, "0x", 2) == 0;
    if (strncmp(*rest, "default ", 8) != 0) return true;
    cut_word(*rest, rest);
    const char *value = cut_word(*rest, rest);
    return number_read(value, &end, &v->value, r->p) || wrong(r, "", "no number: ", value);
}

/* needs WHAT yes|no */
static bool parse_needs(struct reader *r, const char *what, const char *answer)
{
    bool yes = strcmp(answer, "yes") == 0;
    if (strcmp(what, "compiler") != 0 || (!yes && strcmp(answer, "no") != 0))
        return wrong(r, "needs compiler yes, needs compiler no", "who needs what? ", what);
    r->lesson->needs_compiler = yes;
    return true;
}

static bool parse_head(struct reader *r, char *line)
{
    while (*(line = skip_blanks(line))) {
        const char *key = cut_word(line, &line);
        if (strcmp(key, "vary") == 0) {
            if (!parse_vary(r, &line)) return false;
            continue;
        }
        const char *value = cut_word(line, &line);
        if (strcmp(key, "minutes") == 0) {
            if (!take_number(r, key, value, MINUTES_MOST, &r->lesson->minutes)) return false;
        } else if (strcmp(key, "needs") == 0) {
            if (!parse_needs(r, value, cut_word(line, &line))) return false;
        } else if (strcmp(key, "exercise") == 0) {
            if (!add_text(r, r->lesson->exercise, &r->lesson->exercise_count, EXERCISES, value))
                return false;
        } else {
            return wrong(r, "minutes N, needs compiler yes|no, vary NAME LOW..HIGH, exercise FILE",
                         "what is ", key);
        }
    }
    return true;
}

/* ---- Goals and questions ---- */

/* The arrow in front of a text, a word of its own; NULL: there is none. */
static char *find_arrow(char *rest)
{
    char *arrow = strstr(rest, "->");
    while (arrow && arrow > rest && arrow[-1] != ' ') arrow = strstr(arrow + 2, "->");
    return arrow;
}

static bool parse_warning(struct reader *r, char *rest)
{
    struct item *goal = r->block;
    char *arrow = find_arrow(rest);
    if (!arrow) return wrong(r, "if PREDICATE -> TEXT", "no `->`: ", rest);
    if (goal->warning_count == GOAL_WARNINGS) return wrong(r, "", "too many `if` lines", "");
    *arrow = '\0';
    trim_end(rest);
    goal->warning[goal->warning_count++] = (struct warning){ rest, skip_blanks(arrow + 2) };
    return true;
}

static bool parse_goal_line(struct reader *r, char *line)
{
    struct item *goal = r->block;
    char *rest, *whole = skip_blanks(line);
    char first[16] = "";
    strncat(first, whole,
            strcspn(whole, " \t") < sizeof first ? strcspn(whole, " \t") : sizeof first - 1);
    if (strcmp(first, "say") == 0 || strcmp(first, "hint") == 0 || strcmp(first, "if") == 0) {
        cut_word(whole, &rest);
        trim_end(rest);
        if (first[0] == 's') goal->text = rest;
        if (first[0] == 'h') return add_text(r, goal->hint, &goal->hint_count, GOAL_HINTS, rest);
        return first[0] != 'i' || parse_warning(r, rest);
    }
    cut_comment(whole);
    bool known = strcmp(first, "once") == 0 || strcmp(first, "never") == 0 ||
                 strcmp(first, "now") == 0 || strstr(whole, " times ");
    if (!known)
        return wrong(r, "say, once, never, now, N times, at least N times, if, hint",
                     "a goal has no line ", first);
    return add_text(r, goal->holds, &goal->holds_count, GOAL_LINES, whole);
}

/* value EXPR -> what is said with it; a translation has the text alone. */
static bool parse_value(struct reader *r, char *rest)
{
    char *arrow = find_arrow(rest);
    if (arrow) *arrow = '\0';
    trim_end(rest);
    if (!*rest && !(r->is_translation && arrow))
        return wrong(r, "value EXPR -> TEXT", "a value is wanted", "");
    r->block->value = rest;
    r->block->reveal = arrow ? skip_blanks(arrow + 2) : NULL;
    return true;
}

static bool parse_question_line(struct reader *r, char *line)
{
    struct item *question = r->block;
    char *rest;
    const char *first = cut_word(line, &rest);
    trim_end(rest);
    if (strcmp(first, "ask") == 0) {
        question->text = rest;
        return true;
    }
    if (strcmp(first, "noted") == 0) {
        question->noted = rest;
        return true;
    }
    if (strcmp(first, "value") == 0) return parse_value(r, rest);
    if (strcmp(first, "choice") != 0)
        return wrong(r, "ask, noted, choice, value", "a question has no line ", first);
    if (question->choice_count == CHOICES) return wrong(r, "", "too many choices", "");
    struct choice *choice = &question->choice[question->choice_count++];
    *choice = (struct choice){ .word = cut_word(rest, &rest), .text = "" };
    if (*rest == '*') {
        choice->right = true;
        rest = skip_blanks(rest + 1);
    }
    if (strncmp(rest, "->", 2) == 0) choice->text = skip_blanks(rest + 2);
    return true;
}

static bool open_block(struct reader *r, char *line)
{
    char *rest;
    const char *kind = cut_word(line + 3, &rest);
    bool goal = strcmp(kind, "goal") == 0;
    if (!*kind)
        return wrong(r, "```goal ID or ```question ID begins one, ``` ends it",
                     "no block is open that could end here", "");
    if (!goal && strcmp(kind, "question") != 0)
        return wrong(r, "```goal ID or ```question ID", "no such block: ", kind);
    struct item *item = add_item(r, goal ? ITEM_GOAL : ITEM_QUESTION);
    if (!item) return false;
    item->id = cut_word(rest, &rest);
    if (!name_is_identifier(item->id) || strcmp(item->id, "weight") == 0)
        return wrong(r, "```goal ID weight N: letters, digits and _", "a block needs an id, not ",
                     *item->id ? item->id : "nothing");
    while (*(rest = skip_blanks(rest))) {
        const char *key = cut_word(rest, &rest);
        if (strcmp(key, "late") == 0) {
            item->late = true;
            continue;
        }
        const char *value = cut_word(rest, &rest);
        if (strcmp(key, "weight") == 0) {
            if (!take_number(r, key, value, WEIGHT_MOST, &item->weight)) return false;
        } else if (strcmp(key, "before") == 0) {
            item->before = value;
        } else {
            return wrong(r, "weight N, before GOAL, late", "what is ", key);
        }
    }
    r->block = item;
    return true;
}

static bool close_block(struct reader *r, const char *line)
{
    const struct item *item = r->block;
    if (line[3 + strspn(line + 3, " \t")])
        return wrong(r, "```", "another block begins before the end of ", item->id);
    r->block = NULL;
    if (item->text[0] == '\0' && !r->is_translation)
        return wrong(r, "say TEXT, ask TEXT", "this block says nothing: ", item->id);
    if (item->kind == ITEM_GOAL && item->holds_count == 0 && !r->is_translation)
        return wrong(r, "once EVENT, now EXPR, …", "nothing decides this goal: ", item->id);
    return true;
}

/* ---- The file ---- */

/* The lines of a page from `text` up to the next fence or heading at `next` become one string. */
static void end_page(struct item *page, char *text, char *next)
{
    if (!page || next <= text) return;
    if (*next) next[-1] = '\0';
    while (*text == '\n') text++;
    page->text = text;
    trim_end(text);
}

static bool parse_body(struct reader *r)
{
    struct item *page = NULL;
    char *text = NULL;
    for (;;) {
        char *start = r->at;
        bool structure = r->block || strncmp(start, "```", 3) == 0 || strncmp(start, "## ", 3) == 0;
        if (structure || *start == '\0') {
            end_page(page, text, start);
            page = NULL;
        }
        if (*start == '\0') break;
        if (!structure) { /* a line of the open page: stays where it is */
            char *end = strchr(start, '\n');
            r->at = end ? end + 1 : start + strlen(start);
            r->line++;
            continue;
        }
        char *line = next_line(r);
        bool fence = strncmp(line, "```", 3) == 0;
        if (strncmp(line, "## ", 3) == 0 && !r->block) {
            page = add_item(r, ITEM_PAGE);
            if (!page) return false;
            page->id = line + 3;
            text = r->at;
        } else if (fence ? !(r->block ? close_block(r, line) : open_block(r, line))
                         : !(r->block->kind == ITEM_GOAL ? parse_goal_line(r, line)
                                                         : parse_question_line(r, line))) {
            return false;
        }
    }
    return !r->block || wrong(r, "```", "a block is not closed: ", r->block->id);
}

static bool parse(struct reader *r)
{
    char *line = next_line(r);
    if (!line || strncmp(line, "# ", 2) != 0)
        return wrong(r, "# Title", "a lesson begins with its title", "");
    r->lesson->title = line + 2;
    while (*r->at && strncmp(r->at, "## ", 3) != 0)
        if (!parse_head(r, next_line(r))) return false;
    if (*r->at == '\0') return wrong(r, "## Page", "a lesson has at least one page", "");
    return parse_body(r);
}

bool lesson_parse(struct lesson *lesson, bool is_translation, struct problem *p)
{
    struct reader r = {
        .lesson = lesson, .at = lesson->file.text, .is_translation = is_translation, .p = p
    };
    return parse(&r);
}

struct lesson *lesson_load(const char *folder, struct problem *p)
{
    struct lesson *lesson = calloc(1, sizeof *lesson);
    if (!lesson) {
        problem_set(p, "", "the host has no memory left");
        return NULL;
    }
    snprintf(lesson->folder, sizeof lesson->folder, "%s", folder);
    lesson->number = (unsigned)strtoul(path_name(folder), NULL, 10);
    if (source_read(&lesson->file, lesson->folder, "lesson.md", p) &&
        lesson_parse(lesson, false, p))
        return lesson;
    lesson_free(lesson);
    return NULL;
}

void lesson_free(struct lesson *lesson)
{
    if (!lesson) return;
    source_free(&lesson->file);
    source_free(&lesson->translation);
    free(lesson);
}

void lesson_draw(struct lesson *lesson, const char *variant)
{
    lesson->variant = variant;
    if (!variant || !*variant) return;
    for (unsigned i = 0; i < lesson->vary_count; i++) {
        struct vary *v = &lesson->vary[i];
        uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a of student and name */
        for (const char *at = variant; *at; at++)
            hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
        for (const char *at = v->name; *at; at++)
            hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
        hash ^= hash >> 29;
        word_t count = v->high - v->low + 1;
        v->value = v->low + (count ? hash % count : hash);
    }
}
