/* SPDX-License-Identifier: BSD-2-Clause */
/* What a capability is: how rights and data narrow it, which memory it names,
 * when two are of the same object, what becomes of the object when the last
 * one goes, and how a new object gets its first.
 *
 * seL4: src/object/objecttype.c, src/arch/x86/object/objecttype.c,
 * src/arch/x86/64/object/objecttype.c. Frames and page tables: vspace.c. */
#include "kernel/internal.h"

enum { REPLY_BITS = 5, CNODE_GUARD_SIZE_BITS = 6 };

/* Architecture capabilities have odd tags (isArchCap). */
static bool is_arch(struct cap cap)
{
    return cap_type(cap) & 1;
}

struct cap cap_mask_rights(struct cap cap, word_t rights)
{
    bool write = rights & RIGHT_WRITE, read = rights & RIGHT_READ;
    bool grant = rights & RIGHT_GRANT, grant_reply = rights & RIGHT_GRANT_REPLY;
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
        cap_endpoint_set_can_send(&cap, cap_endpoint_can_send(cap) & write);
        cap_endpoint_set_can_receive(&cap, cap_endpoint_can_receive(cap) & read);
        cap_endpoint_set_can_grant(&cap, cap_endpoint_can_grant(cap) & grant);
        cap_endpoint_set_can_grant_reply(&cap, cap_endpoint_can_grant_reply(cap) & grant_reply);
        return cap;
    case CAP_NOTIFICATION:
        cap_notification_set_can_send(&cap, cap_notification_can_send(cap) & write);
        cap_notification_set_can_receive(&cap, cap_notification_can_receive(cap) & read);
        return cap;
    case CAP_REPLY: cap_reply_set_can_grant(&cap, cap_reply_can_grant(cap) & grant); return cap;
    case CAP_FRAME: return frame_mask_rights(cap, rights);
    default: return cap;
    }
}

/* Data for a CNode capability: the guard's size in the low bits, the guard above. */
static struct cap cnode_update_guard(struct cap cap, word_t data)
{
    word_t size = data & CAP_MASK(CNODE_GUARD_SIZE_BITS);
    if (size + cap_cnode_radix(cap) > 64) return cap_new(CAP_NULL);
    cap_cnode_set_guard(&cap, data >> CNODE_GUARD_SIZE_BITS & CAP_MASK(size));
    cap_cnode_set_guard_size(&cap, size);
    return cap;
}

struct cap cap_update_data(bool preserve, word_t data, struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
        if (preserve || cap_endpoint_badge(cap)) return cap_new(CAP_NULL);
        cap_endpoint_set_badge(&cap, data);
        return cap;
    case CAP_NOTIFICATION:
        if (preserve || cap_notification_badge(cap)) return cap_new(CAP_NULL);
        cap_notification_set_badge(&cap, data);
        return cap;
    case CAP_CNODE: return cnode_update_guard(cap, data);
    default: return cap;
    }
}

struct refusal cap_derive(const struct world *w, paddr_t slot, struct cap cap, struct cap *out)
{
    if (is_arch(cap)) return vspace_derive(w, slot, cap, out);

    struct refusal good = { .error = SEL4_NoError };
    *out = cap;
    switch (cap_type(cap)) {
    case CAP_ZOMBIE:
    case CAP_IRQ_CONTROL: *out = cap_new(CAP_NULL); return good;
    case CAP_REPLY:
        if (!kernel_config(w)->mcs) *out = cap_new(CAP_NULL);
        return good;
    case CAP_UNTYPED:
        if (!slot_has_children(w, slot)) return good;
        *out = cap_new(CAP_NULL);
        return (struct refusal){ .error = SEL4_RevokeFirst };
    default: return good;
    }
}

/* Whether memory belongs to a capability of this kind (cap_get_capIsPhysical). */
static bool cap_is_memory(struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_UNTYPED:
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
    case CAP_CNODE:
    case CAP_THREAD:
    case CAP_ZOMBIE:
    case CAP_SCHED_CONTEXT:
    case CAP_FRAME:
    case CAP_PAGE_TABLE:
    case CAP_PAGE_DIRECTORY:
    case CAP_PDPT:
    case CAP_PML4:
    case CAP_ASID_POOL: return true;
    case CAP_REPLY: return cap_reply_is_object(cap);
    default: return false;
    }
}

static paddr_t cap_memory(struct cap cap)
{
    return cap_type(cap) == CAP_THREAD ? cap_object(cap) - TCB_OFFSET : cap_object(cap);
}

