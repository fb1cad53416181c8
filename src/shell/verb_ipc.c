/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs on messages: what libsel4 calls seL4_Send, seL4_Recv and so on, with MSG in words. Never
 * cleverer than their call: `reply` sends what is there now and chooses no length of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shell/commands.h"

/* The text up to the next comma outside brackets, cut off; NULL at the end. */
static char *cut_at_comma(char **at)
{
    if (!**at) return NULL;
    char *start = *at;
    int depth = 0;
    for (; **at; ++*at) {
        depth += **at == '(';
        depth -= **at == ')';
        if (**at == ',' && depth <= 0) break;
    }
    if (**at) *(*at)++ = '\0';
    return start;
}

/* words W,… and caps SLOT,…: a list in one argument. */
static bool read_list(struct args *a, const char *what, bool caps, word_t *list, unsigned max,
                      unsigned *count)
{
    const char *text;
    char copy[2048], *at = copy, *one;
    struct slot_ref ref;
    if (!arg_text(a, what, &text)) return false;
    if ((size_t)snprintf(copy, sizeof copy, "%s", text) >= sizeof copy)
        return problem_set(&a->problem, "", "that list is too long");
    for (*count = 0; (one = cut_at_comma(&at)); ++*count) {
        if (*count == max) return problem_set(&a->problem, "", "at most %u %s", max, what);
        if (caps ? !slot_resolve(&a->sc, one, false, &ref, &a->problem)
                 : !expr_word(&a->sc, one, &list[*count], &a->problem))
            return false;
        if (caps) list[*count] = ref.index;
        if (caps && !ref.is_own)
            return problem_set(&a->problem, "`copy` it here first",
                               "`%.60s` lies in another CSpace", one);
    }
    return true;
}

static bool read_message(struct args *a, struct message *m)
{
    memset(m, 0, sizeof *m);
    bool has_length = false;
    while (arg_more(a)) {
        if (arg_key(a, "label")) {
            if (!arg_word(a, "the label", &m->label)) return false;
        } else if (arg_key(a, "length")) {
            if (!arg_word(a, "the length", &m->length)) return false;
            has_length = true;
            if (m->length > 127)
                return problem_set(&a->problem, "",
                                   "a length has 7 bits: at most 127, of which 120 arrive");
        } else if (arg_key(a, "caps")) {
            if (!read_list(a, "capabilities", true, m->cap, MESSAGE_MAX_CAPS, &m->cap_count))
                return false;
        } else if (arg_key(a, "words")) {
            if (!read_list(a, "words", false, m->word, MESSAGE_MAX_LENGTH, &m->word_count))
                return false;
            m->has_words = true;
        } else {
            return problem_set(&a->problem, "[label N] [length N] [caps SLOT,…] [words W,…]",
                               "`%.60s` is no part of a message", a->word[a->at]);
        }
    }
    if (m->has_words && !has_length) m->length = m->word_count;
    return true;
}

/* SLOT of a system call: a capability that the seat can name in one word. */
static bool read_service(struct args *a, word_t *cptr)
{
    struct slot_ref ref;
    if (!arg_slot(a, "a slot", false, &ref)) return false;
    *cptr = ref.index;
    return ref.is_own || problem_set(&a->problem, "`copy` it here first",
                                     "that capability lies in another CSpace");
}

static enum outcome send(struct shell *sh, struct args *a, const char *function, bool to_slot)
{
    struct call call;
    word_t service = 0;
    struct message *m = malloc(sizeof *m);
    enum outcome outcome = OUTCOME_FAILED;
    if (m && (!to_slot || read_service(a, &service)) && read_message(a, m) &&
        call_make(a, function, service, NULL, 0, &call)) {
        call.info = message_info(m->label, 0, m->cap_count, m->length);
        outcome = act_message(sh, a, &call, m, NULL);
    }
    free(m);
    return outcome;
}

static enum outcome receive(struct shell *sh, struct args *a, const char *function)
{
    struct call call;
    word_t service;
    if (!read_service(a, &service) || !arg_end(a) ||
        !call_make(a, function, service, NULL, 0, &call))
        return OUTCOME_FAILED;
    return act_call(sh, a, &call);
}

