/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked of a CNode: to copy, mint, move, mutate, rotate, delete and
 * revoke capabilities, to cancel badged sends, to save the caller.
 *
 * seL4: src/object/cnode.c decodeCNodeInvocation and invokeCNode*. The checks
 * come in the real one's order, and print its words. */
#include "kernel/internal.h"

static const char where[] = "decodeCNodeInvocation";

static struct decoded refused(struct refusal r, const char *text)
{
    r.where = where;
    r.text = text;
    return (struct decoded){ .refusal = r };
}

static bool slot_is_taken(const struct world *w, paddr_t slot)
{
    return cap_type(cte_at(w, slot)->cap) != CAP_NULL;
}

static struct refusal missing_capability(bool is_source, word_t depth)
{
    return (struct refusal){ .error = SEL4_FailedLookup,
                             .word = { is_source },
                             .lookup = { .type = LOOKUP_MISSING_CAPABILITY, .bits_left = depth } };
}

/* The slot that every operation names first: words 0 and 1. */
static struct decoded decode_target(const struct world *w, const struct call_message *m,
                                    paddr_t *slot)
{
    if (m->length < 2)
        return refuse(SEL4_TruncatedMessage, where, "CNode operation: Truncated message.");
    struct refusal r = lookup_slot_for_cnode_op(w, false, m->cap, message_word(w, m, 0),
                                                message_word(w, m, 1), slot);
    if (r.error != SEL4_NoError) return refused(r, "CNode operation: Target slot invalid.");
    return (struct decoded){ .refusal = { .error = SEL4_NoError } };
}

/* Both slots of Copy, Mint, Move and Mutate. */
static struct decoded decode_slots(const struct world *w, const struct call_message *m,
                                   paddr_t *destination, paddr_t *source)
{
    struct decoded d = decode_target(w, m, destination);
    if (d.refusal.error != SEL4_NoError) return d;
    if (m->length < 4 || !m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, where,
                      "CNode Copy/Mint/Move/Mutate: Truncated message.");
    if (slot_is_taken(w, *destination))
        return refuse(SEL4_DeleteFirst, where,
                      "CNode Copy/Mint/Move/Mutate: Destination not empty.");

    word_t depth = message_word(w, m, 3);
    struct refusal r =
        lookup_slot_for_cnode_op(w, true, m->extra[0], message_word(w, m, 2), depth, source);
    if (r.error != SEL4_NoError)
        return refused(r, "CNode Copy/Mint/Move/Mutate: Invalid source slot.");
    if (!slot_is_taken(w, *source))
        return refused(missing_capability(true, depth),
                       "CNode Copy/Mint/Move/Mutate: Source slot invalid or empty.");
    return d;
}

static enum progress invoke_insert(struct world *w, const struct invocation *i)
{
    slot_insert(w, i->cap[0], i->slot[1], i->slot[0]);
    return PROGRESS_DONE;
}

static enum progress invoke_move(struct world *w, const struct invocation *i)
{
    slot_move(w, i->cap[0], i->slot[1], i->slot[0]);
    return PROGRESS_DONE;
}

/* The last check of all four: what would come out must be a capability. */
static struct decoded decode_outcome(struct cap cap, paddr_t destination, paddr_t source,
                                     enum progress (*invoke)(struct world *,
                                                             const struct invocation *))
{
    if (cap_type(cap) == CAP_NULL)
        return refuse(SEL4_IllegalOperation, where,
                      "CNode Copy/Mint/Move/Mutate: Mutated cap would be invalid.");
    return (struct decoded){ .invocation = { .invoke = invoke,
                                             .target = destination,
                                             .slot = { destination, source },
                                             .cap = { cap } } };
}

/* The capability that Copy and Mint start from. */
static struct cap masked_source(const struct world *w, const struct call_message *m, paddr_t source)
{
    struct cap cap = cte_at(w, source)->cap;
    word_t rights = message_word(w, m, 4);
    frame_rights_print(w, cap, rights);
    return cap_mask_rights(cap, rights);
}

static struct decoded decode_derived(const struct world *w, struct cap cap, paddr_t destination,
                                     paddr_t source, const char *text)
{
    struct cap derived;
    struct refusal r = cap_derive(w, source, cap, &derived);
    if (r.error != SEL4_NoError) {
        r.first_where = r.where;
        r.first_text = r.text;
        return refused(r, text);
    }
    return decode_outcome(derived, destination, source, invoke_insert);
}

