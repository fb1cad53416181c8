/* SPDX-License-Identifier: BSD-2-Clause */
/* Judging what must be, or must have happened. */
#include "lesson/predicate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/token.h"

#define AND " and "

/* printed "TEXT": how often it came over the serial line since boot, from programs. */
static bool count_printed(const struct scope *sc, const struct words *words, unsigned at,
                          size_t *found, struct problem *p)
{
    char wanted[256];
    if (at + 1 != words->count)
        return problem_set(p, "once printed \"After the syscall\"", "`printed` wants one text");
    word_unquote(words->word[at], wanted, sizeof wanted);
    *found = session_printed_count(sc->session, wanted);
    return true;
}

static bool judge_events(const struct scope *sc, const struct words *words, unsigned first,
                         size_t from, size_t *found, struct problem *p)
{
    struct watch watch;
    if (first < words->count && strcmp(words->word[first], "printed") == 0)
        return count_printed(sc, words, first + 1, found, p);
    if (!watch_parse(sc, words->word + first, words->count - first, &watch, p)) return false;
    *found = session_event_tally(sc->session, &watch, from, session_event_count(sc->session));
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
    else if (value.word > 9 && value.word <= 0xffff)
        problem_set(p, "", "%.80s is %#llx (%llu)", left, (unsigned long long)value.word,
                    (unsigned long long)value.word);
    else /* a digit is one in both, an address is not read in decimal */
        problem_set(p, "", "%.80s is %#llx", left, (unsigned long long)value.word);
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

unsigned predicate_number(const struct words *words)
{
    bool at_least = words->count > 3 && strcmp(words->word[0], "at") == 0 &&
                    strcmp(words->word[1], "least") == 0;
    unsigned number = at_least ? 2 : 0;
    bool is_times = number + 1 < words->count && strcmp(words->word[number + 1], "times") == 0;
    return is_times ? number : words->count;
}

static bool judge_times(const struct scope *sc, const struct words *words, size_t from, bool *holds,
                        struct problem *p)
{
    word_t wanted;
    size_t found;
    unsigned number = predicate_number(words);
    if (!expr_word(sc, words->word[number], &wanted, p)) return false;
    if (!judge_events(sc, words, number + 2, from, &found, p)) return false;
    *holds = number ? found >= wanted : found == wanted;
    if (!*holds) problem_set(p, "", "it happened %zu time%s", found, found == 1 ? "" : "s");
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
        if (!*holds) problem_set(p, "", "it happened %zu time%s", found, found == 1 ? "" : "s");
        return true;
    }
    if (predicate_number(words) < words->count) return judge_times(sc, words, from, holds, p);
    if (strcmp(first, "now") == 0) text = strstr(text, "now") + strlen("now");
    return judge_expression(sc, text, holds, p);
}

/* The ` and ` that ends a predicate, outside of quotes; the end of the text when none does. */
static size_t conjunct_length(const char *text)
{
    bool quoted = false;
    size_t i = 0;
    for (; text[i]; i++) {
        if (text[i] == '"') quoted = !quoted;
        if (!quoted && strncmp(text + i, AND, strlen(AND)) == 0) break;
    }
    return i;
}

static bool judge_one(const struct scope *sc, const char *text, size_t from, bool *holds,
                      struct problem *p)
{
    struct words *words = malloc(sizeof *words);
    if (!words) return problem_set(p, "", "the host has no memory left");
    bool ok = words_split(text, words, p) && judge_words(sc, words, text, from, holds, p);
    free(words);
    return ok;
}

bool predicate_first(const char *text, char one[PREDICATE_SIZE])
{
    size_t length = conjunct_length(text);
    if (length >= PREDICATE_SIZE) return false;
    memcpy(one, text, length);
    one[length] = '\0';
    return true;
}

const char *predicate_next(const char *text)
{
    size_t length = conjunct_length(text);
    return text[length] ? text + length + strlen(AND) : NULL;
}

static void prepare_one(const struct scope *sc, const char *text, size_t from)
{
    struct words *words = malloc(sizeof *words);
    struct problem unused;
    struct watch watch;
    if (words && words_split(text, words, &unused) && words->count) {
        unsigned number = predicate_number(words), at = number < words->count ? number + 2 : 1;
        bool is_counted =
            at > 1 || strcmp(words->word[0], "once") == 0 || strcmp(words->word[0], "never") == 0;
        if (is_counted && at < words->count &&
            watch_parse(sc, words->word + at, words->count - at, &watch, &unused))
            session_event_tally(sc->session, &watch, from, from);
    }
    free(words);
}

void predicate_prepare(const struct scope *sc, const char *text, size_t from)
{
    char one[PREDICATE_SIZE];
    for (; text; text = predicate_next(text))
        if (predicate_first(text, one)) prepare_one(sc, one, from);
}

bool predicate_judge(const struct scope *sc, const char *text, size_t from, bool *holds,
                     struct problem *p)
{
    char one[PREDICATE_SIZE];
    *holds = true;
    for (; text && *holds; text = predicate_next(text)) {
        if (!predicate_first(text, one)) return problem_set(p, "", "this check is too long");
        *holds = false;
        if (!judge_one(sc, one, from, holds, p)) return false;
    }
    return true;
}
