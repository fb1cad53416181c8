/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that keep a machine in a file and take one out of it; and where two recordings part. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/commands.h"
#include "shell/recording.h"
#include "world/path.h"
#include "world/save.h"

enum { PATH_SIZE = 2048, RESTORES_MAX = 4 };

/* ---- save ---- */

/* save FILE [with history] */
enum outcome verb_save(struct shell *sh, struct args *a)
{
    const char *word;
    char path[PATH_SIZE];
    if (!arg_text(a, "a file", &word)) return OUTCOME_FAILED;
    word_unquote(word, path, sizeof path);
    bool history = arg_key(a, "with");
    if (history && !arg_key(a, "history")) {
        problem_set(&a->problem, "save machine.fls with history", "with what?");
        return OUTCOME_FAILED;
    }
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (!history && session_phase(sh->session, NULL, NULL)) {
        problem_set(&a->problem, "`next` ends it; or: save FILE with history",
                    "a machine is not saved in the middle of a kernel entry");
        return OUTCOME_FAILED;
    }
    if (shell_leaves_files_alone(sh)) return OUTCOME_DONE;
    if (!sh->recorder) {
        problem_set(&a->problem, "", "nobody has written down how this machine came to be");
        return OUTCOME_FAILED;
    }
    if (!save_write(path, sh->recorder, history, &a->problem)) return OUTCOME_FAILED;
    if (!sh->silent) shell_say(sh, "  saved%s: %s", history ? " with its history" : "", path);
    return OUTCOME_DONE;
}

/* ---- restore ---- */

/* What is here is lost to it: a person is asked first, the same file again is a yes. */
static bool is_wanted(struct shell *sh, const char *name)
{
    char question[sizeof sh->question];
    bool has_past = session_undo_line(sh->session, 0), has_more = session_is_past(sh->session);
    if (!sh->typed || (!has_past && !has_more)) return true;
    snprintf(question, sizeof question, "restore %s", name);
    if (shell_has_asked(sh, question)) return true;
    shell_say(sh, "  This machine is left, and cannot be gone back to. Type it again to do it.");
    return false;
}

/* The same numbers were drawn: it is the same student's. */
static bool is_same_variant(const struct lesson *a, const struct lesson *b)
{
    bool same = a->vary_count == b->vary_count;
    for (unsigned i = 0; same && i < a->vary_count; i++)
        same =
            strcmp(a->vary[i].name, b->vary[i].name) == 0 && a->vary[i].value == b->vary[i].value;
    return same;
}

static bool fits_here(const struct shell *sh, const struct playback *b, struct problem *p)
{
    const struct lesson *here = sh->lesson ? sh->lesson->lesson : NULL, *there = b->run.lesson;
    if (!here && !there) return true;
    if (!here)
        return problem_set(p, "begin with `faultline lesson N`", "it was saved in the lesson %.60s",
                           b->head.lesson);
    if (!there || strcmp(here->folder, there->folder) != 0)
        return problem_set(p, "restore it at the prompt of the lesson it is from",
                           "it was saved in %.60s, not in this lesson",
                           *b->head.lesson ? b->head.lesson : "no lesson");
    return is_same_variant(here, there) ||
           problem_set(p, "--variant says which",
                       "it was saved with another variant of the lesson");
}

/* The machine of the playback becomes the shell's, and the other way round. */
static void exchange(struct shell *sh, struct playback *b, bool has_history)
{
    struct session *old = sh->session;
    sh->session = b->shell.session;
    b->shell.session = old;
    session_hand_over(old, sh->session);
    if (!has_history) session_start(sh->session);
    sh->start = b->shell.start;
    sh->begun = false;
    pending_take_over(sh, &b->shell, has_history);
    if (!sh->lesson) return;
    struct lesson_run run = *sh->lesson;
    *sh->lesson = b->run;
    sh->lesson->is_kept = run.is_kept; /* whose progress it is does not change */
    sh->lesson->trouble = run.trouble;
    sh->lesson->unsaved = run.is_kept;
    b->run = run;
    sh->folder = sh->lesson->lesson->folder;
}

static bool play_saved(struct shell *sh, struct playback *b, bool has_history, struct problem *p)
{
    switch (playback_run(b)) {
    case PLAYBACK_INTERRUPTED: return problem_set(p, "", "interrupted: this machine stays");
    case PLAYBACK_LIMIT: return problem_set(p, "", "the limit on steps does not allow it");
    case PLAYBACK_DIFFERS:
    case PLAYBACK_BROKEN:
        return problem_set(p,
                           strcmp(b->head.version, FAULTLINE_VERSION) == 0
                               ? "was the file edited?"
                               : "another version of Faultline saved it",
                           "it does not lead to the machine that was saved: line %zu: %.120s",
                           b->line, b->problem.text);
    case PLAYBACK_AGREES: break;
    }
    if (!fits_here(sh, b, p)) return false;
    exchange(sh, b, has_history);
    return true;
}

