/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations that give a thread its spaces and its IPC buffer: Configure, SetSpace, SetIPCBuffer.
 * seL4: src/object/tcb.c decodeTCBConfigure, decodeSetSpace, decodeSetIPCBuffer,
 * invokeTCB_ThreadControl. */
#include "kernel/internal.h"

/* What a control call changes, and where its capabilities lie in struct invocation. */
enum { UPDATE_SPACE = 1, UPDATE_BUFFER = 2, UPDATE_FAULT_CPTR = 4, UPDATE_FAULT_CAP = 8 };
enum { ARG_UPDATE, ARG_FAULT_CPTR, ARG_BUFFER, ARG_SERVICE_SLOT };
enum { GIVEN_CROOT, GIVEN_VROOT, GIVEN_BUFFER, GIVEN_FAULT };

/* ---- invoke ---- */

/* Deleting what was in the thread's slot may have deleted the source or the invoked capability: then
 * the slot stays empty. */
static void insert_given(struct world *w, const struct invocation *i, unsigned given, paddr_t slot)
{
    paddr_t source = i->slot[given];
    struct cap thread = cap_new(CAP_THREAD);
    cap_thread_set_object(&thread, i->target);
    if (source && cap_type(i->cap[given]) != CAP_NULL &&
        cap_same_object_as(i->cap[given], cte_at(w, source)->cap) &&
        cap_same_object_as(thread, cte_at(w, i->arg[ARG_SERVICE_SLOT])->cap))
        slot_insert(w, i->cap[given], source, slot);
}

static enum progress install(struct world *w, const struct invocation *i, unsigned given,
                             enum tcb_slot slot)
{
    enum progress p = slot_delete(w, tcb_slot(i->target, slot), true);
    if (p != PROGRESS_PREEMPTED) insert_given(w, i, given, tcb_slot(i->target, slot));
    return p;
}

static enum progress install_buffer(struct world *w, const struct invocation *i)
{
    paddr_t slot = tcb_buffer_slot(w, i->target);
    enum progress p = slot_delete(w, slot, true);
    if (p == PROGRESS_PREEMPTED) return p;
    tcb_edit(w, i->target)->ipc_buffer = i->arg[ARG_BUFFER];
    insert_given(w, i, GIVEN_BUFFER, slot);
    if (i->target == kernel_at(w)->current) reschedule_required(w);
    return p;
}

static enum progress invoke_thread_control(struct world *w, const struct invocation *i)
{
    word_t update = i->arg[ARG_UPDATE];
    enum progress p = PROGRESS_DONE;
    if (update & UPDATE_FAULT_CPTR) tcb_edit(w, i->target)->fault_handler = i->arg[ARG_FAULT_CPTR];
    if (update & UPDATE_FAULT_CAP) p = install(w, i, GIVEN_FAULT, TCB_MCS_FAULT_HANDLER);
    if (p != PROGRESS_PREEMPTED && update & UPDATE_SPACE)
        p = install(w, i, GIVEN_CROOT, TCB_CTABLE);
    if (p != PROGRESS_PREEMPTED && update & UPDATE_SPACE)
        p = install(w, i, GIVEN_VROOT, TCB_VTABLE);
    if (p != PROGRESS_PREEMPTED && update & UPDATE_BUFFER) p = install_buffer(w, i);
    return p;
}

static struct decoded thread_control(const struct call_message *m, word_t update)
{
    struct decoded d = tcb_accept(m, invoke_thread_control);
    d.invocation.arg[ARG_UPDATE] = update;
    d.invocation.arg[ARG_SERVICE_SLOT] = m->slot;
    return d;
}

/* ---- decode: each check adds what it found to the invocation, or refuses ---- */

static void give(struct decoded *d, unsigned given, struct cap cap, paddr_t slot)
{
    d->invocation.cap[given] = cap;
    d->invocation.slot[given] = slot;
}

/* What a refusal says, by method. */
struct space_texts {
    const char *where, *deleting, *bad_cspace, *bad_vspace;
};

static bool refused(struct decoded *d, struct refusal r)
{
    d->refusal = r;
    return r.error != SEL4_NoError;
}

/* A root with its data (guard) applied, derived. */
static bool root_refused(const struct world *w, struct decoded *d, unsigned given, struct cap cap,
                         paddr_t slot, word_t data)
{
    if (data) cap = cap_update_data(false, data, cap);
    struct cap derived = cap_new(CAP_NULL);
    if (refused(d, cap_derive(w, slot, cap, &derived))) return true;
    give(d, given, derived, slot);
    return false;
}

