/* SPDX-License-Identifier: BSD-2-Clause */
/* Any lines typed at the prompt: each is done or refused with a sentence, and the kernel's rules hold
 * behind them. */
#include <stdlib.h>
#include <string.h>

#include "shell/shell.h"
#include "world/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 16 << 20, MAX_STEPS = 20000, MAX_LINE = 400 };

static void type_all(struct shell *sh, const uint8_t *data, size_t size)
{
    const char *at = (const char *)data, *end = at + size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        char line[MAX_LINE + 1];
        if (length <= MAX_LINE) {
            memcpy(line, at, length);
            line[length] = '\0';
            if (shell_line(sh, line) == OUTCOME_QUIT) return;
        }
        at += length + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem p;
    char *said = NULL;
    size_t said_size = 0;
    struct shell sh = { .width = 80, .top = "", .typed = true };
    sh.out = sh.err = open_memstream(&said, &said_size);
    sh.session = session_open(&kernel_config_default, MEMORY, &p);
    if (!sh.out || !sh.session || !session_boot_prompt(sh.session, &p)) abort();
    session_limit(sh.session, MAX_STEPS);
    type_all(&sh, data, size);
    if (kernel_check_invariants(session_world_at(sh.session))) abort();
    session_close(sh.session);
    fclose(sh.out);
    free(said);
    return 0;
}
