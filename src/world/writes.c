/* SPDX-License-Identifier: BSD-2-Clause */
/* Who wrote a place last. History is run again from its checkpoints, the nearest piece first and then
 * ever longer ones. Stores to memory are told by the core, whatever the value; of a register, each
 * instruction of its thread is asked whether it writes it; the kernel's events say what it wrote, and
 * otherwise a write by kernel or person shows as another value. */
#include <stdlib.h>
#include <string.h>

#include "machine/text.h"
#include "world/inside.h"

enum {
    FIRST_PIECE = 1 << 10, /* steps of history that are looked through at first */
    PIECE_GROWS = 16,
    LONGEST_STEPPED = 1 << 20, /* instruction by instruction */
    MEMO = 1 << 10,
    CODE_MAX = 15,
};

/* Which registers an instruction writes, kept while one looks: loops ask the same again and again. */
struct memo {
    word_t ip;
    uint8_t code[CODE_MAX];
    uint32_t writes;
};

struct search {
    struct session *s;
    const struct spot *spot;
    bool only_changes; /* the same value once more is none */
    struct writing found;
    struct memo memo[MEMO];
};

static word_t steps_now(const struct session *s)
{
    return world_state_at(&s->world)->steps;
}

static bool is_interrupted(const struct session *s)
{
    return s->interrupt && *s->interrupt;
}

/* ---- what writes ---- */

static size_t code_at(const struct world *w, paddr_t tcb, word_t ip, uint8_t code[CODE_MAX])
{
    size_t length = 0;
    paddr_t at;
    while (length < CODE_MAX) {
        if (!kernel_translate(w, tcb, ip + length, &at) || !memory_holds(w, at, 1)) break;
        size_t here = PAGE_SIZE - (at & (PAGE_SIZE - 1));
        if (here > CODE_MAX - length) here = CODE_MAX - length;
        memcpy(code + length, memory_at(w, at), here);
        length += here;
    }
    return length;
}

/* Whether the instruction that was just done has the register among what it writes. */
static bool instruction_wrote(struct search *q, word_t ip)
{
    const struct world *w = &q->s->world;
    unsigned reg = context_live[q->spot->reg];
    uint8_t code[CODE_MAX] = { 0 };
    struct memo *m = &q->memo[ip % MEMO];
    if (reg == REG_COUNT) return false;
    size_t length = code_at(w, q->spot->tcb, ip, code);
    if (m->ip != ip || memcmp(m->code, code, CODE_MAX) != 0) {
        *m = (struct memo){ .ip = ip };
        memcpy(m->code, code, CODE_MAX);
        m->writes = instruction_writes(code, length, false);
    }
    return m->writes >> reg & 1;
}

static bool message_wrote(const struct world *w, const struct spot *p, paddr_t tcb, word_t length)
{
    paddr_t buffer = thread_buffer(w, tcb);
    if (p->kind == SPOT_MEMORY) {
        paddr_t from = buffer + (BUFFER_MESSAGE + MESSAGE_REGISTERS) * sizeof(word_t);
        return buffer && p->at + p->size > from &&
               p->at < buffer + (BUFFER_MESSAGE + length) * sizeof(word_t);
    }
    if (p->kind != SPOT_REGISTER || p->tcb != tcb) return false;
    for (unsigned i = 0; i < MESSAGE_REGISTERS && i < length; i++)
        if (CTX_MR0 + i == p->reg) return true;
    return p->reg == CTX_BADGE || p->reg == CTX_MSG_INFO;
}

/* A fault's reply writes registers, a message the receiver's words: the same value shows in events only. */
static bool event_wrote(const struct session *s, const struct event *e, const struct spot *p)
{
    if (e->kind == EVENT_MESSAGE || (e->kind == EVENT_REPLY && e->arg[3] == FAULT_NONE))
        return message_wrote(&s->world, p, e->arg[0], e->arg[2]);
    if (e->kind != EVENT_WRITE_BACK || p->kind != SPOT_REGISTER || p->tcb != e->arg[0])
        return false;
    for (unsigned i = 0; i < e->arg[2] && i < FAULT_WORDS && e->arg[1] < FAULT_KIND_COUNT; i++) {
        const struct fault_word_desc *word = &fault_table[e->arg[1]].word[i];
        if (word->written_back && word->index == p->reg) return true;
    }
    return false;
}

static bool entry_wrote(const struct session *s, const struct spot *p, size_t from)
{
    for (size_t i = from; i < s->log.seen; i++)
        if (event_wrote(s, session_event(s, i), p)) return true;
    return false;
}

/* ---- looking through a piece of history ---- */

static const char *line_before(const struct session *s, size_t input)
{
    const struct journal *j = &s->journal;
    while (input > 0 && j->path[input - 1]->kind != INPUT_COMMAND) input--;
    return input ? j->path[input - 1]->line : NULL;
}

static void note_instruction(struct search *q, word_t ip, word_t step)
{
    struct writing *f = &q->found;
    f->by = WRITER_INSTRUCTION;
    f->thread = q->s->ran.thread;
    f->ip = ip;
    f->step = step;
    f->code_length = code_at(&q->s->world, f->thread, ip, f->code);
}

static void note_entry(struct search *q, size_t from)
{
    struct writing *f = &q->found;
    f->by = WRITER_KERNEL;
    f->thread = q->s->ran.thread;
    f->step = steps_now(q->s) - 1;
    f->from = from;
    f->to = q->s->log.seen;
}

