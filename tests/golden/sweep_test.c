/* SPDX-License-Identifier: BSD-2-Clause */
/* The probe's whole history, swept: back to places of every case, one by one, and forward again; wherever one
 * comes from the machine there is the same. Places are where the kernel meets a fault, an invocation or
 * a message: the first ones of each case, with FAULTLINE_SWEEP=all a thousand. */
#include "world/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "part.h"
#include "world/boot.h"

enum { CASES_MAX = 512, FEW_OF_A_CASE = 4, OF_A_CASE = 1000, LINE = 128 };

/* What is heard while the probe runs: places of each case. */
struct listener {
    char line[LINE];
    size_t length;
    struct {
        char name[LINE];
        unsigned count;
        bool faulted;
        struct position at[OF_A_CASE];
    } list[CASES_MAX];
    unsigned count;
    bool inside;
    volatile sig_atomic_t ended;
};

static void hear_line(struct listener *l)
{
    l->line[l->length] = '\0';
    l->length = 0;
    if (strncmp(l->line, "@@END", 5) == 0) l->inside = false;
    if (strncmp(l->line, "@@PROBE END", 11) == 0) l->ended = 1;
    if (strncmp(l->line, "@@BEGIN ", 8) != 0 || l->count == CASES_MAX) return;
    l->inside = true;
    strcpy(l->list[l->count++].name, l->line + 8);
}

static void hear(void *context, const struct session *s, size_t number, const struct event *e)
{
    struct listener *l = context;
    if (e->kind == EVENT_CONSOLE) {
        if ((char)e->arg[0] == '\n')
            hear_line(l);
        else if (l->length + 1 < LINE)
            l->line[l->length++] = (char)e->arg[0];
    }
    if (!l->inside || (e->kind != EVENT_FAULT && e->kind != EVENT_CALL && e->kind != EVENT_MESSAGE))
        return;
    unsigned i = l->count - 1, most = sweep_is_whole() ? OF_A_CASE : FEW_OF_A_CASE;
    bool first_fault = e->kind == EVENT_FAULT && !l->list[i].faulted;
    if (first_fault && l->list[i].count == most) l->list[i].count--; /* it stays in any case */
    l->list[i].faulted |= first_fault;
    if (l->list[i].count < most)
        l->list[i].at[l->list[i].count++] = session_event_position(s, number);
}

static size_t places(const struct listener *l, struct swept *list)
{
    size_t count = 0;
    for (unsigned i = 0; i < l->count; i++) {
        for (unsigned n = 0; n < l->list[i].count; n++) {
            struct position at = l->list[i].at[n];
            if (count && list[count - 1].at.step == at.step && list[count - 1].at.phase == at.phase)
                continue;
            if (sweep_is_whole() || part_has(i + n)) list[count++] = (struct swept){ .at = at };
        }
    }
    return count;
}

static void every_case_is_the_same_backwards_and_forwards(void **state)
{
    struct problem p;
    struct listener *l = calloc(1, sizeof *l);
    struct swept *list = calloc(CASES_MAX * OF_A_CASE, sizeof *list);
    assert_true(l && list);
    struct session *s = session_open(&kernel_config_default, BOOT_MEMORY_SIZE, &p);
    assert_non_null(s);
    (void)state;
    if (!session_boot_image(s, FAULTLINE_BUILD "/tests/golden/probe-nonmcs.elf", &p))
        fail_msg("%s", p.text);
    session_events_tap(s, hear, l);
    session_interrupt_flag(s, &l->ended); /* behind its end the timer goes on */
    session_run(s, NULL);
    session_interrupt_flag(s, NULL);
    assert_true(l->ended);
    size_t count = places(l, list);
    assert_in_range(count, part_of(l->count), CASES_MAX * OF_A_CASE);
    sweep_places(s, list, count);
    print_message("%zu places of %u cases, %zu events\n", count, l->count, session_event_count(s));
    session_close(s);
    free(list);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_the_same_backwards_and_forwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
