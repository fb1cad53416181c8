/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room offer each other: laying text out, walking what there is, and the
 * facts behind pictures. Facts are values without layout, so that text, a full screen and JSON can be
 * made of the same ones. */
#ifndef FAULTLINE_VIEW_INTERNAL_H
#define FAULTLINE_VIEW_INTERNAL_H

#include "view/form.h"
#include "view/palette.h"
#include "view/view.h"
#include "world/hand.h"
#include "world/session.h"

/* ---- text.c: laying out ---- */
enum { TEXT_SIZE = 256, INDENT = 2 };
#define HARD_SPACE '\x1f' /* a space at which text_wrap() does not break a line */

/* Appends to a text; what does not fit is cut off. */
__attribute__((format(printf, 3, 4))) void text_add(char *text, size_t size, const char *format,
                                                    ...);
/* Writes a text in lines of at most `width` columns: the first begins at column `indent`, the others at
 * `hang`. At most `lines` lines; what is left out then shows as " ~". Returns how many it wrote. */
unsigned text_wrap(FILE *out, const char *text, unsigned width, unsigned indent, unsigned hang,
                   unsigned lines);
/* How many lines of that width the first `length` bytes of a text take. */
unsigned text_lines(const char *text, size_t length, unsigned width);
/* How many columns a UTF-8 text takes when every character takes one. */
size_t text_columns(const char *text);
/* Guests' bytes made harmless, into a text. */
void text_sanitise(char *text, size_t size, const char *bytes, size_t length);
/* A CPtr: decimal while it is as short as a slot's number, else the bits count and it is hex. */
void text_add_cptr(char *text, size_t size, word_t cptr);
/* "4 KiB" for 12. */
void text_size_of_bits(unsigned bits, char *text, size_t size);

static inline const struct world *view_world(const struct view *v)
{
    return session_world_at(v->session);
}

/* ---- walk.c: what there is ---- */
/* All threads, oldest first, the idle thread last: tcb = 0 begins, 0 ends. */
paddr_t threads_next(const struct world *w, paddr_t tcb);
struct cap thread_cspace(const struct world *w, paddr_t tcb);
bool cnode_holds(struct cap cnode, paddr_t slot);
unsigned cnode_slot_count(struct cap cnode);
/* A slot that holds a capability to an object and has a name, the best that the seat can say; 0: none. */
paddr_t object_named_slot(const struct session *s, paddr_t object);
/* Threads in the queue of an endpoint or notification, first in line first: tcb = 0 begins, 0 ends. */
paddr_t queue_next(const struct world *w, struct cap cap, paddr_t tcb);
/* The thread that may still be answered through a thread's caller slot; 0: none. */
paddr_t thread_owes_reply(const struct world *w, paddr_t tcb);
/* System calls are counted; a number that is larger was written in hex, or made of bits. */
enum { SYSCALL_COUNTED_MOST = 999 };
/* The slot with the right to answer a thread: a caller slot, or where it was saved; 0: nobody has it. */
paddr_t thread_reply_slot(const struct world *w, paddr_t tcb);
/* The same when it was saved, by the thread `by` (0: it lies in no thread's own CNode). */
paddr_t thread_saved_reply(const struct world *w, paddr_t tcb, paddr_t *by);
/* The thread in whose TCB or own CNode a slot lies; 0: in nobody's. */
paddr_t slot_thread(const struct world *w, paddr_t slot);
/* "later": a slot's own name, or else what the seat would call it. */
void slot_short_name(const struct session *s, paddr_t slot, char *text, size_t size);
/* Where a thread goes on in user mode, and which word of its context says so. */
enum context_reg thread_goes_on_at(const struct tcb *t);
word_t thread_next_ip(const struct world *w, paddr_t tcb);

/* ---- words.c ---- */
const char *exception_name(word_t vector);    /* "invalid opcode" */
const char *lookup_failure_name(word_t type); /* "MissingCapability" */

