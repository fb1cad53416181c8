/* SPDX-License-Identifier: BSD-2-Clause */
/* What a refused call is told: the error with the words that the kernel sent, the argument or capability
 * that they number by its name in libsel4, and a tip that fits the reason. The reason is in no message:
 * it is read from the debug kernel's line, where there is one. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

static const struct {
    const char *reason, *tip;
} reasons[] = {
#define REFUSAL(reason, tip) { reason, tip },
#include "view/refusals.def"
#undef REFUSAL
};

/* The row for the kernel's line, which holds numbers, too; or NULL. */
static const char *reason_of(const char *line)
{
    for (size_t i = 0; line && i < sizeof reasons / sizeof reasons[0]; i++)
        if (strstr(line, reasons[i].reason)) return reasons[i].reason;
    return NULL;
}

const char *view_reason(const struct session *s, size_t from)
{
    size_t first = session_first_event(s);
    for (size_t i = session_event_count(s); i > from && i > first; i--) {
        const struct event *e = session_event(s, i - 1);
        const char *reason = e->kind == EVENT_KERNEL_PRINT ? reason_of(e->text) : NULL;
        if (reason) return reason;
    }
    return NULL;
}

/* ---- The call's parameters ---- */

struct argument {
    struct parameter p;
    word_t value;
    bool known;
};

/* What the kernel calls argument N: the message's words are counted from 0. */
static struct argument argument_numbered(const struct call *call, word_t n)
{
    struct parameter p[CALL_ARGS_MAX];
    struct argument a = { .known = false };
    unsigned count = parameters_of(call->invocation->parameters, p);
    word_t words = 0;
    for (unsigned i = 0; i < count; i++) {
        if (p[i].is_cap || words++ != n) continue;
        a = (struct argument){ .p = p[i], .value = call->arg[i], .known = true };
    }
    return a;
}

/* What it calls capability N: 0 is the one invoked; where only another can be meant, it is that one. */
static struct argument capability_numbered(const struct call *call, word_t n)
{
    struct parameter p[CALL_ARGS_MAX];
    struct argument a = { .p.name = "the one invoked", .value = call->service, .known = n == 0 };
    unsigned count = parameters_of(call->invocation->parameters, p);
    word_t caps = strcmp(call->invocation->label, "IRQSetIRQHandler") == 0 ? 0 : 1;
    if (n == 0 && caps) return a;
    for (unsigned i = 0; i < count; i++) {
        if (!p[i].is_cap || caps++ != n) continue;
        a = (struct argument){ .p = p[i], .value = call->arg[i], .known = true };
    }
    return a;
}

/* ---- The error ---- */

static void add_words(const struct call *call, const struct refusal *r, char *text, size_t size)
{
    struct argument a = { .known = false };
    if (r->error == SEL4_InvalidArgument) {
        a = argument_numbered(call, r->word[0]);
        text_add(text, size, " (argument %" PRIu64, r->word[0]);
    } else if (r->error == SEL4_InvalidCapability) {
        a = capability_numbered(call, r->word[0]);
        text_add(text, size, " (capability %" PRIu64, r->word[0]);
    } else if (r->error == SEL4_RangeError) {
        text_add(text, size, " (%" PRIu64 " to %" PRIu64 ")", r->word[0], r->word[1]);
        return;
    } else if (r->error == SEL4_NotEnoughMemory) {
        text_add(text, size, " (%" PRIu64 " bytes left)", r->word[0]);
        return;
    } else {
        return;
    }
    text_add(text, size, "%s%s)", a.known ? ": " : "", a.p.name);
}

/* Whether the call works on two slots, so that it must be said in which a lookup failed. */
static bool has_source(const struct call *call)
{
    return strstr(call->invocation->parameters, "src_") != NULL;
}

/* Of a failed lookup the failure says more than the error. */
static void add_failure(const struct call *call, const struct refusal *r, char *text, size_t size)
{
    const struct lookup_failure *f = &r->lookup;
    if (has_source(call)) text_add(text, size, " in the %s", r->word[0] ? "source" : "destination");
    text_add(text, size, ": %s: %s; bits left %" PRIu64, lookup_failure_name(f->type),
             lookup_failure_table[f->type].meaning, f->bits_left);
    if (f->type == LOOKUP_GUARD_MISMATCH)
        text_add(text, size, ", guard 0x%" PRIx64 " of %" PRIu64 " bits", f->guard_found,
                 f->bits_found);
    if (f->type == LOOKUP_DEPTH_MISMATCH)
        text_add(text, size, ", bits found %" PRIu64, f->bits_found);
}

static void error_text(const struct call *call, const struct refusal *r, char *text, size_t size)
{
    const struct error_desc *row = &error_table[r->error];
    bool failed = r->error == SEL4_FailedLookup && r->lookup.type >= LOOKUP_INVALID_ROOT &&
                  r->lookup.type <= LOOKUP_GUARD_MISMATCH;
    snprintf(text, size, "%s", row->name);
    if (failed) {
        add_failure(call, r, text, size);
    } else {
        text_add(text, size, ": %s", row->meaning);
        add_words(call, r, text, size);
    }
    text_add(text, size, ".");
}

