/* SPDX-License-Identifier: BSD-2-Clause */
/* Explanations: the rule behind an event or an error, where to read about it, what to try. Rows stand
 * in explain.def; which event a person means is the most telling one of the last command. */
#include "view/explain.h"

#include <ctype.h>
#include <string.h>

#include "view/internal.h"

enum { NO_EVENT = EVENT_KIND_COUNT };

static const struct explanation explanations[] = {
#define EXPLAIN(word, also, event, detail, title, fact, tip, function, manual)                     \
    { word, also, event, detail, title, fact, tip, function, manual },
#include "view/explain.def"
#undef EXPLAIN
};

const struct explanation *explanation_at(size_t i)
{
    return i < sizeof explanations / sizeof explanations[0] ? &explanations[i] : NULL;
}

/* ---- By event ---- */

bool deletion_answers(const struct session *s, size_t i)
{
    while (i-- > 0 && session_event_is_held(s, i)) {
        const struct event *e = session_event(s, i);
        if (e->kind == EVENT_CALL) return e->arg[3] == CAP_REPLY;
        if (e->kind == EVENT_LOOKUP) return false;
        if (e->kind == EVENT_TRAP) break;
    }
    return true;
}

static const struct explanation *find_row(enum event_kind kind, word_t detail)
{
    for (size_t i = 0; explanation_at(i); i++) {
        const struct explanation *row = &explanations[i];
        if (row->event == kind && (!row->detail || row->detail == detail)) return row;
    }
    return NULL;
}

const struct explanation *explanation_of(const struct event *e)
{
    return find_row(e->kind, e->kind == EVENT_CAP_DELETE ? 0 : e->arg[0]);
}

static const struct explanation *row_called(const char *word)
{
    size_t i = 0;
    while (explanation_at(i) && strcmp(explanations[i].word, word) != 0) i++;
    return explanation_at(i);
}

const struct explanation *explanation_in(const struct session *s, size_t i)
{
    const struct event *e = session_event(s, i);
    struct unfit unfit;
    if (e->kind == EVENT_FAULT && view_fault_unfit(s, i, &unfit) && unfit.bound_elsewhere)
        return row_called("bound-recv");
    if (e->kind != EVENT_CAP_DELETE) return explanation_of(e);
    if (e->arg[1] == CAP_REPLY && deletion_answers(s, i)) return find_row(e->kind, REPLY_USED_UP);
    bool from_caller_slot = e->arg[0] == tcb_slot(e->thread, TCB_CALLER);
    return from_caller_slot ? find_row(e->kind, e->arg[1]) : explanation_of(e);
}

/* The most telling kinds first. */
static const enum event_kind telling[] = {
    EVENT_DOUBLE_FAULT, EVENT_FAULT,         EVENT_ERROR,   EVENT_REPLY_NOBODY,  EVENT_WRITE_BACK,
    EVENT_REPLY,        EVENT_CAP_DELETE,    EVENT_SIGNAL,  EVENT_CAP_TRANSFER,  EVENT_MESSAGE,
    EVENT_QUEUE,        EVENT_OBJECT_CREATE, EVENT_MAP,     EVENT_UNMAP,         EVENT_CAP_MOVE,
    EVENT_CAP_INSERT,   EVENT_HALT,          EVENT_PREEMPT, EVENT_LOOKUP_FAILED, EVENT_SWITCH,
    EVENT_LOOKUP,       EVENT_TRAP,
};

/* How telling a kind is: 0 is the most, KINDS not at all. */
enum { KINDS = sizeof telling / sizeof telling[0] };

static size_t rank_of(enum event_kind kind)
{
    size_t rank = 0;
    while (rank < KINDS && telling[rank] != kind) rank++;
    return rank;
}

size_t event_just_shown(const struct session *s)
{
    size_t best = EVENT_NONE, best_rank = KINDS - 1, count = session_event_count(s);
    unsigned phases;
    struct event shown;
    if (session_phase(s, &phases, &shown) && count > 0) return count - 1;
    for (size_t i = session_command_events(s); i < count; i++) {
        size_t rank = rank_of(session_event(s, i)->kind);
        if (rank > best_rank) continue;
        best = i;
        best_rank = rank;
    }
    return best;
}

