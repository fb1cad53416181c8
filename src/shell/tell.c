/* SPDX-License-Identifier: BSD-2-Clause */
/* How a line's work is told: the call of libsel4 that it stands for, what it brought, and the story of what
 * happened. A verb says at most four lines. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "shell/commands.h"

enum { LINES_MAX = 4, FAULT_LINES = 3 };

/* What is left for the story; what becomes of a thread that faulted is not left out. */
static unsigned story_lines(const struct stop *stop, unsigned used)
{
    unsigned least = stop->kind == STOP_FAULTED ? FAULT_LINES : 1;
    return used + least < LINES_MAX ? LINES_MAX - used : least;
}

struct view shell_view(const struct shell *sh)
{
    return (struct view){ .session = sh->session,
                          .out = sh->out,
                          .width = sh->width,
                          .colour = sh->colour,
                          .ascii = sh->ascii,
                          .plain = sh->plain };
}

void shell_say(const struct shell *sh, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(sh->out, "%s\n", line + (sh->plain ? strspn(line, " ") : 0));
}

/* A view that writes into memory, so that lines can be counted before they are shown. */
struct page {
    struct view view;
    char *text;
    size_t size;
};

static bool page_open(struct page *page, const struct shell *sh)
{
    *page = (struct page){ .view = shell_view(sh) };
    page->view.out = open_memstream(&page->text, &page->size);
    return page->view.out;
}

/* Shows the page; how many lines it had. */
static unsigned page_show(struct page *page, struct shell *sh)
{
    unsigned lines = 0;
    fclose(page->view.out);
    for (size_t i = 0; i < page->size; i++) lines += page->text[i] == '\n';
    if (!sh->silent) fwrite(page->text, 1, page->size, sh->out);
    free(page->text);
    return lines;
}

static enum outcome outcome_of(const struct stop *stop)
{
    if (stop->kind == STOP_LIMIT) return OUTCOME_LIMIT;
    if (stop->kind == STOP_INTERRUPTED) return OUTCOME_INTERRUPTED;
    return OUTCOME_DONE;
}

/* The kernel's lines since the command began, the story since `from`, which may be earlier. */
static enum outcome tell_since(struct shell *sh, const struct stop *stop, size_t from,
                               unsigned lines, unsigned *told)
{
    struct page page;
    if (!page_open(&page, sh)) return OUTCOME_FAILED;
    view_serial(&page.view, sh->from);
    view_story(&page.view, from, stop, story_lines(stop, lines));
    *told = page_show(&page, sh);
    return outcome_of(stop);
}

enum outcome tell_story(struct shell *sh, const struct stop *stop, unsigned lines)
{
    unsigned told;
    return tell_since(sh, stop, sh->from, lines, &told);
}

bool event_is_notable(const struct event *e)
{
    switch (e->kind) {
    case EVENT_FAULT:
    case EVENT_DOUBLE_FAULT:
    case EVENT_CALL:
    case EVENT_ERROR:
    case EVENT_MESSAGE:
    case EVENT_REPLY:
    case EVENT_REPLY_NOBODY:
    case EVENT_SIGNAL:
    case EVENT_SWITCH:
    case EVENT_HALT: return true;
    default: return false;
    }
}

/* Where the last kernel entry began. */
static size_t entry_begin(const struct session *s)
{
    size_t i = session_event_count(s), first = session_first_event(s);
    while (i > first && session_event(s, i - 1)->kind != EVENT_TRAP) i--;
    return i > first ? i - 1 : first;
}

/* A step of which there is no story: the last of its events that matters, else where it led. */
static void tell_passed(struct shell *sh, size_t from)
{
    struct view v = shell_view(sh);
    size_t end = session_event_count(sh->session), i = end;
    while (i > from && !event_is_notable(session_event(sh->session, i - 1))) i--;
    if (i == from) /* a call as seL4_Yield: that the kernel was entered is all */
        for (i = end; i > from && session_event(sh->session, i - 1)->kind != EVENT_TRAP;) i--;
    if (i > from)
        view_event(&v, session_event(sh->session, i - 1));
    else
        shell_say(sh, "  @%llu", (unsigned long long)session_position(sh->session).step);
}

enum outcome tell_step(struct shell *sh, const struct stop *stop, bool was_inside, bool was_past)
{
    unsigned told;
    bool inside = session_phase(sh->session, NULL, NULL);
    bool left = was_inside && !inside;
    size_t from = left ? entry_begin(sh->session) : sh->from;
    enum outcome outcome = tell_since(sh, stop, from, 1, &told);
    bool silent = told == 0 && stop->kind == STOP_DONE && !inside && !sh->silent;
    if (silent && (left || was_past)) tell_passed(sh, from);
    return outcome;
}

