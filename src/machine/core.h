/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of the core: operations, blocks, translations, and how handlers hand over.
 *
 * An instruction is lowered once into an operation of 32 bytes. Operations of a block lie in a row; a
 * handler ends by calling the next one's handler in tail position, with the flags and what is left of
 * the budget in argument registers. A block is entered only with BLOCK_INSTRUCTIONS of budget left
 * and charges what it executed where it is left.
 *
 * Each handler is compiled twice from one source (execute.h). The fast form knows only translations
 * that are there and accesses within one page to pages without a watch. Whatever else comes up stops
 * *before* the instruction, which is then run alone in the careful form: page crossings, stores to
 * pages of code or tables. So a handler must not change anything before its last access has
 * succeeded; a fault then leaves no trace. */
#ifndef FAULTLINE_MACHINE_CORE_H
#define FAULTLINE_MACHINE_CORE_H

#include "machine/cpu.h"
#include "machine/decode.h"
#include "machine/flags.h"
#include "machine/mmx.h"
#include "machine/x87.h"

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

enum core_limits {
    BLOCK_INSTRUCTIONS = 64,
    SHORT_BLOCK = 4, /* of instructions, where blocks are left early again and again */
    UNREST = 8,      /* how many blocks are short behind one that was left early */
    BLOCK_CELLS = BLOCK_INSTRUCTIONS * 4 + 4,
    SLICE = 8192, /* instructions between two returns to core_run: bounds host stack if a compiler
                     makes no tail call somewhere */
    CELLS = 1 << 20,
    BLOCKS = 1 << 17,
    BUCKETS = 1 << 16,
    CODE_PAGES = 1 << 12,
    REGIONS = 16, /* of the cache: what it gives up at once when it is full */
    JUMPS = 1 << 13,
    SPACES = 16,
    TRANSLATIONS = 256,
};

struct op;
typedef const struct op *op_fn(struct core *m, const struct op *op, word_t result, word_t carry,
                               int64_t left);

enum op_flag {
    OP_FLAG_STACK = 1, /* a non-canonical address is #SS */
    OP_FLAG_WIDE = 2,  /* SSE: general registers have 64 bits */
};

struct op {
    op_fn *run;
    int64_t disp; /* displacement, 64-bit immediate, or target of a jump */
    int32_t imm;
    uint32_t at; /* low half of the instruction's address; core.rip_high is the other */
    uint8_t dst, src, base, index; /* byte offsets in core.reg */
    uint8_t scale;  /* a shift count; without a memory operand: a second small immediate */
    uint8_t length; /* of the instruction */
    uint8_t before; /* instructions of the block that come before this one */
    uint8_t flags;  /* enum op_flag */
};

/* Behind an operation that leaves the block for a known address: where that leads, as long as the
 * translations that led there hold (`stamp`). */
struct link {
    const struct op *to;
    word_t stamp;
    word_t unused[2];
};

union cell {
    struct op op;
    struct link link;
};

_Static_assert(sizeof(struct op) == 32 && sizeof(union cell) == 32, "operations are 32 bytes");

struct block {
    word_t rip;
    paddr_t page[2]; /* physical pages of the bytes; the second is NO_PAGE unless it ends there */
    uint32_t first;  /* cell */
    uint32_t next;   /* in the bucket */
    uint32_t sibling[2]; /* next block of the same code page */
    uint16_t bytes;
    bool is_compat; /* decoded as 32-bit code */
    bool is_single; /* one instruction in the careful form */
    bool is_dead;
};

#define NO_PAGE (~UINT64_C(0))

enum { NO_BLOCK = 0, NO_CODE_PAGE = 0 };

/* A page of which the core holds decoded instructions, and in which of its 64 lines they lie, so that
 * data beside code can be written without losing the code. */
struct code_page {
    paddr_t page;
    uint64_t lines;
    uint32_t first;  /* block */
    uint32_t next;   /* in the bucket, or free */
    uint32_t region; /* the last one to count it */
    uint32_t unused;
};

/* A part of the cache: room for blocks, for their cells and for the pages that they lie on. */
struct region {
    uint32_t cells, blocks, pages; /* used */
    uint32_t finds;                /* of its blocks, in the round of `last_used` */
    word_t last_used;
};

/* A translation. A tag is the virtual page, or NO_TAG. `write` is set only if the page is dirty and
 * unwatched, so a hit needs no further marking. */
