/* SPDX-License-Identifier: BSD-2-Clause */
/* Progress as a file: one fact a line, `goal 01-first-fault stopped - 1763638500`. Written to
 * progress.new, synced, and renamed over the old one, while progress.lock is held. */
#include "lesson/progress.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "world/own.h"
#include "world/path.h"

enum { PATH_SIZE = 1100, FILE_MAX = 1 << 20, LINE_MAX_LENGTH = 512, PATIENCE = 1000 /* x 10 ms */ };

static const char head[] = "# Faultline progress 1";
static const char *const kind_word[FACT_KINDS] = { "goal", "answer", "hint", "solution" };

bool progress_path(char *path, size_t size, struct problem *problem)
{
    return own_state(path, size, "progress") ||
           problem_set(problem, "XDG_STATE_HOME names the folder for it",
                       "there is no place for your progress: %s", strerror(errno));
}

/* ---- Reading ---- */

static bool is_fact(const char *line, struct fact *f)
{
    char kind[16];
    int end = 0;
    if (sscanf(line, "%15s %47s %47s %47s %lld %n", kind, f->lesson, f->id, f->value, &f->time,
               &end) != 5 ||
        line[end])
        return false;
    for (unsigned i = 0; i < FACT_KINDS; i++) {
        f->kind = (enum fact_kind)i;
        if (strcmp(kind, kind_word[i]) == 0) return true;
    }
    return false;
}

static bool has_line(const char *text, const char *line)
{
    size_t n = strlen(line);
    for (; text && *text; text = strchr(text, '\n') + 1)
        if (strcspn(text, "\n") == n && strncmp(text, line, n) == 0) return true;
    return false;
}

/* Lines that mean nothing here are kept, once each. */
static void keep_unknown(struct facts *p, const char *line)
{
    size_t n = p->unknown ? strlen(p->unknown) : 0, m = strlen(line);
    if (has_line(p->unknown, line)) return;
    if (n + m > FILE_MAX / 2) return;
    char *more = realloc(p->unknown, n + m + 2);
    if (!more) abort();
    p->unknown = more;
    snprintf(more + n, m + 2, "%s\n", line);
}

static void read_line(struct facts *p, char *line)
{
    struct fact fact;
    size_t n = strlen(line);
    while (n > 0 && isspace((unsigned char)line[n - 1])) line[--n] = '\0';
    if (n == 0 || *line == '#') return;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < ' ') return; /* no text of ours */
    if (is_fact(line, &fact))
        progress_add(p, &fact);
    else
        keep_unknown(p, line);
}

/* A file that is somebody's progress begins with our head. */
static bool read_stream(struct facts *p, FILE *file, const char *path, struct problem *problem)
{
    char line[LINE_MAX_LENGTH];
    struct stat about;
    if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > FILE_MAX)
        return problem_set(problem, "a file that `faultline lesson export` wrote",
                           "%.150s is no file of progress", path);
    if (about.st_size == 0) return true;
    if (!fgets(line, sizeof line, file) || strncmp(line, head, sizeof head - 3) != 0)
        return problem_set(problem, "its first line is `# Faultline progress 1`",
                           "%.150s is no file of progress", path);
    while (fgets(line, sizeof line, file)) read_line(p, line);
    return !ferror(file) || problem_set(problem, "", "%.150s: %s", path, strerror(errno));
}

bool progress_read(struct facts *p, const char *path, bool may_be_missing, struct problem *problem)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (!file) {
        if (fd < 0 && errno == ENOENT && may_be_missing) return true;
        return problem_set(problem, "", "%.150s: %s", path, strerror(errno));
    }
    bool ok = read_stream(p, file, path, problem);
    fclose(file);
    return ok;
}

/* ---- Writing ---- */

void progress_show(const struct facts *p, FILE *file)
{
    fprintf(file, "%s\n", head);
    for (size_t i = 0; i < p->count; i++) {
        const struct fact *f = &p->fact[i];
        fprintf(file, "%s %s %s %s %lld\n", kind_word[f->kind], f->lesson, f->id, f->value,
                f->time);
    }
    if (p->unknown) fputs(p->unknown, file);
}

/* Puts what was written in the place of the old file, and both on the disk. */
static bool put_in_place(const char *new, const char *path)
{
    if (rename(new, path) != 0) return false;
    path_sync(path);
    return true;
}

bool progress_write(const struct facts *p, const char *path, struct problem *problem)
{
    char new[PATH_SIZE];
    snprintf(new, sizeof new, "%s.new", path);
    int fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool ok = file != NULL;
    int error = errno;
    if (file) {
        progress_show(p, file);
        ok = fflush(file) == 0 && fsync(fd) == 0;
        error = errno;
        if (fclose(file) != 0 && ok) {
            ok = false;
            error = errno;
        }
        if (ok && !put_in_place(new, path)) {
            ok = false;
            error = errno;
        }
        if (!ok) unlink(new);
    }
    return ok || problem_set(problem, "what was saved before is still there",
                             "%.150s cannot be written: %s", path, strerror(error));
}

/* Waits for another window, though not for ever. */
static int lock(const char *path, struct problem *problem)
{
    char name[PATH_SIZE];
    snprintf(name, sizeof name, "%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    for (int i = 0; fd >= 0 && i < PATIENCE; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
        if (errno != EWOULDBLOCK && errno != EINTR) break;
        nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    }
    problem_set(problem, "what was saved before is still there", "%.150s cannot be locked: %s",
                name, strerror(errno));
    if (fd >= 0) close(fd);
    return -1;
}

/* Something that is no progress lies in its place: it is put aside, never overwritten. */
static bool set_aside(const char *path, struct problem *problem)
{
    char aside[PATH_SIZE];
    snprintf(aside, sizeof aside, "%s.unreadable", path);
    if (access(aside, F_OK) == 0) return false; /* one is enough: the problem stands */
    return rename(path, aside) == 0 ||
           problem_set(problem, "", "%.150s: %s", path, strerror(errno));
}

bool progress_merge(struct facts *p, const char *path, struct problem *problem)
{
    int fd = lock(path, problem);
    if (fd < 0) return false;
    bool ok = progress_read(p, path, true, problem) || set_aside(path, problem);
    ok = ok && progress_write(p, path, problem);
    close(fd);
    return ok;
}
