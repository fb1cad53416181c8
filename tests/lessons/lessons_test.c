/* SPDX-License-Identifier: BSD-2-Clause */
/* Every lesson keeps what the format promises (course/check.h): its solution, wrong attempts, texts. */
#include "lessons/each.h"

#include <stdlib.h>

#include "course/check.h"

static void lesson_passes_its_check(void **state)
{
    char *said;
    size_t size;
    FILE *out = open_memstream(&said, &size);
    assert_non_null(out);
    unsigned complaints = lesson_check(*state, out);
    fclose(out);
    if (complaints) fail_msg("%s", said);
    free(said);
}

int main(int argc, char **argv)
{
    const struct lesson_tests tests = { .group = "lessons",
                                        .before = "lesson_",
                                        .after = "_passes_its_check",
                                        .test = lesson_passes_its_check };
    return lesson_tests_run(&tests, argc, argv);
}