unsigned cap_object_size_bits(struct cap cap)
{
    switch (cap_type(cap)) {
    case CAP_UNTYPED: return (unsigned)cap_untyped_size_bits(cap);
    case CAP_ENDPOINT: return ENDPOINT_BITS;
    case CAP_NOTIFICATION: return NOTIFICATION_BITS;
    case CAP_CNODE: return (unsigned)cap_cnode_radix(cap) + SLOT_BITS;
    case CAP_THREAD: return TCB_BITS;
    case CAP_ZOMBIE:
        return cap_zombie_is_tcb(cap) ? TCB_BITS : (unsigned)cap_zombie_radix(cap) + SLOT_BITS;
    case CAP_SCHED_CONTEXT: return (unsigned)cap_sched_context_size_bits(cap);
    case CAP_REPLY: return cap_reply_is_object(cap) ? REPLY_BITS : 0;
    case CAP_FRAME: return frame_size_bits(cap);
    case CAP_PAGE_TABLE:
    case CAP_PAGE_DIRECTORY:
    case CAP_PDPT:
    case CAP_PML4:
    case CAP_ASID_POOL: return PAGE_BITS;
    default: return 0;
    }
}

/* Whether [inner, inner + its size) lies within the 2^bits bytes at outer. */
static bool region_holds(paddr_t outer, unsigned bits, paddr_t inner, unsigned inner_bits)
{
    paddr_t top = outer + CAP_MASK(bits), inner_top = inner + CAP_MASK(inner_bits);
    return outer <= inner && inner_top <= top && inner <= inner_top;
}

/* Of two capabilities of one type. */
static bool same_type_same_region(struct cap a, struct cap b)
{
    switch (cap_type(a)) {
    case CAP_FRAME:
        return region_holds(cap_object(a), frame_size_bits(a), cap_object(b), frame_size_bits(b));
    case CAP_CNODE:
        return cap_object(a) == cap_object(b) && cap_cnode_radix(a) == cap_cnode_radix(b);
    case CAP_SCHED_CONTEXT:
        return cap_object(a) == cap_object(b) &&
               cap_sched_context_size_bits(a) == cap_sched_context_size_bits(b);
    case CAP_IRQ_HANDLER: return cap_irq_handler_irq(a) == cap_irq_handler_irq(b);
    case CAP_IO_PORT:
        return cap_io_port_first(a) == cap_io_port_first(b) &&
               cap_io_port_last(a) == cap_io_port_last(b);
    case CAP_DOMAIN:
    case CAP_IRQ_CONTROL:
    case CAP_SCHED_CONTROL:
    case CAP_ASID_CONTROL:
    case CAP_IO_PORT_CONTROL: return true;
    case CAP_NULL:
    case CAP_ZOMBIE: return false;
    default: return cap_object(a) == cap_object(b);
    }
}

bool cap_same_region_as(struct cap a, struct cap b)
{
    if (cap_type(a) == CAP_UNTYPED)
        return cap_is_memory(b) && region_holds(cap_object(a), cap_object_size_bits(a),
                                                cap_memory(b), cap_object_size_bits(b));
    if (cap_type(a) == CAP_IRQ_CONTROL && cap_type(b) == CAP_IRQ_HANDLER) return true;
    if (cap_type(a) == CAP_IO_PORT_CONTROL && cap_type(b) == CAP_IO_PORT) return true;
    return cap_type(a) == cap_type(b) && same_type_same_region(a, b);
}

bool cap_same_object_as(struct cap a, struct cap b)
{
    if (cap_type(a) == CAP_UNTYPED || cap_type(a) == CAP_IRQ_CONTROL) return false;
    if (cap_type(a) == CAP_IO_PORT_CONTROL && cap_type(b) == CAP_IO_PORT) return false;
    if (cap_type(a) == CAP_FRAME && cap_type(b) == CAP_FRAME)
        return cap_object(a) == cap_object(b) && cap_frame_size(a) == cap_frame_size(b) &&
               cap_frame_is_device(a) == cap_frame_is_device(b);
    return cap_same_region_as(a, b);
}

bool cap_is_revocable(struct cap derived, struct cap source)
{
    switch (cap_type(derived)) {
    case CAP_ENDPOINT: return cap_endpoint_badge(derived) != cap_endpoint_badge(source);
    case CAP_NOTIFICATION: return cap_notification_badge(derived) != cap_notification_badge(source);
    case CAP_IRQ_HANDLER: return cap_type(source) == CAP_IRQ_CONTROL;
    case CAP_IO_PORT: return cap_type(source) == CAP_IO_PORT_CONTROL;
    case CAP_UNTYPED: return true;
    default: return false;
    }
}

bool cap_has_cancel_send_rights(struct cap cap)
{
    return cap_type(cap) == CAP_ENDPOINT && cap_endpoint_can_send(cap) &&
           cap_endpoint_can_receive(cap) && cap_endpoint_can_grant_reply(cap) &&
           cap_endpoint_can_grant(cap);
}

static struct cap zombie_new(paddr_t slots, bool is_tcb, word_t radix, word_t number)
{
    struct cap zombie = cap_new(CAP_ZOMBIE);
    cap_zombie_set_object(&zombie, slots);
    cap_zombie_set_is_tcb(&zombie, is_tcb);
    cap_zombie_set_radix(&zombie, radix);
    cap_zombie_set_number(&zombie, number);
    return zombie;
}

/* The last capability to a thread goes: it stops for good; its slots are left to be cleared. */
static struct cap thread_finalise(struct world *w, paddr_t tcb)
{
    tcb_destroy(w, tcb);
    return zombie_new(tcb_slot(tcb, TCB_CTABLE), true, 0, TCB_SLOT_COUNT);
}

