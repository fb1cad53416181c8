/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: where objects are made. The watermark is the capability's
 * free index; an untyped without children starts anew, which clears what was
 * used, from the top down, with a preemption point after each chunk.
 *
 * seL4: src/object/untyped.c, and createNewObjects of src/object/objecttype.c. */
#include "kernel/internal.h"

#include <inttypes.h>
#include <string.h>

enum {
    MIN_SCHED_CONTEXT_BITS = 7,
    RESET_CHUNK_BITS = 8, /* CONFIG_RESET_CHUNK_BITS */
};

static const char where[] = "decodeUntypedInvocation";

/* What a Retype asks for, as its words say, and what follows from them. */
struct retype {
    const struct object_desc *type;
    word_t user_size, object_bits;
    paddr_t cnode;
    word_t offset, count;
};

/* arg[] of the invocation. */
enum { ARG_TYPE, ARG_USER_SIZE, ARG_OBJECT_BITS, ARG_OFFSET, ARG_COUNT, ARG_BASE, ARG_RESET };

static struct decoded good(void)
{
    return (struct decoded){ .refusal = { .error = SEL4_NoError } };
}

static struct decoded refuse_argument(word_t number, const char *text)
{
    struct decoded d = refuse(SEL4_InvalidArgument, where, text);
    d.refusal.word[0] = number;
    return d;
}

static struct decoded refuse_range(word_t lowest, word_t highest, const char *text)
{
    struct decoded d = refuse(SEL4_RangeError, where, text);
    d.refusal.word[0] = lowest;
    d.refusal.word[1] = highest;
    return d;
}

/* The real kernel prints these words as int. */
static word_t as_int(word_t word)
{
    return (word_t)(int64_t)(int32_t)(uint32_t)word;
}

static bool object_is(const struct retype *r, enum cap_type cap)
{
    return r->type->cap == cap;
}

static struct decoded decode_type(const struct world *w, const struct call_message *m,
                                  struct retype *r)
{
    r->type = object_row(&kernel_at(w)->numbers, message_word(w, m, 0));
    r->user_size = message_word(w, m, 1);
    if (!r->type) return refuse_argument(0, "Untyped Retype: Invalid object type.");

    bool sane = r->user_size < 64;
    r->object_bits = sane ? object_size_bits(kernel_config(w), r->type, r->user_size) : 64;
    if (r->object_bits > UNTYPED_MAX_BITS)
        return refuse_range(0, UNTYPED_MAX_BITS, "Untyped Retype: Invalid object size.");
    if (object_is(r, CAP_CNODE) && r->user_size == 0)
        return refuse_argument(1, "Untyped Retype: Requested CapTable size too small.");
    if (object_is(r, CAP_UNTYPED) && r->user_size < UNTYPED_MIN_BITS)
        return refuse_argument(1, "Untyped Retype: Requested UntypedItem size too small.");
    if (object_is(r, CAP_SCHED_CONTEXT) && r->user_size < MIN_SCHED_CONTEXT_BITS)
        return refuse_argument(1, "Untyped retype: Requested a scheduling context too small.");
    return good();
}

/* The CNode that receives the capabilities: the root itself at depth 0, else what a lookup finds. */
static struct decoded decode_cnode(const struct world *w, const struct call_message *m,
                                   struct cap *cnode)
{
    word_t depth = message_word(w, m, 3);
    *cnode = m->extra[0];
    if (depth != 0) {
        paddr_t slot;
        struct refusal r =
            lookup_slot_for_cnode_op(w, false, *cnode, message_word(w, m, 2), depth, &slot);
        r.where = where;
        r.text = "Untyped Retype: Invalid destination address.";
        if (r.error != SEL4_NoError) return (struct decoded){ .refusal = r };
        *cnode = cte_at(w, slot)->cap;
    }
    if (cap_type(*cnode) == CAP_CNODE) return good();
    struct decoded d =
        refuse(SEL4_FailedLookup, where, "Untyped Retype: Destination cap invalid or read-only.");
    d.refusal.lookup.type = LOOKUP_MISSING_CAPABILITY;
    d.refusal.lookup.bits_left = depth;
    return d;
}

