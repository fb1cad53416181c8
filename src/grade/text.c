/* SPDX-License-Identifier: BSD-2-Clause */
/* Results for a teacher's eyes: a line for each submission; how many reached each goal; which mistakes
 * were frequent. */
#include <stdlib.h>
#include <string.h>

#include "grade/inside.h"

enum { LINE = 400, FREQUENT = 5, WRONG_MAX = 4096, NAMED = 8, NAME_COLUMNS = 24 };

/* ---- A line for each ---- */

/* The first goal that counts for nothing; one before a student's program was loaded only if there is no other. */
static const cJSON *first_lost(const cJSON *lesson)
{
    const cJSON *part, *given = NULL;
    cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson, "parts"))
    {
        if (json_bool(part, "reached") || strcmp(json_text(part, "kind"), "goal") != 0) continue;
        if (strcmp(json_text(part, "mistake"), NONE_OF_ITS_OWN) != 0) return part;
        if (!given) given = part;
    }
    return given;
}

/* What counts for nothing first, and why. */
static void shortfall(const cJSON *lesson, char *text, size_t size)
{
    char why[LINE / 2];
    const char *status = json_text(lesson, "status");
    text[0] = '\0';
    if (strcmp(status, "graded") != 0) {
        snprintf(text, size, "%s: %s", status, json_text(lesson, "problem"));
        return;
    }
    const cJSON *part = first_lost(lesson);
    if (!part) return;
    part_why(part, why, sizeof why);
    snprintf(text, size, "%s: %s", json_text(part, "id"), why);
}

/* In its column, which is of characters, not of bytes. */
static void write_name(const char *name, FILE *out)
{
    unsigned columns = 0;
    for (; *name; name++) {
        columns += (*name & 0xc0) != 0x80;
        if (columns > NAME_COLUMNS) break;
        fputc(*name, out);
    }
    fprintf(out, "%*s", columns < NAME_COLUMNS ? (int)(NAME_COLUMNS - columns) : 0, "");
}

/* What is cut says so, and no character is cut in two. */
static void write_cut(const char *text, size_t most, FILE *out)
{
    size_t size = strlen(text), shown = size > most ? most - 3 : size;
    while (shown < size && shown && (text[shown] & 0xc0) == 0x80) shown--;
    fprintf(out, "%.*s%s\n", (int)shown, text, shown < size ? "..." : "");
}

static void write_line(const struct grade_options *o, const cJSON *result, const cJSON *lesson,
                       FILE *out)
{
    char text[LINE];
    shortfall(lesson, text, sizeof text);
    if (o->plain) {
        fprintf(out, "%s: %g of %g%s%s\n", json_text(result, "name"), json_number(lesson, "score"),
                json_number(lesson, "max"), *text ? ", " : "", text);
        return;
    }
    fputs("  ", out);
    write_name(json_text(result, "name"), out);
    fprintf(out, " %4g of %-4g ", json_number(lesson, "score"), json_number(lesson, "max"));
    write_cut(text, 60, out);
}

/* ---- Over all ---- */

/* The lesson at an index of a submission. */
static const cJSON *lesson_at(const cJSON *result, int i)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItem(result, "lessons"), i);
}

/* The parts of a lesson, from a submission that has all: programs alone are asked no questions. */
static const cJSON *all_parts(const cJSON *results, int i)
{
    const cJSON *result, *most = NULL;
    cJSON_ArrayForEach(result, results)
    {
        const cJSON *parts = cJSON_GetObjectItem(lesson_at(result, i), "parts");
        if (cJSON_GetArraySize(parts) > cJSON_GetArraySize(most)) most = parts;
    }
    return most;
}

/* How many reached a part; *all: how many have it. */
static int count_reached(const cJSON *results, int i, const char *id, int *all)
{
    const cJSON *result, *part;
    int count = *all = 0;
    cJSON_ArrayForEach(result, results)
    {
        cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson_at(result, i), "parts"))
        {
            bool same = strcmp(json_text(part, "id"), id) == 0;
            count += same && json_bool(part, "reached");
            *all += same;
        }
    }
    return count;
}

static void write_reached(const struct grade_options *o, const cJSON *results, int i, FILE *out)
{
    const cJSON *part;
    int all;
    if (!o->plain) fprintf(out, "\n  reached by\n");
    cJSON_ArrayForEach(part, all_parts(results, i))
    {
        int n = count_reached(results, i, json_text(part, "id"), &all);
        const char *id = json_text(part, "id"), *text = json_text(part, "text");
        if (o->plain) {
            fprintf(out, "reached by %d of %d: %s, %s\n", n, all, id, text);
            continue;
        }
        fprintf(out, "  %4d of %-4d %3d%%  %-14s ", n, all, all ? n * 100 / all : 0, id);
        write_cut(text, 44, out);
    }
}

/* ---- What went wrong most often ---- */

struct wrong {
    const char *id;
    char *text;
    unsigned count;
};

struct wrongs {
    size_t count;
    struct wrong list[WRONG_MAX];
};

static void count_wrong(struct wrongs *w, const char *id, const char *text)
{
    size_t i = 0;
    while (i < w->count && (strcmp(w->list[i].id, id) != 0 || strcmp(w->list[i].text, text) != 0))
        i++;
    if (i == WRONG_MAX || !*text) return;
    if (i == w->count) {
        w->list[i] = (struct wrong){ id, strdup(text), 0 };
        if (!w->list[i].text) abort();
        w->count++;
    }
    w->list[i].count++;
}

static int by_count(const void *a, const void *b)
{
    const struct wrong *x = a, *y = b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    int order = strcmp(x->id, y->id);
    return order ? order : strcmp(x->text, y->text);
}

