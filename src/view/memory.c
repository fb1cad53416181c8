/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and code as a thread sees them, through its own page tables. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "machine/text.h"
#include "view/internal.h"
#include "world/image.h"
#include "world/path.h"

size_t thread_bytes(const struct world *w, paddr_t tcb, word_t address, uint8_t *bytes,
                    size_t length)
{
    for (size_t i = 0; i < length; i++) {
        paddr_t at;
        if (!kernel_translate(w, tcb, address + i, &at) || !memory_holds(w, at, 1)) return i;
        bytes[i] = *(const uint8_t *)memory_at(w, at);
    }
    return length;
}

enum { DUMP_LINE = 16 };

static void dump_line(const struct view *v, word_t address, const uint8_t *bytes, size_t length)
{
    char at[24], hex[3 * DUMP_LINE + 4] = "", text[DUMP_LINE + 1] = "";
    for (size_t i = 0; i < length; i++) {
        text_add(hex, sizeof hex, i == DUMP_LINE / 2 ? "  %02x" : " %02x", bytes[i]);
        text[i] = isprint(bytes[i]) ? (char)bytes[i] : '.';
    }
    snprintf(at, sizeof at, "0x%" PRIx64, address);
    const struct row_item items[] = {
        { NULL, at, "", INDENT, 12, false },
        { at, hex, NULL, 0, 49, false },
        { NULL, text, NULL, 1, 0, false },
    };
    view_row(v, LOOK_PLAIN, items, sizeof items / sizeof items[0]);
}

bool view_memory(const struct view *v, paddr_t tcb, word_t address, unsigned bytes)
{
    const struct world *w = view_world(v);
    uint8_t line[DUMP_LINE];
    if (!thread_bytes(w, tcb, address, line, 1)) return false;
    for (unsigned at = 0; at < bytes; at += DUMP_LINE) {
        size_t want = bytes - at < DUMP_LINE ? bytes - at : DUMP_LINE;
        size_t length = thread_bytes(w, tcb, address + at, line, want);
        if (length) dump_line(v, address + at, line, length);
        if (length == want) continue;
        view_line(v, "  0x%" PRIx64 " is not mapped", address + at + length);
        break;
    }
    return true;
}

static char code_mark(const struct world *w, paddr_t tcb, word_t address)
{
    if (thread_next_ip(w, tcb) != address) return ' ';
    bool faulted = tcb_at(w, tcb)->fault.kind != FAULT_NONE && !thread_is_runnable(w, tcb);
    return faulted ? '!' : '>';
}

bool code_facts(const struct session *s, paddr_t tcb, word_t address, struct code_facts *c)
{
    const struct world *w = session_world_at(s);
    const struct image *image = session_image(s, tcb);
    const struct breakpoint *list;
    struct source_line line;
    uint8_t bytes[15];
    *c = (struct code_facts){ .address = address, .mark = code_mark(w, tcb, address) };
    size_t length = thread_bytes(w, tcb, address, bytes, sizeof bytes);
    if (length == 0) return false;
    size_t used = instruction_format(bytes, length, address, c->text, sizeof c->text);
    c->length = used ? (unsigned)used : 1;
    for (size_t i = session_breaks(s, &list); i-- > 0;)
        c->breakpoint |= list[i].on_address && list[i].address == address;
    if (!image || !image_line(image, address, &line)) return true;
    c->path = line.file;
    c->line = line.line;
    return true;
}

void code_source(const struct code_facts *c, char *text, size_t size)
{
    char source[TEXT_SIZE] = "", file[80];
    const char *base = path_name(c->path);
    text_sanitise(file, sizeof file, base, strnlen(base, 60));
    source_text(c->path, c->line, source, sizeof source);
    snprintf(text, size, "%s:%u  %s", file, c->line, source);
}

bool code_same_line(const struct code_facts *a, const struct code_facts *b)
{
    return a->path && b->path && a->line == b->line && strcmp(a->path, b->path) == 0;
}

/* How long the instruction at an address is; 0: nothing is mapped there. */
static size_t code_length(const struct world *w, paddr_t tcb, word_t address)
{
    uint8_t bytes[15];
    char text[128];
    size_t length = thread_bytes(w, tcb, address, bytes, sizeof bytes);
    if (length == 0) return 0;
    size_t used = instruction_format(bytes, length, address, text, sizeof text);
    return used ? used : 1;
}

word_t code_before(const struct session *s, paddr_t tcb, word_t address, unsigned count)
{
    enum { LONGEST = 1 << 12, KEPT = 64 };
    const struct world *w = session_world_at(s);
    const struct image *image = session_image(s, tcb);
    const struct symbol *f = image ? image_symbol_at(image, address) : NULL;
    word_t kept[KEPT];
    unsigned met = 0;
    if (!f || !f->is_function || address - f->address > LONGEST || count == 0) return address;
    for (word_t at = f->address; at < address;) {
        size_t length = code_length(w, tcb, at);
        if (length == 0) return address;
        kept[met++ % KEPT] = at;
        at += length;
        if (at > address) return address;
    }
    if (count > KEPT) count = KEPT;
    return met ? kept[(met > count ? met - count : 0) % KEPT] : address;
}

static void code_row(const struct view *v, enum look look, const struct code_facts *c)
{
    const char mark[] = { c->mark, '\0' };
    char at[24];
    snprintf(at, sizeof at, "0x%" PRIx64, c->address);
    const struct row_item items[] = {
        { NULL, mark, "", INDENT, 1, false },
        { NULL, at, "", 1, 16, false },
        { at, c->text, NULL, 1, 0, false },
        { NULL, "",
          c->mark == '>'   ? "runs next"
          : c->mark == '!' ? "faulted"
                           : "",
          0, 0, false },
    };
    view_row(v, look, items, sizeof items / sizeof items[0]);
}

void view_disassemble(const struct view *v, paddr_t tcb, word_t address, unsigned count)
{
    struct code_facts c, before = { .path = NULL };
    for (unsigned i = 0; i < count; i++) {
        char text[TEXT_SIZE * 2];
        if (!code_facts(v->session, tcb, address, &c)) {
            view_line(v, "  0x%" PRIx64 " is not mapped", address);
            return;
        }
        if (c.path && !code_same_line(&c, &before)) {
            code_source(&c, text, sizeof text);
            const struct row_item line = { "line", text, NULL, INDENT, 0, false };
            view_row(v, LOOK_TITLE, &line, 1);
            before = c;
        }
        enum look look = c.mark == '>' ? LOOK_RUNS : c.mark == '!' ? LOOK_FAULT : LOOK_PLAIN;
        code_row(v, look, &c);
        address += c.length;
    }
}
