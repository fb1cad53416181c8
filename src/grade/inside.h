/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room offer each other. */
#ifndef FAULTLINE_GRADE_INSIDE_H
#define FAULTLINE_GRADE_INSIDE_H

#include "grade/grade.h"
#include "lesson/lesson.h"
#include "lesson/progress.h"
#include "shell/exercise.h"
#include "world/sha256.h"

/* ---- What was handed in (pieces.c) ---- */

enum piece_kind { PIECE_SCRIPT, PIECE_RECORDING, PIECE_PROGRAM, PIECE_KINDS };
enum { PIECES_MAX = 256, PIECE_SIZE_MAX = 64 << 20, HAND_IN_FOLDER = 80, HAND_INS_MAX = 16 };

struct piece {
    enum piece_kind kind;
    char path[GRADE_PATH];
};

struct pieces {
    unsigned count;
    struct piece piece[PIECES_MAX];
    unsigned hand_ins;
    char unpacked[HAND_INS_MAX][HAND_IN_FOLDER]; /* folders that hand-ins were unpacked into */
};

/* What of a submission belongs to a lesson. False: it cannot be read (problem filled). Nothing that
 * belongs to it is no problem. `alone`: no other lesson is graded, so one script needs no name. */
bool pieces_find(struct pieces *p, const struct submission *s, const struct lesson *lesson,
                 bool alone, struct problem *problem);
void pieces_forget(struct pieces *p);
/* SHA-256 of what they hold, whatever they are called; false: there are none. */
bool pieces_digest(const struct pieces *p, char text[SHA256_TEXT]);

/* ---- Hand-ins (hand_in.c) ---- */

/* Unpacks a hand-in into a new folder; false: it is none, or is damaged (problem filled). */
bool hand_in_is(const char *path);
bool hand_in_unpack(const char *path, char folder[HAND_IN_FOLDER], struct problem *p);
/* Writes one of these lessons; says what it packs. */
bool hand_in_pack(FILE *out, const struct grade_options *o, struct problem *p);
/* Removes such a folder. */
void hand_in_remove(const char *folder);

/* ---- Where a worker writes (place.c) ---- */

struct worker_place {
    char folder[64];
    int lock; /* held as long as the folder is in use; -1: nothing can be locked here */
};

bool worker_place_make(struct worker_place *place);
void worker_place_remove(const struct worker_place *place);
/* Removes those that nobody uses any more: their grading was killed. */
void worker_places_sweep(void);

/* ---- What a stranger's things may use (reach.c, compiler.c) ---- */

/* Sanitizers reserve terabytes of addresses: no limit on them then. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED_BUILD 1
#elif defined(__has_feature)
#define SANITIZED_BUILD __has_feature(address_sanitizer)
#else
#define SANITIZED_BUILD 0
#endif

/* Whether the next can be done here. */
bool reach_is_possible(void);
/* From now on this process and those that it starts read no files of the host but what grading needs, and
 * write into `own` only. False: this system cannot do that. */
bool reach_limit(const struct grade_options *o, const struct submission *s, const char *own);
/* A limit of setrlimit(), never above the present one. */
void limit_set(int what, unsigned long long most);
/* Copies a C file. */
bool source_copy(const char *from, const char *to);
/* Compiles into x->elf. `confined`: reach_limit() is kept, so that the compiler's words may be told. */
bool compile_bounded(const struct exercise *x, const char *source, bool confined,
                     struct problem *p);

/* A lesson of which nothing can be judged, with every part that it has. */
cJSON *grade_none(const struct grade_options *o, unsigned lesson, const char *status,
                  const char *problem);

/* ---- Results as JSON: getters that forgive what is missing ---- */
const char *json_text(const cJSON *object, const char *key);
double json_number(const cJSON *object, const char *key);
bool json_bool(const cJSON *object, const char *key);
/* "why" and the like: the lines of an array, joined by `between`. */
void json_lines(const cJSON *array, const char *between, char *text, size_t size);
/* Whatever students wrote, control characters and bytes that are no UTF-8 are told as `?`. */
void json_clean(cJSON *item);
/* Said of goals that the lesson's solution had reached before it loaded a program that then did nothing. */
#define NONE_OF_ITS_OWN "The program reaches none of its own goals."
/* The one sentence about a part that was not reached. */
void part_why(const cJSON *part, char *text, size_t size);

/* The formats, each in a file of its own. */
void results_as_text(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_json(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_tap(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_tap13(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_junit(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_gradescope(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_exercism(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_check50(const struct grade_options *o, const cJSON *results, FILE *out);
void results_as_csv(const struct grade_options *o, const cJSON *results, FILE *out);

#endif
