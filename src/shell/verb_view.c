/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that look. They change nothing and can be repeated by an empty line. */
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"

enum outcome verb_as(struct shell *sh, struct args *a)
{
    paddr_t tcb;
    if (!arg_thread(a, &tcb) || !arg_end(a)) return OUTCOME_FAILED;
    if (!sh->begun) session_line_over(sh->session);
    session_sit(sh->session, tcb);
    return OUTCOME_DONE;
}

enum outcome verb_threads(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    if (!arg_end(a)) return OUTCOME_FAILED;
    view_threads(&v);
    return OUTCOME_DONE;
}

/* caps [SLOT of a CNode] [all] */
enum outcome verb_caps(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    struct cap cnode = cte_at(scope_world(&a->sc), tcb_slot(a->sc.seat, TCB_CTABLE))->cap;
    bool all = arg_key(a, "all");
    if (arg_more(a)) {
        struct slot_ref ref;
        if (!arg_slot(a, "a CNode", false, &ref)) return OUTCOME_FAILED;
        cnode = scope_slot_cap(&a->sc, &ref);
        all = all || arg_key(a, "all");
    }
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (cap_type(cnode) != CAP_CNODE) {
        problem_set(&a->problem, "caps, caps X_cspace, caps all", "that is no CNode but: %s",
                    cap_type_name(cap_type(cnode)));
        return OUTCOME_FAILED;
    }
    view_caps(&v, cnode, all);
    return OUTCOME_DONE;
}

enum outcome verb_lookup(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    struct slot_ref ref;
    word_t depth = 64;
    if (!arg_slot(a, "a CPtr", false, &ref)) return OUTCOME_FAILED;
    if (arg_key(a, "depth") && !arg_word(a, "the depth", &depth)) return OUTCOME_FAILED;
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (!ref.is_own) {
        problem_set(&a->problem, "`as X`, then `lookup CPTR`: each thread begins at its own root",
                    "a lookup begins in the seat's own CSpace");
        return OUTCOME_FAILED;
    }
    if (depth == 0 || depth > 64) {
        problem_set(&a->problem, "1 to 64 bits", "no lookup has %llu bits",
                    (unsigned long long)depth);
        return OUTCOME_FAILED;
    }
    view_lookup(&v, a->sc.seat, ref.index, (unsigned)depth);
    return OUTCOME_DONE;
}

/* message --flow @POSITION: which message, and when it was answered. */
struct past_message {
    struct shell *sh;
    paddr_t receiver, sender; /* receiver 0: anybody's */
    word_t step;
    bool flow;
};

static bool is_message(void *context, const struct session *s, size_t i, const struct event *e)
{
    struct past_message *m = context;
    bool fits = e->kind == EVENT_MESSAGE && (!m->receiver || e->arg[0] == m->receiver) &&
                (!m->flow || e->arg[5] != FAULT_NONE);
    return fits && session_event_position(s, i).step <= m->step;
}

/* Its answer, or the next one that arrives there. */
static bool is_end_of_message(void *context, const struct session *s, size_t i,
                              const struct event *e)
{
    const struct past_message *m = context;
    (void)s, (void)i;
    if (e->kind == EVENT_REPLY) return e->thread == m->receiver && e->arg[0] == m->sender;
    return e->kind == EVENT_MESSAGE && e->arg[0] == m->receiver;
}

static void show_past_message(void *context)
{
    const struct past_message *m = context;
    struct view v = shell_view(m->sh);
    (m->flow ? view_flow : view_message)(&v, m->receiver);
}

/* Behind the entry in which it arrived, or, of a flow, was answered. */
static bool find_message(struct past_message *m, struct position *at)
{
    struct session *s = m->sh->session;
    size_t known = session_events_known(s), i = session_event_last(s, known, is_message, m);
    if (i == EVENT_NONE) return false;
    const struct event *e = session_event(s, i);
    m->receiver = e->arg[0];
    m->sender = e->thread;
    *at = (struct position){ .step = session_event_position(s, i).step + 1 };
    struct event_search end = {
        .from = i + 1, .to = known, .most = 1, .takes = is_end_of_message, .context = m
    };
    if (!m->flow || !session_events_find(s, &end)) return true;
    at->step = session_end(s).step;
    if (!end.count || !session_event_hold(s, end.found[0])) return true;
    word_t step = session_event_position(s, end.found[0]).step;
    at->step = session_event(s, end.found[0])->kind == EVENT_REPLY ? step + 1 : step;
    return true;
}