struct translation {
    word_t read, write;
    uintptr_t host; /* host address minus virtual address */
    word_t unused;
};

#define NO_TAG UINT64_C(1)

struct space {
    paddr_t cr3;
    word_t stamp; /* names this space and its translations as they are; 0: void */
    word_t last_used;
    uint32_t cleaned; /* world.marks_cleaned that the write tags rely on */
    uint32_t unused;
    struct translation tlb[TRANSLATIONS];
};

struct jump {
    word_t rip, stamp;
    const struct op *to;
    word_t unused;
};

struct core {
    word_t reg[SLOT_COUNT]; /* enum reg, enum slot */
    struct translation *tlb;
    word_t stamp;    /* of the current space */
    word_t rip_high; /* of the block that runs */

    /* Valid between handlers and core_run. */
    word_t rip, result, carry;
    int64_t left;
    struct link *pending; /* a link that wants to know where `rip` is */
    struct trap trap;
    bool is_fault;         /* the trap is of fault class: RF is set in the saved flags */
    bool is_careful;       /* the next instruction has to run in the careful form */
    bool is_compat;        /* the code segment is one of 32 bits */
    bool has_loaded_stack; /* MOV SS, POP SS: no #DB behind this instruction */
    word_t rflags;         /* all but the arithmetic flags */
    word_t features;
    int64_t reserve;  /* budget that is not in `left` */
    word_t clock_end; /* clock when the budget is used up */
    bool is_aligning; /* a misaligned access is #AC */

    struct {
        word_t address[4]; /* the first byte */
        uint8_t size[4];
        uint8_t on_execute, on_write, on_read; /* bit n: breakpoint n is enabled for that */
        uint8_t hits;                          /* on data, of the instruction that runs */
    } debug;

    struct {
        paddr_t page; /* NO_PAGE: nobody spies */
        unsigned from, to;
        word_t rip;  /* of the instruction that ran alone last */
        bool is_met; /* it stores there */
        bool is_hit; /* it has */
    } spy;

    word_t miss_address; /* what the fast form did not find */
    uint32_t miss_size;

    /* Bounce buffers of accesses that cross a page, in the careful form. */
    uint8_t bounce_in[16], bounce_out[16];
    uint8_t *bounce_to[2]; /* where bounce_out goes when the instruction is done */
    uint32_t bounce_split, bounce_size;
    paddr_t bounce_device; /* or to a device at this address, 0: not */
    word_t bounce_clock;   /* when */
    bool has_met_device;   /* what comes next, and when, may have changed: core_run() returns */
    uint32_t unrest;       /* how many of the next blocks built are to be short */

    struct x87 x87;

    struct world *world;
    struct cpu *cpu; /* world's: what is not kept above is read and changed there */
    uint8_t *fpu;    /* cpu.fpu, where x87 and SSE keep their state */
    uint8_t *memory; /* world's physical address 0 */
    word_t memory_size;
    word_t stamps; /* the last one given */
    struct space *space;

    word_t round;        /* of the cache: a new one whenever a region is given up */
    word_t blocks_built; /* since the start */
    uint32_t region_now; /* where new blocks go */
    uint32_t free_code_page;
    struct region region[REGIONS];
    uint32_t bucket[BUCKETS], code_page_bucket[CODE_PAGES];
    struct code_page code_page[CODE_PAGES];
    struct jump jump[JUMPS];
    struct space spaces[SPACES];
    struct block block[BLOCKS];
    union cell cell[CELLS];
};

/* In core.features, beside the processor's: no instruction has touched the floating-point units since the
 * kernel filled cpu.fpu. The first one that may do so clears it, here and in world.fpu_is_kept. */
#define CORE_FPU_UNTOUCHED (UINT64_C(1) << 63)

/* Asked by every instruction of the floating-point units before it does anything. */
static inline bool core_fpu_is_disabled(struct core *m)
{
    if (LIKELY(!(m->features & (CPU_FPU_DISABLED | CORE_FPU_UNTOUCHED)))) return false;
    if (m->features & CPU_FPU_DISABLED) return true;
    m->features &= ~CORE_FPU_UNTOUCHED;
    m->world->fpu_is_kept = false;
    return false;
}

