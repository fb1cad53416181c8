/* SPDX-License-Identifier: BSD-2-Clause */
/* `faultline grade` and `faultline hand-in`: options, lessons, course files; where results go. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grade/inside.h"
#include "shell/play.h"
#include "world/option.h"
#include "world/path.h"

enum { SECONDS = 60 };

static const char grade_help[] =
    "faultline grade LESSON SUBMISSION…     judges what was handed in, each in a machine of its "
    "own\n"
    "faultline grade --course FILE SUBMISSION…\n"
    "faultline grade --merge RESULTS.json…  joins what --format json has written\n"
    "\n"
    "  LESSON: a number, 1-8, a folder. SUBMISSION: a script, a recording, a C file, a hand-in, or "
    "a\n"
    "  folder of them.\n"
    "\n"
    "  --each FOLDER      every entry of the folder is a submission\n"
    "  --format NAME      text (the default), tap, tap13, junit, csv, json, gradescope, exercism, "
    "check50\n"
    "  -o FILE            where to; - is standard output\n"
    "  --feedback FOLDER  a page for each submission: what to look at, and where\n"
    "  --goals DIR        your own goals in the place of the lesson's\n"
    "  --variant ID       whose numbers; --variants: the submission's name is its ID\n"
    "  --no-solution      goals for which `solution` was asked do not count\n"
    "  -j N               so many at a time; as many as there are processors\n"
    "  --max-steps N      of one submission (20000000); --seconds N on the clock (60)\n"
    "  --plain            text for a screen reader: a sentence a line, nothing cut\n"
    "  --exit-zero        0 even when goals were not reached\n"
    "\n"
    "Exit: 0 all goals reached, 1 not all, 2 usage, 3 a lesson or course file is wrong.";

struct command_line {
    struct grade_options o;
    struct submissions submissions;
    const struct grade_format *format;
    const char *out, *course, *goals, *lessons; /* lessons: as they were named */
    bool exit_zero, no_solution, help, merges;
};

static int say(const struct problem *p, int status)
{
    return problem_say(stderr, "faultline: ", p, status);
}

/* ---- Lessons ---- */

static bool add_lesson(struct grade_options *o, const char *which, struct problem *p)
{
    if (o->lesson_count == GRADE_LESSONS)
        return problem_set(p, "", "at most %d lessons at a time", GRADE_LESSONS);
    struct grade_lesson *l = &o->lesson[o->lesson_count];
    *l = (struct grade_lesson){ .weight = 1 };
    if (!lesson_find(which, l->folder, sizeof l->folder, p)) return false;
    size_t n = strlen(l->folder);
    while (n > 1 && l->folder[n - 1] == '/') l->folder[--n] = '\0';
    for (unsigned i = 0; i < o->lesson_count; i++)
        if (strcmp(o->lesson[i].folder, l->folder) == 0)
            return problem_set(p, "", "lesson %.60s is named twice", path_name(l->folder));
    o->lesson_count++;
    return true;
}

/* "3", "1-8", a folder. */
static bool add_lessons(struct grade_options *o, const char *word, struct problem *p)
{
    unsigned from, to;
    char rest, which[16];
    if (sscanf(word, "%4u-%4u%c", &from, &to, &rest) != 2) return add_lesson(o, word, p);
    if (!from || from > to) return problem_set(p, "1-8", "lessons are named 1-8, not %.40s", word);
    for (; from <= to; from++) {
        snprintf(which, sizeof which, "%u", from);
        if (!add_lesson(o, which, p)) return false;
    }
    return true;
}

/* ---- Course files ---- */

/* "weight 2", "solution no", "goals DIR" behind a lesson. */
static bool course_word(struct grade_lesson *l, const char *key, const char *value,
                        struct problem *p)
{
    static const char tip[] = "weight N, solution yes|no, goals DIR";
    char *end;
    const char *given = value ? value : "nothing";
    if (strcmp(key, "weight") == 0) {
        l->weight = value ? strtod(value, &end) : -1;
        return (value && !*end && l->weight >= 0 && l->weight < 1e6) ||
               problem_set(p, tip, "`weight` wants a number, not %.40s", given);
    }
    if (strcmp(key, "solution") == 0) {
        l->without_solution = value && strcmp(value, "no") == 0;
        return l->without_solution || (value && strcmp(value, "yes") == 0) ||
               problem_set(p, tip, "`solution` wants yes or no, not %.40s", given);
    }
    if (strcmp(key, "goals") != 0) return problem_set(p, tip, "what is `%.40s`?", key);
    snprintf(l->goals, sizeof l->goals, "%.500s", given);
    return value || problem_set(p, tip, "`goals` wants a folder");
}