static enum outcome past_message(struct args *a, struct past_message *m, const char *word)
{
    struct position at;
    struct shell *sh = m->sh;
    if (!position_parse(word, &at, &a->problem)) return OUTCOME_FAILED;
    m->step = at.step;
    bool found = find_message(m, &at);
    if (found && session_visit(sh->session, at, show_past_message, m, &a->problem))
        return OUTCOME_DONE;
    if (sh->host.interrupt && *sh->host.interrupt) return OUTCOME_INTERRUPTED;
    if (!found)
        problem_set(&a->problem, "`timeline ipc` lists them", "no %smessage had arrived by %.20s",
                    m->flow ? "fault's " : "", word);
    return OUTCOME_FAILED;
}

/* message [THREAD] [--flow] [@POSITION], in any order */
enum outcome verb_message(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    struct past_message past = { .sh = sh };
    const char *position = NULL;
    while (arg_more(a)) {
        if (arg_key(a, "--flow"))
            past.flow = true;
        else if (!position && a->word[a->at][0] == '@')
            position = a->word[a->at++];
        else if (past.receiver)
            return arg_end(a) ? OUTCOME_DONE : OUTCOME_FAILED;
        else if (!arg_thread(a, &past.receiver))
            return OUTCOME_FAILED;
    }
    if (position) return past_message(a, &past, position);
    (past.flow ? view_flow : view_message)(&v, past.receiver ? past.receiver : a->sc.seat);
    return OUTCOME_DONE;
}

enum outcome verb_queue(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    if (!arg_more(a)) {
        view_queues(&v);
        return OUTCOME_DONE;
    }
    struct slot_ref ref;
    if (!arg_slot(a, "an endpoint", false, &ref) || !arg_end(a)) return OUTCOME_FAILED;
    enum cap_type type = cap_type(scope_slot_cap(&a->sc, &ref));
    if (type != CAP_ENDPOINT && type != CAP_NOTIFICATION) {
        problem_set(&a->problem, "endpoints and notifications have one",
                    "that slot has no queue: it holds %s", cap_type_name(type));
        return OUTCOME_FAILED;
    }
    view_queue(&v, ref.slot);
    return OUTCOME_DONE;
}

enum outcome verb_registers(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    paddr_t tcb = a->sc.seat;
    if ((arg_more(a) && !arg_thread(a, &tcb)) || !arg_end(a)) return OUTCOME_FAILED;
    view_registers(&v, tcb);
    return OUTCOME_DONE;
}

/* The thread that an optional first argument names; else the seat's. */
static paddr_t optional_thread(struct args *a)
{
    paddr_t tcb = arg_more(a) ? thread_find(scope_world(&a->sc), a->word[a->at]) : 0;
    if (!tcb) return a->sc.seat;
    a->at++;
    return tcb;
}

/* disassemble [THREAD] [ADDR] [COUNT] */
enum outcome verb_disassemble(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    paddr_t tcb = optional_thread(a);
    word_t address = thread_register(scope_world(&a->sc), tcb, CTX_FAULT_IP), count = 8;
    struct scope at = { a->sc.session, tcb };
    if (arg_more(a) && !expr_word(&at, a->word[a->at++], &address, &a->problem))
        return OUTCOME_FAILED;
    if (arg_more(a) && !arg_word(a, "how many", &count)) return OUTCOME_FAILED;
    if (!arg_end(a)) return OUTCOME_FAILED;
    view_disassemble(&v, tcb, address, count > 200 ? 200 : (unsigned)count);
    return OUTCOME_DONE;
}

/* memory [THREAD] ADDR [BYTES] */
enum outcome verb_memory(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    paddr_t tcb = optional_thread(a);
    word_t address, bytes = 64;
    if (!arg_word(a, "an address", &address)) return OUTCOME_FAILED;
    if (arg_more(a) && !arg_word(a, "how many bytes", &bytes)) return OUTCOME_FAILED;
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (view_memory(&v, tcb, address, bytes > 4096 ? 4096 : (unsigned)bytes)) return OUTCOME_DONE;
    problem_set(&a->problem, "`map` maps a frame there; `read` would be a VM fault",
                "nothing is mapped at %#llx in %s's address space", (unsigned long long)address,
                thread_name(scope_world(&a->sc), tcb));
    return OUTCOME_FAILED;
}

