/* SPDX-License-Identifier: BSD-2-Clause */
/* Quiz questions: chance from the seed, a machine for each, answers compared. */
#include "shell/quiz_inside.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lesson/expr.h"

#define QUIZ_MEMORY (UINT64_C(64) << 20)

enum { QUIZ_STEPS = 200000, QUIZ_TRIES = 8 };

/* splitmix64: every number of a seed is as good as the next one. */
static uint64_t mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

word_t quiz_chance(struct quiz *q, word_t count)
{
    return mix(&q->chance) % count;
}

word_t quiz_between(struct quiz *q, word_t low, word_t high)
{
    return low + quiz_chance(q, high - low + 1);
}

const struct world *quiz_world(const struct quiz *q)
{
    return session_world_at(q->shell.session);
}

void quiz_do(struct quiz *q, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (shell_line(&q->shell, line) != OUTCOME_DONE) q->failed = true;
}

void quiz_say(struct quiz *q, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(q->text, format, args);
    va_end(args);
}

void quiz_answer(struct quiz *q, const char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(q->question->answer, sizeof q->question->answer, format, args);
    va_end(args);
    snprintf(q->question->why, sizeof q->question->why, "%s", why);
}

/* ---- Making ---- */

const char *quiz_kind_name(unsigned i)
{
    return quiz_kinds[i].name;
}

static const struct quiz_kind *choose_kind(struct quiz *q, const char *name)
{
    unsigned count = 0;
    for (; quiz_kinds[count].name; count++)
        if (name && strcmp(quiz_kinds[count].name, name) == 0) return &quiz_kinds[count];
    return &quiz_kinds[quiz_chance(q, count)];
}

static bool open_machine(struct quiz *q)
{
    struct problem p;
    q->shell.session = session_open(&kernel_config_default, QUIZ_MEMORY, &p);
    if (!q->shell.session) return false;
    session_limit(q->shell.session, QUIZ_STEPS);
    return session_boot_prompt(q->shell.session, &p);
}

/* One try: false when a command of it was refused, which chance can bring about. */
static bool try_question(struct quiz *q, const char *kind)
{
    char *unheard, *text;
    size_t unheard_size, size;
    FILE *nowhere = open_memstream(&unheard, &unheard_size);
    q->text = open_memstream(&text, &size);
    if (!nowhere || !q->text) abort();
    q->shell =
        (struct shell){ .out = nowhere, .err = nowhere, .width = 80, .top = "", .silent = true };
    q->failed = !open_machine(q);
    if (!q->failed) {
        const struct quiz_kind *k = choose_kind(q, kind);
        q->question->kind = k->name;
        k->make(q);
    }
    if (q->shell.session) session_close(q->shell.session);
    fclose(q->text);
    fclose(nowhere);
    snprintf(q->question->text, sizeof q->question->text, "%s", text);
    free(text);
    free(unheard);
    return !q->failed && q->question->answer[0];
}

bool quiz_make(uint64_t seed, unsigned number, const char *kind, struct quiz_question *question)
{
    uint64_t state = seed;
    struct quiz q = { .question = question };
    q.chance = mix(&state) ^ number * UINT64_C(0xd6e8feb86659fd93);
    for (unsigned i = 0; i < QUIZ_TRIES; i++) {
        *question = (struct quiz_question){ .kind = "" };
        if (try_question(&q, kind)) return true;
    }
    return false;
}

/* ---- Answers ---- */

/* A text without blanks around it. */
static void trim(const char *text, char *out, size_t size)
{
    while (isspace((unsigned char)*text)) text++;
    snprintf(out, size, "%s", text);
    for (size_t n = strlen(out); n > 0 && isspace((unsigned char)out[n - 1]);) out[--n] = '\0';
}

bool quiz_is_right(const struct quiz_question *q, const char *answer)
{
    char given[QUIZ_ANSWER];
    word_t wanted, value;
    const char *end;
    struct problem unused;
    if (strncmp(answer, "seL4_", 5) == 0) answer += 5;
    trim(answer, given, sizeof given);
    if (strcasecmp(given, q->answer) == 0) return true;
    return number_read(q->answer, &end, &wanted, &unused) && !*end &&
           number_read(given, &end, &value, &unused) && !*end && wanted == value;
}
