/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements of C, as they stand in a tutorial: calls, declarations, assignments, `if`, blocks. What
 * only a program can do (loops, most structures) is refused with a word; printing is left out. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/ccall.h"

enum { BLOCK_DEPTH_MAX = 32, IDENTIFIER_MAX = 80 };

static const char *const type_words[] = { "int",      "unsigned", "long",      "char",
                                          "void",     "const",    "static",    "volatile",
                                          "uint64_t", "short",    "uint32_t",  "uintptr_t",
                                          "uint8_t",  "size_t",   "seL4_Word", "bool",
                                          "UNUSED",   "word_t" };
static const char *const left_out[] = { "printf", "puts",   "putchar", "fprintf", "assert", "exit",
                                        "ZF_LOG", "zf_log", "test_",   "UNUSED",  "(void)" };
static const char *const refused[] = { "while", "for",    "do",      "switch",
                                       "goto",  "struct", "typedef", "enum" };

static bool statement(struct c *c);

static size_t identifier_length(const char *at)
{
    size_t n = 0;
    if (!isalpha((unsigned char)*at) && *at != '_') return 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_') n++;
    return n;
}

static bool is_word(const char *at, size_t n, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == n && strncmp(at, list[i], n) == 0) return true;
    return false;
}

#define IS_WORD(at, n, list) is_word(at, n, list, sizeof(list) / sizeof((list)[0]))

static const char *after_blanks(const char *at)
{
    while (isspace((unsigned char)*at)) at++;
    return at;
}

/* Whether a declaration begins here: a type, then a name, then what follows a name. */
static bool is_declaration(const char *at)
{
    size_t n = identifier_length(at);
    bool type = IS_WORD(at, n, type_words) || strncmp(at, "seL4_", 5) == 0;
    if (!type || n == 0) return false;
    const char *next = after_blanks(at + n);
    while (*next == '*') next = after_blanks(next + 1);
    size_t m = identifier_length(next);
    if (m == 0 || next == at + n) return false;
    if (IS_WORD(next, m, type_words) || strncmp(next, "seL4_", 5) == 0) return is_declaration(next);
    const char *behind = after_blanks(next + m);
    return *behind != '\0' && strchr("=;,[", *behind) != NULL &&
           !(behind[0] == '=' && behind[1] == '=');
}

bool is_c(const char *line)
{
    static const char *const words[] = { "if", "return", "else" };
    line = after_blanks(line);
    if (*line == '{' || *line == '}' || *line == ';') return true;
    size_t n = identifier_length(line);
    if (n == 0) return strncmp(line, "(void)", 6) == 0;
    const char *next = after_blanks(line + n);
    if (*next == '=' && next[1] != '=') return true;
    if (line[n] == '.') { /* regs.rip = … */
        next = after_blanks(line + n + 1 + identifier_length(line + n + 1));
        return *next == '=' && next[1] != '=';
    }
    if (line[n] == '(' || (*next == '(' && strncmp(line, "seL4_", 5) == 0)) return true;
    if (n == 4 && strncmp(line, "goto", n) == 0) return strchr(line, ';'); /* else it is our verb */
    return IS_WORD(line, n, words) || IS_WORD(line, n, refused) || is_declaration(line);
}

bool c_is_open(const char *line)
{
    static const char *const heads[] = { "if", "else" };
    size_t length = strlen(line), n = identifier_length(after_blanks(line));
    while (length > 0 && isspace((unsigned char)line[length - 1])) length--;
    if (length == 0 || !is_c(line)) return false;
    char last = line[length - 1];
    if (IS_WORD(after_blanks(line), n, heads) && last == ')') return true;
    bool behind_else = length >= 4 && strncmp(line + length - 4, "else", 4) == 0;
    return behind_else || strchr("=,+-*/%&|^<>?:", last) != NULL;
}

bool c_may_assign(struct c *c, const char *name)
{
    word_t value;
    if (strcmp(name, "error") == 0 || variable_get(scope_world(&c->a.sc), name, &value))
        return true;
    return scope_name_is_free(&c->a.sc, name, &c->a.problem);
}

/* `error` is what the last call brought, whoever asks: it needs no variable. */
static bool assign(struct c *c, const char *name, word_t value)
{
    if (strcmp(name, "error") == 0 || c->skip) return true;
    act_begin(c->sh);
    return variable_set(session_world(c->sh->session), name, value) ||
           problem_set(&c->a.problem, "", "there is no room for the variable `%s`", name);
}

/* ---- Cutting ---- */

