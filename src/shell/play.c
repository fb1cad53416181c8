/* SPDX-License-Identifier: BSD-2-Clause */
/* Playing scripts in lessons, apart from whoever sits at the prompt. */
#include "shell/play.h"

#include <stdlib.h>

#define PLAY_MEMORY (UINT64_C(64) << 20)

static bool open_machine(struct play *p, struct problem *problem)
{
    struct shell *sh = &p->shell;
    sh->session = session_open(&kernel_config_default, PLAY_MEMORY, problem);
    if (!sh->session) return false;
    session_limit(sh->session, PLAY_MAX_STEPS);
    return session_boot_prompt(sh->session, problem) && lesson_open(sh, &p->run, problem);
}

bool play_begin(struct play *p, const char *folder, const char *variant, struct problem *problem)
{
    *p = (struct play){ .run = { .lesson = lesson_load(folder, problem) } };
    if (!p->run.lesson) return false;
    lesson_draw(p->run.lesson, variant);
    p->out = open_memstream(&p->said, &p->said_size);
    p->shell = (struct shell){ .out = p->out, .err = p->out, .width = 80, .top = "" };
    if (!p->out) problem_set(problem, "", "the host has no memory left");
    if (p->out && open_machine(p, problem)) return true;
    play_end(p);
    return false;
}

void play_end(struct play *p)
{
    if (p->shell.session) session_close(p->shell.session);
    if (p->out) fclose(p->out);
    lesson_free(p->run.lesson);
    free(p->said);
    *p = (struct play){ .out = NULL };
}

enum outcome play_file(struct play *p, const char *path, struct problem *problem)
{
    return script_file(&p->shell, path, problem);
}

const char *play_said(struct play *p)
{
    fflush(p->out);
    return p->said;
}
