/* SPDX-License-Identifier: BSD-2-Clause */
/* What `e` says of the thing under the cursor. */
#include <inttypes.h>
#include <string.h>

#include "screen/inside.h"
#include "view/explain.h"
#include "view/why.h"

static void ask_slot(const struct scene *scene, const struct view *v, paddr_t slot)
{
    struct cap cap = cte_at(scene->world, slot)->cap;
    char name[64], what[160], parent[64];
    view_slot_name(scene->session, slot, name, sizeof name);
    view_cap(scene->session, cap, what, sizeof what);
    if (cap_type(cap) == CAP_NULL) {
        view_line(v, "  %s is empty.", name);
        view_last_write(v, slot);
        return;
    }
    view_line(v, "  %s: %s", name, what);
    paddr_t from = kernel_slot_parent(scene->world, slot);
    if (from) {
        view_slot_name(scene->session, from, parent, sizeof parent);
        view_line(v, "  made of %s: revoking that would take it", parent);
    }
    view_last_write(v, slot);
    view_who(v, cap);
}

static void ask_queue(const struct scene *scene, const struct view *v, paddr_t object)
{
    struct cap all[QUEUES_MAX];
    unsigned count = queues_all(scene->session, all, QUEUES_MAX);
    for (unsigned i = 0; i < count; i++)
        if (cap_object(all[i]) == object) {
            view_who(v, all[i]);
            return;
        }
}

/* Who wrote a place last: history is run again for that. */
static void ask_writer(struct screen *s, const struct view *v, const struct spot *spot)
{
    struct writing w;
    if (session_last_write(s->shell->session, spot, &w)) view_writing(v, &w);
}

static void ask_word(const struct scene *scene, const struct view *v, word_t i)
{
    struct message_facts m;
    if (!message_facts(scene->session, scene->holder, &m) || i >= m.rows) return;
    const struct message_row *row = &m.row[i];
    view_line(v, "  MR%" PRIu64 " %s = %#" PRIx64 " (%" PRIu64 "), %s%s", i, row->field, row->value,
              row->value, strcmp(row->where, "buffer") == 0 ? "" : "in register ",
              strcmp(row->where, "buffer") == 0 ? "in the IPC buffer" : row->where);
    if (*row->meaning) view_line(v, "  %s", row->meaning);
    if (m.fault_kind && i < fault_length((unsigned)m.fault_kind)) {
        bool back = fault_table[m.fault_kind].word[i].written_back;
        if (back)
            view_line(v, "  A reply of length %" PRIu64 " or more writes it back.", i + 1);
        else
            view_line(v, "  A reply never writes it back.");
    }
    if (row->overwritten)
        view_line(v, "  It is no longer there: register or buffer hold something else by now.");
}

/* What a register is to a system call. */
static void ask_register(struct screen *s, const struct scene *scene, const struct view *v,
                         unsigned i)
{
    static const struct {
        const char *name, *role;
    } roles[] = {
        { "rip", "the instruction that runs next; a fault message's IP or FaultIP" },
        { "rsp", "the stack; libsel4's stub keeps it in rbx, for sysret leaves it 0" },
        { "rdx", "the number of the system call: negative ones are seL4's" },
        { "rdi", "the capability's CPtr on the way in, the badge on the way out" },
        { "rsi", "the message's info word: label, capabilities, length" },
        { "r10", "message register 0" },
        { "r8", "message register 1" },
        { "r9", "message register 2" },
        { "r15", "message register 3" },
        { "rcx", "`syscall` puts the address behind it here: it does not survive" },
        { "r11", "`syscall` puts the flags here: it does not survive" },
        { "rax", "nothing to seL4; Linux has its system call's number here" },
    };
    const char *name, *role = "nothing to seL4's system calls: it survives them";
    word_t value = scene_register(scene, i, &name);
    for (size_t j = 0; j < sizeof roles / sizeof roles[0]; j++)
        if (strcmp(roles[j].name, name) == 0) role = roles[j].role;
    view_line(v, "  %s = 0x%" PRIx64 " (%" PRIu64 ")", name, value, value);
    view_line(v, "  %s", role);
    const struct spot spot = spot_register(scene->chosen, scene_context(i));
    ask_writer(s, v, &spot);
}