/* A turn was taken: did it write? Events from `from` on are its own. */
static bool note_turn(struct search *q, enum turn turn, size_t from, bool changed)
{
    const struct session *s = q->s;
    bool entered = turn == TURN_ENTERED || turn == TURN_PHASE;
    word_t ip = s->ran.ip, step = steps_now(s) - 1 - entered;
    bool executed = s->ran.instructions > 0, wrote = false;
    if (q->spot->kind == SPOT_MEMORY)
        wrote = executed && core_spied(s->core, &ip);
    else if (q->spot->kind == SPOT_REGISTER && executed && s->ran.thread == q->spot->tcb)
        wrote = (changed && !entered) || (!q->only_changes && instruction_wrote(q, ip));
    else if (q->spot->kind == SPOT_EXPRESSION)
        wrote = changed && !entered;
    if (entered && (changed || (!q->only_changes && entry_wrote(s, q->spot, from))))
        note_entry(q, from);
    else if (wrote && (changed || !q->only_changes))
        note_instruction(q, ip, step);
    else if (changed)
        note_entry(q, from);
    else
        return false;
    return true;
}

static void note_person(struct search *q)
{
    struct session *s = q->s;
    q->found.by = WRITER_PERSON;
    q->found.step = steps_now(s);
    q->found.thread = kernel_at(&s->world)->current;
    q->found.line = line_before(s, s->journal.now.at);
}

/* From the present, which lies before, to there. What is found last, stays. */
static void look_for_write(struct search *q, const struct moment *to)
{
    struct session *s = q->s;
    struct reading before, after;
    spot_read(s, q->spot, &before);
    while (!is_interrupted(s)) {
        enum turn turn = TURN_NOBODY;
        size_t from = s->log.seen;
        bool steps = spot_needs_steps(s, q->spot);
        enum advance advance = travel_advance(s, to, steps ? 1 : TRAVEL_PIECE, false, &turn);
        if (advance == ARRIVED) return;
        spot_read(s, q->spot, &after);
        bool changed = reading_differs(&before, &after), noted = false;
        if (advance == TURNED)
            noted = note_turn(q, turn, from, changed);
        else if (changed)
            note_person(q), noted = true;
        if (noted) q->found.before = before, q->found.after = after;
        before = after;
    }
}

/* To where a piece of history begins: no more than `steps` before `to`, and not inside a kernel entry.
 * False: that is the start. */
static bool go_before(struct session *s, const struct moment *to, word_t steps)
{
    word_t origin = s->journal.origin_steps, at = to->steps;
    struct moment from = { .at = s->journal.origin, .steps = origin };
    if (at - origin > steps) {
        travel_before_entry(s, at - steps);
        from = moment_now(s);
        if (moment_before(&from, to)) return true;
    }
    from = (struct moment){ .at = s->journal.origin, .steps = origin };
    travel(s, &from);
    return false;
}

/* In which phase of its entry a write is seen first. */
static void find_phase(struct search *q)
{
    struct session *s = q->s;
    struct reading now;
    q->found.phase = 0;
    if (!travel_into_entry(s, q->found.step, 1)) return;
    for (bool more = true; more && phases_shown(s); more = phases_forward(s)) {
        spot_read(s, q->spot, &now);
        if (!reading_differs(&now, &q->found.before)) continue;
        q->found.phase = (unsigned)s->phases.at;
        break;
    }
}

bool writes_find(struct session *s, const struct spot *spot, bool only_changes, struct moment to,
                 struct writing *out)
{
    struct search *q = host_allocate(sizeof *q);
    word_t longest = spot->kind == SPOT_MEMORY ? ~(word_t)0 / PIECE_GROWS : LONGEST_STEPPED;
    *q = (struct search){ .s = s, .spot = spot, .only_changes = only_changes };
    if (spot->kind == SPOT_MEMORY) core_spy(s->core, spot->at, spot->size);
    for (word_t piece = FIRST_PIECE; !q->found.by && !is_interrupted(s);) {
        bool more = go_before(s, &to, piece);
        struct moment from = moment_now(s);
        look_for_write(q, &to);
        to = from;
        if (!more) break;
        if (piece < longest) piece *= PIECE_GROWS;
    }
    core_spy(s->core, 0, 0);
    if (q->found.by == WRITER_KERNEL && reading_differs(&q->found.before, &q->found.after))
        find_phase(q);
    *out = q->found;
    free(q);
    return out->by != WRITER_NOBODY;
}

/* ---- from where somebody stands ---- */

/* In the middle of a kernel entry: whether what it has done so far wrote the place. */
static bool entry_so_far(struct session *s, const struct spot *spot, struct writing *out)
{
    struct reading before, now;
    size_t from = s->log.command_begin;
    unsigned phase = (unsigned)s->phases.at;
    word_t step = steps_now(s) - 1;
    paddr_t thread = kernel_at(&s->world)->current;
    spot_read(s, spot, &now);
    travel_before_entry(s, step);
    spot_read(s, spot, &before);
    from = s->log.seen;
    if (!reading_differs(&before, &now)) return false;
    *out = (struct writing){ .by = WRITER_KERNEL,
                             .step = step,
                             .thread = thread,
                             .before = before,
                             .after = now,
                             .from = from };
    travel_into_entry(s, step, phase);
    out->phase = phase;
    out->to = session_event_count(s);
    return true;
}

bool session_last_write(struct session *s, const struct spot *spot, struct writing *out)
{
    struct stand stand;
    bool found = false;
    *out = (struct writing){ 0 };
    stand_leave(s, &stand);
    if (phases_shown(s)) found = entry_so_far(s, spot, out);
    if (!found) found = writes_find(s, spot, false, moment_now(s), out);
    bool interrupted = is_interrupted(s);
    stand_return(s, &stand);
    if (found) out->step -= s->journal.origin_steps;
    return found || !interrupted;
}
