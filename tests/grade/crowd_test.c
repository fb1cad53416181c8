/* SPDX-License-Identifier: BSD-2-Clause */
/* A class of 300: right, wrong in ten ways, hostile in eleven. The table is as it has to be, by the workers
 * and by GNU parallel. */
#include "grade/class.h"
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
    snprintf(path, sizeof path, "%s/h-sparse.fl", c->folder);
    assert_int_equal(truncate(path, (off_t)1 << 30), 0);
    snprintf(path, sizeof path, "%s/h-link.fl", c->folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/h-folder", c->folder);
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
    write_text(&c->o, results, out);
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

static void the_script_for_a_class_makes_the_same_table(void **state)
{
    struct class *c = *state;
    char command[1024];
    if (SANITIZED || system("parallel --version 2>/dev/null | grep -q '^GNU'") != 0) {
        print_message("GNU parallel is not here: not tried\n");
        skip();
    }
    for (unsigned i = 0; i < 40; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%u.fl", ways[i % (1 + WRONG)].name, i);
        class_put(c, name, ways[i % (1 + WRONG)].text);
    }
    snprintf(command, sizeof command,
             "cd %s && FAULTLINE=$OLDPWD/" FAULTLINE_BUILD "/faultline && export FAULTLINE && "
             "$OLDPWD/scripts/grade-class -o .a 1 . ; "
             "$FAULTLINE grade 1 --each . -o .b; cmp .a .b",
             c->folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLASS_TEST(a_class_of_300_gets_the_right_table),
        CLASS_TEST(the_script_for_a_class_makes_the_same_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
