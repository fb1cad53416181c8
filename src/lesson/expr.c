/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser of expressions: precedence climbing, evaluated as it is read. What must not be evaluated
 * (the other side of &&, || and ?:) is read with `skip` set, so that it cannot fail. */
#include "lesson/expr.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lesson/operation.h"
#include "world/call.h"

enum { DEPTH_MAX = 64, WORD_MAX = 128 };

struct parser {
    const struct scope *sc;
    const char *at;
    unsigned depth, skip;
    struct problem *p;
};

static bool parse_expression(struct parser *ps, struct value *out);
static bool parse_unary(struct parser *ps, struct value *out);

static void skip_blanks(struct parser *ps)
{
    while (isspace((unsigned char)*ps->at)) ps->at++;
}

static bool expect_char(struct parser *ps, char c)
{
    skip_blanks(ps);
    if (*ps->at == c) {
        ps->at++;
        return true;
    }
    if (*ps->at == '\0')
        return problem_set(ps->p, "", "the expression ends where `%c` is wanted", c);
    return problem_set(ps->p, "", "`%c` is wanted before `%.30s`", c, ps->at);
}

static bool set_word(struct value *out, word_t word)
{
    *out = (struct value){ .word = word };
    return true;
}

/* ---- Words ---- */

static size_t read_identifier(struct parser *ps, char *word)
{
    size_t n = 0;
    while ((isalnum((unsigned char)ps->at[n]) || ps->at[n] == '_') && n < WORD_MAX - 1) n++;
    memcpy(word, ps->at, n);
    word[n] = '\0';
    ps->at += n;
    return n;
}

/* SLOT inside the parentheses of slot(…) and queue(…): as it stands, up to the closing one. */
static bool read_slot_text(struct parser *ps, char *text)
{
    if (!expect_char(ps, '(')) return false;
    size_t n = strcspn(ps->at, ")");
    if (ps->at[n] == '\0' || n >= WORD_MAX) return problem_set(ps->p, "", "`)` is missing");
    memcpy(text, ps->at, n);
    while (n > 0 && isspace((unsigned char)text[n - 1])) n--;
    text[n] = '\0';
    ps->at = strchr(ps->at, ')') + 1;
    return true;
}

static bool parse_message_word(struct parser *ps, struct value *out)
{
    struct value index;
    ps->at++;
    if (!parse_expression(ps, &index) || !expect_char(ps, ']')) return false;
    return ps->skip ? set_word(out, 0) : term_message_word(ps->sc, index.word, out, ps->p);
}

/* subject.field, message.mr[I] */
static bool parse_field(struct parser *ps, const char *subject, struct value *out)
{
    char field[WORD_MAX];
    ps->at++;
    if (read_identifier(ps, field) == 0)
        return problem_set(ps->p, "X.state, X.rip, message.badge, message.mr[0]",
                           "a field is wanted behind `%s.`", subject);
    if (strcmp(subject, "message") == 0 && strcmp(field, "mr") == 0 && *ps->at == '[')
        return parse_message_word(ps, out);
    return ps->skip ? set_word(out, 0) : term_field(ps->sc, subject, field, out, ps->p);
}

static bool parse_slot_term(struct parser *ps, struct value *out)
{
    char slot[WORD_MAX], field[WORD_MAX];
    if (!read_slot_text(ps, slot)) return false;
    if (*ps->at != '.')
        return problem_set(ps->p, "", "slot(%s) wants a field: .type .badge .rights", slot);
    ps->at++;
    read_identifier(ps, field);
    return ps->skip ? set_word(out, 0) : term_slot(ps->sc, slot, field, out, ps->p);
}

static bool parse_arguments(struct parser *ps, const struct builtin *b, word_t *arg)
{
    if (!expect_char(ps, '(')) return false;
    for (unsigned i = 0; i < b->argc; i++) {
        struct value value;
        if (i > 0 && !expect_char(ps, ',')) return false;
        if (!parse_expression(ps, &value)) return false;
        if (value.is_text) return problem_set(ps->p, "", "%s takes words, not text", b->name);
        arg[i] = value.word;
    }
    return expect_char(ps, ')');
}

/* Of a type or a variable. Structures are the prompt's one: twenty registers. */
static bool parse_sizeof(struct parser *ps, struct value *out)
{
    static const struct {
        const char *type;
        word_t size;
    } small[] = {
        { "int", 4 },         { "uint32_t", 4 }, { "seL4_Uint32", 4 }, { "uint16_t", 2 },
        { "seL4_Uint16", 2 }, { "char", 1 },     { "uint8_t", 1 },     { "seL4_Uint8", 1 }
    };
    char text[WORD_MAX], field[WORD_MAX + 8];
    word_t ignored, size = sizeof(word_t);
    if (!read_slot_text(ps, text)) return false;
    const char *type = text + strspn(text, " ");
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++)
        if (strcmp(small[i].type, type) == 0) size = small[i].size;
    snprintf(field, sizeof field, "%s_rip", type);
    if (strcmp(type, "seL4_UserContext") == 0 || variable_get(scope_world(ps->sc), field, &ignored))
        size = USER_CONTEXT_FIELDS * sizeof(word_t);
    return set_word(out, size);
}

