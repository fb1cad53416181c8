/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts: a file, or a pipe. No prompt, no echo, no questions; the first line that does not end well
 * ends the script. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lesson/token.h"
#include "shell/exercise.h"
#include "shell/shell.h"

/* Where a shell stands, kept while another script runs. */
struct place {
    const char *file;
    unsigned line;
};

/* Appends a line to an open one; false when it becomes too long. */
static bool append(char *whole, const char *line)
{
    if (strlen(whole) + strlen(line) + 2 > LINE_SIZE) return false;
    if (*whole) strcat(whole, "\n");
    strcat(whole, line);
    return true;
}

static bool is_broken(const char *line, size_t length, size_t bytes)
{
    return strlen(line) != bytes || length >= LINE_SIZE;
}

static enum outcome refuse_line(struct shell *sh, const char *tip, const char *text)
{
    struct problem p;
    problem_set(&p, tip, "%s", text);
    shell_say_problem(sh, &p);
    return OUTCOME_FAILED;
}

size_t script_mark(const char *line)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(line, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
}

/* Reads one logical line into `whole`; false at the end of the stream. */
static bool read_line(struct shell *sh, FILE *in, char *whole, unsigned *number,
                      enum outcome *outcome)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    unsigned first = 0;
    *whole = '\0';
    while (*outcome == OUTCOME_DONE && (n = getline(&line, &room, in)) >= 0) {
        size_t bytes = (size_t)n;
        ++*number;
        if (!first) first = *number;
        sh->line = first;
        while (bytes > 0 && (line[bytes - 1] == '\n' || line[bytes - 1] == '\r'))
            line[--bytes] = '\0';
        if (is_broken(line, bytes, bytes) ||
            !append(whole, line + (*number == 1 ? script_mark(line) : 0)))
            *outcome =
                refuse_line(sh, "a script is text: save it as UTF-8", "this is no line of text");
        else if (!shell_line_is_open(whole))
            break;
    }
    free(line);
    return first != 0;
}

enum outcome script_run(struct shell *sh, FILE *in, const char *name)
{
    struct place before = { sh->file, sh->line };
    unsigned number = 0;
    enum outcome outcome = OUTCOME_DONE;
    char *whole = malloc(LINE_SIZE);
    if (!whole) return OUTCOME_FAILED;
    sh->file = name;
    while (outcome == OUTCOME_DONE && read_line(sh, in, whole, &number, &outcome)) {
        if (outcome != OUTCOME_DONE) break;
        sh->stop.between = shell_is_interrupted(sh);
        outcome = sh->stop.between ? OUTCOME_INTERRUPTED : shell_line(sh, whole);
    }
    free(whole);
    sh->file = before.file;
    sh->line = before.line;
    return outcome;
}

enum outcome script_file(struct shell *sh, const char *path, struct problem *p)
{
    struct stat about;
    FILE *in = fopen(path, "r");
    p->text[0] = p->tip[0] = '\0';
    if (!in || fstat(fileno(in), &about) != 0 || S_ISDIR(about.st_mode)) {
        problem_set(p, "paths begin where faultline was started", "%.150s: %s", path,
                    in ? "is a directory" : strerror(errno));
        if (in) fclose(in);
        return OUTCOME_FAILED;
    }
    enum outcome outcome = script_run(sh, in, path);
    fclose(in);
    return outcome;
}

/* A file beside the script that the line stands in, or of the lesson that this script belongs to. */
static bool beside_script(const struct shell *sh, const char *name, char *path, size_t size)
{
    char folder[1024];
    const char *slash = sh->file ? strrchr(sh->file, '/') : NULL;
    if (!slash || name[0] == '/') return false;
    int length = snprintf(path, size, "%.*s/%s", (int)(slash - sh->file), sh->file, name);
    if (length > 0 && (size_t)length < size && access(path, R_OK) == 0) return true;
    return lesson_folder_of(sh->file, folder, sizeof folder) &&
           lesson_file(folder, name, path, size);
}

void shell_file(const struct shell *sh, const char *name, char *path, size_t size)
{
    bool own = sh->lesson && sh->lesson->is_kept;
    if (own && exercise_program(sh->lesson->lesson, name, path, size)) return;
    if (beside_script(sh, name, path, size)) return;
    if (access(name, R_OK) != 0 && lesson_file(sh->folder, name, path, size)) return;
    snprintf(path, size, "%s", name);
}

int outcome_status(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_DONE:
    case OUTCOME_QUIT: return 0;
    case OUTCOME_CHECK: return EXIT_CHECK;
    case OUTCOME_FAILED: return EXIT_SCRIPT;
    case OUTCOME_LIMIT: return EXIT_LIMIT;
    case OUTCOME_INTERRUPTED: return EXIT_INTERRUPTED;
    }
    return EXIT_BUG;
}
