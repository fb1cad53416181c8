/* SPDX-License-Identifier: BSD-2-Clause */
/* symbols: the names and C lines of a program that a guest has loaded by itself, as capDL's loader and
 * sel4utils do. */
#include "shell/commands.h"
#include "shell/recording.h"
#include "world/image.h"

enum outcome verb_symbols(struct shell *sh, struct args *a)
{
    char given[1024], file[2048];
    const char *word;
    paddr_t tcb = a->sc.seat;
    if (!arg_text(a, "a file", &word)) return OUTCOME_FAILED;
    if (arg_more(a) && !arg_thread(a, &tcb)) return OUTCOME_FAILED;
    if (!arg_end(a)) return OUTCOME_FAILED;
    word_unquote(word, given, sizeof given);
    if (!shell_read_file(sh, given, file, sizeof file, &a->problem)) return OUTCOME_FAILED;
    act_begin(sh);
    if (!session_know_image(sh->session, tcb, file, &a->problem)) return OUTCOME_FAILED;
    if (!sh->silent)
        shell_say(sh, "  %zu names; `disassemble` and breakpoints know them.",
                  session_image(sh->session, tcb)->symbol_count);
    return OUTCOME_DONE;
}
