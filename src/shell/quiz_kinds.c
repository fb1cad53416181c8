/* SPDX-License-Identifier: BSD-2-Clause */
/* The sorts of quiz questions. Each sets a machine up by chance with commands of the language, lets it
 * do what is asked about, and reads the answer from it. */
#include "shell/quiz_inside.h"

#include <string.h>

#include "lesson/expr.h"
#include "world/names.h"

typedef unsigned long long number;

static struct scope root_of(const struct quiz *q)
{
    return scope_of_root(q->shell.session);
}

static const struct arrival *arrival_at(struct quiz *q, const char *thread)
{
    const struct arrival *a = session_arrival(q->shell.session, thread_find(quiz_world(q), thread));
    if (!a) q->failed = true;
    return a;
}

/* ---- slot: a CPtr through two CNodes with guards ---- */

struct walk {
    unsigned outer_radix, inner_radix, outer_guard_bits, inner_guard_bits;
    word_t outer_guard, inner_guard, outer_slot, cptr;
};

static struct walk choose_walk(struct quiz *q)
{
    struct walk w = { .outer_radix = (unsigned)quiz_between(q, 3, 6),
                      .inner_radix = (unsigned)quiz_between(q, 2, 5),
                      .inner_guard_bits = (unsigned)quiz_between(q, 0, 6) };
    unsigned below = w.inner_guard_bits + w.inner_radix;
    w.outer_guard_bits = 64 - w.outer_radix - below;
    w.outer_guard = quiz_chance(q, 4);
    w.inner_guard = quiz_chance(q, (word_t)1 << w.inner_guard_bits);
    w.outer_slot = quiz_chance(q, (word_t)1 << w.outer_radix);
    w.cptr = w.outer_guard << (w.outer_radix + below) | w.outer_slot << below |
             w.inner_guard << w.inner_radix | quiz_chance(q, (word_t)1 << w.inner_radix);
    if (quiz_chance(q, 3) == 0) w.cptr ^= (word_t)1 << quiz_chance(q, w.outer_radix + below + 2);
    return w;
}

/* "inner/5": a slot in one of the CNodes that these names are capabilities to. */
static void name_slot(struct quiz *q, paddr_t slot, const char *why)
{
    static const char *const names[] = { "outer", "inner" };
    struct scope sc = root_of(q);
    struct slot_ref ref;
    struct problem unused;
    for (unsigned i = 0; i < 2; i++) {
        if (!slot_resolve(&sc, names[i], false, &ref, &unused)) continue;
        struct cap cap = scope_slot_cap(&sc, &ref);
        word_t index = (slot - cap_object(cap)) >> SLOT_BITS;
        if (slot >= cap_object(cap) && index >> cap_cnode_radix(cap) == 0)
            quiz_answer(q, why, "%s/%llu", names[i], (number)index);
    }
}

static void make_slot(struct quiz *q)
{
    static const char why[] =
        "From the top bit on: the guard's bits must be equal, then radix bits "
        "choose the slot; with what is left it goes on there if it is a CNode.";
    struct walk w = choose_walk(q);
    paddr_t slot;
    quiz_do(q, "new thread t");
    quiz_do(q, "new cnode outer bits %u", w.outer_radix);
    quiz_do(q, "new cnode inner bits %u", w.inner_radix);
    quiz_do(q, "mint inner outer/%llu guard %llu bits %u", (number)w.outer_slot,
            (number)w.inner_guard, w.inner_guard_bits);
    quiz_do(q, "mint outer space guard %llu bits %u", (number)w.outer_guard, w.outer_guard_bits);
    quiz_do(q, "setspace t cspace space");
    if (q->failed) return;
    quiz_say(q, "t's root CNode is outer: 2^%u slots, guard %#llx in %u bits.\n", w.outer_radix,
             (number)w.outer_guard, w.outer_guard_bits);
    quiz_say(q, "Slot %llu of it has a capability to the CNode inner: 2^%u slots, guard %#llx\n",
             (number)w.outer_slot, w.inner_radix, (number)w.inner_guard);
    quiz_say(q, "in %u bit%s. All other slots of outer are empty.\n", w.inner_guard_bits,
             w.inner_guard_bits == 1 ? "" : "s");
    quiz_say(q, "To which slot does CPtr %#llx lead t?\n", (number)w.cptr);
    quiz_say(q, "  outer/N, inner/N, or GuardMismatch\n");
    struct lookup_failure failure =
        kernel_lookup_slot(quiz_world(q), thread_find(quiz_world(q), "t"), w.cptr, &slot);
    if (failure.type == LOOKUP_OK)
        name_slot(q, slot, why);
    else
        quiz_answer(q, why, "%s", lookup_failure_table[failure.type].name + strlen("seL4_"));
}