/* ---- unfit.c: a capability that a thread cannot receive through ---- */
struct unfit {
    bool bound_elsewhere; /* a notification that another thread's receiving waits for */
    char text[TEXT_SIZE]; /* "note is bound to a, and only a may receive there" */
};
/* Why; "" when it can. */
void view_unfit(const struct session *s, struct cap cap, paddr_t thread, char *text, size_t size);
bool view_bound_elsewhere(const struct world *w, struct cap cap, paddr_t thread);
/* Of a capability fault, or the double fault that it became: what its lookup found, as it is now. False:
 * the lookup failed, it is no such fault, or what lies there fits by now. */
bool view_fault_unfit(const struct session *s, size_t i, struct unfit *unfit);

/* ---- message.c: a message as a value ---- */
struct message_row {
    const char *where; /* "r10", … or "buffer" */
    char field[24];    /* "" in an ordinary message */
    word_t value;
    bool decimal;     /* no address, badge or register */
    bool overwritten; /* register or buffer hold something else by now */
    char meaning[120];
};
struct message_facts {
    word_t info, badge, fault_kind;
    char name[32]; /* "VMFault"; "" for an ordinary message */
    unsigned rows;
    struct message_row row[MESSAGE_MAX_LENGTH];
};
/* False when no message has arrived at the thread. */
bool message_facts(const struct session *s, paddr_t tcb, struct message_facts *m);

/* Of a message that is known otherwise. */
void message_facts_of(const struct world *w, const struct arrival *a, struct message_facts *m);
/* A value in the form of the row's word; the row's own, with ~ when it is no longer there. */
void message_value(const struct message_row *row, word_t value, char *text, size_t size);
void message_row_value(const struct message_row *row, char *text, size_t size);

/* ---- queue.c ---- */
enum { QUEUES_MAX = 256 };
/* Capabilities to all endpoints and notifications that have a name or a queue, each once; how many. */
unsigned queues_all(const struct session *s, struct cap *list, unsigned max);

/* ---- memory.c: an instruction of a thread ---- */
struct code_facts {
    word_t address;
    unsigned length;
    char mark; /* '>': it runs next; '!': it faulted; ' ' */
    bool breakpoint;
    char text[128];
    const char *path; /* its C line; NULL: unknown */
    unsigned line;
};
/* False when nothing is mapped there. */
bool code_facts(const struct session *s, paddr_t tcb, word_t address, struct code_facts *c);
/* "main.c:12  text of the line", of one that has a path. */
void code_source(const struct code_facts *c, char *text, size_t size);
bool code_same_line(const struct code_facts *a, const struct code_facts *b);
/* The address at most `count` instructions before this one in its function; itself when none is known. */
word_t code_before(const struct session *s, paddr_t tcb, word_t address, unsigned count);
/* Bytes of a thread's address space; returns how many there are before the first unmapped one. */
size_t thread_bytes(const struct world *w, paddr_t tcb, word_t address, uint8_t *bytes,
                    size_t length);

/* ---- source.c ---- */
/* A line of a source file, counted from 1; false when it cannot be read. */
bool source_text(const char *path, unsigned line, char *text, size_t size);

/* ---- threads.c ---- */
struct thread_facts {
    paddr_t tcb;
    bool runs, seat, yours, changed;
    word_t state, priority, ip;
    char name[40];
    char waits_for[64]; /* "fault_ep", "handler's answer" or "" */
};
void thread_facts(const struct session *s, paddr_t tcb, struct thread_facts *t);

/* ---- event.c ---- */
/* The i-th field's name in a row's list, NULL behind the last; its length in *length. */
const char *event_field(const char *fields, unsigned i, size_t *length);
/* The word for a field that numbers a row of another table, "VM fault"; NULL for any other. */
const char *event_field_word(const struct world *w, const struct event *e, unsigned i);
/* The sentence of an event into a text. */
void event_text(const struct session *s, const struct event *e, char *text, size_t size);

#endif
