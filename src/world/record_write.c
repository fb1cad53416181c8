/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a recording as it happens: every line goes to the file at once, so that who kills the process
 * loses at most the line that was being done. When the file cannot be written the recording ends
 * where its last whole line does; that is said once, and the session goes on. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/inside.h"
#include "world/record.h"

struct recorder {
    char *path;
    int file;       /* -1: it could not be written any more */
    off_t length;   /* of what is whole in it */
    bool is_own;    /* the user's own: the files are kept, too */
    bool has_begun; /* the head is written */
    unsigned count; /* lines */
    struct record_state last;
    char *noted; /* files before the head */
    size_t noted_size;
    char *text; /* all of it, for who saves the machine; NULL: too long */
    size_t text_size, text_room;
    struct record_bytes *files;
    size_t file_count;
    struct problem trouble;
    bool has_trouble;
};

/* ---- Bytes ---- */

static void end_here(struct recorder *r, const char *reason)
{
    problem_set(&r->trouble, "the session goes on without; what was recorded so far stays",
                "%.120s: not recorded any more: %.60s", r->path, reason);
    r->has_trouble = true;
    /* A line that was written in part only would be read as another line. */
    if (ftruncate(r->file, r->length) != 0) r->length = 0;
    close(r->file);
    r->file = -1;
}

static void keep(struct recorder *r, const char *text, size_t size)
{
    if (!r->text) return;
    while (r->text_size + size > r->text_room) {
        if (r->text_room >= RECORD_SIZE_MAX) {
            free(r->text);
            r->text = NULL;
            return;
        }
        r->text_room *= 2;
        r->text = host_resize(r->text, r->text_room);
    }
    memcpy(r->text + r->text_size, text, size);
    r->text_size += size;
}

static void put(struct recorder *r, const char *text, size_t size)
{
    size_t done = 0;
    keep(r, text, size);
    while (r->file >= 0 && done < size) {
        ssize_t n = write(r->file, text + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            end_here(r, n < 0 ? strerror(errno) : "nothing can be written");
            return;
        }
        done += (size_t)n;
    }
    r->length += (off_t)done;
}

/* A name or other text in one word to the end of its line: %XX for what would end it. */
static void escape(const char *text, char *out, size_t size)
{
    size_t n = 0;
    for (; *text && n + 4 < size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < ' ' || c == 127 || c == '%')
            n += (size_t)snprintf(out + n, size - n, "%%%02X", c);
        else
            out[n++] = (char)c;
    }
    out[n] = '\0';
}

/* ---- Opening ---- */

static struct recorder *not_there(struct recorder *r, struct problem *p, const char *path,
                                  const char *reason, const char *tip)
{
    problem_set(p, tip, "%.140s: no recording there: %s", path, reason);
    if (r->file >= 0) close(r->file);
    free(r->path);
    free(r->text);
    free(r);
    return NULL;
}

struct recorder *record_open_memory(void)
{
    struct recorder *r = host_allocate(sizeof *r);
    r->file = -1;
    r->text_room = 1 << 12;
    r->text = host_allocate(r->text_room);
    return r;
}

