/* SPDX-License-Identifier: BSD-2-Clause */
/* Any keys and sizes on the screen: it never goes wrong, and no cell holds what a terminal would obey. A
 * byte of 128 and more is a key without a letter, but 255: then two bytes are a size. */
#include <stdlib.h>

#include "screen/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 16 << 20, MAX_STEPS = 20000, MAX_KEYS = 300 };

static void check(const struct grid *g)
{
    for (int i = 0; i < g->columns * g->rows; i++) {
        uint32_t c = g->cell[i].c;
        if (c < ' ' || (c >= 0x7f && c < 0xa0)) abort();
    }
}

static void play(struct screen *s, const uint8_t *data, size_t size)
{
    check(screen_draw(s));
    for (size_t i = 0, keys = 0; i < size && keys < MAX_KEYS; i++, keys++) {
        if (data[i] == 255 && i + 2 < size) {
            screen_resize(s, data[i + 1], data[i + 2]);
            i += 2;
        } else if (!screen_key(s, data[i] < 128 ? data[i] : KEY_NONE_ + data[i] % 27)) {
            return;
        }
        check(screen_draw(s));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem p;
    struct shell sh = { .out = stdout, .err = stderr, .width = 80, .top = "", .typed = true };
    sh.session = session_open(&kernel_config_default, MEMORY, &p);
    if (!sh.session || !session_boot_prompt(sh.session, &p)) abort();
    session_limit(sh.session, MAX_STEPS);
    struct screen *s = screen_open(&sh, 80, 24);
    if (!s) abort();
    play(s, data, size);
    screen_close(s);
    session_close(sh.session);
    return 0;
}