static bool course_line(struct grade_options *o, char *line, struct problem *p)
{
    static const char blanks[] = " \t\r\n";
    char *state, *word = strtok_r(line, blanks, &state), *which, *key, *value;
    unsigned before = o->lesson_count;
    if (!word || *word == '#') return true;
    if (strcmp(word, "lesson") != 0 || !(which = strtok_r(NULL, blanks, &state)))
        return problem_set(p, "lesson 1-3 weight 2 solution no",
                           "a line begins with `lesson WHICH`");
    if (!add_lessons(o, which, p)) return false;
    while ((key = strtok_r(NULL, blanks, &state))) {
        value = strtok_r(NULL, blanks, &state);
        for (unsigned i = before; i < o->lesson_count; i++)
            if (!course_word(&o->lesson[i], key, value, p)) return false;
    }
    return true;
}

static bool read_course(struct grade_options *o, const char *path, struct problem *p)
{
    char line[1024];
    struct problem why;
    FILE *in = fopen(path, "r");
    if (!in) return problem_set(p, "", "%.200s: %s", path, strerror(errno));
    bool good = true;
    for (unsigned number = 1; good && fgets(line, sizeof line, in); number++)
        if (!course_line(o, line, &why))
            good = problem_set(p, why.tip, "%.150s:%u: %.200s", path, number, why.text);
    fclose(in);
    if (good && !o->lesson_count)
        return problem_set(p, "lesson 1-8", "%.200s names no lesson", path);
    return good;
}

/* ---- Options ---- */

static bool choose_format(struct command_line *c, const char *name, struct problem *p)
{
    for (size_t i = 0; i < grade_format_count; i++) {
        if (strcmp(grade_formats[i].name, name) != 0) continue;
        c->format = &grade_formats[i];
        return true;
    }
    return problem_set(p, "faultline grade --help lists them", "there is no format %.40s", name);
}

static bool read_count(const char *option, const char *text, uint64_t most, uint64_t *number,
                       struct problem *p)
{
    char bound[40] = "upwards";
    if (option_number(text, number) && *number && *number <= most) return true;
    if (most < UINT64_MAX) snprintf(bound, sizeof bound, "to %llu", (unsigned long long)most);
    return problem_set(p, "", "%s wants a number from 1 %s, not %.40s", option, bound, text);
}

/* An option in the place of another one's value: that was forgotten. */
static bool lacks_value(int argc, char **argv, int i, struct problem *p)
{
    static const char *const wanting[] = { "--format",  "--each",     "-o",        "--feedback",
                                           "--goals",   "--course",   "--variant", "-j",
                                           "--seconds", "--max-steps" };
    for (size_t w = 0; w < sizeof wanting / sizeof *wanting; w++)
        if (strcmp(argv[i], wanting[w]) == 0 &&
            (i + 1 == argc || strncmp(argv[i + 1], "--", 2) == 0))
            return !problem_set(p, "faultline grade --help", "%s wants a value", argv[i]);
    return false;
}

static bool read_value(struct command_line *c, int argc, char **argv, int *i, bool *taken,
                       struct problem *p)
{
    const char *value;
    uint64_t number = 0;
    *taken = true;
    if (lacks_value(argc, argv, *i, p)) return false;
    if ((value = option_value(argc, argv, i, "--format"))) return choose_format(c, value, p);
    if ((value = option_value(argc, argv, i, "--each")))
        return submissions_add_each(&c->submissions, value, p);
    if (option_value(argc, argv, i, "--color")) return true; /* there is none */
    if ((value = option_value(argc, argv, i, "-o"))) return c->out = value, true;
    if ((value = option_value(argc, argv, i, "--feedback"))) return c->o.feedback = value, true;
    if ((value = option_value(argc, argv, i, "--goals"))) return c->goals = value, true;
    if ((value = option_value(argc, argv, i, "--course"))) return c->course = value, true;
    if (strcmp(argv[*i], "--variants") == 0) return c->o.variant_by_name = true;
    if ((value = option_value(argc, argv, i, "--variant"))) return c->o.variant = value, true;
    if ((value = option_value(argc, argv, i, "-j"))) {
        if (!read_count("-j", value, 256, &number, p)) return false;
        return c->o.workers = (unsigned)number, true;
    }
    if ((value = option_value(argc, argv, i, "--seconds"))) {
        if (!read_count("--seconds", value, 86400, &number, p)) return false;
        return c->o.seconds = (unsigned)number, true;
    }
    if ((value = option_value(argc, argv, i, "--max-steps")))
        return read_count("--max-steps", value, UINT64_MAX, &c->o.max_steps, p);
    *taken = false;
    return true;
}

