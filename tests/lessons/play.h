/* SPDX-License-Identifier: BSD-2-Clause */
/* Playing scripts in lessons, as `faultline run` does, with what came of it kept. */
#ifndef FAULTLINE_TESTS_PLAY_H
#define FAULTLINE_TESTS_PLAY_H

#include "shell/shell.h"

/* What became of one script. */
struct play {
    enum outcome outcome;
    bool done;     /* all goals are reached */
    char goal[64]; /* id of the goal that is open; "": none */
    uint64_t hash; /* of the machine at the end */
    char *
        said; /* everything, with each run of blanks and line ends as one blank; freed by play_free */
};

/* Plays FOLDER/SCRIPT in the lesson; `variant` may be NULL. Fails the test when the lesson does not open. */
struct play play_script(const char *folder, const char *script, const char *variant);
void play_free(struct play *p);

/* Blanks and line ends become one blank each. */
void squeeze(char *text);

/* Calls `each` for every entry of a directory whose name ends so, in order of names. */
void play_each(const char *directory, const char *ending,
               void (*each)(void *context, const char *name), void *context);

#endif
