/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen without a terminal: how soon a key is answered, drawing included, when the machine has many
 * threads. */
#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "screen/screen.h"
#include "shell/play.h"
#include "world/session.h"

enum { STEPS = 2000000, MEMORY = 64 << 20, COLUMNS = 120, ROWS = 40, ROUNDS = 5 };

/* The guest's threads all wait at one endpoint by then. */
static bool has_threads(struct session *s, struct problem *p)
{
    if (!session_boot_image(s, FAULTLINE_BUILD "/tests/bench/kernel/crowd_1000.elf", p))
        return false;
    session_limit(s, STEPS);
    session_run(s, NULL);
    session_limit(s, 0);
    return true;
}

/* Through every layout, panes, lists, and a step of the machine forwards and backwards. */
static double worst_key(struct screen *s)
{
    static const int keys[] = { KEY_F1_ + 1,    KEY_F1_ + 2, KEY_F1_ + 3,
                                KEY_F1_ + 4,    KEY_TAB_,    KEY_DOWN_,
                                KEY_PAGE_DOWN_, KEY_END_,    KEY_UP_,
                                KEY_HOME_,      's',         'b',
                                KEY_TAB_,       KEY_DOWN_,   KEY_ESC_ };
    double worst = 0;
    for (unsigned i = 0; i < ROUNDS * (sizeof keys / sizeof keys[0]); i++) {
        double start = seconds_now();
        screen_key(s, keys[i % (sizeof keys / sizeof keys[0])]);
        screen_draw(s);
        double took = (seconds_now() - start) * 1e3;
        if (took > worst) worst = took;
    }
    return worst;
}

/* Lesson 1 after some two million steps in which the same fault is answered with nothing. */
static void answer_for_long(struct play *p)
{
    static const char *const line[] = {
        "mint fault_ep faulter_cspace/fault badge BADGE",
        "as handler",
        "recv fault_ep",
        "as faulter",
        "read 0x10000000",
        "as handler",
        "asm \"mov r12, 250000; mov rdi, 1; xor esi, esi; mov rdx, -2; syscall; dec r12; jnz "
        "0x7ff007\"",
    };
    for (unsigned i = 0; i < sizeof line / sizeof line[0]; i++) shell_line(&p->shell, line[i]);
}

static void measure_long_run(void)
{
    struct play p;
    struct problem problem;
    if (!play_begin(&p, "lessons/01-first-fault", NULL, &problem)) {
        fprintf(stderr, "screen: %s\n", problem.text);
        return;
    }
    answer_for_long(&p);
    struct screen *s = screen_open(&p.shell, COLUMNS, ROWS);
    screen_draw(s);
    figure("key_after_long_run_ms", worst_key(s), "ms", "30");
    screen_close(s);
    play_end(&p);
}

void measure_screen(void)
{
    measure_long_run();
    struct problem p;
    FILE *nowhere = fopen("/dev/null", "w");
    struct session *session = session_open(&kernel_config_default, MEMORY, &p);
    struct shell sh = {
        .session = session, .out = nowhere, .err = nowhere, .width = 80, .top = ""
    };
    if (session && has_threads(session, &p)) {
        struct screen *s = screen_open(&sh, COLUMNS, ROWS);
        screen_draw(s);
        figure("screen_key_with_1000_threads_worst", worst_key(s), "ms", "30");
        screen_close(s);
    } else {
        fprintf(stderr, "screen: %s\n", p.text);
    }
    if (session) session_close(session);
    fclose(nowhere);
}
