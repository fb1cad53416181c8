/* SPDX-License-Identifier: BSD-2-Clause */
/* What Tab offers: commands with the first circle first, then names, symbols, libsel4's words. Files
 * are for the reader of lines: it knows the terminal's ways. */
#include <stdlib.h>
#include <string.h>

#include "shell/ccall.h"
#include "view/explain.h"
#include "world/image.h"

struct offer {
    const char *prefix;
    void (*each)(void *context, const char *text);
    void *context;
};

static void offer(void *context, const char *text)
{
    const struct offer *o = context;
    if (strncmp(text, o->prefix, strlen(o->prefix)) == 0) o->each(o->context, text);
}

static void offer_commands(struct offer *o)
{
    for (unsigned circle = 1; circle <= 3; circle++)
        for (size_t i = 0; i < command_count; i++)
            if (command_table[i].circle == circle) offer(o, command_table[i].name);
}

/* Keys of a command: the lower-case words among its arguments. */
static void offer_keys(struct offer *o, const char *arguments)
{
    char word[64];
    while (*arguments) {
        size_t n = strspn(arguments, "abcdefghijklmnopqrstuvwxyz_-");
        if (n > 1 && n < sizeof word) {
            memcpy(word, arguments, n);
            word[n] = '\0';
            offer(o, word);
        }
        arguments += n ? n : 1;
    }
}

static void offer_threads(struct offer *o, const struct scope *sc)
{
    const struct world *w = scope_world(sc);
    for (paddr_t tcb = kernel_at(w)->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next)
        if (*thread_name(w, tcb)) offer(o, thread_name(w, tcb));
}

/* Names in the CNode that `cnode` is a capability to. */
static void offer_slots(struct offer *o, const struct world *w, struct cap cnode,
                        const char *before)
{
    char text[NAME_SIZE * 2 + 8];
    const struct world_state *state = world_state_at(w);
    if (cap_type(cnode) != CAP_CNODE) return;
    paddr_t from = cap_object(cnode),
            to = from + ((paddr_t)1 << (cap_cnode_radix(cnode) + SLOT_BITS));
    for (word_t i = 0; i < state->names_used && i < NAMES_MAX; i++) {
        const struct name *name = &state->names[i];
        if (name->slot < from || name->slot >= to || !name->text[0]) continue;
        snprintf(text, sizeof text, "%s%s", before, name->text);
        offer(o, text);
    }
}

/* CNODE/…: the names there. */
static void offer_path(struct offer *o, const struct scope *sc)
{
    char cnode[NAME_SIZE], before[NAME_SIZE + 2];
    struct slot_ref ref;
    struct problem unused;
    size_t n = strcspn(o->prefix, "/");
    if (o->prefix[n] != '/' || n >= sizeof cnode) return;
    snprintf(cnode, sizeof cnode, "%.*s", (int)n, o->prefix);
    snprintf(before, sizeof before, "%s/", cnode);
    if (slot_resolve(sc, cnode, false, &ref, &unused))
        offer_slots(o, scope_world(sc), scope_slot_cap(sc, &ref), before);
}

static void offer_names(struct offer *o, const struct scope *sc)
{
    const struct world *w = scope_world(sc);
    const struct world_state *state = world_state_at(w);
    static const char *const own[] = { "cspace", "vspace", "tcb" };
    if (sc->seat) offer_slots(o, w, cte_at(w, tcb_slot(sc->seat, TCB_CTABLE))->cap, "");
    offer_path(o, sc);
    for (size_t i = 0; i < 3; i++) offer(o, own[i]);
    for (word_t i = 0; i < state->variables_used && i < VARIABLES_MAX; i++)
        offer(o, state->variables[i].name);
    const struct image *image = session_image(sc->session, sc->seat);
    for (size_t i = 0; image && *o->prefix && i < image->symbol_count; i++)
        offer(o, image->symbol[i].name);
}

static void offer_libsel4(struct offer *o, const struct world *w)
{
    if (strncmp(o->prefix, "seL4", 4) != 0) return;
    c_function_names(w, offer, o);
    constants_each(w, offer, o);
}

static void offer_explanations(struct offer *o)
{
    for (size_t i = 0; explanation_at(i); i++) offer(o, explanation_at(i)->word);
}

static void offer_kinds(struct offer *o)
{
    offer(o, "thread");
    for (size_t i = 0; i < object_rows; i++) offer(o, object_table[i].word);
}

void complete(const struct shell *sh, const char *line, size_t start,
              void (*each)(void *context, const char *text), void *context)
{
    struct offer o = { line + start, each, context };
    struct scope sc = scope_of_seat(sh->session);
    struct problem unused;
    char verb[NAME_SIZE] = "";
    const char *first = line + strspn(line, " ");
    if (strncmp(first, "quietly ", 8) == 0 && first + 8 < line + start)
        first += 8 + strspn(first + 8, " "); /* what stands behind it is a command of its own */
    size_t n = strcspn(first, " ");
    if (n < sizeof verb) snprintf(verb, sizeof verb, "%.*s", (int)n, first);
    const struct command *c =
        *verb && first + n < line + start ? command_find(verb, true, &unused) : NULL;
    if (first == line + start) offer_commands(&o);
    offer_libsel4(&o, scope_world(&sc));
    if (first == line + start) return;
    if (c && (c->run == verb_load || c->run == verb_symbols || c->run == verb_source)) {
        if (sh->folder)
            lesson_each_file(sh->folder, c->run == verb_source ? ".fl" : ".elf", offer, &o);
        return;
    }
    if (c && (c->run == verb_help || c->run == verb_slowly || c->run == verb_quietly ||
              c->run == verb_predict))
        offer_commands(&o);
    if (c && c->run == verb_explain) {
        offer_explanations(&o);
        return;
    }
    if (c && c->run == verb_new) offer_kinds(&o);
    if (c) offer_keys(&o, c->arguments);
    offer_threads(&o, &sc);
    if (!c || c->run != verb_as) offer_names(&o, &sc);
}
