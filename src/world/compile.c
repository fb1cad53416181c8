/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline cc`: options in, one command of the host's compiler out. No shell stands between. */
#include "world/compile.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world/share.h"

enum { WORDS_MAX = 512, TEXT_MAX = 64 * 1024, EXIT_USAGE = 2 };

extern char **environ;

/* A command line being put together; its words that are no arguments of ours lie in `text`. */
struct command {
    char *word[WORDS_MAX + 1];
    size_t words, used;
    bool full;
    char text[TEXT_MAX];
};

struct options {
    const char *kernel, *output;
    bool verbose, help;
    int sources;
    struct command user; /* what goes to the compiler as it is */
};

static const struct {
    const char *name, *defines[2];
} kernels[] = {
#define KERNEL(name, mcs, debug)                                                                   \
    { name,                                                                                        \
      { (mcs) ? "-DCONFIG_KERNEL_MCS=1" : NULL,                                                    \
        (debug) ? "-DCONFIG_HARDWARE_DEBUG_API=1" : NULL } },
#include "world/kernels.def"
#undef KERNEL
};
enum { KERNELS = sizeof kernels / sizeof *kernels };

/* Flags that make a guest program of C: nothing of the host's system in it, for the processor that the
 * machine is, the same bytes at every run. */
static const char *const flags[] = {
    "-O1",
    "-g",
    "-Wall",
    "-ffreestanding",
    "-fno-pic",
    "-fno-pie",
    "-march=nehalem",
    "-ftls-model=local-exec",
    "-fno-stack-protector",
    "-fno-stack-clash-protection",
    "-fcf-protection=none",
    "-fno-asynchronous-unwind-tables",
    "-nostdlib",
    "-static",
    "-Wl,--build-id=none,-z,noexecstack,-z,norelro,-z,max-page-size=4096",
};

static const char *const runtime_files[] = { "start.S", "runtime.c", "memory.c", "print.c" };

/* Options that go to the compiler as they are, by their beginning. */
static const char *const passed[] = { "-O", "-D", "-U", "-W", "-f", "-g", "-m", "-std=", "-w" };

static const char usage[] =
    "usage: faultline cc [-O…] [-I DIR] [-D NAME] [--kernel=nonmcs|mcs|debug|mcs-debug] [-v]\n"
    "                    FILE.c|FILE.S… [-o PROGRAM.elf]\n"
    "Compiles and links a program for the simulated machine with $CC, or else cc.\n"
    "A root task runs with `faultline boot PROGRAM.elf`, any other with `load` at the prompt.\n";

static int fail(const char *tip, const char *what, const char *about)
{
    fprintf(stderr, "faultline cc: ");
    fprintf(stderr, what, about);
    fprintf(stderr, "\ntip: %s\n", tip);
    return EXIT_USAGE;
}

static void add(struct command *c, const char *word)
{
    if (c->words < WORDS_MAX)
        c->word[c->words++] = (char *)(uintptr_t)word;
    else
        c->full = true;
}

/* Adds `before`, `middle` and `after` as one word. */
static const char *add_joined(struct command *c, const char *before, const char *middle,
                              const char *after)
{
    char *at = c->text + c->used;
    size_t room = sizeof c->text - c->used;
    int length = snprintf(at, room, "%s%s%s", before, middle, after);
    if (length < 0 || (size_t)length >= room) return c->full = true, "";
    c->used += (size_t)length + 1;
    add(c, at);
    return at;
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), want = strlen(end);
    return length > want && strcmp(text + length - want, end) == 0;
}

static int read_file(struct options *o, const char *file)
{
    bool is_library = ends_in(file, ".a");
    if (!ends_in(file, ".c") && !ends_in(file, ".S") && !is_library)
        return fail("C ends in .c, assembly in .S, a library in .a",
                    "what is %s? not C, not assembly", file);
    if (access(file, R_OK) != 0)
        return fail("check the name; paths count from where you are", "cannot read %s", file);
    add(&o->user, file);
    o->sources += !is_library;
    return 0;
}

static int read_kernel(struct options *o, const char *name)
{
    for (size_t i = 0; i < KERNELS; i++) {
        if (strcmp(kernels[i].name, name) != 0) continue;
        o->kernel = kernels[i].name;
        return 0;
    }
    return fail("kernels are nonmcs, mcs, debug and mcs-debug", "there is no kernel '%s'", name);
}

static bool is_passed(const char *option)
{
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        if (strncmp(option, passed[i], strlen(passed[i])) == 0) return true;
    return false;
}

/* An option that stands alone, its word behind it: -I DIR. */
static bool takes_word(const char *option)
{
    return strcmp(option, "-I") == 0 || strcmp(option, "-D") == 0 || strcmp(option, "-U") == 0;
}

/* Reads the option at argv[*at]; takes the next word, too, where the option wants one. */
static int read_option(struct options *o, char **argv, int *at)
{
    const char *option = argv[*at];
    bool has_next = argv[*at + 1] != NULL;
    if (strncmp(option, "--kernel=", 9) == 0) return read_kernel(o, option + 9);
    if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) return o->help = true, 0;
    if (strcmp(option, "-v") == 0) return o->verbose = true, 0;
    if (strcmp(option, "--kernel") == 0 && has_next) return read_kernel(o, argv[++*at]);
    if (strcmp(option, "-o") == 0 && has_next) return o->output = argv[++*at], 0;
    if (takes_word(option) && has_next) {
        add_joined(&o->user, option, argv[++*at], "");
        return 0;
    }
    if (strncmp(option, "-I", 2) == 0 && option[2]) return add(&o->user, option), 0;
    if (takes_word(option) || strcmp(option, "-o") == 0 || strcmp(option, "--kernel") == 0)
        return fail("a name belongs behind it", "%s is the last word", option);
    if (!is_passed(option))
        return fail("`faultline cc --help` lists them; programs are linked with the runtime only",
                    "option %s is not known", option);
    add(&o->user, option);
    return 0;
}

static int read_options(struct options *o, int argc, char **argv)
{
    o->kernel = kernels[0].name;
    for (int i = 1; i < argc; i++) {
        int status = argv[i][0] == '-' ? read_option(o, argv, &i) : read_file(o, argv[i]);
        if (status) return status;
    }
    if (o->help) return 0;
    if (!o->sources)
        return fail("faultline cc program.c -o program.elf", "%s", "no source file was given");
    if (o->output) return 0;
    o->output = "program.elf";
    return 0;
}

/* The compiler itself: its first words, `$CC` split at blanks. */
static bool add_compiler(struct command *c, unsigned choice)
{
#ifdef __x86_64__
    static const char *const choices[] = { "cc", "gcc", "clang" };
#else
    static const char *const choices[] = { "x86_64-linux-gnu-gcc",
                                           "clang --target=x86_64-linux-gnu -fuse-ld=lld" };
#endif
    const char *given = getenv("CC");
    if (given && !given[strspn(given, " ")]) given = NULL;
    if (given ? choice > 0 : choice >= sizeof choices / sizeof *choices) return false;
    for (const char *at = given ? given : choices[choice]; *at;) {
        char word[1024];
        size_t length = strcspn(at, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        if (length) add_joined(c, word, "", "");
        at += length;
        at += strspn(at, " ");
    }
    return true;
}

static void add_kernel(struct command *c, const char *kernel)
{
    add_joined(c, "-DFAULTLINE_KERNEL=", kernel, "");
    for (size_t i = 0; i < KERNELS; i++)
        for (size_t j = 0; kernels[i].name == kernel && j < 2; j++)
            if (kernels[i].defines[j]) add(c, kernels[i].defines[j]);
}

static void add_arguments(struct command *c, const struct options *o, const char *share)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) add(c, flags[i]);
    add_kernel(c, o->kernel);
    for (size_t i = 0; i < o->user.words; i++) add(c, o->user.word[i]);
    add(c, "-include");
    add_joined(c, share, "/include/runtime/", "assembly.h");
    add(c, "-isystem");
    add_joined(c, share, "/include", "");
    add(c, "-isystem");
    add_joined(c, share, "/include/guest", "");
    for (size_t i = 0; i < sizeof runtime_files / sizeof *runtime_files; i++)
        add_joined(c, share, "/include/runtime/", runtime_files[i]);
    add(c, "-T");
    add_joined(c, share, "/include/runtime/guest.ld", "");
    add(c, "-o");
    add(c, o->output);
}

/* Runs the command. Returns its exit status, or -1 with errno when it cannot be started. */
static int run_compiler(const struct command *c, bool verbose)
{
    pid_t child;
    int status;
    for (size_t i = 0; verbose && i < c->words; i++)
        fprintf(stderr, "%s%c", c->word[i], i + 1 < c->words ? ' ' : '\n');
    int error = posix_spawnp(&child, c->word[0], NULL, NULL, c->word, environ);
    if (error) return errno = error, -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

static int no_compiler(struct problem *missing)
{
    const char *given = getenv("CC");
    if (given)
        problem_set(missing, "CC names the compiler: correct or unset it", "cannot run '%.100s'",
                    given);
    else
        problem_set(missing, "install one (Debian: apt install gcc), or name one: CC=clang", "%s",
                    "no C compiler for x86-64 is here");
    return EXIT_USAGE;
}

static int compile(const struct options *o, struct command *c, struct problem *missing)
{
    char share[4096];
    if (!share_directory(share, sizeof share))
        return fail("set FAULTLINE_SHARE to the directory that has include/sel4/", "%s",
                    "the headers for guest programs cannot be found");
    for (unsigned choice = 0;; choice++) {
        memset(c, 0, sizeof *c);
        if (!add_compiler(c, choice)) break;
        add_arguments(c, o, share);
        if (c->full || o->user.full)
            return fail("compile fewer files at once", "%s", "the command line is too long");
        int status = run_compiler(c, o->verbose);
        if (status >= 0) return status;
        if (errno != ENOENT && errno != EACCES) break;
    }
    return no_compiler(missing);
}

int compile_program(int argc, char **argv, struct problem *missing)
{
    struct options *o = calloc(1, sizeof *o);
    struct command *c = calloc(1, sizeof *c);
    int status = EXIT_USAGE;
    missing->text[0] = '\0';
    if (o && c) {
        status = read_options(o, argc, argv);
        if (!status && o->help) fputs(usage, stdout);
        if (!status && !o->help) status = compile(o, c, missing);
    }
    free(c);
    free(o);
    return status;
}

int compile_main(int argc, char **argv)
{
    struct problem missing;
    int status = compile_program(argc, argv, &missing);
    return missing.text[0] ? fail(missing.tip, "%s", missing.text) : status;
}
