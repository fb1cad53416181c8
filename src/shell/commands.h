/* SPDX-License-Identifier: BSD-2-Clause */
/* The command table, and what its handlers share. One row of commands.def is one command; help,
 * completion and docs/commands.md are read from it. */
#ifndef FAULTLINE_SHELL_COMMANDS_H
#define FAULTLINE_SHELL_COMMANDS_H

#include "lesson/predicate.h"
#include "lesson/token.h"
#include "shell/shell.h"
#include "view/form.h"

/* A command's arguments while they are read. A function that fails has filled `problem`. */
struct args {
    struct scope sc;
    char *const *word; /* behind the verb; ended by NULL */
    unsigned count, at;
    struct problem problem;
};

enum command_flag {
    ONCE = 0,    /* an empty line does not repeat it */
    REPEATS = 1, /* movement and views */
    CALLS = 2,   /* it is one system call: `predict` can tell what it would do */
    UNRECORDED =
        4, /* it leaves the machine, or shows it to somebody: nothing that could be done again */
};

struct command {
    const char *name, *aliases, *arguments;
    unsigned circle; /* 1: the ten words of lesson 1; 2: what comes next; 3: the rest */
    unsigned flags;
    enum outcome (*run)(struct shell *sh, struct args *a);
    const char *line, *help;
};

#define COMMAND(name, aliases, arguments, circle, flags, handler, line, help)                      \
    enum outcome handler(struct shell *sh, struct args *a);
#include "shell/commands.def"
#undef COMMAND

extern const struct command command_table[];
extern const size_t command_count;

/* The command of a word: its name or an alias; with `prefixes` the only one that begins so. NULL: the
 * problem says what was meant. */
/* How many letters differ: insertions, deletions, changes, and neighbours that changed places. */
unsigned word_distance(const char *a, const char *b);
const struct command *command_find(const char *word, bool prefixes, struct problem *p);

/* Runs a command with its words; says the problem when it fails. */
enum outcome command_run(struct shell *sh, const struct command *c, char *const *word,
                         unsigned count);

/* Whether it makes the machine do something: while a question is open a person answers first. */
bool command_acts(const struct command *c);

/* Whether the line before asked this, so that the same again is a yes. Otherwise it is asked by this line. */
bool shell_has_asked(struct shell *sh, const char *question);

/* Gives a problem a tip if it has none. */
void problem_tip(struct problem *p, const char *tip);

/* ---- Arguments (argument.c) ---- */
bool arg_more(const struct args *a);
/* Takes the next word if it is `key`. */
bool arg_key(struct args *a, const char *key);
bool arg_text(struct args *a, const char *what, const char **text);
bool arg_word(struct args *a, const char *what, word_t *out);
bool arg_slot(struct args *a, const char *what, bool may_be_new, struct slot_ref *out);
bool arg_thread(struct args *a, paddr_t *tcb);
/* THREAD where a TCB capability is needed: CPtr of slot X_tcb; the seat's own by its name, too. */
bool arg_tcb(struct args *a, word_t *cptr, const char **name);
bool arg_rights(struct args *a, word_t *rights);
bool arg_end(struct args *a);
/* The rest of the line as an expression. */
bool arg_expression(struct args *a, struct value *out);
/* CPtr of the CNode through which a slot is named. */
bool slot_root(struct args *a, const struct slot_ref *ref, word_t *cptr);

/* ---- Acting (act.c) ---- */

/* What goes along with a message. */
struct message {
    word_t label, length;
    bool has_words;
    unsigned word_count, cap_count;
    word_t word[MESSAGE_MAX_LENGTH];
    word_t cap[MESSAGE_MAX_CAPS];
};

/* Marks the present line as one that changes the machine. */
void act_begin(struct shell *sh);
/* A call of the seat's thread, printed as C with its result, then what happened. */
enum outcome act_call(struct shell *sh, struct args *a, const struct call *call);
/* The same with a message; `result` may be NULL. */
enum outcome act_message(struct shell *sh, struct args *a, const struct call *call,
                         const struct message *m, struct call_result *result);
/* A call by name with its capability and arguments in the table's order. */
bool call_make(struct args *a, const char *function, word_t service, const word_t *arg,
               unsigned argc, struct call *call);
/* Instructions of the seat's thread; `text` is printed first. With a register, its value afterwards. */
enum outcome act_hand(struct shell *sh, struct args *a, const struct hand_act *act,
                      const char *text);

/* ---- Telling (tell.c) ---- */

/* A view on the shell's output. */
struct view shell_view(const struct shell *sh);
/* A line that is said, whatever its length; in the plain form without the blanks in front. */
__attribute__((format(printf, 2, 3))) void shell_say(const struct shell *sh, const char *format,
                                                     ...);
/* A call that was made, with the message that went along (NULL: none) and what happened then. */
enum outcome tell_call(struct shell *sh, const struct call *call, const struct message *m,
                       const struct stop *stop, const struct call_result *r);
/* An ended call with what it brought, or why it was refused. */
void tell_result(struct shell *sh, const struct call *call, const struct call_result *r);
/* What happened since the command began, and why it stopped; `lines` were said already. */
enum outcome tell_story(struct shell *sh, const struct stop *stop, unsigned lines);
/* The same of `step` and `next`, from inside a kernel entry or from the past, too: who leaves an entry is
 * told of all of it, and no step is silent. */
enum outcome tell_step(struct shell *sh, const struct stop *stop, bool was_inside, bool was_past);
/* Events that a timeline shows. */
bool event_is_notable(const struct event *e);

/* ---- Calls that have not ended (pending.c) ---- */

/* Takes those of another shell whose machine becomes this one's. */
void pending_take_over(struct shell *sh, const struct shell *from, bool has_history);
/* The thread does something else now. */
void pending_forget(struct shell *sh, paddr_t tcb);
struct pending *pending_add(struct shell *sh, paddr_t tcb, const struct call *call);
/* The one of a thread; NULL: none. */
struct pending *pending_find(struct shell *sh, paddr_t tcb);
/* A line is done: what has ended by it is said, and its results go where they belong. */
void pending_look(struct shell *sh);

/* ---- Going on and back ---- */

/* Who runs next, and what: shown when the machine stopped inside a program. */
void show_place(struct shell *sh);
/* Back by so many steps, or with phases as steps, too. */
enum outcome go_back(struct shell *sh, struct args *a, word_t count, bool phases);

/* What a run, forwards or backwards, is to stop at. */
struct goal {
    struct until until;
    struct watch watch;
    const struct session *session;
    char text[1024];
    struct problem problem;
    bool broken; /* the condition could not be told on the way: the problem says why */
};
/* EVENT | ADDR | EXPR: the rest of the line, which is not empty. */
bool goal_parse(struct args *a, struct goal *g);
/* @STEP or @STEP.PHASE. */
bool position_parse(const char *text, struct position *to, struct problem *p);
/* Where two recordings, files, part; false: one of them is none. */
bool compare_recordings(struct shell *sh, const char *one, const char *other, struct problem *p);

/* ---- C (ccall.c) ---- */

/* Whether a line is C: a call, a declaration, an assignment, a block. */
bool is_c(const char *line);
enum outcome c_run(struct shell *sh, const char *line);
/* Whether C goes on behind this: an `if` without its statement, an operator at the end. */
bool c_is_open(const char *line);

#endif
