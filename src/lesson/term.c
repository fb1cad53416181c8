/* SPDX-License-Identifier: BSD-2-Clause */
/* TERMs: what an expression can ask of the machine. States, types and rights are text, in the
 * kernel's words. */
#include "lesson/expr.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool set_word(struct value *out, word_t word)
{
    *out = (struct value){ .word = word };
    return true;
}

static bool set_text(struct value *out, const char *text)
{
    *out = (struct value){ .is_text = true };
    snprintf(out->text, sizeof out->text, "%s", text);
    return true;
}

/* Where the saved context holds a register; names as a person types them. */
/* clang-format off */
static const struct {
    const char *name;
    enum context_reg reg;
} registers[] = {
    { "rip", CTX_FAULT_IP }, { "rsp", CTX_RSP }, { "rflags", CTX_FLAGS }, { "flags", CTX_FLAGS },
    { "rax", CTX_RAX }, { "rbx", CTX_RBX }, { "rcx", CTX_RCX }, { "rdx", CTX_RDX }, { "rsi", CTX_RSI },
    { "rdi", CTX_RDI }, { "rbp", CTX_RBP }, { "r8", CTX_R8 }, { "r9", CTX_R9 }, { "r10", CTX_R10 },
    { "r11", CTX_R11 }, { "r12", CTX_R12 }, { "r13", CTX_R13 }, { "r14", CTX_R14 }, { "r15", CTX_R15 },
    { "fs_base", CTX_FS_BASE }, { "gs_base", CTX_GS_BASE },
};
/* clang-format on */

bool register_find(const char *name, enum context_reg *out)
{
    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++) {
        if (strcmp(registers[i].name, name) != 0) continue;
        *out = registers[i].reg;
        return true;
    }
    return false;
}

static bool thread_field(const struct world *w, paddr_t tcb, const char *field, struct value *out,
                         struct problem *p)
{
    const struct tcb *t = tcb_at(w, tcb);
    if (strcmp(field, "state") == 0) return set_text(out, tcb_state_name(t->state));
    if (strcmp(field, "prio") == 0) return set_word(out, t->priority);
    if (strcmp(field, "mcp") == 0) return set_word(out, t->mcp);
    if (strcmp(field, "fault_ep") == 0) return set_word(out, t->fault_handler);
    enum context_reg reg;
    if (register_find(field, &reg)) return set_word(out, thread_register(w, tcb, reg));
    return problem_set(p,
                       "a thread has .state, .prio, .mcp, .fault_ep, .rip and the other registers",
                       "a thread has no `%s`", field);
}

static const struct arrival *arrival_of(const struct scope *sc, struct problem *p)
{
    const struct arrival *a = session_arrival(sc->session, sc->seat);
    if (!a)
        problem_set(p, "`recv` receives one", "no message has arrived at %s",
                    thread_name(scope_world(sc), sc->seat));
    return a;
}

bool term_message_word(const struct scope *sc, word_t index, struct value *out, struct problem *p)
{
    const struct arrival *a = arrival_of(sc, p);
    if (!a) return false;
    if (index >= message_length(a->info))
        return problem_set(p, "MRs are counted from 0", "the message has %llu words: no mr[%llu]",
                           (unsigned long long)message_length(a->info), (unsigned long long)index);
    return set_word(out, a->mr[index]);
}

/* The words behind LookupFailureType: which they are, the type says. */
static bool detail_find(const struct arrival *a, const char *field, unsigned *index)
{
    unsigned length = fault_length(FAULT_CAP);
    word_t type = a->mr[length - 1];
    const char *name =
        type >= 1 && type <= LOOKUP_GUARD_MISMATCH ? lookup_failure_table[type].fields : "";
    for (unsigned i = length; *name; i++) {
        size_t n = strcspn(name, ",");
        *index = i;
        if (n == strlen(field) && strncmp(name, field, n) == 0) return true;
        name += n + strspn(name + n, ", ");
    }
    return false;
}

static bool message_field(const struct scope *sc, const char *field, struct value *out,
                          struct problem *p)
{
    const struct arrival *a = arrival_of(sc, p);
    if (!a) return false;
    if (strcmp(field, "label") == 0) return set_word(out, message_label(a->info));
    if (strcmp(field, "length") == 0) return set_word(out, message_length(a->info));
    if (strcmp(field, "badge") == 0) return set_word(out, a->badge);
    if (strcmp(field, "caps") == 0) return set_word(out, message_caps(a->info));
    const struct fault_desc *f = &fault_table[a->fault_kind < FAULT_KIND_COUNT ? a->fault_kind : 0];
    for (unsigned i = 0; i < FAULT_WORDS && f->word[i].field; i++)
        if (strcasecmp(f->word[i].field, field) == 0) return term_message_word(sc, i, out, p);
    unsigned detail;
    if (a->fault_kind == FAULT_CAP && detail_find(a, field, &detail))
        return term_message_word(sc, detail, out, p);
    return problem_set(p,
                       "message.label .length .badge .mr[I], and the fields that `message` shows",
                       "this message has no `%s`", field);
}

