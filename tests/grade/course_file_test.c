/* SPDX-License-Identifier: BSD-2-Clause */
/* Course files, a teacher's own goals, pages of feedback: `faultline grade` as a teacher calls it. */
#include "course/skeleton.h"
#include "grade/class.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs `grade WORDS…`, a `%` in front of a word standing for the class's folder; results in .json. */
static int grade(const struct class *c, const char *const *words)
{
    char out[2 * CLASS_PATH],
        *argv[16] = { strdup("grade"), strdup("--format=json"), strdup("-o") };
    int argc = 4;
    snprintf(out, sizeof out, "%s/.json", c->folder);
    argv[3] = strdup(out);
    for (; *words; words++) {
        snprintf(out, sizeof out, "%s%s", **words == '%' ? c->folder : "",
                 *words + (**words == '%'));
        argv[argc++] = strdup(out);
    }
    int status = grade_main(argc, argv);
    for (int i = 0; i < argc; i++) free(argv[i]);
    return status;
}
#define GRADE(c, ...) grade(c, (const char *const[]){ __VA_ARGS__, NULL })

static cJSON *results_of(const struct class *c)
{
    static char text[1 << 20];
    char path[2 * CLASS_PATH];
    snprintf(path, sizeof path, "%s/.json", c->folder);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    return cJSON_Parse(text);
}

static void make_folder(const struct class *c, const char *name)
{
    char path[2 * CLASS_PATH];
    snprintf(path, sizeof path, "%s/%s", c->folder, name);
    assert_int_equal(mkdir(path, 0777), 0);
}

static bool near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

static void a_course_weighs_its_lessons(void **state)
{
    struct class *c = *state;
    class_put(c, ".course",
              "# winter term\nlesson 1 weight 3 solution no\n\nlesson 2-3 weight 0.5\n");
    make_folder(c, "ada");
    class_put(c, "ada/1.fl", class_right);
    class_copy(c, "ada/02.fl", "lessons/02-cap-fault/solution.fl");
    class_put(c, "ada/3.fl", "# nothing\n");
    assert_int_equal(GRADE(c, "--course", "%/.course", "--each", "%"), 1);
    cJSON *results = results_of(c);
    const cJSON *ada = cJSON_GetArrayItem(results, 0),
                *lessons = cJSON_GetObjectItem(ada, "lessons");
    assert_int_equal(cJSON_GetArraySize(lessons), 3);
    assert_true(near(json_number(ada, "max"), 4));
    assert_true(near(json_number(ada, "score"), 3.5));
    assert_string_equal(json_text(cJSON_GetArrayItem(lessons, 1), "status"), "graded");
    cJSON_Delete(results);
}

static void a_course_that_is_wrong_is_refused_by_its_line(void **state)
{
    static const char *const wrong[] = {
        "lesson 1\nlesson 1\n",      "lesson 99\n",         "lessons 1\n",
        "lesson 1 weight\n",         "lesson 1 weight x\n", "lesson 1 solution maybe\n",
        "lesson 1 goals /nowhere\n", "lesson 3-1\n",        "# nothing\n",
    };
    struct class *c = *state;
    class_put(c, "ada.fl", class_right);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        class_put(c, ".course", wrong[i]);
        int status = GRADE(c, "--course", "%/.course", "--each", "%");
        if (status != 3) fail_msg("%s: %d", wrong[i], status);
    }
}

/* What ada, who did it right, gets by goals of a teacher's, and brook, if he has handed in. */
static int grade_by_goals(struct class *c, const char *goals)
{
    class_put(c, ".goals/lesson.md", goals);
    class_put(c, "ada.fl", class_right);
    return GRADE(c, "1", "--goals", "%/.goals", "--each", "%");
}

static void a_teachers_goals_take_the_place_of_the_lessons(void **state)
{
    static const char goals[] =
        "# Unpublished\nminutes 1    needs compiler no\n## What is wanted\nThis:\n"
        "```goal twice weight 5\nsay   it faults twice\n2 times fault vm thread faulter\n"
        "hint  a\nhint  b\nhint  c\n```\n"
        "```goal thrice weight 2\nsay   it faults three times\n3 times fault vm thread faulter\n"
        "hint  a\nhint  b\nhint  c\n```\n";
    struct class *c = *state;
    make_folder(c, ".goals");
    class_put(c, "brook.fl", "recv fault_ep\n");
    assert_int_equal(grade_by_goals(c, goals), 1);
    cJSON *results = results_of(c);
    const cJSON *ada = class_lesson(results, "ada");
    assert_string_equal(json_text(ada, "lesson"), "01-first-fault");
    assert_true(near(json_number(ada, "max"), 7));
    assert_true(json_bool(class_part(ada, "twice"), "reached"));
    assert_false(json_bool(class_part(ada, "thrice"), "reached"));
    assert_true(near(json_number(class_lesson(results, "brook"), "score"), 0));
    cJSON_Delete(results);
}

/* `again` is a question of the lesson. */
static void a_teachers_goals_count_the_answers_to_the_lessons_questions(void **state)
{
    static const char goals[] =
        "# Unpublished\n## What is wanted\nThis:\n"
        "```question again weight 3 before once\nask   Will it?\nchoice yes\nchoice no *\n```\n"
        "```goal once weight 4\nsay   it faults\nonce  fault vm thread faulter\n```\n";
    struct class *c = *state;
    make_folder(c, ".goals");
    class_put(c, "brook.fl", "as faulter\nread 0x10000000\n");
    assert_int_equal(grade_by_goals(c, goals), 1);
    cJSON *results = results_of(c);
    const cJSON *ada = class_lesson(results, "ada"), *brook = class_lesson(results, "brook");
    assert_true(json_bool(class_part(ada, "again"), "reached"));
    assert_string_equal(json_text(class_part(ada, "again"), "answer"), "no");
    assert_true(near(json_number(ada, "score"), 7));
    assert_true(near(json_number(brook, "score"), 4) && near(json_number(brook, "max"), 7));
    cJSON_Delete(results);
}

