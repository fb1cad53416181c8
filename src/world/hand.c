/* SPDX-License-Identifier: BSD-2-Clause */
/* A person acts: whether the thread in the seat can, and the run until what was typed has ended. */
#include "world/hand.h"

#include <inttypes.h>

#include "world/inside.h"
#include "world/names.h"

static bool seat_is_free(const struct world *w, paddr_t seat, struct problem *p)
{
    const char *name = thread_name(w, seat);
    word_t state = tcb_at(w, seat)->state;
    if (state == TCB_IDLE)
        return problem_set(p, "`as NAME` takes another seat; `threads` shows them",
                           "%s is the kernel's own", name);
    if (state == TCB_INACTIVE)
        return problem_set(p, "`undo`, or sit in another seat (`as NAME`) and resume it",
                           "%s is inactive: it runs nothing until somebody resumes it", name);
    if (!thread_is_runnable(w, seat))
        return problem_set(
            p, "`as NAME` takes the seat of one that can wake it; views work here, too",
            "%s is %s: it can do nothing until it wakes up", name, tcb_state_name(state));
    if (hand_drives(w, seat)) return true;
    return problem_set(p, "here you can look and step; `as NAME` takes a seat to act in",
                       "%s runs a program (at 0x%" PRIx64 "), it is not driven by hand", name,
                       hand_ip(w, seat));
}

bool hand_can_act(const struct session *s, struct problem *p)
{
    const struct world *w = session_world_at(s);
    paddr_t seat = session_seat(s);
    if (kernel_at(w)->halted)
        return problem_set(p, "`undo` goes back to before the halt", "the machine has halted");
    if (!seat) return problem_set(p, "`as NAME` takes a seat", "you sit nowhere");
    return seat_is_free(w, seat, p);
}

bool hand_do(struct session *s, const struct hand_act *act, struct stop *stop, struct problem *p)
{
    session_finish_phases(s);
    if (!hand_can_act(s, p)) return false;
    paddr_t seat = session_seat(s);
    if (!fingers_type(s, seat, act, p)) return false;
    *stop = run_to(s, &(struct goal){ .seat = seat });
    return true;
}
