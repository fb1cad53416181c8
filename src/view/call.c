/* SPDX-License-Identifier: BSD-2-Clause */
/* A call as C, so that it can be pasted back: names of the seat's CSpace as names, constants of libsel4
 * by theirs, all else as numbers. What an error that it brought means: refusal.c. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

/* The arguments, with breaks where a line may end: every ", " between them. */
struct echo {
    const struct session *s;
    const struct world *w;
    char text[4 * TEXT_SIZE];
};

static void echo(struct echo *e, const char *text)
{
    text_add(e->text, sizeof e->text, "%s", text);
}

static void echo_separator(struct echo *e)
{
    size_t length = strlen(e->text);
    if (length && e->text[length - 1] != '(') echo(e, ", ");
}

static void echo_word(struct echo *e, word_t value, bool hex)
{
    text_add(e->text, sizeof e->text, hex ? "0x%" PRIx64 : "%" PRIu64, value);
}

/* The words with which the language speaks of the seat's own roots. */
static const char *own_root_word(const struct world *w, paddr_t seat, struct cap cap)
{
    struct cap cspace = thread_cspace(w, seat), vspace = cte_at(w, tcb_slot(seat, TCB_VTABLE))->cap;
    if (cap_type(cap) == CAP_CNODE && cap_type(cspace) == CAP_CNODE &&
        cap_object(cap) == cap_object(cspace))
        return "cspace";
    if (cap_type(cap) == CAP_PML4 && cap_object(cap) == cap_object(vspace)) return "vspace";
    if (cap_type(cap) == CAP_THREAD && cap_object(cap) == seat) return "tcb";
    return NULL;
}

/* Whether a slot is the one that those words mean: the first of the root CNode with such a capability. */
static bool is_first_own(const struct world *w, paddr_t seat, paddr_t slot, const char *own)
{
    struct cap root = thread_cspace(w, seat);
    if (!own || cap_type(root) != CAP_CNODE || slot <= cap_object(root)) return false; /* never 0 */
    for (paddr_t at = cap_object(root) + sizeof(struct cte); at < slot; at += sizeof(struct cte)) {
        const char *word = own_root_word(w, seat, cte_at(w, at)->cap);
        if (word && strcmp(word, own) == 0) return false;
    }
    return true;
}

/* A CPtr of the seat's thread. */
static void echo_cptr(struct echo *e, word_t cptr)
{
    paddr_t seat = session_seat(e->s), slot = 0;
    struct lookup_failure failure = kernel_lookup_slot(e->w, seat, cptr, &slot);
    word_t back;
    if (failure.type != LOOKUP_OK || !slot || !slot_cptr(e->w, seat, slot, &back) || back != cptr) {
        echo_word(e, cptr, false);
        return;
    }
    const char *name = name_of_slot(e->w, slot),
               *own = own_root_word(e->w, seat, cte_at(e->w, slot)->cap);
    if (!is_first_own(e->w, seat, slot, own)) own = NULL;
    if (own || name)
        echo(e, name ? name : own);
    else
        echo_word(e, cptr, false);
}

static void echo_rights(struct echo *e, word_t rights)
{
    static const char *const name[RIGHTS_ALL + 1] = {
        [0] = "seL4_NoRights",
        [RIGHT_WRITE] = "seL4_CanWrite",
        [RIGHT_READ] = "seL4_CanRead",
        [RIGHT_READ | RIGHT_WRITE] = "seL4_ReadWrite",
        [RIGHT_GRANT] = "seL4_CanGrant",
        [RIGHT_GRANT_REPLY] = "seL4_CanGrantReply",
        [RIGHTS_ALL] = "seL4_AllRights",
        [RIGHTS_ALL & ~RIGHT_WRITE] = "seL4_NoWrite",
        [RIGHTS_ALL & ~RIGHT_READ] = "seL4_NoRead",
    };
    rights &= RIGHTS_ALL;
    if (name[rights])
        echo(e, name[rights]);
    else
        text_add(e->text, sizeof e->text, "seL4_CapRights_new(%d, %d, %d, %d)",
                 !!(rights & RIGHT_GRANT_REPLY), !!(rights & RIGHT_GRANT), !!(rights & RIGHT_READ),
                 !!(rights & RIGHT_WRITE));
}

