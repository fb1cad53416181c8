/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room offer each other. */
#ifndef FAULTLINE_GRADE_INSIDE_H
#define FAULTLINE_GRADE_INSIDE_H

#include "grade/grade.h"
#include "lesson/lesson.h"
#include "lesson/progress.h"

/* ---- What was handed in (submission.c) ---- */

enum piece_kind { PIECE_SCRIPT, PIECE_RECORDING, PIECE_PROGRAM, PIECE_KINDS };
enum { PIECES_MAX = 64, PIECE_SIZE_MAX = 64 << 20 };

struct piece {
    enum piece_kind kind;
    char path[GRADE_PATH];
};

struct pieces {
    unsigned count;
    struct piece piece[PIECES_MAX];
    char unpacked[64]; /* folder that a hand-in was unpacked into; "": none */
};

/* What of a submission belongs to a lesson. False: it cannot be read (problem filled). Nothing that
 * belongs to it is no problem. `alone`: no other lesson is graded, so one script needs no name. */
bool pieces_find(struct pieces *p, const struct submission *s, const struct lesson *lesson,
                 bool alone, struct problem *problem);
void pieces_forget(struct pieces *p);

/* The last part of a path. */
const char *path_name(const char *path);
/* Whether a file is a recording of a session in that lesson. */
bool is_recording_of(const char *path, const struct lesson *lesson);
/* "# variant ID" at the head of a script. */
bool script_variant(const char *path, char *variant, size_t size);

/* Unpacks a hand-in into a new folder; false: it is none, or is damaged (problem filled). */
bool hand_in_is(const char *path);
bool hand_in_unpack(const char *path, char folder[64], struct problem *p);
/* Writes one of these lessons; says what it packs. */
bool hand_in_pack(FILE *out, const struct grade_options *o, struct problem *p);
/* Removes such a folder. */
void hand_in_remove(const char *folder);

/* ---- Results as JSON: getters that forgive what is missing ---- */
const char *json_text(const cJSON *object, const char *key);
double json_number(const cJSON *object, const char *key);
bool json_bool(const cJSON *object, const char *key);
/* "why" and the like: the lines of an array, joined by `between`. */
void json_lines(const cJSON *array, const char *between, char *text, size_t size);
/* The one sentence about a part that was not reached. */
void part_why(const cJSON *part, char *text, size_t size);

/* The formats, each in a file of its own. */
void write_text(const struct grade_options *o, const cJSON *results, FILE *out);
void write_json(const struct grade_options *o, const cJSON *results, FILE *out);
void write_tap(const struct grade_options *o, const cJSON *results, FILE *out);
void write_junit(const struct grade_options *o, const cJSON *results, FILE *out);
void write_gradescope(const struct grade_options *o, const cJSON *results, FILE *out);
void write_exercism(const struct grade_options *o, const cJSON *results, FILE *out);
void write_check50(const struct grade_options *o, const cJSON *results, FILE *out);
void write_csv(const struct grade_options *o, const cJSON *results, FILE *out);

#endif
