/* SPDX-License-Identifier: BSD-2-Clause */
/* Every format against those who read it: prove, an XML schema, Python's csv, JSON schemas written from the
 * platforms' documentation; and the exit status that they look at. */
#include "grade/class.h"
#include "grade/schema.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char half[] = "as handler\nrecv fault_ep\nas faulter\nread 0x10000000\n";
/* Whatever a format might stumble over. */
static const char nasty[] = "say \"\x1b[31m <&>\"\n]]> # , \\ \xff\xfe '\"\n";

/* Runs grade_main() over the class: FORMAT into out.FORMAT of its folder. */
static int grade(const struct class *c, const char *format, const char *which, const char *more)
{
    char out[2 * CLASS_PATH], path[2 * CLASS_PATH];
    const char *words[] = {
        "grade", "1", which ? path : "--each", which ? "--format" : c->folder, format, "-o",
        out,     more
    };
    const char *each[] = { "grade", "1", "--each", c->folder, "--format", format, "-o", out, more };
    char *argv[10] = { NULL };
    int argc = 0;
    snprintf(out, sizeof out, "%s/.out.%s", c->folder, format);
    snprintf(path, sizeof path, "%s/%s", c->folder, which ? which : "");
    size_t count = which ? 7 : 8;
    for (size_t i = 0; i < count + (more != NULL); i++)
        argv[argc++] = strdup(which ? words[i] : each[i]);
    int status = grade_main(argc, argv);
    for (int i = 0; i < argc; i++) free(argv[i]);
    return status;
}

static bool has(const char *program)
{
    char command[200];
    snprintf(command, sizeof command, "%s >/dev/null 2>&1", program);
    return system(command) == 0;
}

