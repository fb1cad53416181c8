/* SPDX-License-Identifier: BSD-2-Clause */
/* faultline report: what a bug report wants to hold, as one readable text: the program, the system, the
 * terminal, and a recording, from which whoever mends the bug can replay the session. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "shell/recording.h"
#include "shell/replay_main.h"
#include "world/path.h"
#include "world/whole.h"

struct report {
    const char *recording; /* NULL: the newest of the user's */
    const char *to;
    bool help;
};

static int usage(const char *problem, const char *word)
{
    fprintf(stderr, "faultline report: %s%s\n  tip: faultline report [RECORDING] -o FILE\n",
            problem, word);
    return EXIT_USAGE;
}

static void help(void)
{
    puts("faultline report [RECORDING] -o FILE: one text for a bug report\n"
         "\n"
         "It holds the version, system and terminal, and a recording: the one that is named, else\n"
         "that of the last session. `-o -` prints it. Look through it before you send it.");
}

static bool read_options(int argc, char **argv, struct report *r)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            r->help = true;
        } else if (strcmp(word, "-o") == 0) {
            if (!argv[i + 1]) return usage("-o wants a file", ""), false;
            r->to = argv[++i];
        } else if (word[0] == '-' || r->recording) {
            return usage("what is ", word), false;
        } else {
            r->recording = word;
        }
    }
    return true;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "(unset)";
}

static void write_system(FILE *out)
{
    struct utsname system;
    struct winsize size;
    fputs("faultline " FAULTLINE_VERSION "\ncompiler: " __VERSION__ "\n", out);
    if (uname(&system) == 0)
        fprintf(out, "system: %s %s %s\n", system.sysname, system.release, system.machine);
    fprintf(out, "terminal: TERM=%s COLORTERM=%s LANG=%s LC_ALL=%s NO_COLOR=%s\n", variable("TERM"),
            variable("COLORTERM"), variable("LANG"), variable("LC_ALL"), variable("NO_COLOR"));
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
        fprintf(out, "size: %ux%u\n", size.ws_col, size.ws_row);
    else
        fputs("size: standard input is no terminal\n", out);
}

static void write_recording(FILE *out, const char *path, const struct record_reader *r)
{
    fprintf(out, "\n" REPORT_RECORDING "%s, %zu lines%s ====\n", path_name(path), r->count - r->at,
            r->is_cut ? REPORT_CUT : "");
    for (size_t i = r->at; i < r->count; i++) fprintf(out, "%s\n", r->lines[i]);
    fputs(REPORT_END " ====\n", out);
}

static int cannot_write(const char *path)
{
    fprintf(stderr, "faultline report: %s: %s\n  tip: choose another place: -o FILE\n", path,
            strerror(errno));
    return EXIT_USAGE;
}

static int write_report(const struct report *r, const char *path, const struct record_reader *in)
{
    struct whole w = { .out = stdout };
    bool prints = strcmp(r->to, "-") == 0;
    if (!prints && !whole_begin(&w, r->to)) return cannot_write(r->to);
    fputs(REPORT_FIRST " What happened, and what was expected instead?\n\n\n\n", w.out);
    write_system(w.out);
    if (path) write_recording(w.out, path, in);
    if (prints ? fflush(stdout) != 0 || ferror(stdout) : !whole_end(&w)) return cannot_write(r->to);
    if (!prints) printf("%s: say in its first lines what happened, and look through it.\n", r->to);
    return 0;
}

int report_main(int argc, char **argv)
{
    struct report r = { .to = NULL };
    struct record_reader in = { 0 };
    struct problem p;
    char newest[1024];
    if (!read_options(argc, argv, &r)) return EXIT_USAGE;
    if (r.help) {
        help();
        return 0;
    }
    if (!r.to) return usage("where to? ", "-o FILE");
    if (!r.recording && record_newest_own(newest, sizeof newest)) r.recording = newest;
    if (!r.recording) fputs("faultline report: no session was recorded so far\n", stderr);
    if (r.recording && !record_read_open(&in, r.recording, &p))
        return problem_say(stderr, "faultline report: ", &p, EXIT_SCRIPT);
    int status = write_report(&r, r.recording, &in);
    record_read_close(&in);
    return status;
}