/* ---- fault: a message to be read ---- */

static void set_faulter(struct quiz *q)
{
    quiz_do(q, "new endpoint ep");
    quiz_do(q, "new thread faulter");
    quiz_do(q, "new thread handler");
    quiz_do(q, "copy ep handler_cspace/ep");
    quiz_do(q, "mint ep faulter_cspace/8 badge %llu", (number)quiz_between(q, 1, 0xffff));
    quiz_do(q, "setspace faulter fault_ep 8");
    quiz_do(q, "as handler");
    quiz_do(q, "recv ep");
    quiz_do(q, "as faulter");
}

static void do_harm(struct quiz *q)
{
    number address = 0x10000000 + quiz_chance(q, 0x4000) * 8;
    switch (quiz_chance(q, 6)) {
    case 0: quiz_do(q, "read %#llx", address); return;
    case 1: quiz_do(q, "write %#llx 1", address); return;
    case 2: quiz_do(q, "jump %#llx", address); return;
    case 3: quiz_do(q, "ud2"); return;
    case 4: quiz_do(q, "int %llu", (number)quiz_between(q, 0x30, 0xff)); return;
    default:
        quiz_do(q, "syscall rax=%llu rdi=%llu rdx=%llu", (number)quiz_chance(q, 400),
                (number)quiz_chance(q, 9), (number)quiz_chance(q, 99) + 1);
    }
}

static void show_message(struct quiz *q, const struct arrival *a)
{
    word_t length = message_length(a->info);
    quiz_say(q, "handler receives label %llu, length %llu, badge %#llx, and these words:\n",
             (number)message_label(a->info), (number)length, (number)a->badge);
    for (word_t i = 0; i < length; i++) {
        bool last = i % 4 == 3 || i + 1 == length;
        quiz_say(q, "%s%2llu: %#-*llx%s", i % 4 ? "   " : "  ", (number)i, last ? 0 : 12,
                 (number)a->mr[i], last ? "\n" : "");
    }
}

static void ask_sort(struct quiz *q, const struct arrival *a)
{
    quiz_say(q, "What sort of fault was it?   cap | vm | unknown | user\n");
    quiz_answer(q, "The label says it: 1 CapFault, 2 UnknownSyscall, 3 UserException, 5 VMFault.",
                "%s", watch_fault_word[a->fault_kind]);
}

static void ask_access(struct quiz *q, const struct arrival *a)
{
    const char *access = a->mr[3] & 2 ? "write" : a->mr[0] == a->mr[1] ? "jump" : "read";
    quiz_say(q, "What did the thread do?   read | write | jump\n");
    quiz_answer(q,
                "FSR has bit 1 set for a write. A jump shows in IP and Addr, which are equal; this "
                "kernel never sets PrefetchFault there.",
                "%s", access);
}

/* Which word holds a field, or what a field holds. */
static void ask_field(struct quiz *q, const struct arrival *a)
{
    const struct fault_desc *f = &fault_table[a->fault_kind];
    unsigned length = (unsigned)message_length(a->info);
    unsigned i = (unsigned)quiz_chance(q, length < FAULT_WORDS ? length : FAULT_WORDS);
    char why[128];
    if (!f->word[i].field) {
        q->failed = true;
        return;
    }
    snprintf(why, sizeof why, "MR %u of seL4_%s is %s.", i, f->name, f->word[i].field);
    if (quiz_chance(q, 2)) {
        quiz_say(q, "Which MR holds %s?\n", f->word[i].field);
        quiz_answer(q, why, "%u", i);
    } else {
        quiz_say(q, "What is %s?\n", f->word[i].field);
        quiz_answer(q, why, "%#llx", (number)a->mr[i]);
    }
}

