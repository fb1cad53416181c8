/* SPDX-License-Identifier: BSD-2-Clause */
/* What came over the serial line: "kernel| " before the real kernel's prints, "console| " before what
 * programs print. Whole lines; the stack dump of a double fault is folded into one. */
#include <string.h>

#include "view/internal.h"

struct serial {
    const struct view *v;
    const char *voice; /* of the line being gathered */
    char line[TEXT_SIZE * 2];
    size_t length;
    bool in_stack; /* inside a stack dump */
    unsigned stack_words;
    char stack_from[32];
};

static const char *kernel_voice(const struct view *v)
{
    return v->plain ? "kernel: " : "kernel| ";
}

static void stack_end(struct serial *s)
{
    if (s->in_stack && s->stack_words)
        fprintf(s->v->out, "%sWith stack: %u words from %s\n", kernel_voice(s->v), s->stack_words,
                s->stack_from);
    else if (s->in_stack)
        fprintf(s->v->out, "%sWith stack:\n", kernel_voice(s->v));
    s->in_stack = false;
}

/* Whether a line belongs to the dump that goes on: "0x4eaf00: 0x0". */
static bool stack_takes(struct serial *s)
{
    if (!s->in_stack || strncmp(s->line, "0x", 2) != 0 || !strchr(s->line, ':')) return false;
    if (s->stack_words++ == 0)
        snprintf(s->stack_from, sizeof s->stack_from, "%.*s",
                 (int)(strcspn(s->line, ":") < 30 ? strcspn(s->line, ":") : 30), s->line);
    return true;
}

/* The kernel's table of threads has a column of 40 for names: too wide for a terminal of 80 behind our
 * voice. Half of it is left out in each line where it holds nothing but one character. */
static void squeeze(struct serial *s)
{
    enum { WIDE = 71, FROM = 20, TO = 39 };
    if (s->length < WIDE || (s->line[FROM] != ' ' && s->line[FROM] != '-')) return;
    for (size_t i = FROM; i < TO; i++)
        if (s->line[i] != s->line[FROM]) return;
    memmove(s->line + FROM, s->line + TO, s->length - TO + 1);
    s->length -= TO - FROM;
}

static void line_end(struct serial *s)
{
    s->line[s->length] = '\0';
    bool kernel = s->voice && s->voice[0] == 'k';
    if (kernel && stack_takes(s)) {
        s->length = 0;
        return;
    }
    stack_end(s);
    if (kernel && strcmp(s->line, "With stack:") == 0) {
        s->in_stack = true;
        s->stack_words = 0;
    } else if (s->voice) {
        if (kernel) squeeze(s);
        fputs(s->voice, s->v->out);
        view_sanitise(s->v->out, s->line, s->length);
        fputc('\n', s->v->out);
    }
    s->length = 0;
}

static void say(struct serial *s, const char *voice, char c)
{
    if (s->length && s->voice != voice) line_end(s);
    s->voice = voice;
    if (c == '\n') {
        line_end(s);
        return;
    }
    if (c == '\r') return;
    if (s->length + 1 == sizeof s->line) line_end(s);
    s->line[s->length++] = c;
}

void view_serial(const struct view *v, size_t from_event)
{
    const char *kernel = kernel_voice(v), *console = v->plain ? "console: " : "console| ";
    struct serial s = { .v = v };
    size_t count = session_event_count(v->session);
    for (size_t i = from_event; i < count; i++) {
        const struct event *e = session_event(v->session, i);
        if (e->kind == EVENT_CONSOLE) say(&s, console, (char)e->arg[0]);
        if (e->kind == EVENT_KERNEL_PRINT && e->text)
            for (const char *c = e->text; *c; c++) say(&s, kernel, *c);
    }
    if (s.length) line_end(&s);
    stack_end(&s);
}
