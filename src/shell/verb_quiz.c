/* SPDX-License-Identifier: BSD-2-Clause */
/* `quiz` at the prompt, and `faultline quiz` without one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shell/commands.h"
#include "shell/quiz_main.h"

typedef unsigned long long number;

static bool is_kind(const char *name)
{
    for (unsigned i = 0; quiz_kind_name(i); i++)
        if (strcmp(quiz_kind_name(i), name) == 0) return true;
    return false;
}

static void list_kinds(char *text, size_t size)
{
    text[0] = '\0';
    for (unsigned i = 0; quiz_kind_name(i); i++) {
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%s", i ? ", " : "", quiz_kind_name(i));
    }
}

/* ---- At the prompt ---- */

static void say_indented(FILE *out, const char *text)
{
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, "\n");
        fprintf(out, "  %.*s\n", (int)n, at);
        at += n + (at[n] == '\n');
    }
}

uint64_t quiz_seed(const struct shell *sh)
{
    enum { SEEDS = 1000000 };
    return sh->quiz.number || sh->started <= 0 ? sh->quiz.seed : (uint64_t)sh->started % SEEDS;
}

enum outcome verb_quiz(struct shell *sh, struct args *a)
{
    struct quiz_question q;
    word_t seed = quiz_seed(sh);
    const char *kind =
        arg_more(a) && !arg_key(a, "seed") && is_kind(a->word[a->at]) ? a->word[a->at++] : NULL;
    bool has_seed = (a->at && strcmp(a->word[a->at - 1], "seed") == 0) || arg_key(a, "seed");
    if (has_seed && !arg_word(a, "a seed", &seed)) return OUTCOME_FAILED;
    if (!arg_end(a)) return OUTCOME_FAILED;
    if (has_seed || !sh->quiz.number) sh->quiz.number = 0;
    sh->quiz.seed = seed;
    if (!quiz_make(seed, ++sh->quiz.number, kind, &q)) {
        problem_set(&a->problem, "`quiz` makes another one", "that became no question");
        return OUTCOME_FAILED;
    }
    snprintf(sh->quiz.kind, sizeof sh->quiz.kind, "%s", kind ? kind : "");
    sh->quiz.open = true;
    shell_say(sh, "  Question %u of seed %llu:", sh->quiz.number, (number)seed);
    say_indented(sh->out, q.text);
    shell_say(sh, "  `answer …`");
    return OUTCOME_DONE;
}

/* `answer` while a question of the quiz is open. */
bool quiz_answered(struct shell *sh, const char *text)
{
    struct quiz_question q;
    if (!sh->quiz.open) return false;
    sh->quiz.open = false;
    if (!quiz_make(sh->quiz.seed, sh->quiz.number, *sh->quiz.kind ? sh->quiz.kind : NULL, &q))
        return false;
    bool right = quiz_is_right(&q, text);
    sh->quiz.right += right;
    shell_say(sh, right ? "  Right: %s." : "  No: it is %s.", q.answer);
    lesson_fill(NULL, sh->out, "", q.why);
    shell_say(sh, "  %u of %u. `quiz` asks the next one, `quiz seed N` begins another series.",
              sh->quiz.right, ++sh->quiz.asked);
    return true;
}

/* ---- Without a prompt ---- */

struct options {
    uint64_t seed;
    unsigned count;
    const char *kind, *check;
    bool answers;
};

static void explain_usage(FILE *out)
{
    char kinds[128];
    list_kinds(kinds, sizeof kinds);
    fprintf(
        out,
        "usage: faultline quiz [--seed N] [--count N] [--kind KIND] [--answers | --check FILE]\n"
        "Kinds: %s. FILE has an answer a line. At a terminal it asks, else it prints.\n",
        kinds);
}

static int usage(const char *problem, const char *word)
{
    fprintf(stderr, "faultline quiz: %s%s\n", problem, word);
    explain_usage(stderr);
    return EXIT_USAGE;
}