static bool restore(struct shell *sh, const char *path, struct saved *s, struct problem *p)
{
    char folder[PATH_SIZE];
    bool done = false;
    if (sh->restores == RESTORES_MAX)
        return problem_set(p, "", "saved machines are nested more than %d deep", RESTORES_MAX);
    if (!save_unpack(s, folder, sizeof folder, p)) return false;
    const struct playback_options options = {
        .files = folder,
        .confined = true,
        .lesson = sh->lesson ? sh->lesson->lesson->folder : NULL,
        .max_steps = session_limit_left(sh->session),
        .interrupt = sh->host.interrupt,
        .restores = sh->restores + 1,
    };
    struct playback *b = playback_open_bytes(path, s->recording, s->recording_size, &options, p);
    if (b) done = play_saved(sh, b, s->has_history, p);
    playback_close(b);
    save_remove(s, folder);
    return done;
}

enum outcome verb_restore(struct shell *sh, struct args *a)
{
    const char *word;
    char name[PATH_SIZE / 2], path[PATH_SIZE];
    struct saved s;
    if (!arg_text(a, "a file", &word) || !arg_end(a)) return OUTCOME_FAILED;
    word_unquote(word, name, sizeof name);
    if (!is_wanted(sh, name)) return OUTCOME_DONE;
    if (!shell_read_file(sh, name, path, sizeof path, &a->problem) ||
        !save_read(path, &s, &a->problem))
        return OUTCOME_FAILED;
    bool done = restore(sh, path, &s, &a->problem);
    save_close(&s);
    if (!done) return OUTCOME_FAILED;
    sh->from = session_event_count(sh->session);
    if (!sh->silent) {
        char place[RECORD_NAME_SIZE], at[48];
        shell_place(sh, place, sizeof place);
        view_position(session_position(sh->session), at, sizeof at);
        shell_say(sh, "  %s: %s", at, place);
    }
    return OUTCOME_DONE;
}

/* ---- compare ---- */

/* A recording read for comparing: its commands that changed something, with the state after each. */
struct compared {
    struct record_reader reader;
    struct record_state before, after;
    char text[128];
    bool has_ended;
};

static bool compared_open(struct compared *r, const char *path, struct problem *p)
{
    struct record_head head;
    struct problem why;
    *r = (struct compared){ .has_ended = false };
    if (!record_read_open(&r->reader, path, p)) return false;
    if (record_read_head(&r->reader, &head, &why)) return true;
    record_read_close(&r->reader);
    return problem_set(p, why.tip, "%.100s: %.120s", path, why.text);
}

/* Goes on to the next state that is another one; its command in `text`. */
static bool compared_next(struct compared *r, struct problem *p)
{
    enum record_kind kind;
    const char *line;
    struct record_state state;
    r->before = r->after;
    r->text[0] = '\0';
    while ((line = record_read_line(&r->reader, &kind))) {
        if (record_line_is_cut(&r->reader)) break;
        if (kind == RECORD_TEXT && *line) snprintf(r->text, sizeof r->text, "%.100s", line);
        if (kind != RECORD_STATE) continue;
        if (!record_read_state(line, &state, p)) return false;
        if (state.is_same) continue;
        r->after = state;
        return true;
    }
    r->has_ended = true;
    return true;
}

static bool is_same_state(const struct compared *a, const struct compared *b)
{
    return a->has_ended == b->has_ended && a->after.position.step == b->after.position.step &&
           a->after.position.phase == b->after.position.phase &&
           state_hash_is_same(&a->after.hash, &b->after.hash);
}

static void tell_compared(FILE *out, const char *path, const struct compared *r)
{
    char at[48];
    view_position(r->after.position, at, sizeof at);
    fprintf(out, "  %-28.28s ", path_name(path));
    if (r->has_ended)
        fputs("ends there\n", out);
    else
        fprintf(out, "%.36s  %s, %.40s\n", *r->text ? r->text : "(before the first line)", at,
                r->after.place);
}

static void tell_parting(FILE *out, const char *const path[2], const struct compared r[2])
{
    char at[48];
    const char *before = "  It differs in: ";
    if (r[0].has_ended && r[1].has_ended) {
        fputs("  They agree from beginning to end.\n", out);
        return;
    }
    view_position(r[0].before.position, at, sizeof at);
    fprintf(out, "  They part at %s. What comes then:\n", at);
    for (unsigned i = 0; i < 2; i++) tell_compared(out, path[i], &r[i]);
    if (r[0].has_ended || r[1].has_ended) return;
    for (unsigned i = 0; i < STATE_PARTS; i++) {
        if (r[0].after.hash.part[i] == r[1].after.hash.part[i]) continue;
        fprintf(out, "%s%s", before, state_part_name((enum state_part)i));
        before = ", ";
    }
    fputc('\n', out);
}

bool compare_recordings(struct shell *sh, const char *one, const char *other, struct problem *p)
{
    struct compared r[2];
    const char *const path[2] = { one, other };
    bool ok = false;
    if (!compared_open(&r[0], one, p)) return false;
    if (compared_open(&r[1], other, p)) {
        do ok = compared_next(&r[0], p) && compared_next(&r[1], p);
        while (ok && is_same_state(&r[0], &r[1]) && !r[0].has_ended);
        record_read_close(&r[1].reader);
    }
    if (ok) tell_parting(sh->out, path, r);
    record_read_close(&r[0].reader);
    return ok;
}