static void make_fault(struct quiz *q)
{
    set_faulter(q);
    do_harm(q);
    const struct arrival *a = q->failed ? NULL : arrival_at(q, "handler");
    if (!a) return;
    show_message(q, a);
    word_t what = quiz_chance(q, 4);
    if (what == 0)
        ask_sort(q, a);
    else if (what == 1 && a->fault_kind == FAULT_VM)
        ask_access(q, a);
    else
        ask_field(q, a);
}

/* ---- reply: how many words are written back ---- */

static void make_reply(struct quiz *q)
{
    static const struct {
        const char *name;
        enum context_reg reg;
    } registers[] = { { "rbx", CTX_RBX }, { "rsi", CTX_RSI }, { "rdi", CTX_RDI },
                      { "rbp", CTX_RBP }, { "r8", CTX_R8 },   { "r9", CTX_R9 },
                      { "r10", CTX_R10 }, { "r12", CTX_R12 }, { "r14", CTX_R14 },
                      { "rax", CTX_RAX } };
    word_t length = quiz_chance(q, 16), which = quiz_chance(q, 10);
    set_faulter(q);
    quiz_do(q,
            "syscall rdx=3 rax=0x20 rbx=0x21 rsi=0x23 rdi=0x24 rbp=0x25 r8=0x26 r9=0x27 r10=0x28 "
            "r12=0x2a r14=0x2c");
    quiz_do(q, "as handler");
    const struct arrival *a = q->failed ? NULL : arrival_at(q, "handler");
    if (!a) return;
    word_t had =
        thread_register(quiz_world(q), thread_find(quiz_world(q), "faulter"), registers[which].reg);
    for (word_t i = 0; i < length; i++) quiz_do(q, "setmr %llu %#llx", (number)i, (number)i + 0x70);
    quiz_do(q, "reply length %llu", (number)length);
    word_t has =
        thread_register(quiz_world(q), thread_find(quiz_world(q), "faulter"), registers[which].reg);
    quiz_say(q, "A program has made a system call that seL4 does not know; its %s is %#llx.\n",
             registers[which].name, (number)had);
    if (length) {
        quiz_say(q,
                 "The handler puts 0x70 into MR 0, 0x71 into MR 1, and so on, and replies with\n");
        quiz_say(q, "label 0 and length %llu.", (number)length);
    } else {
        quiz_say(q, "The handler replies with label 0 and length 0.");
    }
    quiz_say(q, " What is %s then?\n", registers[which].name);
    quiz_answer(
        q,
        "As many words as the reply has are written back, in the order RAX RBX RCX RDX RSI RDI "
        "RBP R8 to R15, FaultIP, SP, FLAGS.",
        "%#llx", (number)has);
}

/* ---- schedule: who runs first ---- */

enum { RUNNERS = 3 };

/* The order in which the kernel went to these threads since event `from`: "bca". */
static bool order_of_runs(const struct quiz *q, size_t from, char order[RUNNERS + 1])
{
    unsigned count = 0;
    for (size_t i = from; i < session_event_count(q->shell.session); i++) {
        const struct event *e = session_event(q->shell.session, i);
        if (e->kind != EVENT_SWITCH) continue;
        const char *name = thread_name(quiz_world(q), (paddr_t)e->arg[1]);
        if (strlen(name) != 1 || memchr(order, *name, count) || count == RUNNERS) continue;
        order[count++] = *name;
    }
    order[count] = '\0';
    return count == RUNNERS;
}

