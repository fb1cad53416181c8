/* SPDX-License-Identifier: BSD-2-Clause */
/* EVENT as a person writes it, turned into what the world watches for. */
#include "lesson/predicate.h"

#include <ctype.h>
#include <string.h>

bool is_event_word(const char *word)
{
    for (unsigned kind = 0; kind < WATCH_KIND_COUNT; kind++)
        if (strcmp(watch_kind_word[kind], word) == 0) return true;
    return false;
}

static bool read_error(const char *word, word_t *error)
{
    for (unsigned i = 0; i < SEL4_ERROR_COUNT; i++) {
        const char *name = error_table[i].name;
        if (strcmp(name, word) != 0 && strcmp(name + strlen("seL4_"), word) != 0) continue;
        *error = i;
        return true;
    }
    return false;
}

/* "CNodeMint", "CNode_Mint" and "seL4_CNode_Mint" are one method. */
static bool same_method(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == '_') a++;
        while (*b == '_') b++;
        if (*a != *b) return false;
        if (*a == '\0') return true;
    }
}

static const char *find_label(const char *method)
{
    if (strncmp(method, "seL4_", 5) == 0) method += 5;
    for (size_t i = 0; i < invocation_rows; i++) {
        const struct invocation_desc *row = &invocation_table[i];
        char whole[96] = "";
        strncat(whole, row->interface, 40);
        strncat(whole, row->method, 40);
        if (same_method(row->label, method) || same_method(whole, method)) return row->label;
    }
    return NULL;
}

static bool read_thread(const struct scope *sc, const char *word, paddr_t *tcb, struct problem *p)
{
    *tcb = thread_find(scope_world(sc), word);
    return *tcb || problem_set(p, "`threads` lists them", "no thread is called `%s`", word);
}

static bool read_endpoint(const struct scope *sc, const char *word, paddr_t *endpoint,
                          struct problem *p)
{
    struct slot_ref ref;
    if (!slot_resolve(sc, word, false, &ref, p)) return false;
    struct cap cap = scope_slot_cap(sc, &ref);
    if (cap_type(cap) != CAP_ENDPOINT && cap_type(cap) != CAP_NOTIFICATION)
        return problem_set(p, "`caps` shows what lies where", "`%s` is no endpoint", word);
    *endpoint = cap_object(cap);
    return true;
}

/* Whether a filter's name can stand here; where a kind could, the problem names the kinds. */
static bool is_filter(const char *word, const struct watch *watch, struct problem *p)
{
    static const char *const names[] = { "thread", "receiver", "endpoint", "badge" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], word) == 0) return true;
    if (watch->kind == WATCH_FAULT && watch->fault_kind == 0)
        return problem_set(p,
                           "fault cap, vm, unknown, user, debug; thread X, badge N: `help events`",
                           "there is no fault called `%.40s`", word);
    if (watch->kind == WATCH_ERROR && watch->error == 0)
        return problem_set(p, "error RangeError, FailedLookup, …: the names of libsel4",
                           "there is no error called `%.40s`", word);
    return problem_set(p, "thread X, receiver X, endpoint X, badge N",
                       "`%.40s` is no part of an event", word);
}

static bool read_filter(const struct scope *sc, const char *key, const char *word,
                        struct watch *out, struct problem *p)
{
    if (strcmp(key, "thread") == 0) return read_thread(sc, word, &out->thread, p);
    if (strcmp(key, "receiver") == 0) return read_thread(sc, word, &out->receiver, p);
    if (strcmp(key, "endpoint") == 0) return read_endpoint(sc, word, &out->endpoint, p);
    if (strcmp(key, "badge") == 0) {
        out->has_badge = true;
        return expr_word(sc, word, &out->badge, p);
    }
    return problem_set(p, "fault|ipc|… [thread X] [receiver X] [endpoint X] [badge N]",
                       "`%s` is no part of an event", key);
}

/* The word behind the kind, where the kind takes one; *at moves over it. */
static bool read_detail(char *const *word, unsigned count, unsigned *at, struct watch *out,
                        struct problem *p)
{
    if (out->kind == WATCH_CALL) {
        if (*at == count) return problem_set(p, "call CNode_Mint", "`call` wants a method");
        out->label = find_label(word[(*at)++]);
        return out->label || problem_set(p, "call CNode_Mint, call TCB_SetSpace",
                                         "`%s` is no method", word[*at - 1]);
    }
    if (*at == count) return true;
    if (out->kind == WATCH_ERROR && read_error(word[*at], &out->error)) ++*at;
    for (unsigned kind = 1; out->kind == WATCH_FAULT && kind < FAULT_KIND_COUNT; kind++) {
        if (strcmp(watch_fault_word[kind], word[*at]) != 0) continue;
        out->fault_kind = kind;
        ++*at;
        break;
    }
    return *at < count ? is_filter(word[*at], out, p) : true;
}

bool watch_parse(const struct scope *sc, char *const *word, unsigned count, struct watch *out,
                 struct problem *p)
{
    static const char tip[] = "fault, double-fault, ipc, state, switch, error, call METHOD";
    unsigned at = 1;
    *out = (struct watch){ 0 };
    if (count == 0) return problem_set(p, tip, "an event is wanted");
    if (!is_event_word(word[0])) return problem_set(p, tip, "`%s` is no event", word[0]);
    for (unsigned kind = 0; kind < WATCH_KIND_COUNT; kind++)
        if (strcmp(watch_kind_word[kind], word[0]) == 0) out->kind = (enum watch_kind)kind;
    if (!read_detail(word, count, &at, out, p)) return false;
    for (; at < count; at += 2) {
        if (at + 1 == count)
            return problem_set(p, "thread X, receiver X, endpoint X, badge N", "`%s` wants a value",
                               word[at]);
        if (!read_filter(sc, word[at], word[at + 1], out, p)) return false;
    }
    return true;
}
