/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs on capabilities. SRC comes before DEST, as in cp; libsel4's calls have it the other way. */
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"
#include "shell/recording.h"

enum { NEAR_BITS = 10 }; /* CNodes of more slots are not searched */

/* A new name that is nearly that of an empty slot may have been meant for it. */
static void tell_nearly_named(struct shell *sh, const struct slot_ref *dest)
{
    const struct world *w = session_world_at(sh->session);
    paddr_t slot = cap_cnode_object(dest->cnode);
    if (sh->silent || cap_cnode_radix(dest->cnode) > NEAR_BITS) return;
    paddr_t end = slot + (UINT64_C(1) << (cap_cnode_radix(dest->cnode) + SLOT_BITS));
    for (; slot < end; slot += 1U << SLOT_BITS) {
        const char *name = name_of_slot(w, slot);
        if (!name || slot == dest->slot || word_distance(name, dest->new_name) > 1) continue;
        if (cap_type(cte_at(w, slot)->cap) != CAP_NULL) continue;
        shell_say(sh, "  `%s` is a new name, for slot %llu. If you meant `%s`: `undo`.",
                  dest->new_name, (unsigned long long)slot_index(dest->cnode, dest->slot), name);
        return;
    }
}

/* A call is only made from its own row: what all these verbs end with. A new name is given to the
 * slot when the capability has arrived there. */
static enum outcome call_and_name(struct shell *sh, struct args *a, const char *function,
                                  word_t root, const word_t *arg, unsigned argc,
                                  const struct slot_ref *dest)
{
    struct call call;
    if (!call_make(a, function, root, arg, argc, &call)) return OUTCOME_FAILED;
    bool names = dest && dest->new_name[0] && !sh->predicts;
    if (names) { /* before the call, so that its echo has the name */
        act_begin(sh);
        if (!name_set(session_world(sh->session), dest->slot, dest->new_name)) {
            problem_set(&a->problem, "", "there is no room for the name `%s`", dest->new_name);
            return OUTCOME_FAILED;
        }
    }
    enum outcome outcome = act_call(sh, a, &call);
    /* A call that is shown phase by phase has not put anything there yet. */
    bool ended = session_phase(sh->session, NULL, NULL) == 0;
    bool empty = names && ended &&
                 cap_type(cte_at(session_world_at(sh->session), dest->slot)->cap) == CAP_NULL;
    if (empty) names_forget(session_world(sh->session), dest->slot, dest->slot + (1U << SLOT_BITS));
    if (names && ended && !empty) tell_nearly_named(sh, dest);
    return outcome;
}

/* SRC DEST of copy, mint, move, mutate, and the five words that their calls begin with. */
struct transfer {
    struct slot_ref source, dest;
    word_t root;
    word_t arg[7];
};

static bool read_transfer(struct args *a, struct transfer *t)
{
    word_t source_root;
    if (!arg_slot(a, "SRC", false, &t->source) || !arg_slot(a, "DEST", true, &t->dest))
        return false;
    if (!slot_root(a, &t->source, &source_root) || !slot_root(a, &t->dest, &t->root)) return false;
    t->arg[0] = t->dest.index;
    t->arg[1] = t->dest.depth;
    t->arg[2] = source_root;
    t->arg[3] = t->source.index;
    t->arg[4] = t->source.depth;
    return true;
}

/* badge N, or guard N bits N: the word that Mint and Mutate take. */
static bool read_data(struct args *a, word_t *data)
{
    *data = 0;
    if (arg_key(a, "badge")) return arg_word(a, "the badge", data);
    if (!arg_key(a, "guard")) return true;
    word_t guard, bits;
    if (!arg_word(a, "the guard", &guard)) return false;
    if (!arg_key(a, "bits"))
        return problem_set(&a->problem, "guard N bits N", "how many bits the guard has is missing");
    if (!arg_word(a, "the guard's size", &bits)) return false;
    if (bits > 63 || guard >> bits)
        return problem_set(&a->problem,
                           "a guard has 0 to 63 bits, and its number must fit into them",
                           "there is no guard %llu of %llu bits", (unsigned long long)guard,
                           (unsigned long long)bits);
    *data = guard << 6 | bits;
    return true;
}

