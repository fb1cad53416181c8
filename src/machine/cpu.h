/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor as software sees it: a user-level x86-64, an Intel Nehalem.
 *
 * `struct cpu` is the live register state, in the arena. `struct core` is what
 * the host keeps to run it fast (decoded instructions, translations): derived,
 * can be thrown away at any moment. The machine knows nothing of seL4: what a
 * trap means is for whoever called core_run(). */
#ifndef FAULTLINE_MACHINE_CPU_H
#define FAULTLINE_MACHINE_CPU_H

#include "machine/arena.h"

/* clang-format off */
/* Numbered as the processor encodes them. */
enum reg {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
    REG_COUNT
};

enum cpu_flag {
    FLAG_CF = 1 << 0, FLAG_FIXED = 1 << 1, FLAG_PF = 1 << 2, FLAG_AF = 1 << 4, FLAG_ZF = 1 << 6,
    FLAG_SF = 1 << 7, FLAG_TF = 1 << 8, FLAG_IF = 1 << 9, FLAG_DF = 1 << 10, FLAG_OF = 1 << 11,
    FLAG_IOPL = 3 << 12, FLAG_NT = 1 << 14, FLAG_RF = 1 << 16, FLAG_VM = 1 << 17, FLAG_AC = 1 << 18,
    FLAG_ID = 1 << 21,
};

enum vector {
    VECTOR_DE = 0, VECTOR_DB = 1, VECTOR_BP = 3, VECTOR_OF = 4, VECTOR_BR = 5, VECTOR_UD = 6,
    VECTOR_NM = 7, VECTOR_NP = 11, VECTOR_SS = 12, VECTOR_GP = 13, VECTOR_PF = 14, VECTOR_MF = 16, VECTOR_AC = 17,
    VECTOR_XM = 19,
};

/* Bits of a page fault's error code. */
enum { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_USER = 4, FAULT_FETCH = 16 };

/* Bits of a page table entry. */
enum { ENTRY_PRESENT = 1, ENTRY_WRITE = 2, ENTRY_USER = 4, ENTRY_ACCESSED = 32, ENTRY_DIRTY = 64, ENTRY_LARGE = 128 };
/* clang-format on */

/* Bits of the debug registers; each of DR7's breakpoints has two that enable it. */
enum { DR6_BREAKPOINTS = 15, DR6_SINGLE_STEP = 1 << 14, DR7_ENABLE = 0xff };

#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)

/* What the system software has set up and cannot be seen in registers, and what the host cannot give.
 * Zero is Nehalem under seL4. */
enum cpu_feature {
    CPU_FPU_DISABLED = 1 << 0, /* CR0.TS: x87 and SSE instructions raise #NM */
    CPU_FSGSBASE = 1 << 1,     /* RDFSBASE and its kin are allowed */
    CPU_OSXMMEXCPT = 1 << 2,   /* an unmasked SSE exception is #XM, else #UD */
    CPU_NX = 1 << 3,           /* the no-execute bit counts */
    CPU_ALIGNMENT = 1 << 4,    /* CR0.AM: EFLAGS.AC asks for alignment (seL4 leaves it clear) */
    CPU_NO_X87 = 1 << 5,       /* x87 and MMX instructions raise #UD: the host has none to lend */
};

enum { DESCRIPTORS = 16 };

/* The state of the processor. No padding; `fpu` is an FXSAVE image. */
struct cpu {
    word_t reg[REG_COUNT];
    word_t rip, rflags;
    word_t fs_base, gs_base;
    word_t cr2, cr3;
    word_t dr[8];
    word_t retired; /* instructions completed since boot; each iteration of REP counts as one */
    word_t clock;   /* nanoseconds since boot: `retired` and what the kernel charged */
    word_t gate_open[4];     /* bit n: `int n` is allowed at user level (descriptor privilege 3) */
    word_t features;         /* enum cpu_feature */
    word_t gdt[DESCRIPTORS]; /* the descriptor table */
    uint16_t cs, ss, ds, es, fs, gs;
    uint16_t debug_pending;    /* bits of DR6 that are to be reported before the next instruction */
    uint16_t has_loaded_stack; /* or behind it: the last one was MOV SS or POP SS */
    uint16_t gdt_limit;        /* offset of its last byte */
    uint16_t reserved[3];
    uint8_t fpu[512];
};

static inline const struct cpu *cpu_at(const struct world *w)
{
    return (const struct cpu *)arena_at(w, ARENA_MACHINE);
}

static inline struct cpu *cpu_edit(struct world *w)
{
    return (struct cpu *)arena_edit(w, ARENA_MACHINE, sizeof(struct cpu));
}

/* For who leaves `fpu` as it is (world.fpu_is_kept). */
static inline struct cpu *cpu_edit_but_fpu(struct world *w)
{
    return (struct cpu *)arena_edit_within(w, ARENA_MACHINE);
}

/* Why the processor left user code. In every case RIP, RFLAGS and the registers are what the
 * processor would have at the kernel's entry: for a fault RIP at the instruction and RF set in
 * RFLAGS; for a trap, `int n` or TRAP_SYSCALL RIP behind it, and for the latter RCX = that RIP and
 * R11 = RFLAGS. Nothing else has changed. */
enum trap_kind {
    TRAP_NONE,      /* the budget is used up; the next instruction has not begun */
    TRAP_EXCEPTION, /* vector, error_code; CR2 is set for #PF */
    TRAP_SYSCALL,
    TRAP_SYSENTER,
    TRAP_INTERRUPT, /* `int vector` through an open gate (3 is TRAP_EXCEPTION #BP instead) */
    TRAP_DEVICE,    /* an interrupt line; raised by the run loop, never by core_run() */
};

struct trap {
    uint32_t kind;
    uint32_t vector;
    word_t error_code;
};

struct core;

/* Makes a core without any cached knowledge out of core_size() bytes, aligned to a page. The room
 * allocates nothing itself; the memory is the caller's. */
size_t core_size(void);
struct core *core_init(void *memory);

/* Runs user code at cpu_at(w) for at most `budget` instructions and keeps `retired` and `clock`.
 * Host time: bounded by the budget. Guest code cannot make it fail. */
struct trap core_run(struct core *c, struct world *w, uint64_t budget);

/* Somebody wants to know who stores into these bytes of physical memory, which lie in one page (size 0:
 * nobody does). core_run() then returns behind each instruction that does, same value or not, and
 * core_spied() says so, and where the instruction stands. */
void core_spy(struct core *c, paddr_t at, unsigned size);
bool core_spied(const struct core *c, word_t *rip);

/* Walks the page tables at `cr3` as the processor does. On success the physical address of
 * `address` in *out and 0 returned; else the error code of the page fault, FAULT_USER included
 * (0x4: not present, also where no memory is). `access` is 0, FAULT_WRITE or FAULT_FETCH. Accessed and
 * dirty bits are left. */
uint64_t page_walk(const struct world *w, paddr_t cr3, word_t address, uint64_t access,
                   paddr_t *out);

/* Whether bits 63 to 47 of an address are equal. */
static inline bool address_is_canonical(word_t address)
{
    return ((address + (UINT64_C(1) << 47)) >> 48) == 0;
}

/* Reset values of a processor that is about to run user code at privilege 3. */
void cpu_reset(struct world *w);

extern const char *const reg_name[REG_COUNT]; /* "rax" … "r15" */

#endif
