/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording done again: the machine of its head, then line by line, each state compared with the one
 * that was written down. It stops at the first that differs. Files: playback_files.c. */
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"
#include "shell/recording.h"
#include "world/image.h"
#include "world/kernels.h"
#include "world/path.h"

enum { MEMORY_LEAST = 16, CONFINED_MOST = 1024, MEMORY_MOST = 4096 }; /* MiB */

typedef unsigned long long number;

static bool stop(struct playback *b, enum playback_end end)
{
    b->end = end;
    return false;
}

/* ---- Opening ---- */

/* The program that the recorded machine booted. */
static struct image *open_image(struct playback *b, struct problem *p)
{
    char path[1024];
    if (*b->head.lesson) {
        problem_set(p, "was the head edited?", "a lesson is played by the prompt's root task");
        return NULL;
    }
    return playback_find_file(b, b->head.image, path, sizeof path, p) ? image_open(path, p) : NULL;
}

/* The machine that the head describes. */
static bool open_machine(struct playback *b, struct problem *p)
{
    const struct record_head *head = &b->head;
    struct kernel_config kernel;
    struct image *image = NULL;
    struct shell *sh = &b->shell;
    uint64_t limit = head->max_steps, most = b->options.max_steps,
             memory = head->choice.memory / MEBIBYTE;
    if (most && (!limit || most < limit)) limit = most;
    if (!kernel_config_named(head->kernel, &kernel) || kernel.mcs)
        return problem_set(p, "--kernel lists those that there are",
                           "it was recorded with the kernel %.40s, which is not there",
                           head->kernel);
    if (memory < MEMORY_LEAST || memory > (b->options.confined ? CONFINED_MOST : MEMORY_MOST))
        return problem_set(p, "was the head edited?", "no machine has %llu MiB of memory",
                           (number)memory);
    *sh = (struct shell){ .out = b->options.out ? b->options.out : b->nowhere,
                          .width = 80,
                          .top = "",
                          .playback = b,
                          .plain = b->options.plain,
                          .ascii = b->options.plain };
    sh->err = sh->out;
    if (*head->image && !(image = open_image(b, p))) return false;
    sh->session = choice_boot(&head->choice, &kernel, image, p);
    if (!sh->session) return false;
    session_limit(sh->session, limit);
    if (b->options.history) session_checkpoint_limit(sh->session, b->options.history);
    return true;
}

static bool open_lesson(struct playback *b, struct problem *p)
{
    char folder[600];
    const char *given = b->options.lesson, *variant = b->options.variant;
    if (given && strcmp(path_name(given), b->head.lesson) != 0)
        return problem_set(p, "", "it is no recording of %.80s, but of %.80s", path_name(given),
                           *b->head.lesson ? b->head.lesson : "no lesson");
    if (variant && strcmp(variant, b->head.variant) != 0)
        return problem_set(p, "", "it was recorded with the variant `%.40s`, not `%.40s`",
                           b->head.variant, variant);
    if (!*b->head.lesson) return true;
    if (strchr(b->head.lesson, '/') || strstr(b->head.lesson, ".."))
        return problem_set(p, "was the head edited?", "%.80s is no name of a lesson",
                           b->head.lesson);
    if (given)
        snprintf(folder, sizeof folder, "%.599s", given);
    else if (!lesson_find(b->head.lesson, folder, sizeof folder, p))
        return false;
    b->run.lesson = lesson_load(folder, p);
    if (!b->run.lesson) return false;
    b->run.lesson->plain = b->options.plain;
    lesson_draw(b->run.lesson, *b->head.variant ? b->head.variant : NULL);
    b->in_setup = true;
    bool opened = lesson_open(&b->shell, &b->run, p);
    b->in_setup = false;
    return opened;
}

static bool compare(struct playback *b, const struct record_state *expected);

/* The state before the first line stands behind the head. */
static bool compare_start(struct playback *b, struct problem *p)
{
    struct record_state state;
    enum record_kind kind;
    const char *line;
    while ((line = record_read_line(&b->reader, &kind)) && kind != RECORD_STATE)
        if ((kind == RECORD_TEXT && *line) || kind == RECORD_END) line = NULL;
    if (!line || record_line_is_cut(&b->reader))
        return problem_set(p, "was it cut off there?",
                           "behind the head there is no state of the machine");
    b->line = b->reader.at;
    if (!record_read_state(line, &state, p)) return false;
    if (state.is_same)
        return problem_set(p, "was it edited?", "the state before the first line has no hash");
    compare(b, &state);
    return true;
}

static bool open_all(struct playback *b, struct problem *p)
{
    if (!record_read_head(&b->reader, &b->head, p)) return false;
    b->files_from = b->reader.at;
    if (!open_machine(b, p) || !open_lesson(b, p)) return false;
    struct shell *sh = &b->shell;
    sh->typed = b->head.typed;
    sh->host.interrupt = b->options.interrupt;
    session_interrupt_flag(sh->session, b->options.interrupt);
    sh->file = b->path;
    return compare_start(b, p);
}

