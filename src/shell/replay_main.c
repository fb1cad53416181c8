/* SPDX-License-Identifier: BSD-2-Clause */
/* faultline replay: a recording for machines (--verify), for who looks for a fault (line by line), and
 * for an audience (--speed: as if it were typed). */
#include "shell/replay_main.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/recording.h"

enum {
    SPEED_MOST = 100,
    LETTER_MS = 80, /* at speed 1 */
    LINE_MS = 1000,
    PAUSE_MS = 3000
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

struct replay {
    struct playback_options options;
    const char *file;
    bool verify, step, help, left;
    unsigned long long speed; /* 0: at once */
};

static int usage(const char *problem, const char *word)
{
    fprintf(stderr, "faultline replay: %s%s\n  tip: faultline replay --help\n", problem, word);
    return EXIT_USAGE;
}

static void help(void)
{
    puts("faultline replay FILE: does a recording again and checks every state of the machine\n"
         "\n"
         "  --verify         says nothing but what is wrong\n"
         "  --step           waits for Enter before each line (q: leave, c: the rest at once)\n"
         "  --speed N        types it as a person would, N times as fast\n"
         "  --files FOLDER   where files that it loads lie, by name or by SHA-256\n"
         "  --lesson FOLDER  it must be a recording of that lesson\n"
         "  --variant TEXT   and of that student\n"
         "  --max-steps N    no more steps than that (exit 4)\n"
         "  --plain          said for a screen reader, as the option does elsewhere\n"
         "\n"
         "Exit: 0 all agrees, 1 a state differs, 2 usage, 3 no recording, or one that makes no\n"
         "sense, 4 a limit, 130 interrupted.");
}

static const char *value_of(int argc, char **argv, int *i, const char *name)
{
    size_t n = strlen(name);
    if (strncmp(argv[*i], name, n) != 0) return NULL;
    if (argv[*i][n] == '=') return argv[*i] + n + 1;
    return argv[*i][n] || *i + 1 >= argc ? NULL : argv[++*i];
}

static bool is_number(const char *text, unsigned long long most, unsigned long long *value)
{
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return !errno && *text >= '0' && *text <= '9' && !*end && *value && *value <= most;
}

/* A flag, or the file. */
static bool read_word(const char *word, struct replay *r)
{
    if (strcmp(word, "--verify") == 0) return r->verify = true;
    if (strcmp(word, "--step") == 0) return r->step = true;
    if (strcmp(word, "--plain") == 0) return r->options.plain = true;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) return r->help = true;
    if (word[0] == '-' && word[1]) return usage("what is ", word), false;
    if (r->file) return usage("one recording at a time, not also ", word), false;
    r->file = word;
    return true;
}

static bool read_options(int argc, char **argv, struct replay *r)
{
    const char *value;
    unsigned long long number;
    for (int i = 1; i < argc; i++) {
        if ((value = value_of(argc, argv, &i, "--files"))) {
            r->options.files = value;
        } else if ((value = value_of(argc, argv, &i, "--lesson"))) {
            r->options.lesson = value;
        } else if ((value = value_of(argc, argv, &i, "--variant"))) {
            r->options.variant = value;
        } else if ((value = value_of(argc, argv, &i, "--speed"))) {
            if (!is_number(value, SPEED_MOST, &r->speed))
                return usage("--speed wants a number from 1 to 100, not ", value), false;
        } else if ((value = value_of(argc, argv, &i, "--max-steps"))) {
            if (!is_number(value, ~0ULL, &number))
                return usage("--max-steps wants a number, not ", value), false;
            r->options.max_steps = number;
        } else if (!read_word(argv[i], r)) {
            return false;
        }
    }
    return true;
}

/* ---- For people ---- */

static void sleep_ms(unsigned long long ms)
{
    fflush(stdout);
    if (ms && !interrupted) poll(NULL, 0, (int)ms);
}

/* One line from the terminal; false: q, the end, or Ctrl-C. With `c` nothing is waited for any more. */
static bool wait_for_enter(struct replay *r)
{
    char answer[64];
    fflush(stdout);
    if (!fgets(answer, sizeof answer, stdin) || interrupted) return false;
    if (answer[0] == 'c') r->step = false;
    return answer[0] != 'q';
}