/* The status of a shell command in the class's folder. */
static int consume(const struct class *c, const char *command)
{
    char whole[2048];
    snprintf(whole, sizeof whole, "root=$PWD; cd '%s' && { %s; } >.said 2>&1", c->folder, command);
    int status = system(whole);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void fill(const struct class *c)
{
    class_put(c, "ada.fl", class_right);
    class_put(c, "brook.fl", half);
    class_put(c, "cl\xff,\"o.fl", nasty);
    class_put(c, "=dora().fl", "nonsense\n");
    class_put(c, "empty.fl", "");
}

static void prove_takes_tap(void **state)
{
    struct class *c = *state;
    if (!has("prove --version")) {
        print_message("prove is not here: not tried\n");
        skip();
    }
    fill(c);
    assert_int_equal(grade(c, "tap", "ada.fl", NULL), 0);
    assert_int_equal(consume(c, "head -1 .out.tap | grep -qx 'TAP version 14'"), 0);
    assert_int_equal(grade(c, "tap13", "ada.fl", NULL), 0);
    assert_int_equal(consume(c, "prove -e cat .out.tap13"), 0);
    assert_int_equal(grade(c, "tap13", NULL, NULL), 1);
    assert_int_equal(consume(c, "prove -e cat .out.tap13"), 1);
    assert_int_equal(consume(c, "prove -e cat .out.tap13; grep -q 'Failed 16/20 subtests' .said"),
                     0);
    assert_int_equal(consume(c, "prove -e cat .out.tap13; grep -q 'Parse errors' .said"), 1);
}

static void junit_is_valid_xml_of_its_schema(void **state)
{
    struct class *c = *state;
    if (!has("xmllint --version")) {
        print_message("xmllint is not here: not tried\n");
        skip();
    }
    fill(c);
    grade(c, "junit", NULL, NULL);
    if (consume(c, "xmllint --noout --schema \"$root/tests/grade/schemas/junit.xsd\" .out.junit"))
        fail_msg("see %s/.said", c->folder);
    assert_int_equal(consume(c, "sed -i s/testcase/case/ .out.junit; "
                                "xmllint --noout --schema \"$root/tests/grade/schemas/junit.xsd\" "
                                ".out.junit"),
                     3);
}

static void csv_has_the_same_cells_in_every_line(void **state)
{
    struct class *c = *state;
    if (!has("python3 -c 'import csv'")) {
        print_message("python3 is not here: not tried\n");
        skip();
    }
    fill(c);
    grade(c, "csv", NULL, NULL);
    assert_int_equal(
        consume(c,
                "python3 -c 'import csv\n"
                "rows = list(csv.reader(open(\".out.csv\", encoding=\"utf-8\", newline=\"\")))\n"
                "assert len(rows) == 21, len(rows)\n"
                "assert all(len(r) == 9 for r in rows)\n"
                "assert not any(x[:1] in (\"=\", \"+\", \"-\", \"@\") for r in rows for x in r)\n"
                "assert sum(int(r[5]) for r in rows[1:]) == 4'"),
        0);
}

static cJSON *read_json(const char *path)
{
    static char text[1 << 20];
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    cJSON *value = cJSON_Parse(text);
    if (!value) fail_msg("%s is no JSON", path);
    return value;
}

static void expect_schema(const struct class *c, const char *format, const char *name)
{
    char path[2 * CLASS_PATH], why[400], command[1024];
    snprintf(path, sizeof path, "tests/grade/schemas/%s.json", name);
    cJSON *schema = read_json(path);
    snprintf(path, sizeof path, "%s/.out.%s", c->folder, format);
    cJSON *value = read_json(path);
    if (!schema_holds(schema, value, why, sizeof why)) fail_msg("%s: %s", format, why);
    cJSON_Delete(schema);
    cJSON_Delete(value);
    if (!has("python3 -c 'import jsonschema'")) return;
    snprintf(command, sizeof command,
             "python3 -c 'import json, jsonschema, sys\n"
             "jsonschema.validate(json.load(open(\".out.%s\", encoding=\"utf-8\")), "
             "json.load(open(sys.argv[1])))' \"$root/tests/grade/schemas/%s.json\"",
             format, name);
    if (consume(c, command)) fail_msg("%s: see %s/.said", format, c->folder);
}

static void every_platform_gets_what_its_documentation_says(void **state)
{
    static const char *const formats[] = { "gradescope", "exercism", "check50" };
    static const char *const whose[] = { "ada.fl", "brook.fl", "cl\xff,\"o.fl", "empty.fl" };
    struct class *c = *state;
    fill(c);
    for (size_t f = 0; f < 3; f++) {
        for (size_t w = 0; w < 4; w++) {
            grade(c, formats[f], whose[w], NULL);
            expect_schema(c, formats[f], formats[f]);
        }
    }
    grade(c, "json", NULL, NULL);
    expect_schema(c, "json", "results");
}

static void schemas_can_say_no(void **state)
{
    static const char *const bad[] = {
        "{\"tests\":[{\"score\":1}]}",
        "{\"score\":-1,\"tests\":[{}]}",
        "{\"score\":1,\"tests\":[]}",
        "{\"score\":1,\"tests\":[{\"status\":\"good\"}]}",
        "{\"score\":1,\"tests\":[{\"output\":1}]}",
        "{\"score\":1,\"tests\":[{}],\"more\":1}",
    };
    char why[200];
    (void)state;
    cJSON *schema = read_json("tests/grade/schemas/gradescope.json");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cJSON *value = cJSON_Parse(bad[i]);
        assert_non_null(value);
        if (schema_holds(schema, value, why, sizeof why)) fail_msg("taken: %s", bad[i]);
        cJSON_Delete(value);
    }
    cJSON_Delete(schema);
}

static void the_exit_status_says_whether_all_was_reached(void **state)
{
    struct class *c = *state;
    fill(c);
    assert_int_equal(grade(c, "text", "ada.fl", NULL), 0);
    assert_int_equal(grade(c, "text", "brook.fl", NULL), 1);
    assert_int_equal(grade(c, "text", NULL, NULL), 1);
    assert_int_equal(grade(c, "text", "brook.fl", "--exit-zero"), 0);
    assert_int_equal(grade(c, "gradescope", "brook.fl", NULL), 0);
    assert_int_equal(grade(c, "exercism", "brook.fl", NULL), 0);
    assert_int_equal(grade(c, "check50", "brook.fl", NULL), 1);
    assert_int_equal(grade(c, "nonsense", "ada.fl", NULL), 2);
    assert_int_equal(grade(c, "gradescope", NULL, NULL), 2);
    assert_int_equal(grade(c, "text", "ada.fl", "--nonsense"), 2);
    assert_int_equal(grade(c, "text", "ada.fl", "--goals=/nowhere"), 3);
    assert_int_equal(grade(c, "text", "nobody.fl", NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(prove_takes_tap),
        CLASS_TEST(junit_is_valid_xml_of_its_schema),
        CLASS_TEST(csv_has_the_same_cells_in_every_line),
        CLASS_TEST(every_platform_gets_what_its_documentation_says),
        cmocka_unit_test(schemas_can_say_no),
        CLASS_TEST(the_exit_status_says_whether_all_was_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