static struct decoded decode_window(const struct world *w, const struct call_message *m,
                                    struct retype *r)
{
    struct cap cnode;
    struct decoded d = decode_cnode(w, m, &cnode);
    if (d.refusal.error != SEL4_NoError) return d;

    word_t slots = (word_t)1 << cap_cnode_radix(cnode);
    word_t limit = kernel_config(w)->retype_fan_out_limit;
    r->cnode = cap_cnode_object(cnode);
    r->offset = message_word(w, m, 4);
    r->count = message_word(w, m, 5);
    if (r->offset > slots - 1) {
        d = refuse_range(0, slots - 1,
                         "Untyped Retype: Destination node offset #%" PRId64 " too large.");
        d.refusal.text_word[0] = as_int(r->offset);
        return d;
    }
    if (r->count < 1 || r->count > limit) {
        d = refuse_range(1, limit,
                         "Untyped Retype: Number of requested objects (%" PRId64
                         ") too small or large.");
        d.refusal.text_word[0] = as_int(r->count);
        return d;
    }
    if (r->count > slots - r->offset)
        return refuse_range(1, slots - r->offset,
                            "Untyped Retype: Requested destination window overruns size of node.");
    return d;
}

static struct decoded decode_empty_slots(const struct world *w, const struct retype *r)
{
    for (word_t i = r->offset; i < r->offset + r->count; i++) {
        if (cap_type(cte_at(w, r->cnode + (i << SLOT_BITS))->cap) == CAP_NULL) continue;
        struct decoded d =
            refuse(SEL4_DeleteFirst, where,
                   "Untyped Retype: Slot #%" PRId64 " in destination window non-empty.");
        d.refusal.text_word[0] = as_int(i);
        return d;
    }
    return good();
}

static struct decoded refuse_memory(const struct retype *r, word_t left)
{
    struct decoded d = refuse(SEL4_NotEnoughMemory, where,
                              "Untyped Retype: Insufficient memory (%" PRIu64 " * %" PRIu64
                              " bytes needed, %" PRIu64 " bytes available).");
    d.refusal.word[0] = left;
    d.refusal.text_word[0] = r->count;
    d.refusal.text_word[1] = (word_t)1 << r->object_bits;
    d.refusal.text_word[2] = left;
    return d;
}

static paddr_t align_up(paddr_t address, word_t bits)
{
    return (address + CAP_MASK(bits)) & ~CAP_MASK(bits);
}

/* createNewObjects behind the watermark. */
static void create_objects(struct world *w, const struct invocation *i)
{
    const struct object_desc *type = &object_table[i->arg[ARG_TYPE]];
    bool is_device = cap_untyped_is_device(i->cap[0]);
    for (word_t n = 0; n < i->arg[ARG_COUNT]; n++) {
        paddr_t at = i->arg[ARG_BASE] + (n << i->arg[ARG_OBJECT_BITS]);
        paddr_t slot = i->target + ((i->arg[ARG_OFFSET] + n) << SLOT_BITS);
        struct cap cap = object_create(w, type, at, i->arg[ARG_USER_SIZE], is_device);
        slot_insert_new(w, i->slot[0], slot, cap);
        event_emit(w, EVENT_OBJECT_CREATE, i->thread, i->arg[ARG_TYPE], at, slot);
    }
}

static void set_free_index(struct world *w, paddr_t slot, word_t free_index)
{
    struct cap cap = cte_at(w, slot)->cap;
    cap_untyped_set_free_index(&cap, free_index);
    slot_set_cap(w, slot, cap);
}

/* Zeroes physical memory. What is zero already is left alone: a page that nobody wrote to stays so. */
static void memory_clear(struct world *w, paddr_t at, word_t length)
{
    static const uint8_t zero[1 << RESET_CHUNK_BITS];
    if (!(w->mark[(ARENA_MEMORY + at) >> PAGE_BITS] & MARK_USED)) return;
    if (memcmp(memory_at(w, at), zero, length) == 0) return;
    memset(memory_edit(w, at, length), 0, length);
}

