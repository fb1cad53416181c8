/* SPDX-License-Identifier: BSD-2-Clause */
/* `lesson N --again`: what was typed in the last session of a lesson is typed once more, so that who was
 * interrupted goes on where it was. The recording is played apart, a line ahead: so it is known which
 * line Ctrl-C ended, before that line runs for ever here; that it was left out is told. Nothing is copied: the new session's recording holds
 * all lines again, and every one can be undone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/front.h"
#include "lesson/progress.h"
#include "shell/recording.h"
#include "world/path.h"

struct playback *again_open(const struct options *o, const char *folder, struct problem *p)
{
    char path[1024];
    const struct playback_options options = { .lesson = folder };
    if (!record_newest_of(path_name(folder), path, sizeof path)) {
        problem_set(p, "without --again the lesson begins at its first page",
                    "no session of this lesson was recorded");
        return NULL;
    }
    struct playback *b = playback_open(path, &options, p);
    if (!b || strcmp(b->head.variant, o->variant ? o->variant : "") == 0) return b;
    problem_set(p, *b->head.variant ? "`--variant` and that name" : "without `--variant`",
                "the last session of this lesson had other numbers: variant `%.60s`",
                b->head.variant);
    playback_close(b);
    return NULL;
}

/* Editing and leaving are not done again: the student's file is as it was left. */
static bool is_to_do(const char *line)
{
    static const char *const not [] = { "edit", "quit", "exit", "lesson", "screen" };
    line += strspn(line, " \t");
    size_t length = strcspn(line, " \t\n");
    for (size_t i = 0; i < sizeof not / sizeof not [0]; i++)
        if (length == strlen(not [i]) && strncmp(line, not [i], length) == 0) return false;
    return *line != '\0';
}

/* The next line, if it came to its end by itself; the caller frees it. */
static char *next_line(struct shell *sh, struct playback *b)
{
    const char *text = playback_peek(b);
    char *line = text ? strdup(text) : NULL;
    if (line && playback_next(b)) {
        if (!b->expected.lines) return line;
        snprintf(sh->news, sizeof sh->news, "`%.60s` is not done again: Ctrl-C had ended it.",
                 line);
    }
    free(line);
    return NULL;
}

unsigned again_do(struct shell *sh, struct playback *b)
{
    FILE *nowhere = fopen("/dev/null", "w"), *out = sh->out, *err = sh->err;
    bool typed = sh->typed;
    unsigned done = 0;
    char *line;
    if (!nowhere) return 0;
    sh->out = sh->err = nowhere;
    sh->typed = b->head.typed; /* a question holds again what it held, and reset asks */
    while ((line = next_line(sh, b))) {
        if (is_to_do(line)) {
            shell_line(sh, line);
            done++;
        }
        free(line);
    }
    sh->typed = typed;
    sh->out = out;
    sh->err = err;
    fclose(nowhere);
    if (done && !sh->news[0])
        snprintf(sh->news, sizeof sh->news,
                 "%u line%s of the last session done again; `undo` takes back one at a time.", done,
                 done == 1 ? "" : "s");
    return done;
}

bool lesson_is_begun(const struct lesson *lesson)
{
    char path[1024];
    struct problem p;
    struct facts *progress = progress_new();
    unsigned all = 0, reached = 0;
    if (progress_path(path, sizeof path, &p) && progress_read(progress, path, true, &p))
        reached = progress_goals(progress, lesson, &all);
    progress_free(progress);
    return reached > 0 && reached < all;
}
