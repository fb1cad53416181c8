/* SPDX-License-Identifier: BSD-2-Clause */
/* Judging what must be, or must have happened. */
#include "lesson/predicate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/token.h"

static size_t count_events(const struct scope *sc, const struct watch *watch, size_t from)
{
    size_t found = 0;
    for (size_t i = from; i < session_event_count(sc->session); i++)
        found += watch_matches(scope_world(sc), watch, session_event(sc->session, i));
    return found;
}

static bool judge_events(const struct scope *sc, const struct words *words, unsigned first,
                         size_t from, size_t *found, struct problem *p)
{
    struct watch watch;
    if (!watch_parse(sc, words->word + first, words->count - first, &watch, p)) return false;
    *found = count_events(sc, &watch, from);
    return true;
}

/* Fills p with the value of the left side of a comparison, so that a failure shows what was found. */
static void explain(const struct scope *sc, const char *text, struct problem *p)
{
    char left[256];
    struct value value;
    struct problem unused;
    const char *sign = strstr(text, "==");
    if (!sign) sign = strstr(text, "!=");
    size_t length = sign ? (size_t)(sign - text) : 0;
    p->tip[0] = p->text[0] = '\0';
    if (length == 0 || length >= sizeof left) return;
    snprintf(left, sizeof left, "%.*s", (int)length, text);
    while (length > 0 && left[length - 1] == ' ') left[--length] = '\0';
    if (!expr_eval(sc, left, &value, &unused)) return;
    if (value.is_text)
        problem_set(p, "", "%.80s is \"%s\"", left, value.text);
    else
        problem_set(p, "", "%.80s is %#llx (%llu)", left, (unsigned long long)value.word,
                    (unsigned long long)value.word);
}

static bool judge_expression(const struct scope *sc, const char *text, bool *holds,
                             struct problem *p)
{
    struct value value;
    if (!expr_eval(sc, text, &value, p)) return false;
    *holds = value.is_text ? value.text[0] != '\0' : value.word != 0;
    if (!*holds) explain(sc, text, p);
    return true;
}

static bool judge_times(const struct scope *sc, const struct words *words, size_t from, bool *holds,
                        struct problem *p)
{
    word_t wanted;
    size_t found;
    if (!expr_word(sc, words->word[0], &wanted, p)) return false;
    if (!judge_events(sc, words, 2, from, &found, p)) return false;
    *holds = found == wanted;
    if (!*holds) problem_set(p, "", "it happened %zu times", found);
    return true;
}

static bool judge_words(const struct scope *sc, const struct words *words, const char *text,
                        size_t from, bool *holds, struct problem *p)
{
    size_t found;
    const char *first = words->count ? words->word[0] : "";
    if (strcmp(first, "once") == 0) {
        if (!judge_events(sc, words, 1, from, &found, p)) return false;
        *holds = found > 0;
        if (!*holds) problem_set(p, "", "it has not happened");
        return true;
    }
    if (strcmp(first, "never") == 0) {
        if (!judge_events(sc, words, 1, from, &found, p)) return false;
        *holds = found == 0;
        if (!*holds) problem_set(p, "", "it happened %zu times", found);
        return true;
    }
    if (words->count > 1 && strcmp(words->word[1], "times") == 0)
        return judge_times(sc, words, from, holds, p);
    if (strcmp(first, "now") == 0) text = strstr(text, "now") + strlen("now");
    return judge_expression(sc, text, holds, p);
}

bool predicate_judge(const struct scope *sc, const char *text, size_t from, bool *holds,
                     struct problem *p)
{
    struct words *words = malloc(sizeof *words);
    if (!words) return problem_set(p, "", "the host has no memory left");
    *holds = false;
    bool ok = words_split(text, words, p) && judge_words(sc, words, text, from, holds, p);
    free(words);
    return ok;
}
