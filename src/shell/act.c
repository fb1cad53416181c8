/* SPDX-License-Identifier: BSD-2-Clause */
/* What every acting verb does: one call or instruction of the seat's thread, echoed as the call of
 * libsel4 that it stands for, and then what came of it (tell.c). */
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"

void act_begin(struct shell *sh)
{
    if (!sh->begun) session_begin(sh->session, sh->top);
    sh->begun = true;
    sh->from = session_event_count(sh->session);
}

static void attach(struct hand_act *act, const struct message *m)
{
    act->set_message = act->set_message || m->has_words || m->cap_count > 0;
    if (m->has_words) {
        act->mr_count = m->word_count;
        memcpy(act->mr, m->word, m->word_count * sizeof m->word[0]);
    }
    act->cap_count = m->cap_count;
    memcpy(act->cap, m->cap, m->cap_count * sizeof m->cap[0]);
}

/* A function that only looks at the message registers and the IPC buffer. */
static enum outcome act_local(struct shell *sh, struct args *a, const struct call *call,
                              struct call_result *r)
{
    struct stop stop;
    struct view v = shell_view(sh);
    char suffix[64] = "";
    bool gets =
        call->local == CALL_GET_MR || call->local == CALL_GET_CAP || call->local == CALL_GET_BADGE;
    if (!gets) act_begin(sh);
    if (!call_do(sh->session, call, &stop, r, &a->problem)) return OUTCOME_FAILED;
    if (gets) snprintf(suffix, sizeof suffix, "  =  %#llx", (unsigned long long)r->word[0]);
    if (!sh->silent) view_call(&v, call, suffix);
    return OUTCOME_DONE;
}

static enum outcome act_syscall(struct shell *sh, struct args *a, const struct call *call,
                                const struct message *m, struct call_result *r)
{
    struct hand_act act = { 0 };
    struct stop stop;
    if (!call_encode(sh->session, call, &act, &a->problem)) return OUTCOME_FAILED;
    if (m) attach(&act, m);
    act_begin(sh);
    if (!hand_do(sh->session, &act, &stop, &a->problem)) return OUTCOME_FAILED;
    pending_forget(sh, a->sc.seat);
    if (stop.kind == STOP_DONE) {
        call_decode_result(sh->session, call, a->sc.seat, r);
        r->refusal.text = view_reason(sh->session, sh->from);
    } else {
        pending_add(sh, a->sc.seat, call);
    }
    return tell_call(sh, call, m, &stop, r);
}

/* A call that is told of instead of done. It fails, so that nobody uses a result that there is none of. */
static enum outcome act_predict(struct shell *sh, struct args *a, const struct call *call,
                                const struct message *m)
{
    struct hand_act act = { 0 };
    struct decoded d;
    struct view v = shell_view(sh);
    if (call->local != CALL_ENTERS) {
        problem_set(&a->problem, "", "that does not enter the kernel: there is nothing to predict");
        return OUTCOME_FAILED;
    }
    if (!call_encode(sh->session, call, &act, &a->problem)) return OUTCOME_FAILED;
    if (m) attach(&act, m);
    if (!call_predict(sh->session, &act, &d, &a->problem)) return OUTCOME_FAILED;
    view_call(&v, call, "");
    view_prediction(&v, call, &d);
    sh->predicts = false;
    return OUTCOME_FAILED;
}

enum outcome act_message(struct shell *sh, struct args *a, const struct call *call,
                         const struct message *m, struct call_result *result)
{
    if (sh->predicts) return act_predict(sh, a, call, m);
    struct call_result *r = result ? result : calloc(1, sizeof *r);
    if (!r) return OUTCOME_FAILED;
    enum outcome outcome =
        call->local == CALL_ENTERS ? act_syscall(sh, a, call, m, r) : act_local(sh, a, call, r);
    if (!result) free(r);
    return outcome;
}

enum outcome act_call(struct shell *sh, struct args *a, const struct call *call)
{
    return act_message(sh, a, call, NULL, NULL);
}

bool call_make(struct args *a, const char *function, word_t service, const word_t *arg,
               unsigned argc, struct call *call)
{
    if (!call_find(scope_world(&a->sc), function, call))
        return problem_set(&a->problem, "", "this kernel has no %s", function);
    call->service = service;
    call->argc = argc;
    for (unsigned i = 0; i < argc; i++) call->arg[i] = arg[i];
    return true;
}

enum outcome act_hand(struct shell *sh, struct args *a, const struct hand_act *act,
                      const char *text)
{
    struct stop stop;
    act_begin(sh);
    if (!hand_do(sh->session, act, &stop, &a->problem)) return OUTCOME_FAILED;
    pending_forget(sh, a->sc.seat);
    if (!sh->silent) shell_say(sh, "  %s", text);
    return tell_story(sh, &stop, 1);
}
