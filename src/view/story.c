/* SPDX-License-Identifier: BSD-2-Clause */
/* What a command brought about, told in a few sentences: faults with where their message went, replies
 * with what they let a thread do, who woke up, who waits, what a driven thread's instruction did. Made
 * of the events of one command; where the kernel is silent, we speak. */
#include <inttypes.h>
#include <string.h>

#include "machine/text.h"
#include "view/story.h"

/* ---- Messages that are no faults ---- */

static void tell_arrival(struct story *s, const struct event *e)
{
    char name[48], what[TEXT_SIZE];
    unsigned kind = e->arg[5] < FAULT_KIND_COUNT ? (unsigned)e->arg[5] : FAULT_NONE;
    view_thread_name(s->s, e->arg[0], name, sizeof name);
    snprintf(what, sizeof what, "label %" PRIu64 "%s%s, length %" PRIu64 ", badge %#" PRIx64,
             e->arg[1], kind ? " " : "", kind ? fault_table[kind].name : "", e->arg[2], e->arg[3]);
    if (e->arg[0] != s->seat)
        story_say(s, "%s gets the message: %s.", name, what);
    else if (kind && story_same_fault_again(s, e->thread))
        story_say(s, "%s: the same fault again.", what);
    else
        story_say(s, "%s", what);
}

static void tell_signal(struct story *s, size_t i)
{
    const struct event *e = session_event(s->s, i);
    for (size_t j = story_entry_start(s, i); j < s->to; j++) {
        const struct event *woken = session_event(s->s, j);
        char name[48];
        if (j > i && woken->kind == EVENT_TRAP) break;
        /* One to whom it is bound, and who waited for a message, passes through inactive. */
        bool waited = woken->kind == EVENT_STATE &&
                      (woken->arg[1] == TCB_RUNNING || woken->arg[1] == TCB_INACTIVE) &&
                      (woken->arg[0] == TCB_BLOCKED_ON_NOTIFICATION ||
                       woken->arg[0] == TCB_BLOCKED_ON_RECEIVE);
        if (!waited) continue;
        view_thread_name(s->s, woken->thread, name, sizeof name);
        story_say(s, "%s was waiting for it and wakes up with badge %#" PRIx64 ".", name,
                  e->arg[1]);
        return;
    }
    story_say(s, "Nobody waits: the signal is kept, its word is now %#" PRIx64 ".",
              notification_at(s->w, e->arg[0])->badge);
}

/* TCB_Resume takes a thread out of a queue first, and for a moment it is inactive. */
static bool restarts_next(const struct story *s, size_t i)
{
    const paddr_t thread = session_event(s->s, i)->thread;
    while (++i < s->to) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == EVENT_EXIT) return false;
        if (e->kind == EVENT_STATE && e->thread == thread) return e->arg[1] == TCB_RESTART;
    }
    return false;
}

/* States that change by themselves in the eyes of a person: TCB_Suspend, TCB_Resume, deletions. */
static void tell_state(struct story *s, size_t i)
{
    const struct event *e = session_event(s->s, i);
    if (!story_in_invocation(s, i)) return;
    char name[48];
    view_thread_name(s->s, e->thread, name, sizeof name);
    if (e->arg[1] == TCB_INACTIVE && restarts_next(s, i)) return;
    if (e->arg[1] == TCB_INACTIVE)
        story_say(s, "%s becomes inactive.", name);
    else if (e->arg[1] == TCB_RESTART && e->arg[0] != TCB_RUNNING && e->thread != s->seat)
        story_say(s, "%s restarts at 0x%" PRIx64 ".", name, story_started_at(s, i, e->thread));
}

/* Without MCS a thread that receives again gives up the right to answer who called it before. */
static void tell_delete(struct story *s, size_t i)
{
    const struct event *e = session_event(s->s, i);
    char name[48];
    if (e->arg[0] != tcb_slot(e->thread, TCB_CALLER) || story_beside_reply(s, i)) return;
    view_thread_name(s->s, e->thread, name, sizeof name);
    story_say(s, "%s had not answered: by receiving again it gives up the right to.", name);
}

