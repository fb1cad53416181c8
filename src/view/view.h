/* SPDX-License-Identifier: BSD-2-Clause */
/* A world turned into text for people. Views read; they change nothing. Each writes whole lines of at
 * most `width` columns to `out` (a stream in memory or a terminal: the caller knows). */
#ifndef FAULTLINE_VIEW_VIEW_H
#define FAULTLINE_VIEW_VIEW_H

#include <stdio.h>

#include "world/build.h"
#include "world/names.h"

struct view {
    const struct session *session;
    FILE *out;
    unsigned width; /* columns, 80 at least */
    bool colour;
    bool ascii; /* no character beyond ASCII */
    bool plain; /* for who listens: a name and a value a line, no tables (form.c) */
};

/* ---- Whole pictures ---- */
void view_threads(
    const struct view *v); /* states in the scheduler dump's words, whose seat, whose turn */
void view_caps(const struct view *v, struct cap cnode,
               bool all); /* a CSpace: named slots first, guards, derivation */
void view_lookup(const struct view *v, paddr_t tcb, word_t cptr,
                 unsigned depth); /* the walk, bit by bit, drawn */
void view_message(const struct view *v,
                  paddr_t tcb); /* as it arrived; marks words that the buffer no longer holds */
/* The same fault's way there and back: had, has, written back, went on. */
void view_flow(const struct view *v, paddr_t tcb);
void view_queue(const struct view *v, paddr_t slot); /* who waits at an endpoint or notification */
void view_queues(const struct view *v);              /* all endpoints that have a name or a queue */
void view_registers(const struct view *v, paddr_t tcb); /* marks what the last command changed */
void view_disassemble(const struct view *v, paddr_t tcb, word_t address,
                      unsigned count); /* with C lines where the ELF has them */
bool view_memory(const struct view *v, paddr_t tcb, word_t address,
                 unsigned bytes); /* false: nothing is mapped there */
void view_breakpoints(const struct view *v);

/* ---- One line or a few ---- */
/* A call as C, with names of the seat's CSpace: "seL4_CNode_Mint(faulter_cspace, 8, 64, …)"; wrapped
 * with a hanging indent. `suffix` ("  =  seL4_NoError") closes it. */
void view_call(const struct view *v, const struct call *call, const char *suffix);
/* An error that a call brought: name, meaning, the words in it, a tip. At most 3 lines. */
void view_error(const struct view *v, const struct call *call, const struct call_result *r);
/* Why the last call since an event was refused, as the debug kernel printed it: for the refusal's text,
 * which no message carries; or NULL. */
const char *view_reason(const struct session *s, size_t from);
/* What a call of the seat's thread would come to, which the kernel has decoded as `d`. At most 3 lines. */
void view_prediction(const struct view *v, const struct call *call, const struct decoded *d);
/* What happened since event number `from`, in at most `lines` lines; then why the run stopped. */
void view_story(const struct view *v, size_t from, const struct stop *stop, unsigned lines);
/* The event's sentence from the table, its holes filled. */
void view_event(const struct view *v, const struct event *e);
/* The same behind its position: event `i` of the session. */
void view_event_at(const struct view *v, size_t i);
/* "@6", "@6.2". */
void view_position(struct position at, char *text, size_t size);
/* Where an event happened; false: "before the start", which cannot be gone to. */
bool view_event_position(const struct session *s, size_t i, char *text, size_t size);
/* Kernel prints and console output since an event or byte, with "kernel| " and "console| " in front. */
void view_serial(const struct view *v, size_t from_event);

/* ---- Words (into a buffer) ---- */
/* The best name for a slot as the seat sees it: NAME, CNODE/NAME, or a CPtr; "slot at 0x…" at worst. */
void view_slot_name(const struct session *s, paddr_t slot, char *text, size_t size);
/* An endpoint, notification or frame by a slot that holds it: the seat's first, then any. */
void view_object_name(const struct session *s, paddr_t object, char *text, size_t size);
/* A thread's name; "TCB at 0x…" for one without. */
void view_thread_name(const struct session *s, paddr_t tcb, char *text, size_t size);
void view_rights(struct cap cap, char *text, size_t size); /* "r w g p" */
void view_cap(const struct session *s, struct cap cap, char *text,
              size_t size); /* "endpoint fault_ep badge 0xcafe r w g p" */
/* What a VM fault's FSR says: "user level, read, page not present". */
void view_fsr(word_t fsr, char *text, size_t size);
/* Guests' bytes made harmless for a terminal: control characters as \xNN but newline and tab. */
void view_sanitise(FILE *out, const char *bytes, size_t length);

#endif