static void echo_context(struct echo *e, const word_t context[20])
{
    bool first = true;
    echo(e, "&(seL4_UserContext){");
    for (unsigned i = 0; i < USER_CONTEXT_FIELDS; i++) {
        if (!context[i]) continue;
        text_add(e->text, sizeof e->text, "%s .%s = 0x%" PRIx64, first ? "" : ",",
                 user_context_field[i], context[i]);
        first = false;
    }
    echo(e, first ? " 0 }" : " }");
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), n = strlen(ending);
    return length >= n && strcmp(text + length - n, ending) == 0;
}

/* Words that are addresses or badges are shown in hex. */
static bool is_hex(const char *name)
{
    return ends_with(name, "badge") || ends_with(name, "addr") || ends_with(name, "buffer") ||
           ends_with(name, "base") || ends_with(name, "port");
}

/* An index is a CPtr of the seat's when the CNode it belongs to is the seat's own, at full depth. */
static bool is_own_cptr(const struct echo *e, word_t root, word_t depth)
{
    paddr_t seat = session_seat(e->s), slot = 0;
    if (depth != 64 || kernel_lookup_slot(e->w, seat, root, &slot).type != LOOKUP_OK || !slot)
        return false;
    const char *own = own_root_word(e->w, seat, cte_at(e->w, slot)->cap);
    return own && strcmp(own, "cspace") == 0;
}

/* The CNode that an index at `i` belongs to: the last CNode among the parameters in front of it, else
 * the one invoked. */
static word_t index_root(const struct call *call, const struct parameter *p, unsigned i)
{
    while (i-- > 0)
        if (strcmp(p[i].type, "seL4_CNode") == 0) return call->arg[i];
    return call->service;
}

static void echo_argument(struct echo *e, const struct call *call, const struct parameter *p,
                          unsigned count, unsigned i)
{
    word_t value = call->arg[i];
    const struct object_desc *object = NULL;
    if (p[i].is_cap) {
        echo_cptr(e, value);
    } else if (strcmp(p[i].type, "seL4_CapRights_t") == 0) {
        echo_rights(e, value);
    } else if (strcmp(p[i].type, "seL4_X86_VMAttributes") == 0 && value == 0) {
        echo(e, "seL4_X86_Default_VMAttributes");
    } else if (strcmp(p[i].type, "seL4_UserContext") == 0) {
        echo_context(e, call->context);
    } else if (strcmp(p[i].name, "type") == 0 &&
               (object = object_row(&kernel_at(e->w)->numbers, value))) {
        text_add(e->text, sizeof e->text, "seL4_%s", object->name);
    } else if (ends_with(p[i].name, "index") && i + 1 < count &&
               ends_with(p[i + 1].name, "depth") &&
               is_own_cptr(e, index_root(call, p, i), call->arg[i + 1])) {
        echo_cptr(e, value);
    } else {
        echo_word(e, value, is_hex(p[i].name));
    }
}

static void echo_invocation(struct echo *e, const struct call *call)
{
    struct parameter p[CALL_ARGS_MAX];
    unsigned count = parameters_of(call->invocation->parameters, p);
    text_add(e->text, sizeof e->text, "seL4_%s_%s(", call->invocation->interface,
             call->invocation->method);
    echo_cptr(e, call->service);
    for (unsigned i = 0; i < count && i < call->argc; i++) {
        echo_separator(e);
        echo_argument(e, call, p, count, i);
    }
    if (*call->invocation->results) {
        unsigned results = parameters_of(call->invocation->results, p);
        for (unsigned i = 0; i < results; i++)
            text_add(e->text, sizeof e->text, ", &%s", p[i].name);
    }
}

