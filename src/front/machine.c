/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine that the command line asks for, and who writes down what is done with it. */
#include <string.h>
#include <unistd.h>

#include "front/front.h"
#include "shell/recording.h"
#include "view/event_json.h"
#include "world/boot.h"
#include "world/path.h"

static void write_event(void *file, const struct session *s, size_t number, const struct event *e)
{
    event_json_write(file, session_world_at(s), s, number, e);
}

static struct session *session_boot(const struct options *o, struct problem *p)
{
    struct kernel_config kernel = o->kernel;
    struct image *image = o->image ? boot_program(o->image, o->kernel_name, &kernel, p) : NULL;
    return o->image && !image ? NULL : choice_boot(&o->choice, &kernel, image, p);
}

bool machine_open(struct shell *sh, const struct options *o, struct problem *p)
{
    *sh = (struct shell){ .out = stdout, .err = stderr, .width = 80, .top = "" };
    sh->plain = o->plain;
    sh->ascii = o->plain;
    sh->colour = !o->plain && colour_wanted(o->colour, isatty(STDOUT_FILENO));
    sh->session = session_boot(o, p);
    if (!sh->session) return false;
    session_limit(sh->session, o->max_steps);
    if (o->history) session_checkpoint_limit(sh->session, o->history << 20);
    if (o->events) session_events_tap(sh->session, write_event, o->events);
    return true;
}

/* ---- Recording ---- */

static bool at_terminal(const struct options *o)
{
    return o->converses && !o->keys && !o->dump && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

struct recorder *machine_recorder(const struct options *o, const char *subject)
{
    struct problem p;
    struct recorder *r = o->records->file;
    o->records->file = NULL;
    if (!r && !o->no_record && !o->records->failed && at_terminal(o)) {
        r = record_open_own(subject, &p);
        if (!r) front_say(&p, 0);
        o->records->failed = !r;
    }
    return r ? r : record_open_memory();
}

/* The program that was booted, as the command line names it. */
static void note_image(struct recorder *r, const char *name, char noted[RECORD_NAME_SIZE])
{
    char path[1024];
    boot_find(name, path, sizeof path);
    if (strlen(name) >= RECORD_NAME_SIZE) name = path_name(name);
    snprintf(noted, RECORD_NAME_SIZE, "%s", name);
    record_note_file(r, noted, path);
}

void machine_record(struct shell *sh, const struct options *o, const char *lesson)
{
    struct record_head head = { .max_steps = o->max_steps };
    if (!sh->recorder) return;
    head.typed = o->converses && (o->keys || isatty(STDIN_FILENO));
    snprintf(head.lesson, sizeof head.lesson, "%s", lesson);
    const char *slash = o->operand && !*lesson ? strrchr(o->operand, '/') : NULL;
    if (slash)
        snprintf(head.folder, sizeof head.folder, "%.*s", (int)(slash - o->operand), o->operand);
    if (o->image) note_image(sh->recorder, o->image, head.image);
    if (o->variant) snprintf(head.variant, sizeof head.variant, "%s", o->variant);
    recording_begin(sh, sh->recorder, &head);
}

void machine_close(struct shell *sh, const struct options *o)
{
    recording_end(sh, at_terminal(o));
    session_close(sh->session);
}