static void make_schedule(struct quiz *q)
{
    static const char orders[6][RUNNERS + 1] = { "abc", "acb", "bac", "bca", "cab", "cba" };
    static const word_t priorities[] = { 50, 100, 100, 150, 200 };
    const char *order = orders[quiz_chance(q, 6)];
    char ran[RUNNERS + 1];
    quiz_do(q, "new endpoint rest");
    quiz_say(q, "Three threads wait:");
    for (char name = 'a'; name < 'a' + RUNNERS; name++) {
        word_t priority = priorities[quiz_chance(q, 5)];
        quiz_do(q, "new endpoint ep_%c", name);
        quiz_do(q, "new thread %c", name);
        quiz_do(q, "setprio %c %llu", name, (number)priority);
        quiz_do(q, "copy ep_%c %c_cspace/ep", name, name);
        quiz_say(q, " %c (priority %llu)%s", name, (number)priority, name == 'c' ? ".\n" : ",");
    }
    for (char name = 'a'; name < 'a' + RUNNERS; name++) {
        quiz_do(q, "as %c", name);
        quiz_do(q, "recv ep");
    }
    quiz_do(q, "as rootserver");
    for (unsigned i = 0; i < RUNNERS; i++) quiz_do(q, "resume %c", order[i]);
    size_t from = session_event_count(q->shell.session);
    quiz_do(q, "recv rest");
    quiz_say(q, "A fourth, of priority 255, calls TCB_Resume on %c, %c and %c, in this order,\n",
             order[0], order[1], order[2]);
    quiz_say(q, "and blocks then. In which order do the three run?   (abc, acb, …)\n");
    if (order_of_runs(q, from, ran))
        quiz_answer(
            q,
            "The highest priority first. Among equals the one that was resumed last: Resume puts a "
            "thread at the head of its queue.",
            "%s", ran);
}

/* ---- badge: what a notification has gathered ---- */

static void make_badge(struct quiz *q)
{
    word_t count = quiz_between(q, 2, 4);
    quiz_do(q, "new notification n");
    quiz_say(q, "A notification is signalled through capabilities with the badges");
    for (word_t i = 0; i < count; i++) {
        word_t badge = (word_t)1 << quiz_chance(q, 8) | (word_t)1 << quiz_chance(q, 8);
        quiz_do(q, "mint n n%llu badge %llu", (number)i, (number)badge);
        quiz_do(q, "signal n%llu", (number)i);
        quiz_say(q, "%s%#llx", i ? ", " : "\n", (number)badge);
    }
    quiz_do(q, "wait n");
    quiz_say(q,
             ", and nobody has waited for it meanwhile.\nWhich badge does the next Wait return?\n");
    paddr_t root = kernel_at(quiz_world(q))->root_tcb;
    quiz_answer(q, "Signals do not queue: their badges are ORed into one word.", "%#llx",
                (number)thread_register(quiz_world(q), root, CTX_BADGE));
}

/* ---- error: what the kernel says to a call ---- */

static void make_error(struct quiz *q)
{
    static const struct {
        const char *before, *call, *text, *why;
    } calls[] = {
        { "copy ep other", "copy ep other",
          "copies an endpoint capability into a slot that has one",
          "A slot is filled once: delete first." },
        { "mint ep other badge 5", "mint other third badge 6",
          "mints a badged endpoint capability with another badge", "A badge is given once." },
        { "new endpoint third", "copy 900 1000", "copies from an empty slot",
          "There is nothing to copy." },
        { "new frame f", "map f vspace 0x30000000", "maps a page where there is no page table",
          "Tables first, then the page." },
        { "new thread t", "setprio t 300", "sets a thread's priority to 300",
          "Priorities go from 0 to 255." },
        { "copy ep other", "revoke ep", "revokes an endpoint capability that has been copied",
          "What was derived is deleted." },
        { "new notification n", "mint n other badge 7",
          "mints a notification capability with a badge",
          "Badges are for endpoints and notifications." },
        { "new thread t", "mint t_tcb other badge 7", "mints a TCB capability with a badge",
          "Other capabilities ignore the badge word, or refuse it." },
    };
    size_t i = quiz_chance(q, sizeof calls / sizeof *calls);
    struct scope sc;
    quiz_do(q, "new endpoint ep");
    quiz_do(q, "%s", calls[i].before);
    quiz_do(q, "%s", calls[i].call);
    sc = root_of(q);
    word_t error = term_error(sc.session);
    quiz_say(q, "A thread %s.\nWhat does the kernel say?\n", calls[i].text);
    quiz_say(q, "  NoError | InvalidArgument | InvalidCapability | IllegalOperation\n");
    quiz_say(q, "  RangeError | AlignmentError | FailedLookup | DeleteFirst | RevokeFirst\n");
    if (error < SEL4_ERROR_COUNT)
        quiz_answer(q, calls[i].why, "%s", error_table[error].name + strlen("seL4_"));
}

const struct quiz_kind quiz_kinds[] = {
    { "slot", make_slot },   { "fault", make_fault },       { "reply", make_reply },
    { "error", make_error }, { "schedule", make_schedule }, { "badge", make_badge },
    { NULL, NULL },
};