/* The text up to `end` outside brackets and quotes; ended there. NULL when it is missing. */
static char *cut_until(struct c *c, char end)
{
    char *start = c->at;
    int depth = 0;
    bool quoted = false;
    for (; *c->at; c->at++) {
        if (*c->at == '"') quoted = !quoted;
        if (quoted) continue;
        if (*c->at == end && depth == 0) {
            *c->at++ = '\0';
            return start;
        }
        depth += strchr("([{", *c->at) != NULL;
        depth -= strchr(")]}", *c->at) != NULL;
    }
    return end == ';' ? start : NULL; /* the last semicolon may be left out */
}

/* ---- Calls ---- */

/* The value of a call in C: an error, a message info, or the word of seL4_GetMR and its like. */
static word_t value_of(const struct c_call *call, const struct call_result *r)
{
    if (call->call.invocation) return r->error;
    return call->call.syscall && call->call.syscall->direction ? r->info : r->word[0];
}

/* The call goes on later: its results are put into the variables then. */
static void keep_names(struct c *c, const struct c_call *call)
{
    struct pending *p = pending_find(c->sh, c->a.sc.seat);
    if (!p) return;
    if (call->badge) snprintf(p->badge, NAME_SIZE, "%s", call->badge);
    for (unsigned i = 0; i < call->target_count && i < PENDING_TARGETS; i++)
        if (call->target[i]) snprintf(p->target[i], NAME_SIZE, "%s", call->target[i]);
}

/* A new name stands in the call's echo, so the slot has it before; it keeps it when something came. */
static void name_dest(struct c *c, const struct slot_ref *dest, bool after)
{
    struct session *s = c->sh->session;
    if (!dest->new_name[0] || c->sh->predicts) return;
    if (!after) {
        act_begin(c->sh);
        name_set(session_world(s), dest->slot, dest->new_name);
    } else if (!session_phase(s, NULL, NULL) &&
               cap_type(cte_at(session_world_at(s), dest->slot)->cap) == CAP_NULL) {
        names_forget(session_world(s), dest->slot, dest->slot + (1U << SLOT_BITS));
    }
}

static bool do_call(struct c *c, const char *name, const struct c_arguments *args, word_t *value)
{
    struct c_call call;
    if (!c_fill(c, name, args, &call)) return false;
    struct call_result *r = calloc(1, sizeof *r);
    if (!r) return problem_set(&c->a.problem, "", "the host has no memory left");
    c->a.sc = scope_of_seat(c->sh->session);
    name_dest(c, &call.dest, false);
    c->outcome = act_message(c->sh, &c->a, &call.call, NULL, r);
    name_dest(c, &call.dest, true);
    *value = value_of(&call, r);
    bool ok = c->outcome == OUTCOME_DONE, ended = r->ended;
    bool context =
        call.call.invocation && strncmp(call.call.invocation->results, "seL4_UserContext", 16) == 0;
    if (ok && ended && context && call.target[0]) {
        ok = context_store(c, call.target[0], r->word, r->error ? 0 : r->word_count);
        call.target_count = 0;
    }
    if (ok && !ended) keep_names(c, &call);
    if (ok && !ended) call.badge = NULL, call.target_count = 0;
    if (ok && call.badge) ok = assign(c, call.badge, r->badge);
    for (unsigned i = 0; ok && i < call.target_count && i < r->word_count; i++)
        if (call.target[i]) ok = assign(c, call.target[i], r->word[i]);
    free(r);
    return ok;
}

/* NAME(ARGUMENTS), which must be all there is in `text`. */
static bool call_statement(struct c *c, char *text, word_t *value)
{
    char name[IDENTIFIER_MAX];
    struct c_arguments args;
    size_t n = identifier_length(text);
    char *open = strchr(text, '('), *close = strrchr(text, ')');
    if (n == 0 || n >= sizeof name || !open || !close || *after_blanks(close + 1) != '\0')
        return problem_set(&c->a.problem, "NAME(…);", "`%.60s` is no call", text);
    snprintf(name, sizeof name, "%.*s", (int)n, text);
    *close = '\0';
    if (!arguments_cut(open + 1, &args, &c->a.problem)) return false;
    bool ok;
    if (c->skip) return true;
    return context_function(c, name, &args, &ok) ? ok : do_call(c, name, &args, value);
}

/* The right side of =: a call that does something, or an expression. */
static bool right_side(struct c *c, char *text, word_t *value)
{
    struct call unused;
    char name[IDENTIFIER_MAX];
    text = (char *)(uintptr_t)after_blanks(text);
    size_t n = identifier_length(text);
    snprintf(name, sizeof name, "%.*s", n < sizeof name ? (int)n : 0, text);
    if (*name && *after_blanks(text + n) == '(' && !builtin_find(name) &&
        call_find(scope_world(&c->a.sc), name, &unused))
        return call_statement(c, text, value);
    return c->skip || expr_word(&c->a.sc, text, value, &c->a.problem);
}