static void tell_transfer(struct story *s, const struct event *e)
{
    char slot[64];
    if (e->arg[3]) {
        story_say(s,
                  "A capability went along and was unwrapped: its badge arrives, no slot is used.");
        return;
    }
    view_slot_name(s->s, e->arg[1], slot, sizeof slot);
    story_say(s, "A capability went along, into %s.", slot);
}

/* A capability that takes no message: who calls has the error for an answer, who sends hears nothing. */
static void tell_refusal(struct story *s, size_t i)
{
    const struct event *e = session_event(s->s, i);
    bool returned = s->stop && s->stop->kind == STOP_DONE && e->thread == s->seat;
    word_t number = thread_register(s->w, s->seat, CTX_RDX);
    const struct syscall_desc *row =
        returned ? syscall_row(&kernel_at(s->w)->numbers, number) : NULL;
    if (!row || story_in_invocation(s, i) || e->arg[0] >= SEL4_ERROR_COUNT) return;
    if (row->id == SYS_Call)
        story_say(s, "The answer is the kernel's own: label %" PRIu64 ", %s.", e->arg[0],
                  error_table[e->arg[0]].name);
    else
        story_say(s, "%s has no answer: the thread hears nothing of that.", row->name);
}

static void tell(struct story *s, size_t i)
{
    const struct event *e = session_event(s->s, i);
    char name[48];
    switch (e->kind) {
    case EVENT_FAULT: story_fault(s, i); break;
    case EVENT_REPLY: story_reply(s, i); break;
    case EVENT_MESSAGE:
        if (!story_in_fault(s, i)) tell_arrival(s, e);
        break;
    case EVENT_REPLY_NOBODY:
        view_thread_name(s->s, e->thread, name, sizeof name);
        story_say(s, "nobody was waiting for %s's reply", name);
        break;
    case EVENT_CAP_TRANSFER: tell_transfer(s, e); break;
    case EVENT_CAP_DELETE: tell_delete(s, i); break;
    case EVENT_ERROR: tell_refusal(s, i); break;
    case EVENT_SIGNAL: tell_signal(s, i); break;
    case EVENT_STATE: tell_state(s, i); break;
    case EVENT_PREEMPT: story_say(s, "Long work made way for an interrupt and goes on."); break;
    case EVENT_HALT:
        view_thread_name(s->s, e->thread, name, sizeof name);
        story_say(s, "%s halts the machine.", name);
        break;
    default: break;
    }
}

/* ---- What driven threads' instructions did ---- */

/* "mov rax, [0x10000000]   rax = 0": an instruction and the register that it set; false for a kernel
 * entry, which other sentences tell of. */
static bool instruction_result(const struct story *s, const struct hand *hand, bool with_text,
                               char *text, size_t size)
{
    char code[128];
    if (!hand->page || !hand->code_length || !memory_holds(s->w, hand->page, hand->code_length))
        return false;
    size_t length = instruction_format(memory_at(s->w, hand->page), hand->code_length, HAND_PAGE,
                                       code, sizeof code);
    if (length != hand->code_length || strncmp(code, "syscall", 7) == 0) return false;
    if (with_text) snprintf(text, size, "%s", code);
    const char *operand = code + strcspn(code, " ");
    operand += strspn(operand, " ");
    for (unsigned r = 0; r < REG_COUNT; r++) {
        size_t n = strlen(reg_name[r]);
        if (strncmp(operand, reg_name[r], n) != 0 || operand[n] != ',') continue;
        text_add(text, size, "%s%s = %#" PRIx64, with_text ? "   " : "", reg_name[r],
                 thread_register(s->w, hand->tcb, context_saved(r)));
        return true;
    }
    return with_text;
}

/* Whether a thread was let run in this command: only one whose instruction was pending is. */
static bool was_let_run(const struct story *s, paddr_t tcb)
{
    for (size_t i = s->from; i < s->to; i++) {
        const struct event *e = session_event(s->s, i);
        if ((e->kind == EVENT_SWITCH && e->arg[1] == tcb) ||
            (e->kind == EVENT_EXIT && e->arg[0] == tcb))
            return true;
    }
    return false;
}

