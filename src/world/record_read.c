/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a recording. Whatever stands in the file, every line is one of a few kinds or is refused with
 * a sentence. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/inside.h"
#include "world/record.h"

/* ---- The file ---- */

static bool read_all(int file, char *text, size_t size, size_t *got)
{
    while (*got < size) {
        ssize_t n = read(file, text + *got, size - *got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        if (n == 0) break; /* it became shorter meanwhile */
        *got += (size_t)n;
    }
    return true;
}

/* Cuts the text into lines. A zero among the bytes becomes a character that no line may have. */
static void cut_lines(struct record_reader *r, size_t size)
{
    size_t room = 0;
    r->is_cut = size > 0 && r->text[size - 1] != '\n';
    r->text[size] = '\n';
    for (size_t at = 0; at < size;) {
        char *start = r->text + at, *end = memchr(start, '\n', size + 1 - at), *zero;
        at = (size_t)(end - r->text) + 1;
        while ((zero = memchr(start, '\0', (size_t)(end - start)))) *zero = 1;
        *end = '\0';
        if (end > start && end[-1] == '\r') end[-1] = '\0';
        if (r->count == room) {
            room = room ? 2 * room : 256;
            r->lines = host_resize(r->lines, room * sizeof r->lines[0]);
        }
        r->lines[r->count++] = start;
    }
}

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* A report (`faultline report`) has the recording inside: only that is read, at the lines where it stands. */
static void find_in_report(struct record_reader *r)
{
    size_t first = 0, last;
    if (!r->count || !begins(r->lines[0], REPORT_FIRST)) return;
    while (first < r->count && !begins(r->lines[first], REPORT_RECORDING)) first++;
    if (first == r->count) return;
    for (last = first; last < r->count && !begins(r->lines[last], REPORT_END); last++) {
    }
    r->is_cut = last == r->count ? r->is_cut : strstr(r->lines[first], REPORT_CUT) != NULL;
    r->at = first + 1;
    r->count = last;
}

static bool refuse_file(struct problem *p, const char *path, const char *why)
{
    return problem_set(p, "recordings are made with `--record FILE`, and at the prompt",
                       "%.150s: %s", path, why);
}

bool record_read_open(struct record_reader *r, const char *path, struct problem *p)
{
    struct stat about;
    const char *why = NULL;
    size_t size = 0;
    *r = (struct record_reader){ 0 };
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return refuse_file(p, path, strerror(errno));
    if (fstat(file, &about) != 0)
        why = strerror(errno);
    else if (!S_ISREG(about.st_mode))
        why = "no plain file";
    else if (about.st_size > RECORD_SIZE_MAX)
        why = "too long for a recording";
    if (!why) {
        r->text = host_allocate((size_t)about.st_size + 1);
        if (!read_all(file, r->text, (size_t)about.st_size, &size)) why = strerror(errno);
    }
    close(file);
    if (!why) {
        cut_lines(r, size);
        find_in_report(r);
        return true;
    }
    record_read_close(r);
    return refuse_file(p, path, why);
}

bool record_read_bytes(struct record_reader *r, const void *bytes, size_t size, struct problem *p)
{
    *r = (struct record_reader){ 0 };
    if (size > RECORD_SIZE_MAX) return refuse_file(p, "this", "too long for a recording");
    r->text = host_allocate(size + 1);
    memcpy(r->text, bytes, size);
    cut_lines(r, size);
    find_in_report(r);
    return true;
}

void record_read_close(struct record_reader *r)
{
    free(r->text);
    free(r->lines);
    *r = (struct record_reader){ 0 };
}

/* ---- Lines ---- */

static enum record_kind kind_of(const char *line)
{
    if (line[0] != '#') return RECORD_TEXT;
    switch (line[1]) {
    case ':': return RECORD_HEADING;
    case '+': return RECORD_FILE;
    case '=': return RECORD_STATE;
    case '.': return RECORD_END;
    default: return RECORD_REMARK;
    }
}

const char *record_read_line(struct record_reader *r, enum record_kind *kind)
{
    if (r->at >= r->count) return NULL;
    const char *line = r->lines[r->at++];
    *kind = kind_of(line);
    return line;
}

bool record_line_is_cut(const struct record_reader *r)
{
    return r->is_cut && r->at == r->count;
}

/* ---- What a line says ---- */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The rest of a line, %XX taken back. False: too long, or no text. */
static bool unescape(const char *text, char out[RECORD_NAME_SIZE])
{
    size_t n = 0;
    for (; *text; text++) {
        char c = *text;
        if (c == '%') {
            int high = digit_of(text[1]), low = high < 0 ? -1 : digit_of(text[2]);
            if (low < 0 || high * 16 + low == 0) return false;
            c = (char)(high * 16 + low);
            text += 2;
        }
        if (n + 1 == RECORD_NAME_SIZE) return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

static bool take_number(const char **at, word_t *value)
{
    size_t digits = strspn(*at, "0123456789");
    if (!digits || digits > 19) return false;
    *value = 0;
    for (size_t i = 0; i < digits; i++) *value = 10 * *value + (word_t)(*(*at)++ - '0');
    return true;
}

static bool whole_number(const char *text, word_t most, word_t *value)
{
    return take_number(&text, value) && !*text && *value <= most;
}

static bool take_key(const char **at, const char *key)
{
    size_t n = strlen(key);
    if (strncmp(*at, key, n) != 0 || ((*at)[n] && (*at)[n] != ' ')) return false;
    *at += n + strspn(*at + n, " ");
    return true;
}

/* What the head says of the machine; *good: whether it makes sense. */
static bool read_choice(const char *at, struct boot_choice *c, bool *good)
{
    *good = true;
    if (take_key(&at, "memory")) {
        *good = whole_number(at, 1 << 20, &c->memory);
        c->memory *= MEBIBYTE;
    } else if (take_key(&at, "memory-pages")) {
        *good = whole_number(at, 1 << 28, &c->memory);
        c->memory *= PAGE_SIZE;
    } else if (take_key(&at, "domains")) {
        *good = whole_number(at, ~(word_t)0, &c->domains) && choice_is_sound(c);
    } else if (take_key(&at, "root-cnode-bits")) {
        *good = whole_number(at, ~(word_t)0, &c->root_cnode_bits) && choice_is_sound(c);
    } else if (take_key(&at, "fsgsbase")) {
        *good = !*at;
        c->fsgsbase = true;
    } else if (take_key(&at, "no-x87")) {
        *good = !*at;
        c->no_x87 = true;
    } else {
        return false;
    }
    return true;
}

/* One line of the head; a key that this version does not know is left alone. */
static bool read_heading(const char *at, struct record_head *head)
{
    word_t number;
    bool good;
    at += strspn(at, " ");
    if (take_key(&at, "format")) {
        if (!whole_number(at, 1000000, &number)) return false;
        head->format = (unsigned)number;
        return true;
    }
    if (take_key(&at, "version")) return unescape(at, head->version);
    if (take_key(&at, "kernel")) return unescape(at, head->kernel);
    if (take_key(&at, "image")) return unescape(at, head->image);
    if (read_choice(at, &head->choice, &good)) return good;
    if (take_key(&at, "max-steps")) return whole_number(at, ~(word_t)0, &head->max_steps);
    if (take_key(&at, "typed")) return head->typed = true, !*at;
    if (take_key(&at, "lesson")) return unescape(at, head->lesson);
    if (take_key(&at, "variant")) return unescape(at, head->variant);
    if (take_key(&at, "folder")) return unescape(at, head->folder);
    return true;
}

static bool refuse_head(struct problem *p, const struct record_reader *r, const char *what)
{
    return problem_set(p, "`faultline run FILE` does a script without checking states",
                       "line %zu: %s", r->at ? r->at : 1, what);
}

bool record_read_head(struct record_reader *r, struct record_head *head, struct problem *p)
{
    enum record_kind kind;
    const char *line;
    *head = (struct record_head){ 0 };
    while ((line = record_read_line(r, &kind))) {
        if (record_line_is_cut(r)) break;
        if (kind == RECORD_REMARK || (kind == RECORD_TEXT && !*line)) continue;
        if (kind != RECORD_HEADING) {
            r->at--;
            break;
        }
        if (!read_heading(line + 2, head))
            return refuse_head(p, r, "this line of the head says nothing that makes sense");
    }
    if (!head->format) return refuse_head(p, r, "this is no recording: it has no `#: format`");
    if (head->format > RECORD_FORMAT)
        return refuse_head(p, r, "a newer version wrote this: its format is not known here");
    if (!head->kernel[0] || !head->choice.memory)
        return refuse_head(p, r, "the head does not say which kernel, and how much memory");
    return true;
}

static bool refuse_line(struct problem *p, const char *what)
{
    return problem_set(p, "was it edited? docs/recordings.md shows what a line looks like", "%s",
                       what);
}

/* "#+ SHA256 NAME" */
bool record_read_file(const char *line, struct record_file *file, struct problem *p)
{
    const char *at = line + 2 + strspn(line + 2, " ");
    size_t digits = strspn(at, "0123456789abcdef");
    *file = (struct record_file){ 0 };
    if (digits != SHA256_TEXT - 1 || at[digits] != ' ' || !unescape(at + digits + 1, file->name))
        return refuse_line(p, "this names no file: `#+ SHA-256 NAME`");
    memcpy(file->sha256, at, digits);
    return true;
}

static bool take_hash(const char **at, struct state_hash *h)
{
    for (unsigned i = 0; i < STATE_PARTS; i++) {
        for (unsigned n = 0; n < 8; n++) {
            int digit = digit_of(*(*at)++);
            if (digit < 0) return false;
            h->part[i] = h->part[i] << 4 | (uint32_t)digit;
        }
        if (i + 1 < STATE_PARTS && *(*at)++ != '-') return false;
    }
    return true;
}

static bool take_position(const char **at, struct position *position)
{
    word_t phase = 0;
    if (*(*at)++ != '@' || !take_number(at, &position->step)) return false;
    if (**at == '.') {
        ++*at;
        if (!take_number(at, &phase) || !phase || phase > ~0U) return false;
    }
    position->phase = (unsigned)phase;
    return true;
}

/* "[done|failed|check|limit] [interrupted N [on its way]]" */
static bool take_outcome(const char **at, struct record_state *state)
{
    word_t lines = 0;
    bool has_word = false;
    for (unsigned i = 0; i < RECORD_INTERRUPTED && !has_word; i++) {
        has_word = take_key(at, record_outcome_name((enum record_outcome)i));
        if (has_word) state->outcome = (enum record_outcome)i;
    }
    if (!take_key(at, "interrupted")) return true;
    if (!has_word) state->outcome = RECORD_INTERRUPTED;
    if (!take_number(at, &lines) || !lines || lines > ~0U) return false;
    state->lines = (unsigned)lines;
    *at += strspn(*at, " ");
    state->on_its_way = take_key(at, "on its way");
    return true;
}

/* "#=[ @POSITION HASH][ OUTCOME][ | PLACE]" */
bool record_read_state(const char *line, struct record_state *state, struct problem *p)
{
    const char *at = line + 2 + strspn(line + 2, " ");
    *state = (struct record_state){ .is_same = *at != '@' };
    if (!state->is_same) {
        if (!take_position(&at, &state->position) || *at++ != ' ')
            return refuse_line(p, "this is no position: `#= @STEP HASH`");
        if (!take_hash(&at, &state->hash) || (*at && *at != ' '))
            return refuse_line(p, "this is no hash of a state: four times eight digits");
    }
    at += strspn(at, " ");
    if (!take_outcome(&at, state))
        return refuse_line(p, "an interrupted line says how far it came");
    if (take_key(&at, "|"))
        snprintf(state->place, sizeof state->place, "%s", at);
    else if (*at)
        return refuse_line(p, "this says nothing about a state that makes sense");
    return true;
}