struct decoded decode_cnode_copy(const struct world *w, const struct call_message *m)
{
    paddr_t destination, source;
    struct decoded d = decode_slots(w, m, &destination, &source);
    if (d.refusal.error != SEL4_NoError) return d;
    if (m->length < 5)
        return refuse(SEL4_TruncatedMessage, where, "Truncated message for CNode Copy operation.");
    return decode_derived(w, masked_source(w, m, source), destination, source,
                          "Error deriving cap for CNode Copy operation.");
}

struct decoded decode_cnode_mint(const struct world *w, const struct call_message *m)
{
    paddr_t destination, source;
    struct decoded d = decode_slots(w, m, &destination, &source);
    if (d.refusal.error != SEL4_NoError) return d;
    if (m->length < 6)
        return refuse(SEL4_TruncatedMessage, where, "CNode Mint: Truncated message.");
    struct cap cap = masked_source(w, m, source);
    return decode_derived(w, cap_update_data(false, message_word(w, m, 5), cap), destination,
                          source, "Error deriving cap for CNode Mint operation.");
}

struct decoded decode_cnode_move(const struct world *w, const struct call_message *m)
{
    paddr_t destination, source;
    struct decoded d = decode_slots(w, m, &destination, &source);
    if (d.refusal.error != SEL4_NoError) return d;
    return decode_outcome(cte_at(w, source)->cap, destination, source, invoke_move);
}

struct decoded decode_cnode_mutate(const struct world *w, const struct call_message *m)
{
    paddr_t destination, source;
    struct decoded d = decode_slots(w, m, &destination, &source);
    if (d.refusal.error != SEL4_NoError) return d;
    if (m->length < 5)
        return refuse(SEL4_TruncatedMessage, where, "CNode Mutate: Truncated message.");
    struct cap cap = cap_update_data(true, message_word(w, m, 4), cte_at(w, source)->cap);
    return decode_outcome(cap, destination, source, invoke_move);
}

static enum progress invoke_revoke(struct world *w, const struct invocation *i)
{
    return slot_revoke(w, i->target);
}

static enum progress invoke_delete(struct world *w, const struct invocation *i)
{
    return slot_delete(w, i->target, true);
}

struct decoded decode_cnode_revoke(const struct world *w, const struct call_message *m)
{
    paddr_t slot;
    struct decoded d = decode_target(w, m, &slot);
    if (d.refusal.error != SEL4_NoError) return d;
    return (struct decoded){ .invocation = { .invoke = invoke_revoke, .target = slot } };
}

struct decoded decode_cnode_delete(const struct world *w, const struct call_message *m)
{
    paddr_t slot;
    struct decoded d = decode_target(w, m, &slot);
    if (d.refusal.error != SEL4_NoError) return d;
    return (struct decoded){ .invocation = { .invoke = invoke_delete, .target = slot } };
}

static enum progress invoke_save_caller(struct world *w, const struct invocation *i)
{
    paddr_t source = tcb_slot(i->thread, TCB_CALLER);
    struct cap cap = cte_at(w, source)->cap;
    if (cap_type(cap) == CAP_NULL)
        user_error(w, "invokeCNodeSaveCaller", "CNode SaveCaller: Reply cap not present.");
    else if (!cap_reply_is_master(cap))
        slot_move(w, cap, source, i->target);
    return PROGRESS_DONE;
}

struct decoded decode_cnode_save_caller(const struct world *w, const struct call_message *m)
{
    paddr_t slot;
    struct decoded d = decode_target(w, m, &slot);
    if (d.refusal.error != SEL4_NoError) return d;
    if (slot_is_taken(w, slot))
        return refuse(SEL4_DeleteFirst, where, "CNode SaveCaller: Destination slot not empty.");
    return (struct decoded){ .invocation = { .invoke = invoke_save_caller, .target = slot } };
}

static enum progress invoke_cancel_badged_sends(struct world *w, const struct invocation *i)
{
    word_t badge = cap_endpoint_badge(i->cap[0]);
    if (badge) endpoint_cancel_badged_sends(w, cap_object(i->cap[0]), badge);
    return PROGRESS_DONE;
}

