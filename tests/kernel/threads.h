/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel by hand for tests of threads: a few TCBs that share one CNode, an IPC buffer each, two
 * endpoints, a notification; no address spaces. System calls are made with live registers, as a
 * program would. What the kernel tells is kept. */
#ifndef FAULTLINE_TESTS_THREADS_H
#define FAULTLINE_TESTS_THREADS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "kernel/internal.h"

enum { THREADS_MAX = 8, HEARD_MAX = 4096, PRINTED_MAX = 16384 };

/* Slots of the one CNode (8 bits): capabilities with all rights. THREAD_SLOT + n is thread n's TCB. */
enum {
    ENDPOINT_SLOT = 1,
    OTHER_ENDPOINT_SLOT,
    NOTIFICATION_SLOT,
    CNODE_SLOT,
    EMPTY_SLOT = 10,
    THREAD_SLOT = 32,
    SCRATCH_SLOT = 64
};

struct threads {
    struct world w;
    struct event heard[HEARD_MAX];
    unsigned heard_count;
    char printed[PRINTED_MAX];
};

/* For cmocka_unit_test_setup_teardown: *state is a struct threads. Thread 0 is idle; none runs. */
int threads_open(void **state);
int threads_close(void **state);

paddr_t thread_at(unsigned n);  /* thread n's TCB */
paddr_t buffer_at(unsigned n);  /* thread n's IPC buffer */
paddr_t slot_at(unsigned cptr); /* a slot of the CNode */
paddr_t endpoint_address(void);
paddr_t notification_address(void);

/* Makes thread n, named "thread<n>", with everything but an address space; inactive. */
void thread_new(struct threads *t, unsigned n, unsigned priority);
/* Makes thread n runnable, at the tail of its queue. */
void thread_ready(struct threads *t, unsigned n);
/* The scheduler chooses; what it chose is current and has the live registers. */
void threads_start(struct threads *t);
/* Puts an endpoint capability with these rights and badge into a slot. */
void endpoint_cap(struct threads *t, unsigned cptr, word_t rights, word_t badge);

unsigned current_number(const struct threads *t); /* 0: idle */

/* The current thread executes `syscall` with RDX = a call's number. */
void do_syscall(struct threads *t, const char *name, word_t cptr, word_t info);
void do_syscall_number(struct threads *t, word_t number);
void do_exception(struct threads *t, unsigned vector, word_t error_code);
/* The current thread invokes a capability; the error that it was answered with, if it was. */
struct call {
    const char *label;
    unsigned length;
    word_t mr[8];
    unsigned caps;
    word_t cap[3];
};
enum sel4_error do_invoke(struct threads *t, word_t cptr, struct call call);
void do_tick(struct threads *t);
void set_mr(struct threads *t, unsigned i, word_t value); /* of the current thread, live */
word_t mr_of(const struct threads *t, unsigned n, unsigned i);
word_t info_of(const struct threads *t, unsigned n);
word_t badge_of(const struct threads *t, unsigned n);
enum tcb_state state_of(const struct threads *t, unsigned n);
unsigned heard(const struct threads *t, enum event_kind kind); /* how often */

/* Deterministic checks of everything that links threads, after each act of a test. */
void assert_sound(const struct threads *t);

#define THREADS_TEST(name) cmocka_unit_test_setup_teardown(name, threads_open, threads_close)

#endif
