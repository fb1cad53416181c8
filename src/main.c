/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's entry: options, and which face of the machine a person gets. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "course/course.h"
#include "course/list.h"
#include "grade/grade.h"
#include "screen/screen.h"
#include "shell/leave.h"
#include "shell/quiz_main.h"
#include "shell/recording.h"
#include "shell/replay_main.h"
#include "view/event_json.h"
#include "view/palette.h"
#include "world/boot.h"
#include "world/compile.h"
#include "world/kernels.h"
#include "world/option.h"
#include "world/share.h"

#define PROMPT_MEMORY (UINT64_C(64) << 20)

enum { HISTORY_MOST = 1 << 20 }; /* MiB */

/* Of all sessions of this process. */
struct records {
    struct recorder *file; /* --record FILE, until the first session takes it */
    bool failed;           /* there is no folder of the user's: that was said */
};

/* What the command line says. */
struct options {
    uint64_t max_steps; /* 0: no limit */
    uint64_t history;   /* mebibytes that going back may use; 0: as many as usual */
    const char *variant, *language;
    const char *operand; /* script, or lesson */
    FILE *events;        /* where they are written as JSON Lines, or NULL */
    struct kernel_config kernel;
    bool screen, dump, ascii, plain, no_record;
    const char *record; /* file; NULL: in the user's folder, when a person types */
    struct records *records;
    bool converses; /* somebody types, or a pipe; not only a script */
    enum colour_wish colour;
    const char *image; /* a root task of the user's own; NULL: the prompt's */
    const char *kernel_name;
    uint64_t memory, domains;
    bool fsgsbase, no_x87;
    const char *keys, *size; /* of a screen without a terminal: a file; COLUMNSxROWS */
};

static int usage(const char *problem, const char *word)
{
    fprintf(stderr, "faultline: %s%s\n  tip: faultline --help\n", problem, word);
    return EXIT_USAGE;
}

static void help(void)
{
    puts(
        "faultline: seL4 faults, capabilities and IPC on a simulated x86-64\n"
        "\n"
        "  faultline                          the prompt; from a pipe: a script\n"
        "  faultline lesson                   the lessons, and what you have done of them\n"
        "  faultline lesson N | next          one of them; the first that is not done\n"
        "  faultline lesson N --watch         compiles and tries your program when you save it\n"
        "  faultline lesson check [DIR…]      whether lessons keep what their format promises\n"
        "  faultline lesson new NAME          a lesson of your own to begin with\n"
        "  faultline lesson print 1-8 [--answers]     exercise sheets, in Markdown\n"
        "  faultline lesson export|import FILE        your progress, to carry it elsewhere\n"
        "  faultline quiz [--seed N] [--answers]      questions without end (--help says more)\n"
        "  faultline grade LESSON FILE…       what students have done (--help says more)\n"
        "  faultline hand-in 1-8 -o FILE      what you have done, in one file for the teacher\n"
        "  faultline run FILE [--max-steps N] a script; expect makes it a test\n"
        "  faultline replay FILE [--verify]   a recording again, every state checked (--help)\n"
        "  faultline report -o FILE           what a bug report wants to hold\n"
        "  faultline boot PROG.elf            a root task of your own, as fast as it goes\n"
        "  faultline boot PROG.elf --prompt | --screen    sitting at its machine\n"
        "  faultline cc [OPTIONS] FILES -o PROG.elf   compile a program for it\n"
        "  faultline --print-commands         docs/commands.md; --print-events: docs/events.md\n"
        "  faultline --help, --version\n"
        "\n"
        "Options: --max-steps N   stop after N steps (exit 4)\n"
        "         --variant TEXT  the numbers of a lesson as this student gets them\n"
        "         --lang LANG     a lesson in this language (de), if it has been translated\n"
        "         --kernel NAME   nonmcs (the default), or debug: with the hardware debug API\n"
        "         --domains N     a kernel with so many scheduling domains, 1 (the default) to 16\n"
        "         --memory SIZE   of the machine: 64M, 512M for boot\n"
        "         --history N     MiB of memory for going back (256); less is slower, not shorter\n"
        "         --events=FILE   write every event of the machine there, as JSON Lines\n"
        "         --record FILE   record the session there (docs/recordings.md); --no-record\n"
        "         --color=WHEN    auto (the default), always, never; NO_COLOR is heard\n"
        "         --plain         for screen readers: a name and a value a line, marks as words\n"
        "         --screen        threads, queues and the message as a picture (`q`: the prompt)\n"
        "         --keys FILE --dump-screen [--size 80x24] [--ascii]\n"
        "                         keys in, the screen as text out, without a terminal\n"
        "\n"
        "Exit: 0 well, 1 a check failed, 2 usage, 3 a script is wrong, 4 a limit, 130 "
        "interrupted.");
}

