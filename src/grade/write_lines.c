/* SPDX-License-Identifier: BSD-2-Clause */
/* Results for other programs, as lines: TAP 14, CSV, and JUnit's XML. */
#include <string.h>

#include "grade/inside.h"

enum { WHY = 1200 };

/* Calls `each` for every part of every lesson of every submission. */
struct place {
    const cJSON *result, *lesson, *part;
    FILE *out;
    unsigned number;
};

/* A lesson that could not be graded has one place, without a part. */
static void each_part_of(struct place *p, void (*each)(struct place *p))
{
    const cJSON *parts = cJSON_GetObjectItem(p->lesson, "parts");
    p->part = parts ? parts->child : NULL;
    do {
        p->number++;
        if (each) each(p);
        if (p->part) p->part = p->part->next;
    } while (p->part);
}

static unsigned each_part(const cJSON *results, FILE *out, void (*each)(struct place *p))
{
    struct place p = { .out = out };
    cJSON_ArrayForEach(p.result, results)
    {
        cJSON_ArrayForEach(p.lesson, cJSON_GetObjectItem(p.result, "lessons"))
            each_part_of(&p, each);
    }
    return p.number;
}

static void why_not(const struct place *p, char *text, size_t size)
{
    text[0] = '\0';
    if (p->part) part_why(p->part, text, size);
    if (!*text && strcmp(json_text(p->lesson, "status"), "graded") != 0)
        snprintf(text, size, "%s", json_text(p->lesson, "problem"));
}

/* ---- TAP ---- */

/* `#` and `\` mean something in a description; line ends would end it. */
static void tap_text(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '#' || *text == '\\') fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
}

/* A scalar in double quotes, which JSON and YAML write alike. */
static void yaml_text(const char *key, const char *text, FILE *out)
{
    cJSON *string = cJSON_CreateString(text);
    char *quoted = cJSON_PrintUnformatted(string);
    if (quoted) fprintf(out, "  %s: %s\n", key, quoted);
    cJSON_free(quoted);
    cJSON_Delete(string);
}

static void tap_part(struct place *p)
{
    char why[WHY];
    bool reached = p->part && json_bool(p->part, "reached");
    fprintf(p->out, "%sok %u - ", reached ? "" : "not ", p->number);
    tap_text(json_text(p->result, "name"), p->out);
    fputs(": ", p->out);
    tap_text(json_text(p->lesson, "lesson"), p->out);
    if (p->part) {
        fputs(": ", p->out);
        tap_text(json_text(p->part, "text"), p->out);
    }
    fputc('\n', p->out);
    if (reached) return;
    why_not(p, why, sizeof why);
    fputs("  ---\n", p->out);
    yaml_text("message", *why ? why : "not reached", p->out);
    yaml_text("status", json_text(p->lesson, "status"), p->out);
    if (p->part) fprintf(p->out, "  weight: %g\n", json_number(p->part, "weight"));
    fputs("  ...\n", p->out);
}

static void write_version(const cJSON *results, int version, FILE *out)
{
    fprintf(out, "TAP version %d\n1..%u\n", version, each_part(results, NULL, NULL));
    each_part(results, out, tap_part);
}

void results_as_tap(const struct grade_options *o, const cJSON *results, FILE *out)
{
    (void)o;
    write_version(results, 14, out);
}

void results_as_tap13(const struct grade_options *o, const cJSON *results, FILE *out)
{
    (void)o;
    write_version(results, 13, out);
}

/* ---- CSV ---- */

/* RFC 4180. A cell that a spreadsheet would take for a formula gets a quote in front. */
static void csv_cell(const char *text, FILE *out)
{
    fputc('"', out);
    if (*text && strchr("=+-@\t\r", *text)) fputc('\'', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void csv_part(struct place *p)
{
    char why[WHY];
    bool reached = p->part && json_bool(p->part, "reached");
    const char *cells[] = { json_text(p->result, "name"), json_text(p->lesson, "lesson"),
                            json_text(p->lesson, "status"), json_text(p->part, "kind"),
                            json_text(p->part, "id") };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        csv_cell(cells[i], p->out);
        fputc(',', p->out);
    }
    fprintf(p->out, "%d,%g,", reached, json_number(p->part, "weight"));
    why_not(p, why, sizeof why);
    csv_cell(json_text(p->part, "answer"), p->out);
    fputc(',', p->out);
    csv_cell(reached ? "" : why, p->out);
    fputs("\r\n", p->out);
}

void results_as_csv(const struct grade_options *o, const cJSON *results, FILE *out)
{
    (void)o;
    fputs("submission,lesson,status,kind,id,reached,weight,answer,why\r\n", out);
    each_part(results, out, csv_part);
}

/* ---- JUnit ---- */

static void xml_text(const char *text, FILE *out)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        switch (c) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        case '\'': fputs("&apos;", out); break;
        default: fputc(c < ' ' ? ' ' : c, out);
        }
    }
}

static void xml_attribute(const char *name, const char *value, FILE *out)
{
    fprintf(out, " %s=\"", name);
    xml_text(value, out);
    fputc('"', out);
}

static void junit_case(struct place *p)
{
    char why[WHY];
    bool reached = p->part && json_bool(p->part, "reached");
    FILE *out = p->out;
    fputs("    <testcase", out);
    xml_attribute("classname", json_text(p->result, "name"), out);
    xml_attribute("name", p->part ? json_text(p->part, "text") : "graded", out);
    fputs(" time=\"0\"", out);
    if (reached) {
        fputs("/>\n", out);
        return;
    }
    why_not(p, why, sizeof why);
    fputs(">\n      <", out);
    fputs(p->part ? "failure" : "error", out);
    xml_attribute("type", p->part ? json_text(p->part, "kind") : json_text(p->lesson, "status"),
                  out);
    xml_attribute("message", *why ? why : "not reached", out);
    fputs("/>\n    </testcase>\n", out);
}

struct tally {
    unsigned tests, failures, errors;
};

static struct tally tally_of(const cJSON *lesson)
{
    const cJSON *part, *parts = cJSON_GetObjectItem(lesson, "parts");
    struct tally t = { 0 };
    cJSON_ArrayForEach(part, parts)
    {
        t.tests++;
        t.failures += !json_bool(part, "reached");
    }
    if (!t.tests) t.tests = t.errors = 1;
    return t;
}

static void junit_suite(const cJSON *result, const cJSON *lesson, FILE *out)
{
    struct tally t = tally_of(lesson);
    struct place p = { .result = result, .lesson = lesson, .out = out };
    char name[300];
    snprintf(name, sizeof name, "%.140s %.140s", json_text(result, "name"),
             json_text(lesson, "lesson"));
    fputs("  <testsuite", out);
    xml_attribute("name", name, out);
    fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\" time=\"%.3f\">\n",
            t.tests, t.failures, t.errors, json_number(result, "seconds"));
    cJSON_ArrayForEach(p.part, cJSON_GetObjectItem(lesson, "parts")) junit_case(&p);
    if (t.errors) junit_case(&p);
    fputs("  </testsuite>\n", out);
}

void results_as_junit(const struct grade_options *o, const cJSON *results, FILE *out)
{
    const cJSON *result, *lesson;
    (void)o;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
    cJSON_ArrayForEach(result, results)
    {
        cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(result, "lessons"))
            junit_suite(result, lesson, out);
    }
    fputs("</testsuites>\n", out);
}