static bool spaces_refused(const struct world *w, const struct call_message *m, struct decoded *d,
                           unsigned first_cap, unsigned first_arg, const struct space_texts *t)
{
    paddr_t tcb = d->invocation.target;
    if (slot_deletes_long(w, tcb_slot(tcb, TCB_CTABLE)) ||
        slot_deletes_long(w, tcb_slot(tcb, TCB_VTABLE)))
        return refused(d, refuse(SEL4_IllegalOperation, t->where, t->deleting).refusal);
    if (root_refused(w, d, GIVEN_CROOT, m->extra[first_cap], m->extra_slot[first_cap],
                     message_word(w, m, first_arg)))
        return true;
    if (cap_type(d->invocation.cap[GIVEN_CROOT]) != CAP_CNODE)
        return refused(d, refuse(SEL4_IllegalOperation, t->where, t->bad_cspace).refusal);
    if (root_refused(w, d, GIVEN_VROOT, m->extra[first_cap + 1], m->extra_slot[first_cap + 1],
                     message_word(w, m, first_arg + 1)))
        return true;
    if (!cap_is_valid_vtable_root(d->invocation.cap[GIVEN_VROOT]))
        return refused(d, refuse(SEL4_IllegalOperation, t->where, t->bad_vspace).refusal);
    return false;
}

/* Address 0: the thread is to have no buffer, whatever the frame. */
static bool buffer_refused(const struct world *w, const struct call_message *m, struct decoded *d,
                           unsigned cap, word_t address)
{
    d->invocation.arg[ARG_BUFFER] = address;
    if (!address) return false;
    struct cap derived = cap_new(CAP_NULL);
    if (refused(d, cap_derive(w, m->extra_slot[cap], m->extra[cap], &derived))) return true;
    if (refused(d, cap_check_ipc_buffer(address, derived))) return true;
    give(d, GIVEN_BUFFER, derived, m->extra_slot[cap]);
    return false;
}

static bool has_caps(const struct call_message *m, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (!m->extra_slot[i]) return false;
    return true;
}

struct decoded decode_tcb_configure(const struct world *w, const struct call_message *m)
{
    static const struct space_texts texts = {
        "decodeTCBConfigure", "TCB Configure: CSpace or VSpace currently being deleted.",
        "TCB Configure: CSpace cap is invalid.", "TCB Configure: VSpace cap is invalid."
    };
    unsigned first =
        kernel_config(w)->mcs ? 0 : 1; /* without MCS the fault handler's CPtr comes first */
    if (m->length < 3 + first || !has_caps(m, 3))
        return refuse(SEL4_TruncatedMessage, texts.where, "TCB Configure: Truncated message.");
    struct decoded d =
        thread_control(m, UPDATE_SPACE | UPDATE_BUFFER | (first ? UPDATE_FAULT_CPTR : 0));
    d.invocation.arg[ARG_FAULT_CPTR] = message_word(w, m, 0);
    if (buffer_refused(w, m, &d, 2, message_word(w, m, first + 2))) return d;
    (void)spaces_refused(w, m, &d, 0, first, &texts);
    return d;
}

static struct decoded refuse_fault_endpoint(const char *where, const char *text, word_t number)
{
    struct decoded d = refuse(SEL4_InvalidCapability, where, text);
    d.refusal.word[0] = number;
    return d;
}

static bool is_valid_fault_handler(struct cap cap)
{
    if (cap_type(cap) == CAP_NULL) return true;
    return cap_type(cap) == CAP_ENDPOINT && cap_endpoint_can_send(cap) &&
           (cap_endpoint_can_grant(cap) || cap_endpoint_can_grant_reply(cap));
}

struct decoded decode_tcb_set_space(const struct world *w, const struct call_message *m)
{
    static const struct space_texts texts = {
        "decodeSetSpace", "TCB SetSpace: CSpace or VSpace currently being deleted.",
        "TCB SetSpace: Invalid CNode cap.", "TCB SetSpace: Invalid VSpace cap."
    };
    /* With MCS the fault handler is a capability in front of the others, else a word. */
    unsigned mcs = kernel_config(w)->mcs ? 1 : 0;
    if (m->length < 3 - mcs || !has_caps(m, 2 + mcs))
        return refuse(SEL4_TruncatedMessage, texts.where, "TCB SetSpace: Truncated message.");
    struct decoded d =
        thread_control(m, UPDATE_SPACE | (mcs ? UPDATE_FAULT_CAP : UPDATE_FAULT_CPTR));
    d.invocation.arg[ARG_FAULT_CPTR] = message_word(w, m, 0);
    if (spaces_refused(w, m, &d, mcs, 1 - mcs, &texts) || !mcs) return d;
    if (!is_valid_fault_handler(m->extra[0]))
        return refuse_fault_endpoint(texts.where, "TCB SetSpace: fault endpoint cap invalid.", 1);
    give(&d, GIVEN_FAULT, m->extra[0], m->extra_slot[0]);
    return d;
}

struct decoded decode_tcb_set_ipc_buffer(const struct world *w, const struct call_message *m)
{
    if (m->length < 1 || !has_caps(m, 1))
        return refuse(SEL4_TruncatedMessage, "decodeSetIPCBuffer",
                      "TCB SetIPCBuffer: Truncated message.");
    struct decoded d = thread_control(m, UPDATE_BUFFER);
    (void)buffer_refused(w, m, &d, 0, message_word(w, m, 0));
    return d;
}
