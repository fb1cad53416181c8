/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline boot`: runs a root task with nobody at it, as fast as the core goes. What guests and the
 * kernel print goes to standard output as one stream, as on the serial line of the real machine. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world/boot.h"
#include "world/choice.h"
#include "world/ending.h"
#include "world/input.h"
#include "world/option.h"

enum { EXIT_OK = 0, EXIT_CHECK = 1, EXIT_USAGE = 2, EXIT_LIMIT = 4, EXIT_INTERRUPTED = 130 };
enum { CHUNK = 1 << 20 }; /* instructions between two looks at the interrupt flag */

struct options {
    const char *path, *until, *kernel;
    uint64_t max_steps; /* 0: none */
    struct boot_choice choice;
};

/* What is heard of the machine, and whether `until` has been. */
struct serial {
    struct serial_input input;
    struct ending ending;
    const struct boot_listener *listener; /* or NULL */
    size_t events;
    const struct world *world;
    const char *until;
    size_t until_length;
    size_t *fallback; /* of each prefix of `until`, the longest proper prefix that ends it */
    size_t matched;
    bool found;
};

/* Set by Ctrl-C. The one thing that a signal may touch. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* ---- The serial line ---- */

static bool serial_expect(struct serial *s, const char *until)
{
    s->until = until;
    s->until_length = until ? strlen(until) : 0;
    if (!s->until_length) return true;
    s->fallback = calloc(s->until_length + 1, sizeof *s->fallback);
    if (!s->fallback) return false;
    for (size_t i = 1, k = 0; i < s->until_length; i++) {
        while (k && until[i] != until[k]) k = s->fallback[k];
        if (until[i] == until[k]) k++;
        s->fallback[i + 1] = k;
    }
    return true;
}

static void serial_put(struct serial *s, char c)
{
    putc(c, stdout);
    if (!s->until_length || s->found) return;
    while (s->matched && s->until[s->matched] != c) s->matched = s->fallback[s->matched];
    if (s->until[s->matched] == c) s->matched++;
    if (s->matched == s->until_length) s->found = true;
}

static void serial_hear(void *listener, const struct event *e)
{
    struct serial *s = listener;
    if (s->listener) s->listener->hear(s->listener->context, s->world, s->events++, e);
    ending_hear(&s->ending, e);
    if (e->kind == EVENT_CONSOLE) serial_put(s, (char)e->arg[0]);
    if (e->kind == EVENT_KERNEL_PRINT)
        for (const char *c = e->text; *c; c++) serial_put(s, *c);
}

/* ---- The run ---- */

static void enter_kernel(struct world *w, const struct trap *trap, uint64_t *steps)
{
    kernel_entry(w, trap);
    ++*steps;
}

/* Nobody runs, but time brings somebody back: the clock goes to the next device event, or byte. */
static void skip_time(struct world *w, const struct serial_input *in)
{
    word_t next = kernel_next_event(w), typed = input_due(in, w);
    if (typed < next) next = typed;
    if (next > cpu_at(w)->clock) cpu_edit(w)->clock = next;
}

static uint64_t budget_of(const struct world *w, const struct options *o, uint64_t steps,
                          word_t input_at)
{
    uint64_t budget = CHUNK, now = cpu_at(w)->clock, next = kernel_next_event(w);
    if (next > now && next - now < budget) budget = next - now;
    if (input_at > now && input_at - now < budget) budget = input_at - now;
    if (o->max_steps && o->max_steps - steps < budget) budget = o->max_steps - steps;
    return budget;
}

/* Whether somebody at the other end of the serial line brings it back to life; or Ctrl-C, to an end. */
static bool is_woken(struct world *w, struct serial_input *in)
{
    fflush(stdout);
    return input_wait(in, w) || interrupted;
}

/* Runs until a reason to end; returns the exit status. */
static int run(struct world *w, struct core *core, const struct options *o, struct serial *serial)
{
    struct serial_input *in = &serial->input;
    const struct trap device = { .kind = TRAP_DEVICE };
    uint64_t steps = 0;
    while (!serial->found) {
        if (interrupted) return EXIT_INTERRUPTED;
        if (o->max_steps && steps >= o->max_steps) return EXIT_LIMIT;
        if (kernel_at(w)->halted) break;
        if (kernel_at(w)->current == kernel_at(w)->idle) {
            if (world_is_dead(w) && !is_woken(w, in)) break;
            skip_time(w, in);
        }
        input_feed(in, w);
        if (kernel_interrupt_due(w)) {
            enter_kernel(w, &device, &steps);
            continue;
        }
        if (kernel_at(w)->current == kernel_at(w)->idle) continue;
        uint64_t before = cpu_at(w)->retired;
        struct trap trap = core_run(core, w, budget_of(w, o, steps, input_due(in, w)));
        steps += cpu_at(w)->retired - before;
        if (trap.kind != TRAP_NONE) enter_kernel(w, &trap, &steps);
    }
    return o->until && !serial->found ? EXIT_CHECK : EXIT_OK;
}

static void say_wait(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "  %s\n", text);
}

static void say_end(const struct world *w, const struct options *o, const struct ending *ending,
                    int status)
{
    if (status == EXIT_LIMIT)
        fprintf(stderr, "faultline: stopped after %" PRIu64 " steps\n", o->max_steps);
    if (status == EXIT_INTERRUPTED) fprintf(stderr, "faultline: interrupted\n");
    if (status == EXIT_CHECK) fprintf(stderr, "faultline: \"%s\" was not printed\n", o->until);
    if (status != EXIT_OK && status != EXIT_CHECK) return;
    if (kernel_at(w)->halted) {
        fprintf(stderr, "faultline: the machine was halted\n");
    } else if (world_is_dead(w)) {
        fprintf(stderr, "faultline: no thread can run any more:\n");
        ending_explain(w, ending, say_wait, NULL);
    }
}

/* ---- Options ---- */

static int usage(const char *what, const char *argument)
{
    fprintf(stderr, "faultline: %s%s\n", what, argument);
    fprintf(
        stderr,
        "usage: faultline boot IMAGE.elf [--max-steps N] [--until TEXT] [--memory SIZE] "
        "[--kernel=CONFIG]\n                      [--root-cnode-bits N] [--domains N] [--fsgsbase] "
        "[--no-x87]\n                      [--prompt | --screen]\n");
    return EXIT_USAGE;
}

static int parse_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        const char *value;
        struct problem p;
        if (choice_option(argc, argv, &i, &o->choice, &p)) {
            if (p.text[0]) return usage(p.text, "");
        } else if ((value = option_value(argc, argv, &i, "--max-steps"))) {
            if (!option_size(value, &o->max_steps))
                return usage("--max-steps wants a number, not ", value);
        } else if ((value = option_value(argc, argv, &i, "--until"))) {
            if (!*value) return usage("--until wants a text", "");
            o->until = value;
        } else if ((value = option_value(argc, argv, &i, "--kernel"))) {
            o->kernel = value;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            return usage("unknown option ", argv[i]);
        } else if (o->path) {
            return usage("more than one image: ", argv[i]);
        } else {
            o->path = argv[i];
        }
    }
    return o->path ? EXIT_OK : usage("boot wants the image to boot", "");
}

static int fail(const struct problem *p)
{
    fprintf(stderr, "faultline: %s\n", p->text);
    if (p->tip[0]) fprintf(stderr, "tip: %s\n", p->tip);
    return EXIT_USAGE;
}

static int run_world(struct world *w, const struct options *o, const struct boot_listener *listener)
{
    struct serial serial = { .listener = listener, .world = w };
    size_t size = (core_size() + PAGE_SIZE - 1) & ~(size_t)(PAGE_SIZE - 1);
    void *memory = aligned_alloc(PAGE_SIZE, size);
    int status = EXIT_USAGE;
    if (memory && serial_expect(&serial, o->until)) {
        w->hear = serial_hear;
        w->listener = &serial;
        if (!listener)
            w->deaf = ~(UINT64_C(1) << EVENT_CONSOLE | UINT64_C(1) << EVENT_KERNEL_PRINT |
                        UINT64_C(1) << EVENT_DOUBLE_FAULT);
        input_open(&serial.input, STDIN_FILENO);
        status = run(w, core_init(memory), o, &serial);
        fflush(stdout);
        say_end(w, o, &serial.ending, status);
    } else {
        fprintf(stderr, "faultline: no room in memory\n");
    }
    free(serial.fallback);
    free(memory);
    return status;
}

int boot_main(int argc, char **argv, const struct boot_listener *listener)
{
    struct options o = { 0 };
    struct problem p = { 0 };
    int status = parse_options(argc, argv, &o);
    if (status != EXIT_OK) return status;
    struct kernel_config config;
    struct image *image = boot_program(o.path, o.kernel, &config, &p);
    if (!image) return fail(&p);
    struct world w;
    if (!world_open(&w, choice_memory(&o.choice, BOOT_MEMORY_SIZE))) {
        image_close(image);
        problem_set(&p, "try --memory 512M", "no room for a machine with so much memory");
        return fail(&p);
    }
    choice_configure(&o.choice, &config);
    bool booted = boot_image(&w, &config, image, &p);
    if (booted) choice_fit(&o.choice, &w);
    image_close(image);
    signal(SIGINT, on_interrupt);
    if (!isatty(STDOUT_FILENO)) setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    status = booted ? run_world(&w, &o, listener) : fail(&p);
    world_close(&w);
    return status;
}
