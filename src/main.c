/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's entry: which face of the machine a person gets. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "course/course.h"
#include "course/list.h"
#include "front/front.h"
#include "grade/grade.h"
#include "shell/leave.h"
#include "shell/quiz_main.h"
#include "shell/recording.h"
#include "shell/replay_main.h"
#include "view/event_json.h"
#include "world/boot.h"
#include "world/compile.h"
#include "world/option.h"

/* ---- Events as data ---- */

static void write_boot_event(void *file, const struct world *w, size_t number,
                             const struct event *e)
{
    event_json_write(file, w, NULL, number, e);
}

/* Takes --events=FILE (or two words) out of the arguments and opens the file. False: it cannot be. */
static bool take_events(int *argc, char **argv, FILE **events)
{
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        const char *path = option_value(*argc, argv, &i, "--events");
        if (!path) {
            argv[kept++] = argv[i];
            continue;
        }
        if (*events) fclose(*events);
        *events = fopen(path, "w");
        if (*events) continue;
        fprintf(stderr, "faultline: %s: %s\n", path, strerror(errno));
        return false;
    }
    argv[ *argc = kept] = NULL;
    return true;
}

/* What could not be written is said, and is no success. */
static int end_events(FILE *events, int status)
{
    if (!events) return status;
    bool failed = ferror(events) != 0;
    if (fclose(events) == 0 && !failed) return status;
    fprintf(stderr, "faultline: the file of events is not whole: %s\n", strerror(errno));
    return status ? status : EXIT_USAGE;
}

static int run_boot(int argc, char **argv, FILE *events)
{
    const struct boot_listener listener = { write_boot_event, events };
    return boot_main(argc, argv, events ? &listener : NULL);
}

static int run_machine(int argc, char **argv, FILE *events)
{
    struct records records = { .file = NULL };
    struct problem p;
    struct options o = { .events = events, .kernel = kernel_config_default, .records = &records };
    const char *word = argc > 1 ? argv[1] : "";
    int status;
    if (strcmp(word, "lesson") == 0 && course_main(argc - 1, argv + 1, &status)) return status;
    bool boots = strcmp(word, "boot") == 0, sits = options_want_a_seat(argc, argv);
    if (boots && !sits) return options_drop_form(&argc, argv), run_boot(argc - 1, argv + 1, events);
    bool has_word = boots || strcmp(word, "run") == 0 || strcmp(word, "lesson") == 0;
    if (!options_read(argc - has_word, argv + has_word, &o)) return EXIT_USAGE;
    o.converses = strcmp(word, "run") != 0;
    if (boots) {
        if (!o.operand) return front_usage("boot what? ", "faultline boot IMAGE.elf");
        o.image = o.operand;
        o.operand = NULL;
    }
    if (strcmp(word, "lesson") == 0 && !o.operand && !o.screen && !o.keys) {
        course_list(o.language, o.plain, stdout);
        return 0;
    }
    if (!has_word && o.operand && !o.screen && !o.keys)
        return front_usage("there is no such thing to do: ", o.operand);
    if (o.record && !(records.file = record_open(o.record, &p))) return front_say(&p, EXIT_USAGE);
    status = !o.converses                  ? run_script(&o)
             : strcmp(word, "lesson") == 0 ? run_lesson(&o)
                                           : run_prompt(&o);
    if (records.file) record_close(records.file, true); /* there was no session */
    return status;
}

/* What is printed without a machine; false: the word is none of these. */
static bool print_and_leave(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        help_print();
    else if (strcmp(word, "--version") == 0)
        puts("faultline " FAULTLINE_VERSION);
    else if (strcmp(word, "--print-commands") == 0)
        commands_document(stdout);
    else if (strcmp(word, "--print-events") == 0)
        events_document(stdout);
    else
        return false;
    return true;
}

/* Verbs that need no machine, or bring their own: each reads its own options. */
static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
    bool has_help, keeps_form; /* --help of its own; --plain and --color are for it to read */
} verbs[] = {
    { "cc", compile_main, true, true },        { "grade", grade_main, true, true },
    { "hand-in", hand_in_main, false, false }, { "quiz", quiz_main, true, false },
    { "replay", replay_main, true, true },     { "report", report_main, true, false },
};

/* False: it is none of these. */
static bool run_verb(int argc, char **argv, int *status)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (argc < 2 || strcmp(verbs[i].word, argv[1]) != 0) continue;
        bool helps = argc == 3 && strcmp(argv[2], "--help") == 0 && !verbs[i].has_help;
        if (!verbs[i].keeps_form) options_drop_form(&argc, argv);
        *status = 0;
        if (helps)
            help_print();
        else
            *status = verbs[i].run(argc - 1, argv + 1);
        return true;
    }
    return false;
}

/* Where one of the first three files is closed another one that is opened would get what is said. */
static void fill_descriptors(void)
{
    int file;
    while ((file = open("/dev/null", O_RDWR)) >= 0 && file <= STDERR_FILENO) {
    }
    if (file >= 0) close(file);
}

static int run_all(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    FILE *events = NULL;
    int status;
    if (print_and_leave(word)) return 0;
    if (run_verb(argc, argv, &status)) return leave_if_wanted(), status;
    if (argc == 3 && strcmp(argv[2], "--help") == 0) return help_print(), 0;
    if (!take_events(&argc, argv, &events)) return EXIT_USAGE;
    status = end_events(events, run_machine(argc, argv, events));
    leave_if_wanted();
    return status;
}

/* Who reads a file of ours must not take half of it for the whole: a disk may be full. Whoever stops
 * reading a pipe knows. */
static int end_output(int status)
{
    bool lost = ferror(stdout) != 0;
    errno = 0;
    lost |= fflush(stdout) != 0;
    if (!lost || status || errno == EPIPE) return status;
    fprintf(stderr, "faultline: not all of it could be written%s%s\n", errno ? ": " : "",
            errno ? strerror(errno) : "");
    return EXIT_CHECK;
}

int main(int argc, char **argv)
{
    fill_descriptors();
    verb_first(argc, argv);
    return end_output(run_all(argc, argv));
}