static void a_teachers_question_that_no_student_was_asked_is_refused(void **state)
{
    static const char goals[] =
        "# Unpublished\n## What is wanted\nThis:\n"
        "```question %s before once\nask   Will it?\nchoice yes\nchoice no *\n```\n"
        "```goal once weight 4\nsay   it faults\nonce  fault vm thread faulter\n```\n";
    struct class *c = *state;
    char text[sizeof goals + 8];
    make_folder(c, ".goals");
    snprintf(text, sizeof text, goals, "secret");
    assert_int_equal(grade_by_goals(c, text), 3);
    snprintf(text, sizeof text, goals, "again");
    assert_int_equal(grade_by_goals(c, text), 0);
}

static void a_lesson_may_lie_anywhere(void **state)
{
    struct class *c = *state;
    char command[1024];
    snprintf(command, sizeof command, "cp -R lessons/01-first-fault '%s/.own lesson'", c->folder);
    assert_int_equal(system(command), 0);
    class_put(c, "ada.fl", class_right);
    assert_int_equal(GRADE(c, "%/.own lesson", "%/ada.fl"), 0);
}

static void feedback_stays_in_its_folder(void **state)
{
    struct class *c = *state;
    char path[2 * CLASS_PATH];
    unsigned pages = 0;
    class_put(c, "ada.fl", class_right);
    class_put(c, "ada.c", "");
    class_put(c, "b..\\..%2f.fl", "recv fault_ep\n");
    make_folder(c, "...");
    assert_int_equal(GRADE(c, "1", "--feedback", "%/.pages", "--each", "%"), 1);
    snprintf(path, sizeof path, "%s/.pages", c->folder);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (const struct dirent *e; (e = readdir(folder));) pages += strstr(e->d_name, ".md") != NULL;
    closedir(folder);
    assert_int_equal(pages, 3); /* what begins with a dot is no submission */
    snprintf(path, sizeof path, "%s/.pages/ada.fl.md", c->folder);
    assert_int_equal(access(path, R_OK), 0);
}

static void a_lesson_that_does_not_open_is_the_teachers_mistake(void **state)
{
    struct class *c = *state;
    char path[2 * CLASS_PATH];
    struct problem p;
    snprintf(path, sizeof path, "%s/own-lesson", c->folder);
    assert_true(lesson_new(path, &p));
    class_put(c, "ada.fl", "recv ep\n");
    assert_int_equal(GRADE(c, "%/own-lesson", "%/ada.fl"), 1);
    class_put(c, "own-lesson/setup.fl", "new nothing x\n");
    assert_int_equal(GRADE(c, "%/own-lesson", "%/ada.fl"), 3);
}

static void results_of_several_runs_are_joined(void **state)
{
    struct class *c = *state;
    char command[1024];
    class_put(c, "ada.fl", class_right);
    GRADE(c, "1", "%/ada.fl");
    snprintf(command, sizeof command, "cd '%s' && cat .json .json >.two && cp .json .one",
             c->folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(GRADE(c, "--merge", "%/.one", "%/.two"), 0);
    cJSON *results = results_of(c);
    assert_int_equal(cJSON_GetArraySize(results), 3);
    assert_string_equal(json_text(cJSON_GetArrayItem(results, 2), "name"), "ada.fl-2");
    cJSON_Delete(results);
    class_put(c, ".bad", "[{\"name\":\"../up\"}]");
    assert_int_equal(GRADE(c, "--merge", "%/.bad"), 3);
    class_put(c, ".bad", "no");
    assert_int_equal(GRADE(c, "--merge", "%/.bad"), 3);
    class_put(c, ".bad", "[{\"name\":\"../up\",\"lessons\":[]}]");
    assert_int_equal(GRADE(c, "--merge", "%/.bad", "--feedback", "%/.pages"), 0);
    results = results_of(c);
    assert_string_equal(json_text(cJSON_GetArrayItem(results, 0), "name"), "..?up");
    cJSON_Delete(results);
    assert_int_equal(GRADE(c, "--merge"), 2);
}

/* Else the next option would be a student's ID, and nobody would notice. */
static void an_option_is_no_other_ones_value(void **state)
{
    struct class *c = *state;
    class_put(c, "ada.fl", class_right);
    assert_int_equal(GRADE(c, "1", "%/ada.fl", "--variant", "--plain"), 2);
    assert_int_equal(GRADE(c, "1", "%/ada.fl", "--variant"), 2);
    assert_int_equal(GRADE(c, "1", "%/ada.fl", "--variant=--plain"), 0);
    assert_int_equal(GRADE(c, "1", "%/ada.fl", "-j", "0"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(a_course_weighs_its_lessons),
        CLASS_TEST(a_course_that_is_wrong_is_refused_by_its_line),
        CLASS_TEST(a_teachers_goals_take_the_place_of_the_lessons),
        CLASS_TEST(a_teachers_goals_count_the_answers_to_the_lessons_questions),
        CLASS_TEST(a_teachers_question_that_no_student_was_asked_is_refused),
        CLASS_TEST(a_lesson_may_lie_anywhere),
        CLASS_TEST(feedback_stays_in_its_folder),
        CLASS_TEST(a_lesson_that_does_not_open_is_the_teachers_mistake),
        CLASS_TEST(an_option_is_no_other_ones_value),
        CLASS_TEST(results_of_several_runs_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