static bool read_line(struct command_line *c, int argc, char **argv, struct problem *p)
{
    bool taken, has_lesson = false, files_only = false;
    for (int i = 1; i < argc; i++) {
        if (files_only) {
            if (!submissions_add(&c->submissions, argv[i]))
                return problem_set(p, "", "that path is too long");
            continue;
        }
        if (!read_value(c, argc, argv, &i, &taken, p)) return false;
        if (taken) continue;
        if ((files_only = strcmp(argv[i], "--") == 0)) continue;
        if (strcmp(argv[i], "--exit-zero") == 0)
            c->exit_zero = true;
        else if (strcmp(argv[i], "--plain") == 0)
            c->o.plain = true;
        else if (strcmp(argv[i], "--no-solution") == 0)
            c->no_solution = true;
        else if (strcmp(argv[i], "--help") == 0)
            c->help = true;
        else if (strcmp(argv[i], "--merge") == 0)
            c->merges = true;
        else if (argv[i][0] == '-' && argv[i][1])
            return problem_set(p, "faultline grade --help", "what is %.60s?", argv[i]);
        else if (!c->course && !c->merges && !has_lesson)
            has_lesson = add_lessons(&c->o, c->lessons = argv[i], p);
        else if (!submissions_add(&c->submissions, argv[i]))
            return problem_set(p, "", "that path is too long");
        if (!c->course && !c->merges && !has_lesson && !c->help && argv[i][0] != '-') return false;
    }
    return true;
}

static void apply(struct command_line *c)
{
    for (unsigned i = 0; i < c->o.lesson_count; i++) {
        struct grade_lesson *l = &c->o.lesson[i];
        l->without_solution |= c->no_solution;
        if (c->goals) snprintf(l->goals, sizeof l->goals, "%.500s", c->goals);
    }
}

static bool is_complete(const struct command_line *c, struct problem *p)
{
    if (!c->o.lesson_count)
        return problem_set(p, "faultline grade 1 FILE…", "which lesson is it to be?");
    if (!c->submissions.count)
        return problem_set(p, "name files or folders, or --each FOLDER", "nothing was handed in");
    if (c->format->one_only && c->submissions.count > 1)
        return problem_set(p, "one at a time, or --format json",
                           "the format %s is for one submission", c->format->name);
    if (c->goals && c->o.lesson_count > 1)
        return problem_set(p, "in a course file: lesson 1 goals DIR", "--goals is for one lesson");
    return true;
}

/* A lesson that cannot be read or opened is the teacher's mistake, not the students'. */
static bool opens(const char *folder, struct problem *p)
{
    struct play play;
    if (!play_begin(&play, folder, NULL, p)) return false;
    play_end(&play);
    return true;
}

/* A question that no student has seen has no answers. */
static bool asks_what_was_asked(const struct lesson *goals, const char *folder, struct problem *p)
{
    bool asked = true;
    struct lesson *own = lesson_load(folder, p);
    if (!own) return false;
    for (unsigned i = 0; i < goals->item_count && asked; i++) {
        const char *id = goals->item[i].id;
        asked =
            goals->item[i].kind != ITEM_QUESTION || lesson_question(own, id) < own->item_count ||
            problem_set(p, "leave it out; of questions only those that the lesson asks can count",
                        "%.150s/lesson.md asks %.40s, which no student is asked", goals->folder,
                        id);
    }
    lesson_free(own);
    return asked;
}

static bool goals_are_good(const struct grade_lesson *l, struct problem *p)
{
    struct lesson *goals = lesson_load(l->goals, p);
    bool good = goals && asks_what_was_asked(goals, l->folder, p);
    lesson_free(goals);
    return good;
}

static bool lessons_are_good(const struct grade_options *o, struct problem *p)
{
    for (unsigned i = 0; i < o->lesson_count; i++) {
        if (!opens(o->lesson[i].folder, p)) return false;
        if (o->lesson[i].goals[0] && !goals_are_good(&o->lesson[i], p)) return false;
    }
    return true;
}

/* ---- Doing it ---- */

static bool all_reached(const cJSON *results)
{
    const cJSON *result, *lesson;
    bool all = true;
    cJSON_ArrayForEach(result, results)
    {
        cJSON_ArrayForEach(lesson, cJSON_GetObjectItem(result, "lessons")) all &=
            json_number(lesson, "max") > 0 &&
            json_number(lesson, "score") >= json_number(lesson, "max");
    }
    return all;
}

