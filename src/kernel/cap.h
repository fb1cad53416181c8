/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities, and the slots that hold them.
 * seL4: include/object/structures_64.bf, include/arch/x86/arch/64/mode/object/structures.bf (facts;
 * the bits lie where this table puts them). A slot is 32 bytes: two words of capability, two of
 * derivation links. Objects are named by physical address. */
#ifndef FAULTLINE_KERNEL_CAP_H
#define FAULTLINE_KERNEL_CAP_H

#include "machine/arena.h"

/* Tags are the real kernel's: DebugCapIdentify shows them. The second name is what a person reads. */
#define CAP_TYPE_LIST(X)                                                                           \
    X(NULL, 0, "null")                                                                             \
    X(FRAME, 1, "frame")                                                                           \
    X(UNTYPED, 2, "untyped")                                                                       \
    X(PAGE_TABLE, 3, "page table")                                                                 \
    X(ENDPOINT, 4, "endpoint")                                                                     \
    X(PAGE_DIRECTORY, 5, "page directory")                                                         \
    X(NOTIFICATION, 6, "notification")                                                             \
    X(PDPT, 7, "PDPT")                                                                             \
    X(REPLY, 8, "reply")                                                                           \
    X(PML4, 9, "PML4")                                                                             \
    X(CNODE, 10, "CNode")                                                                          \
    X(ASID_CONTROL, 11, "ASID control")                                                            \
    X(THREAD, 12, "TCB")                                                                           \
    X(ASID_POOL, 13, "ASID pool")                                                                  \
    X(IRQ_CONTROL, 14, "IRQ control")                                                              \
    X(IRQ_HANDLER, 16, "IRQ handler")                                                              \
    X(ZOMBIE, 18, "zombie")                                                                        \
    X(IO_PORT, 19, "I/O port")                                                                     \
    X(DOMAIN, 20, "domain")                                                                        \
    X(SCHED_CONTEXT, 22, "scheduling context")                                                     \
    X(SCHED_CONTROL, 24, "scheduling control")                                                     \
    X(IO_PORT_CONTROL, 31, "I/O port control")

enum cap_type {
#define X(id, tag, name) CAP_##id = tag,
    CAP_TYPE_LIST(X)
#undef X
        CAP_TYPE_COUNT = 32
};

struct cap {
    word_t word[2];
};

/* Field of a capability type: word, lowest bit, width. The type's tag is in bits 59-63 of word 0.
 * `object` is the physical address of what the capability names, in all types that name an object. */
/* clang-format off */
#define CAP_FIELD_LIST(X)                               \
    /*  type            field             word low bits */ \
    X(untyped,          object,             0,  0, 48)  \
    X(untyped,          size_bits,          0, 48,  6)  \
    X(untyped,          is_device,          0, 54,  1)  \
    X(untyped,          free_index,         1,  0, 48)  /* bytes handed out, in units of 16 */ \
    X(endpoint,         object,             0,  0, 48)  \
    X(endpoint,         can_send,           0, 48,  1)  \
    X(endpoint,         can_receive,        0, 49,  1)  \
    X(endpoint,         can_grant,          0, 50,  1)  \
    X(endpoint,         can_grant_reply,    0, 51,  1)  \
    X(endpoint,         badge,              1,  0, 64)  \
    X(notification,     object,             0,  0, 48)  \
    X(notification,     can_send,           0, 48,  1)  \
    X(notification,     can_receive,        0, 49,  1)  \
    X(notification,     badge,              1,  0, 64)  \
    X(reply,            object,             0,  0, 48)  /* the caller's TCB; MCS: the reply object */ \
    X(reply,            is_master,          0, 48,  1)  \
    X(reply,            can_grant,          0, 49,  1)  \
    X(reply,            is_object,          1,  0,  1)  /* MCS: names a reply object, which is memory */ \
    X(cnode,            object,             0,  0, 48)  \
    X(cnode,            radix,              0, 48,  6)  \
    X(cnode,            guard_size,         1, 58,  6)  \
    X(cnode,            guard,              1,  0, 58)  \
    X(thread,           object,             0,  0, 48)  \
    X(irq_handler,      irq,                1,  0, 16)  \
    X(zombie,           object,             0,  0, 48)  \
    X(zombie,           is_tcb,             0, 48,  1)  \
    X(zombie,           radix,              0, 49,  6)  /* of the CNode that it was */ \
    X(zombie,           number,             1,  0, 64)  /* slots still to be cleared */ \
    X(frame,            object,             0,  0, 48)  \
    X(frame,            size,               0, 48,  2)  /* 0: 4 KiB, 1: 2 MiB, 2: 1 GiB */ \
    X(frame,            is_device,          0, 50,  1)  \
    X(frame,            vm_rights,          0, 51,  2)  \
    X(frame,            is_mapped,          0, 53,  1)  \
    X(frame,            asid,               1, 52, 12)  \
    X(frame,            address,            1,  0, 52)  /* where it is mapped, the low 52 bits */ \
    X(table,            object,             0,  0, 48)  /* page table, page directory, PDPT */ \
    X(table,            is_mapped,          0, 48,  1)  \
    X(table,            asid,               1, 52, 12)  \
    X(table,            address,            1,  0, 52)  \
    X(pml4,             object,             0,  0, 48)  \
    X(pml4,             is_mapped,          0, 48,  1)  \
    X(pml4,             asid,               1, 52, 12)  \
    X(asid_pool,        object,             0,  0, 48)  \
    X(asid_pool,        base,               1,  0, 12)  \
    X(io_port,          first,              1,  0, 16)  \
    X(io_port,          last,               1, 16, 16)  \
    X(sched_context,    object,             0,  0, 48)  \
    X(sched_context,    size_bits,          0, 48,  6)
