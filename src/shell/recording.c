/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person types is written down in full words before it is done, and the machine's state behind it
 * afterwards. Trouble with the file is said once; the session goes on. */
#include "shell/recording.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shell/commands.h"
#include "shell/quiz_main.h"
#include "world/kernels.h"

/* ---- Text ---- */

/* Commands in front of another one. */
static bool is_prefix(const struct command *c)
{
    return c->run == verb_quietly || c->run == verb_slowly || c->run == verb_predict;
}

/* The line with whole names of commands; false: it is none that is recorded. */
static bool write_out(const struct shell *sh, const char *line, FILE *out)
{
    struct problem unused;
    char verb[NAME_SIZE];
    bool goes_on = true, first = true, quizzes = false;
    while (goes_on) {
        line += strspn(line, " \t\n");
        size_t n = strcspn(line, " \t\n");
        snprintf(verb, sizeof verb, "%.*s", (int)(n < NAME_SIZE ? n : 0), line);
        const struct command *c =
            n && !is_c(line) ? command_find(verb, sh->typed && sh->depth == 0, &unused) : NULL;
        if (!c) break;
        if (first && c->flags & UNRECORDED) return false;
        fputs(c->name, out);
        line += n;
        goes_on = is_prefix(c);
        quizzes = c->run == verb_quiz && !strstr(line, "seed");
        if (goes_on) fputc(' ', out);
        first = false;
    }
    fputs(line, out);
    /* Chance of its own: the same question is asked when it is played. */
    if (quizzes && !sh->quiz.number) fprintf(out, " seed %llu", (unsigned long long)quiz_seed(sh));
    return true;
}

/* Whether reading line by line finds all of a text to be one command. */
static bool reads_as_one(const char *text)
{
    for (const char *end = strchr(text, '\n'); end; end = strchr(end + 1, '\n')) {
        char *start = strndup(text, (size_t)(end - text));
        bool open = start && shell_line_is_open(start);
        free(start);
        if (!open) return false;
    }
    return true;
}

bool recording_line(struct shell *sh, const char *line, const char *stripped)
{
    char *text = NULL;
    size_t size;
    if (!sh->recorder) return false;
    line += strspn(line, " \t\n");
    if (!*stripped) {
        if (*line == '#') record_comment(sh->recorder, line + 1 + strspn(line + 1, " "));
        return false;
    }
    FILE *out = open_memstream(&text, &size);
    if (!out) return false;
    bool wanted = write_out(sh, *line != '#' && reads_as_one(line) ? line : stripped, out);
    fclose(out);
    if (wanted) record_line(sh->recorder, text);
    free(text);
    return wanted;
}

/* "handler (blocked on recv)", "handler, of 12" in the past. */
void shell_place(const struct shell *sh, char *text, size_t size)
{
    const struct world *w = session_world_at(sh->session);
    paddr_t seat = session_seat(sh->session);
    char name[NAME_SIZE + 16] = "nobody", of[48] = "";
    const char *state = seat ? tcb_state_name(tcb_at(w, seat)->state) : "";
    if (seat) view_thread_name(sh->session, seat, name, sizeof name);
    if (session_is_past(sh->session))
        snprintf(of, sizeof of, ", of %llu", (unsigned long long)session_end(sh->session).step);
    snprintf(text, size, "%s (%s)%s", name, state, of);
}

static void tell_trouble(struct shell *sh)
{
    struct problem p;
    if (!record_trouble(sh->recorder, &p)) return;
    fflush(sh->out);
    fprintf(sh->err, "faultline: %s\n  tip: %s\n", p.text, p.tip);
}

/* ---- From beginning to end ---- */

void recording_begin(struct shell *sh, struct recorder *r, const struct record_head *given)
{
    struct record_head head = *given;
    char place[RECORD_NAME_SIZE];
    const struct world *w = session_world_at(sh->session);
    head.format = RECORD_FORMAT;
    snprintf(head.version, sizeof head.version, "%s", FAULTLINE_VERSION);
    snprintf(head.kernel, sizeof head.kernel, "%s", kernel_config_name(&kernel_at(w)->config));
    head.choice = choice_of(w);
    shell_place(sh, place, sizeof place);
    sh->recorder = r;
    record_begin(r, &head, sh->session, place);
    tell_trouble(sh);
}