static bool read_options(struct args *a, word_t *rights, word_t *data)
{
    *rights = RIGHTS_ALL;
    *data = 0;
    while (arg_more(a)) {
        unsigned before = a->at;
        if (arg_key(a, "rights") && !arg_rights(a, rights)) return false;
        if (arg_more(a) &&
            (strcmp(a->word[a->at], "badge") == 0 || strcmp(a->word[a->at], "guard") == 0) &&
            !read_data(a, data))
            return false;
        if (a->at == before) return arg_end(a);
    }
    return true;
}

enum outcome verb_copy(struct shell *sh, struct args *a)
{
    struct transfer t;
    if (!read_transfer(a, &t)) return OUTCOME_FAILED;
    t.arg[5] = RIGHTS_ALL;
    if (arg_key(a, "rights") && !arg_rights(a, &t.arg[5])) return OUTCOME_FAILED;
    if (arg_more(a) && strcmp(a->word[a->at], "badge") == 0) {
        problem_set(&a->problem, "`mint` is the copy that takes a badge", "a copy takes no badge");
        return OUTCOME_FAILED;
    }
    if (!arg_end(a)) return OUTCOME_FAILED;
    return call_and_name(sh, a, "seL4_CNode_Copy", t.root, t.arg, 6, &t.dest);
}

enum outcome verb_mint(struct shell *sh, struct args *a)
{
    struct transfer t;
    if (!read_transfer(a, &t) || !read_options(a, &t.arg[5], &t.arg[6])) return OUTCOME_FAILED;
    return call_and_name(sh, a, "seL4_CNode_Mint", t.root, t.arg, 7, &t.dest);
}

enum outcome verb_move(struct shell *sh, struct args *a)
{
    struct transfer t;
    if (!read_transfer(a, &t) || !arg_end(a)) return OUTCOME_FAILED;
    return call_and_name(sh, a, "seL4_CNode_Move", t.root, t.arg, 5, &t.dest);
}

enum outcome verb_mutate(struct shell *sh, struct args *a)
{
    struct transfer t;
    if (!read_transfer(a, &t) || !read_data(a, &t.arg[5]) || !arg_end(a)) return OUTCOME_FAILED;
    return call_and_name(sh, a, "seL4_CNode_Mutate", t.root, t.arg, 6, &t.dest);
}

/* Calls that name one slot: index and depth. */
static enum outcome slot_call(struct shell *sh, struct args *a, const char *function,
                              bool may_be_new)
{
    struct slot_ref ref;
    word_t root;
    if (!arg_slot(a, "a slot", may_be_new, &ref) || !arg_end(a) || !slot_root(a, &ref, &root))
        return OUTCOME_FAILED;
    word_t arg[2] = { ref.index, ref.depth };
    return call_and_name(sh, a, function, root, arg, 2, &ref);
}

enum outcome verb_delete(struct shell *sh, struct args *a)
{
    return slot_call(sh, a, "seL4_CNode_Delete", false);
}

enum outcome verb_revoke(struct shell *sh, struct args *a)
{
    return slot_call(sh, a, "seL4_CNode_Revoke", false);
}

enum outcome verb_cancel(struct shell *sh, struct args *a)
{
    return slot_call(sh, a, "seL4_CNode_CancelBadgedSends", false);
}

enum outcome verb_savecaller(struct shell *sh, struct args *a)
{
    return slot_call(sh, a, "seL4_CNode_SaveCaller", true);
}

/* rotate A B C: A goes to B's place and B to C's. */
enum outcome verb_rotate(struct shell *sh, struct args *a)
{
    struct slot_ref source, pivot, dest;
    word_t source_root, pivot_root, dest_root;
    if (!arg_slot(a, "A", false, &source) || !arg_slot(a, "B", false, &pivot) ||
        !arg_slot(a, "C", true, &dest) || !arg_end(a) || !slot_root(a, &source, &source_root) ||
        !slot_root(a, &pivot, &pivot_root) || !slot_root(a, &dest, &dest_root))
        return OUTCOME_FAILED;
    word_t arg[10] = { dest.index,  dest.depth, 0,           pivot_root,   pivot.index,
                       pivot.depth, 0,          source_root, source.index, source.depth };
    return call_and_name(sh, a, "seL4_CNode_Rotate", dest_root, arg, 10, &dest);
}

