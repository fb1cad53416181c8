/* SPDX-License-Identifier: BSD-2-Clause */
/* C files as submissions: each takes the place of the program that the lesson's solution loads. Nothing of
 * the host gets into a program, or into what is told of it. */
#include "grade/class.h"
#include "part.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char head[] = "#include \"loop.h\"\n";

static int begin(void **state)
{
    if (class_begin(state) != 0) return -1;
    struct class *c = *state;
    class_choose(c, "20-a-demand-pager");
    return setenv("CC", "cc", 1);
}
#define PROGRAM_TEST(test) cmocka_unit_test_setup_teardown(test, begin, class_end)

static void put_page_in(const struct class *c, const char *name, const char *body)
{
    char text[2048];
    snprintf(text, sizeof text,
             "%sstatic int page_in(seL4_Word address)\n{\n    (void)address;\n%s\n}\n", head, body);
    class_put(c, name, text);
}

static void table_has(const struct class *c, const cJSON *results, const char *what, bool has)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    results_as_text(&c->o, results, out);
    fclose(out);
    if (!strstr(text, what) == has) fail_msg("\"%s\":\n%s", what, text);
    free(text);
}

static void table_says(const struct class *c, const cJSON *results, const char *what)
{
    table_has(c, results, what, true);
}

static void make_folder(const struct class *c, const char *name)
{
    char path[2 * CLASS_PATH];
    snprintf(path, sizeof path, "%s/%s", c->folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void right_wrong_and_endless_ones_get_their_points(void **state)
{
    struct class *c = *state;
    class_copy(c, "right.c", "lessons/20-a-demand-pager/programs/page_in.h");
    class_copy(c, "hole.c", "lessons/20-a-demand-pager/programs/pager.c");
    class_put(c, "loop.h", "#error of somebody else\n");
    put_page_in(c, "broken.c", "    return zero;");
    put_page_in(c, "loop.c", "    for (;;) continue;");
    put_page_in(c, "prints.c", "    for (;;) printf(\"%0100d\\n\", 1);");
    put_page_in(c, "faults.c", "    return *(volatile int *)0;");
    cJSON *results = class_grade(c);
    double max = json_number(class_lesson(results, "right"), "max");
    assert_int_equal(max, 9);
    class_expect(results, "right", "graded", "", max);
    class_expect(results, "hole", "graded", "", 0);
    assert_non_null(strstr(json_text(class_part(class_lesson(results, "hole"), "paged"), "mistake"),
                           "The hole is still there"));
    table_says(c, results, "paged: The hole is still there");
    class_expect(results, "broken", "unreadable", "broken.c:5: ", 0);
    class_expect(results, "faults", "graded", "", 0);
    class_expect(results, "loop", "limit", "steps", 0);
    class_expect(results, "prints", "limit", "steps", 0);
    assert_int_equal(cJSON_GetArraySize(results), 7);
    cJSON_Delete(results);
}

static bool is_asked(const cJSON *results, const char *name, const char *id)
{
    const cJSON *part;
    cJSON_ArrayForEach(part, cJSON_GetObjectItem(class_lesson(results, name), "parts"))
    {
        if (strcmp(json_text(part, "id"), id) == 0) return true;
    }
    return false;
}

/* Lesson 20 as far as its question. */
static const char by_hand[] = "recv fault_ep\n"
                              "new frame page\n"
                              "map page program_vspace 0x201f8000\n"
                              "tables program_vspace 0x201f8000\n"
                              "map page program_vspace 0x201f8000\n"
                              "reply\n"
                              "recv fault_ep\n"
                              "answer 16\n";

static void a_question_counts_only_if_the_student_answered_it(void **state)
{
    struct class *c = *state;
    class_copy(c, "right.c", "lessons/20-a-demand-pager/programs/page_in.h");
    class_put(c, "broken.c", "int x = zero;\n");
    class_put(c, "asked.fl", "recv fault_ep\n");
    make_folder(c, "wrote");
    class_copy(c, "wrote/pager.c", "lessons/20-a-demand-pager/programs/page_in.h");
    class_put(c, "wrote/20.fl", by_hand);
    make_folder(c, "silent");
    class_copy(c, "silent/pager.c", "lessons/20-a-demand-pager/programs/page_in.h");
    class_put(c, "silent/20.fl", "recv fault_ep\n");
    cJSON *results = class_grade(c);
    assert_false(is_asked(results, "right", "count"));
    assert_int_equal(json_number(class_lesson(results, "right"), "max"), 9);
    assert_false(is_asked(results, "broken", "count"));
    assert_int_equal(json_number(class_lesson(results, "broken"), "max"), 9);
    assert_int_equal(json_number(class_lesson(results, "asked"), "max"), 10);
    class_expect(results, "wrote", "graded", "", 10);
    class_expect(results, "silent", "graded", "", 9);
    assert_int_equal(json_number(class_lesson(results, "silent"), "max"), 10);
    assert_false(json_bool(class_part(class_lesson(results, "silent"), "count"), "reached"));
    table_says(c, results, "  1 of 3     33%  count ");
    cJSON_Delete(results);
}

static void what_went_wrong_is_counted_by_its_most_telling_words(void **state)
{
    struct class *c = *state;
    class_copy(c, "hole.c", "lessons/20-a-demand-pager/programs/pager.c");
    put_page_in(c, "halt.c", "    for (;;) seL4_Yield();");
    cJSON *results = class_grade(c);
    table_says(c, results, "most frequent\n     1  paged          The hole is still there");
    table_says(
        c, results,
        "     1  paged          expected: once printed \"program: 16 pages, their sum is 136\" "
        "it is: it has not happened\n");
    table_has(c, results, NONE_OF_ITS_OWN, false);
    cJSON_Delete(results);
}

static void nothing_of_the_host_is_included_or_told(void **state)
{
    struct class *c = *state;
    char text[1024];
    if (!reach_is_possible()) skip();
    class_put(c, "include.c", "#include \"/etc/passwd\"\n");
    class_put(c, "incbin.c",
              "__asm__(\".data\\nkept: .incbin \\\"/etc/passwd\\\"\\n.byte 0\\n.text\");\n"
              "#include <stdio.h>\nextern char kept[];\n"
              "int main(void) { printf(\"%s\", kept); for (;;) continue; }\n");
    snprintf(text, sizeof text, "#include \"%s/.secret\"\n", c->folder);
    class_put(c, ".secret", "the_secret of another student\n");
    class_put(c, "spy.c", text);
    cJSON *results = class_grade(c);
    char *told = cJSON_Print(results);
    assert_null(strstr(told, "root:"));
    if (strstr(told, "the_secret")) fail_msg("%s", told);
    class_expect(results, "include", "unreadable", "include.c:1", 0);
    class_expect(results, "incbin", "unreadable", "incbin.c", 0);
    class_expect(results, "spy", "unreadable", "spy.c:1", 0);
    cJSON_free(told);
    cJSON_Delete(results);
}

static void a_compiler_that_does_not_end_is_stopped(void **state)
{
    struct class *c = *state;
    if (!part_is_whole()) skip(); /* for seconds, in the compiler */
    char text[8192] = "#define A0 x x x x x x x x\n", line[64];
    for (int i = 1; i < 40; i++) {
        snprintf(line, sizeof line, "#define A%d A%d A%d A%d A%d\n", i, i - 1, i - 1, i - 1, i - 1);
        strcat(text, line);
    }
    strcat(text, "A39\n");
    class_put(c, "bomb.c", text);
    class_put(c, "large.c", "char large[1ul << 40] = { 1 };\n#include \"page_in.h\"\n");
    class_put(c, "full.c", "char large[1ul << 28] = { 1 };\n#include \"page_in.h\"\n");
    cJSON *results = class_grade(c);
    class_expect(results, "bomb", "unreadable", "bomb.c", 0);
    class_expect(results, "large", "unreadable", "large.c", 0);
    class_expect(results, "full", "unreadable", "full.c", 0);
    cJSON_Delete(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROGRAM_TEST(right_wrong_and_endless_ones_get_their_points),
        PROGRAM_TEST(a_question_counts_only_if_the_student_answered_it),
        PROGRAM_TEST(what_went_wrong_is_counted_by_its_most_telling_words),
        PROGRAM_TEST(nothing_of_the_host_is_included_or_told),
        PROGRAM_TEST(a_compiler_that_does_not_end_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
