/* SPDX-License-Identifier: BSD-2-Clause */
/* A class of 300: right, wrong in ten ways, hostile in eleven. The table is as it has to be, by the workers
 * and by GNU parallel. */
#include "grade/class.h"
#include "grade/schema.h"
#include "part.h"
#include "sanitized.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TO_THE_FAULT                                                                               \
    "mint fault_ep faulter_cspace/fault badge BADGE\nas handler\nrecv fault_ep\n"                  \
    "as faulter\nread 0x10000000\nas handler\n"

/* clang-format off */
/* A way to do it: what comes of it, and how many points. */
static const struct way {
    const char *name, *text, *status, *problem;
    double score;
} ways[] = {
    { "right",     TO_THE_FAULT "answer no\nreply\nrecv fault_ep\nmap frame faulter_vspace 0x10000000\nreply\nrecv fault_ep\n",
                   "graded", "", 8 },
    { "w-guess",   TO_THE_FAULT "answer yes\nreply\nrecv fault_ep\nmap frame faulter_vspace 0x10000000\nreply\nrecv fault_ep\n",
                   "graded", "", 7 },
    { "w-unsaid",  TO_THE_FAULT "reply\nrecv fault_ep\nmap frame faulter_vspace 0x10000000\nreply\nrecv fault_ep\n",
                   "graded", "", 7 },
    { "w-unmended", TO_THE_FAULT "answer no\nreply\nrecv fault_ep\n",            "graded", "", 5 },
    { "w-one",     TO_THE_FAULT,                                                  "graded", "", 2 },
    { "w-undone",  TO_THE_FAULT "answer no\nreply\nrecv fault_ep\nmap frame faulter_vspace 0x10000000\nreply\nrecv fault_ep\nundo 2\n",
                   "graded", "", 5 },
    { "w-empty-slot", "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n", "graded", "", 0 },
    { "w-seat",    "mint fault_ep faulter_cspace/fault badge BADGE\nas faulter\nread 0x10000000\nas rootserver\nrecv fault_ep\n",
                   "graded", "", 0 },
    { "w-nobody",  "mint fault_ep faulter_cspace/fault badge BADGE\nas faulter\nread 0x10000000\n", "graded", "", 0 },
    { "w-typo",    TO_THE_FAULT "answer no\nrepyl\n",                             "stopped", "repyl", 3 },
    { "w-nothing", "# I was ill\n",                                               "graded", "", 0 },
    { "h-loop",    "as rootserver\nasm \"jmp 0x7ff000\"\ncontinue\n",             "limit", "steps", 0 },
    { "h-fault",   "as rootserver\nread 0\nread 0\nread 0\ncontinue\n",           "", "", 0 },
    { "h-passwd",  "load /etc/passwd faulter at 0x20000000\n",                    "stopped", "out of reach", 0 },
    { "h-source",  "source /etc/passwd\n",                                        "stopped", "out of reach", 0 },
    { "h-self",    "source h-self.fl\n",                                          "stopped", "out of reach", 0 },
    { "h-bytes",   "\xff\xfe\x80\x1b[2J\n",                                       "stopped", "", 0 },
    { "h-empty",   "",                                                            "unreadable", "is empty", 0 },
};
/* clang-format on */
enum { WAYS = sizeof ways / sizeof *ways, OTHERS = 4, WRONG = 10, CLASS = 300 };

/* Prints for as long as it is allowed to. */
static void put_gigabytes(const struct class *c)
{
    char *text = malloc(1 << 19), *at = text;
    if (!text) abort();
    while (at < text + (1 << 18)) at += sprintf(at, "help\n");
    class_put(c, "h-prints.fl", text);
    free(text);
}

