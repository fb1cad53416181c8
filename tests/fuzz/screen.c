/* SPDX-License-Identifier: BSD-2-Clause */
/* Any keys, sizes and clicks on the screen: it never goes wrong, and no cell holds what a terminal would
 * obey. The first byte says how far the machine has come; a byte of 128 and more is a key without a letter, one
 * of 208 and more a line, but for the last three: see act(). */
#include <stdlib.h>

#include "screen/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 16 << 20, MAX_STEPS = 20000, MAX_KEYS = 300 };

/* Lines on the way to a machine that has threads, queues, faults, phases and prints to show. */
static const char *const lines[] = {
    "new endpoint ep",
    "new notification n",
    "new thread t",
    "new thread u",
    "mint ep t_cspace/1 badge 5",
    "setspace t fault_ep 1",
    "as t",
    "read 0x10000000",
    "as rootserver",
    "recv ep",
    "slowly reply",
    "as u",
    "send n_ep length 3",
    "call ep length 20",
    "as rootserver",
    "slowly recv ep",
    "new frame page",
    "map page 0x10000000",
    "signal n",
    "revoke ep",
    "delete t",
    "asm \"mov r15, 300; mov rdi, 27; mov rdx, -9; syscall; dec r15; jnz 0x7ff007\"",
    "asm \"jmp 0x7ff000\"",
    "new cnode c 4",
    "move c 30",
    "break fault",
    "continue",
    "goto 1",
    "goto now",
    "timeline all",
    "explain @3",
    "help",
    "threads",
    "layout lesson",
    "layout code",
    "layout caps",
    "undo",
    "undo 3",
    "lost",
    "compare",
    "draw",
    "lesson 1",
    "reset reset",
};
enum { LINES = sizeof lines / sizeof lines[0] };

static void check(const struct grid *g)
{
    for (int i = 0; i < g->columns * g->rows; i++) {
        uint32_t c = g->cell[i].c;
        if (c < ' ' || (c >= 0x7f && c < 0xa0)) abort();
    }
}

static int type(struct screen *s, const char *line)
{
    if (!screen_key(s, KEY_ESC_) || !screen_key(s, ':')) return -1;
    for (; *line; line++)
        if (!screen_key(s, (unsigned char)*line)) return -1;
    return screen_key(s, KEY_ENTER_) ? 0 : -1;
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
    if (data[0] >= 208 && data[0] - 208 < LINES) return type(s, lines[data[0] - 208]);
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
    for (size_t i = 0; size && i < data[0] % LINES; i++) type(s, lines[i]);
    if (size) play(s, data + 1, size - 1);
    screen_close(s);
    session_close(sh.session);
    return 0;
}
