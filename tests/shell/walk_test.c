/* SPDX-License-Identifier: BSD-2-Clause */
/* Random walks: commands made by chance, with undo, goto and branch between them, come to the same machine
 * as the commands that are left, done straight on. FAULTLINE_SEED and FAULTLINE_WALKS choose others,
 * and more of them. */
#include "shell/typing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 256, BRANCHES = 256, MOVES = 60, WALKS = 40, CHECK_EVERY = 12 };

/* What a straight run would have to type. */
struct way {
    char name[NAME_SIZE];
    unsigned count;
    struct {
        const char *line;
        word_t step;     /* where it was typed */
        bool is_command; /* `undo` takes it back: it is not just another seat */
    } line[LINES];
};

struct walk {
    void **state;
    uint64_t chance;
    struct way now, left[BRANCHES];
    unsigned left_count;
};

static const char *const setup[] = {
    "new thread faulter",
    "new thread handler",
    "new endpoint ep",
    "new notification note",
    "new frame page",
    "setspace faulter fault_ep 8",
    "mint ep faulter_cspace/8 badge 0xcafe",
    "copy ep handler_cspace/ep",
    "tables faulter_vspace 0x10000000",
};

static const char *const seats[] = { "as rootserver", "as faulter", "as handler" };

static const char *const acts[] = {
    "read 0x10000000",
    "write 0x10000000 5",
    "jump 0x10000000",
    "ud2",
    "syscall rdx=99 rax=7",
    "int 0x80",
    "nbrecv ep",
    "recv ep",
    "reply",
    "reply label 1",
    "reply length 16",
    "call ep words 1,2,3",
    "nbsend ep label 3 words 4,5,6,7,8",
    "setmr 5 77",
    "setmr 1 0x1000",
    "x = 1",
    "y = 2",
    "name 300 here",
    "new endpoint another",
    "mint ep copied badge 9",
    "delete copied",
    "delete faulter_cspace/8",
    "revoke ep",
    "map page faulter_vspace 0x10000000",
    "unmap page",
    "signal note",
    "poll note",
    "resume faulter",
    "suspend faulter",
    "suspend handler",
    "resume handler",
    "setprio faulter 100",
    "yield",
    "seL4_DebugPutChar('a')",
    "asm \"mov rcx, 50; dec rcx; jnz 0x7ff007\"",
};

/* These follow the record in the past: they are new only at a branch's end. */
static const char *const runs[] = {
    "step", "step 3", "next", "next 2", "continue", "slowly yield"
};

static uint64_t draw(struct walk *w, uint64_t below)
{
    w->chance ^= w->chance << 13;
    w->chance ^= w->chance >> 7;
    w->chance ^= w->chance << 17;
    return w->chance % below;
}

static struct session *session_of(void **state)
{
    return ((struct typist *)*state)->shell.session;
}

static unsigned depth(void **state)
{
    unsigned n = 0;
    while (session_undo_line(session_of(state), n)) n++;
    return n;
}

static void set_up(void **state)
{
    for (size_t i = 0; i < sizeof setup / sizeof setup[0]; i++) say(state, setup[i]);
    session_start(session_of(state));
}

static const char *present_name(void **state)
{
    const struct session *s = session_of(state);
    for (size_t i = 0; i < session_branches(s); i++)
        if (session_branch(s, i).is_present) return session_branch(s, i).name;
    return "";
}

/* ---- the model: what is left of all that was typed ---- */

static void way_add(struct way *way, const char *line, word_t step, bool is_command)
{
    if (way->count == LINES) return;
    way->line[way->count].line = line;
    way->line[way->count].step = step;
    way->line[way->count++].is_command = is_command;
}

/* Keeps the way of a branch that is left, under its name. */
static void leave(struct walk *w, const struct way *way, const char *name)
{
    unsigned i = 0;
    while (i < w->left_count && strcmp(w->left[i].name, name) != 0) i++;
    if (i == BRANCHES) return;
    if (i == w->left_count) w->left_count++;
    w->left[i] = *way;
    snprintf(w->left[i].name, NAME_SIZE, "%s", name);
}

/* Somebody stands behind so many commands: what is kept is all before the next one. */
static unsigned lines_before(const struct way *way, unsigned commands)
{
    for (unsigned i = 0; i < way->count; i++)
        if (way->line[i].is_command && commands-- == 0) return i;
    return way->count;
}

/* ---- moves ---- */

