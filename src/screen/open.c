/* SPDX-License-Identifier: BSD-2-Clause */
/* What Enter does with the thing under the cursor, and what `b` stops at. */
#include <inttypes.h>
#include <string.h>

#include "screen/inside.h"

static const struct target nothing = { TARGET_NONE, 0 };

/* ---- Enter ---- */

static void open_memory(struct screen *s, word_t address)
{
    s->gaze.memory = address;
    s->gaze.has_memory = true;
    s->scroll[PANE_MEMORY] = 0;
    select_pane(s, PANE_MEMORY);
    select_put(s, PANE_MEMORY, (struct target){ TARGET_ADDRESS, address & ~(word_t)7 });
}

/* The first time its inside is shown, the second time one sits down in it. */
static void open_thread(struct screen *s, paddr_t tcb)
{
    char line[64];
    bool again = s->gaze.chosen == tcb;
    const char *name = thread_name(session_world_at(s->shell->session), tcb);
    s->gaze.chosen = tcb;
    s->gaze.depth = 0;
    s->gaze.has_memory = false;
    if (again && *name) {
        snprintf(line, sizeof line, "as %.40s", name);
        screen_do(s, line);
    } else if (!place_of(s, PANE_CODE) && !place_of(s, PANE_REGISTERS) &&
               !place_of(s, PANE_CSPACE)) {
        screen_layout(s, LAYOUT_CODE);
    }
}

static void open_cnode(struct screen *s, paddr_t slot)
{
    struct scene scene;
    unsigned depth;
    screen_scene(s, &scene);
    scene_cnode(&scene, &depth);
    if (depth == CNODES_DEEP) return;
    s->gaze.cnode[depth] = slot;
    s->gaze.depth = depth + 1;
    s->scroll[PANE_CSPACE] = 0;
    s->cursor[PANE_CSPACE] = nothing;
}

static void open_slot(struct screen *s, paddr_t slot)
{
    struct cap cap = cte_at(session_world_at(s->shell->session), slot)->cap;
    switch (cap_type(cap)) {
    case CAP_CNODE: open_cnode(s, slot); break;
    case CAP_THREAD:
        open_thread(s, cap_object(cap));
        select_put(s, PANE_THREADS, (struct target){ TARGET_THREAD, cap_object(cap) });
        break;
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        select_pane(s, PANE_QUEUES);
        select_put(s, PANE_QUEUES, (struct target){ TARGET_QUEUE, cap_object(cap) });
        break;
    case CAP_FRAME:
        if (cap_frame_is_mapped(cap)) {
            open_memory(s, cap_frame_address(cap));
            break;
        }
        explain_target(s, (struct target){ TARGET_SLOT, slot });
        break;
    default: explain_target(s, (struct target){ TARGET_SLOT, slot });
    }
}

/* To a slot that names it, in the CSpace of a thread that has it. */
static void open_queue(struct screen *s, paddr_t object)
{
    const struct world *w = session_world_at(s->shell->session);
    struct scene scene;
    paddr_t slot = object_named_slot(s->shell->session, object);
    for (paddr_t t = threads_next(w, 0); slot && t; t = threads_next(w, t)) {
        if (!cnode_holds(thread_cspace(w, t), slot)) continue;
        s->gaze.chosen = t;
        s->gaze.depth = 0;
        select_pane(s, PANE_CSPACE);
        draw_panes(s, &scene);
        select_put(s, PANE_CSPACE, (struct target){ TARGET_SLOT, slot });
        return;
    }
    explain_target(s, (struct target){ TARGET_QUEUE, object });
}

static void open_word(struct screen *s, word_t i)
{
    struct message_facts m;
    struct scene scene;
    screen_scene(s, &scene);
    if (!message_facts(scene.session, scene.holder, &m) || i >= m.rows) return;
    if (scene.faulter) s->gaze.chosen = scene.faulter;
    open_memory(s, m.row[i].value);
}

static void open_pointer(struct screen *s, word_t address)
{
    struct scene scene;
    word_t value;
    uint8_t bytes[sizeof value];
    screen_scene(s, &scene);
    if (thread_bytes(scene.world, scene.chosen, address, bytes, sizeof bytes) < sizeof bytes)
        return;
    memcpy(&value, bytes, sizeof value);
    open_memory(s, value);
}

static void go_to(struct screen *s, struct position at)
{
    char line[64] = "goto ";
    view_position(at, line + strlen(line), sizeof line - strlen(line));
    screen_do(s, line);
}