enum outcome verb_name(struct shell *sh, struct args *a)
{
    struct slot_ref ref;
    const char *name;
    if (!arg_slot(a, "a slot", false, &ref) || !arg_text(a, "a name", &name) || !arg_end(a))
        return OUTCOME_FAILED;
    bool free =
        ref.is_own ? scope_name_is_free(&a->sc, name, &a->problem) : name_is_identifier(name);
    if (!free && !ref.is_own)
        problem_set(&a->problem, "letters, digits and _, at most 31 of them", "`%.40s` is no name",
                    name);
    if (free && !ref.slot)
        free = problem_set(&a->problem, "`caps` shows a CSpace's size", "there is no such slot");
    if (!free) return OUTCOME_FAILED;
    act_begin(sh);
    if (name_set(session_world(sh->session), ref.slot, name)) return OUTCOME_DONE;
    problem_set(&a->problem, "", "there is no room for the name `%s`", name);
    return OUTCOME_FAILED;
}

/* ---- Whole things ---- */

static enum outcome tell_build(struct shell *sh, struct args *a, const struct build *b,
                               const char *what)
{
    struct view v = shell_view(sh);
    if (b->ok) {
        if (!sh->silent)
            shell_say(sh, "  %s: %u calls, in `%s`'s name.", what, b->calls,
                      thread_name(session_world_at(sh->session), a->sc.seat));
        return OUTCOME_DONE;
    }
    if (b->problem.text[0]) {
        a->problem = b->problem;
        return OUTCOME_FAILED;
    }
    view_call(&v, &b->last, "");
    view_serial(&v, sh->from);
    struct call_result result = b->result;
    result.refusal.text = view_reason(sh->session, sh->from);
    view_error(&v, &b->last, &result);
    const struct error_desc *error = &error_table[result.error];
    if (b->calls > 1)
        problem_set(&a->problem, "`undo` takes back what was made",
                    "the kernel refused call %u of it: %s, %s", b->calls, error->name,
                    error->meaning);
    else
        problem_set(&a->problem, sh->silent ? error->tip : "", "nothing was made: %s, %s",
                    error->name, error->meaning);
    return OUTCOME_FAILED;
}

static bool kind_is_known(const struct args *a, const char *kind)
{
    for (size_t i = 0; i < object_rows; i++)
        if (strcmp(object_table[i].word, kind) == 0 &&
            config_has(kernel_config(scope_world(&a->sc)), object_table[i].condition))
            return true;
    return false;
}

/* Whether a thread may be called so; else the problem says why not. */
static bool is_new_thread(struct args *a, const char *name)
{
    if (!name_is_identifier(name) || strlen(name) > NAME_SIZE - 8)
        return problem_set(&a->problem, "letters, digits and _, at most 24 of them",
                           "`%.60s` is no name for a thread", name);
    if (thread_find(scope_world(&a->sc), name))
        return problem_set(&a->problem, "another name, or `undo` what made that one",
                           "there is a thread called `%s` already", name);
    return true;
}

static enum outcome new_thread(struct shell *sh, struct args *a)
{
    const char *name;
    char what[128];
    if (!arg_text(a, "a name", &name) || !arg_end(a)) return OUTCOME_FAILED;
    if (!is_new_thread(a, name)) return OUTCOME_FAILED;
    act_begin(sh);
    struct build b = build_thread(sh->session, name);
    snprintf(what, sizeof what, "%s_tcb, %s_cspace, %s_vspace, %s_ipcbuf", name, name, name, name);
    return tell_build(sh, a, &b, what);
}