/* clang-format on */

#define CAP_MASK(bits) ((bits) == 64 ? ~(word_t)0 : ((word_t)1 << ((bits)&63)) - 1)

/* cap_endpoint_badge(cap), cap_endpoint_set_badge(&cap, value) and so on, a pair for each row. */
#define X(type, field, w, low, bits)                                                               \
    static inline word_t cap_##type##_##field(struct cap c)                                        \
    {                                                                                              \
        return (c.word[w] >> (low)) & CAP_MASK(bits);                                              \
    }                                                                                              \
    static inline void cap_##type##_set_##field(struct cap *c, word_t value)                       \
    {                                                                                              \
        word_t mask = CAP_MASK(bits) << (low);                                                     \
        c->word[w] = (c->word[w] & ~mask) | ((value << (low)) & mask);                             \
    }
CAP_FIELD_LIST(X)
#undef X

static inline enum cap_type cap_type(struct cap c)
{
    return (enum cap_type)(c.word[0] >> 59);
}

/* A capability of a type with all fields zero. */
static inline struct cap cap_new(enum cap_type type)
{
    return (struct cap){ .word = { (word_t)type << 59, 0 } };
}

/* Of the frame's size in bytes: 12, 21 or 30. */
static inline unsigned frame_size_bits(struct cap frame)
{
    return PAGE_BITS + 9 * (unsigned)cap_frame_size(frame);
}

/* The object of any capability that names one. */
static inline paddr_t cap_object(struct cap c)
{
    return c.word[0] & CAP_MASK(48);
}

/* A slot. `next` holds the physical address of the next slot (32-byte aligned) and the two flags. */
struct cte {
    struct cap cap;
    word_t mdb_prev;
    word_t mdb_next;
};

enum { SLOT_BITS = 5, MDB_REVOCABLE = 1, MDB_FIRST_BADGED = 2, MDB_FLAGS = 3 };

static inline paddr_t cte_next(const struct cte *s)
{
    return s->mdb_next & ~(word_t)MDB_FLAGS;
}
static inline bool cte_revocable(const struct cte *s)
{
    return s->mdb_next & MDB_REVOCABLE;
}
static inline bool cte_first_badged(const struct cte *s)
{
    return s->mdb_next & MDB_FIRST_BADGED;
}

static inline const struct cte *cte_at(const struct world *w, paddr_t slot)
{
    return (const struct cte *)memory_at(w, slot);
}

static inline struct cte *cte_edit(struct world *w, paddr_t slot)
{
    return (struct cte *)memory_edit_within(w, slot);
}

/* What a frame capability allows; seL4: include/arch/x86/arch/object/structures.h vm_rights_t. */
enum vm_rights { VM_KERNEL_ONLY = 1, VM_READ_ONLY = 2, VM_READ_WRITE = 3 };

/* Rights, as seL4_CapRights_t has them in its word. */
enum { RIGHT_WRITE = 1, RIGHT_READ = 2, RIGHT_GRANT = 4, RIGHT_GRANT_REPLY = 8, RIGHTS_ALL = 15 };

extern const char *cap_type_name(enum cap_type type); /* "endpoint"; "?" for a tag without a type */

#endif
