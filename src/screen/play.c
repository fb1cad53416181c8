/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine run so that one can watch: a step at each tick of the terminal's clock. Nobody ticks while it
 * is off. */
#include "screen/inside.h"

/* Milliseconds between ticks, and steps in each. */
static const struct {
    int wait;
    unsigned steps;
    const char *shown;
} speeds[] = {
    { 2000, 1, "1 step in 2 s" }, { 1000, 1, "1 step/s" },    { 500, 1, "2 steps/s" },
    { 250, 1, "4 steps/s" },      { 125, 1, "8 steps/s" },    { 62, 1, "16 steps/s" },
    { 50, 5, "100 steps/s" },     { 50, 50, "1000 steps/s" }, { 50, 500, "10,000 steps/s" },
};
enum { SPEEDS = sizeof speeds / sizeof speeds[0], FIRST = 2 };

static void write_speed(struct screen *s, FILE *out)
{
    fprintf(out, "  %s   + faster, - slower%s\n", speeds[s->speed - 1].shown,
            s->playing ? ", any other key stops" : ", r runs");
}

void act_play(struct screen *s)
{
    if (!s->speed) s->speed = FIRST + 1;
    s->playing = true;
    screen_say(s, write_speed);
}

void play_stop(struct screen *s)
{
    s->playing = false;
}

static void change_speed(struct screen *s, int way)
{
    int speed = (int)(s->speed ? s->speed : FIRST + 1) + way;
    s->speed = (unsigned)(speed < 1 ? 1 : speed > SPEEDS ? SPEEDS : speed);
    screen_say(s, write_speed);
}

void act_faster(struct screen *s)
{
    change_speed(s, 1);
}

void act_slower(struct screen *s)
{
    change_speed(s, -1);
}

int screen_wait(const struct screen *s)
{
    return s->playing ? speeds[s->speed - 1].wait : -1;
}

void screen_tick(struct screen *s)
{
    char line[24];
    if (!s->playing) return;
    struct position before = session_position(s->shell->session);
    unsigned goal = screen_goal(s);
    snprintf(line, sizeof line, "step %u", speeds[s->speed - 1].steps);
    screen_do(s, line);
    struct position now = session_position(s->shell->session);
    bool stands = now.step == before.step && now.phase == before.phase;
    if (stands || goal != screen_goal(s) || s->left || s->outcome != OUTCOME_DONE)
        s->playing = false;
    else
        s->saying = s->said.count <= 1; /* it would hide what one wants to watch */
}