static const char *value_of(int argc, char **argv, int *i, const char *name)
{
    size_t n = strlen(name);
    if (strncmp(argv[*i], name, n) != 0) return NULL;
    if (argv[*i][n] == '=') return argv[*i] + n + 1;
    return argv[*i][n] || *i + 1 >= argc ? NULL : argv[++*i];
}

static bool read_number(const char *text, uint64_t most, uint64_t *out)
{
    char *end;
    *out = strtoull(text, &end, 0);
    return *text >= '0' && *text <= '9' && !*end && *out <= most;
}

static int read_options(int argc, char **argv, struct options *o)
{
    uint64_t n;
    const char *value;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--answers") == 0) {
            o->answers = true;
        } else if ((value = value_of(argc, argv, &i, "--seed"))) {
            if (!read_number(value, UINT64_MAX, &o->seed)) return usage("no seed: ", value);
        } else if ((value = value_of(argc, argv, &i, "--count"))) {
            if (!read_number(value, 100000, &n) || !n) return usage("no count: ", value);
            o->count = (unsigned)n;
        } else if ((value = value_of(argc, argv, &i, "--kind"))) {
            if (!is_kind(value)) return usage("no kind: ", value);
            o->kind = value;
        } else if ((value = value_of(argc, argv, &i, "--check"))) {
            o->check = value;
        } else {
            return usage("what is ", argv[i]);
        }
    }
    return 0;
}

static void print_question(const struct options *o, unsigned i, const struct quiz_question *q)
{
    printf("%u. (%s)\n", i, q->kind);
    say_indented(stdout, q->text);
    char lead[QUIZ_ANSWER + 16];
    snprintf(lead, sizeof lead, "Answer: %s.", q->answer);
    if (o->answers) lesson_fill(NULL, stdout, lead, q->why);
    putchar('\n');
}

/* One answer: from the file, or from the person. False: there are no more. */
static bool next_answer(FILE *in, bool asks, char line[256])
{
    if (asks) fputs("answer> ", stdout);
    fflush(stdout);
    if (!fgets(line, 256, in)) return false;
    if (!strchr(line, '\n')) /* the rest of a line that is too long is no answer */
        for (int c; (c = getc(in)) != EOF && c != '\n';) continue;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

static int ask_all(const struct options *o, FILE *in, bool asks)
{
    struct quiz_question q;
    char line[256], lead[QUIZ_ANSWER + 32];
    unsigned right = 0, asked = 0;
    for (unsigned i = 1; i <= o->count; i++) {
        if (!quiz_make(o->seed, i, o->kind, &q)) return EXIT_BUG;
        if (asks) print_question(o, i, &q);
        bool given = next_answer(in, asks, line);
        if (!given && asks) break;
        asked++;
        bool good = given && quiz_is_right(&q, line);
        right += good;
        snprintf(lead, sizeof lead, good ? "Right: %s." : "No: it is %s.", q.answer);
        if (asks) lesson_fill(NULL, stdout, lead, q.why);
        if (asks)
            putchar('\n');
        else
            printf("%u. %s\n", i, good ? "right" : "wrong");
    }
    printf("%u of %u right.\n", right, asked);
    return right == asked ? 0 : EXIT_CHECK;
}

static int check_file(const struct options *o)
{
    FILE *in = fopen(o->check, "r");
    if (!in) return usage("cannot be read: ", o->check);
    int status = ask_all(o, in, false);
    fclose(in);
    return status;
}

int quiz_main(int argc, char **argv)
{
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    struct options o = { .seed = terminal ? (uint64_t)time(NULL) : 1, .count = 10 };
    struct quiz_question q;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) return explain_usage(stdout), 0;
    int status = read_options(argc, argv, &o);
    if (status) return status;
    if (o.check) return check_file(&o);
    printf("Quiz of seed %llu.\n\n", (number)o.seed);
    if (terminal && !o.answers) return ask_all(&o, stdin, true);
    for (unsigned i = 1; i <= o.count; i++) {
        if (!quiz_make(o.seed, i, o.kind, &q)) return EXIT_BUG;
        print_question(&o, i, &q);
    }
    return 0;
}