static void ask_address(struct screen *s, const struct scene *scene, const struct view *v,
                        word_t address)
{
    paddr_t at;
    char name[48];
    view_thread_name(scene->session, scene->chosen, name, sizeof name);
    if (!kernel_translate(scene->world, scene->chosen, address, &at)) {
        view_line(v, "  0x%" PRIx64 " is not mapped in %s's address space: touching it is a fault",
                  address, name);
        return;
    }
    view_line(v, "  0x%" PRIx64 " of %s lies at physical address 0x%" PRIx64, address, name, at);
    word_t buffer = tcb_at(scene->world, scene->chosen)->ipc_buffer;
    if (buffer && address >= buffer && address < buffer + 1024)
        view_line(v, "  It is word %" PRIu64 " of its IPC buffer: %s", (address - buffer) / 8,
                  address == buffer ? "the tag" : "from word 1 on message registers");
    struct spot spot;
    if (spot_memory(scene->world, scene->chosen, address, sizeof(word_t), &spot))
        ask_writer(s, v, &spot);
}

static void ask_code(const struct scene *scene, const struct view *v, word_t address)
{
    struct code_facts c;
    char source[2 * TEXT_SIZE];
    if (!code_facts(scene->session, scene->chosen, address, &c)) return;
    view_line(v, "  0x%" PRIx64 "  %s   (%u bytes)", address, c.text, c.length);
    if (c.path) {
        code_source(&c, source, sizeof source);
        view_line(v, "  %s", source);
    }
    if (c.breakpoint) view_line(v, "  A run stops before it: `breaks` lists the breakpoints.");
    if (c.mark == '>') view_line(v, "  It runs next.");
    if (c.mark == '!')
        view_line(v, "  It faulted, and runs again unless the reply says otherwise.");
}

static void ask_step(const struct scene *scene, const struct view *v, word_t step)
{
    enum { LINES = 12 };
    size_t known = session_events_known(scene->session), at = known, lines = 0;
    while (at > session_first_event(scene->session) &&
           session_event_position(scene->session, at - 1).step >= step)
        at--;
    for (; at < known && lines < LINES; at++) {
        if (session_event_position(scene->session, at).step != step) break;
        if (!event_table[session_event(scene->session, at)->kind].phase) continue;
        view_event_at(v, at);
        lines++;
    }
    if (!lines) view_line(v, "  @%" PRIu64 ": a program's instructions, no kernel entry", step);
}

static void ask_event(const struct scene *scene, const struct view *v, size_t i)
{
    if (i >= session_event_count(scene->session)) return;
    const struct event *e = session_event(scene->session, i);
    const struct explanation *row = explanation_in(scene->session, i);
    if (row)
        view_explanation(v, row, e, i);
    else
        view_event(v, e);
}

static void write_answer(struct screen *s, FILE *out)
{
    struct scene scene;
    struct target t = selected(s);
    screen_scene(s, &scene);
    unsigned width = said_columns(s);
    struct view v = { .session = scene.session, .out = out, .width = width, .ascii = scene.ascii };
    switch (t.kind) {
    case TARGET_THREAD: view_why(&v, t.at); break;
    case TARGET_SLOT: ask_slot(&scene, &v, t.at); break;
    case TARGET_QUEUE: ask_queue(&scene, &v, t.at); break;
    case TARGET_WORD: ask_word(&scene, &v, t.at); break;
    case TARGET_REGISTER: ask_register(s, &scene, &v, (unsigned)t.at); break;
    case TARGET_ADDRESS: ask_address(s, &scene, &v, t.at); break;
    case TARGET_CODE: ask_code(&scene, &v, t.at); break;
    case TARGET_STEP: ask_step(&scene, &v, t.at); break;
    case TARGET_EVENT: ask_event(&scene, &v, t.at); break;
    case TARGET_NONE: view_why(&v, scene.chosen); break;
    }
}

void explain_target(struct screen *s, struct target target)
{
    struct target before = s->cursor[s->focus];
    if (target.kind != TARGET_NONE) s->cursor[s->focus] = target;
    screen_say(s, write_answer);
    if (target.kind != TARGET_NONE) s->cursor[s->focus] = before;
}