static int write_out(const struct command_line *c, const cJSON *results)
{
    struct problem p;
    bool to_file = c->out && strcmp(c->out, "-") != 0;
    FILE *out = to_file ? fopen(c->out, "w") : stdout;
    if (!out) {
        problem_set(&p, "", "%.200s: %s", c->out, strerror(errno));
        return say(&p, EXIT_USAGE);
    }
    c->format->write(&c->o, results, out);
    bool failed = ferror(out) != 0;
    if (to_file ? fclose(out) != 0 : fflush(out) != 0) failed = true;
    if (failed) {
        problem_set(&p, "is the disk full?", "the results could not be written");
        return say(&p, EXIT_USAGE);
    }
    if (c->o.feedback && !feedback_write(c->o.feedback, results, &p)) return say(&p, EXIT_USAGE);
    return all_reached(results) || c->exit_zero || c->format->exit_zero ? 0 : EXIT_CHECK;
}

/* Whether C files may be among them: folders and hand-ins have some. */
static bool any_program(const struct submissions *s)
{
    for (size_t i = 0; i < s->count; i++) {
        size_t n = strlen(s->list[i].path);
        if (n < 3 || strcmp(s->list[i].path + n - 3, ".fl") != 0) return true;
    }
    return false;
}

static int grade(struct command_line *c)
{
    struct problem p;
    if (c->course && !read_course(&c->o, c->course, &p)) return say(&p, EXIT_SCRIPT);
    if (!is_complete(c, &p)) return say(&p, EXIT_USAGE);
    apply(c);
    if (!lessons_are_good(&c->o, &p)) return say(&p, EXIT_SCRIPT);
    if (!reach_is_possible() && any_program(&c->submissions))
        fprintf(stderr,
                "faultline: this system has no Landlock: C files may include what you may read\n"
                "  tip: grade them in a container (docs/grading.md, \"What is protected\")\n");
    cJSON *results = grade_all(&c->o, &c->submissions);
    if (!results) {
        fputs("faultline: interrupted: no results are written\n", stderr);
        return EXIT_INTERRUPTED;
    }
    int status = write_out(c, results);
    cJSON_Delete(results);
    return status;
}

static int merge(struct command_line *c)
{
    struct problem p;
    if (!c->submissions.count || c->o.lesson_count) {
        problem_set(&p, "faultline grade --merge RESULTS.json…", "which results?");
        return say(&p, EXIT_USAGE);
    }
    cJSON *results = grade_merge(&c->o, &c->submissions, &p);
    if (!results) return say(&p, EXIT_SCRIPT);
    int status = write_out(c, results);
    cJSON_Delete(results);
    return status;
}

static struct command_line *new_line(void)
{
    struct command_line *c = calloc(1, sizeof *c);
    if (!c) abort();
    c->format = &grade_formats[0];
    c->o.max_steps = PLAY_MAX_STEPS;
    c->o.seconds = SECONDS;
    return c;
}

int grade_main(int argc, char **argv)
{
    struct problem p;
    struct command_line *c = new_line();
    int status = 0;
    if (!read_line(c, argc, argv, &p))
        status = say(&p, EXIT_USAGE);
    else if (c->help)
        puts(grade_help);
    else
        status = c->merges ? merge(c) : grade(c);
    submissions_free(&c->submissions);
    free(c);
    return status;
}

/* ---- hand-in ---- */

static int hand_in(struct command_line *c)
{
    struct problem p;
    if (c->course && !read_course(&c->o, c->course, &p)) return say(&p, EXIT_SCRIPT);
    if (!c->o.lesson_count || !c->out || c->submissions.count) {
        problem_set(&p, "faultline hand-in 1-8 -o FILE", "which lessons, and into which file?");
        return say(&p, EXIT_USAGE);
    }
    FILE *out = fopen(c->out, "w");
    if (!out) {
        problem_set(&p, "", "%.200s: %s", c->out, strerror(errno));
        return say(&p, EXIT_USAGE);
    }
    bool packed = hand_in_pack(out, &c->o, &p), failed = ferror(out) != 0;
    if ((fclose(out) != 0 || failed) && packed)
        packed = problem_set(&p, "is the disk full?", "%.200s is not whole", c->out);
    if (!packed) {
        unlink(c->out);
        return say(&p, EXIT_CHECK);
    }
    printf(
        "%s is ready to be handed in; what counts of it is told by\n    faultline grade %s%s %s\n",
        c->out, c->course ? "--course " : "", c->course ? c->course : c->lessons, c->out);
    return 0;
}

int hand_in_main(int argc, char **argv)
{
    struct problem p;
    struct command_line *c = new_line();
    int status = read_line(c, argc, argv, &p) ? hand_in(c) : say(&p, EXIT_USAGE);
    submissions_free(&c->submissions);
    free(c);
    return status;
}
