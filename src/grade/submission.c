/* SPDX-License-Identifier: BSD-2-Clause */
/* What was handed in: which files of it belong to a lesson. Strangers' files: only regular ones are
 * opened, links are not followed out of a folder, sizes are bounded. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/inside.h"
#include "world/path.h"
#include "world/record.h"

enum { HEAD_SIZE = 4096 };

/* ---- The list of submissions ---- */

static char *copy(const char *text, size_t n)
{
    char *made = strndup(text, n);
    if (!made) abort();
    return made;
}

static bool is_taken(const struct submissions *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->list[i].name, name) == 0) return true;
    return false;
}

/* A name that no other has: with its ending, or else with a number. */
static char *name_for(const struct submissions *s, const char *id, const char *whole, size_t length)
{
    char *name = copy(id, strlen(id));
    for (unsigned number = 1; is_taken(s, name); number++) {
        free(name);
        name = malloc(length + 16);
        if (!name) abort();
        if (number == 1)
            snprintf(name, length + 16, "%.*s", (int)length, whole);
        else
            snprintf(name, length + 16, "%.*s-%u", (int)length, whole, number);
    }
    return name;
}

bool submissions_add(struct submissions *s, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') n--;
    if (n >= GRADE_PATH / 2) return false;
    const char *name = path + n;
    while (name > path && name[-1] != '/') name--;
    size_t length = (size_t)(path + n - name);
    const char *dot = memchr(name + 1, '.', length > 0 ? length - 1 : 0);
    if ((s->count & (s->count - 1)) == 0) {
        s->list = realloc(s->list, (s->count ? s->count * 2 : 1) * sizeof *s->list);
        if (!s->list) abort();
    }
    char *id = copy(name, dot ? (size_t)(dot - name) : length);
    s->list[s->count] = (struct submission){ .name = name_for(s, id, name, length),
                                             .id = id,
                                             .path = copy(path, n) };
    s->count++;
    return true;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

bool submissions_add_each(struct submissions *s, const char *folder, struct problem *p)
{
    struct dirent **list;
    char path[GRADE_PATH];
    int count = scandir(folder, &list, is_visible, alphasort);
    if (count < 0) return problem_set(p, "", "%.200s: %s", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        submissions_add(s, path);
        free(list[i]);
    }
    free(list);
    return true;
}

void submissions_free(struct submissions *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->list[i].name);
        free(s->list[i].id);
        free(s->list[i].path);
    }
    free(s->list);
}

/* ---- One file ---- */

/* The beginning of a regular file, ended by a zero; -1: it is none, or cannot be read. */
static ssize_t read_head(const char *path, char head[HEAD_SIZE])
{
    struct stat about;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = -1;
    if (file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        n = read(file, head, HEAD_SIZE - 1);
    if (file >= 0) close(file);
    head[n > 0 ? n : 0] = '\0';
    return n;
}

static bool is_recording(const char *head)
{
    return strncmp(head, "#: format ", 10) == 0 || strstr(head, "\n#: format ");
}

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);
    return n > e && strcmp(name + n - e, ending) == 0;
}

static enum piece_kind kind_of(const char *path, const char *head)
{
    return is_recording(head)    ? PIECE_RECORDING
           : ends_in(path, ".c") ? PIECE_PROGRAM
                                 : PIECE_SCRIPT;
}

static void add(struct pieces *p, enum piece_kind kind, const char *path)
{
    if (p->count == PIECES_MAX) return;
    p->piece[p->count] = (struct piece){ .kind = kind };
    snprintf(p->piece[p->count++].path, GRADE_PATH, "%s", path);
}

bool script_variant(const char *path, char *variant, size_t size)
{
    static const char *const words[] = { "# variant ", "#: variant " };
    char head[HEAD_SIZE];
    if (read_head(path, head) < 0) return false;
    for (const char *line = head; *line == '#';) {
        size_t n = strcspn(line, "\r\n");
        for (unsigned i = 0; i < 2; i++) {
            size_t w = strlen(words[i]);
            if (strncmp(line, words[i], w) != 0) continue;
            snprintf(variant, size, "%.*s", (int)(n - w), line + w);
            return true;
        }
        line += n + strspn(line + n, "\r\n");
    }
    return false;
}

/* ---- A folder ---- */

/* "01-first-fault.fl", "1.fl", "01.fl" */
static bool is_script_for(const char *name, const struct lesson *lesson)
{
    char *end;
    size_t n = strlen(lesson_name(lesson));
    if (strncmp(name, lesson_name(lesson), n) == 0 && strcmp(name + n, ".fl") == 0) return true;
    unsigned long number = strtoul(name, &end, 10);
    return end != name && strcmp(end, ".fl") == 0 && number == lesson->number;
}

