/* SPDX-License-Identifier: BSD-2-Clause */
/* The tales of a fault and of a reply: why, which way the kernel took, and what comes of it. */
#include <inttypes.h>
#include <string.h>

#include "view/story.h"
#include "world/boot.h"

/* ---- A fault ---- */

static void why_cap(const struct story *s, size_t i, char *text, size_t size)
{
    const struct event *fault = session_event(s->s, i),
                       *failed = story_before(s, i, EVENT_LOOKUP_FAILED);
    word_t type = failed ? failed->arg[0] : LOOKUP_MISSING_CAPABILITY;
    if (type < LOOKUP_INVALID_ROOT || type > LOOKUP_GUARD_MISMATCH)
        type = LOOKUP_MISSING_CAPABILITY;
    text_add(text, size, "CPtr ");
    text_add_cptr(text, size, fault->arg[1]);
    struct unfit unfit;
    bool is_unfit = view_fault_unfit(s->s, i, &unfit);
    text_add(text, size, ", while %s: %s", fault->arg[2] ? "receiving" : "sending",
             is_unfit ? unfit.text : lookup_failure_table[type].meaning);
}

/* Why a thread faulted, in words; the event's words are those of struct fault. */
static void why(const struct story *s, size_t i, char *text, size_t size)
{
    const struct event *e = session_event(s->s, i);
    text[0] = '\0';
    switch (e->arg[0]) {
    case FAULT_CAP: why_cap(s, i, text, size); break;
    case FAULT_VM:
        text_add(text, size, "%s",
                 !(e->arg[3] & FAULT_PRESENT) ? "no page there"
                 : e->arg[3] & FAULT_WRITE    ? "the page is read-only"
                                              : "the page is not for user level");
        break;
    case FAULT_UNKNOWN_SYSCALL:
        text_add(text, size, "seL4 has no number ");
        text_add_cptr(text, size, e->arg[1]);
        break;
    case FAULT_USER_EXCEPTION:
        text_add(text, size, "vector %" PRIu64 ", %s", e->arg[1], exception_name(e->arg[1]));
        break;
    default: break;
    }
}

/* The lookup that the kernel made for the handler: the last one behind the fault. */
static bool handler_cptr(const struct story *s, size_t i, word_t *cptr)
{
    const struct event *lookup = story_after(s, i, EVENT_LOOKUP);
    if (lookup) *cptr = lookup->arg[0];
    return lookup;
}

static void tell_delivered(struct story *s, const char *what, const char *name, const char *handler,
                           const struct event *message)
{
    char receiver[48];
    view_thread_name(s->s, message->arg[0], receiver, sizeof receiver);
    story_say(s,
              "%s. The kernel blocks %s on reply, looks up its fault handler%s and sends the "
              "message. %s's recv returns.",
              what, name, handler, receiver);
}

void story_fault(struct story *s, size_t i)
{
    const struct event *e = session_event(s->s, i), *message = story_after(s, i, EVENT_MESSAGE);
    unsigned kind = e->arg[0] < FAULT_KIND_COUNT ? (unsigned)e->arg[0] : FAULT_NONE;
    char name[48], reason[TEXT_SIZE], what[2 * TEXT_SIZE], handler[40] = "";
    word_t cptr = 0;
    if (kind == FAULT_NONE) return;
    view_thread_name(s->s, e->thread, name, sizeof name);
    why(s, i, reason, sizeof reason);
    /* Labels of sentences start with a capital; "VM fault" has one already. */
    snprintf(what, sizeof what, "%s%s%s", fault_table[kind].phrase, *reason ? ": " : "", reason);
    if (what[0] >= 'a' && what[0] <= 'z') what[0] = (char)(what[0] - 'a' + 'A');
    if (handler_cptr(s, i, &cptr)) {
        text_add(handler, sizeof handler, " (slot ");
        text_add_cptr(handler, sizeof handler, cptr);
        text_add(handler, sizeof handler, ")");
    }

    if (story_after(s, i, EVENT_DOUBLE_FAULT))
        story_say(s,
                  "%s. The kernel finds no fault handler for %s%s: nobody hears of it, and %s "
                  "becomes inactive.",
                  what, name, handler, name);
    else if (message && message->arg[0] == s->seat && e->thread != s->seat)
        story_say(s, "label %" PRIu64 " %s, length %" PRIu64 ", badge %#" PRIx64 "%s",
                  message->arg[1], fault_table[kind].name, message->arg[2], message->arg[3],
                  story_same_fault_again(s, e->thread) ? ": the same fault again." : "");
    else if (message)
        tell_delivered(s, what, name, handler, message);
    else
        story_say(s,
                  "%s. The kernel looks up %s's fault handler%s: nobody receives there, so %s is "
                  "blocked on send.",
                  what, name, handler, name);
    bool is_undefined = kind == FAULT_USER_EXCEPTION && e->arg[1] == VECTOR_UD;
    const char *wants = is_undefined ? thread_wants_processor(s->w, e->thread) : NULL;
    if (wants) story_say(s, "tip: %s", wants);
}