static bool parse_function(struct parser *ps, const char *name, struct value *out)
{
    if (strcmp(name, "slot") == 0) return parse_slot_term(ps, out);
    if (strcmp(name, "queue") == 0) {
        char slot[WORD_MAX];
        if (!read_slot_text(ps, slot)) return false;
        return ps->skip ? set_word(out, 0) : term_queue(ps->sc, slot, out, ps->p);
    }
    if (strcmp(name, "sizeof") == 0) return parse_sizeof(ps, out);
    const struct builtin *b = builtin_find(name);
    word_t arg[BUILTIN_ARGS_MAX];
    if (!b && strncmp(name, "seL4_", 5) == 0)
        return problem_set(ps->p, "write it as a line of its own: x = seL4_…(…)",
                           "`%s` does something: it cannot stand inside an expression", name);
    if (!b)
        return problem_set(ps->p, "`help expressions` lists what can be called",
                           "`%s` is no function here", name);
    if (!parse_arguments(ps, b, arg)) return false;
    return set_word(out, b->compute(ps->sc, arg));
}

/* CNODE/x: the index of that slot. Only where CNODE is a slot that holds a CNode capability, and
 * nothing but a name or number follows; else / divides. */
static bool parse_path(struct parser *ps, const char *cnode, struct value *out, bool *is_path)
{
    char text[2 * WORD_MAX + 1], last[WORD_MAX];
    struct slot_ref ref;
    struct problem unused;
    *is_path = false;
    if (!slot_resolve(ps->sc, cnode, false, &ref, &unused)) return true;
    if (cap_type(scope_slot_cap(ps->sc, &ref)) != CAP_CNODE) return true;
    const char *before = ps->at++;
    if (read_identifier(ps, last) == 0) {
        ps->at = before;
        return true;
    }
    *is_path = true;
    snprintf(text, sizeof text, "%s/%s", cnode, last);
    if (!slot_resolve(ps->sc, text, false, &ref, ps->p)) return false;
    return set_word(out, ref.index);
}

static bool parse_name(struct parser *ps, struct value *out)
{
    char name[WORD_MAX];
    bool is_path = false;
    read_identifier(ps, name);
    if (*ps->at == '.') return parse_field(ps, name, out);
    if (*ps->at == '-' && ps->at[1] == '>')
        return problem_set(ps->p, "write the number: `caps`, `print`, `memory` show it",
                           "`%s->` reaches into a structure, and the prompt keeps none", name);
    if (*ps->at == '/' && !ps->skip && !parse_path(ps, name, out, &is_path)) return false;
    if (is_path) return true;
    const char *after = ps->at;
    skip_blanks(ps);
    if (*ps->at == '(') return parse_function(ps, name, out);
    ps->at = after;
    if (ps->skip) return set_word(out, 0);
    if (strcmp(name, "error") == 0) return set_word(out, term_error(ps->sc->session));
    if (strcmp(name, "called") == 0) return term_called(ps->sc->session, out);
    if (strcmp(name, "invariants") == 0) return term_invariants(ps->sc, out);
    word_t word;
    if (scope_name(ps->sc, name, &word)) return set_word(out, word);
    return problem_set(
        ps->p, "`caps` lists the names that this seat knows; X = EXPR makes a variable",
        "%s knows nothing called `%s`", thread_name(scope_world(ps->sc), ps->sc->seat), name);
}

static bool parse_text(struct parser *ps, struct value *out)
{
    *out = (struct value){ .is_text = true };
    size_t n = strcspn(ps->at + 1, "\"");
    if (ps->at[1 + n] == '\0') return problem_set(ps->p, "", "a `\"` is missing");
    if (n >= sizeof out->text) return problem_set(ps->p, "", "that text is too long");
    memcpy(out->text, ps->at + 1, n);
    ps->at += n + 2;
    return true;
}

/* Whether what stands at ps->at, behind a "(", is a C type and ")": a cast, which changes nothing here. */
static bool skip_cast(struct parser *ps)
{
    static const char *const types[] = { "int",         "unsigned",   "long",    "char",
                                         "uintptr_t",   "uint64_t",   "size_t",  "word_t",
                                         "void",        "volatile",   "const",   "uint32_t",
                                         "uint8_t",     "uint16_t",   "int64_t", "seL4_Uint64",
                                         "seL4_Uint32", "seL4_CNode", "seL4_TCB" };
    const char *before = ps->at;
    char word[WORD_MAX];
    bool is_type = false;
    skip_blanks(ps);
    while (read_identifier(ps, word) > 0) {
        bool known = strcmp(word, "seL4_Word") == 0 || strcmp(word, "seL4_CPtr") == 0 ||
                     strcmp(word, "seL4_Uint8") == 0;
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
            known |= strcmp(word, types[i]) == 0;
        is_type = known;
        if (!known) break;
        skip_blanks(ps);
    }
    while (is_type && (*ps->at == '*' || isspace((unsigned char)*ps->at))) ps->at++;
    if (is_type && *ps->at == ')') {
        ps->at++;
        return true;
    }
    ps->at = before;
    return false;
}