static void act(struct walk *w, const char *line)
{
    void **state = w->state;
    struct session *s = session_of(state);
    const char *seat = seats[draw(w, sizeof seats / sizeof seats[0])];
    session_finish_phases(s);
    bool was_past = session_is_past(s);
    unsigned behind = depth(state);
    char name[NAME_SIZE];
    struct way before = w->now;
    word_t step = session_position(s).step;
    snprintf(name, sizeof name, "%s", present_name(state));
    type(state, seat);
    size_t branches = session_branches(s);
    unsigned undoable = depth(state);
    type(state, line);
    hear(state);
    if (was_past) say(state, "goto now");
    if (was_past && session_branches(s) == branches)
        return; /* it was refused, or changed nothing */
    if (was_past) {
        leave(w, &before, name);
        w->now.count = lines_before(&before, behind);
        snprintf(w->now.name, NAME_SIZE, "%s", present_name(state));
    }
    way_add(&w->now, seat, step, false);
    way_add(&w->now, line, step, was_past || depth(state) > undoable);
}

static void undo(struct walk *w)
{
    struct session *s = session_of(w->state);
    say(w->state, "goto now");
    if (!session_undo_line(s, 0)) return;
    struct way before = w->now;
    say(w->state, "undo");
    leave(w, &before, session_branch(s, session_branches(s) - 1).name);
    while (w->now.count > 0 && !w->now.line[--w->now.count].is_command) continue;
}

static void go_somewhere(struct walk *w)
{
    char line[64];
    word_t end = session_end(session_of(w->state)).step;
    static const char *const ways[] = { "back",   "back 3",     "reverse-next", "rc fault",
                                        "rc ipc", "goto start", "goto now" };
    unsigned n = (unsigned)draw(w, 12);
    if (n < sizeof ways / sizeof ways[0]) {
        type(w->state, ways[n]);
        hear(w->state);
        return;
    }
    snprintf(line, sizeof line, "goto @%" PRIu64, draw(w, end + 1));
    say(w->state, line);
}

/* To where a line was typed: there one may do otherwise, and the model knows what is left. */
static void go_to_a_line(struct walk *w)
{
    char line[64];
    if (w->now.count == 0) return;
    word_t step = w->now.line[draw(w, w->now.count)].step;
    snprintf(line, sizeof line, "goto @%" PRIu64, step);
    say(w->state, line);
}

static void change_branch(struct walk *w)
{
    char line[64];
    if (w->left_count == 0) return;
    leave(w, &w->now, present_name(w->state));
    struct way to = w->left[draw(w, w->left_count)];
    snprintf(line, sizeof line, "branch %s", to.name);
    say(w->state, line);
    w->now = to;
}

/* ---- the straight run ---- */

/* Where one sits is left out: a seat that was taken in the past belongs to the command that follows. */

static uint64_t straight_hash(const struct way *way, unsigned count)
{
    void *other;
    assert_int_equal(typist_sit_down(&other), 0);
    set_up(&other);
    for (unsigned i = 0; i < count; i++) {
        session_finish_phases(session_of(&other));
        type(&other, way->line[i].line);
    }
    type(&other, "as rootserver");
    session_finish_phases(session_of(&other));
    uint64_t hash = arena_hash(session_world_at(session_of(&other)));
    typist_stand_up(&other);
    return hash;
}

static void check(struct walk *w, uint64_t seed)
{
    say(w->state, "goto now");
    say(w->state, "as rootserver");
    if (arena_hash(session_world_at(session_of(w->state))) == straight_hash(&w->now, w->now.count))
        return;
    for (unsigned i = 0; i < w->now.count; i++)
        print_message("@%" PRIu64 " %c %s\n", w->now.line[i].step,
                      w->now.line[i].is_command ? 0x2a : 0x20, w->now.line[i].line);
    fail_msg("FAULTLINE_SEED=%" PRIu64 ": a straight run is another machine", seed);
}

static void walk(uint64_t seed)
{
    void *typist;
    struct walk *w = calloc(1, sizeof *w);
    assert_non_null(w);
    assert_int_equal(typist_sit_down(&typist), 0);
    w->state = &typist;
    w->chance = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    set_up(&typist);
    for (unsigned move = 1; move <= MOVES; move++) {
        uint64_t kind = draw(w, 16);
        if (kind < 7) {
            if (session_is_past(session_of(&typist))) say(&typist, "goto now");
            act(w, acts[draw(w, sizeof acts / sizeof acts[0])]);
        } else if (kind < 9) {
            say(&typist, "goto now");
            act(w, runs[draw(w, sizeof runs / sizeof runs[0])]);
        } else if (kind < 11) {
            go_somewhere(w);
        } else if (kind < 13) {
            go_to_a_line(w);
            act(w, acts[draw(w, sizeof acts / sizeof acts[0])]);
        } else if (kind < 15) {
            undo(w);
        } else {
            change_branch(w);
        }
        hear(&typist);
        if (move % CHECK_EVERY == 0) check(w, seed);
    }
    free(w);
    typist_stand_up(&typist);
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

static void random_walks_agree_with_straight_runs(void **state)
{
    uint64_t first = number_of("FAULTLINE_SEED", 1), walks = number_of("FAULTLINE_WALKS", WALKS);
    (void)state;
    for (uint64_t i = 0; i < walks; i++) walk(first + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(random_walks_agree_with_straight_runs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