bool term_field(const struct scope *sc, const char *subject, const char *field, struct value *out,
                struct problem *p)
{
    paddr_t tcb = thread_find(scope_world(sc), subject);
    if (tcb) return thread_field(scope_world(sc), tcb, field, out, p);
    if (strcmp(subject, "message") == 0) return message_field(sc, field, out, p);
    char variable[3 * NAME_SIZE]; /* of a structure: shell/cstruct.c */
    snprintf(variable, sizeof variable, "%.40s_%.20s", subject, field);
    *out = (struct value){ .is_text = false };
    if (variable_get(scope_world(sc), variable, &out->word)) return true;
    return problem_set(p, "`threads` lists them", "no thread is called `%s`", subject);
}

/* How many threads wait in an endpoint's or notification's queue. */
bool term_queue(const struct scope *sc, const char *slot, struct value *out, struct problem *p)
{
    struct slot_ref ref;
    if (!slot_resolve(sc, slot, false, &ref, p)) return false;
    const struct world *w = scope_world(sc);
    struct cap cap = scope_slot_cap(sc, &ref);
    paddr_t tcb = 0;
    if (cap_type(cap) == CAP_ENDPOINT)
        tcb = endpoint_at(w, cap_object(cap))->head;
    else if (cap_type(cap) == CAP_NOTIFICATION)
        tcb = notification_at(w, cap_object(cap))->head;
    else
        return problem_set(p, "endpoints and notifications have one",
                           "slot %s has no queue: it holds %s", slot, cap_type_name(cap_type(cap)));
    word_t count = 0;
    for (; tcb; tcb = tcb_at(w, tcb)->ep_next) count++;
    return set_word(out, count);
}

static word_t badge_of(struct cap cap)
{
    if (cap_type(cap) == CAP_ENDPOINT) return cap_endpoint_badge(cap);
    if (cap_type(cap) == CAP_NOTIFICATION) return cap_notification_badge(cap);
    return 0;
}

static void rights_of(struct cap cap, char *text)
{
    bool read = false, write = false, grant = false, grant_reply = false;
    if (cap_type(cap) == CAP_ENDPOINT) {
        read = cap_endpoint_can_receive(cap);
        write = cap_endpoint_can_send(cap);
        grant = cap_endpoint_can_grant(cap);
        grant_reply = cap_endpoint_can_grant_reply(cap);
    } else if (cap_type(cap) == CAP_NOTIFICATION) {
        read = cap_notification_can_receive(cap);
        write = cap_notification_can_send(cap);
    }
    snprintf(text, 5, "%s%s%s%s", read ? "r" : "", write ? "w" : "", grant ? "g" : "",
             grant_reply ? "p" : "");
}

/* Of a CNode's capability; of another one they are 0. */
static bool cnode_field(struct cap cap, const char *field, struct value *out)
{
    bool is_cnode = cap_type(cap) == CAP_CNODE;
    if (strcmp(field, "bits") == 0) return set_word(out, is_cnode ? cap_cnode_radix(cap) : 0);
    if (strcmp(field, "guard") == 0) return set_word(out, is_cnode ? cap_cnode_guard(cap) : 0);
    if (strcmp(field, "guard_bits") == 0)
        return set_word(out, is_cnode ? cap_cnode_guard_size(cap) : 0);
    return false;
}

bool term_slot(const struct scope *sc, const char *slot, const char *field, struct value *out,
               struct problem *p)
{
    struct slot_ref ref;
    char rights[5];
    if (!slot_resolve(sc, slot, false, &ref, p)) return false;
    struct cap cap = scope_slot_cap(sc, &ref);
    if (strcmp(field, "type") == 0) return set_text(out, cap_type_name(cap_type(cap)));
    if (strcmp(field, "badge") == 0) return set_word(out, badge_of(cap));
    if (strcmp(field, "rights") == 0) {
        rights_of(cap, rights);
        return set_text(out, rights);
    }
    if (strcmp(field, "object") == 0)
        return set_word(out, cap_type(cap) == CAP_NULL ? 0 : cap_object(cap));
    return cnode_field(cap, field, out) ||
           problem_set(p, ".type .badge .rights .object .bits .guard .guard_bits",
                       "slot(%s) has no `%s`", slot, field);
}

/* Whether the rules of the kernel's state hold: "hold", or what is wrong. They always do, unless the
 * kernel's model has an error. */
bool term_invariants(const struct scope *sc, struct value *out)
{
    const char *wrong = kernel_check_invariants(scope_world(sc));
    if (!wrong) wrong = kernel_check_references(scope_world(sc));
    return set_text(out, wrong ? wrong : "hold");
}

/* Of the kernel's events the last that is a refusal or the beginning of a call. */
static const struct event *last_outcome(const struct session *s)
{
    for (size_t i = session_event_count(s); i > session_first_event(s); i--) {
        const struct event *e = session_event(s, i - 1);
        if (e->kind == EVENT_ERROR || e->kind == EVENT_CALL) return e;
    }
    return NULL;
}

/* The error of the last invocation. */
word_t term_error(const struct session *s)
{
    const struct event *e = last_outcome(s);
    return e && e->kind == EVENT_ERROR ? e->arg[0] : SEL4_NoError;
}

/* The method of the last invocation, refused or not: "CNode_Copy"; "": there was none. Messages that
 * go through endpoints are none. */
bool term_called(const struct session *s, struct value *out)
{
    char text[64] = "";
    for (size_t i = session_event_count(s); i > session_first_event(s) && !*text; i--) {
        const struct invocation_desc *row =
            event_invocation(session_world_at(s), session_event(s, i - 1));
        if (row) snprintf(text, sizeof text, "%s_%s", row->interface, row->method);
    }
    return set_text(out, text);
}