/* The first thing that does not hold, in words that others' results have, too: without positions. */
static void expectation(const cJSON *part, char *text, size_t size)
{
    static const char *const own[] = { "; what comes nearest", ", since " };
    const cJSON *line;
    size_t used = 0;
    text[0] = '\0';
    cJSON_ArrayForEach(line, cJSON_GetObjectItem(part, "why"))
    {
        const char *words = cJSON_GetStringValue(line);
        if (!words || (used && strncmp(words, "expected:", 9) == 0) || *words == '@') break;
        int n = snprintf(text + used, size - used, "%s%s", used ? " " : "", words);
        used += n > 0 && (size_t)n < size - used ? (size_t)n : 0;
    }
    for (unsigned i = 0; i < sizeof own / sizeof *own; i++) {
        char *at = strstr(text, own[i]);
        if (at) *at = '\0';
    }
}

/* The most telling that is known of a part: a known mistake or an answer, else what does not hold. */
static void tell_wrong(const cJSON *lesson, const cJSON *part, char *text, size_t size)
{
    bool asks = strcmp(json_text(part, "kind"), "question") == 0;
    snprintf(text, size, "%s", json_text(part, asks ? "answer" : "mistake"));
    if (strcmp(text, NONE_OF_ITS_OWN) == 0 && first_lost(lesson) != part) text[0] = '\0';
    if (!*text && !asks) expectation(part, text, size);
}

static void write_wrong(const struct grade_options *o, const cJSON *results, int i, FILE *out)
{
    const cJSON *result, *part;
    char text[LINE];
    struct wrongs *w = calloc(1, sizeof *w);
    if (!w) abort();
    cJSON_ArrayForEach(result, results)
    {
        const cJSON *lesson = lesson_at(result, i);
        cJSON_ArrayForEach(part, cJSON_GetObjectItem(lesson, "parts"))
        {
            if (json_bool(part, "reached")) continue;
            tell_wrong(lesson, part, text, sizeof text);
            count_wrong(w, json_text(part, "id"), text);
        }
    }
    qsort(w->list, w->count, sizeof *w->list, by_count);
    if (w->count && !o->plain) fprintf(out, "\n  most frequent\n");
    for (size_t n = 0; n < w->count && n < FREQUENT; n++)
        fprintf(out, o->plain ? "frequent, %u times: %s, %s\n" : "  %4u  %-14s %s\n",
                w->list[n].count, w->list[n].id, w->list[n].text);
    for (size_t n = 0; n < w->count; n++) free(w->list[n].text);
    free(w);
}

/* ---- Alike ---- */

/* Names of those that handed in the same bytes as `first`, which are told once. */
static void write_group(const struct grade_options *o, const cJSON *results, const char **digest,
                        int first, FILE *out)
{
    const char *same = digest[first];
    int all = cJSON_GetArraySize(results), count = 0;
    for (int k = first; k < all; k++) {
        if (!digest[k] || strcmp(digest[k], same) != 0) continue;
        if (k > first) digest[k] = NULL;
        if (count++ < NAMED || o->plain)
            fprintf(out, "%s%s",
                    count > 1  ? ", "
                    : o->plain ? "handed in alike: "
                               : "  ",
                    json_text(cJSON_GetArrayItem(results, k), "name"));
    }
    if (count > NAMED && !o->plain) fprintf(out, " and %d more", count - NAMED);
    fputc('\n', out);
}

static bool has_same(const char *const *digest, int first, int all)
{
    for (int k = first + 1; digest[first] && k < all; k++)
        if (digest[k] && strcmp(digest[k], digest[first]) == 0) return true;
    return false;
}

/* Those who handed in the same, byte for byte. */
static void write_alike(const struct grade_options *o, const cJSON *results, int i, FILE *out)
{
    int all = cJSON_GetArraySize(results), at = 0;
    const char **digest = calloc((size_t)all + 1, sizeof *digest);
    const cJSON *result;
    bool said = o->plain;
    if (!digest) return;
    cJSON_ArrayForEach(result, results)
    {
        const char *text = json_text(lesson_at(result, i), "digest");
        digest[at++] = *text ? text : NULL;
    }
    for (int k = 0; k < all; k++) {
        if (!has_same(digest, k, all)) continue;
        if (!said) fprintf(out, "\n  handed in alike\n");
        said = true;
        write_group(o, results, digest, k, out);
    }
    free(digest);
}

void results_as_text(const struct grade_options *o, const cJSON *results, FILE *out)
{
    const cJSON *result;
    for (unsigned i = 0; i < o->lesson_count; i++) {
        const cJSON *first = lesson_at(cJSON_GetArrayItem(results, 0), (int)i);
        if (!first) continue;
        fprintf(out, "%s%s  %s\n", i ? "\n" : "", json_text(first, "lesson"),
                json_text(first, "title"));
        cJSON_ArrayForEach(result, results) write_line(o, result, lesson_at(result, (int)i), out);
        write_reached(o, results, (int)i, out);
        write_wrong(o, results, (int)i, out);
        write_alike(o, results, (int)i, out);
    }
    if (o->lesson_count < 2) return;
    fprintf(out, "\nin all, by the lessons' weights\n");
    cJSON_ArrayForEach(result, results)
    {
        fputs(o->plain ? "" : "  ", out);
        if (o->plain)
            fprintf(out, "%s:", json_text(result, "name"));
        else
            write_name(json_text(result, "name"), out);
        fprintf(out, o->plain ? " %.2f of %g\n" : " %6.2f of %g\n", json_number(result, "score"),
                json_number(result, "max"));
    }
}