bool is_recording_of(const char *path, const struct lesson *lesson)
{
    struct record_reader r;
    struct record_head head;
    struct problem unused;
    if (!record_read_open(&r, path, &unused)) return false;
    bool is_one =
        record_read_head(&r, &head, &unused) && strcmp(head.lesson, lesson_name(lesson)) == 0;
    record_read_close(&r);
    return is_one;
}

static bool is_exercise_of(const char *name, const struct lesson *lesson)
{
    size_t n = strlen(lesson_name(lesson)), between = strlen(HAND_IN_BETWEEN);
    if (strncmp(name, lesson_name(lesson), n) == 0 &&
        strncmp(name + n, HAND_IN_BETWEEN, between) == 0)
        name += n + between;
    for (unsigned i = 0; i < lesson->exercise_count; i++)
        if (strcmp(lesson->exercise[i], name) == 0) return true;
    return false;
}

/* Scripts of no lesson's name; the only one of a folder is taken when only one lesson is graded. */
struct others {
    unsigned count;
    char path[GRADE_PATH];
};

static void look_at(struct pieces *p, const char *path, const struct lesson *lesson,
                    struct others *others)
{
    char head[HEAD_SIZE];
    const char *name = path_name(path);
    struct stat about;
    if (lstat(path, &about) != 0 || !S_ISREG(about.st_mode) || read_head(path, head) < 0) return;
    if (is_recording(head)) {
        if (is_recording_of(path, lesson)) add(p, PIECE_RECORDING, path);
    } else if (is_exercise_of(name, lesson)) {
        add(p, PIECE_PROGRAM, path);
    } else if (is_script_for(name, lesson)) {
        add(p, PIECE_SCRIPT, path);
    } else if (ends_in(name, ".fl")) {
        others->count++;
        snprintf(others->path, sizeof others->path, "%s", path);
    }
}

static bool find_in_folder(struct pieces *p, const char *folder, const struct lesson *lesson,
                           bool alone, struct problem *problem)
{
    struct dirent **list;
    struct others others = { 0 };
    char path[GRADE_PATH];
    int count = scandir(folder, &list, is_visible, alphasort);
    if (count < 0) return problem_set(problem, "", "%.200s: %s", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        if (n > 0 && (size_t)n < sizeof path) look_at(p, path, lesson, &others);
        free(list[i]);
    }
    free(list);
    if (alone && !p->count && others.count == 1) add(p, PIECE_SCRIPT, others.path);
    return true;
}

/* ---- Anything ---- */

static bool is_good_file(const struct stat *about, const char *path, struct problem *p)
{
    if (S_ISLNK(about->st_mode))
        return problem_set(p, "hand in the file itself", "%.200s is a link", path_name(path));
    if (!S_ISREG(about->st_mode))
        return problem_set(p, "hand in a file or a folder", "%.200s is no file", path_name(path));
    if (about->st_size > PIECE_SIZE_MAX)
        return problem_set(p, "", "%.200s is larger than 64 MiB", path_name(path));
    if (about->st_size == 0) return problem_set(p, "", "%.200s is empty", path_name(path));
    return true;
}

bool pieces_find(struct pieces *p, const struct submission *s, const struct lesson *lesson,
                 bool alone, struct problem *problem)
{
    struct stat about;
    char head[HEAD_SIZE];
    *p = (struct pieces){ .count = 0 };
    if (lstat(s->path, &about) != 0)
        return problem_set(problem, "", "%.200s: %s", s->path, strerror(errno));
    if (S_ISDIR(about.st_mode)) return find_in_folder(p, s->path, lesson, alone, problem);
    if (!is_good_file(&about, s->path, problem)) return false;
    if (hand_in_is(s->path))
        return hand_in_unpack(s->path, p->unpacked, problem) &&
               find_in_folder(p, p->unpacked, lesson, alone, problem);
    if (read_head(s->path, head) < 0)
        return problem_set(problem, "", "%.200s cannot be read", s->path);
    enum piece_kind kind = kind_of(s->path, head);
    if (kind != PIECE_RECORDING || alone || is_recording_of(s->path, lesson)) add(p, kind, s->path);
    return true;
}

void pieces_forget(struct pieces *p)
{
    if (p->unpacked[0]) hand_in_remove(p->unpacked);
}