/* ---- The tip ---- */

static struct cap cap_behind(const struct view *v, word_t cptr)
{
    paddr_t slot = 0;
    const struct world *w = view_world(v);
    struct lookup_failure f = kernel_lookup_slot(w, session_seat(v->session), cptr, &slot);
    return f.type == LOOKUP_OK ? cte_at(w, slot)->cap : cap_new(CAP_NULL);
}

/* "CPtr 200 is empty; seL4_TCB_Resume wants a TCB": a capability of the wrong type. */
static bool tip_for_type(const struct view *v, const struct call *call, const struct refusal *r,
                         char *tip, size_t size)
{
    char what[128] = "";
    struct cap cap = cap_behind(v, call->service);
    bool service = r->error == SEL4_IllegalOperation ||
                   (r->error == SEL4_InvalidCapability && r->word[0] == 0);
    if (service && cap_type(cap) != call->invocation->on) {
        view_cap(v->session, cap, what, sizeof what);
        snprintf(tip, size, "CPtr %" PRIu64 ": %s; the call wants a capability to: %s",
                 call->service, what, cap_type_name(call->invocation->on));
        return true;
    }
    if (r->error != SEL4_InvalidCapability) return false;
    struct argument a = capability_numbered(call, r->word[0]);
    if (!*a.p.type) return false;
    view_cap(v->session, cap_behind(v, a.value), what, sizeof what);
    snprintf(tip, size, "%s is CPtr %" PRIu64 ": %s", a.p.name, a.value, what);
    if (strcmp(a.p.name, "untyped") == 0)
        text_add(tip, size, "; an ASID pool takes 4 KiB of memory that is no device's");
    return true;
}

/* `lookup N depth D` for the slot that was not found, where it was looked for in the seat's CSpace. */
static bool tip_for_lookup(const struct view *v, const struct call *call, const struct refusal *r,
                           char *tip, size_t size)
{
    struct parameter p[CALL_ARGS_MAX];
    unsigned count = parameters_of(call->invocation->parameters, p);
    word_t root = call->service;
    struct cap own = thread_cspace(view_world(v), session_seat(v->session));
    if (r->error != SEL4_FailedLookup) return false;
    for (unsigned i = 0; i + 1 < count; i++) {
        if (strcmp(p[i].type, "seL4_CNode") == 0) root = call->arg[i];
        bool source = strncmp(p[i].name, "src_", 4) == 0;
        if (!strstr(p[i].name, "index") || source != (r->word[0] != 0)) continue;
        struct cap cap = cap_behind(v, root);
        if (cap_type(cap) != CAP_CNODE || cap_object(cap) != cap_object(own)) return false;
        word_t depth = call->arg[i + 1];
        if (depth == 0 || depth > 64) return false;
        snprintf(tip, size, "`lookup %" PRIu64, call->arg[i]);
        if (depth != 64) text_add(tip, size, " depth %" PRIu64, depth);
        text_add(tip, size, "` draws the way");
        return true;
    }
    return false;
}

/* A priority has its bound from elsewhere than other numbers. */
static bool sets_priority(const struct call *call)
{
    const char *label = call->invocation->label;
    return strcmp(label, "TCBSetPriority") == 0 || strcmp(label, "TCBSetMCPriority") == 0 ||
           strcmp(label, "TCBSetSchedParams") == 0;
}

static void tip_text(const struct view *v, const struct call *call, const struct refusal *r,
                     char *tip, size_t size)
{
    const char *reason = reason_of(r->text);
    if (tip_for_type(v, call, r, tip, size)) return;
    if (tip_for_lookup(v, call, r, tip, size)) return;
    snprintf(tip, size, "%s", error_table[r->error].tip);
    if (r->error == SEL4_RangeError && sets_priority(call))
        snprintf(tip, size, "the bound is the MCP of the TCB that is shown as authority");
    for (size_t i = 0; reason && i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reason, reasons[i].reason) == 0) snprintf(tip, size, "%s", reasons[i].tip);
}

void view_error(const struct view *v, const struct call *call, const struct call_result *r)
{
    char line[2 * TEXT_SIZE], tip[TEXT_SIZE] = "";
    if (!call->invocation || r->error == SEL4_NoError) return;
    if (r->error >= SEL4_ERROR_COUNT) {
        view_line(v, "  error %u, which libsel4 does not know", (unsigned)r->error);
        return;
    }
    error_text(call, &r->refusal, line, sizeof line);
    if (v->colour) look_begin(v->out, LOOK_FAULT);
    unsigned lines = view_text(v, line, INDENT, INDENT, 2);
    if (v->colour) look_end(v->out);
    tip_text(v, call, &r->refusal, tip, sizeof tip);
    snprintf(line, sizeof line, "tip: %s", tip);
    if (*tip) view_text(v, line, INDENT, INDENT + 5, 3 - lines);
}