/* NAME [= RIGHT SIDE]; a declaration without a value says nothing. */
static bool assignment(struct c *c, char *text)
{
    char name[IDENTIFIER_MAX];
    word_t value = 0;
    text = (char *)(uintptr_t)after_blanks(text);
    size_t n = identifier_length(text);
    if (n == 0 || n >= sizeof name)
        return problem_set(&c->a.problem, "NAME = EXPR", "`%.60s` is no assignment", text);
    snprintf(name, sizeof name, "%.*s", (int)n, text);
    const char *sign = after_blanks(text + n);
    if (*sign == '[')
        return problem_set(&c->a.problem, "variables hold one word",
                           "`%s` is an array, and the prompt keeps none", name);
    if (!c->skip && !c_may_assign(c, name)) return false;
    if (*sign == '\0') return true;
    if (*sign != '=')
        return problem_set(&c->a.problem, "NAME = EXPR", "`%.60s` is no assignment", text);
    return right_side(c, text + (sign + 1 - text), &value) && assign(c, name, value);
}

/* ---- Statements ---- */

static bool declaration(struct c *c)
{
    bool context = false;
    while (is_declaration(c->at)) { /* over the type, one word after the other */
        size_t n = identifier_length(c->at);
        const char *next = after_blanks(c->at + n);
        context = n == 16 && strncmp(c->at, "seL4_UserContext", n) == 0 && *next != '*';
        while (*next == '*') next = after_blanks(next + 1);
        c->at += next - c->at;
    }
    struct c_arguments parts;
    char *text = cut_until(c, ';');
    if (!arguments_cut(text, &parts, &c->a.problem)) return false;
    for (unsigned i = 0; i < parts.count; i++)
        if (!(context ? context_declare(c, parts.text[i]) : assignment(c, parts.text[i])))
            return false;
    return true;
}

/* NAME.FIELD = RIGHT SIDE */
static bool field_assignment(struct c *c, char *text)
{
    char name[IDENTIFIER_MAX], field[IDENTIFIER_MAX];
    size_t n = identifier_length(text), m = identifier_length(text + n + 1);
    const char *sign = after_blanks(text + n + 1 + m);
    if (n >= sizeof name || m >= sizeof field || *sign != '=')
        return problem_set(&c->a.problem, "regs.rip = 0x401000", "`%.60s` is no assignment", text);
    snprintf(name, sizeof name, "%.*s", (int)n, text);
    snprintf(field, sizeof field, "%.*s", (int)m, text + n + 1);
    return context_set(c, name, field, sign + 1);
}

/* assert(COND), ZF_LOGF_IF(COND, …), ZF_LOGF_IFERR(ERROR, …): what ends a program ends the block.
 * False: it is no check, or of something that the prompt does not have. */
static bool is_check(struct c *c, const char *text, bool *holds)
{
    static const struct {
        const char *name;
        bool wanted;
    } checks[] = { { "assert", true }, { "ZF_LOGF_IFERR", false }, { "ZF_LOGF_IF", false } };
    struct c_arguments args;
    struct problem unused = { .text = "" };
    char copy[LINE_SIZE];
    size_t n = identifier_length(text);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (strlen(checks[i].name) != n || strncmp(checks[i].name, text, n) != 0) continue;
        word_t value;
        char *open = strchr(text, '(') ? copy : NULL, *close;
        snprintf(copy, sizeof copy, "%s", open ? strchr(text, '(') + 1 : "");
        if (!open || !(close = strrchr(copy, ')'))) return false;
        *close = '\0';
        if (!arguments_cut(copy, &args, &unused) || args.count == 0) return false;
        if (!expr_word(&c->a.sc, args.text[0], &value, &unused)) return false;
        *holds = (value != 0) == checks[i].wanted;
        if (*holds) return true;
        problem_set(&c->a.problem, "what stands behind it has not been done",
                    "`%.60s`: here the program would end", text);
        return true;
    }
    return false;
}

static bool is_left_out(const char *text)
{
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (strncmp(text, left_out[i], strlen(left_out[i])) == 0) return true;
    return false;
}

/* A function that only computes: what it says is all there is to see. */
static bool show_value(struct c *c, const char *text)
{
    word_t value;
    if (!expr_word(&c->a.sc, text, &value, &c->a.problem)) return false;
    if (!c->sh->silent) shell_say(c->sh, "  %s  =  %#llx", text, (unsigned long long)value);
    return true;
}

