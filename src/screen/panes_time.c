/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened, as strips: commands one after the other, the phases of the last kernel entry. Threads as
 * lanes over time: lanes.c. */
#include <inttypes.h>
#include <string.h>

#include "screen/lanes.h"

void timeline_title(const struct scene *scene, char *text, size_t size)
{
    (void)scene;
    snprintf(text, size, "timeline");
}

/* A piece of a strip, and what it stands for. */
struct piece {
    char text[112];
    struct target target;
};
enum { PIECES_MAX = 64 };

/* How many of the pieces at the end fit into `room`, with `between` columns from one to the next. */
static unsigned pieces_fit(const struct piece *piece, unsigned count, int room, int between)
{
    unsigned fit = 0;
    while (fit < count) {
        room -= (int)text_columns(piece[count - 1 - fit].text) + between;
        if (room < (fit + 1 < count ? between + 1 : -between)) break;
        fit++;
    }
    return fit ? fit : count > 0;
}

/* Draws the last ones; what is left out at the left is a ~. Returns the column behind. */
static int pieces_draw(struct sheet *s, int x, int row, const struct piece *piece, unsigned count,
                       const char *between)
{
    unsigned fit = pieces_fit(piece, count, s->area.width - x - 1, (int)strlen(between));
    if (fit < count) x = sheet_print(s, x, row, LOOK_FAINT, "~%s", between);
    for (unsigned i = count - fit; i < count; i++) {
        int start = x, end = sheet_text(s, x, row, LOOK_PLAIN, piece[i].text);
        x = i + 1 < count ? sheet_text(s, end, row, LOOK_FAINT, between) : end;
        if (piece[i].target.kind != TARGET_NONE)
            sheet_spot(s, row, start, end - start, piece[i].target);
    }
    return x;
}

/* ---- The strip of commands ---- */

/* A command, from its step until the next one begins. */
struct stretch {
    const struct past *past;
    word_t end;
};

static struct sign *sign_find(struct signs *signs, const struct stretch *c)
{
    for (size_t i = 0; signs && i < sizeof signs->kept / sizeof signs->kept[0]; i++) {
        struct sign *sign = &signs->kept[i];
        bool same = strncmp(sign->line, c->past->line, sizeof sign->line - 1) == 0;
        if (*sign->line && same && sign->step == c->past->step && sign->end == c->end) return sign;
    }
    return NULL;
}

static void sign_keep(struct signs *signs, const struct stretch *c, const char *text)
{
    if (!signs || !*text || sign_find(signs, c)) return;
    struct sign *sign = &signs->kept[signs->next];
    signs->next = (signs->next + 1) % (sizeof signs->kept / sizeof signs->kept[0]);
    *sign = (struct sign){ .step = c->past->step, .end = c->end };
    snprintf(sign->line, sizeof sign->line, "%s", c->past->line);
    snprintf(sign->text, sizeof sign->text, "%s", text);
}

/* What became of a command's thread: " !VMFault", " ~" when it blocked. Its events are those before
 * number *end and not before its step; *end becomes the first of them. */
static void command_sign(const struct scene *scene, const struct stretch *c, size_t *end,
                         char *text, size_t size)
{
    const struct session *s = scene->session;
    word_t state = TCB_RUNNING, fault = FAULT_NONE;
    bool met = false;
    size_t first = session_first_event(s);
    if (scene->shell->start > first) first = scene->shell->start;
    for (; *end > first && session_event_position(s, *end - 1).step >= c->past->step; --*end) {
        const struct event *e = session_event(s, *end - 1);
        if (e->kind == EVENT_FAULT && e->arg[0] < FAULT_KIND_COUNT) fault = e->arg[0];
        if (met || e->kind != EVENT_STATE || e->thread != c->past->seat) continue;
        state = e->arg[1];
        met = true;
    }
    if (fault) text_add(text, size, " !%s", fault_table[fault].name);
    bool waits = state == TCB_BLOCKED_ON_RECEIVE || state == TCB_BLOCKED_ON_SEND ||
                 state == TCB_BLOCKED_ON_NOTIFICATION;
    if (waits) text_add(text, size, " ~");
    bool is_whole = *end > first || first == scene->shell->start;
    const struct sign *kept = is_whole ? NULL : sign_find(scene->gaze.signs, c);
    if (is_whole)
        sign_keep(scene->gaze.signs, c, text);
    else if (kept)
        snprintf(text, size, "%s", kept->text);
}

/* "@3 handler recv ~" */
static void command_text(const struct scene *scene, const struct stretch *c, size_t *end,
                         char *text, size_t size)
{
    const struct past *past = c->past;
    static const char slowly[] = "slowly ";
    const char *line = past->line;
    char name[48] = "", verb[24];
    if (strncmp(line, slowly, sizeof slowly - 1) == 0) line += sizeof slowly - 1;
    if (past->seat) view_thread_name(scene->session, past->seat, name, sizeof name);
    snprintf(verb, sizeof verb, "%.*s", (int)strcspn(line, " (\n"), line);
    char sign[32] = "";
    command_sign(scene, c, end, sign, sizeof sign);
    snprintf(text, size, "@%" PRIu64 " %s%s%s%s", past->step, name, *name ? " " : "", verb, sign);
}