static bool choose_kernel(struct options *o, const char *name)
{
    if (!kernel_config_named(name, &o->kernel)) return usage("there is no kernel ", name), false;
    if (o->kernel.mcs)
        return usage("scheduling contexts are not modelled: no kernel ", name), false;
    o->kernel_name = name;
    return true;
}

static bool choose_colour(struct options *o, const char *word)
{
    static const char *const words[] = { "auto", "always", "never" };
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0) return o->colour = (enum colour_wish)i, true;
    return usage("--color wants auto, always or never, not ", word), false;
}

/* Options that are one word. */
static bool read_switch(const char *word, struct options *o)
{
    o->screen |= strcmp(word, "--screen") == 0;
    o->dump |= strcmp(word, "--dump-screen") == 0;
    o->ascii |= strcmp(word, "--ascii") == 0;
    o->plain |= strcmp(word, "--plain") == 0;
    o->no_record |= strcmp(word, "--no-record") == 0;
    o->fsgsbase |= strcmp(word, "--fsgsbase") == 0;
    o->no_x87 |= strcmp(word, "--no-x87") == 0;
    return strcmp(word, "--screen") == 0 || strcmp(word, "--dump-screen") == 0 ||
           strcmp(word, "--ascii") == 0 || strcmp(word, "--plain") == 0 ||
           strcmp(word, "--no-record") == 0 || strcmp(word, "--fsgsbase") == 0 ||
           strcmp(word, "--no-x87") == 0 || strcmp(word, "--prompt") == 0;
}

/* Options of the machine. Whether this was one; *good: and a right one. */
static bool read_machine_option(int argc, char **argv, int *i, struct options *o, bool *good)
{
    const char *value;
    if ((value = option_value(argc, argv, i, "--max-steps"))) {
        *good = option_number(value, &o->max_steps) ||
                (usage("--max-steps wants a number, not ", value), false);
    } else if ((value = option_value(argc, argv, i, "--history"))) {
        *good = (option_number(value, &o->history) && o->history && o->history <= HISTORY_MOST) ||
                (usage("--history wants a number of MiB, not ", value), false);
    } else if ((value = option_value(argc, argv, i, "--memory"))) {
        *good = (option_size(value, &o->memory) && o->memory) ||
                (usage("--memory wants a size such as 512M, not ", value), false);
    } else if ((value = option_value(argc, argv, i, "--domains"))) {
        *good = boot_domains(value, &o->domains) ||
                (usage("--domains wants a number from 1 to 16, not ", value), false);
    } else if ((value = option_value(argc, argv, i, "--kernel"))) {
        *good = choose_kernel(o, value);
    }
    return value != NULL;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    const char *value;
    for (int i = 1; i < argc; i++) {
        bool good = true;
        if (read_machine_option(argc, argv, &i, o, &good)) {
            if (!good) return false;
        } else if ((value = option_value(argc, argv, &i, "--variant"))) {
            o->variant = value;
        } else if ((value = option_value(argc, argv, &i, "--record"))) {
            o->record = value;
        } else if ((value = option_value(argc, argv, &i, "--lang"))) {
            o->language = value;
        } else if ((value = option_value(argc, argv, &i, "--keys"))) {
            o->keys = value;
        } else if ((value = option_value(argc, argv, &i, "--color"))) {
            if (!choose_colour(o, value)) return false;
        } else if ((value = option_value(argc, argv, &i, "--size"))) {
            o->size = value;
        } else if (!read_switch(argv[i], o) && argv[i][0] == '-' && argv[i][1]) {
            return usage("what is ", argv[i]), false;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            continue;
        } else if (o->operand) {
            return usage("one thing at a time, not also ", argv[i]), false;
        } else {
            o->operand = argv[i];
        }
    }
    return true;
}

static int say(const struct problem *p, int status)
{
    fprintf(stderr, "faultline: %s\n", p->text);
    if (p->tip[0]) fprintf(stderr, "  tip: %s\n", p->tip);
    return status;
}

/* ---- Events as data ---- */