struct recorder *record_open(const char *path, struct problem *p)
{
    struct recorder *r = record_open_memory();
    struct stat about;
    r->path = host_copy_text(path);
    r->file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
    if (r->file < 0)
        return not_there(r, p, path, strerror(errno), "choose a place where you may write");
    if (flock(r->file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return not_there(r, p, path, "another session is recorded in it", "choose another name");
    if (fstat(r->file, &about) != 0 || about.st_size > 0)
        return not_there(r, p, path, "there is something in that file",
                         "choose another name, or remove it first");
    return r;
}

static void put_heading(struct recorder *r, const char *key, const char *value)
{
    char escaped[3 * RECORD_NAME_SIZE], line[4 * RECORD_NAME_SIZE];
    escape(value, escaped, sizeof escaped);
    int n = snprintf(line, sizeof line, "#: %s%s%s\n", key, *value ? " " : "", escaped);
    put(r, line, (size_t)n);
}

static void put_number(struct recorder *r, const char *key, word_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    put_heading(r, key, text);
}

static void put_text(struct recorder *r, const char *text)
{
    put(r, text, strlen(text));
}

/* What is as usual goes without saying, but for the memory. */
static void put_choice(struct recorder *r, const struct boot_choice *c)
{
    const struct kernel_config *usual = &kernel_config_default;
    if (c->memory % MEBIBYTE)
        put_number(r, "memory-pages", c->memory / PAGE_SIZE);
    else
        put_number(r, "memory", c->memory / MEBIBYTE);
    if (c->domains != usual->num_domains) put_number(r, "domains", c->domains);
    if (c->root_cnode_bits != usual->root_cnode_bits)
        put_number(r, "root-cnode-bits", c->root_cnode_bits);
    if (c->fsgsbase) put_heading(r, "fsgsbase", "");
    if (c->no_x87) put_heading(r, "no-x87", "");
}

void record_begin(struct recorder *r, const struct record_head *head, const struct session *s,
                  const char *place)
{
    struct record_state state = { .outcome = RECORD_DONE };
    put_text(r, "# A recording: commands, and the machine's state after each.\n"
                "# `faultline replay FILE` does them again and checks every state.\n");
    put_number(r, "format", RECORD_FORMAT);
    put_heading(r, "version", head->version);
    put_heading(r, "kernel", head->kernel);
    put_choice(r, &head->choice);
    if (head->image[0]) put_heading(r, "image", head->image);
    if (head->max_steps) put_number(r, "max-steps", head->max_steps);
    if (head->typed) put_heading(r, "typed", "");
    if (head->lesson[0]) put_heading(r, "lesson", head->lesson);
    if (head->variant[0]) put_heading(r, "variant", head->variant);
    if (head->folder[0]) put_heading(r, "folder", head->folder);
    if (r->noted) put(r, r->noted, r->noted_size);
    r->has_begun = true;
    snprintf(state.place, sizeof state.place, "%s", place);
    r->count++; /* the state below is one of a line */
    record_state(r, s, &state);
    r->count--;
}

/* The bytes of a file that is none too long; NULL, and its hash all the same. */
static bool take_file(const char *path, struct record_bytes *file)
{
    struct stat about;
    *file = (struct record_bytes){ .bytes = NULL };
    if (!sha256_file(path, file->sha256)) return false;
    if (stat(path, &about) != 0 || about.st_size > RECORD_SIZE_MAX) return true;
    FILE *in = fopen(path, "rb");
    if (!in) return true;
    file->bytes = host_allocate((size_t)about.st_size + 1);
    file->size = fread(file->bytes, 1, (size_t)about.st_size + 1, in);
    fclose(in);
    return true;
}

static void keep_file(struct recorder *r, struct record_bytes *file)
{
    for (size_t i = 0; i < r->file_count; i++) {
        if (strcmp(r->files[i].sha256, file->sha256) != 0) continue;
        free(file->bytes);
        return;
    }
    r->files = host_resize(r->files, (r->file_count + 1) * sizeof r->files[0]);
    r->files[r->file_count++] = *file;
}

void record_note_file(struct recorder *r, const char *name, const char *path)
{
    char escaped[3 * RECORD_NAME_SIZE], line[4 * RECORD_NAME_SIZE];
    struct record_bytes file;
    if (!take_file(path, &file)) return;
    escape(name, escaped, sizeof escaped);
    int n = snprintf(line, sizeof line, "#+ %s %s\n", file.sha256, escaped);
    if (r->is_own && file.bytes) record_keep_file(file.sha256, file.bytes, file.size);
    keep_file(r, &file);
    if (r->has_begun) {
        put(r, line, (size_t)n);
        return;
    }
    r->noted = host_resize(r->noted, r->noted_size + (size_t)n);
    memcpy(r->noted + r->noted_size, line, (size_t)n);
    r->noted_size += (size_t)n;
}

/* ---- Lines ---- */

/* A physical line of a command that began as ours do would be read as one of ours. */
static void put_lines(struct recorder *r, const char *lead, const char *text)
{
    size_t room = 2 * strlen(text) + strlen(lead) + 8, n = 0;
    char *line = host_allocate(room);
    n = (size_t)snprintf(line, room, "%s", lead);
    for (bool starts = true; *text; text++) {
        if (starts && *text == '#') line[n++] = ' ';
        starts = *text == '\n';
        line[n++] = *text;
    }
    line[n++] = '\n';
    put(r, line, n);
    free(line);
}

void record_line(struct recorder *r, const char *text)
{
    r->count++;
    put_lines(r, "", text);
}

void record_comment(struct recorder *r, const char *text)
{
    char line[2 * RECORD_NAME_SIZE];
    escape(text, line, sizeof line);
    put_lines(r, "# ", line);
}

static void outcome_text(const struct record_state *state, char *text, size_t size)
{
    bool has_word = state->outcome != RECORD_INTERRUPTED && (state->outcome || state->lines);
    int n = 0;
    if (has_word) n = snprintf(text, size, " %s", record_outcome_name(state->outcome));
    if (state->lines)
        snprintf(text + n, size - (size_t)n, " interrupted %u%s", state->lines,
                 state->on_its_way ? " on its way" : "");
}

void record_state(struct recorder *r, const struct session *s, const struct record_state *given)
{
    char line[4 * RECORD_NAME_SIZE], hash[STATE_TEXT], phase[16] = "", outcome[64] = "";
    struct record_state state = *given;
    state.position = session_position(s);
    state.hash = state_hash(session_world_at(s));
    outcome_text(&state, outcome, sizeof outcome);
    bool same = state.position.step == r->last.position.step &&
                state.position.phase == r->last.position.phase &&
                state_hash_is_same(&state.hash, &r->last.hash);
    if (state.position.phase) snprintf(phase, sizeof phase, ".%u", state.position.phase);
    state_hash_text(&state.hash, hash);
    if (same && r->last.place[0])
        snprintf(line, sizeof line, "#=%s\n", outcome);
    else
        snprintf(line, sizeof line, "#= @%llu%s %s%s | %s\n",
                 (unsigned long long)state.position.step, phase, hash, outcome, state.place);
    put_text(r, line);
    r->last = state;
}

void record_is_own(struct recorder *r)
{
    r->is_own = true;
}

bool record_goes_on(const struct recorder *r)
{
    return r->file >= 0;
}

unsigned record_count(const struct recorder *r)
{
    return r->count;
}

const char *record_path(const struct recorder *r)
{
    return r->path;
}

const char *record_text(const struct recorder *r, size_t *size)
{
    *size = r->text_size;
    return r->text;
}

size_t record_files(const struct recorder *r, const struct record_bytes **list)
{
    *list = r->files;
    return r->file_count;
}

bool record_trouble(struct recorder *r, struct problem *p)
{
    if (!r->has_trouble) return false;
    *p = r->trouble;
    r->has_trouble = false;
    return true;
}

void record_close(struct recorder *r, bool unless_empty)
{
    if (r->has_begun) put_text(r, "#. end\n");
    if (unless_empty && !r->count && r->path) unlink(r->path);
    if (r->file >= 0) close(r->file);
    for (size_t i = 0; i < r->file_count; i++) free(r->files[i].bytes);
    free(r->files);
    free(r->text);
    free(r->noted);
    free(r->path);
    free(r);
}
