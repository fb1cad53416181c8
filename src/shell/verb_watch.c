/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs about what stands in one place: watch, last write; and how a place is typed. */
#include <stdio.h>
#include <string.h>

#include "shell/commands.h"
#include "view/why.h"

enum { WORD_BYTES = 8 };

/* ---- How a place is typed ---- */

static bool refuse_unmapped(struct args *a, paddr_t tcb, word_t address)
{
    return problem_set(&a->problem, "`memory` looks; `map` maps a frame there",
                       "nothing is mapped at %#llx in %s's address space",
                       (unsigned long long)address, thread_name(scope_world(&a->sc), tcb));
}

static bool memory_spot(struct args *a, paddr_t tcb, const char *text, word_t size,
                        struct spot *out)
{
    struct scope sc = { a->sc.session, tcb };
    word_t address;
    if (!expr_word(&sc, text, &address, &a->problem)) return false;
    if (size == 0 || size > WORD_BYTES || (size & (size - 1)))
        return problem_set(&a->problem, "1, 2, 4 or 8", "no word has %llu bytes",
                           (unsigned long long)size);
    return spot_memory(scope_world(&sc), tcb, address, (unsigned)size, out) ||
           refuse_unmapped(a, tcb, address);
}

static bool message_spot(struct args *a, paddr_t tcb, const char *text, struct spot *out)
{
    word_t i;
    if (!expr_word(&a->sc, text, &i, &a->problem)) return false;
    return spot_message_word(scope_world(&a->sc), tcb, i, out) ||
           problem_set(&a->problem, "a message has at most 120 words, from 0",
                       "%s's buffer has no word %llu", thread_name(scope_world(&a->sc), tcb),
                       (unsigned long long)i);
}

/* What stands between the brackets that end a word; false: it does not end so. */
static bool in_brackets(const char *word, size_t before, char *text, size_t size)
{
    size_t length = strlen(word);
    if (length < before + 2 || word[before] != '[' || word[length - 1] != ']') return false;
    snprintf(text, size, "%.*s", (int)(length - before - 2), word + before + 1);
    return true;
}

/* "faulter.rax", "rax", "faulter.mr[5]", "mr[5]", "[0x1000]", "faulter[0x1000]": whose, and what. */
static const char *split_owner(const struct args *a, const char *word, paddr_t *tcb)
{
    char name[NAME_SIZE];
    size_t n = strcspn(word, ".[");
    *tcb = a->sc.seat;
    if (!word[n] || n == 0 || n >= sizeof name) return word;
    snprintf(name, sizeof name, "%.*s", (int)n, word);
    paddr_t found = thread_find(scope_world(&a->sc), name);
    if (!found) return word;
    *tcb = found;
    return word + n + (word[n] == '.');
}

enum typed { TYPED_NOT, TYPED_WRONG, TYPED };

/* A place that is none but by its looks; a plain word may be anything. */
static enum typed spot_parse(struct args *a, struct spot *out)
{
    char text[1024];
    paddr_t tcb, owner = thread_find(scope_world(&a->sc), a->word[a->at]);
    enum context_reg reg;
    word_t size = WORD_BYTES;
    unsigned at = a->at;
    if (owner && at + 1 < a->count) at++;
    const char *what = split_owner(a, a->word[at++], &tcb);
    if (owner && at > a->at + 1) tcb = owner;
    if (register_find(what, &reg)) {
        a->at = at;
        *out = spot_register(tcb, reg);
        return TYPED;
    }
    bool is_word = strncmp(what, "mr[", 3) == 0;
    if (!in_brackets(what, is_word ? 2 : 0, text, sizeof text)) return TYPED_NOT;
    a->at = at;
    if (is_word) return message_spot(a, tcb, text, out) ? TYPED : TYPED_WRONG;
    if (arg_more(a) && !arg_word(a, "how many bytes", &size)) return TYPED_WRONG;
    return memory_spot(a, tcb, text, size, out) ? TYPED : TYPED_WRONG;
}

static void keep_text(const struct args *a, unsigned from, struct spot *spot)
{
    words_join(a->word, from, a->count, spot->text, sizeof spot->text);
}

/* ---- watch ---- */

static bool evaluate(const struct session *s, const char *text, struct reading *out)
{
    struct scope sc = scope_of_seat(s);
    struct value value;
    struct problem unused;
    if (!expr_eval(&sc, text, &value, &unused)) return false;
    *out = (struct reading){ .word = value.word, .is_text = value.is_text };
    if (value.is_text) snprintf(out->text, sizeof out->text, "%.47s", value.text);
    return true;
}

