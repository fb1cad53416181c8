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
    for (; argc > 1 && options_take_form(argv[1], &o); argc--)
        argv++; /* in front of `lesson N`, too */
    const char *word = argc > 1 ? argv[1] : "";
    int status;
    if (strcmp(word, "grade") == 0) return grade_main(argc - 1, argv + 1);
    if (strcmp(word, "hand-in") == 0) return hand_in_main(argc - 1, argv + 1);
    if (strcmp(word, "lesson") == 0 && course_main(argc - 1, argv + 1, &status)) return status;
    bool boots = strcmp(word, "boot") == 0, sits = o.screen || options_want_a_seat(argc, argv);
    if (boots && !sits) return run_boot(argc - 1, argv + 1, events);
    bool has_word = boots || strcmp(word, "run") == 0 || strcmp(word, "lesson") == 0;
    if (!options_read(argc - has_word, argv + has_word, &o)) return EXIT_USAGE;
    o.converses = strcmp(word, "run") != 0;
    if (boots) {
        if (!o.operand) return front_usage("boot what? ", "faultline boot IMAGE.elf");
        o.image = o.operand;
        o.operand = NULL;
    }
    if (strcmp(word, "lesson") == 0 && !o.operand && !o.screen && !o.keys) {
        course_list(lesson_language(o.language), o.plain, stdout);
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

static bool has_own_help(const char *word)
{
    static const char *const words[] = { "grade", "quiz", "replay", "report", "cc" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0) return true;
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

int main(int argc, char **argv)
{
    fill_descriptors();
    const char *word = argc > 1 ? argv[1] : "";
    FILE *events = NULL;
    if (print_and_leave(word)) return 0;
    if (argc == 3 && !has_own_help(word) && strcmp(argv[2], "--help") == 0) return help_print(), 0;
    if (strcmp(word, "cc") == 0) return compile_main(argc - 1, argv + 1);
    if (strcmp(word, "quiz") == 0) return quiz_main(argc - 1, argv + 1);
    if (strcmp(word, "replay") == 0) return replay_main(argc - 1, argv + 1);
    if (strcmp(word, "report") == 0) return report_main(argc - 1, argv + 1);
    if (!take_events(&argc, argv, &events)) return EXIT_USAGE;
    int status = end_events(events, run_machine(argc, argv, events));
    leave_if_wanted();
    return status;
}