/* Echo of the words that a message carries, so that they could be pasted, too. */
static void echo_words(const struct view *v, const struct message *m)
{
    if (!m->has_words || m->word_count == 0) return;
    if (m->word_count > 3) {
        view_line(v, "  seL4_SetMR(0, %#llx) … seL4_SetMR(%u, %#llx)",
                  (unsigned long long)m->word[0], m->word_count - 1,
                  (unsigned long long)m->word[m->word_count - 1]);
        return;
    }
    char line[200] = "";
    for (unsigned i = 0; i < m->word_count; i++) {
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, " seL4_SetMR(%u, %#llx);", i,
                 (unsigned long long)m->word[i]);
    }
    view_line(v, " %s", line);
}

/* What stands behind the echo of a call: the result of an invocation. A refusal has lines of its own. */
static const char *call_suffix(const struct call *call, const struct stop *stop,
                               const struct call_result *r, char text[64])
{
    text[0] = '\0';
    if (stop->kind != STOP_DONE) return text;
    if (call->invocation && r->error == SEL4_NoError)
        snprintf(text, 64, "  =  %s", error_table[SEL4_NoError].name);
    if (call->syscall && call->syscall->id == SYS_DebugCapIdentify)
        snprintf(text, 64, "  =  %llu (%s)", (unsigned long long)r->word[0],
                 cap_type_name((enum cap_type)r->word[0]));
    return text;
}

/* The words that an invocation brought: "  paddr = 0x…". */
static void show_results(const struct view *v, const struct call *call, const struct call_result *r)
{
    struct parameter p[CALL_ARGS_MAX];
    if (!call->invocation || r->error != SEL4_NoError) return;
    unsigned count = parameters_of(call->invocation->results, p);
    for (unsigned i = 0; i < count && i < r->word_count; i++)
        if (strcmp(p[i].type, "seL4_UserContext") != 0)
            view_line(v, "  %s = %#llx", p[i].name, (unsigned long long)r->word[i]);
}

/* The missing page table is what everybody meets first with Page_Map: its remedy in words to type. */
static bool tip_for_map(struct shell *sh, const struct call *call, const struct call_result *r)
{
    if (!call->invocation || r->error != SEL4_FailedLookup) return false;
    if (strcmp(call->invocation->label, "X86PageMap") != 0) return false;
    char name[64] = "VSPACE";
    paddr_t slot;
    struct lookup_failure failure = kernel_lookup_slot(
        session_world_at(sh->session), session_seat(sh->session), call->arg[0], &slot);
    if (failure.type == LOOKUP_OK) view_slot_name(sh->session, slot, name, sizeof name);
    struct scope sc = scope_of_seat(sh->session);
    struct problem unused;
    word_t own;
    if (scope_own(&sc, "vspace", &own, &unused) && own == call->arg[0]) strcpy(name, "vspace");
    if (sh->silent) return true;
    shell_say(sh, "  seL4_FailedLookup: a page table is missing for %#llx.",
              (unsigned long long)call->arg[1]);
    shell_say(sh, "  tip: `tables %s %#llx` makes and maps what is missing", name,
              (unsigned long long)call->arg[1]);
    return true;
}

void tell_result(struct shell *sh, const struct call *call, const struct call_result *r)
{
    const struct stop stop = { .kind = STOP_DONE };
    struct view v = shell_view(sh);
    char suffix[64];
    if (sh->silent) return;
    view_call(&v, call, call_suffix(call, &stop, r, suffix));
    show_results(&v, call, r);
    if (r->error != SEL4_NoError && !tip_for_map(sh, call, r)) view_error(&v, call, r);
}

/* An endpoint takes whatever is invoked on it for a message. Nothing of the kernel's says so. */
static void tell_misled(const struct view *v, const struct call *call, paddr_t seat)
{
    char name[64] = "";
    paddr_t slot = 0;
    const struct world *w = session_world_at(v->session);
    if (!call->invocation || kernel_lookup_slot(w, seat, call->service, &slot).type != LOOKUP_OK)
        return;
    if (cap_type(cte_at(w, slot)->cap) != CAP_ENDPOINT) return;
    view_slot_name(v->session, slot, name, sizeof name);
    view_line(v, "  %s is an endpoint: the call went there as a message. tip: `undo`", name);
}

enum outcome tell_call(struct shell *sh, const struct call *call, const struct message *m,
                       const struct stop *stop, const struct call_result *r)
{
    struct page page;
    char suffix[64];
    if (!page_open(&page, sh)) return OUTCOME_FAILED;
    if (m) echo_words(&page.view, m);
    view_call(&page.view, call, call_suffix(call, stop, r, suffix));
    if (stop->kind == STOP_DONE) show_results(&page.view, call, r);
    unsigned lines = page_show(&page, sh);
    bool refused = call->invocation && stop->kind == STOP_DONE && r->error != SEL4_NoError;
    if (!page_open(&page, sh)) return OUTCOME_FAILED;
    view_serial(&page.view, sh->from);
    if (refused && !tip_for_map(sh, call, r)) view_error(&page.view, call, r);
    if (!refused) view_story(&page.view, sh->from, stop, story_lines(stop, lines));
    if (stop->kind != STOP_PHASE) tell_misled(&page.view, call, session_seat(sh->session));
    page_show(&page, sh);
    return outcome_of(stop);
}
