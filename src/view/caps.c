/* SPDX-License-Identifier: BSD-2-Clause */
/* A CSpace as a table: slots that have a name first, then how many others there are, or all of them. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

static void cnode_title(const struct view *v, struct cap cnode)
{
    const struct world *w = view_world(v);
    char guard[80];
    const char *owner = NULL;
    for (paddr_t tcb = threads_next(w, 0); tcb && !owner; tcb = threads_next(w, tcb)) {
        struct cap root = thread_cspace(w, tcb);
        if (cap_type(root) == CAP_CNODE && cap_object(root) == cap_object(cnode))
            owner = thread_name(w, tcb);
    }
    if (cap_cnode_guard_size(cnode))
        snprintf(guard, sizeof guard, "guard %#" PRIx64 " of %" PRIu64 " bits",
                 cap_cnode_guard(cnode), cap_cnode_guard_size(cnode));
    else
        snprintf(guard, sizeof guard, "no guard");
    char name[48] = "";
    if (owner) text_sanitise(name, sizeof name, owner, strnlen(owner, TCB_NAME_SIZE));
    view_line(v, "  %s%s: %u slots (%" PRIu64 " bits), %s", owner ? "CSpace of " : "CNode", name,
              cnode_slot_count(cnode), cap_cnode_radix(cnode), guard);
}

/* How much is used counts only while something is derived: else the next Retype begins anew. */
static bool untyped_is_used(const struct world *w, paddr_t slot)
{
    paddr_t next = cte_next(cte_at(w, slot));
    return cap_type(cte_at(w, slot)->cap) == CAP_UNTYPED && next &&
           kernel_slot_parent(w, next) == slot;
}

static void slot_line(const struct view *v, struct cap cnode, paddr_t slot)
{
    const struct world *w = view_world(v);
    const struct cte *cte = cte_at(w, slot);
    const char *name = name_of_slot(w, slot);
    char number[24], what[160], from[64] = "", made[72] = "";
    view_cap(v->session, cte->cap, what, sizeof what);
    paddr_t parent = kernel_slot_parent(w, slot);
    if (untyped_is_used(w, slot))
        text_add(what, sizeof what, ", %" PRIu64 " bytes used",
                 cap_untyped_free_index(cte->cap) << 4);
    if (parent) view_slot_name(v->session, parent, from, sizeof from);
    if (parent) snprintf(made, sizeof made, "< %s", from);
    snprintf(number, sizeof number, "%" PRIu64, slot_index(cnode, slot));
    const struct row_item items[] = {
        { "slot", number, NULL, 0, 6, true },
        { NULL, name ? name : "-", name ? NULL : "", 2, 18, false },
        { "holds", what, NULL, 1, 0, false },
        { "made of", made, from, 2, 0, false },
    };
    view_row(v, LOOK_PLAIN, items, sizeof items / sizeof items[0]);
}

/* Without a single name there is nothing to show first. */
static bool has_names(const struct world *w, struct cap cnode)
{
    for (unsigned i = 0; i < cnode_slot_count(cnode); i++)
        if (name_of_slot(w, cap_object(cnode) + ((paddr_t)i << SLOT_BITS))) return true;
    return false;
}

static bool is_seats_own(const struct view *v, struct cap cnode)
{
    paddr_t seat = session_seat(v->session);
    return seat &&
           cap_object(cte_at(view_world(v), tcb_slot(seat, TCB_CTABLE))->cap) == cap_object(cnode);
}

/* Names outlive what they named: they are said, but do not look like capabilities. */
static void empty_names(const struct view *v, struct cap cnode)
{
    const struct world *w = view_world(v);
    char text[3 * TEXT_SIZE] = "";
    for (unsigned i = 0; i < cnode_slot_count(cnode); i++) {
        paddr_t slot = cap_object(cnode) + ((paddr_t)i << SLOT_BITS);
        const char *name = name_of_slot(w, slot);
        if (name && cap_type(cte_at(w, slot)->cap) == CAP_NULL)
            text_add(text, sizeof text, "%s%s (%u)", *text ? ", " : "empty by now: ", name, i);
    }
    if (*text) view_text(v, text, INDENT, 2 * INDENT, 2);
}

void view_caps(const struct view *v, struct cap cnode, bool all)
{
    const struct world *w = view_world(v);
    unsigned hidden = 0, shown = 0, count = cnode_slot_count(cnode);
    if (count == 0) {
        view_line(v, "  this is no CNode: it has no slots");
        return;
    }
    cnode_title(v, cnode);
    all |= !has_names(w, cnode);
    for (unsigned i = 0; i < count; i++) {
        paddr_t slot = cap_object(cnode) + ((paddr_t)i << SLOT_BITS);
        bool named = name_of_slot(w, slot), full = cap_type(cte_at(w, slot)->cap) != CAP_NULL;
        bool show = full && (named || all);
        if (show && shown++ == 0)
            view_heading(v, "  slot  name               what it holds   (< of which it was made)");
        if (show)
            slot_line(v, cnode, slot);
        else
            hidden += full;
    }
    empty_names(v, cnode);
    if (shown == 0 && hidden == 0) view_line(v, "  all %u slots are empty", count);
    if (hidden) view_line(v, "  %u more: caps %sall", hidden, is_seats_own(v, cnode) ? "" : "… ");
}