/* NAME of a new object: a name that is free, or that an empty slot has already. */
static bool read_new_slot(struct args *a, struct slot_ref *dest)
{
    const char *name;
    word_t ignored;
    if (!arg_text(a, "a name", &name)) return false;
    if (name_is_identifier(name) && !scope_slot_name(&a->sc, name, &ignored)) {
        if (!scope_name_is_free(&a->sc, name, &a->problem)) return false;
        if (variable_get(scope_world(&a->sc), name, &ignored))
            return problem_set(&a->problem, "choose another name", "`%s` is a variable already",
                               name);
    }
    if (!slot_resolve(&a->sc, name, true, dest, &a->problem)) return false;
    return dest->is_own || problem_set(&a->problem, "make it here, then `move` it",
                                       "`new` makes things in the seat's own CSpace");
}

enum outcome verb_new(struct shell *sh, struct args *a)
{
    const char *kind;
    struct slot_ref dest;
    word_t bits = 0;
    if (!arg_text(a, "what to make", &kind)) return OUTCOME_FAILED;
    if (strcmp(kind, "thread") == 0) return new_thread(sh, a);
    if (!kind_is_known(a, kind)) {
        problem_set(&a->problem,
                    "thread, endpoint, notification, cnode, untyped, frame, tcb, vspace, pagetable",
                    "there is no kind of object called `%.40s`", kind);
        return OUTCOME_FAILED;
    }
    if (!read_new_slot(a, &dest)) return OUTCOME_FAILED;
    if (arg_key(a, "bits") && !arg_word(a, "the size", &bits)) return OUTCOME_FAILED;
    if (!arg_end(a)) return OUTCOME_FAILED;
    act_begin(sh);
    struct build b = build_object(sh->session, kind, bits, dest.slot);
    if (b.ok && dest.new_name[0]) name_set(session_world(sh->session), dest.slot, dest.new_name);
    if (!b.ok || b.calls != 1) return tell_build(sh, a, &b, a->word[1]);
    struct view v = shell_view(sh);
    if (!sh->silent) view_call(&v, &b.last, "  =  seL4_NoError");
    return OUTCOME_DONE;
}

/* load FILE THREAD at ADDR: the bytes of a file for a thread that is there. */
static enum outcome load_data(struct shell *sh, struct args *a, const char *file, const char *name)
{
    char slot[NAME_SIZE + 8];
    word_t vspace, address;
    snprintf(slot, sizeof slot, "%.*s_vspace", NAME_SIZE - 8, name);
    if (!scope_slot_name(&a->sc, slot, &vspace)) {
        problem_set(&a->problem,
                    "`threads` lists them; it is for one that `new thread` or `load` made",
                    "there is no slot `%s` here", slot);
        return OUTCOME_FAILED;
    }
    if (!arg_word(a, "an address", &address) || !arg_end(a)) return OUTCOME_FAILED;
    act_begin(sh);
    struct build b = build_data(sh->session, file, vspace, address);
    return tell_build(sh, a, &b, "the file's bytes are there");
}

enum outcome verb_load(struct shell *sh, struct args *a)
{
    char given[1024], file[2048], what[128];
    const char *word, *name;
    if (!arg_text(a, "a file", &word) || !arg_text(a, "a name", &name)) return OUTCOME_FAILED;
    word_unquote(word, given, sizeof given);
    if (!shell_read_file(sh, given, file, sizeof file, &a->problem)) return OUTCOME_FAILED;
    if (arg_key(a, "at")) return load_data(sh, a, file, name);
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (!is_new_thread(a, name)) return OUTCOME_FAILED;
    act_begin(sh);
    struct build b = build_load(sh->session, file, name);
    snprintf(what, sizeof what, "%s is ready to run (`continue`)", name);
    return tell_build(sh, a, &b, what);
}

enum outcome verb_tables(struct shell *sh, struct args *a)
{
    struct slot_ref vspace;
    word_t address;
    if (!arg_slot(a, "a VSpace", false, &vspace) || !arg_word(a, "an address", &address) ||
        !arg_end(a))
        return OUTCOME_FAILED;
    if (!vspace.is_own) {
        problem_set(&a->problem, "`copy` it here first", "that capability lies in another CSpace");
        return OUTCOME_FAILED;
    }
    act_begin(sh);
    struct build b = build_tables(sh->session, vspace.index, address);
    return tell_build(sh, a, &b, b.calls ? "page tables made and mapped" : "nothing was missing");
}
