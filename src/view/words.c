/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and phrases: slots, objects, threads, capabilities, rights, error codes of page faults. The
 * words that every picture is made of. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

const char *exception_name(word_t vector)
{
    static const char *const name[] = {
        [VECTOR_DE] = "divide error",       [VECTOR_DB] = "debug",
        [VECTOR_BP] = "breakpoint",         [VECTOR_OF] = "overflow",
        [VECTOR_BR] = "bound exceeded",     [VECTOR_UD] = "invalid opcode",
        [VECTOR_NM] = "no FPU for it",      [VECTOR_SS] = "stack segment",
        [VECTOR_GP] = "general protection", [VECTOR_PF] = "page fault",
        [VECTOR_MF] = "x87 error",          [VECTOR_AC] = "alignment check",
        [VECTOR_XM] = "SSE error",
    };
    return vector < sizeof name / sizeof name[0] && name[vector] ? name[vector] : "exception";
}

const char *lookup_failure_name(word_t type)
{
    const char *name = type >= 1 && type < 5 ? lookup_failure_table[type].name : "seL4_no failure";
    return name + strlen("seL4_");
}

void view_thread_name(const struct session *s, paddr_t tcb, char *text, size_t size)
{
    const char *name = tcb ? thread_name(session_world_at(s), tcb) : "";
    if (*name)
        text_sanitise(text, size < 40 ? size : 40, name, strnlen(name, TCB_NAME_SIZE));
    else
        snprintf(text, size, tcb ? "TCB at 0x%" PRIx64 : "nobody", tcb);
}

static const char *tcb_slot_word(enum tcb_slot slot)
{
    static const char *const word[TCB_SLOT_COUNT] = { "CSpace", "VSpace", "reply", "caller",
                                                      "IPC buffer" };
    return word[slot];
}

/* "handler's caller slot" for a slot inside a TCB. */
static bool slot_name_in_tcb(const struct session *s, paddr_t slot, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        if (slot < tcb_slot(tcb, TCB_CTABLE) || slot > tcb_slot(tcb, TCB_BUFFER)) continue;
        char name[48];
        view_thread_name(s, tcb, name, sizeof name);
        snprintf(text, size, "%s's %s slot", name,
                 tcb_slot_word((enum tcb_slot)((slot - tcb_slot(tcb, TCB_CTABLE)) >> SLOT_BITS)));
        return true;
    }
    return false;
}

/* "slot 8 of faulter" for a slot of a CSpace that the seat cannot name. */
static bool slot_name_elsewhere(const struct session *s, paddr_t slot, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        struct cap root = thread_cspace(w, tcb);
        if (!cnode_holds(root, slot)) continue;
        char name[48];
        view_thread_name(s, tcb, name, sizeof name);
        snprintf(text, size, "slot %" PRIu64 " of %s", slot_index(root, slot), name);
        return true;
    }
    return false;
}

/* "faulter_cspace/fault": through a CNode that has a name in the seat's CSpace. */
static bool slot_name_in_child(const struct session *s, paddr_t slot, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    const struct world_state *state = world_state_at(w);
    struct cap root = thread_cspace(w, session_seat(s));
    for (word_t i = 0; i < state->names_used && i < NAMES_MAX; i++) {
        paddr_t at = state->names[i].slot;
        if (!at || !cnode_holds(root, at) || !cnode_holds(cte_at(w, at)->cap, slot)) continue;
        const char *inner = name_of_slot(w, slot);
        if (inner)
            snprintf(text, size, "%s/%s", state->names[i].text, inner);
        else
            snprintf(text, size, "%s/%" PRIu64, state->names[i].text,
                     slot_index(cte_at(w, at)->cap, slot));
        return true;
    }
    return false;
}