static void name_file(const char *path, struct problem *p)
{
    char text[sizeof p->text];
    snprintf(text, sizeof text, "%.80s: %.150s", path, p->text);
    memcpy(p->text, text, sizeof text);
}

static struct playback *opened(struct playback *b, bool ok, struct problem *p)
{
    if (ok && open_all(b, p)) return b;
    if (ok) name_file(b->path, p);
    playback_close(b);
    return NULL;
}

static struct playback *begin(const char *path, const struct playback_options *options)
{
    struct playback *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->options = *options;
    b->path = strdup(path);
    b->nowhere = fopen("/dev/null", "w");
    return b;
}

struct playback *playback_open(const char *path, const struct playback_options *options,
                               struct problem *p)
{
    struct playback *b = begin(path, options);
    problem_set(p, "", "%.100s: no room to play it", path);
    if (!b || !b->path || !b->nowhere) return opened(b, false, p);
    return opened(b, record_read_open(&b->reader, path, p), p);
}

struct playback *playback_open_bytes(const char *path, const void *bytes, size_t size,
                                     const struct playback_options *options, struct problem *p)
{
    struct playback *b = begin(path, options);
    problem_set(p, "", "%.100s: no room to play it", path);
    if (!b || !b->path || !b->nowhere) return opened(b, false, p);
    return opened(b, record_read_bytes(&b->reader, bytes, size, p), p);
}

void playback_close(struct playback *b)
{
    if (!b) return;
    if (b->shell.session) session_close(b->shell.session);
    if (b->run.lesson) lesson_free(b->run.lesson);
    record_read_close(&b->reader);
    if (b->nowhere) fclose(b->nowhere);
    free(b->text);
    free(b->path);
    free(b);
}

/* ---- The next command ---- */

/* Adds the lines that belong to a command which is still open. */
static void collect(struct playback *b)
{
    enum record_kind kind;
    const char *line;
    size_t length = strlen(b->text);
    while (length < LINE_SIZE && shell_line_is_open(b->text)) {
        line = record_read_line(&b->reader, &kind);
        if (line && (kind == RECORD_TEXT || kind == RECORD_REMARK)) {
            char *longer = realloc(b->text, length + strlen(line) + 2);
            if (!longer) return;
            b->text = longer;
            length += (size_t)sprintf(longer + length, "\n%s", line);
            continue;
        }
        if (line) b->reader.at--;
        return;
    }
}

const char *playback_peek(struct playback *b)
{
    enum record_kind kind;
    const char *line;
    if (b->text) return b->text;
    while ((line = record_read_line(&b->reader, &kind))) {
        b->is_cut |= record_line_is_cut(&b->reader);
        if (b->is_cut) return NULL;
        b->is_whole = kind == RECORD_END;
        bool is_command = kind == RECORD_TEXT && line[strspn(line, " \t")];
        if (!is_command && kind != RECORD_STATE) continue;
        b->line = b->reader.at;
        if (!is_command) b->reader.at--; /* a state without a line: nothing has happened */
        b->text = strdup(is_command ? line : "");
        if (!b->text) return NULL;
        if (is_command) collect(b);
        b->files_from = b->reader.at;
        return b->text;
    }
    return NULL;
}

/* What is written behind a command. */
enum behind { BEHIND_STATE, BEHIND_OTHERS, BEHIND_NOTHING, BEHIND_NONSENSE };

static enum behind read_behind(struct playback *b, struct record_state *state)
{
    enum record_kind kind;
    const char *line;
    size_t at = b->reader.at;
    while ((line = record_read_line(&b->reader, &kind))) {
        if (record_line_is_cut(&b->reader)) break;
        if (kind == RECORD_STATE) {
            if (record_read_state(line, state, &b->problem)) return BEHIND_STATE;
            b->line = b->reader.at;
            return BEHIND_NONSENSE;
        }
        if ((kind == RECORD_TEXT && *line) || kind == RECORD_END) {
            b->reader.at = at;
            return BEHIND_OTHERS;
        }
    }
    return BEHIND_NOTHING;
}

/* ---- Comparing ---- */

static void look(const struct playback *b, struct record_state *state)
{
    *state = (struct record_state){ .position = session_position(b->shell.session),
                                    .hash = state_hash(session_world_at(b->shell.session)) };
    shell_place(&b->shell, state->place, sizeof state->place);
}

static bool compare(struct playback *b, const struct record_state *expected)
{
    enum record_outcome outcome = expected->outcome;
    b->expected = expected->is_same ? b->last : *expected;
    b->expected.outcome = outcome;
    look(b, &b->found);
    b->last = b->expected;
    if (b->found.position.step == b->expected.position.step &&
        b->found.position.phase == b->expected.position.phase &&
        state_hash_is_same(&b->found.hash, &b->expected.hash)) {
        b->states++;
        return true;
    }
    problem_set(&b->problem, "", "the machine's state is not the one that was recorded");
    return stop(b, PLAYBACK_DIFFERS);
}

