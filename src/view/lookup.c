/* SPDX-License-Identifier: BSD-2-Clause */
/* The way of a CPtr through a CSpace, bit by bit, drawn: each level takes its guard's bits and its
 * radix's bits off the front. seL4: src/kernel/cspace.c resolveAddressBits. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

enum { DRAWN_WHOLE = 16, DRAWN_PART = 4 };

/* `bits` bits of the CPtr in front of the last `after`: "0000...0000" when there are many. */
static void bits_add(char *text, size_t size, word_t cptr, unsigned bits, unsigned after)
{
    for (unsigned i = 0; i < bits; i++) {
        if (bits > DRAWN_WHOLE && i == DRAWN_PART) {
            text_add(text, size, "...");
            i = bits - DRAWN_PART;
        }
        text_add(text, size, "%c", cptr >> (after + bits - 1 - i) & 1 ? '1' : '0');
    }
}

/* "----56-----", as wide as the bits above it. */
static void ruler_add(char *text, size_t size, unsigned bits)
{
    char number[8];
    size_t width = bits > DRAWN_WHOLE ? 2 * DRAWN_PART + 3 : bits;
    size_t digits = (size_t)snprintf(number, sizeof number, "%u", bits);
    if (digits >= width) {
        text_add(text, size, "%.*s", (int)width, number);
        return;
    }
    size_t before = (width - digits) / 2;
    for (size_t i = 0; i < before; i++) text_add(text, size, "-");
    text_add(text, size, "%s", number);
    for (size_t i = before + digits; i < width; i++) text_add(text, size, "-");
}

struct drawing {
    char bits[TEXT_SIZE], ruler[TEXT_SIZE];
    word_t cptr;
    unsigned left; /* bits not drawn yet */
};

static void draw(struct drawing *d, unsigned bits)
{
    if (bits > d->left) bits = d->left;
    if (bits == 0) return;
    if (*d->bits) {
        text_add(d->bits, sizeof d->bits, " ");
        text_add(d->ruler, sizeof d->ruler, " ");
    }
    d->left -= bits;
    bits_add(d->bits, sizeof d->bits, d->cptr, bits, d->left);
    ruler_add(d->ruler, sizeof d->ruler, bits);
}

static void draw_levels(const struct view *v, struct drawing *d, const struct lookup_level *level,
                        unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        draw(d, (unsigned)cap_cnode_guard_size(level[i].cnode));
        if (!level[i].guard_fits) break;
        draw(d, (unsigned)cap_cnode_radix(level[i].cnode));
    }
    draw(d, d->left);
    view_line(v, "  %s", d->bits);
    view_line(v, "  %s", d->ruler);
}

static void guard_words(const struct lookup_level *l, char *text, size_t size)
{
    word_t bits = cap_cnode_guard_size(l->cnode), guard = cap_cnode_guard(l->cnode);
    if (bits == 0)
        snprintf(text, size, "no guard");
    else if (l->guard_fits)
        snprintf(text, size, "guard %#" PRIx64 " fits", guard);
    else if (l->bits_left < bits)
        snprintf(text, size, "guard %#" PRIx64 " wants %" PRIu64 " bits, %" PRIu64 " are left",
                 guard, bits, l->bits_left);
    else
        snprintf(text, size, "guard %#" PRIx64 ", but the bits are %#" PRIx64, guard,
                 l->guard_bits);
}

static void level_line(const struct view *v, const struct lookup_level *l)
{
    char guard[96], where[64] = "", line[TEXT_SIZE];
    word_t radix = cap_cnode_radix(l->cnode), wanted = cap_cnode_guard_size(l->cnode) + radix;
    guard_words(l, guard, sizeof guard);
    if (l->cnode_slot) view_slot_name(v->session, l->cnode_slot, where, sizeof where);
    snprintf(line, sizeof line, "%s: %s", l->cnode_slot ? where : "root", guard);
    if (l->guard_fits && l->slot)
        text_add(line, sizeof line,
                 ", then radix %" PRIu64 ": slot %" PRIu64 ", bits left %" PRIu64, radix, l->index,
                 l->bits_left - wanted);
    else if (l->guard_fits)
        text_add(line, sizeof line, ", then radix %" PRIu64 ", but only %" PRIu64 " bits are left",
                 radix, l->bits_left - cap_cnode_guard_size(l->cnode));
    view_line(v, "  %s", line);
}

static void slot_reached_line(const struct view *v, struct cap cnode, paddr_t slot)
{
    char what[160];
    const char *name = name_of_slot(view_world(v), slot);
    view_cap(v->session, cte_at(view_world(v), slot)->cap, what, sizeof what);
    view_line(v, "  found: slot %" PRIu64 "  %s%s%s", slot_index(cnode, slot), name ? name : "",
              name ? "  " : "", what);
}

/* The failure with the words that a fault message would carry. */
static void failure_lines(const struct view *v, const struct lookup_failure *f)
{
    const struct lookup_failure_desc *row = &lookup_failure_table[f->type];
    char line[TEXT_SIZE];
    snprintf(line, sizeof line, "not found: %s: %s.", lookup_failure_name(f->type), row->meaning);
    view_text(v, line, INDENT, INDENT, 2);
    if (f->type == LOOKUP_MISSING_CAPABILITY)
        view_line(v, "  bits left %" PRIu64, f->bits_left);
    else if (f->type == LOOKUP_DEPTH_MISMATCH)
        view_line(v, "  bits left %" PRIu64 ", the level wants %" PRIu64, f->bits_left,
                  f->bits_found);
    else if (f->type == LOOKUP_GUARD_MISMATCH)
        view_line(v, "  bits left %" PRIu64 ", guard %#" PRIx64 " of %" PRIu64 " bits",
                  f->bits_left, f->guard_found, f->bits_found);
}

void view_lookup(const struct view *v, paddr_t tcb, word_t cptr, unsigned depth)
{
    const struct world *w = view_world(v);
    struct lookup_level level[LOOKUP_LEVELS_MAX];
    struct lookup_failure failure;
    char name[48];
    unsigned count = kernel_lookup_levels(w, thread_cspace(w, tcb), cptr, depth, level, &failure);
    view_thread_name(v->session, tcb, name, sizeof name);
    char number[48] = "";
    text_add_cptr(number, sizeof number, cptr);
    if (cptr >= 10 && cptr < 10000) text_add(number, sizeof number, " = %#" PRIx64, cptr);
    view_line(v, "  CPtr%s %s, %u bits, in %s's CSpace", v->plain ? ":" : "", number, depth, name);

    struct drawing d = { .cptr = cptr, .left = depth < 64 ? depth : 64 };
    if (count && !v->plain) draw_levels(v, &d, level, count);
    for (unsigned i = 0; i < count; i++) level_line(v, &level[i]);
    if (failure.type != LOOKUP_OK && failure.type <= LOOKUP_GUARD_MISMATCH)
        failure_lines(v, &failure);
    else if (count && level[count - 1].slot)
        slot_reached_line(v, level[count - 1].cnode, level[count - 1].slot);
}