static struct finalised arch_finalise(struct world *w, struct cap cap, bool final)
{
    struct finalised f = { cap_new(CAP_NULL), cap_new(CAP_NULL) };
    switch (cap_type(cap)) {
    case CAP_IO_PORT:
        if (final) f.cleanup = cap;
        break;
    case CAP_IO_PORT_CONTROL:
    case CAP_ASID_CONTROL: break;
    default: f.remainder = vspace_finalise(w, cap, final); break;
    }
    return f;
}

/* SIMPLIFIED: reply objects and scheduling contexts cannot be used yet, so nothing is bound to one. */
struct finalised cap_finalise(struct world *w, struct cap cap, bool final, bool exposed)
{
    if (is_arch(cap)) return arch_finalise(w, cap, final);

    struct finalised f = { cap_new(CAP_NULL), cap_new(CAP_NULL) };
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
        if (final) endpoint_cancel_all(w, cap_object(cap));
        return f;
    case CAP_NOTIFICATION:
        if (!final) return f;
        notification_unbind_maybe(w, cap_object(cap));
        notification_cancel_all(w, cap_object(cap));
        return f;
    case CAP_NULL:
    case CAP_REPLY:
    case CAP_DOMAIN: return f;
    default: break;
    }

    INVARIANT(!exposed); /* who deletes in one go holds only what can be */
    if (cap_type(cap) == CAP_ZOMBIE) {
        f.remainder = cap;
    } else if (final && cap_type(cap) == CAP_CNODE) {
        word_t radix = cap_cnode_radix(cap);
        f.remainder = zombie_new(cap_object(cap), false, radix, (word_t)1 << radix);
    } else if (final && cap_type(cap) == CAP_THREAD) {
        f.remainder = thread_finalise(w, cap_object(cap));
    } else if (final && cap_type(cap) == CAP_IRQ_HANDLER) {
        interrupt_delete_handler(w, cap_irq_handler_irq(cap));
        f.cleanup = cap;
    }
    return f;
}

void cap_post_delete(struct world *w, struct cap cleanup)
{
    if (cap_type(cleanup) == CAP_IRQ_HANDLER)
        interrupt_deleted_handler(w, cap_irq_handler_irq(cleanup));
    else if (cap_type(cleanup) == CAP_IO_PORT)
        io_port_delete(w, cap_io_port_first(cleanup), cap_io_port_last(cleanup));
}

unsigned object_size_bits(const struct kernel_config *config, const struct object_desc *type,
                          word_t user_size)
{
    switch (type->cap) {
    case CAP_CNODE: return (unsigned)user_size + SLOT_BITS;
    case CAP_UNTYPED:
    case CAP_SCHED_CONTEXT: return (unsigned)user_size;
    case CAP_NOTIFICATION: return config->mcs ? MCS_NOTIFICATION_BITS : NOTIFICATION_BITS;
    default: return type->size_bits;
    }
}

static struct cap endpoint_cap_new(paddr_t endpoint)
{
    struct cap cap = cap_new(CAP_ENDPOINT);
    cap_endpoint_set_object(&cap, endpoint);
    cap_endpoint_set_can_send(&cap, true);
    cap_endpoint_set_can_receive(&cap, true);
    cap_endpoint_set_can_grant(&cap, true);
    cap_endpoint_set_can_grant_reply(&cap, true);
    return cap;
}

static struct cap notification_cap_new(paddr_t notification)
{
    struct cap cap = cap_new(CAP_NOTIFICATION);
    cap_notification_set_object(&cap, notification);
    cap_notification_set_can_send(&cap, true);
    cap_notification_set_can_receive(&cap, true);
    return cap;
}

/* The memory is zero already; what a TCB needs besides, tcb_create() does. */
struct cap object_create(struct world *w, const struct object_desc *type, paddr_t at,
                         word_t user_size, bool is_device)
{
    struct cap cap = cap_new(type->cap);
    switch (type->cap) {
    case CAP_THREAD:
        tcb_create(w, at + TCB_OFFSET);
        cap_thread_set_object(&cap, at + TCB_OFFSET);
        return cap;
    case CAP_ENDPOINT: return endpoint_cap_new(at);
    case CAP_NOTIFICATION: return notification_cap_new(at);
    case CAP_CNODE:
        cap_cnode_set_object(&cap, at);
        cap_cnode_set_radix(&cap, user_size);
        return cap;
    case CAP_UNTYPED:
        cap_untyped_set_object(&cap, at);
        cap_untyped_set_size_bits(&cap, user_size);
        cap_untyped_set_is_device(&cap, is_device);
        return cap;
    case CAP_SCHED_CONTEXT:
        cap_sched_context_set_object(&cap, at);
        cap_sched_context_set_size_bits(&cap, user_size);
        return cap;
    case CAP_REPLY:
        cap_reply_set_object(&cap, at);
        cap_reply_set_can_grant(&cap, true);
        cap_reply_set_is_object(&cap, true);
        return cap;
    default: return vspace_create(w, type, at, is_device);
    }
}
