/* SPDX-License-Identifier: BSD-2-Clause */
/* Saved machines: lines of text that say how many bytes follow, and a checksum at the end. */
#include "world/save.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/inside.h"
#include "world/whole.h"

#define MAGIC "Faultline machine\n"

enum { SAVE_FORMAT = 1, LINE_MAX_SIZE = 512, PATH_SIZE = 1024 };

/* ---- Writing ---- */

struct saving {
    FILE *out;
    struct sha256 sum;
};

static void put(struct saving *w, const void *bytes, size_t size)
{
    fwrite(bytes, 1, size, w->out);
    sha256_add(&w->sum, bytes, size);
}

__attribute__((format(printf, 2, 3))) static void put_line(struct saving *w, const char *format,
                                                           ...)
{
    char line[LINE_MAX_SIZE];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    put(w, line, (size_t)n);
}

static void put_piece(struct saving *w, const void *bytes, size_t size)
{
    put(w, bytes, size);
    put(w, "\n", 1);
}

static void write_all(FILE *out, const struct recorder *r, bool with_history)
{
    struct saving w = { .out = out };
    uint8_t digest[SHA256_BYTES];
    char sum[SHA256_TEXT];
    const struct record_bytes *files;
    size_t size, count = record_files(r, &files);
    const char *text = record_text(r, &size);
    sha256_begin(&w.sum);
    put(&w, MAGIC, strlen(MAGIC));
    put_line(&w, "format %d\nversion %s\nhistory %s\n", SAVE_FORMAT, FAULTLINE_VERSION,
             with_history ? "yes" : "no");
    put_line(&w, "recording %zu\n", size);
    put_piece(&w, text, size);
    for (size_t i = 0; i < count; i++) {
        put_line(&w, "file %s %zu\n", files[i].sha256, files[i].size);
        put_piece(&w, files[i].bytes, files[i].size);
    }
    sha256_end(&w.sum, digest);
    sha256_text(digest, sum);
    fprintf(out, "end %s\n", sum);
}

static bool has_all(const struct recorder *r, struct problem *p)
{
    const struct record_bytes *files;
    size_t size, count = record_files(r, &files);
    bool kept = record_text(r, &size);
    for (size_t i = 0; i < count; i++) kept &= files[i].bytes != NULL;
    return kept || problem_set(p, "files up to 64 MiB can be part of it",
                               "too much was loaded for a saved machine");
}

/* A file that is somebody's and no saved machine is not written over. */
static bool may_replace(const char *path, struct problem *p)
{
    char magic[sizeof MAGIC] = "";
    struct stat about;
    if (stat(path, &about) != 0) return true;
    FILE *in = S_ISREG(about.st_mode) ? fopen(path, "rb") : NULL;
    if (in && fread(magic, 1, sizeof magic - 1, in) == 0) magic[0] = '\0';
    if (in) fclose(in);
    return strcmp(magic, MAGIC) == 0 ||
           problem_set(p, "choose another name", "%.150s is there, and no saved machine", path);
}

static bool refuse_write(struct problem *p, const char *path)
{
    return problem_set(p, "nothing was changed there; choose another place", "%.150s: %s", path,
                       strerror(errno));
}

bool save_write(const char *path, const struct recorder *r, bool with_history, struct problem *p)
{
    struct whole w;
    if (!has_all(r, p) || !may_replace(path, p)) return false;
    if (!whole_begin(&w, path)) return refuse_write(p, path);
    write_all(w.out, r, with_history);
    return whole_end(&w) || refuse_write(p, path);
}

/* ---- Reading ---- */

static bool no_machine(struct problem *p, const char *why)
{
    return problem_set(p, "`save FILE` makes such files", "no machine that can be restored: %s",
                       why);
}

struct cursor {
    const uint8_t *at, *end;
};

/* The next line into `line`; false: there is none of that length. */
static bool take_line(struct cursor *c, char line[LINE_MAX_SIZE])
{
    size_t left = (size_t)(c->end - c->at);
    const uint8_t *end = memchr(c->at, '\n', left < LINE_MAX_SIZE ? left : LINE_MAX_SIZE);
    if (!end) return false;
    memcpy(line, c->at, (size_t)(end - c->at));
    line[end - c->at] = '\0';
    c->at = end + 1;
    return true;
}

/* So many bytes and a line's end behind them. */
static bool take_piece(struct cursor *c, size_t size, const uint8_t **bytes)
{
    if (size >= (size_t)(c->end - c->at) || c->at[size] != '\n') return false;
    *bytes = c->at;
    c->at += size + 1;
    return true;
}

static bool is_sum(const char *text)
{
    return strspn(text, "0123456789abcdef") >= SHA256_TEXT - 1;
}

static bool take_file(struct cursor *c, const char *line, struct saved *s)
{
    struct record_bytes *file = &s->files[s->file_count];
    const uint8_t *bytes;
    char own[SHA256_TEXT];
    size_t size;
    if (s->file_count == SAVED_FILES_MAX || !is_sum(line + 5) ||
        sscanf(line + 5 + SHA256_TEXT - 1, " %9zu", &size) != 1 || !take_piece(c, size, &bytes))
        return false;
    memcpy(file->sha256, line + 5, SHA256_TEXT - 1);
    sha256_of(bytes, size, own);
    if (strcmp(own, file->sha256) != 0) return false;
    file->bytes = (uint8_t *)(uintptr_t)bytes;
    file->size = size;
    s->file_count++;
    return true;
}