static void write_event(void *file, const struct session *s, size_t number, const struct event *e)
{
    event_json_write(file, session_world_at(s), s, number, e);
}

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

/* Whether somebody wants to sit at the machine that is booted. */
static bool wants_a_seat(int argc, char **argv)
{
    static const char *const words[] = { "--prompt", "--screen", "--keys", "--dump-screen" };
    for (int i = 1; i < argc; i++)
        for (size_t n = 0; n < sizeof words / sizeof words[0]; n++)
            if (strncmp(argv[i], words[n], strlen(words[n])) == 0) return true;
    return false;
}

static int run_boot(int argc, char **argv, FILE *events)
{
    const struct boot_listener listener = { write_boot_event, events };
    return boot_main(argc, argv, events ? &listener : NULL);
}

/* A session in a machine that has just booted: the prompt's root task, or a program. */
static struct session *session_boot(const struct options *o, struct problem *p)
{
    struct kernel_config config = o->kernel;
    struct image *image = o->image ? boot_program(o->image, o->kernel_name, &config, p) : NULL;
    if (o->image && !image) return NULL;
    config.num_domains = (uint8_t)o->domains;
    config.fsgsbase_inst = o->fsgsbase;
    uint64_t usual = o->image ? BOOT_MEMORY_SIZE : PROMPT_MEMORY,
             memory =
                 ((o->memory ? o->memory : usual) + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
    struct session *s = session_open(&config, memory, p);
    if (!s) {
        image_close(image);
        return NULL;
    }
    if (!(image ? session_boot_program(s, image, p) : session_boot_prompt(s, p))) {
        session_close(s);
        return NULL;
    }
    if (o->no_x87) cpu_edit(session_world(s))->features |= CPU_NO_X87;
    session_start(s);
    return s;
}

/* A shell at the prompt of a freshly booted machine. */
static bool machine_open(struct shell *sh, const struct options *o, struct problem *p)
{
    *sh = (struct shell){ .out = stdout, .err = stderr, .width = 80, .top = "" };
    sh->plain = o->plain;
    sh->ascii = o->plain;
    sh->colour = !o->plain && colour_wanted(o->colour, isatty(STDOUT_FILENO));
    sh->session = session_boot(o, p);
    if (!sh->session) return false;
    session_limit(sh->session, o->max_steps);
    if (o->history) session_checkpoint_limit(sh->session, o->history << 20);
    if (o->events) session_events_tap(sh->session, write_event, o->events);
    return true;
}

/* ---- Recording ---- */

static bool at_terminal(const struct options *o)
{
    return o->converses && !o->keys && !o->dump && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Who is to write down a session that is about to be opened: in memory only, if nobody wants a file. */
static struct recorder *recorder_open(const struct options *o, const char *subject)
{
    struct problem p;
    struct recorder *r = o->records->file;
    o->records->file = NULL;
    if (!r && !o->no_record && !o->records->failed && at_terminal(o)) {
        r = record_open_own(subject, &p);
        if (!r) say(&p, 0);
        o->records->failed = !r;
    }
    return r ? r : record_open_memory();
}

/* It begins when the machine is ready. */
static void record_start(struct shell *sh, const struct options *o, const char *lesson)
{
    struct record_head head = { .max_steps = o->max_steps };
    if (!sh->recorder) return;
    head.typed = o->converses && (o->keys || isatty(STDIN_FILENO));
    snprintf(head.lesson, sizeof head.lesson, "%s", lesson);
    const char *slash = o->operand && !*lesson ? strrchr(o->operand, '/') : NULL;
    if (slash)
        snprintf(head.folder, sizeof head.folder, "%.*s", (int)(slash - o->operand), o->operand);
    if (o->variant) snprintf(head.variant, sizeof head.variant, "%s", o->variant);
    recording_begin(sh, sh->recorder, &head);
}

static void shell_close(struct shell *sh, const struct options *o)
{
    recording_end(sh, at_terminal(o));
    session_close(sh->session);
}

static void greet(void)
{
    puts("Faultline " FAULTLINE_VERSION ": seL4 on a simulated x86-64, kernel without MCS.\n");
}

/* Keys from a file, for which no terminal is needed. */
static int replay(struct shell *sh, const struct options *o)
{
    int columns = 80, rows = 24;
    char rest;
    if (!o->keys) return usage("--dump-screen wants keys: ", "--keys FILE");
    if (o->size && sscanf(o->size, "%4dx%4d%c", &columns, &rows, &rest) != 2)
        return usage("--size wants COLUMNSxROWS, not ", o->size);
    return replay_run(sh, o->keys, columns, rows, o->ascii, stdout);
}

/* A person at a terminal, or lines from a pipe; the screen first if that was asked for. */
static int converse(struct shell *sh, const struct options *o)
{
    if (o->keys || o->dump) return replay(sh, o);
    if (o->screen && !o->plain) {
        sh->started = time(NULL);
        enum outcome outcome = terminal_run(sh);
        if (outcome == OUTCOME_QUIT || leave_wanted()) return 0;
        if (outcome == OUTCOME_FAILED) return EXIT_USAGE;
    }
    if (o->screen && o->plain)
        puts("In the plain form there is no screen: this is the prompt of the same machine.\n");
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !o->plain) sh->screen = terminal_run;
    if (!isatty(STDIN_FILENO)) return outcome_status(script_run(sh, stdin, "stdin"));
    sh->started = time(NULL);
    return prompt_run(sh);
}

static int run_lesson(const struct options *o);

static int run_file(struct shell *sh, const char *path)
{
    struct problem p;
    enum outcome outcome = script_file(sh, path, &p);
    if (outcome == OUTCOME_FAILED && p.text[0]) return say(&p, EXIT_SCRIPT);
    return outcome_status(outcome);
}

/* The prompt or the screen; on the screen a script may have gone before. */
static int run_prompt(const struct options *o)
{
    struct shell sh;
    struct problem p;
    if (!machine_open(&sh, o, &p)) return say(&p, o->image ? EXIT_USAGE : EXIT_BUG);
    bool usual = !o->image && !o->memory && o->domains == 1; /* what a recording can say */
    if (usual) sh.recorder = recorder_open(o, "");
    record_start(&sh, o, "");
    if (isatty(STDIN_FILENO) && !o->keys && (!o->screen || o->plain)) {
        greet();
        puts(o->image
                 ? "The root task stands before its first instruction. `step` and `continue` let "
                   "it run;\n"
                   "`type TEXT` is a line on its serial port; `help` shows more.\n"
                 : "You sit in rootserver, the first thread. `help` shows the first ten words;\n"
                   "`faultline lesson` starts the first lesson.\n");
    }
    int status = o->operand ? run_file(&sh, o->operand) : 0;
    if (status == 0) status = converse(&sh, o);
    shell_close(&sh, o);
    struct options lesson = *o;
    lesson.operand = sh.next;
    return sh.next[0] ? run_lesson(&lesson) : status;
}

/* A lesson in a machine of its own: its shell is ready, its first page not yet shown. */
static bool lesson_start(struct shell *sh, struct lesson_run *run, const char *folder,
                         const struct options *o, int *status)
{
    struct problem p;
    *run = (struct lesson_run){ .lesson = lesson_load(folder, &p) };
    *status = EXIT_SCRIPT;
    if (!run->lesson) return say(&p, EXIT_SCRIPT), false;
    if (!lesson_translate(run->lesson, lesson_language(o->language), &p)) {
        lesson_free(run->lesson);
        return say(&p, EXIT_SCRIPT), false;
    }
    lesson_draw(run->lesson, o->variant);
    if (!machine_open(sh, o, &p)) {
        *status = say(&p, EXIT_BUG);
    } else {
        const char *slash = strrchr(run->lesson->folder, '/');
        const char *name = slash ? slash + 1 : run->lesson->folder;
        sh->recorder = recorder_open(o, name);
        if (lesson_open(sh, run, &p)) {
            record_start(sh, o, name);
            return true;
        }
        say(&p, EXIT_SCRIPT);
        shell_close(sh, o);
    }
    lesson_free(run->lesson);
    return false;
}

static void lesson_end(struct shell *sh, struct lesson_run *run, const struct options *o)
{
    shell_close(sh, o);
    lesson_free(run->lesson);
}

/* A script in a lesson's folder plays in that lesson, and has to reach its goals. */
static int run_in_lesson(const struct options *o, const char *folder)
{
    struct shell sh;
    struct lesson_run run;
    int status;
    if (!lesson_start(&sh, &run, folder, o, &status)) return status;
    status = run_file(&sh, o->operand);
    if (status == 0 && !run.done) {
        fprintf(stderr, "faultline: %s: not all goals are reached\n", o->operand);
        status = EXIT_CHECK;
    }
    lesson_end(&sh, &run, o);
    return status;
}

static int run_script(const struct options *o)
{
    struct shell sh;
    struct problem p;
    char folder[600];
    if (!o->operand) return usage("run what? ", "faultline run FILE");
    if (lesson_folder_of(o->operand, folder, sizeof folder)) return run_in_lesson(o, folder);
    if (!machine_open(&sh, o, &p)) return say(&p, EXIT_BUG);
    sh.recorder = recorder_open(o, "");
    record_start(&sh, o, "");
    int status = run_file(&sh, o->operand);
    shell_close(&sh, o);
    return status;
}

/* `lesson N` at the prompt of a lesson goes on with another one. */
static int run_lesson(const struct options *o)
{
    struct shell sh;
    struct lesson_run run;
    struct problem p;
    char folder[600], which[600];
    int status = 0;
    snprintf(which, sizeof which, "%s", o->operand ? o->operand : "next");
    if (strcmp(which, "next") == 0) {
        if (course_next(folder, sizeof folder))
            snprintf(which, sizeof which, "%s", folder);
        else
            snprintf(which, sizeof which, "1");
    }
    do {
        if (!lesson_find(which, folder, sizeof folder, &p)) return say(&p, EXIT_USAGE);
        if (!lesson_start(&sh, &run, folder, o, &status)) return status;
        run.lesson->plain = o->plain;
        if (!o->keys && !o->dump && (!o->screen || o->plain)) {
            greet();
            lesson_begin(&run, stdout);
            putchar('\n');
        }
        if (o->screen) snprintf(sh.layout, sizeof sh.layout, "lesson");
        run.is_kept = isatty(STDIN_FILENO) && !o->keys;
        status = converse(&sh, o);
        snprintf(which, sizeof which, "%s", sh.next);
        lesson_end(&sh, &run, o);
    } while (which[0]);
    return status;
}

static bool is_form(const char *word)
{
    return strcmp(word, "--screen") == 0 || strcmp(word, "--plain") == 0;
}

static int run_machine(int argc, char **argv, FILE *events)
{
    struct records records = { .file = NULL };
    struct problem p;
    struct options o = {
        .events = events, .domains = 1, .kernel = kernel_config_default, .records = &records
    };
    for (; argc > 1 && is_form(argv[1]); argc--, argv++) /* in front of `lesson N`, too */
        read_switch(argv[1], &o);
    const char *word = argc > 1 ? argv[1] : "";
    int status;
    if (strcmp(word, "grade") == 0) return grade_main(argc - 1, argv + 1);
    if (strcmp(word, "hand-in") == 0) return hand_in_main(argc - 1, argv + 1);
    if (strcmp(word, "lesson") == 0 && course_main(argc - 1, argv + 1, &status)) return status;
    bool boots = strcmp(word, "boot") == 0, sits = o.screen || wants_a_seat(argc, argv);
    if (boots && !sits) return run_boot(argc - 1, argv + 1, events);
    bool has_word = boots || strcmp(word, "run") == 0 || strcmp(word, "lesson") == 0;
    if (!read_options(argc - has_word, argv + has_word, &o)) return EXIT_USAGE;
    o.converses = strcmp(word, "run") != 0;
    if (boots) {
        if (!o.operand) return usage("boot what? ", "faultline boot IMAGE.elf");
        if (o.record) return usage("what is booted is not recorded: ", o.operand);
        o.image = o.operand;
        o.operand = NULL;
    }
    if (strcmp(word, "lesson") == 0 && !o.operand && !o.screen && !o.keys) {
        course_list(lesson_language(o.language), o.plain, stdout);
        return 0;
    }
    if (!has_word && o.operand && !o.screen && !o.keys)
        return usage("there is no such thing to do: ", o.operand);
    if (o.record && !(records.file = record_open(o.record, &p))) return say(&p, EXIT_USAGE);
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
        help();
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
    if (argc == 3 && !has_own_help(word) && strcmp(argv[2], "--help") == 0) return help(), 0;
    if (strcmp(word, "cc") == 0) return compile_main(argc - 1, argv + 1);
    if (strcmp(word, "quiz") == 0) return quiz_main(argc - 1, argv + 1);
    if (strcmp(word, "replay") == 0) return replay_main(argc - 1, argv + 1);
    if (strcmp(word, "report") == 0) return report_main(argc - 1, argv + 1);
    if (!take_events(&argc, argv, &events)) return EXIT_USAGE;
    int status = end_events(events, run_machine(argc, argv, events));
    leave_if_wanted();
    return status;
}
