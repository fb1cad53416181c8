/* SPDX-License-Identifier: BSD-2-Clause */
/* Workers: a process for each submission, bounded in memory, files and time, which writes its result
 * into a pipe. Whatever becomes of it, the others are graded. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "grade/inside.h"
#include "shell/leave.h"
#include "world/path.h"

#define MEMORY_MOST (4ull << 30)

enum {
    WORKERS_MAX = 256,
    RESULT_MAX = 8 << 20,
    FILE_MOST = 32 << 20, /* bytes of a file that it writes: what a compiler makes */
    PIPE_READ = 1 << 16,
};

struct worker {
    pid_t pid; /* 0: none */
    int in;    /* its pipe */
    size_t submission;
    struct worker_place place; /* it cannot remove that itself */
    double until;              /* when its time is up */
    bool is_late;
    char *text;
    size_t size;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- In the worker's process ---- */

/* Folders of its own, for the compiler's files and as the user's state; `empty` stays so. */
static bool settle(const char *folder, char empty[80])
{
    snprintf(empty, 80, "%s/empty", folder);
    return mkdir(empty, 0700) == 0 && setenv("XDG_STATE_HOME", folder, 1) == 0 &&
           setenv("TMPDIR", folder, 1) == 0 && setenv("CCACHE_DISABLE", "1", 1) == 0;
}

static cJSON *grade_here(const struct grade_options *o, const struct submission *s)
{
    cJSON *result = cJSON_CreateObject(), *lessons = cJSON_AddArrayToObject(result, "lessons");
    double begun = now(), score = 0, max = 0;
    cJSON_AddStringToObject(result, "name", s->name);
    cJSON_AddStringToObject(result, "file", path_name(s->path));
    for (unsigned i = 0; i < o->lesson_count; i++) {
        cJSON *one = grade_one(o, s, i);
        if (!one) continue;
        double part = json_number(one, "max"), weight = o->lesson[i].weight;
        cJSON_AddNumberToObject(one, "weight", weight);
        if (part > 0) score += weight * json_number(one, "score") / part;
        max += weight;
        cJSON_AddItemToArray(lessons, one);
    }
    bool alone = o->lesson_count == 1;
    const cJSON *only = alone ? cJSON_GetArrayItem(lessons, 0) : NULL;
    cJSON_AddNumberToObject(result, "score", only ? json_number(only, "score") : score);
    cJSON_AddNumberToObject(result, "max", only ? json_number(only, "max") : max);
    cJSON_AddNumberToObject(result, "seconds", now() - begun);
    return result;
}

static void write_all(int out, const char *text, size_t size)
{
    for (ssize_t n; size > 0; text += n, size -= (size_t)n)
        if ((n = write(out, text, size)) <= 0) return;
}

/* A worker dies with who started it, for nobody would listen any more; also if that has happened by now. */
static void die_with(pid_t parent)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent) _exit(1);
}

_Noreturn static void work(const struct grade_options *o, const struct submission *s,
                           const char *folder, int out)
{
    struct grade_options here = *o;
    char empty[80];
    int nowhere = open("/dev/null", O_RDWR);
    static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
    setpgid(0, 0);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) signal(ends[i], SIG_DFL);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO); /* compilers quote what they read */
    limit_set(RLIMIT_CORE, 0);
    limit_set(RLIMIT_CPU, o->seconds + 1);
    limit_set(RLIMIT_FSIZE, FILE_MOST);
    if (!SANITIZED_BUILD) limit_set(RLIMIT_AS, MEMORY_MOST);
    bool settled = settle(folder, empty);
    here.own = empty;
    here.is_confined = settled && reach_limit(o, s, folder);
    cJSON *result = settled ? grade_here(&here, s) : NULL;
    char *text = result ? cJSON_PrintUnformatted(result) : NULL;
    if (text) write_all(out, text, strlen(text));
    _exit(text ? 0 : 1);
}

/* ---- Outside ---- */

static bool begin(struct worker *w, const struct grade_options *o, const struct submissions *s,
                  size_t i)
{
    int ends[2];
    struct worker_place place;
    if (pipe(ends) != 0) return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    fflush(NULL);
    bool placed = worker_place_make(&place);
    pid_t self = getpid(), pid = placed ? fork() : -1;
    if (pid == 0) {
        die_with(self);
        work(o, &s->list[i], place.folder, ends[1]);
    }
    if (pid > 0) setpgid(pid, pid); /* whoever of the two comes first */
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        if (placed) worker_place_remove(&place);
        return false;
    }
    *w = (struct worker){
        .pid = pid, .in = ends[0], .submission = i, .place = place, .until = now() + o->seconds
    };
    return true;
}