static void echo_info(struct echo *e, word_t info)
{
    text_add(e->text, sizeof e->text,
             "seL4_MessageInfo_new(%" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64 ")",
             message_label(info), message_unwrapped(info), message_caps(info),
             message_length(info));
}

/* What a system call that carries no message takes. */
static void echo_plain_argument(struct echo *e, const struct call *call)
{
    switch (call->syscall->id) {
    case SYS_DebugPutChar: echo_word(e, call->service, false); break;
    case SYS_SetTLSBase: echo_word(e, call->service, true); break;
    case SYS_DebugCapIdentify: echo_cptr(e, call->service); break;
    case SYS_DebugNameThread:
        echo_cptr(e, call->service);
        echo(e, ", \"");
        text_sanitise(e->text + strlen(e->text), sizeof e->text - strlen(e->text), call->text,
                      strnlen(call->text, sizeof call->text));
        echo(e, "\"");
        break;
    default: break;
    }
}

/* libsel4's names for receiving from a notification: the same system calls. */
static const char *notification_name(const struct echo *e, const struct call *call)
{
    paddr_t slot = 0;
    struct lookup_failure failure =
        kernel_lookup_slot(e->w, session_seat(e->s), call->service, &slot);
    if (failure.type != LOOKUP_OK || !slot || cap_type(cte_at(e->w, slot)->cap) != CAP_NOTIFICATION)
        return NULL;
    return call->syscall->id == SYS_Recv ? "Wait" : call->syscall->id == SYS_NBRecv ? "Poll" : NULL;
}

static void echo_syscall(struct echo *e, const struct call *call)
{
    const struct syscall_desc *row = call->syscall;
    bool signal = call->function && strcmp(call->function, "seL4_Signal") == 0;
    const char *special =
        row->direction && row->id != SYS_Reply ? notification_name(e, call) : NULL;
    text_add(e->text, sizeof e->text, "seL4_%s(",
             signal    ? "Signal"
             : special ? special
                       : row->name);
    if (!row->direction) {
        echo_plain_argument(e, call);
        return;
    }
    if (row->id != SYS_Reply) echo_cptr(e, call->service);
    if (row->direction & SEND && !signal) {
        echo_separator(e);
        echo_info(e, call->info);
    }
    if (row->direction & RECEIVE && row->id != SYS_Call) echo(e, ", &badge");
}

/* seL4_SetMR(0, 0x5) and its like, which never enter the kernel. */
static void echo_local(struct echo *e, const struct call *call)
{
    struct parameter p[CALL_ARGS_MAX];
    unsigned count = parameters_of(call_parameters(call), p);
    text_add(e->text, sizeof e->text, "%s(", call->function);
    for (unsigned i = 0; i < count && i < CALL_ARGS_MAX; i++) {
        echo_separator(e);
        if (strcmp(p[i].name, "cptr") == 0 || strcmp(p[i].name, "receiveCNode") == 0)
            echo_cptr(e, call->arg[i]);
        else
            echo_word(e, call->arg[i], strcmp(p[i].name, "mr") == 0);
    }
}

void view_call(const struct view *v, const struct call *call, const char *suffix)
{
    struct echo e = { .s = v->session, .w = view_world(v) };
    if (call->invocation)
        echo_invocation(&e, call);
    else if (call->syscall)
        echo_syscall(&e, call);
    else if (call->local != CALL_ENTERS)
        echo_local(&e, call);
    else
        return;
    unsigned hang = INDENT + (unsigned)strcspn(e.text, "(") + 1;
    echo(&e, ")");
    /* The result stays in one piece. */
    size_t end = strlen(e.text);
    text_add(e.text, sizeof e.text, "%s", suffix ? suffix : "");
    for (char *c = e.text + end + (e.text[end] == ' '); *c; c++)
        if (*c == ' ') *c = HARD_SPACE;
    /* Four columns of air at the right: a call is read argument by argument. */
    struct view narrow = *v;
    narrow.width -= 4;
    view_text(&narrow, e.text, INDENT, hang < 40 ? hang : INDENT + 4, 12);
}