/* resetUntypedCap: the free index falls as the memory below it becomes clean, so that a restarted
 * call goes on where it was. */
static enum progress untyped_reset(struct world *w, paddr_t slot)
{
    struct cap cap = cte_at(w, slot)->cap;
    word_t used = cap_untyped_free_index(cap) << UNTYPED_MIN_BITS;
    if (used == 0) return PROGRESS_DONE;

    word_t bits = cap_untyped_size_bits(cap);
    bool is_device = cap_untyped_is_device(cap);
    if (is_device || bits < RESET_CHUNK_BITS) {
        if (!is_device) memory_clear(w, cap_object(cap), (word_t)1 << bits);
        set_free_index(w, slot, 0);
        return PROGRESS_DONE;
    }
    word_t chunk = (word_t)1 << RESET_CHUNK_BITS;
    for (word_t offset = (used - 1) & ~(chunk - 1);; offset -= chunk) {
        memory_clear(w, cap_object(cap) + offset, chunk);
        set_free_index(w, slot, offset >> UNTYPED_MIN_BITS);
        if (preemption_point(w)) return PROGRESS_PREEMPTED;
        if (offset == 0) return PROGRESS_DONE;
    }
}

static enum progress invoke_retype(struct world *w, const struct invocation *i)
{
    paddr_t slot = i->slot[0];
    if (i->arg[ARG_RESET] && untyped_reset(w, slot) == PROGRESS_PREEMPTED)
        return PROGRESS_PREEMPTED;
    paddr_t end = i->arg[ARG_BASE] + (i->arg[ARG_COUNT] << i->arg[ARG_OBJECT_BITS]);
    set_free_index(w, slot, (end - cap_object(i->cap[0])) >> UNTYPED_MIN_BITS);
    create_objects(w, i);
    return PROGRESS_DONE;
}

/* Whether the objects fit, and where the first comes. */
static struct decoded decode_memory(const struct world *w, const struct call_message *m,
                                    const struct retype *r)
{
    bool reset = !slot_has_children(w, m->slot);
    word_t used = reset ? 0 : cap_untyped_free_index(m->cap) << UNTYPED_MIN_BITS;
    word_t left = ((word_t)1 << cap_untyped_size_bits(m->cap)) - used;
    if (left >> r->object_bits < r->count) return refuse_memory(r, left);
    if (cap_untyped_is_device(m->cap) && !object_is(r, CAP_FRAME) && !object_is(r, CAP_UNTYPED))
        return refuse_argument(1, "Untyped Retype: Creating kernel objects with device untyped");

    return (struct decoded){ .invocation = {
                                 .invoke = invoke_retype,
                                 .target = r->cnode,
                                 .slot = { m->slot },
                                 .cap = { m->cap },
                                 .arg = { [ARG_TYPE] = (word_t)(r->type - object_table),
                                          [ARG_USER_SIZE] = r->user_size,
                                          [ARG_OBJECT_BITS] = r->object_bits,
                                          [ARG_OFFSET] = r->offset,
                                          [ARG_COUNT] = r->count,
                                          [ARG_BASE] =
                                              align_up(cap_object(m->cap) + used, r->object_bits),
                                          [ARG_RESET] = reset },
                             } };
}

struct decoded decode_untyped_retype(const struct world *w, const struct call_message *m)
{
    if (m->length < 6 || !m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, where, "Untyped invocation: Truncated message.");
    struct retype r = { 0 };
    struct decoded d = decode_type(w, m, &r);
    if (d.refusal.error == SEL4_NoError) d = decode_window(w, m, &r);
    if (d.refusal.error == SEL4_NoError) d = decode_empty_slots(w, &r);
    if (d.refusal.error == SEL4_NoError) d = decode_memory(w, m, &r);
    return d;
}