enum record_outcome record_outcome_of(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_FAILED: return RECORD_FAILED;
    case OUTCOME_CHECK: return RECORD_CHECK;
    case OUTCOME_LIMIT: return RECORD_LIMIT;
    case OUTCOME_INTERRUPTED: return RECORD_INTERRUPTED;
    case OUTCOME_DONE:
    case OUTCOME_QUIT: break;
    }
    return RECORD_DONE;
}

/* Who stops on the way through time stands somewhere between two lines. From there to the position that
 * the prompt shows, so that a playback can go there, too. */
static void settle(struct shell *sh)
{
    struct problem unused;
    if (sh->host.interrupt) *sh->host.interrupt = 0;
    session_goto(sh->session, session_position(sh->session), &unused);
}

/* Whether Ctrl-C ended what the line did: a run, a script between two of its lines, or a way through time.
 * What it did not end would not be done again otherwise. */
static bool was_interrupted(const struct shell *sh, enum outcome outcome, bool *on_its_way)
{
    bool in_run = session_interruptions(sh->session) != sh->stop.before;
    bool pressed = sh->host.interrupt && *sh->host.interrupt;
    *on_its_way = !in_run && !sh->stop.between &&
                  (outcome == OUTCOME_INTERRUPTED ||
                   (outcome == OUTCOME_FAILED && pressed && session_is_past(sh->session)));
    return in_run || *on_its_way || outcome == OUTCOME_INTERRUPTED;
}

void recording_done(struct shell *sh, enum outcome outcome)
{
    struct record_state state = { .outcome = record_outcome_of(outcome) };
    if (was_interrupted(sh, outcome, &state.on_its_way)) state.lines = sh->lines;
    if (state.on_its_way) settle(sh);
    shell_place(sh, state.place, sizeof state.place);
    record_state(sh->recorder, sh->session, &state);
    tell_trouble(sh);
}

void recording_end(struct shell *sh, bool tell)
{
    if (!sh->recorder) return;
    if (tell && record_path(sh->recorder) && record_count(sh->recorder))
        shell_say(sh, record_goes_on(sh->recorder) ? "  recorded: %s" : "  recorded in part: %s",
                  record_path(sh->recorder));
    record_close(sh->recorder, tell);
    sh->recorder = NULL;
}

/* ---- Files ---- */

bool shell_note_file(struct shell *sh, const char *name, const char *path, struct problem *p)
{
    if (sh->playback) return playback_check_file(sh->playback, name, path, p);
    if (sh->recorder) record_note_file(sh->recorder, name, path);
    return true;
}

/* Whether a path leads to a regular file in a folder, links followed. */
static bool lies_in(const char *path, const char *folder)
{
    struct stat about;
    char *real = realpath(path, NULL), *root = realpath(folder, NULL);
    size_t n = root ? strlen(root) : 0;
    bool inside = real && root && strncmp(real, root, n) == 0 && real[n] == '/' &&
                  stat(real, &about) == 0 && S_ISREG(about.st_mode);
    free(real);
    free(root);
    return inside;
}

/* What a stranger's line may read: files of the lesson, and what lies beside the line's script. */
static bool find_confined(const struct shell *sh, const char *name, char *path, size_t size,
                          struct problem *p)
{
    const char *up = strstr(name, "..");
    if (name[0] != '/' && !up && lesson_file(sh->folder, name, path, size)) return true;
    snprintf(path, size, "%s/%s", sh->confined, name);
    if (name[0] != '/' && !up && lies_in(path, sh->confined)) return true;
    return problem_set(p, "files of the lesson, and files beside the script, by their names",
                       "%.120s is out of reach here", name);
}

bool shell_read_file(struct shell *sh, const char *name, char *path, size_t size, struct problem *p)
{
    sh->solution_read |= strstr(name, "solution") != NULL;
    if (sh->playback) return playback_find_file(sh->playback, name, path, size, p);
    if (sh->confined) return find_confined(sh, name, path, size, p);
    shell_file(sh, name, path, size);
    return shell_note_file(sh, name, path, p);
}

bool shell_leaves_files_alone(struct shell *sh)
{
    sh->left_a_file = sh->playback || sh->confined;
    return sh->left_a_file;
}