static bool is_interrupted(const struct playback *b)
{
    return b->options.interrupt && *b->options.interrupt;
}

/* Whether a line ended as it was recorded. */
static bool ended_well(struct playback *b, enum record_outcome found,
                       const struct record_state *state)
{
    enum record_outcome expected = state->outcome;
    if (is_interrupted(b)) return stop(b, PLAYBACK_INTERRUPTED);
    if (found == expected || state->on_its_way || b->shell.left_a_file) return true;
    b->found.outcome = found;
    if (found == RECORD_LIMIT || session_is_at_limit(b->shell.session)) {
        problem_set(&b->problem, "--max-steps N allows more", "the limit on steps is reached");
        return stop(b, PLAYBACK_LIMIT);
    }
    if (found == RECORD_FAILED && b->other_file.text[0])
        b->problem = b->other_file;
    else
        problem_set(&b->problem, "", "this line ended otherwise: recorded was `%s`, now it is `%s`",
                    record_outcome_name(expected), record_outcome_name(found));
    return stop(b, PLAYBACK_DIFFERS);
}

/* ---- Doing ---- */

bool playback_stops(struct shell *sh, const char *line)
{
    struct problem unused;
    if (!sh->stop.on_way) {
        session_stop_at(sh->session, true, sh->stop.at.step);
        return false;
    }
    /* Who had begun to return to a branch is on it. */
    sh->stop.lines = 0;
    if (strncmp(line, "branch ", 7) == 0) shell_line(sh, line);
    session_goto(sh->session, sh->stop.at, &unused);
    return true;
}

static enum record_outcome do_line(struct playback *b, const struct record_state *state)
{
    struct shell *sh = &b->shell;
    sh->stop.lines = state->lines;
    sh->stop.on_way = state->on_its_way;
    sh->stop.at = (state->is_same ? &b->last : state)->position;
    sh->line = (unsigned)b->line;
    sh->left_a_file = false;
    b->other_file.text[0] = '\0';
    enum outcome outcome = shell_line(sh, b->text);
    session_stop_at(sh->session, false, 0);
    sh->stop.lines = 0;
    return record_outcome_of(outcome);
}

bool playback_next(struct playback *b)
{
    struct record_state state = { .outcome = RECORD_DONE, .is_same = true };
    if (b->end != PLAYBACK_AGREES || !playback_peek(b)) return false;
    enum behind behind = read_behind(b, &state);
    if (behind == BEHIND_NONSENSE) return stop(b, PLAYBACK_BROKEN);
    if (behind == BEHIND_NOTHING && *b->text) {
        b->is_cut = true;
        return false;
    }
    enum record_outcome found = *b->text ? do_line(b, &state) : state.outcome;
    b->count += *b->text != '\0';
    bool well = ended_well(b, found, &state) && (behind != BEHIND_STATE || compare(b, &state));
    if (well) {
        free(b->text);
        b->text = NULL;
    }
    return well;
}

enum playback_end playback_run(struct playback *b)
{
    while (playback_next(b)) {
    }
    return b->end;
}

/* ---- Explaining ---- */

static void tell_state(FILE *out, const char *whose, const struct record_state *state)
{
    char at[48], hash[STATE_TEXT];
    view_position(state->position, at, sizeof at);
    state_hash_text(&state->hash, hash);
    fprintf(out, "  %-9s %-8s %s  %s\n", whose, at, hash, state->place);
}

void playback_explain(struct playback *b, FILE *out)
{
    const char *before = "  what differs: ";
    fprintf(out, "%s:%zu: %s\n", b->path, b->line, b->problem.text);
    if (b->text && *b->text) fprintf(out, "  line      %.66s\n", b->text);
    if (b->end == PLAYBACK_DIFFERS && b->found.outcome == RECORD_DONE) {
        tell_state(out, "recorded", &b->expected);
        tell_state(out, "here", &b->found);
        for (unsigned i = 0; i < STATE_PARTS; i++) {
            if (b->expected.hash.part[i] == b->found.hash.part[i]) continue;
            fprintf(out, "%s%s", before, state_part_name((enum state_part)i));
            before = ", ";
        }
        fputs(before[0] == ',' ? "\n" : "  what differs: the position\n", out);
    }
    if (b->problem.tip[0])
        fprintf(out, "  tip: %s\n", b->problem.tip);
    else if (strcmp(b->head.version, FAULTLINE_VERSION) != 0)
        fprintf(out, "  tip: version %s recorded it, this is %s: states may differ\n",
                b->head.version, FAULTLINE_VERSION);
    else if (b->end == PLAYBACK_DIFFERS)
        fputs("  tip: was the recording edited? All before this line agrees\n", out);
}