void view_slot_name(const struct session *s, paddr_t slot, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    paddr_t seat = session_seat(s);
    word_t cptr;
    if (seat && cnode_holds(thread_cspace(w, seat), slot)) {
        const char *name = name_of_slot(w, slot);
        if (name)
            snprintf(text, size, "%s", name);
        else if (slot_cptr(w, seat, slot, &cptr))
            snprintf(text, size, "%" PRIu64, cptr);
        else
            snprintf(text, size, "slot %" PRIu64, slot_index(thread_cspace(w, seat), slot));
        return;
    }
    if (slot_name_in_child(s, slot, text, size) || slot_name_in_tcb(s, slot, text, size) ||
        slot_name_elsewhere(s, slot, text, size))
        return;
    snprintf(text, size, "slot at 0x%" PRIx64, slot);
}

void slot_short_name(const struct session *s, paddr_t slot, char *text, size_t size)
{
    const char *name = name_of_slot(session_world_at(s), slot);
    if (name)
        snprintf(text, size, "%s", name);
    else
        view_slot_name(s, slot, text, size);
}

/* The name of a slot that holds the object, be it the seat's or another's; false: it has none. */
static bool object_name(const struct session *s, paddr_t object, char *text, size_t size)
{
    paddr_t slot = object_named_slot(s, object);
    const char *name = slot ? name_of_slot(session_world_at(s), slot) : NULL;
    if (name)
        snprintf(text, size, "%s", name);
    else if (slot)
        view_slot_name(s, slot, text, size);
    return slot != 0;
}

void view_object_name(const struct session *s, paddr_t object, char *text, size_t size)
{
    if (!object_name(s, object, text, size)) snprintf(text, size, "0x%" PRIx64, object);
}

static word_t cap_rights(struct cap cap)
{
    word_t rights = 0;
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
        if (cap_endpoint_can_receive(cap)) rights |= RIGHT_READ;
        if (cap_endpoint_can_send(cap)) rights |= RIGHT_WRITE;
        if (cap_endpoint_can_grant(cap)) rights |= RIGHT_GRANT;
        if (cap_endpoint_can_grant_reply(cap)) rights |= RIGHT_GRANT_REPLY;
        break;
    case CAP_NOTIFICATION:
        if (cap_notification_can_receive(cap)) rights |= RIGHT_READ;
        if (cap_notification_can_send(cap)) rights |= RIGHT_WRITE;
        break;
    case CAP_FRAME:
        if (cap_frame_vm_rights(cap) >= VM_READ_ONLY) rights |= RIGHT_READ;
        if (cap_frame_vm_rights(cap) == VM_READ_WRITE) rights |= RIGHT_WRITE;
        break;
    case CAP_REPLY:
        if (cap_reply_can_grant(cap)) rights |= RIGHT_GRANT;
        break;
    default: break;
    }
    return rights;
}

void view_rights(struct cap cap, char *text, size_t size)
{
    static const struct {
        word_t right;
        char letter;
    } letters[] = {
        { RIGHT_READ, 'r' }, { RIGHT_WRITE, 'w' }, { RIGHT_GRANT, 'g' }, { RIGHT_GRANT_REPLY, 'p' }
    };
    word_t rights = cap_rights(cap);
    text[0] = '\0';
    for (unsigned i = 0; i < 4; i++)
        if (rights & letters[i].right)
            text_add(text, size, *text ? " %c" : "%c", letters[i].letter);
    bool has_rights = cap_type(cap) == CAP_ENDPOINT || cap_type(cap) == CAP_NOTIFICATION ||
                      cap_type(cap) == CAP_FRAME;
    if (!*text && has_rights) text_add(text, size, "no rights");
}

void view_fsr(word_t fsr, char *text, size_t size)
{
    snprintf(text, size, "%s, %s, page %s", fsr & FAULT_USER ? "user level" : "kernel level",
             fsr & FAULT_FETCH   ? "instruction fetch"
             : fsr & FAULT_WRITE ? "write"
                                 : "read",
             fsr & FAULT_PRESENT ? "present" : "not present");
}

