/* SPDX-License-Identifier: BSD-2-Clause */
/* The seL4 model, as seen from outside: a pure function of the world and a trap. No I/O, no
 * allocation, no clock, no chance, no globals. It tells what it does in events. */
#ifndef FAULTLINE_KERNEL_KERNEL_H
#define FAULTLINE_KERNEL_KERNEL_H

#include "kernel/event.h"
#include "kernel/invocation.h"
#include "kernel/object.h"
#include "machine/cpu.h"

/* What the kernel needs to know of the root task's image, which already lies in physical memory
 * from `image_paddr` on: whole pages, contiguous, in order. */
struct boot_image {
    paddr_t image_paddr;
    word_t image_vaddr; /* of its first page */
    word_t image_pages; /* 1 or more */
    word_t entry;       /* first instruction */
};

/* Builds the initial state in a fresh arena as the real kernel does: root task with its CSpace,
 * VSpace, IPC buffer, bootinfo and untyped memory; the idle thread; the first thread runs. False
 * when memory is too small for the image. seL4: src/kernel/boot.c, src/arch/x86/kernel/boot.c. */
bool kernel_boot(struct world *w, const struct kernel_config *config,
                 const struct boot_image *image);

/* Where kernel_boot() wants the image in physical memory, whatever its size. */
paddr_t kernel_image_paddr(void);

/* One entry into the kernel: saves the live registers as the real entry path does, handles the
 * trap, schedules, and restores the registers of the thread that runs next. */
void kernel_entry(struct world *w, const struct trap *trap);

/* Whether a device interrupt waits to be taken, at the machine's present clock. */
bool kernel_interrupt_due(const struct world *w);

/* The clock value at which the next device event comes. */
word_t kernel_next_event(const struct world *w);

/* Of these the next that a device brings, not the kernel's own timer; DEVICE_NEVER when none will. */
word_t kernel_next_line(const struct world *w);

/* Whether an edge of a line would interrupt now. */
bool kernel_hears_line(const struct world *w, unsigned line);

/* SIMPLIFIED: the liberty that the prompt takes (world/hand.h). A thread that is passed over keeps
 * its state and its place in the ready queue, but the scheduler does not choose it. */
void kernel_pass_over(struct world *w, paddr_t tcb, bool passed_over);

/* Chooses anew who runs, as at the end of a kernel entry, saving the live registers of whoever ran. */
void kernel_reschedule(struct world *w);

/* Looks a CPtr up as an invocation does, without a trace: the slot in *slot, or the failure. */
struct lookup_failure kernel_lookup_slot(const struct world *w, paddr_t tcb, word_t cptr,
                                         paddr_t *slot);

/* A level of such a lookup, for drawing. */
struct lookup_level {
    paddr_t cnode_slot; /* that holds the CNode capability; 0 for the TCB's root */
    struct cap cnode;
    word_t bits_left;  /* before this level */
    word_t guard_bits; /* the bits of the CPtr that met the guard */
    bool guard_fits;
    word_t index;
    paddr_t slot; /* reached; 0 when the level failed */
};
enum { LOOKUP_LEVELS_MAX = 64 };

/* Walks `depth` bits of `cptr` from the CNode capability `root`, level by level. Returns how many
 * levels were written; the failure or LOOKUP_OK and the bits left over in *failure. */
unsigned kernel_lookup_levels(const struct world *w, struct cap root, word_t cptr, unsigned depth,
                              struct lookup_level level[LOOKUP_LEVELS_MAX],
                              struct lookup_failure *failure);

/* The slot whose capability this slot's was made of (a revoke there would take it); 0: none. */
paddr_t kernel_slot_parent(const struct world *w, paddr_t slot);
/* Whether that is so of two slots, of which the child comes behind the parent in the derivation list. */
bool kernel_slot_is_parent(const struct world *w, paddr_t parent, paddr_t child);

/* What an invocation with this message would do: decoded against the world as it is, changing nothing. */
struct decoded kernel_predict(const struct world *w, paddr_t tcb, word_t cptr, word_t info);

/* Physical address of a virtual address in a thread's address space; false when not mapped. */
bool kernel_translate(const struct world *w, paddr_t tcb, word_t vaddr, paddr_t *out);

/* Which general register a saved word is while its thread runs, by enum context_reg; REG_COUNT: it is none. */
extern const uint8_t context_live[CTX_COUNT];
/* Where a general register is saved. */
enum context_reg context_saved(unsigned reg);

/* Where the thread will go on: of the thread that runs the live registers, else the saved ones. */
word_t thread_register(const struct world *w, paddr_t tcb, enum context_reg reg);
bool thread_is_runnable(const struct world *w, paddr_t tcb);

/* Stops the process with a message when a rule that must always hold does not. For test builds,
 * after every operation. Returns NULL, or what is wrong. */
const char *kernel_check_invariants(const struct world *w);
/* The same of what refers to objects: nothing outlives its last capability. Of worlds that were booted,
 * as long as the root task's first CNode can be reached from a thread. */
const char *kernel_check_references(const struct world *w);

#endif