static bool plain_statement(struct c *c)
{
    word_t value;
    char name[IDENTIFIER_MAX];
    bool holds;
    bool leave_out = is_left_out(c->at) || strncmp(c->at, "return", 6) == 0;
    char *text = cut_until(c, ';');
    if (!c->skip && is_check(c, text, &holds)) return holds;
    if (leave_out) {
        if (!c->skip && !c->sh->silent) shell_say(c->sh, "  (left out: %.50s)", text);
        return true;
    }
    size_t n = identifier_length(text);
    const char *next = after_blanks(text + n);
    if (n > 0 && *next == '=' && next[1] != '=') return assignment(c, text);
    if (n > 0 && text[n] == '.') return field_assignment(c, text);
    snprintf(name, sizeof name, "%.*s", n < sizeof name ? (int)n : 0, text);
    if (!c->skip && *next == '(' && builtin_find(name) && strcmp(name, "seL4_GetMR") != 0)
        return show_value(c, text);
    return call_statement(c, text, &value);
}

static bool if_statement(struct c *c)
{
    word_t holds = 0;
    c->at += 2;
    while (isspace((unsigned char)*c->at)) c->at++;
    if (*c->at != '(')
        return problem_set(&c->a.problem, "if (error) { … }", "`if` wants a condition in brackets");
    c->at++;
    char *condition = cut_until(c, ')');
    if (!condition) return problem_set(&c->a.problem, "", "`)` is missing");
    if (!c->skip && !expr_word(&c->a.sc, condition, &holds, &c->a.problem)) return false;
    if (*after_blanks(c->at) == '\0')
        return problem_set(&c->a.problem, "put it on the same line, or in { }",
                           "`if` has no statement");
    c->skip += !holds;
    bool ok = statement(c);
    c->skip -= !holds;
    while (isspace((unsigned char)*c->at)) c->at++;
    if (!ok || identifier_length(c->at) != 4 || strncmp(c->at, "else", 4) != 0) return ok;
    c->at += 4;
    c->skip += holds != 0;
    ok = statement(c);
    c->skip -= holds != 0;
    return ok;
}

static bool block(struct c *c)
{
    c->at++;
    for (;;) {
        while (isspace((unsigned char)*c->at)) c->at++;
        if (*c->at == '}') {
            c->at++;
            return true;
        }
        if (*c->at == '\0') return problem_set(&c->a.problem, "", "`}` is missing");
        if (!statement(c)) return false;
    }
}

static bool statement_here(struct c *c)
{
    size_t n = identifier_length(c->at);
    if (*c->at == '{') return block(c);
    if (*c->at == ';') {
        c->at++;
        return true;
    }
    if (*c->at == '\0') return true;
    if (n == 2 && strncmp(c->at, "if", 2) == 0) return if_statement(c);
    if (n == 4 && strncmp(c->at, "else", 4) == 0)
        return problem_set(&c->a.problem, "write `} else {` in one line",
                           "`else` has lost its `if`");
    if (IS_WORD(c->at, n, refused))
        return problem_set(
            &c->a.problem, "type what it does, once for each turn; or `load` a program",
            "`%.*s` is for programs: the prompt does one thing after the other", (int)n, c->at);
    return is_declaration(c->at) ? declaration(c) : plain_statement(c);
}

static bool statement(struct c *c)
{
    while (isspace((unsigned char)*c->at)) c->at++;
    if (++c->depth > BLOCK_DEPTH_MAX)
        return problem_set(&c->a.problem, "", "blocks are nested too deeply");
    bool ok = statement_here(c);
    c->depth--;
    return ok;
}

enum outcome c_run(struct shell *sh, const char *line)
{
    char *text = malloc(strlen(line) + 1);
    if (!text) return OUTCOME_FAILED;
    strcpy(text, line);
    struct c c = {
        .sh = sh, .at = text, .outcome = OUTCOME_DONE, .a = { .sc = scope_of_seat(sh->session) }
    };
    sh->from = session_event_count(sh->session);
    bool ok = true;
    while (ok && *after_blanks(c.at)) ok = statement(&c);
    free(text);
    if (ok) return OUTCOME_DONE;
    problem_tip(&c.a.problem, "x = EXPR, seL4_…(…); one after the other: `help expressions`");
    if (c.a.problem.text[0]) shell_say_problem(sh, &c.a.problem);
    return c.outcome == OUTCOME_DONE ? OUTCOME_FAILED : c.outcome;
}
