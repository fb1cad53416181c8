/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and code as a thread sees them, through its own page tables. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "machine/text.h"
#include "view/internal.h"
#include "world/image.h"

/* Reads bytes of a thread's address space; returns how many there are before the first unmapped one. */
static size_t thread_bytes(const struct world *w, paddr_t tcb, word_t address, uint8_t *bytes,
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
    char hex[3 * DUMP_LINE + 4] = "", text[DUMP_LINE + 1] = "";
    for (size_t i = 0; i < length; i++) {
        text_add(hex, sizeof hex, i == DUMP_LINE / 2 ? "  %02x" : " %02x", bytes[i]);
        text[i] = isprint(bytes[i]) ? (char)bytes[i] : '.';
    }
    view_line(v, "  0x%-10" PRIx64 "%-49s %s", address, hex, text);
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

/* The C line of an address, when it is another one than that before; with its function at the first. */
static void source_of(const struct view *v, const struct image *image, word_t address,
                      struct source_line *before)
{
    struct source_line line;
    char text[TEXT_SIZE] = "", file[80];
    if (!image || !image_line(image, address, &line)) return;
    if (before->file && before->line == line.line && strcmp(before->file, line.file) == 0) return;
    *before = line;
    const char *slash = strrchr(line.file, '/'), *base = slash ? slash + 1 : line.file;
    text_sanitise(file, sizeof file, base, strnlen(base, 60));
    source_text(line.file, line.line, text, sizeof text);
    view_line(v, "  %s:%u  %s", file, line.line, text);
}

void view_disassemble(const struct view *v, paddr_t tcb, word_t address, unsigned count)
{
    const struct world *w = view_world(v);
    const struct image *image = session_image(v->session, tcb);
    struct source_line before = { .file = NULL };
    for (unsigned i = 0; i < count; i++) {
        uint8_t bytes[15];
        char text[128];
        size_t length = thread_bytes(w, tcb, address, bytes, sizeof bytes);
        if (length == 0) {
            view_line(v, "  0x%" PRIx64 " is not mapped", address);
            return;
        }
        source_of(v, image, address, &before);
        size_t used = instruction_format(bytes, length, address, text, sizeof text);
        view_line(v, "  %c 0x%-14" PRIx64 " %s", code_mark(w, tcb, address), address, text);
        address += used ? used : 1;
    }
}