/* What POPF and IRET change at privilege 3 with IOPL 0: not IF, not IOPL. */
#define POPF_FLAGS ((word_t)(FLAG_TF | FLAG_DF | FLAG_NT | FLAG_AC | FLAG_ID))

static inline word_t op_rip(const struct core *m, const struct op *op)
{
    return m->rip_high | op->at;
}

static inline struct link *op_link(const struct op *op)
{
    return &((union cell *)(uintptr_t)(op + 1))->link;
}

static inline struct jump *core_jump(struct core *m, word_t rip)
{
    return &m->jump[(rip ^ rip >> 11) % JUMPS];
}

/* The clock as the instruction `op` sees it. */
static inline word_t core_clock(const struct core *m, const struct op *op, int64_t left)
{
    return m->clock_end - (word_t)(m->reserve + left - op->before);
}

/* --- leaving the handlers; each returns NULL for the handler to return ------------------------- */

const struct op *core_leave(struct core *m, word_t rip, word_t result, word_t carry, int64_t left);

/* Before `op`: nothing of it has happened. The reason is in core.trap or core.is_careful. */
op_fn core_stop;
/* Behind `op`, which is complete. */
op_fn core_stop_after;
/* `op` goes to core.rip, and the link behind it may be set. */
op_fn core_follow;
/* The fast form lacks the translation of core.miss_*: finds it and starts `op` again, or stops. */
op_fn core_miss_read, core_miss_write;

void core_raise(struct core *m, uint32_t vector, word_t error_code);

/* --- memory.c ----------------------------------------------------------------------------------- */

/* `size` bytes (at most 16) at a virtual address to be read, or written over; NULL if that stops the
 * instruction. In the careful form the pointer may be a bounce buffer. */
const void *memory_read(struct core *m, const struct op *op, word_t address, unsigned size);
void *memory_write(struct core *m, const struct op *op, word_t address, unsigned size);

/* The careful form's instruction is done: what it wrote to a bounce buffer goes where it belongs. */
void memory_commit(struct core *m);

/* Physical address of a byte to be executed. False: core.trap is set. */
bool memory_fetch(struct core *m, word_t address, paddr_t *out);

/* --- space.c: translations that are kept ------------------------------------------------------------ */

/* Each mode has translations of its own, since links and jumps hang on them. */
#define COMPAT_SPACE (UINT64_C(1) << 63)

/* Chooses the translations of `cr3` for the mode that core.is_compat tells, and drops what the world
 * changed behind our back. */
void space_select(struct core *m, paddr_t cr3);
/* Whether they are chosen and up to date. */
static inline bool space_is_chosen(const struct core *m, paddr_t cr3)
{
    const struct space *s = m->space;
    paddr_t name = m->is_compat ? cr3 | COMPAT_SPACE : cr3 & ~COMPAT_SPACE;
    return s && s->cr3 == name && s->stamp == m->stamp && s->cleaned == m->world->marks_cleaned;
}
void spaces_drop(struct core *m);    /* all translations are void */
void spaces_restamp(struct core *m); /* all links and jumps are void */

/* Where the translation of an address is kept, in the space that is chosen. */
static inline struct translation *translation_of(struct core *m, word_t address)
{
    return &m->tlb[address >> PAGE_BITS & (TRANSLATIONS - 1)];
}

/* No more writes to a page without our notice. */
void memory_watch(struct core *m, paddr_t page, uint8_t mark);

/* No translation for the page behind this address. */
void memory_withhold(struct core *m, word_t address);

/* --- debug.c ------------------------------------------------------------------------------------ */

/* Takes the debug registers over; core.trap is set if something is pending. Needs a space. Not needed
 * where it finds nothing and nothing was taken over before: debug_is_idle(). */
void debug_load(struct core *m, struct cpu *cpu);
static inline bool debug_is_idle(const struct core *m, const struct cpu *cpu)
{
    unsigned before = m->debug.on_execute | m->debug.on_write | m->debug.on_read | m->debug.hits;
    unsigned now = cpu->debug_pending | cpu->has_loaded_stack | (cpu->dr[7] & DR7_ENABLE);
    return !(before | now | m->has_loaded_stack);
}
/* The same in another space: no translations for pages with watched data. */
void debug_withhold(struct core *m);
/* Whether data on this page is watched, so that it must not have a translation. */
bool debug_withholds(const struct core *m, word_t address);
/* Notes an access. False: it hits, so the instruction has to run in the careful form. */
bool debug_access(struct core *m, word_t address, unsigned size, bool is_write);
/* Before an instruction: whether a breakpoint on it hits; then core.trap is set. */
bool debug_fault(struct core *m, struct cpu *cpu);
/* Behind a complete instruction, `traces`: TF was set before it. May set core.trap. */
void debug_trap(struct core *m, struct cpu *cpu, bool traces);

