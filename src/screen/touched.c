/* SPDX-License-Identifier: BSD-2-Clause */
/* What the phase that is shown has to do with: the slots that a lookup goes through, the queue that is
 * entered, the threads, the words of the message. Panes mark it. */
#include "screen/pane.h"

static void touch(struct scene *scene, enum target_kind kind, word_t at)
{
    enum { MOST = sizeof scene->touched / sizeof scene->touched[0] };
    if (at || kind == TARGET_WORD)
        if (scene->touched_count < MOST)
            scene->touched[scene->touched_count++] = (struct target){ kind, at };
}

static void touch_walk(struct scene *scene, const struct event *e)
{
    struct lookup_level level[LOOKUP_LEVELS_MAX];
    struct lookup_failure failure;
    unsigned depth = e->arg[1] >= 1 && e->arg[1] <= 64 ? (unsigned)e->arg[1] : 64;
    struct cap root = thread_cspace(scene->world, e->thread);
    unsigned count = kernel_lookup_levels(scene->world, root, e->arg[0], depth, level, &failure);
    for (unsigned i = 0; i < count; i++) touch(scene, TARGET_SLOT, level[i].slot);
}

static void touch_words(struct scene *scene, word_t length)
{
    for (word_t i = 0; i < length && i < 20; i++) touch(scene, TARGET_WORD, i);
}

/* The words that an answer to a fault writes into the faulter's registers. */
static void touch_written(struct scene *scene, word_t fault_kind, word_t length)
{
    if (fault_kind >= FAULT_KIND_COUNT) return;
    word_t most = fault_length((unsigned)fault_kind);
    for (word_t i = 0; i < length && i < most; i++)
        if (fault_table[fault_kind].word[i].written_back) touch(scene, TARGET_WORD, i);
}

/* Which arguments of an event name what. */
static void touch_arguments(struct scene *scene, const struct event *e)
{
    switch (e->kind) {
    case EVENT_LOOKUP: touch_walk(scene, e); break;
    case EVENT_CALL: touch(scene, TARGET_SLOT, e->arg[1]); break;
    case EVENT_QUEUE:
    case EVENT_SIGNAL: touch(scene, TARGET_QUEUE, e->arg[0]); break;
    case EVENT_MESSAGE:
        touch(scene, TARGET_THREAD, e->arg[0]);
        touch(scene, TARGET_QUEUE, e->arg[4]);
        touch_words(scene, e->arg[2]);
        break;
    case EVENT_REPLY_CAP:
        touch(scene, TARGET_THREAD, e->arg[1]);
        touch(scene, TARGET_SLOT, tcb_slot(e->arg[1], TCB_CALLER));
        touch(scene, TARGET_THREAD, e->arg[0]);
        break;
    case EVENT_REPLY:
        touch(scene, TARGET_THREAD, e->arg[0]);
        touch_written(scene, e->arg[3], e->arg[2]);
        break;
    case EVENT_SWITCH: touch(scene, TARGET_THREAD, e->arg[1]); break;
    case EVENT_CAP_INSERT:
    case EVENT_CAP_MOVE:
        touch(scene, TARGET_SLOT, e->arg[0]);
        touch(scene, TARGET_SLOT, e->arg[1]);
        break;
    case EVENT_CAP_DELETE: touch(scene, TARGET_SLOT, e->arg[0]); break;
    case EVENT_OBJECT_CREATE: touch(scene, TARGET_SLOT, e->arg[2]); break;
    case EVENT_MAP:
    case EVENT_UNMAP: touch(scene, TARGET_ADDRESS, e->arg[0]); break;
    default: break;
    }
}

void scene_touch(struct scene *scene)
{
    struct event e;
    if (!session_phase(scene->session, NULL, &e)) return;
    touch(scene, TARGET_THREAD, e.thread);
    touch_arguments(scene, &e);
}

bool scene_touches(const struct scene *scene, enum target_kind kind)
{
    for (unsigned i = 0; i < scene->touched_count; i++)
        if (scene->touched[i].kind == kind) return true;
    return false;
}
