/* SPDX-License-Identifier: BSD-2-Clause */
/* A lesson in another language: lesson.LANG.md beside it has the same pages in the same order and the
 * same ids. What it leaves out stays as it is in lesson.md. */
#include "lesson/read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_NAME_SIZE = 32 };

static bool wrong(const struct lesson *other, const struct item *item, const char *tip,
                  const char *what, struct problem *p)
{
    return problem_set(p, tip, "%.140s/%s:%u: %s%.60s", other->folder, other->file.name,
                       item ? item->line : 1, what, item ? item->id : "");
}

/* The item that a translated one stands for: of pages the next one, of others that with its id. */
static struct item *original_of(struct lesson *lesson, const struct item *item, unsigned *page)
{
    for (unsigned i = item->kind == ITEM_PAGE ? *page : 0; i < lesson->item_count; i++) {
        if (lesson->item[i].kind != item->kind) continue;
        if (item->kind == ITEM_PAGE)
            *page = i + 1;
        else if (strcmp(lesson->item[i].id, item->id) != 0)
            continue;
        return &lesson->item[i];
    }
    return NULL;
}

/* Lines of one sort are matched by their order. */
static bool take_lines(const struct lesson *other, const struct item *from, struct item *to,
                       struct problem *p)
{
    if ((from->warning_count && from->warning_count != to->warning_count) ||
        (from->hint_count && from->hint_count != to->hint_count))
        return wrong(other, from, "they are matched in their order: as many, or none",
                     "not the `if` or `hint` lines of lesson.md: ", p);
    for (unsigned i = 0; i < from->warning_count; i++) to->warning[i].text = from->warning[i].text;
    for (unsigned i = 0; i < from->hint_count; i++) to->hint[i] = from->hint[i];
    for (unsigned i = 0; i < from->choice_count; i++) {
        unsigned c = 0;
        while (c < to->choice_count && strcmp(to->choice[c].word, from->choice[i].word) != 0) c++;
        if (c == to->choice_count)
            return wrong(other, from, "the words of choices stay as they are",
                         "a choice that lesson.md does not have, in ", p);
        if (*from->choice[i].text) to->choice[c].text = from->choice[i].text;
    }
    return true;
}

static bool take_item(struct lesson *lesson, const struct lesson *other, const struct item *from,
                      unsigned *page, struct problem *p)
{
    struct item *to = original_of(lesson, from, page);
    if (!to)
        return wrong(other, from, "a translation has the pages and ids of lesson.md",
                     "lesson.md has no ", p);
    if (from->kind == ITEM_PAGE) to->id = from->id;
    if (*from->text) to->text = from->text;
    if (from->noted) to->noted = from->noted;
    if (from->reveal) to->reveal = from->reveal;
    return take_lines(other, from, to, p);
}

static bool has_page_left(const struct lesson *lesson, unsigned page)
{
    while (page < lesson->item_count && lesson->item[page].kind != ITEM_PAGE) page++;
    return page < lesson->item_count;
}

static bool overlay(struct lesson *lesson, const struct lesson *other, struct problem *p)
{
    unsigned page = 0;
    for (unsigned i = 0; i < other->item_count; i++)
        if (!take_item(lesson, other, &other->item[i], &page, p)) return false;
    if (has_page_left(lesson, page))
        return wrong(other, NULL, "pages are matched in their order", "pages are missing", p);
    lesson->title = other->title;
    return true;
}

const char *lesson_language(const char *option)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    const char *value = option;
    for (size_t i = 0; (!value || !*value) && i < sizeof names / sizeof *names; i++)
        value = getenv(names[i]);
    return value ? value : "";
}

/* The name of the file with a lesson's texts in a language; false: this is the name of none. */
static bool translation_name(const char *language, char name[FILE_NAME_SIZE])
{
    char word[8] = "";
    for (unsigned i = 0; i < 3 && islower((unsigned char)language[i]); i++) word[i] = language[i];
    snprintf(name, FILE_NAME_SIZE, "lesson.%s.md", word);
    return strlen(word) >= 2;
}

bool lesson_lacks_language(const char *folder, const char *option)
{
    char name[FILE_NAME_SIZE];
    if (!option || !*option || strcmp(option, "en") == 0 || strncmp(option, "en_", 3) == 0)
        return false;
    return !translation_name(option, name) || !lesson_has_file(folder, name);
}

bool lesson_translate(struct lesson *lesson, const char *language, struct problem *p)
{
    char name[FILE_NAME_SIZE];
    if (!translation_name(language, name) || lesson->translation.text) return true;
    if (!lesson_has_file(lesson->folder, name)) return true;
    struct lesson *other = calloc(1, sizeof *other);
    if (!other) return problem_set(p, "", "the host has no memory left");
    snprintf(other->folder, sizeof other->folder, "%s", lesson->folder);
    bool done = source_read(&other->file, other->folder, name, p) && lesson_parse(other, true, p);
    lesson->translation = other->file; /* the lesson's texts lie there from now on */
    done = done && overlay(lesson, other, p);
    free(other);
    return done;
}