void open_target(struct screen *s, struct target target)
{
    struct scene scene;
    const char *name;
    screen_scene(s, &scene);
    switch (target.kind) {
    case TARGET_THREAD: open_thread(s, target.at); break;
    case TARGET_SLOT: open_slot(s, target.at); break;
    case TARGET_QUEUE: open_queue(s, target.at); break;
    case TARGET_WORD: open_word(s, target.at); break;
    case TARGET_REGISTER: open_memory(s, scene_register(&scene, (unsigned)target.at, &name)); break;
    case TARGET_ADDRESS: open_pointer(s, target.at); break;
    case TARGET_CODE: open_memory(s, target.at); break;
    case TARGET_STEP: go_to(s, (struct position){ .step = target.at }); break;
    case TARGET_EVENT:
        if (target.at < session_event_count(scene.session))
            go_to(s, session_event_position(scene.session, target.at));
        break;
    case TARGET_NONE: break;
    }
}

/* ---- b ---- */

static void break_text(const struct scene *scene, struct target target, char *text, size_t size);

/* An endpoint by the name of a slot; a notification's queue. */
static void break_object(const struct scene *scene, paddr_t object, char *text, size_t size)
{
    char name[64];
    struct cap all[QUEUES_MAX];
    unsigned count = queues_all(scene->session, all, QUEUES_MAX);
    paddr_t slot = object_named_slot(scene->session, object);
    for (unsigned i = 0; slot && i < count; i++) {
        if (cap_object(all[i]) != object || cap_type(all[i]) != CAP_ENDPOINT) continue;
        view_slot_name(scene->session, slot, name, sizeof name);
        snprintf(text, size, "break ipc endpoint %s", name);
    }
}

static void break_event(const struct scene *scene, size_t i, char *text, size_t size)
{
    if (i >= session_event_count(scene->session)) return;
    const struct event *e = session_event(scene->session, i);
    const struct invocation_desc *row = event_invocation(scene->world, e);
    if (row)
        snprintf(text, size, "break call %s", row->label);
    else if (e->kind == EVENT_FAULT && e->arg[0] && e->arg[0] < FAULT_KIND_COUNT)
        snprintf(text, size, "break fault %s", watch_fault_word[e->arg[0]]);
    else if (e->kind == EVENT_DOUBLE_FAULT)
        snprintf(text, size, "break double-fault");
    else if (e->kind == EVENT_SWITCH)
        snprintf(text, size, "break switch");
    else if (e->kind == EVENT_MESSAGE)
        break_text(scene, (struct target){ TARGET_QUEUE, e->arg[4] }, text, size);
}

/* What changes there: of threads with a name. */
static void watch_text(const struct scene *scene, struct target target, char *text, size_t size)
{
    const char *thread = thread_name(scene->world, scene->chosen), *name;
    if (!*thread) return;
    if (target.kind == TARGET_ADDRESS) {
        snprintf(text, size, "watch %.40s [0x%" PRIx64 "] 8", thread, target.at);
        return;
    }
    scene_register(scene, (unsigned)target.at, &name);
    snprintf(text, size, "watch %.40s.%s", thread, name);
}

static void break_text(const struct scene *scene, struct target target, char *text, size_t size)
{
    struct message_facts m;
    const char *name;
    switch (target.kind) {
    case TARGET_THREAD:
        name = thread_name(scene->world, target.at);
        if (*name) snprintf(text, size, "break state thread %.40s", name);
        break;
    case TARGET_QUEUE: break_object(scene, target.at, text, size); break;
    case TARGET_SLOT: {
        struct cap cap = cte_at(scene->world, target.at)->cap;
        if (cap_type(cap) == CAP_ENDPOINT) break_object(scene, cap_object(cap), text, size);
        break;
    }
    case TARGET_WORD:
        if (message_facts(scene->session, scene->holder, &m) && m.fault_kind)
            snprintf(text, size, "break fault %s", watch_fault_word[m.fault_kind]);
        break;
    case TARGET_REGISTER:
    case TARGET_ADDRESS: watch_text(scene, target, text, size); break;
    case TARGET_CODE: snprintf(text, size, "break 0x%" PRIx64, target.at); break;
    case TARGET_EVENT: break_event(scene, target.at, text, size); break;
    case TARGET_STEP:
    case TARGET_NONE: break;
    }
}

void break_target(struct screen *s, struct target target)
{
    struct scene scene;
    char line[140] = "";
    screen_scene(s, &scene);
    break_text(&scene, target, line, sizeof line);
    if (*line)
        screen_do(s, line);
    else
        screen_type(s, "break ");
}