/* ---- A reply ---- */

/* The last fault of a thread on this branch. */
static const struct event *last_fault(const struct story *s, paddr_t tcb)
{
    for (size_t i = s->to, first = session_first_event(s->s); i-- > first;) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == EVENT_FAULT && e->thread == tcb) return e;
    }
    return NULL;
}

/* "read", when what a VM fault wanted still is not to be had; NULL when it now is. */
static const char *still_wants(const struct story *s, paddr_t to)
{
    const struct event *e = last_fault(s, to);
    paddr_t page;
    if (!e || (!(e->arg[3] & FAULT_PRESENT) && kernel_translate(s->w, to, e->arg[1], &page)))
        return NULL;
    return e->arg[1] == thread_next_ip(s->w, to) ? "jump"
           : e->arg[3] & FAULT_WRITE             ? "write"
                                                 : "read";
}

/* A trap's IP is behind the instruction. */
static bool was_trap(const struct story *s, paddr_t to)
{
    const struct event *e = last_fault(s, to);
    return e && (e->arg[1] == VECTOR_DB || e->arg[1] == VECTOR_BP || e->arg[1] == VECTOR_OF);
}

/* What a thread that restarts will do once more; "" when it will get past it. */
static void again(const struct story *s, paddr_t to, unsigned kind, bool moved, char *text,
                  size_t size)
{
    const char *access = kind == FAULT_VM ? still_wants(s, to) : NULL;
    text[0] = '\0';
    if (access) snprintf(text, size, ": it will do the same %s again", access);
    if (kind == FAULT_UNKNOWN_SYSCALL && !moved)
        snprintf(text, size, ": it will do the same system call again");
    if (kind == FAULT_CAP) snprintf(text, size, ": it will do its system call again");
    if (kind == FAULT_USER_EXCEPTION && !moved && !was_trap(s, to))
        snprintf(text, size, ": it will do the same instruction again");
}

/* How many words a reply wrote back; of these the one that holds the address decides whether it moved. */
static unsigned words_written(const struct story *s, size_t i)
{
    const struct event *e = story_before(s, i, EVENT_WRITE_BACK);
    return e ? (unsigned)e->arg[2] : 0;
}

static bool writes_ip(unsigned kind, unsigned words)
{
    for (unsigned i = 0; i < words && i < fault_length(kind); i++)
        if (fault_table[kind].word[i].written_back &&
            fault_table[kind].word[i].index == CTX_FAULT_IP)
            return true;
    return false;
}

/* Whether a thread came back to the kernel after event i, so that its registers are of a later time. */
static bool has_entered_since(const struct story *s, size_t i, paddr_t tcb)
{
    while (++i < s->to) {
        const struct event *e = session_event(s->s, i);
        if (e->kind == EVENT_TRAP && e->thread == tcb) return true;
    }
    return false;
}

void story_reply(struct story *s, size_t i)
{
    const struct event *e = session_event(s->s, i);
    paddr_t to = e->arg[0];
    unsigned kind = e->arg[3] < FAULT_KIND_COUNT ? (unsigned)e->arg[3] : FAULT_NONE,
             words = words_written(s, i);
    char name[48], what_again[64], wrote[64] = "";
    view_thread_name(s->s, to, name, sizeof name);
    if (kind == FAULT_NONE) {
        story_say(s, "%s's call returns: label %" PRIu64 ", length %" PRIu64 ".", name, e->arg[1],
                  e->arg[2]);
        return;
    }
    if (words)
        snprintf(wrote, sizeof wrote, "The reply writes %u register%s. ", words,
                 words == 1 ? "" : "s");
    if (!e->arg[4]) {
        story_say(s, "%s%s becomes inactive: the label of the reply was not 0.", wrote, name);
        return;
    }
    if (has_entered_since(s, i, to)) {
        story_say(s, "%s%s %s.", wrote, name, writes_ip(kind, words) ? "goes on" : "restarts");
        return;
    }
    again(s, to, kind, writes_ip(kind, words), what_again, sizeof what_again);
    story_say(s, "%s%s %s 0x%" PRIx64 "%s.", wrote, name,
              writes_ip(kind, words) ? "goes on at" : "restarts at", story_started_at(s, i, to),
              what_again);
}