struct decoded decode_cnode_cancel_badged_sends(const struct world *w, const struct call_message *m)
{
    paddr_t slot;
    struct decoded d = decode_target(w, m, &slot);
    if (d.refusal.error != SEL4_NoError) return d;
    struct cap cap = cte_at(w, slot)->cap;
    if (!cap_has_cancel_send_rights(cap))
        return refuse(SEL4_IllegalOperation, where, "CNode CancelBadgedSends: Target cap invalid.");
    return (struct decoded){
        .invocation = { .invoke = invoke_cancel_badged_sends, .target = slot, .cap = { cap } }
    };
}

/* Slots of a Rotate, as the real one's arguments have them. */
enum { ROTATE_DESTINATION, ROTATE_PIVOT, ROTATE_SOURCE };

static enum progress invoke_rotate(struct world *w, const struct invocation *i)
{
    paddr_t destination = i->slot[ROTATE_DESTINATION];
    paddr_t pivot = i->slot[ROTATE_PIVOT], source = i->slot[ROTATE_SOURCE];
    if (source == destination) {
        slot_swap(w, i->cap[ROTATE_SOURCE], source, i->cap[ROTATE_PIVOT], pivot);
    } else {
        slot_move(w, i->cap[ROTATE_PIVOT], pivot, destination);
        slot_move(w, i->cap[ROTATE_SOURCE], source, pivot);
    }
    return PROGRESS_DONE;
}

/* Words: pivot's data, index, depth; the source's. Here the real kernel often refuses without a print. */
static struct decoded decode_rotate_slots(const struct world *w, const struct call_message *m,
                                          paddr_t slot[3])
{
    struct decoded d = decode_target(w, m, &slot[ROTATE_DESTINATION]);
    if (d.refusal.error != SEL4_NoError) return d;
    if (m->length < 8 || !m->extra_slot[0] || !m->extra_slot[1])
        return refuse(SEL4_TruncatedMessage, NULL, NULL);

    struct refusal r = lookup_slot_for_cnode_op(w, true, m->extra[1], message_word(w, m, 6),
                                                message_word(w, m, 7), &slot[ROTATE_SOURCE]);
    if (r.error != SEL4_NoError) return refused(r, NULL);
    r = lookup_slot_for_cnode_op(w, true, m->extra[0], message_word(w, m, 3), message_word(w, m, 4),
                                 &slot[ROTATE_PIVOT]);
    if (r.error != SEL4_NoError) return refused(r, NULL);

    if (slot[ROTATE_PIVOT] == slot[ROTATE_SOURCE] || slot[ROTATE_PIVOT] == slot[ROTATE_DESTINATION])
        return refuse(SEL4_IllegalOperation, where,
                      "CNode Rotate: Pivot slot the same as source or dest slot.");
    if (slot[ROTATE_SOURCE] != slot[ROTATE_DESTINATION] &&
        slot_is_taken(w, slot[ROTATE_DESTINATION]))
        return refuse(SEL4_DeleteFirst, NULL, NULL);
    if (!slot_is_taken(w, slot[ROTATE_SOURCE]))
        return refused(missing_capability(true, message_word(w, m, 7)), NULL);
    if (!slot_is_taken(w, slot[ROTATE_PIVOT]))
        return refused(missing_capability(false, message_word(w, m, 4)), NULL);
    return d;
}

struct decoded decode_cnode_rotate(const struct world *w, const struct call_message *m)
{
    paddr_t slot[3];
    struct decoded d = decode_rotate_slots(w, m, slot);
    if (d.refusal.error != SEL4_NoError) return d;

    struct cap source =
        cap_update_data(true, message_word(w, m, 5), cte_at(w, slot[ROTATE_SOURCE])->cap);
    struct cap pivot =
        cap_update_data(true, message_word(w, m, 2), cte_at(w, slot[ROTATE_PIVOT])->cap);
    if (cap_type(source) == CAP_NULL)
        return refuse(SEL4_IllegalOperation, where, "CNode Rotate: Source cap invalid.");
    if (cap_type(pivot) == CAP_NULL)
        return refuse(SEL4_IllegalOperation, where, "CNode Rotate: Pivot cap invalid.");
    return (struct decoded){ .invocation = {
                                 .invoke = invoke_rotate,
                                 .target = slot[ROTATE_DESTINATION],
                                 .slot = { slot[0], slot[1], slot[2] },
                                 .cap = { [ROTATE_PIVOT] = pivot, [ROTATE_SOURCE] = source },
                             } };
}
