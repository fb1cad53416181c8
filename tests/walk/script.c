/* SPDX-License-Identifier: BSD-2-Clause */
/* A walk told in the command language. At the prompt people, not the scheduler, say who acts, so the
 * script says it (`as`), as it was in the walk; and time passes only where programs run. So a script may
 * not come to the same end: walk_script_fails() tries it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"
#include "shell/shell.h"
#include "walk/walk.h"
#include "world/hand.h"

enum { LINE = 600, SCRIPT_MEMORY = 64 << 20 };

/* ---- Lines ---- */

static void write_invocation(const struct machine *m, const struct op *op, FILE *out)
{
    const struct invocation_desc *d = &invocation_table[op->which];
    const struct parameters *row = &m->row[op->which];
    fprintf(out, "seL4_%s_%s(%#" PRIx64, d->interface, d->method, op->service);
    for (unsigned i = 0; i < row->count; i++) {
        if (row->p[i].bits == 0)
            fprintf(out,
                    ", &(seL4_UserContext){ .rip = %#" PRIx64 ", .rsp = %#x, .rflags = 0x202 }",
                    op->arg[i], HAND_STACK + 0x800);
        else
            fprintf(out, ", %#" PRIx64, op->arg[i]);
    }
    fputs(")\n", out);
}

static void write_words(FILE *out, const struct op *op)
{
    unsigned words = op->length < OP_ARGS ? op->length : OP_ARGS;
    fprintf(out, " label %" PRIu64 " length %u", op->label, op->length);
    for (unsigned i = 0; i < op->caps; i++)
        fprintf(out, "%s%#" PRIx64, i ? "," : " caps ", op->cap[i]);
    for (unsigned i = 0; i < words; i++)
        fprintf(out, "%s%#" PRIx64, i ? "," : " words ", op->arg[i]);
}

static void write_message(const struct op *op, FILE *out)
{
    static const struct verb {
        uint8_t syscall;
        const char *verb;
        bool has_slot, has_words;
    } verbs[] = {
        { SYS_Call, "call", true, true },     { SYS_ReplyRecv, "replyrecv", true, true },
        { SYS_Send, "send", true, true },     { SYS_NBSend, "nbsend", true, true },
        { SYS_Recv, "recv", true, false },    { SYS_Reply, "reply", false, true },
        { SYS_Yield, "yield", false, false }, { SYS_NBRecv, "nbrecv", true, false },
    };
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (verbs[i].syscall != op->which) continue;
        fputs(verbs[i].verb, out);
        if (verbs[i].has_slot) fprintf(out, " %#" PRIx64, op->service);
        if (verbs[i].has_words) write_words(out, op);
        fputc('\n', out);
    }
}

static void write_fault(const struct op *op, FILE *out)
{
    switch (op->which) {
    case FAULT_BY_READ: fprintf(out, "read %#" PRIx64 "\n", op->arg[0]); break;
    case FAULT_BY_UD2: fputs("ud2\n", out); break;
    case FAULT_BY_INT3: fputs("int 3\n", out); break;
    default: fprintf(out, "syscall rdx=%#" PRIx64 "\n", op->arg[0]); break;
    }
}

static void write_op(const struct machine *m, const struct op *op, FILE *out)
{
    switch (op->kind) {
    case OP_INVOKE: write_invocation(m, op, out); break;
    case OP_MESSAGE: write_message(op, out); break;
    case OP_ACCEPT: fprintf(out, "accept %#" PRIx64 "\n", op->service); break;
    case OP_FAULT: write_fault(op, out); break;
    case OP_BYTE: fprintf(out, "type %c\n", (char)op->arg[0]); break;
    default: fprintf(out, "# %" PRIu64 " ns pass\n", op->arg[0]); break;
    }
}

static void write_numbers(const struct op *op, FILE *out)
{
    fprintf(out, "#op %u %u %u %u %" PRIx64 " %" PRIx64, op->kind, op->which, op->length, op->caps,
            op->service, op->label);
    for (unsigned i = 0; i < OP_ARGS; i++) fprintf(out, " %" PRIx64, op->arg[i]);
    for (unsigned i = 0; i < MESSAGE_MAX_CAPS; i++) fprintf(out, " %" PRIx64, op->cap[i]);
    fputc('\n', out);
}

/* ---- Scripts ---- */

void walk_write(struct machine *m, const struct walk *walk, const char *claim, FILE *out)
{
    paddr_t seat = kernel_at(&m->w)->root_tcb;
    const struct kernel_config *config = kernel_config(&m->w);
    fprintf(out, "#kernel %u %u\n%s", config->num_domains, config->hardware_debug_api,
            machine_setup);
    machine_reset(m);
    for (size_t i = 0; i < walk->count; i++) {
        const struct op *op = &walk->op[i];
        paddr_t actor = kernel_at(&m->w)->current;
        bool acts = op->kind != OP_TIME && op->kind != OP_BYTE && !machine_is_quiet(m);
        if (acts && actor != seat) {
            fprintf(out, "as %s\n", tcb_debug_at(&m->w, actor)->name);
            seat = actor;
        }
        if (acts || op->kind == OP_TIME || op->kind == OP_BYTE) write_op(m, op, out);
        write_numbers(op, out);
        if (machine_do(m, op)) break;
    }
    fprintf(out, "%s\n", claim);
}

static bool read_numbers(char *line, struct op *op)
{
    word_t word[6 + OP_ARGS + MESSAGE_MAX_CAPS];
    enum { WORDS = sizeof word / sizeof word[0] };
    for (unsigned i = 0; i < WORDS; i++) {
        char *end;
        word[i] = strtoull(line, &end, i < 4 ? 10 : 16);
        if (end == line) return false;
        line = end;
    }
    *op = (struct op){ .kind = (uint8_t)word[0],
                       .which = (uint8_t)word[1],
                       .length = (uint8_t)word[2],
                       .caps = (uint8_t)word[3],
                       .service = word[4],
                       .label = word[5] };
    memcpy(op->arg, &word[6], sizeof op->arg);
    memcpy(op->cap, &word[6 + OP_ARGS], sizeof op->cap);
    return op->kind <= OP_BYTE && op->caps <= MESSAGE_MAX_CAPS && op->length < 128 &&
           (op->kind != OP_INVOKE || op->which < invocation_rows);
}

bool walk_read(FILE *in, struct walk *walk, struct kernel_config *config)
{
    char line[LINE];
    struct op op;
    unsigned domains, debug;
    *config = kernel_config_default;
    while (fgets(line, sizeof line, in)) {
        if (sscanf(line, "#kernel %u %u", &domains, &debug) == 2) {
            config->num_domains = domains >= 1 && domains <= MAX_DOMAINS ? (uint8_t)domains : 1;
            config->hardware_debug_api = debug != 0;
        }
        if (strncmp(line, "#op ", 4) != 0) continue;
        if (!read_numbers(line + 4, &op)) return false;
        walk_add(walk, &op);
    }
    return walk->count > 0;
}

bool walk_script_fails(const char *path, const struct kernel_config *config)
{
    struct problem p;
    FILE *nowhere = fopen("/dev/null", "w");
    struct shell sh = { .width = 80, .top = "", .out = nowhere, .err = nowhere };
    sh.session = session_open(config, SCRIPT_MEMORY, &p);
    enum outcome outcome = OUTCOME_FAILED;
    if (sh.session && session_boot_prompt(sh.session, &p)) outcome = script_file(&sh, path, &p);
    if (sh.session) session_close(sh.session);
    fclose(nowhere);
    return outcome == OUTCOME_CHECK;
}
