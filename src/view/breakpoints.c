/* SPDX-License-Identifier: BSD-2-Clause */
/* Breakpoints, in the words in which they are typed. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

static void thread_add(const struct session *s, const char *role, paddr_t tcb, char *text,
                       size_t size)
{
    char name[48];
    if (!tcb) return;
    view_thread_name(s, tcb, name, sizeof name);
    text_add(text, size, " %s %s", role, name);
}

/* A watch names an invocation by its label; people write interface and method. */
static void method_add(const char *label, char *text, size_t size)
{
    for (size_t i = 0; i < invocation_rows; i++) {
        const struct invocation_desc *row = &invocation_table[i];
        if (strcmp(row->label, label) != 0) continue;
        text_add(text, size, " %s_%s", row->interface, row->method);
        return;
    }
}

static void watch_text(const struct session *s, const struct watch *watch, char *text, size_t size)
{
    text_add(text, size, "%s", watch_kind_word[watch->kind]);
    if (watch->kind == WATCH_FAULT && watch->fault_kind)
        text_add(text, size, " %s", watch_fault_word[watch->fault_kind]);
    if (watch->kind == WATCH_ERROR && watch->error < SEL4_ERROR_COUNT && watch->error)
        text_add(text, size, " %s", error_table[watch->error].name);
    if (watch->kind == WATCH_CALL && watch->label) method_add(watch->label, text, size);
    thread_add(s, "thread", watch->thread, text, size);
    thread_add(s, "receiver", watch->receiver, text, size);
    if (watch->endpoint) {
        char name[64];
        view_object_name(s, watch->endpoint, name, sizeof name);
        text_add(text, size, " endpoint %s", name);
    }
    if (watch->has_badge) text_add(text, size, " badge 0x%" PRIx64, watch->badge);
}

void view_breakpoints(const struct view *v)
{
    const struct breakpoint *list;
    size_t count = session_breaks(v->session, &list);
    if (count == 0) view_line(v, "  no breakpoints: break EVENT or break ADDRESS sets one");
    for (size_t i = 0; i < count; i++) {
        char text[TEXT_SIZE] = "";
        if (list[i].on_change)
            snprintf(text, sizeof text, "watch %s", list[i].spot.text);
        else if (list[i].on_address)
            snprintf(text, sizeof text, "0x%" PRIx64, list[i].address);
        else
            watch_text(v->session, &list[i].watch, text, sizeof text);
        char number[16], name[32];
        snprintf(number, sizeof number, "%u", list[i].number);
        snprintf(name, sizeof name, "breakpoint %u", list[i].number);
        const struct row_item items[] = { { NULL, number, "", 2, 3, true },
                                          { name, text, NULL, 2, 0, false } };
        view_row(v, LOOK_PLAIN, items, 2);
    }
}
