/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-ins: one file with the recordings of lessons and the programs written for them, each behind a line
 * that names it. What a hand-in says is not believed but played. docs/grading.md describes the format. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/inside.h"
#include "grade/piece.h"
#include "world/own.h"
#include "world/path.h"
#include "world/record.h"

static const char magic[] = "#: faultline hand-in 1\n";
static const char part_mark[] = "#@ "; /* NAME BYTES, then so many bytes and a line end */

enum { LINE = 400, PART_NAME = 200, PARTS_MAX = 8192, RECORDINGS_MAX = 200 };

/* ---- Packing ---- */

static bool is_plain(const char *name)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t n = strlen(name);
    return n > 0 && n < PART_NAME && name[0] != '.' && strspn(name, good) == n;
}

struct packing {
    FILE *out;
    const struct lesson *lesson;
    unsigned recordings, programs;     /* of this lesson */
    unsigned parts, files;             /* of all */
    char file[PARTS_MAX][SHA256_TEXT]; /* packed already */
    struct problem *p;
};

static bool pack_file(struct packing *k, const char *path, const char *name)
{
    struct stat about;
    char buffer[4096];
    size_t n;
    if (k->parts++ == PARTS_MAX)
        return problem_set(k->p, "hand in fewer lessons at a time",
                           "these are more than %d recordings and programs", PARTS_MAX);
    FILE *in = fopen(path, "r"), *out = k->out;
    if (!in || fstat(fileno(in), &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_size > PIECE_SIZE_MAX) {
        if (in) fclose(in);
        return problem_set(k->p, "", "%.200s cannot be read", path);
    }
    fprintf(out, "%s%s %lld\n", part_mark, name, (long long)about.st_size);
    long long left = about.st_size;
    while (left > 0 && (n = fread(buffer, 1, sizeof buffer, in)) > 0) {
        if ((long long)n > left) n = (size_t)left; /* it has grown meanwhile */
        fwrite(buffer, 1, n, out);
        left -= (long long)n;
    }
    for (; left > 0; left--) fputc('\n', out); /* or shrunk */
    fputc('\n', out);
    fclose(in);
    return true;
}

static bool is_packed(struct packing *k, const char *sha256)
{
    for (unsigned i = 0; i < k->files; i++)
        if (strcmp(k->file[i], sha256) == 0) return true;
    if (k->files < PARTS_MAX) memcpy(k->file[k->files++], sha256, SHA256_TEXT);
    return false;
}

/* The lesson has it: a program that a student has completed bears the name of the lesson's own, too. */
static bool is_of_lesson(const struct lesson *lesson, const struct record_file *file)
{
    char path[GRADE_PATH], sha256[SHA256_TEXT];
    return lesson_file(lesson->folder, file->name, path, sizeof path) &&
           sha256_file(path, sha256) && strcmp(sha256, file->sha256) == 0;
}

/* The files that a recording names and that are not the lesson's: by their hash, each once. */
static bool pack_files_of(struct packing *k, const char *recording)
{
    struct record_reader r;
    struct record_file file;
    enum record_kind kind;
    const char *line;
    char path[GRADE_PATH];
    struct problem unused;
    bool done = true;
    if (!record_read_open(&r, recording, &unused)) return true;
    while (done && (line = record_read_line(&r, &kind))) {
        if (kind != RECORD_FILE || !record_read_file(line, &file, &unused)) continue;
        if (is_of_lesson(k->lesson, &file)) continue;
        if (!record_kept_file(file.sha256, path, sizeof path) || is_packed(k, file.sha256))
            continue;
        done = pack_file(k, path, file.sha256);
    }
    record_read_close(&r);
    return done;
}

/* A session in which nothing was typed is nobody's work. */
static bool has_commands(const char *path)
{
    struct record_reader r;
    enum record_kind kind;
    const char *line;
    struct problem unused;
    bool has = false;
    if (!record_read_open(&r, path, &unused)) return false;
    while (!has && (line = record_read_line(&r, &kind))) has = kind == RECORD_TEXT && *line;
    record_read_close(&r);
    return has;
}

static bool pack_recordings(struct packing *k)
{
    struct dirent **list;
    char folder[GRADE_PATH], path[GRADE_PATH * 2];
    if (!own_state(folder, sizeof folder, "sessions/.")) return true;
    int count = scandir(folder, &list, NULL, alphasort);
    bool done = true;
    for (int i = count; i-- > 0;) { /* the newest, should there be more than anybody makes */
        snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        if (done && k->recordings < RECORDINGS_MAX && is_plain(list[i]->d_name) &&
            is_recording_of(path, k->lesson) && has_commands(path)) {
            done = pack_file(k, path, list[i]->d_name) && pack_files_of(k, path);
            k->recordings++;
        }
        free(list[i]);
    }
    if (count >= 0) free(list);
    return done;
}

static bool pack_programs(struct packing *k)
{
    char name[300], path[GRADE_PATH];
    for (unsigned i = 0; i < k->lesson->exercise_count; i++) {
        snprintf(name, sizeof name, "work/%.100s/%.100s", lesson_name(k->lesson),
                 k->lesson->exercise[i]);
        if (!own_state(path, sizeof path, name) || access(path, R_OK) != 0) continue;
        if (!is_plain(k->lesson->exercise[i])) continue;
        snprintf(name, sizeof name, "%.100s" HAND_IN_BETWEEN "%.90s", lesson_name(k->lesson),
                 k->lesson->exercise[i]);
        if (!pack_file(k, path, name)) return false;
        k->programs++;
    }
    return true;
}

bool hand_in_pack(FILE *out, const struct grade_options *o, struct problem *p)
{
    fputs(magic, out);
    if (o->variant) fprintf(out, "#: variant %s\n", o->variant);
    struct packing *k = calloc(1, sizeof *k);
    bool packed = k != NULL;
    if (k) *k = (struct packing){ .out = out, .p = p };
    for (unsigned i = 0; packed && i < o->lesson_count; i++) {
        struct lesson *lesson = lesson_load(o->lesson[i].folder, p);
        if (!lesson) {
            packed = false;
            break;
        }
        if (!is_plain(lesson_name(lesson))) {
            packed =
                problem_set(p, "its folder's name wants letters, digits, `.`, `_` and `-` only",
                            "what was done in %.100s cannot be handed in", lesson_name(lesson));
            lesson_free(lesson);
            break;
        }
        k->lesson = lesson;
        k->recordings = k->programs = 0;
        packed = pack_recordings(k) && pack_programs(k);
        if (packed)
            printf("  %-28s %u recording%s, %u program%s\n", lesson_name(lesson), k->recordings,
                   k->recordings == 1 ? "" : "s", k->programs, k->programs == 1 ? "" : "s");
        lesson_free(lesson);
    }
    if (packed && !k->parts)
        packed = problem_set(p, "`faultline lesson N` at a terminal records what is done there",
                             "there is nothing of that to hand in");
    if (packed && ftello(out) > PIECE_SIZE_MAX)
        packed = problem_set(p, "hand in fewer lessons at a time", "that is more than 64 MiB");
    free(k);
    return packed;
}

/* ---- Unpacking ---- */

bool hand_in_is(const char *path)
{
    char head[sizeof magic] = "";
    FILE *in = fopen(path, "r");
    bool is_one =
        in && fread(head, 1, sizeof magic - 1, in) == sizeof magic - 1 && strcmp(head, magic) == 0;
    if (in) fclose(in);
    return is_one;
}

static bool copy_bytes(FILE *in, FILE *out, long long size)
{
    char buffer[4096];
    while (size > 0) {
        size_t want = size < (long long)sizeof buffer ? (size_t)size : sizeof buffer;
        size_t n = fread(buffer, 1, want, in);
        if (!n || fwrite(buffer, 1, n, out) != n) return false;
        size -= (long long)n;
    }
    return fgetc(in) == '\n';
}

static bool damaged(struct problem *p, const char *path)
{
    return problem_set(p, "`faultline hand-in` makes it anew", "%.200s is damaged",
                       path_name(path));
}

static bool unpack_part(FILE *in, const char *line, const char *folder, const char *path,
                        struct problem *p)
{
    char name[PART_NAME + 1], file[GRADE_PATH];
    long long size;
    if (sscanf(line, "#@ %200s %lld", name, &size) != 2 || !is_plain(name) || size < 0 ||
        size > PIECE_SIZE_MAX)
        return damaged(p, path);
    snprintf(file, sizeof file, "%s/%s", folder, name);
    FILE *out = fopen(file, "wx");
    if (!out) return damaged(p, path);
    bool whole = copy_bytes(in, out, size);
    return (fclose(out) == 0 && whole) || damaged(p, path);
}

bool hand_in_unpack(const char *path, char folder[HAND_IN_FOLDER], struct problem *p)
{
    char line[LINE];
    unsigned parts = 0;
    bool whole = true;
    FILE *in = fopen(path, "r");
    if (!in) return problem_set(p, "", "%.200s: %s", path, strerror(errno));
    const char *place = getenv("TMPDIR");
    snprintf(folder, HAND_IN_FOLDER, "%.60s/hand-in-XXXXXX", place && *place ? place : "/tmp");
    if (!mkdtemp(folder)) {
        folder[0] = '\0';
        fclose(in);
        return problem_set(p, "", "no room to unpack it: %s", strerror(errno));
    }
    while (whole && fgets(line, sizeof line, in)) {
        if (strncmp(line, part_mark, strlen(part_mark)) != 0) continue;
        whole = ++parts <= PARTS_MAX ? unpack_part(in, line, folder, path, p) : damaged(p, path);
    }
    fclose(in);
    return whole;
}

void hand_in_remove(const char *folder)
{
    struct dirent **list;
    char path[GRADE_PATH];
    int count = scandir(folder, &list, NULL, NULL);
    for (int i = 0; i < count; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        bool is_self = strcmp(list[i]->d_name, ".") == 0 || strcmp(list[i]->d_name, "..") == 0;
        if (!is_self && n > 0 && (size_t)n < sizeof path && unlink(path) != 0) hand_in_remove(path);
        free(list[i]);
    }
    if (count >= 0) free(list);
    rmdir(folder);
}