enum outcome verb_send(struct shell *sh, struct args *a)
{
    return send(sh, a, "seL4_Send", true);
}
enum outcome verb_call(struct shell *sh, struct args *a)
{
    return send(sh, a, "seL4_Call", true);
}
enum outcome verb_nbsend(struct shell *sh, struct args *a)
{
    return send(sh, a, "seL4_NBSend", true);
}
enum outcome verb_reply(struct shell *sh, struct args *a)
{
    return send(sh, a, "seL4_Reply", false);
}
enum outcome verb_replyrecv(struct shell *sh, struct args *a)
{
    return send(sh, a, "seL4_ReplyRecv", true);
}
enum outcome verb_recv(struct shell *sh, struct args *a)
{
    return receive(sh, a, "seL4_Recv");
}
enum outcome verb_nbrecv(struct shell *sh, struct args *a)
{
    return receive(sh, a, "seL4_NBRecv");
}
enum outcome verb_wait(struct shell *sh, struct args *a)
{
    return receive(sh, a, "seL4_Wait");
}
enum outcome verb_poll(struct shell *sh, struct args *a)
{
    return receive(sh, a, "seL4_Poll");
}
enum outcome verb_signal(struct shell *sh, struct args *a)
{
    return receive(sh, a, "seL4_Signal");
}

enum outcome verb_yield(struct shell *sh, struct args *a)
{
    struct call call;
    if (!arg_end(a) || !call_make(a, "seL4_Yield", 0, NULL, 0, &call)) return OUTCOME_FAILED;
    return act_call(sh, a, &call);
}

/* ---- Message registers ---- */

/* I or FIELD: a field is one of the message that the seat's thread has received last. */
static bool read_register(struct args *a, word_t *i)
{
    const char *text;
    if (!arg_text(a, "a message register", &text)) return false;
    const struct arrival *arrival = session_arrival(a->sc.session, a->sc.seat);
    unsigned kind = arrival && arrival->fault_kind < FAULT_KIND_COUNT
                        ? (unsigned)arrival->fault_kind
                        : FAULT_NONE;
    for (unsigned f = 0; kind && f < FAULT_WORDS && fault_table[kind].word[f].field; f++) {
        if (strcasecmp(fault_table[kind].word[f].field, text) != 0) continue;
        *i = f;
        return true;
    }
    if (!expr_word(&a->sc, text, i, &a->problem)) return false;
    return *i < MESSAGE_MAX_LENGTH ||
           problem_set(&a->problem, "MR0 to MR119", "there is no MR%llu", (unsigned long long)*i);
}

enum outcome verb_setmr(struct shell *sh, struct args *a)
{
    struct value value;
    struct call call;
    word_t arg[2];
    if (!read_register(a, &arg[0]) || !arg_expression(a, &value)) return OUTCOME_FAILED;
    arg[1] = value.word;
    if (value.is_text) {
        problem_set(&a->problem, "", "a message register holds a number");
        return OUTCOME_FAILED;
    }
    return call_make(a, "seL4_SetMR", 0, arg, 2, &call) ? act_call(sh, a, &call) : OUTCOME_FAILED;
}

enum outcome verb_getmr(struct shell *sh, struct args *a)
{
    struct call call;
    word_t i;
    if (!read_register(a, &i) || !arg_end(a) || !call_make(a, "seL4_GetMR", 0, &i, 1, &call))
        return OUTCOME_FAILED;
    return act_call(sh, a, &call);
}

/* accept SLOT: where a capability goes that comes with a message. */
enum outcome verb_accept(struct shell *sh, struct args *a)
{
    struct slot_ref ref;
    struct call call;
    word_t arg[3];
    if (!arg_slot(a, "a slot", true, &ref) || !arg_end(a) || !slot_root(a, &ref, &arg[0]))
        return OUTCOME_FAILED;
    arg[1] = ref.index;
    arg[2] = ref.depth;
    if (!call_make(a, "seL4_SetCapReceivePath", 0, arg, 3, &call)) return OUTCOME_FAILED;
    act_begin(sh);
    if (ref.new_name[0]) name_set(session_world(sh->session), ref.slot, ref.new_name);
    return act_call(sh, a, &call);
}
