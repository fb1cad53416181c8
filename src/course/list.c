/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline lesson`: what lessons there are and how far somebody has come; `lesson next`; progress out
 * to a file and in from one. */
#include "course/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lesson/progress.h"
#include "world/path.h"

enum { PATH_SIZE = 1024, TITLE_COLUMNS = 44 };

struct list {
    const struct facts *progress;
    const char *language;
    bool plain;
    FILE *out;
    unsigned lessons, done;
    bool is_translated; /* one of them, into what --lang says */
    char next[512];     /* folder of the first that is not done */
};

static int columns_of(const char *text)
{
    int columns = 0;
    for (; *text; text++) columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

static void say_lesson(const struct list *list, const struct lesson *l, unsigned reached,
                       unsigned all)
{
    char minutes[16] = "", state[48] = "";
    if (l->minutes) snprintf(minutes, sizeof minutes, "%u min", l->minutes);
    if (reached) snprintf(state, sizeof state, "%u of %u goals", reached, all);
    if (all && reached == all) snprintf(state, sizeof state, "done");
    if (l->needs_compiler && !*state) snprintf(state, sizeof state, "with a C compiler");
    if (list->plain) {
        fprintf(list->out, "Lesson %u: %s%s%s%s%s\n", l->number, l->title, *minutes ? ", " : "",
                minutes, *state ? ", " : "", state);
        return;
    }
    int pad = TITLE_COLUMNS - columns_of(l->title);
    fprintf(list->out, "  %2u  %s%*s %7s%s%s\n", l->number, l->title, pad > 0 ? pad : 0, "",
            minutes, *state ? "   " : "", state);
}

static void list_one(void *context, const char *folder)
{
    struct list *list = context;
    struct problem p;
    unsigned all, reached;
    struct lesson *l = lesson_load(folder, &p);
    list->lessons++;
    list->is_translated |= !lesson_lacks_language(folder, list->language);
    if (!l || !lesson_translate(l, lesson_language(list->language), &p)) {
        if (list->out) fprintf(list->out, "      %s: %s\n", path_name(folder), p.text);
        lesson_free(l);
        return;
    }
    reached = progress_goals(list->progress, l, &all);
    bool done = all && reached == all;
    list->done += done;
    if (!done && !list->next[0]) snprintf(list->next, sizeof list->next, "%s", folder);
    if (list->out) say_lesson(list, l, reached, all);
    lesson_free(l);
}

/* The user's progress; an empty one when there is none. */
static struct facts *own_progress(void)
{
    char path[PATH_SIZE];
    struct problem p;
    struct facts *progress = progress_new();
    if (progress_path(path, sizeof path, &p) && !progress_read(progress, path, true, &p))
        fprintf(stderr, "faultline: %s\n", p.text);
    return progress;
}

void course_list(const char *language, bool plain, FILE *out)
{
    struct facts *progress = own_progress();
    struct list list = { .progress = progress, .language = language, .plain = plain, .out = out };
    lessons_each(list_one, &list);
    if (list.lessons && !list.is_translated)
        fprintf(stderr, "faultline: no lesson is translated into %.20s\n", language);
    if (!list.lessons)
        fputs("  There are no lessons here: set FAULTLINE_SHARE.\n", out);
    else if (list.next[0])
        fprintf(out, "\n  %u of %u done. Next: `faultline lesson %u`.\n", list.done, list.lessons,
                (unsigned)strtoul(path_name(list.next), NULL, 10));
    else
        fputs("\n  All of them are done.\n", out);
    progress_free(progress);
}

void course_say_language(const char *folder, const char *language, bool *told)
{
    if (*told || !lesson_lacks_language(folder, language)) return;
    fprintf(stderr, "faultline: lesson %.60s is not translated into %.20s: its texts are English\n",
            path_name(folder), language);
    *told = true;
}

bool course_next(char *folder, size_t size)
{
    struct facts *progress = own_progress();
    struct list list = { .progress = progress, .language = "en" };
    lessons_each(list_one, &list);
    progress_free(progress);
    if (!list.next[0]) return false;
    snprintf(folder, size, "%s", list.next);
    return true;
}

/* Into what is there and no file, a device or a link: that is not to be replaced. */
static bool write_into(const struct facts *progress, const char *path, struct problem *p)
{
    FILE *out = fopen(path, "w");
    if (out) progress_show(progress, out);
    bool failed = !out || fflush(out) != 0;
    if (failed) problem_set(p, "", "%.150s cannot be written: %s", path, strerror(errno));
    if (out) fclose(out);
    return !failed;
}

bool course_export(const char *file, struct problem *p)
{
    struct stat about;
    struct facts *progress = own_progress();
    bool shown = strcmp(file, "-") == 0, done = true;
    if (shown)
        progress_show(progress, stdout);
    else if (lstat(file, &about) == 0 && !S_ISREG(about.st_mode))
        done = write_into(progress, file, p);
    else
        done = progress_write(progress, file, p);
    if (done && !shown)
        printf("%zu fact%s of your progress %s in %s.\n", progress->count,
               progress->count == 1 ? "" : "s", progress->count == 1 ? "is" : "are", file);
    progress_free(progress);
    return done;
}

bool course_import(const char *file, struct problem *p)
{
    char path[PATH_SIZE];
    struct facts *progress = progress_new();
    bool done = progress_path(path, sizeof path, p) && progress_read(progress, file, false, p);
    size_t taken = progress->count;
    done = done && progress_merge(progress, path, p);
    if (done)
        printf("%zu fact%s from %s; your progress has %zu now.\n", taken, taken == 1 ? "" : "s",
               file, progress->count);
    progress_free(progress);
    return done;
}