static void tell_instructions(struct story *s)
{
    const struct world_state *state = world_state_at(s->w);
    for (word_t i = 0; i < state->hands_used && i < HANDS_MAX; i++) {
        const struct hand *hand = &state->hands[i];
        if (!hand->tcb || !hand_waits(s->w, hand->tcb) ||
            thread_next_ip(s->w, hand->tcb) != HAND_PAGE + hand->code_length)
            continue;
        bool own = hand->tcb == s->seat;
        char text[TEXT_SIZE] = "", name[48];
        paddr_t ran = s->stop ? s->stop->ran : 0; /* in the past a step is anybody's */
        if (ran ? ran != hand->tcb : !own && !was_let_run(s, hand->tcb)) continue;
        if (own && (!s->stop || s->stop->kind != STOP_DONE || story_seat_entered(s))) continue;
        if (!instruction_result(s, hand, !own, text, sizeof text)) continue;
        view_thread_name(s->s, hand->tcb, name, sizeof name);
        if (own)
            story_say(s, "%s", text);
        else
            story_say(s, "%s ran: %s", name, text);
    }
}

/* ---- When much has happened ---- */

enum { TOLD_ONE_BY_ONE = 4 };

/* A run over many faults and messages is told by their number, and from the last of them on. */
static void tell_many(struct story *s, size_t one_by_one)
{
    size_t faults = 0, messages = 0, last = s->from;
    for (size_t i = s->from; i < s->to; i++) {
        const struct event *e = session_event(s->s, i);
        bool is_message = e->kind == EVENT_MESSAGE && e->arg[5] == FAULT_NONE;
        faults += e->kind == EVENT_FAULT;
        messages += is_message;
        if (e->kind == EVENT_FAULT || is_message) last = i;
    }
    if (faults + messages <= one_by_one) return;
    if (faults) text_add(s->text, sizeof s->text, "%zu fault%s", faults, faults == 1 ? "" : "s");
    if (messages)
        text_add(s->text, sizeof s->text, "%s%zu message%s", faults ? " and " : "", messages,
                 messages == 1 ? "" : "s");
    text_add(s->text, sizeof s->text, "; `timeline` lists them. The last:");
    s->from = story_entry_start(s, last);
}

static void compose(struct story *s, size_t one_by_one)
{
    s->text[0] = '\0';
    tell_many(s, one_by_one);
    for (size_t i = s->from; i < s->to; i++) tell(s, i);
    tell_instructions(s);
    if (s->seat) story_silence(s);
    if (s->seat) story_blocked(s);
    if (s->stop) story_stop(s);
}

/* Where a line of the story that does not fit may end before its end: behind a full stop. */
static size_t shorter(const char *text, size_t length, unsigned width, unsigned lines)
{
    size_t end = length;
    for (size_t i = 1; i < length; i++) {
        if (text[i] != ' ' || text[i - 1] != '.') continue;
        if (text_lines(text, i, width) > lines) break;
        end = i;
    }
    return end;
}

/* The length of the sentences that fit whole into so many lines; the first counts in any case. */
static size_t whole_sentences(const char *text, unsigned width, unsigned lines)
{
    size_t fits = strcspn(text, "\n");
    unsigned used = text_lines(text, fits, width);
    if (used > lines) return shorter(text, fits, width, lines);
    while (text[fits]) {
        size_t next = fits + 1 + strcspn(text + fits + 1, "\n");
        used += text_lines(text + fits + 1, next - fits - 1, width);
        if (used > lines) break;
        fits = next;
    }
    return fits;
}

void view_story(const struct view *v, size_t from, const struct stop *stop, unsigned lines)
{
    size_t held = session_first_event(v->session);
    if (from < held) from = held; /* a long run: what is held no more says nothing */
    struct story s = {
        .s = v->session,
        .w = view_world(v),
        .stop = stop,
        .seat = session_seat(v->session),
        .from = from,
        .to = session_event_count(v->session),
    };
    unsigned width = v->width > 2 * INDENT ? v->width - INDENT : v->width;
    if (stop && stop->kind == STOP_PHASE)
        story_stop(&s);
    else
        compose(&s, TOLD_ONE_BY_ONE);
    if (!v->plain && s.text[whole_sentences(s.text, width, lines)]) {
        s.from = from;
        compose(&s, 1);
    }
    if (!v->plain) s.text[whole_sentences(s.text, width, lines)] = '\0';
    view_text(v, s.text, INDENT, INDENT, lines);
}
