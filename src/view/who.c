/* SPDX-License-Identifier: BSD-2-Clause */
/* Who holds an object: every capability to it, in whose CSpace it lies, what it allows and of which it was
 * made; for endpoints and notifications who waits there, for frames where they are mapped. And who has a power over a thread. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "view/internal.h"
#include "view/why.h"

void view_holding_name(const struct session *s, const struct holding *h, char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    struct cap root = thread_cspace(w, h->thread);
    const char *name = name_of_slot(w, h->slot);
    if (h->slot == tcb_slot(h->thread, TCB_CALLER))
        snprintf(text, size, "caller slot");
    else if (cnode_holds(root, h->slot) && name)
        snprintf(text, size, "%s", name);
    else if (cnode_holds(root, h->slot))
        snprintf(text, size, "%" PRIu64, slot_index(root, h->slot));
    else
        view_slot_name(s, h->slot, text, size);
}

/* "rootserver (fault_ep), handler (handler_cspace/fault_ep; blocked on recv)": each thread once, but not
 * the one that waits. */
static unsigned holders_add(const struct session *s, paddr_t tcb, const struct holdings *h,
                            char *text, size_t size)
{
    const struct world *w = session_world_at(s);
    unsigned shown = 0;
    for (unsigned i = 0; i < h->count; i++) {
        const struct holding *one = &h->list[i];
        bool again = one->thread == tcb;
        for (unsigned j = 0; j < i; j++) again |= h->list[j].thread == one->thread;
        if (again) continue;
        char name[48], slot[64];
        view_thread_name(s, one->thread, name, sizeof name);
        view_holding_name(s, one, slot, sizeof slot);
        text_add(text, size, "%s%s (%s", shown++ ? ", " : "", name, slot);
        if (!thread_is_runnable(w, one->thread))
            text_add(text, size, "; %s itself", tcb_state_name(tcb_at(w, one->thread)->state));
        text_add(text, size, ")");
    }
    return shown;
}

unsigned view_powerful(const struct session *s, paddr_t tcb, enum power power, char *text,
                       size_t size)
{
    unsigned shown = 0;
    struct holdings *h = malloc(sizeof *h);
    if (h) {
        holdings_with_power(session_world_at(s), tcb, power, h);
        shown = holders_add(s, tcb, h, text, size);
    }
    free(h);
    return shown;
}

/* Of which it was made, when that is among the holdings: memory is not told. */
static void parent_text(const struct view *v, const struct holdings *all, const struct holding *h,
                        char *text, size_t size)
{
    paddr_t parent = kernel_slot_parent(view_world(v), h->slot);
    for (unsigned i = 0; parent && i < all->count; i++) {
        if (all->list[i].slot != parent) continue;
        char thread[48], slot[64];
        view_thread_name(v->session, all->list[i].thread, thread, sizeof thread);
        view_holding_name(v->session, &all->list[i], slot, sizeof slot);
        snprintf(text, size, "%s's %s", thread, slot);
        return;
    }
}

/* What one holding allows: where all name the same object its name says nothing. */
static void holding_text(const struct view *v, struct cap cap, char *text, size_t size)
{
    bool waits = cap_type(cap) == CAP_ENDPOINT || cap_type(cap) == CAP_NOTIFICATION;
    if (!waits) {
        view_cap(v->session, cap, text, size);
        return;
    }
    view_rights(cap, text, size);
    if (cap.word[1]) text_add(text, size, "  badge 0x%" PRIx64, cap.word[1]);
}

static void holding_line(const struct view *v, const struct holdings *all, const struct holding *h)
{
    char name[48], slot[64], cap[160], from[128] = "", made[136] = "";
    view_thread_name(v->session, h->thread, name, sizeof name);
    view_holding_name(v->session, h, slot, sizeof slot);
    holding_text(v, h->cap, cap, sizeof cap);
    parent_text(v, all, h, from, sizeof from);
    if (*from) snprintf(made, sizeof made, "< %s", from);
    const struct row_item items[] = {
        { "in CSpace of", name, NULL, INDENT, 12, false },
        { "slot", slot, NULL, 1, 14, false },
        { "allows", cap, NULL, 1, 0, false },
        { "made of", made, from, 2, 0, false },
    };
    view_row(v, LOOK_PLAIN, items, sizeof items / sizeof items[0]);
}

/* A thread whose address space has this identifier, and its top table; 0: none. */
static paddr_t thread_with_asid(const struct world *w, word_t asid, paddr_t *pml4)
{
    for (paddr_t tcb = threads_next(w, 0); tcb; tcb = threads_next(w, tcb)) {
        struct cap vspace = cte_at(w, tcb_slot(tcb, TCB_VTABLE))->cap;
        if (cap_type(vspace) != CAP_PML4 || !cap_pml4_is_mapped(vspace)) continue;
        *pml4 = cap_pml4_object(vspace);
        if (cap_pml4_asid(vspace) == asid) return tcb;
    }
    return 0;
}

/* Where a frame's capability has mapped it, and what is allowed there: the tables may say less than the
 * capability. A frame has one capability for each place. */
static void mapping_line(const struct view *v, const struct holding *h)
{
    const struct world *w = view_world(v);
    if (cap_type(h->cap) != CAP_FRAME || !cap_frame_is_mapped(h->cap)) return;
    word_t address = cap_frame_address(h->cap);
    paddr_t pml4 = 0, there, tcb = thread_with_asid(w, cap_frame_asid(h->cap), &pml4);
    char name[48], slot[64], text[TEXT_SIZE];
    view_holding_name(v->session, h, slot, sizeof slot);
    snprintf(text, sizeof text, "by %s: at 0x%" PRIx64 " ", slot, address);
    if (!tcb) {
        text_add(text, sizeof text, "of an address space that no thread has.");
    } else {
        view_thread_name(v->session, tcb, name, sizeof name);
        bool is_there =
            page_walk(w, pml4, address, 0, &there) == 0 && there == cap_frame_object(h->cap);
        bool writable = is_there && page_walk(w, pml4, address, FAULT_WRITE, &there) == 0;
        text_add(text, sizeof text, "of %s's address space, %s.", name,
                 writable   ? "read and write"
                 : is_there ? "read only"
                            : "where something else or nothing is by now");
    }
    view_text(v, text, INDENT, INDENT, 2);
}

void view_who(const struct view *v, struct cap cap)
{
    struct holdings *h = malloc(sizeof *h);
    if (!h) return;
    holdings_of(view_world(v), cap, h);
    view_heading(v, "  in CSpace of %-14s what it allows   (< of which it was made)", "slot");
    for (unsigned i = 0; i < h->count; i++) holding_line(v, h, &h->list[i]);
    if (h->more) view_line(v, "  and more");
    for (unsigned i = 0; i < h->count; i++) mapping_line(v, &h->list[i]);
    bool has_queue = cap_type(cap) == CAP_ENDPOINT || cap_type(cap) == CAP_NOTIFICATION;
    if (has_queue && h->count) view_queue(v, h->list[0].slot);
    free(h);
}