size_t event_at_position(const struct session *s, size_t first, struct position at)
{
    size_t best = EVENT_NONE, best_rank = KINDS, known = session_events_known(s);
    if (first >= known || !session_event_hold(s, first)) return EVENT_NONE;
    for (size_t i = first; i < known && session_event_is_held(s, i); i++) {
        struct position here = session_event_position(s, i);
        enum event_kind kind = session_event(s, i)->kind;
        if (here.step != at.step) break;
        bool begins = here.phase == at.phase && event_table[kind].phase;
        if (at.phase && begins) return i;
        if (at.phase || rank_of(kind) >= best_rank) continue;
        best = i;
        best_rank = rank_of(kind);
    }
    return best;
}

/* ---- By word ---- */

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static bool begins(const char *text, const char *word)
{
    while (*word && same_letter(*text, *word)) text++, word++;
    return !*word;
}

static bool is_word(const char *text, const char *word)
{
    return strlen(text) == strlen(word) && begins(text, word);
}

/* Whether a word, or the beginning of one, stands in a text. */
static bool speaks_of(const char *text, const char *word)
{
    for (const char *at = text; *at; at++) {
        bool starts = at == text || !isalnum((unsigned char)at[-1]);
        if (starts && begins(at, word)) return true;
    }
    return false;
}

/* 0: not at all; 1: somewhere in the sentences; 2: among the row's own words. */
static unsigned row_speaks_of(const struct explanation *row, const char *word)
{
    if (speaks_of(row->word, word) || speaks_of(row->also, word)) return 2;
    return speaks_of(row->title, word) || speaks_of(row->fact, word);
}

static unsigned find_grade(char *const *word, unsigned count, unsigned grade,
                           const struct explanation **list, unsigned max)
{
    unsigned found = 0;
    for (size_t i = 0; explanation_at(i); i++) {
        bool all = count > 0;
        for (unsigned j = 0; j < count; j++)
            all &= row_speaks_of(&explanations[i], word[j]) >= grade;
        if (!all) continue;
        if (found < max) list[found] = &explanations[i];
        found++;
    }
    return found;
}

/* seL4_InvalidArgument is InvalidArgument. */
static const char *plain(const char *word)
{
    return strncmp(word, "seL4_", 5) == 0 ? word + 5 : word;
}

unsigned explanations_find(char *const *word, unsigned count, const struct explanation **list,
                           unsigned max)
{
    enum { WORDS = 8 };
    char *given[WORDS];
    if (count > WORDS) count = WORDS;
    for (unsigned i = 0; i < count; i++) given[i] = (char *)(uintptr_t)plain(word[i]);
    for (size_t i = 0; count == 1 && explanation_at(i); i++)
        if (is_word(explanations[i].word, given[0])) return list[0] = &explanations[i], 1;
    unsigned found = find_grade(given, count, 2, list, max);
    return found ? found : find_grade(given, count, 1, list, max);
}

/* ---- Shown ---- */

void view_explanation(const struct view *v, const struct explanation *row, const struct event *e,
                      size_t i)
{
    char what[2 * TEXT_SIZE];
    struct unfit unfit;
    const struct event_desc *event =
        row->event < EVENT_KIND_COUNT ? &event_table[row->event] : NULL;
    snprintf(what, sizeof what, "%s", row->title);
    if (e) event_text(v->session, e, what, sizeof what);
    text_add(what, sizeof what, ".");
    view_text(v, what, INDENT, INDENT, 2);
    if (e && view_fault_unfit(v->session, i, &unfit)) {
        snprintf(what, sizeof what, "It could not receive: %s.", unfit.text);
        view_text(v, what, INDENT, INDENT, 2);
    }
    view_text(v, row->fact, INDENT, INDENT, 2);
    if (*row->tip) view_line(v, "  try: %s", row->tip);
    view_line(v, "  read: %s; manual: %s",
              *row->function || !event ? row->function : event->kernel_function,
              *row->manual || !event ? row->manual : event->manual);
}

void view_explanation_line(const struct view *v, const struct explanation *row)
{
    view_pair(v, row->word, 18, row->title, 2);
}