/* Whether a command only moved the machine, and nothing came of it that has a sign. */
static bool is_stride(const char *text)
{
    const char *word = strchr(text, ' ');
    return word && (strcmp(word, " step") == 0 || strcmp(word, " next") == 0);
}

/* The newest commands that fit, the oldest at the left, then the present. Of strides in a row, as a run that is
 * watched is made of, the first stands for all. */
static void strip_draw(const struct scene *scene, struct sheet *s, int row)
{
    enum { LOOKED_AT = 200 };
    struct piece piece[PIECES_MAX] = { 0 };
    struct past past;
    struct stretch c = { .past = &past, .end = session_position(scene->session).step };
    size_t end = session_event_count(scene->session);
    unsigned at = PIECES_MAX - 1;
    scene_position(scene, piece[at].text, sizeof piece[at].text);
    text_add(piece[at].text, sizeof piece[at].text, " now");
    for (unsigned i = 0; i < LOOKED_AT && session_past(scene->session, i, &past); i++) {
        struct piece next = { .target = { TARGET_STEP, past.step } };
        command_text(scene, &c, &end, next.text, sizeof next.text);
        c.end = past.step;
        bool same = is_stride(next.text) && is_stride(piece[at].text);
        if (!same && at == 0) break;
        if (!same) at--;
        piece[at] = next;
    }
    pieces_draw(s, 1, row, piece + at, PIECES_MAX - at, " | ");
}

/* ---- Phases of the last kernel entry ---- */

/* What a phase is called; with the CPtr of a lookup and the receiver of a message. */
static void phase_word(const struct scene *scene, const struct event *e, char *text, size_t size)
{
    char name[48];
    snprintf(text, size, "%s", event_table[e->kind].word);
    if (e->kind == EVENT_LOOKUP) {
        text_add(text, size, " CPtr ");
        text_add_cptr(text, size, e->arg[0]);
    } else if (e->kind == EVENT_MESSAGE || e->kind == EVENT_REPLY) {
        view_thread_name(scene->session, e->arg[0], name, sizeof name);
        text_add(text, size, " to %s", name);
    } else if (e->kind == EVENT_SWITCH) {
        view_thread_name(scene->session, e->arg[1], name, sizeof name);
        text_add(text, size, " to %s", name);
    }
}

/* Says nothing of its own here: it comes with every entry, or with the one before it. */
static bool is_minor(const struct event *e, paddr_t idle)
{
    return e->kind == EVENT_TRAP || e->kind == EVENT_CAP_INSERT ||
           (e->kind == EVENT_SWITCH && e->arg[1] == idle);
}

/* The phases of events [from, to); `minor`: those that come with every entry, too. */
static unsigned phase_pieces(const struct scene *scene, size_t from, size_t to, bool minor,
                             struct piece piece[PIECES_MAX])
{
    unsigned count = 0;
    for (size_t i = from; i < to && count < PIECES_MAX; i++) {
        const struct event *e = session_event(scene->session, i);
        if (!event_table[e->kind].phase) continue;
        if (!minor && is_minor(e, kernel_at(scene->world)->idle)) continue;
        phase_word(scene, e, piece[count].text, sizeof piece[count].text);
        piece[count++].target = (struct target){ TARGET_EVENT, i };
    }
    return count;
}

/* The last one is shown now. */
static void embrace(struct piece *piece)
{
    char shown[sizeof piece->text];
    snprintf(shown, sizeof shown, "[%.100s]", piece->text);
    memcpy(piece->text, shown, sizeof shown);
}

static void phases_draw(const struct scene *scene, struct sheet *s, int row)
{
    size_t from, to;
    struct piece piece[PIECES_MAX] = { 0 };
    unsigned phases, at = session_phase(scene->session, &phases, NULL);
    if (!scene_entry(scene, &from, &to)) {
        bool any = session_event_count(scene->session) > scene->shell->start;
        sheet_text(s, 1, row, LOOK_FAINT,
                   any ? "The last command did not enter the kernel."
                       : "Nothing has entered the kernel yet.");
        return;
    }
    int x = at ? sheet_print(s, 1, row, LOOK_TITLE, "phase %u of %u: ", at, phases)
               : sheet_print(s, 1, row, LOOK_PLAIN, "@%" PRIu64 ": ",
                             session_event_position(scene->session, from).step);
    unsigned count = phase_pieces(scene, from, to, at != 0, piece);
    if (!count) count = phase_pieces(scene, from, to, true, piece);
    if (at && count) embrace(&piece[count - 1]);
    int end = pieces_draw(s, x, row, piece, count, " > ");
    if (!at || !count || !sheet_shows(s, row)) return;
    int width = (int)text_columns(piece[count - 1].text);
    area_look(&s->area, end - width, row - s->scroll, width, LOOK_CHOSEN);
}

void timeline_draw(const struct scene *scene, struct sheet *s)
{
    int rows = lanes_want(scene), height = s->area.height;
    if (height == 0) { /* counted only */
        s->rows = s->area.width >= 100 ? rows + 2 : 2;
        return;
    }
    rows = height - 2 < rows ? height - 2 : rows;
    if (rows >= LANES_LEAST)
        lanes_draw(scene, s, rows);
    else
        rows = height > 2 ? height - 2 : 0;
    if (height >= 1) strip_draw(scene, s, height > 1 ? rows : 0);
    if (height > 1) phases_draw(scene, s, rows + 1);
}