static void fill(const struct class *c)
{
    char path[2 * CLASS_PATH];
    class_put(c, "h-sparse.fl", "");
    class_path(c, "h-sparse.fl", path);
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    class_path(c, "h-link.fl", path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    class_path(c, "h-folder", path);
    assert_int_equal(mkdir(path, 0777), 0);
    put_gigabytes(c);
    for (unsigned i = 0; i < CLASS - OTHERS; i++) {
        char name[64];
        const struct way *w = &ways[i < WAYS ? i : i % (1 + WRONG)];
        snprintf(name, sizeof name, i < WAYS ? "%s.fl" : "%s-%u.fl", w->name, i);
        class_put(c, name, w->text);
    }
}

static const struct way *way_of(const char *name)
{
    const struct way *found = NULL;
    for (size_t w = 0; w < WAYS; w++) {
        size_t n = strlen(ways[w].name);
        if (strncmp(name, ways[w].name, n) == 0 &&
            (!name[n] || (name[n] == '-' && name[n + 1] < 'a')))
            found = &ways[w];
    }
    return found;
}

static void expect_all(const cJSON *results)
{
    const cJSON *result;
    cJSON_ArrayForEach(result, results)
    {
        const char *name = json_text(result, "name");
        const struct way *w = way_of(name);
        const char *status =
            json_text(cJSON_GetArrayItem(cJSON_GetObjectItem(result, "lessons"), 0), "status");
        if (w) class_expect(results, name, *w->status ? w->status : status, w->problem, w->score);
    }
    class_expect(results, "h-sparse", "unreadable", "larger than 64 MiB", 0);
    class_expect(results, "h-link", "unreadable", "is a link", 0);
    class_expect(results, "h-folder", "nothing", "nothing was handed in", 0);
    assert_true(json_number(class_lesson(results, "h-prints"), "score") == 0);
}

static void a_class_of_300_gets_the_right_table(void **state)
{
    struct class *c = *state;
    char *text = NULL;
    size_t size;
    fill(c);
    c->o.max_steps = 200000;
    cJSON *results = class_grade(c);
    assert_int_equal(cJSON_GetArraySize(results), CLASS);
    expect_all(results);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    results_as_text(&c->o, results, out);
    fclose(out);
    unsigned right = 0, nothing = 0;
    for (unsigned i = 0; i < CLASS - OTHERS; i++) {
        double score = ways[i < WAYS ? i : i % (1 + WRONG)].score;
        right += score > 7;
        nothing += score < 2;
    }
    char line[64];
    snprintf(line, sizeof line, "  %4u of 300  %3u%%  stopped ", CLASS - OTHERS - nothing,
             (CLASS - OTHERS - nothing) * 100 / CLASS);
    if (!strstr(text, line)) fail_msg("%s is not in\n%s", line, text);
    assert_non_null(strstr(text, "again          yes\n"));
    assert_non_null(strstr(text, "Slot `fault` was empty"));
    for (const char *at = text; *at; at++) assert_true(*at == '\n' || (unsigned char)*at >= ' ');
    assert_true(right > 20);
    free(text);
    cJSON_Delete(results);
}

/* ---- In every format ---- */

/* Names that a shell, a spreadsheet, XML, TAP, a terminal or our own options might take for something. */
static const char *const names[] = {
    "new\nline.fl",    "\ttab.fl",       "quo\"te's.fl", "=cmd|' C calc'!A0.fl",
    "+1.fl",           "-dash.fl",       "@sum.fl",      "--help.fl",
    "a<b>&amp;]]>.fl", "esc\x1b[31m.fl", "uml\xe4ut.fl", "u\xcc\x88ni.fl",
    "#hash\\.fl",      "ok 1 - fake.fl", "# SKIP me.fl", "# TODO me.fl",
    "%s%n.fl",         "$(exit 9).fl",   "`exit 9`.fl",  ";exit 9.fl",
    "1..4.fl",         "ada.fl",         "ada.FL",       "no ending",
    "...fl",
};
enum { NAMES = sizeof names / sizeof *names };

/* Files that are none, or nobody's to play. */
static void fill_with_anything(const struct class *c)
{
    char path[2 * CLASS_PATH];
    for (size_t i = 0; i < NAMES; i++)
        if (names[i][0] != '.') class_put(c, names[i], ways[i % (1 + WRONG)].text);
    for (size_t i = 0; i < WAYS; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.fl", ways[i].name);
        class_put(c, name, ways[i].text);
    }
    class_path(c, "fifo.fl", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    class_path(c, "nothing.fl", path);
    assert_int_equal(symlink("nowhere", path), 0);
    class_path(c, "self", path);
    assert_int_equal(mkdir(path, 0700), 0);
    class_path(c, "self/self", path);
    assert_int_equal(symlink(".", path), 0);
    class_path(c, "self/pipe.fl", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    class_put(c, "self/01.fl", "source pipe.fl\n");
    class_put(c, "control.fl", "as handler\n\x01\x02\xef\xbf\xbe bla\n");
    class_put(c, "zip.zip", "PK\x03\x04 and so on");
    class_put(c, "program.c", "#include </etc/passwd>\nint main(void) { return 0; }\n");
    class_put_bytes(c, "utf-16.fl",
                    "\xff\xfe"
                    "a\0s\0\n\0",
                    8);
    class_put(c, "marked.fl",
              "\xef\xbb\xbf"
              "# from another editor\r\nas handler\r\n");
}

static void write_all_formats(const struct class *c, const cJSON *results)
{
    char path[2 * CLASS_PATH];
    for (size_t i = 0; i < grade_format_count; i++) {
        if (grade_formats[i].one_only) continue;
        snprintf(path, sizeof path, "%s/.out.%s", c->folder, grade_formats[i].name);
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        grade_formats[i].write(&c->o, results, out);
        assert_int_equal(fclose(out), 0);
    }
}

/* A shell command in the class's folder, $ROOT being ours; `needs` is asked first whether it is here. */
static void consume(const struct class *c, const char *needs, const char *command)
{
    char whole[2048];
    snprintf(whole, sizeof whole, "%s >/dev/null 2>&1", needs);
    if (system(whole) != 0) {
        print_message("not tried: %s\n", needs);
        return;
    }
    snprintf(whole, sizeof whole,
             "ROOT=$PWD; cd '%s' && { %s; } >.said 2>&1 || { cat .said; exit 1; }", c->folder,
             command);
    if (system(whole) != 0) fail_msg("%s", command);
}

/* How many tests of a platform's results have that value. */
static int count_in(const cJSON *list, const char *key, const char *text)
{
    const cJSON *item;
    int count = 0;
    cJSON_ArrayForEach(item, list)
    {
        count += text ? strcmp(json_text(item, key), text) == 0 : json_bool(item, key);
    }
    return count;
}

/* One submission for a platform: valid, and as many reached as there are. */
static void expect_platform(const struct class *c, const cJSON *result, const char *name)
{
    static char schema_text[1 << 16];
    char path[200], why[400], *text = NULL;
    size_t size, format = 0;
    while (strcmp(grade_formats[format].name, name) != 0) format++;
    cJSON *all = cJSON_CreateArray();
    cJSON_AddItemToArray(all, cJSON_Duplicate(result, true));
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    grade_formats[format].write(&c->o, all, out);
    fclose(out);
    snprintf(path, sizeof path, "tests/grade/schemas/%s.json", name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    schema_text[fread(schema_text, 1, sizeof schema_text - 1, in)] = '\0';
    fclose(in);
    cJSON *schema = cJSON_Parse(schema_text), *value = cJSON_Parse(text);
    if (!schema_holds(schema, value, why, sizeof why)) fail_msg("%s: %s", name, why);
    const cJSON *parts =
        cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(result, "lessons"), 0), "parts");
    const cJSON *tests = cJSON_GetObjectItem(value, "tests");
    int reached = strcmp(name, "gradescope") == 0 ? count_in(tests, "status", "passed")
                  : strcmp(name, "exercism") == 0
                      ? count_in(tests, "status", "pass")
                      : count_in(cJSON_GetObjectItem(value, "results"), "passed", NULL);
    assert_int_equal(reached, count_in(parts, "reached", NULL));
    if (strcmp(name, "exercism") == 0) { /* a message where nothing was judged, and only there */
        bool error = strcmp(json_text(value, "status"), "error") == 0;
        assert_true(error == (*json_text(value, "message") != '\0'));
        assert_int_equal(count_in(tests, "status", "error"), error ? cJSON_GetArraySize(tests) : 0);
    }
    cJSON_Delete(schema);
    cJSON_Delete(value);
    cJSON_Delete(all);
    free(text);
}

static void every_format_tells_the_same_whatever_the_names(void **state)
{
    struct class *c = *state;
    const cJSON *result;
    fill_with_anything(c);
    c->o.max_steps = 200000;
    cJSON *results = class_grade(c);
    write_all_formats(c, results);
    consume(c, "python3 -c 'import csv'", "python3 $ROOT/tests/grade/everyone.py .");
    consume(c, "xmllint --version",
            "xmllint --noout --schema $ROOT/tests/grade/schemas/junit.xsd .out.junit");
    consume(c, "python3 -W ignore -c 'import jsonschema'",
            "python3 -W ignore -c 'import json, jsonschema, sys\n"
            "jsonschema.validate(*[json.load(open(n)) for n in sys.argv[1:]])' "
            ".out.json $ROOT/tests/grade/schemas/results.json");
    /* prove knows version 13; but for their first lines the two are alike. */
    consume(c, "prove --version",
            "sed '1s/14/13/' .out.tap | cmp - .out.tap13 && ! prove -e cat .out.tap13 && "
            "! prove -e cat .out.tap13 2>&1 | grep -i 'parse err\\|todo\\|skip'");
    cJSON_ArrayForEach(result, results)
    {
        expect_platform(c, result, "gradescope");
        expect_platform(c, result, "exercism");
        expect_platform(c, result, "check50");
    }
    cJSON_Delete(results);
}

static void who_handed_in_the_same_is_told(void **state)
{
    struct class *c = *state;
    char *text = NULL;
    size_t size;
    class_put(c, "ada.fl", class_right);
    class_put(c, "brook.fl", "as handler\n");
    class_put(c, "cleo.fl", class_right);
    class_put(c, "dora.fl", "as handler \n");
    class_put(c, "empty-1.fl", "");
    class_put(c, "empty-2.fl", "");
    cJSON *results = class_grade(c);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    results_as_text(&c->o, results, out);
    fclose(out);
    const char *end = "\n  handed in alike\n  ada, cleo\n";
    if (!strstr(text, end) || strlen(strstr(text, end)) != strlen(end)) fail_msg("%s", text);
    free(text);
    cJSON_Delete(results);
}

static void the_script_for_a_class_makes_the_same_table(void **state)
{
    struct class *c = *state;
    char command[1024];
    if (SANITIZED || !part_is_whole() ||
        system("parallel --version 2>/dev/null | grep -q '^GNU'") != 0) {
        print_message("GNU parallel is not here: not tried\n");
        skip();
    }
    for (unsigned i = 0; i < 40; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%u.fl", ways[i % (1 + WRONG)].name, i);
        class_put(c, name, ways[i % (1 + WRONG)].text);
    }
    fill_with_anything(c);
    snprintf(command, sizeof command,
             "cd %s && FAULTLINE=$OLDPWD/" FAULTLINE_BUILD "/faultline && export FAULTLINE && "
             "$OLDPWD/scripts/grade-class -o .a 1 . ; "
             "$FAULTLINE grade 1 --each . -o .b; cmp .a .b",
             c->folder);
    assert_int_equal(system(command), 0);
}

static void options_of_the_script_stand_anywhere_and_are_checked_once(void **state)
{
    static const struct {
        const char *words, *said;
        int status;
    } lines[] = {
        { "1 . --format csv", "submission,lesson", 1 },
        { "--format=csv -j 2 1 --max-steps 10000 .", "submission,lesson", 1 },
        { ". --course .course", "8 of 8", 1 },
        { "99 .", "there is no lesson 99", 2 },
        { "1 . --format nonsense", "there is no format nonsense", 2 },
        { "1 . more", "one folder at a time", 2 },
        { "1 nowhere", "nowhere is no folder", 2 },
        { "1", "which folder?", 2 },
        { "1 . -o", "-o wants a value", 2 },
        { "1 . --nonsense", "what is --nonsense?", 2 },
    };
    struct class *c = *state;
    char command[1024];
    if (SANITIZED || !part_is_whole()) skip(); /* it is scripts/grade-class that is tested */
    class_put(c, ".course", "lesson 1\n");
    class_put(c, "ada.fl", class_right);
    for (unsigned i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "b%u.fl", i);
        class_put(c, name, "as handler\n");
    }
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        snprintf(command, sizeof command,
                 "FAULTLINE=$PWD/" FAULTLINE_BUILD "/faultline; export FAULTLINE; "
                 "g=$PWD/scripts/grade-class; cd %s; (sh $g %s) >.said 2>&1; s=$?; "
                 "[ $(grep -cF -e '%s' .said) = 1 ] || { cat .said; exit 9; }; "
                 "exit $s",
                 c->folder, lines[i].words, lines[i].said);
        int status = system(command);
        if (status != lines[i].status << 8) fail_msg("%s: %d", lines[i].words, status >> 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(a_class_of_300_gets_the_right_table),
        CLASS_TEST(every_format_tells_the_same_whatever_the_names),
        CLASS_TEST(who_handed_in_the_same_is_told),
        CLASS_TEST(options_of_the_script_stand_anywhere_and_are_checked_once),
        CLASS_TEST(the_script_for_a_class_makes_the_same_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