static void type_line(const struct replay *r, const char *text)
{
    if (!r->speed) {
        fputs(text, stdout);
        return;
    }
    for (; *text; text++) {
        putchar(*text);
        if ((*text & 0xc0) != 0x80) sleep_ms(LETTER_MS / r->speed);
    }
}

/* Shows the prompt and the line that comes; false: nobody wants it. */
static bool show_line(struct replay *r, const struct playback *b, const char *text)
{
    char prompt[NAME_SIZE + 160];
    prompt_text(&b->shell, prompt, sizeof prompt);
    fputs(prompt, stdout);
    sleep_ms(r->speed ? LINE_MS / r->speed : 0);
    type_line(r, text);
    if (!r->step || !isatty(STDIN_FILENO)) putchar('\n');
    r->left = r->step && !wait_for_enter(r);
    return !r->left;
}

/* `pause` in a script: for Enter where a person watches, else for a while. */
static void pause_here(struct shell *sh, unsigned long long seconds)
{
    const struct replay *r = sh->host.context;
    char answer[64];
    unsigned long long ms = seconds ? seconds * 1000 : PAUSE_MS;
    fflush(sh->out);
    if (r->speed)
        sleep_ms(ms / r->speed);
    else if (!r->step && isatty(STDIN_FILENO) && !fgets(answer, sizeof answer, stdin))
        clearerr(stdin);
}

static void run_shown(struct replay *r, struct playback *b)
{
    const char *text;
    b->shell.host.pause = pause_here;
    b->shell.host.context = r;
    b->shell.file = NULL; /* errors read as they did at the prompt */
    while (b->end == PLAYBACK_AGREES && (text = playback_peek(b))) {
        if (*text && !show_line(r, b, text)) return;
        if (!playback_next(b)) return;
    }
}

/* ---- The end ---- */

static int end_of(struct replay *r, struct playback *b)
{
    if (b->end == PLAYBACK_INTERRUPTED || interrupted) return EXIT_INTERRUPTED;
    if (b->end != PLAYBACK_AGREES) {
        fflush(stdout);
        playback_explain(b, stderr);
        return b->end == PLAYBACK_DIFFERS ? EXIT_CHECK
               : b->end == PLAYBACK_LIMIT ? EXIT_LIMIT
                                          : EXIT_SCRIPT;
    }
    if (!r->verify)
        printf("%u command%s done again, %u state%s agree%s.\n", b->count, b->count == 1 ? "" : "s",
               b->states, b->states == 1 ? "" : "s", b->states == 1 ? "s" : "");
    fflush(stdout);
    if (r->left) return 0;
    if (b->is_cut)
        fprintf(stderr, "%s: its last line was cut off, or had not ended: that was left out\n",
                r->file);
    else if (!b->is_whole)
        fprintf(stderr, "%s: it has no end mark: the session was killed, or the file cut off\n",
                r->file);
    return 0;
}

static void warn_of_version(const struct replay *r, const struct playback *b)
{
    if (strcmp(b->head.version, FAULTLINE_VERSION) == 0) return;
    fprintf(stderr,
            "%s: recorded by version %s, this is %s: that states agree cannot be promised\n",
            r->file, b->head.version, FAULTLINE_VERSION);
}

static int replay(struct replay *r)
{
    struct problem p;
    struct sigaction action = { .sa_handler = on_interrupt };
    sigaction(SIGINT, &action, NULL);
    r->options.interrupt = &interrupted;
    r->options.out = r->verify ? NULL : stdout;
    struct playback *b = playback_open(r->file, &r->options, &p);
    if (!b) return problem_say(stderr, "faultline replay: ", &p, EXIT_SCRIPT);
    warn_of_version(r, b);
    if (r->verify)
        playback_run(b);
    else
        run_shown(r, b);
    int status = end_of(r, b);
    playback_close(b);
    return status;
}

int replay_main(int argc, char **argv)
{
    struct replay r = { .file = NULL };
    if (!read_options(argc, argv, &r)) return EXIT_USAGE;
    if (r.help) {
        help();
        return 0;
    }
    if (!r.file) return usage("replay what? ", "faultline replay FILE");
    return replay(&r);
}