/* A symbol of the seat's program stands for the word there; anything else is a value. */
static bool expression_spot(struct args *a, struct spot *out)
{
    word_t address;
    struct value value;
    if (scope_symbol(&a->sc, a->word[a->at], &address)) {
        const char *symbol = a->word[a->at++];
        word_t size = WORD_BYTES;
        if (arg_more(a) && !arg_word(a, "how many bytes", &size)) return false;
        return arg_end(a) && memory_spot(a, a->sc.seat, symbol, size, out);
    }
    char text[1024];
    words_join(a->word, a->at, a->count, text, sizeof text);
    if (strlen(text) >= SPOT_TEXT)
        return problem_set(&a->problem, "", "an expression to be watched is shorter");
    *out = (struct spot){ .kind = SPOT_EXPRESSION, .evaluate = evaluate };
    a->at = a->count;
    return expr_eval(&a->sc, text, &value, &a->problem);
}

enum outcome verb_watch(struct shell *sh, struct args *a)
{
    struct breakpoint b = { .on_change = true };
    struct reading now;
    char text[96];
    if (!arg_more(a)) return verb_breaks(sh, a);
    enum typed typed = spot_parse(a, &b.spot);
    if (typed == TYPED_WRONG || (typed == TYPED && !arg_end(a))) return OUTCOME_FAILED;
    if (typed == TYPED_NOT && !expression_spot(a, &b.spot)) return OUTCOME_FAILED;
    keep_text(a, 0, &b.spot);
    unsigned number = session_break_add(sh->session, &b);
    spot_read(sh->session, &b.spot, &now);
    reading_text(&now, text, sizeof text);
    if (!sh->silent) shell_say(sh, "  watchpoint %u: %s, now %s", number, b.spot.text, text);
    return OUTCOME_DONE;
}

/* ---- last write ---- */

static enum outcome last_write_of_spot(struct shell *sh, const struct spot *spot)
{
    struct writing found;
    struct view v = shell_view(sh);
    if (!session_last_write(sh->session, spot, &found)) return OUTCOME_INTERRUPTED;
    view_writing(&v, &found);
    return OUTCOME_DONE;
}

/* A slot by name or number; what is none is an address. */
static enum outcome last_write_of_word(struct shell *sh, struct args *a, struct spot *spot)
{
    struct view v = shell_view(sh);
    struct slot_ref ref;
    struct problem unused;
    const char *text = a->word[a->at];
    word_t address;
    if (slot_resolve(&a->sc, text, false, &ref, &unused) && ref.slot) {
        a->at++;
        if (!arg_end(a)) return OUTCOME_FAILED;
        return view_last_write(&v, ref.slot) ? OUTCOME_DONE : OUTCOME_INTERRUPTED;
    }
    if (thread_find(scope_world(&a->sc), text) && a->at + 1 < a->count) {
        paddr_t tcb = thread_find(scope_world(&a->sc), a->word[a->at++]);
        text = a->word[a->at++];
        if (!arg_end(a) || !memory_spot(a, tcb, text, WORD_BYTES, spot)) return OUTCOME_FAILED;
        return last_write_of_spot(sh, spot);
    }
    if (!expr_word(&a->sc, text, &address, &a->problem)) return OUTCOME_FAILED;
    a->at++;
    if (!arg_end(a) || !memory_spot(a, a->sc.seat, text, WORD_BYTES, spot)) return OUTCOME_FAILED;
    return last_write_of_spot(sh, spot);
}

/* last write SLOT | REGISTER | ADDRESS */
enum outcome verb_last(struct shell *sh, struct args *a)
{
    struct spot spot;
    if (!arg_key(a, "write") || !arg_more(a)) {
        problem_set(&a->problem,
                    "last write fault_ep, last write faulter.rax, last write [0x10000000]",
                    "the last what?");
        return OUTCOME_FAILED;
    }
    unsigned from = a->at;
    enum typed typed = spot_parse(a, &spot);
    if (typed == TYPED_WRONG || (typed == TYPED && !arg_end(a))) return OUTCOME_FAILED;
    if (typed == TYPED_NOT) {
        spot = (struct spot){ 0 };
        return last_write_of_word(sh, a, &spot);
    }
    keep_text(a, from, &spot);
    return last_write_of_spot(sh, &spot);
}