/* ---- Capabilities ---- */

static void cap_add_untyped(struct cap cap, char *text, size_t size)
{
    char bytes[24];
    text_size_of_bits((unsigned)cap_untyped_size_bits(cap), bytes, sizeof bytes);
    text_add(text, size, "%suntyped %s", cap_untyped_is_device(cap) ? "device " : "", bytes);
}

static void cap_add_frame(struct cap cap, char *text, size_t size)
{
    char bytes[24];
    text_size_of_bits(frame_size_bits(cap), bytes, sizeof bytes);
    text_add(text, size, "%sframe %s", cap_frame_is_device(cap) ? "device " : "", bytes);
    if (cap_frame_is_mapped(cap)) text_add(text, size, " at 0x%" PRIx64, cap_frame_address(cap));
}

static void cap_add_cnode(struct cap cap, char *text, size_t size)
{
    text_add(text, size, ", %u slots", cnode_slot_count(cap));
    if (cap_cnode_guard_size(cap))
        text_add(text, size, ", guard %#" PRIx64 " of %" PRIu64 " bits", cap_cnode_guard(cap),
                 cap_cnode_guard_size(cap));
    else
        text_add(text, size, ", no guard");
}

/* " fault_ep" or " at 0x…". */
static void cap_add_object(const struct session *s, struct cap cap, char *text, size_t size)
{
    char name[64];
    bool thread = cap_type(cap) == CAP_THREAD || cap_type(cap) == CAP_REPLY;
    if (thread)
        view_thread_name(s, cap_object(cap), name, sizeof name);
    else if (!object_name(s, cap_object(cap), name, sizeof name))
        snprintf(name, sizeof name, "at 0x%" PRIx64, cap_object(cap));
    text_add(text, size, " %s", name);
}

static void cap_add_badge(word_t badge, char *text, size_t size)
{
    if (badge) text_add(text, size, " badge 0x%" PRIx64, badge);
}

static void cap_add_what(const struct session *s, struct cap cap, char *text, size_t size)
{
    switch (cap_type(cap)) {
    case CAP_NULL: text_add(text, size, "empty"); return;
    case CAP_UNTYPED: cap_add_untyped(cap, text, size); return;
    case CAP_FRAME: cap_add_frame(cap, text, size); return;
    case CAP_ZOMBIE:
        text_add(text, size, "zombie, %" PRIu64 " slots to clear", cap_zombie_number(cap));
        return;
    case CAP_IRQ_HANDLER:
        text_add(text, size, "IRQ handler of %" PRIu64, cap_irq_handler_irq(cap));
        return;
    case CAP_IO_PORT:
        text_add(text, size, "I/O ports 0x%" PRIx64 " to 0x%" PRIx64, cap_io_port_first(cap),
                 cap_io_port_last(cap));
        return;
    default: text_add(text, size, "%s", cap_type_name(cap_type(cap)));
    }
    switch (cap_type(cap)) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        cap_add_object(s, cap, text, size);
        cap_add_badge(cap.word[1], text, size);
        return;
    case CAP_THREAD:
    case CAP_REPLY:
    case CAP_SCHED_CONTEXT: cap_add_object(s, cap, text, size); return;
    case CAP_CNODE: cap_add_cnode(cap, text, size); return;
    case CAP_PAGE_TABLE:
    case CAP_PAGE_DIRECTORY:
    case CAP_PDPT:
        if (cap_table_is_mapped(cap))
            text_add(text, size, " at 0x%" PRIx64, cap_table_address(cap));
        return;
    default: return;
    }
}

void view_cap(const struct session *s, struct cap cap, char *text, size_t size)
{
    char rights[24];
    text[0] = '\0';
    cap_add_what(s, cap, text, size);
    view_rights(cap, rights, sizeof rights);
    if (*rights) text_add(text, size, " %s", rights);
}
