/* SPDX-License-Identifier: BSD-2-Clause */
/* Any keys, sizes and clicks on the screen: it never goes wrong, and no cell holds what a terminal would
 * obey. A byte of 128 and more is a key without a letter, but for the last three: see act(). */
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

/* 255: a size; 254: the mouse; 253: the clock. Returns how many more bytes it took; -1: the person left. */
static int act(struct screen *s, const uint8_t *data, size_t left)
{
    if (data[0] == 255 && left > 2) {
        screen_resize(s, data[1], data[2]);
        return 2;
    }
    if (data[0] == 254 && left > 2) {
        screen_mouse(s, (enum mouse)(data[1] % 3), data[1] / 3 * 2, data[2]);
        return 2;
    }
    if (data[0] == 253) {
        screen_tick(s);
        return 0;
    }
    int key = data[0] < 128 ? data[0] : KEY_NONE_ + data[0] % (KEY_F12_ - KEY_NONE_ + 1);
    return screen_key(s, key) ? 0 : -1;
}

static void play(struct screen *s, const uint8_t *data, size_t size)
{
    check(screen_draw(s));
    for (size_t i = 0, keys = 0; i < size && keys < MAX_KEYS; i++, keys++) {
        int more = act(s, data + i, size - i);
        if (more < 0) return;
        i += (size_t)more;
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
