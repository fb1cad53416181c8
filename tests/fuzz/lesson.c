/* SPDX-License-Identifier: BSD-2-Clause */
/* Any lesson.md, and behind a zero byte any lesson.de.md: read or refused with file and line; what was
 * read can be shown, judged, explained, asked, printed and checked. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "course/check.h"
#include "course/sheet.h"
#include "lesson/lesson.h"
#include "shell/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 16 << 20, MAX_STEPS = 20000, ROUNDS = 5 };

static char folder[64];

static void write_file(const char *name, const uint8_t *data, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0) abort();
}

static void remove_folder(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0) _exit(1);
}

static void make_folder(void)
{
    static const char solution[] = "new endpoint ep\nnew thread t\nsend nothing\n";
    if (folder[0]) return;
    strcpy(folder, "/tmp/faultline-fuzz-XXXXXX");
    if (!mkdtemp(folder)) abort();
    atexit(remove_folder);
    write_file("setup.fl", (const uint8_t *)"", 0);
    write_file("solution.fl", (const uint8_t *)solution, sizeof solution - 1);
}

/* Everything that can be done with a lesson at the prompt. */
static void visit(struct lesson *lesson, FILE *out)
{
    static const struct lesson_effort effort = { 3, 4 };
    struct lesson_run run = { .lesson = lesson };
    struct shell sh = { .out = out, .err = out, .width = 80, .top = "" };
    struct problem p;
    sh.session = session_open(&kernel_config_default, MEMORY, &p);
    if (!sh.session || !session_boot_prompt(sh.session, &p)) abort();
    session_limit(sh.session, MAX_STEPS);
    if (lesson_open(&sh, &run, &p)) {
        lesson_begin(&run, out);
        for (unsigned i = 0; i < ROUNDS; i++) {
            shell_line(&sh, "new endpoint ep");
            lesson_hint(&run, out);
            lesson_answer(&run, sh.session, "1", out, &p);
            lesson_judge(&run, sh.session, &effort, out);
            shell_line(&sh, "undo");
        }
        for (unsigned i = 0; i < lesson->item_count; i++)
            if (lesson->item[i].kind == ITEM_GOAL) lesson_explain(&run, sh.session, i, out);
        lesson_goals(&run, out);
        lesson_task(&run, out);
    }
    session_close(sh.session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem p;
    struct sheet_options sheet = { .variant = "ada", .language = "de" };
    const uint8_t *zero = memchr(data, 0, size);
    size_t own = zero ? (size_t)(zero - data) : size;
    char *said = NULL;
    size_t said_size = 0;
    FILE *out = open_memstream(&said, &said_size);
    if (!out) abort();
    make_folder();
    write_file("lesson.md", data, own);
    write_file("lesson.de.md", zero ? zero + 1 : data, zero ? size - own - 1 : 0);
    struct lesson *lesson = lesson_load(folder, &p);
    if (lesson && lesson_translate(lesson, "de_AT.UTF-8", &p)) {
        lesson_draw(lesson, "student");
        visit(lesson, out);
        sheet_write(folder, &sheet, out, &p);
    }
    lesson_free(lesson);
    lesson_check(folder, out);
    fclose(out);
    free(said);
    return 0;
}
