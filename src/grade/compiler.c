/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiling a stranger's C file: bounded in processor time, memory and size; what its first error is. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade/inside.h"
#include "world/path.h"

enum { COMPILER_SECONDS = 10, LOG_MAX = 1 << 16 };

#define COMPILER_MEMORY ((rlim_t)2 << 30)

void limit_set(int what, unsigned long long most)
{
    struct rlimit l;
    if (getrlimit((__rlimit_resource_t)what, &l) != 0) return;
    if (l.rlim_max == RLIM_INFINITY || most < l.rlim_max) l.rlim_cur = l.rlim_max = (rlim_t)most;
    setrlimit((__rlimit_resource_t)what, &l);
}

bool source_copy(const char *from, const char *to)
{
    char buffer[4096];
    size_t n;
    FILE *in = fopen(from, "r"), *out = in ? fopen(to, "w") : NULL;
    bool copied = out != NULL;
    while (copied && (n = fread(buffer, 1, sizeof buffer, in)) > 0)
        copied = fwrite(buffer, 1, n, out) == n;
    if (in) fclose(in);
    return (!out || fclose(out) == 0) && copied;
}

static double children_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* The line of the student's own file with the first error in it; 0: none. Fills what is wrong. */
static unsigned find_error(const char *text, const char *source, char *what, size_t size)
{
    unsigned line;
    size_t name = strlen(source);
    for (const char *at = text; (at = strstr(at, source)); at += name) {
        const char *error = strstr(at, "error: ");
        size_t length = strcspn(at, "\n");
        if (at[name] != ':' || !error || error > at + length) continue;
        if (sscanf(at + name, ":%9u", &line) != 1) continue;
        snprintf(what, size, "%.*s", (int)(at + length - error - 7), error + 7);
        return line;
    }
    return 0;
}

static unsigned first_error(const char *log, const char *source, char *what, size_t size)
{
    char *text = malloc(LOG_MAX);
    FILE *in = fopen(log, "r");
    unsigned line = 0;
    if (in && text) {
        text[fread(text, 1, LOG_MAX - 1, in)] = '\0';
        line = find_error(text, source, what, size);
    }
    if (in) fclose(in);
    free(text);
    return line;
}

static bool tell(const char *log, const char *source, bool confined, double seconds,
                 struct problem *p)
{
    char what[200];
    const char *name = path_name(source);
    if (seconds >= COMPILER_SECONDS - 1)
        return problem_set(p, "", "%.60s: compiling it took more than %d seconds", name,
                           COMPILER_SECONDS);
    unsigned line = first_error(log, source, what, sizeof what);
    if (!line) return problem_set(p, "`faultline cc` says why", "%.60s does not compile", name);
    /* An error may quote a file that was included. */
    return confined ? problem_set(p, "", "%.60s:%u: %.180s", name, line, what)
                    : problem_set(p, "`faultline cc` says why", "%.60s:%u: it does not compile",
                                  name, line);
}

_Noreturn static void compile_here(const struct exercise *x, const char *source, const char *log,
                                   bool *is_missing)
{
    struct problem why;
    int file = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file >= 0) dup2(file, STDERR_FILENO);
    limit_set(RLIMIT_CPU, COMPILER_SECONDS);
    if (!SANITIZED_BUILD) limit_set(RLIMIT_AS, COMPILER_MEMORY);
    bool compiled = exercise_compile(x, source, x->elf, &why);
    *is_missing = !compiled && strstr(why.text, "is not compiled");
    _exit(compiled ? 0 : 1);
}

bool compile_bounded(const struct exercise *x, const char *source, bool confined, struct problem *p)
{
    char log[EXERCISE_PATH + 8];
    int status = 1;
    double before = children_seconds();
    bool *is_missing =
        mmap(NULL, sizeof *is_missing, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (is_missing == MAP_FAILED) return problem_set(p, "", "the host has no memory left");
    snprintf(log, sizeof log, "%s.log", x->elf);
    pid_t child = fork();
    if (child == 0) compile_here(x, source, log, is_missing);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    bool compiled = child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0,
         missing = *is_missing;
    munmap(is_missing, sizeof *is_missing);
    if (missing)
        return problem_set(p, "install gcc, or name one: CC=clang",
                           "%.60s was not compiled: no compiler is here", path_name(source));
    return compiled || tell(log, source, confined, children_seconds() - before, p);
}
