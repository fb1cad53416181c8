/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads driven by hand. Whatever a person makes a thread do is one real instruction (or the few
 * that were typed as asm), executed by that thread from a page of its own, with a real message in
 * its real IPC buffer.
 *
 * A thread is driven by hand while its IP is on its hand page. With nothing typed it waits for its
 * person: it keeps state and place in the ready queue, but the scheduler passes it over.
 * SIMPLIFIED: that passing over, and that a person's fingers write the hand page, the registers and the
 * IPC buffer directly, are the liberties that the prompt takes; everything else is a system call. */
#ifndef FAULTLINE_WORLD_HAND_H
#define FAULTLINE_WORLD_HAND_H

#include "world/session.h"

/* Where a thread made for the prompt has its pages (virtual addresses). */
enum {
    HAND_BUFFER =
        0x7fd000, /* IPC buffer of threads that `new thread` made; the root task's is where the kernel put it */
    HAND_STACK = 0x7fe000, /* one page, the stack pointer starts near its top */
    HAND_PAGE = 0x7ff000,  /* what is typed stands at its start */
};

/* What is typed: code, and what the fingers set before it runs. */
struct hand_act {
    uint8_t code[256];
    size_t length;
    uint32_t set; /* bit n: reg[n] is set first */
    word_t reg[REG_COUNT];
    bool set_message; /* the words below are put where a message lies */
    unsigned mr_count;
    word_t mr[MESSAGE_MAX_LENGTH];
    unsigned cap_count;
    word_t cap[MESSAGE_MAX_CAPS];
    bool set_receive; /* the receive slot in the IPC buffer */
    word_t receive_cnode, receive_index, receive_depth;
    char text[128]; /* not empty: put into the buffer's message, as seL4_DebugNameThread does */
    bool is_stub;   /* a libsel4 call: its stub keeps the stack pointer, which sysret clears */
};

/* Whether a thread is driven by hand now, and whether it waits for its person. */
bool hand_drives(const struct world *w, paddr_t tcb);
bool hand_waits(const struct world *w, paddr_t tcb);
/* Makes a thread known as one whose hand page is the frame at `page`, mapped at HAND_PAGE. */
bool hand_adopt(struct session *s, paddr_t tcb, paddr_t page, struct problem *p);

/* Lets the seat's thread do it, and runs the machine by the kernel's own scheduling until that has
 * ended, or nothing can run any more, or a limit. Refused (false) when the thread runs a program, is
 * blocked or inactive: the problem says why and what to try. */
bool hand_do(struct session *s, const struct hand_act *act, struct stop *stop, struct problem *p);

/* Whether hand_do() would be refused, and why. */
bool hand_can_act(const struct session *s, struct problem *p);

#endif
