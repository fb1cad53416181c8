/* SPDX-License-Identifier: BSD-2-Clause */
/* How handlers are written, so that one source gives both forms (core.h). Included by execute_fast.c
 * with CAREFUL 0 and by execute_careful.c with CAREFUL 1, before the files with the handlers.
 *
 * A handler reads what it needs, asks for the places it will write (READ, WRITE: these may stop it),
 * and only then changes registers, flags and memory. READ and WRITE may occur once in a handler; one
 * that needs two accesses takes READ_ANY and WRITE_ANY, which cost a call when they miss. */
#include "machine/core.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_TAIL_CALLS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_TAIL_CALLS 0
#else
#define HAS_TAIL_CALLS 1
#endif
#elif defined(__OPTIMIZE__)
#define HAS_TAIL_CALLS 1
#else
#define HAS_TAIL_CALLS 0
#endif

#if defined(__clang__) && HAS_TAIL_CALLS
#define TAIL __attribute__((musttail)) return
#else
#define TAIL return
#endif

#define HANDLER(name)                                                                              \
    static const struct op *name(struct core *m, const struct op *op, word_t result, word_t carry, \
                                 int64_t left)

/* Operands by their width in bits. */
typedef uint8_t uint_8;
typedef uint16_t uint_16;
typedef uint32_t uint_32;
typedef uint64_t uint_64;
typedef int8_t int_8;
typedef int16_t int_16;
typedef int32_t int_32;
typedef int64_t int_64;

/* gcc 12 takes a conversion to an aligned typedef of an unsigned type for a change of sign. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* Registers are reached by byte offset; guest memory has no alignment. */
typedef uint8_t memory_8;
typedef uint16_t memory_16 __attribute__((may_alias, aligned(1)));
typedef uint32_t memory_32 __attribute__((may_alias, aligned(1)));
typedef uint64_t memory_64 __attribute__((may_alias, aligned(1)));
__extension__ typedef unsigned __int128 wide_t;
__extension__ typedef __int128 swide_t;

#define AT(type, offset)  (*(memory_##type *)((uint8_t *)m->reg + (offset)))
#define EFFECTIVE_ADDRESS (AT(64, op->base) + (AT(64, op->index) << op->scale) + (word_t)op->disp)

/* Hands over to another operation. */
#if CAREFUL || !HAS_TAIL_CALLS
#define GO(next)                                                                                   \
    do {                                                                                           \
        m->result = result;                                                                        \
        m->carry = carry;                                                                          \
        m->left = left;                                                                            \
        return (next);                                                                             \
    } while (0)
#else
#define GO(next) TAIL(next)->run(m, (next), result, carry, left)
#endif

#define NEXT GO(op + 1)
#define STOP return core_stop(m, op, result, carry, left)
#define RAISE(vector, code)                                                                        \
    do {                                                                                           \
        core_raise(m, (vector), (code));                                                           \
        STOP;                                                                                      \
    } while (0)

#define READ_ANY(type, name, where)                                                                \
    const type *name = memory_read(m, op, (where), sizeof(type));                                  \
    if (!name) STOP

#define WRITE_ANY(type, name, where)                                                               \
    type *name = memory_write(m, op, (where), sizeof(type));                                       \
    if (!name) STOP

#if CAREFUL
#define READ  READ_ANY
#define WRITE WRITE_ANY
#else
#define ACCESS(type, name, where, kind)                                                            \
    word_t name##_at = (where);                                                                    \
    const struct translation *name##_t = &m->tlb[name##_at >> PAGE_BITS & (TRANSLATIONS - 1)];     \
    if (UNLIKELY(name##_t->kind != ((name##_at + sizeof(type) - 1) & ~(word_t)(PAGE_SIZE - 1)))) { \
        m->miss_address = name##_at;                                                               \
        m->miss_size = sizeof(type);                                                               \
        TAIL core_miss_##kind(m, op, result, carry, left);                                         \
    }
#define READ(type, name, where)                                                                    \
    ACCESS(type, name, where, read)                                                                \
    const type *name = (const type *)(name##_t->host + name##_at)
#define WRITE(type, name, where)                                                                   \
    ACCESS(type, name, where, write)                                                               \
    type *name = (type *)(name##_t->host + name##_at)
#endif

/* Leaves the block for an address that the link behind `op` knows, `left` being charged already. */
#if CAREFUL
#define FOLLOW(target) return core_leave(m, (target), result, carry, left)
#else
#define FOLLOW(target)                                                                             \
    do {                                                                                           \
        const struct link *link = op_link(op);                                                     \
        if (LIKELY(link->stamp == m->stamp && left >= BLOCK_INSTRUCTIONS)) GO(link->to);           \
        m->rip = (target);                                                                         \
        TAIL core_follow(m, op, result, carry, left);                                              \
    } while (0)
#endif

/* Whether a jump may go there; without a remembered jump, since those are canonical. */
#define JUMP_IS_KNOWN(target) (!CAREFUL && core_jump(m, target)->rip == (target))
#define CHECK_TARGET(target)                                                                       \
    if (UNLIKELY(!JUMP_IS_KNOWN(target) && !address_is_canonical(target))) RAISE(VECTOR_GP, 0)

/* Leaves the block for a computed address. */
#if CAREFUL
#define JUMP(target) return core_leave(m, (target), result, carry, left)
#else
#define JUMP(target)                                                                               \
    do {                                                                                           \
        const struct jump *jump = core_jump(m, (target));                                          \
        bool is_known = jump->rip == (target) && jump->stamp == m->stamp;                          \
        if (LIKELY(is_known && left >= BLOCK_INSTRUCTIONS)) {                                      \
            m->rip_high = (target) >> 32 << 32;                                                    \
            GO(jump->to);                                                                          \
        }                                                                                          \
        return core_leave(m, (target), result, carry, left);                                       \
    } while (0)
#endif

#define CONDITIONS(X)                                                                              \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