/* "end SUM", where SUM is that of all before this line. */
static bool ends_well(const struct saved *s, const struct cursor *c, const char *line)
{
    char sum[SHA256_TEXT];
    size_t before = (size_t)(c->at - s->whole) - strlen(line) - 1;
    sha256_of(s->whole, before, sum);
    return strcmp(line + 4, sum) == 0 && c->at == c->end;
}

static bool take_recording(struct cursor *c, const char *line, struct saved *s)
{
    const uint8_t *bytes;
    if (s->recording || sscanf(line, "recording %9zu", &s->recording_size) != 1 ||
        !take_piece(c, s->recording_size, &bytes))
        return false;
    s->recording = (const char *)bytes;
    return true;
}

static bool read_body(struct saved *s, struct cursor *c, struct problem *p)
{
    char line[LINE_MAX_SIZE];
    while (take_line(c, line)) {
        bool ok = true;
        if (strncmp(line, "version ", 8) == 0)
            snprintf(s->version, sizeof s->version, "%.200s", line + 8);
        else if (strncmp(line, "history ", 8) == 0)
            s->has_history = strcmp(line + 8, "yes") == 0;
        else if (strncmp(line, "recording ", 10) == 0)
            ok = take_recording(c, line, s);
        else if (strncmp(line, "file ", 5) == 0)
            ok = take_file(c, line, s);
        else if (strncmp(line, "end ", 4) == 0)
            return (ends_well(s, c, line) && s->recording) || no_machine(p, "it is damaged");
        if (!ok) return no_machine(p, "it is damaged");
    }
    return no_machine(p, "it is cut off");
}

static bool read_whole(struct saved *s, struct problem *p)
{
    struct cursor c = { s->whole, s->whole + s->size };
    char line[LINE_MAX_SIZE];
    int format;
    s->files = host_allocate(SAVED_FILES_MAX * sizeof s->files[0]);
    if (s->size < strlen(MAGIC) || memcmp(s->whole, MAGIC, strlen(MAGIC)) != 0)
        return no_machine(p, "it does not begin as one");
    c.at += strlen(MAGIC);
    if (!take_line(&c, line) || sscanf(line, "format %9d", &format) != 1)
        return no_machine(p, "its format is not told");
    if (format != SAVE_FORMAT) return no_machine(p, "a newer version saved it");
    return read_body(s, &c, p);
}

bool save_read_bytes(const void *bytes, size_t size, struct saved *s, struct problem *p)
{
    *s = (struct saved){ .size = size };
    s->whole = host_allocate(size + 1);
    memcpy(s->whole, bytes, size);
    if (read_whole(s, p)) return true;
    save_close(s);
    return false;
}

bool save_read(const char *path, struct saved *s, struct problem *p)
{
    enum { SAVED_MAX = 1 << 30 };
    struct stat about;
    *s = (struct saved){ .size = 0 };
    FILE *in = stat(path, &about) == 0 && S_ISREG(about.st_mode) ? fopen(path, "rb") : NULL;
    if (!in)
        return problem_set(p, "`save FILE` makes such files", "%.150s: %s", path, strerror(errno));
    if (about.st_size > SAVED_MAX) {
        fclose(in);
        return no_machine(p, "it is too long");
    }
    s->whole = host_allocate((size_t)about.st_size + 1);
    s->size = fread(s->whole, 1, (size_t)about.st_size, in);
    fclose(in);
    if (read_whole(s, p)) return true;
    save_close(s);
    return false;
}

void save_close(struct saved *s)
{
    free(s->files);
    free(s->whole);
    *s = (struct saved){ .whole = NULL };
}

/* ---- The files in it ---- */

static bool write_file(const char *path, const struct record_bytes *file)
{
    FILE *out = fopen(path, "wbx");
    if (!out) return errno == EEXIST; /* the same file twice */
    bool ok = fwrite(file->bytes, 1, file->size, out) == file->size;
    return fclose(out) == 0 && ok;
}

bool save_unpack(const struct saved *s, char *folder, size_t size, struct problem *p)
{
    char path[PATH_SIZE];
    const char *temporary = getenv("TMPDIR");
    if (!temporary || !*temporary) temporary = "/tmp";
    snprintf(folder, size, "%s/faultline-XXXXXX", temporary);
    if (!mkdtemp(folder))
        return problem_set(p, "TMPDIR says where", "no folder for files in %.100s: %s", temporary,
                           strerror(errno));
    for (size_t i = 0; i < s->file_count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, s->files[i].sha256);
        if (write_file(path, &s->files[i])) continue;
        problem_set(p, "TMPDIR says where", "%.150s: %s", path, strerror(errno));
        save_remove(s, folder);
        return false;
    }
    return true;
}

void save_remove(const struct saved *s, const char *folder)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < s->file_count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, s->files[i].sha256);
        unlink(path);
    }
    rmdir(folder);
}
