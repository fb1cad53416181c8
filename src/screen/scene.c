/* SPDX-License-Identifier: BSD-2-Clause */
/* What there is to look at: whose message, whose registers, and at which position in time. */
#include "screen/pane.h"

/* What happened just before the present is held, wherever in time that is. */
static void recall(const struct scene *scene)
{
    enum { LATELY = 240 };
    const struct session *s = scene->session;
    size_t count = session_event_count(s), from = count > LATELY ? count - LATELY : 0;
    if (from < scene->shell->start) from = scene->shell->start;
    if (from < count && session_first_event(s) > from) session_event_hold(s, from);
}

/* Somebody who got a message long ago: best who is to answer it. */
static paddr_t find_old_holder(const struct scene *scene)
{
    paddr_t any = 0;
    for (paddr_t t = threads_next(scene->world, 0); t; t = threads_next(scene->world, t)) {
        if (!session_arrival(scene->session, t)) continue;
        if (thread_owes_reply(scene->world, t)) return t;
        if (!any) any = t;
    }
    return any;
}

/* The thread at which the last message arrived; the seat's if it ever got one. */
static paddr_t find_holder(const struct scene *scene)
{
    const struct session *s = scene->session;
    if (scene->seat && session_arrival(s, scene->seat)) return scene->seat;
    size_t first = session_first_event(s);
    for (size_t i = session_event_count(s); i-- > first;) {
        const struct event *e = session_event(s, i);
        if (e->kind == EVENT_MESSAGE && session_arrival(s, e->arg[0])) return e->arg[0];
    }
    return first > scene->shell->start ? find_old_holder(scene) : 0;
}

/* Whom the panes of one thread show: who was chosen; for whom the kernel works in the phase that is shown;
 * who faulted; the seat. */
static paddr_t find_chosen(const struct scene *scene, paddr_t chosen)
{
    const struct world *w = scene->world;
    struct event e;
    if (!chosen && session_phase(scene->session, NULL, &e)) chosen = e.thread;
    for (paddr_t t = threads_next(w, 0); t && chosen; t = threads_next(w, t))
        if (t == chosen) return chosen;
    for (paddr_t t = threads_next(w, 0); t; t = threads_next(w, t))
        if (tcb_at(w, t)->fault.kind != FAULT_NONE && !thread_is_runnable(w, t)) return t;
    return scene->seat ? scene->seat : kernel_at(w)->current;
}

void title_of_chosen(const struct scene *scene, const char *what, char *text, size_t size)
{
    char name[48];
    view_thread_name(scene->session, scene->chosen, name, sizeof name);
    snprintf(text, size, "%s of %s", what, name);
}

void scene_look(struct scene *scene, const struct shell *sh, const struct gaze *gaze)
{
    *scene = (struct scene){ .shell = sh,
                             .session = sh->session,
                             .world = session_world_at(sh->session),
                             .gaze = *gaze,
                             .seat = session_seat(sh->session),
                             .ascii = gaze->ascii };
    recall(scene);
    scene->chosen = find_chosen(scene, gaze->chosen);
    scene->holder = find_holder(scene);
    if (scene->holder) scene->faulter = thread_owes_reply(scene->world, scene->holder);
    scene_touch(scene);
}

void scene_position(const struct scene *scene, char *text, size_t size)
{
    view_position(session_position(scene->session), text, size);
}

bool scene_entry(const struct scene *scene, size_t *from, size_t *to)
{
    const struct session *s = scene->session;
    size_t first = session_first_event(s), command = session_command_events(s);
    if (scene->shell->start > first) first = scene->shell->start;
    *to = session_event_count(s);
    for (size_t i = *to; i-- > first;) {
        if (session_event(s, i)->kind != EVENT_TRAP) continue;
        *from = i;
        return i >= command || session_event_position(s, i).step + 1 >= session_position(s).step;
    }
    return false;
}

bool scene_entry_has(const struct scene *scene, size_t from, size_t to, enum event_kind kind)
{
    for (size_t i = from; i < to; i++)
        if (session_event(scene->session, i)->kind == kind) return true;
    return false;
}