/* --- block.c ------------------------------------------------------------------------------------ */

/* The operations at core.rip, decoded if need be: a block, or (single) one instruction in the careful
 * form. NULL: core.trap is set. */
const struct op *block_find(struct core *m, bool is_single);

/* --- cache.c ------------------------------------------------------------------------------------ */

static inline paddr_t block_at(const struct block *b)
{
    return b->page[0] | (b->rip & (PAGE_SIZE - 1));
}

/* The head of the list in which a block at this place is. */
uint32_t *cache_bucket(struct core *m, paddr_t at, word_t rip, bool is_single, bool is_compat);
/* A block was asked for: what is used stays. */
void cache_use(struct core *m, const struct block *b);
/* Room for a block of BLOCK_CELLS, whose `first` is set; nothing is taken yet. */
struct block *cache_room(struct core *m);
/* Takes the room: the block, complete, and this many cells of it. */
void cache_take(struct core *m, struct block *b, unsigned cells);
void cache_empty(struct core *m);
/* Forgets the blocks of pages that were written to (their MARK_CODE is gone). */
void cache_drop_stale(struct core *m);
/* Whether decoded instructions lie in these bytes of physical memory. */
bool cache_covers(const struct core *m, paddr_t address, unsigned size);

/* --- segment.c ---------------------------------------------------------------------------------- */

/* A segment register, as instructions number them. */
static inline uint16_t *core_segment(const struct core *m, unsigned number)
{
    struct cpu *cpu = m->cpu;
    uint16_t *const segment[] = { &cpu->es, &cpu->cs, &cpu->ss, &cpu->ds, &cpu->fs, &cpu->gs };
    return segment[number];
}

/* Loads a data or stack segment register. False: core.trap is set. */
bool segment_load(struct core *m, unsigned number, uint16_t selector);

/* The descriptor that a selector names; 0: nothing. There is no local table. */
static inline word_t segment_descriptor(const struct core *m, uint16_t selector)
{
    unsigned index = selector >> 3;
    bool is_local = selector & 4;
    if (is_local || index >= DESCRIPTORS || (selector | 7) > m->cpu->gdt_limit) return 0;
    return index ? m->cpu->gdt[index] : 0;
}

/* Whether the code segment that this selector names is one of 32-bit code: a segment, of code, not long. */
static inline bool segment_is_compat(const struct core *m, uint16_t selector)
{
    enum { IS_SEGMENT_BIT = 1 << 12, IS_CODE_BIT = 1 << 11, IS_LONG_BIT = 1 << 21 };
    word_t d = segment_descriptor(m, selector) >> 32;
    return (d & (IS_SEGMENT_BIT | IS_CODE_BIT | IS_LONG_BIT)) == (IS_SEGMENT_BIT | IS_CODE_BIT);
}

/* --- lower.c and execute_*.c -------------------------------------------------------------------- */

/* As instructions encode them. */
enum segment_number { SEGMENT_ES, SEGMENT_CS, SEGMENT_SS, SEGMENT_DS, SEGMENT_FS, SEGMENT_GS };

struct handlers {
    op_fn *plain[OP_COUNT][FORM_COUNT][WIDTH_COUNT];
    op_fn *condition_jump[16], *condition_set[2][16], *condition_move[2][WIDTH_COUNT][16];
    op_fn *extend[2][2][WIDTH_COUNT][WIDTH_COUNT]; /* signed, memory, to, from */
    op_fn *x87[X87_KINDS], *mmx[MMX_KINDS];
};

extern const struct handlers handlers_fast, handlers_careful;
extern op_fn *const sse_handlers[SSE_COUNT][SSE_FORM_COUNT]; /* for both forms */

/* Writes the cells of one instruction and returns how many; *ends says that nothing follows. */
unsigned lower(const struct instruction *i, const struct handlers *h, word_t rip, unsigned before,
               union cell *out, bool *ends);

#endif