static bool parse_primary(struct parser *ps, struct value *out)
{
    skip_blanks(ps);
    unsigned char c = (unsigned char)*ps->at;
    if (c == '(') {
        ps->at++;
        if (skip_cast(ps)) return parse_unary(ps, out);
        return parse_expression(ps, out) && expect_char(ps, ')');
    }
    if (c == '"') return parse_text(ps, out);
    if (isdigit(c) || c == '\'') {
        *out = (struct value){ 0 };
        return number_read(ps->at, &ps->at, &out->word, ps->p);
    }
    if (isalpha(c) || c == '_') return parse_name(ps, out);
    if (c == '\0') return problem_set(ps->p, "", "the expression ends too early");
    if (strncmp(ps->at, "…", strlen("…")) == 0)
        return problem_set(ps->p, "find out what belongs there; `hint` helps",
                           "the `…` of a lesson stands for what is left to you");
    return problem_set(ps->p, "numbers, names, and C's operators", "`%.20s` is no expression",
                       ps->at);
}

/* ---- Operators ---- */

static bool parse_unary(struct parser *ps, struct value *out)
{
    if (++ps->depth > DEPTH_MAX)
        return problem_set(ps->p, "", "the expression is nested too deeply");
    skip_blanks(ps);
    char c = *ps->at;
    bool prefix = c == '-' || c == '+' || c == '~' || c == '!';
    if (prefix) ps->at++;
    bool ok = prefix ? parse_unary(ps, out) : parse_primary(ps, out);
    ps->depth--;
    if (!ok || !prefix) return ok;
    if (out->is_text)
        return problem_set(ps->p, "== and != compare text", "`%c` does not apply to text", c);
    word_t word = out->word;
    return set_word(out, c == '-' ? 0 - word : c == '~' ? ~word : c == '!' ? !word : word);
}

static bool parse_binary(struct parser *ps, unsigned lowest, struct value *out)
{
    if (!parse_unary(ps, out)) return false;
    for (;;) {
        skip_blanks(ps);
        const struct operation *o = operation_at(ps->at);
        if (!o || o->level < lowest) return true;
        bool decided = operation_decides(o, out->word);
        struct value left = *out, right;
        ps->at += strlen(o->spelling);
        ps->skip += decided;
        bool ok = parse_binary(ps, o->level + 1U, &right);
        ps->skip -= decided;
        if (!ok || !operation_apply(o, &left, &right, ps->skip, out, ps->p)) return false;
    }
}

static bool parse_choice(struct parser *ps, struct value *out)
{
    bool first = out->is_text || out->word;
    struct value yes, no;
    ps->at++;
    ps->skip += !first;
    bool ok = parse_expression(ps, &yes) && expect_char(ps, ':');
    ps->skip -= !first;
    ps->skip += first;
    ok = ok && parse_expression(ps, &no);
    ps->skip -= first;
    *out = first ? yes : no;
    return ok;
}

static bool parse_expression(struct parser *ps, struct value *out)
{
    if (++ps->depth > DEPTH_MAX)
        return problem_set(ps->p, "", "the expression is nested too deeply");
    bool ok = parse_binary(ps, 1, out);
    skip_blanks(ps);
    if (ok && *ps->at == '?') ok = parse_choice(ps, out);
    ps->depth--;
    return ok;
}

bool expr_eval(const struct scope *sc, const char *text, struct value *out, struct problem *p)
{
    struct parser ps = { .sc = sc, .at = text, .p = p };
    *out = (struct value){ 0 };
    if (!parse_expression(&ps, out)) return false;
    skip_blanks(&ps);
    if (*ps.at == '\0') return true;
    if (*ps.at == '=')
        return problem_set(p, "== compares; NAME = EXPR is a line of its own",
                           "`=` sets nothing here: `%.40s`", text);
    return problem_set(p, "", "`%.30s` does not belong to the expression", ps.at);
}

bool expr_word(const struct scope *sc, const char *text, word_t *out, struct problem *p)
{
    struct value value;
    if (!expr_eval(sc, text, &value, p)) return false;
    if (value.is_text)
        return problem_set(p, "", "a number is wanted, not the text \"%s\"", value.text);
    *out = value.word;
    return true;
}
