/* SPDX-License-Identifier: BSD-2-Clause */
/* Playing scripts in lessons. */
#include "lessons/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 64 << 20, NAMES = 128, NAME_MAX_LENGTH = 256, MAX_STEPS = 20000000 };

void squeeze(char *text)
{
    char *to = text;
    bool blank = false;
    for (const char *from = text; *from; from++) {
        bool is_blank = isspace((unsigned char)*from);
        if (!is_blank || !blank) *to++ = is_blank ? ' ' : *from;
        blank = is_blank;
    }
    *to = '\0';
}

/* The lesson's files lie where main.c looks for them, too. */
static void start(struct shell *sh, struct lesson_run *run, const char *folder, const char *variant)
{
    struct problem p = { .text = "" };
    *run = (struct lesson_run){ .lesson = lesson_load(folder, &p) };
    if (!run->lesson) fail_msg("%s", p.text);
    lesson_draw(run->lesson, variant);
    sh->session = session_open(&kernel_config_default, MEMORY, &p);
    if (!sh->session || !session_boot_prompt(sh->session, &p)) fail_msg("%s", p.text);
    session_limit(sh->session, MAX_STEPS);
    if (!lesson_open(sh, run, &p)) fail_msg("%s: %s", folder, p.text);
}

struct play play_script(const char *folder, const char *script, const char *variant)
{
    struct play play = { 0 };
    struct lesson_run run;
    struct problem p;
    char path[1024];
    size_t size;
    FILE *out = open_memstream(&play.said, &size);
    struct shell sh = { .out = out, .err = out, .width = 80, .top = "" };
    start(&sh, &run, folder, variant);
    snprintf(path, sizeof path, "%s/%s", folder, script);
    play.outcome = script_file(&sh, path, &p);
    play.done = run.done;
    unsigned open = lesson_open_goal(&run);
    if (open < run.lesson->item_count)
        snprintf(play.goal, sizeof play.goal, "%s", run.lesson->item[open].id);
    play.hash = arena_hash(session_world_at(sh.session));
    session_close(sh.session);
    lesson_free(run.lesson);
    fclose(out);
    squeeze(play.said);
    return play;
}

void play_free(struct play *p)
{
    free(p->said);
    p->said = NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

void play_each(const char *directory, const char *ending,
               void (*each)(void *context, const char *name), void *context)
{
    char name[NAMES][NAME_MAX_LENGTH];
    size_t count = 0;
    const struct dirent *entry;
    DIR *d = opendir(directory);
    while (d && count < NAMES && (entry = readdir(d))) {
        size_t n = strlen(entry->d_name), end = strlen(ending);
        if (entry->d_name[0] == '.' || n < end || strcmp(entry->d_name + n - end, ending) != 0)
            continue;
        snprintf(name[count++], NAME_MAX_LENGTH, "%s", entry->d_name);
    }
    if (d) closedir(d);
    qsort(name, count, NAME_MAX_LENGTH, by_name);
    for (size_t i = 0; i < count; i++) each(context, name[i]);
}