/* What a word says as an address of the thread: of use in print only, for pointers into slots. */
static void slot_text(const struct shell *sh, const struct scope *sc, const char *text, char *said,
                      size_t size)
{
    struct slot_ref ref;
    struct problem unused;
    char cap[160];
    if (!slot_resolve(sc, text, false, &ref, &unused) || !ref.slot) return;
    struct cap held = scope_slot_cap(sc, &ref);
    if (cap_type(held) == CAP_NULL) return;
    view_cap(sh->session, held, cap, sizeof cap);
    snprintf(said, size, "   slot: %s", cap);
}

enum outcome verb_print(struct shell *sh, struct args *a)
{
    struct value value;
    char slot[200] = "";
    const char *text = a->word[0];
    bool one_name = a->count == 1 && name_is_identifier(text);
    if (!arg_expression(a, &value)) return OUTCOME_FAILED;
    word_t cptr;
    if (one_name && scope_slot_name(&a->sc, text, &cptr))
        slot_text(sh, &a->sc, text, slot, sizeof slot);
    if (one_name && strcmp(text, "error") == 0 && value.word < SEL4_ERROR_COUNT)
        snprintf(slot, sizeof slot, "   %s: %s", error_table[value.word].name,
                 error_table[value.word].meaning);
    if (value.is_text)
        shell_say(sh, "  \"%s\"%s", value.text, slot);
    else
        shell_say(sh, "  %#llx  (%llu)%s", (unsigned long long)value.word,
                  (unsigned long long)value.word, slot);
    return OUTCOME_DONE;
}

/* x ADDR [N]: N words of memory, as in a debugger. */
enum outcome verb_x(struct shell *sh, struct args *a)
{
    struct view v = shell_view(sh);
    word_t address, count = 4;
    if (!arg_word(a, "an address", &address)) return OUTCOME_FAILED;
    if (arg_more(a) && !arg_word(a, "how many words", &count)) return OUTCOME_FAILED;
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (view_memory(&v, a->sc.seat, address, count > 512 ? 4096 : (unsigned)count * 8))
        return OUTCOME_DONE;
    problem_set(&a->problem, "`map` maps a frame there", "nothing is mapped at %#llx",
                (unsigned long long)address);
    return OUTCOME_FAILED;
}

/* info: whose turn, and what else one asks a debugger with that word. */
enum outcome verb_info(struct shell *sh, struct args *a)
{
    static const struct {
        const char *word;
        enum outcome (*run)(struct shell *sh, struct args *a);
    } subjects[] = {
        { "threads", verb_threads },    { "registers", verb_registers },
        { "breakpoints", verb_breaks }, { "caps", verb_caps },
        { "message", verb_message },    { "queues", verb_queue },
        { "goals", verb_goals },
    };
    for (size_t i = 0; arg_more(a) && i < sizeof subjects / sizeof subjects[0]; i++)
        if (strncmp(subjects[i].word, a->word[a->at], strlen(a->word[a->at])) == 0) {
            a->at++;
            return subjects[i].run(sh, a);
        }
    if (arg_more(a)) {
        problem_set(&a->problem,
                    "info threads, registers, breakpoints, caps, message, queues, goals",
                    "`info %.40s` says nothing", a->word[a->at]);
        return OUTCOME_FAILED;
    }
    char at[48];
    const struct world *w = scope_world(&a->sc);
    view_position(session_position(sh->session), at, sizeof at);
    shell_say(sh, "  You sit in %s, %s, at %s. `undo` would take back:", thread_name(w, a->sc.seat),
              tcb_state_name(tcb_at(w, a->sc.seat)->state), at);
    const char *line = session_undo_line(sh->session, 0);
    shell_say(sh, "  %.76s", line ? line : "nothing");
    return OUTCOME_DONE;
}

enum { PAUSE_MOST = 600 }; /* seconds */

enum outcome verb_say(struct shell *sh, struct args *a)
{
    char text[2048];
    for (; arg_more(a); a->at++) {
        word_unquote(a->word[a->at], text, sizeof text);
        fprintf(sh->out, "%s%s", a->at ? " " : "", text);
    }
    fputc('\n', sh->out);
    return OUTCOME_DONE;
}

enum outcome verb_pause(struct shell *sh, struct args *a)
{
    word_t seconds = 0;
    if ((arg_more(a) && !arg_word(a, "how many seconds", &seconds)) || !arg_end(a))
        return OUTCOME_FAILED;
    if (seconds > PAUSE_MOST) seconds = PAUSE_MOST;
    if (sh->host.pause && !sh->silent) sh->host.pause(sh, seconds);
    return OUTCOME_DONE;
}