/* One that did not come to an end by itself. */
static cJSON *failure(const struct grade_options *o, const struct submission *s,
                      const struct worker *w, int status)
{
    cJSON *result = cJSON_CreateObject(), *lessons = cJSON_AddArrayToObject(result, "lessons");
    char problem[120];
    double max = 0;
    if (w->is_late)
        snprintf(problem, sizeof problem, "its time of %u seconds was up", o->seconds);
    else
        snprintf(problem, sizeof problem, "grading it ended badly (%s %d)",
                 WIFSIGNALED(status) ? "signal" : "status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    cJSON_AddStringToObject(result, "name", s->name);
    cJSON_AddStringToObject(result, "file", path_name(s->path));
    for (unsigned i = 0; i < o->lesson_count; i++) {
        cJSON *one = grade_none(o, i, w->is_late ? "late" : "crashed", problem);
        if (!one) continue;
        cJSON_AddNumberToObject(one, "weight", o->lesson[i].weight);
        max += o->lesson_count == 1 ? json_number(one, "max") : o->lesson[i].weight;
        cJSON_AddItemToArray(lessons, one);
    }
    cJSON_AddNumberToObject(result, "score", 0);
    cJSON_AddNumberToObject(result, "max", max);
    cJSON_AddNumberToObject(result, "seconds", o->seconds);
    return result;
}

/* Takes what it has written; false: it has ended. */
static bool take(struct worker *w)
{
    char *more = realloc(w->text, w->size + PIPE_READ + 1);
    if (!more) abort();
    w->text = more;
    ssize_t n = read(w->in, w->text + w->size, PIPE_READ);
    if (n < 0) return errno == EINTR;
    w->size += (size_t)n;
    w->text[w->size] = '\0';
    return n > 0 && w->size < RESULT_MAX;
}

/* Ends the process and whatever it has started; its status. */
static int stop(struct worker *w)
{
    int status = 0;
    kill(-w->pid, SIGKILL);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR) continue;
    close(w->in);
    worker_place_remove(&w->place);
    return status;
}

static void discard(struct worker *w)
{
    stop(w);
    free(w->text);
    w->pid = 0;
    w->text = NULL;
}

static cJSON *end(struct worker *w, const struct grade_options *o, const struct submissions *s)
{
    int status = stop(w);
    cJSON *result = !w->is_late && w->text ? cJSON_Parse(w->text) : NULL;
    if (!result || !cJSON_GetObjectItem(result, "lessons")) {
        cJSON_Delete(result);
        result = failure(o, &s->list[w->submission], w, status);
    }
    json_clean(result);
    free(w->text);
    w->pid = 0;
    w->text = NULL;
    return result;
}

/* Waits until one of them has something to say or is late. */
static void wait_for_some(struct worker *w, unsigned count, cJSON **results,
                          const struct grade_options *o, const struct submissions *s)
{
    struct pollfd fd[WORKERS_MAX];
    for (unsigned i = 0; i < count; i++)
        fd[i] = (struct pollfd){ .fd = w[i].pid ? w[i].in : -1, .events = POLLIN };
    poll(fd, count, 100);
    for (unsigned i = 0; i < count; i++) {
        if (!w[i].pid) continue;
        w[i].is_late = now() > w[i].until;
        bool goes_on = !(fd[i].revents & (POLLIN | POLLHUP | POLLERR)) || take(&w[i]);
        if (w[i].is_late || !goes_on) results[w[i].submission] = end(&w[i], o, s);
    }
}

static unsigned worker_count(const struct grade_options *o, size_t submissions)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned count = o->workers ? o->workers : processors > 0 ? (unsigned)processors : 1;
    if (count > WORKERS_MAX) count = WORKERS_MAX;
    return count < submissions ? count : (unsigned)submissions;
}

/* ---- All of them ---- */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    interrupted = number;
}

/* Ctrl-C, SIGTERM and a closed terminal end the workers, too. */
static void listen_for_the_end(void)
{
    struct sigaction action = { .sa_handler = on_interrupt }, before;
    sigaction(SIGINT, NULL, &before);
    if (before.sa_handler != SIG_IGN) sigaction(SIGINT, &action, NULL);
    leave_listen(&interrupted);
}

/* Gives submissions to workers that have none; how many are busy then. */
static unsigned begin_some(struct worker *w, unsigned count, size_t *next,
                           const struct grade_options *o, const struct submissions *s)
{
    unsigned busy = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!w[i].pid && *next < s->count && begin(&w[i], o, s, *next)) ++*next;
        busy += w[i].pid != 0;
    }
    return busy;
}

/* The results in their order; after an interruption none, and nobody is left at work. */
static cJSON *collect(struct worker *w, unsigned count, cJSON **results, size_t all)
{
    cJSON *array = cJSON_CreateArray();
    for (unsigned i = 0; i < count; i++)
        if (w[i].pid) discard(&w[i]);
    for (size_t i = 0; i < all; i++)
        if (results[i]) cJSON_AddItemToArray(array, results[i]);
    if (!interrupted) return array;
    cJSON_Delete(array);
    return NULL;
}

cJSON *grade_all(const struct grade_options *o, const struct submissions *s)
{
    static const struct worker none = { 0 };
    unsigned count = worker_count(o, s->count), busy;
    struct worker *w = calloc(count ? count : 1, sizeof *w);
    cJSON **results = calloc(s->count ? s->count : 1, sizeof *results);
    size_t next = 0;
    if (!w || !results) abort();
    listen_for_the_end();
    worker_places_sweep();
    do {
        busy = begin_some(w, count, &next, o, s);
        if (!busy && next < s->count) results[next] = failure(o, &s->list[next], &none, 0), next++;
        if (busy) wait_for_some(w, count, results, o, s);
    } while (!interrupted && (busy || next < s->count));
    cJSON *all = collect(w, count, results, s->count);
    free(results);
    free(w);
    return all;
}
