/* SPDX-License-Identifier: BSD-2-Clause */
/* The lint of a lesson: what is looked at, in which order. */
#include "course/check_inside.h"

#include <stdlib.h>
#include <string.h>

unsigned lesson_check(const char *folder, FILE *out)
{
    struct problem p;
    struct check *c = calloc(1, sizeof *c);
    if (!c) abort();
    c->out = out;
    snprintf(c->folder, sizeof c->folder, "%s", folder);
    for (size_t n = strlen(c->folder); n > 1 && c->folder[n - 1] == '/';) c->folder[--n] = '\0';
    c->lesson = lesson_load(c->folder, &p);
    if (!c->lesson) {
        free(c);
        return (unsigned)problem_say(out, "", &p, 1);
    }
    if (!lesson_is_named_well(c->folder))
        complain(c, "lesson.md", 0, "progress and hand-ins are kept by that name",
                 LESSON_NAME_RULE);
    known_begin(&c->known);
    bool whole = check_readable(c, "");
    check_readable(c, "wrong");
    check_readable(c, "programs");
    check_files(c);
    if (whole) check_scripts(c);
    check_texts(c);
    known_end(&c->known);
    lesson_free(c->lesson);
    unsigned complaints = c->complaints;
    free(c);
    return complaints;
}
