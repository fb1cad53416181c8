/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of a thread, word by word, as its own page tables have it. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "screen/pane.h"

enum { WORD_WIDTH = 19, ADDRESS_WIDTH = 14, ROWS = 64 };

word_t scene_memory(const struct scene *scene, int width, unsigned *row_bytes)
{
    int words = (width - ADDRESS_WIDTH) / (WORD_WIDTH + 8);
    *row_bytes = words >= 4 ? 32 : words >= 2 ? 16 : 8;
    word_t at = scene->gaze.has_memory ? scene->gaze.memory
                                       : thread_register(scene->world, scene->chosen, CTX_RSP);
    return at & ~(word_t)7;
}

void memory_title(const struct scene *scene, char *text, size_t size)
{
    unsigned row_bytes;
    title_of_chosen(scene, "memory", text, size);
    text_add(text, size, " from 0x%" PRIx64 "%s", scene_memory(scene, 0, &row_bytes),
             scene->gaze.has_memory ? "" : ", its stack");
}

/* Whether a word differs from what it was when the last command began. */
static bool has_changed(const struct scene *scene, word_t address, word_t value)
{
    paddr_t at;
    if (!kernel_translate(scene->world, scene->chosen, address, &at)) return false;
    if (!memory_holds(scene->world, at, sizeof(word_t)) || at % sizeof(word_t)) return false;
    return *(const word_t *)session_before(scene->session, ARENA_MEMORY + at) != value;
}

static void word_cell(const struct scene *scene, struct sheet *s, int row, int x, word_t address,
                      const uint8_t bytes[8])
{
    word_t value;
    memcpy(&value, bytes, sizeof value);
    bool changed = has_changed(scene, address, value);
    sheet_print(s, x, row, changed ? LOOK_CHANGED : LOOK_PLAIN, "%016" PRIx64 "%s", value,
                changed ? "*" : "");
    sheet_spot(s, row, x, 16, (struct target){ TARGET_ADDRESS, address });
}

/* One row; false when nothing of it is mapped. */
static bool memory_row(const struct scene *scene, struct sheet *s, int row, word_t address,
                       unsigned row_bytes)
{
    uint8_t bytes[32];
    char text[33] = "";
    size_t length = thread_bytes(scene->world, scene->chosen, address, bytes, row_bytes) & ~7u;
    if (length == 0) return false;
    sheet_print(s, 1, row, LOOK_FAINT, "0x%" PRIx64, address);
    for (unsigned i = 0; i < length; i += 8)
        word_cell(scene, s, row, ADDRESS_WIDTH + (int)i / 8 * WORD_WIDTH, address + i, bytes + i);
    for (size_t i = 0; i < length; i++)
        snprintf(text + i, 2, "%c", isprint(bytes[i]) ? bytes[i] : '.');
    sheet_text(s, ADDRESS_WIDTH + (int)row_bytes / 8 * WORD_WIDTH, row, LOOK_PLAIN, text);
    return true;
}

/* The first address behind an unmapped one that is mapped, by whole pages; 0: none that is near. */
static word_t next_mapped(const struct scene *scene, word_t at)
{
    enum { PAGES = 1 << 12 };
    paddr_t unused;
    at |= PAGE_SIZE - 1;
    for (unsigned i = 0; i < PAGES && at + 1 != 0; i++, at += PAGE_SIZE)
        if (kernel_translate(scene->world, scene->chosen, at + 1, &unused)) return at + 1;
    return 0;
}

static bool is_zero(const struct scene *scene, word_t address, unsigned row_bytes)
{
    uint8_t bytes[32];
    size_t length = thread_bytes(scene->world, scene->chosen, address, bytes, row_bytes);
    for (size_t i = 0; i < length; i++)
        if (bytes[i]) return false;
    for (unsigned i = 0; i < row_bytes; i += 8)
        if (has_changed(scene, address + i, 0)) return false;
    return length == row_bytes;
}

/* Rows of zeros behind one another are one row; returns how many it is for, 0: it is none of these. */
static unsigned zeros_row(const struct scene *scene, struct sheet *s, int row, word_t at,
                          unsigned row_bytes)
{
    enum { FEW = 3, MOST = 1024 };
    unsigned rows = 0;
    while (rows < MOST && is_zero(scene, at + rows * row_bytes, row_bytes)) rows++;
    if (rows < FEW) return 0;
    int x = sheet_print(s, 1, row, LOOK_FAINT, "0x%" PRIx64, at);
    x = sheet_print(s, x, row, LOOK_FAINT, " to 0x%" PRIx64 ": zeros", at + rows * row_bytes - 1);
    sheet_spot(s, row, 1, x - 1, (struct target){ TARGET_ADDRESS, at });
    return rows;
}

void memory_draw(const struct scene *scene, struct sheet *s)
{
    unsigned row_bytes;
    word_t at = scene_memory(scene, s->area.width, &row_bytes);
    for (int row = 0; row < ROWS; row++, at += row_bytes) {
        unsigned zeros = row ? zeros_row(scene, s, row, at, row_bytes) : 0;
        if (zeros) at += (word_t)(zeros - 1) * row_bytes;
        if (zeros) continue;
        if (memory_row(scene, s, row, at, row_bytes)) continue;
        word_t next = next_mapped(scene, at);
        int x = sheet_print(s, 1, row, LOOK_FAINT, "0x%" PRIx64, at);
        if (next)
            x = sheet_print(s, x, row, LOOK_PLAIN, " to 0x%" PRIx64 ": nothing is mapped",
                            next - 1);
        else
            x = sheet_text(s, x, row, LOOK_PLAIN, " and on: nothing is mapped");
        sheet_spot(s, row, 1, x - 1, (struct target){ TARGET_ADDRESS, at });
        if (!next) return;
        at = next - row_bytes;
    }
}
