/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a submission belongs to a lesson. Strangers' files: links are not followed out of a folder, sizes
 * and counts are bounded. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "grade/inside.h"
#include "grade/piece.h"
#include "world/path.h"

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);
    return n > e && strcmp(name + n - e, ending) == 0;
}

static enum piece_kind kind_of(const char *path, const char *head)
{
    return is_recording(head)    ? PIECE_RECORDING
           : ends_in(path, ".c") ? PIECE_PROGRAM
                                 : PIECE_SCRIPT;
}

static void add(struct pieces *p, enum piece_kind kind, const char *path)
{
    if (p->count == PIECES_MAX) return;
    p->piece[p->count] = (struct piece){ .kind = kind };
    snprintf(p->piece[p->count++].path, GRADE_PATH, "%s", path);
}

/* ---- A folder ---- */

/* Scripts of no lesson's name; the only one of a folder is taken when only one lesson is graded. */
struct others {
    unsigned count;
    char path[GRADE_PATH];
};

static void look_at(struct pieces *p, const char *path, const struct lesson *lesson,
                    struct others *others)
{
    char head[PIECE_HEAD];
    const char *name = path_name(path);
    if (piece_head(path, head) < 0) return;
    if (is_recording(head)) {
        if (is_recording_of(path, lesson)) add(p, PIECE_RECORDING, path);
    } else if (is_exercise_of(name, lesson)) {
        add(p, PIECE_PROGRAM, path);
    } else if (is_script_for(name, lesson)) {
        add(p, PIECE_SCRIPT, path);
    } else if (ends_in(name, ".fl")) {
        others->count++;
        snprintf(others->path, sizeof others->path, "%s", path);
    }
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool is_plain_file(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static bool look_into(struct pieces *p, const char *folder, bool unpacked,
                      const struct lesson *lesson, struct others *others, struct problem *problem);

/* What `hand-in` packed; what was packed in there is none. */
static void look_at_hand_in(struct pieces *p, const char *path, const struct lesson *lesson,
                            struct others *others, struct problem *problem)
{
    if (p->hand_ins == HAND_INS_MAX) return;
    char *folder = p->unpacked[p->hand_ins++];
    if (hand_in_unpack(path, folder, problem)) look_into(p, folder, true, lesson, others, problem);
}

static bool look_into(struct pieces *p, const char *folder, bool unpacked,
                      const struct lesson *lesson, struct others *others, struct problem *problem)
{
    struct dirent **list;
    char path[GRADE_PATH];
    int count = scandir(folder, &list, is_visible, alphasort);
    if (count < 0) return problem_set(problem, "", "%.200s: %s", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        bool fits = n > 0 && (size_t)n < sizeof path && is_plain_file(path);
        if (fits && !unpacked && hand_in_is(path))
            look_at_hand_in(p, path, lesson, others, problem);
        else if (fits)
            look_at(p, path, lesson, others);
        free(list[i]);
    }
    free(list);
    return true;
}

/* A hand-in that is damaged matters when there is nothing else. */
static bool find_in_folder(struct pieces *p, const char *folder, const struct lesson *lesson,
                           bool alone, struct problem *problem)
{
    struct others others = { 0 };
    if (!look_into(p, folder, false, lesson, &others, problem)) return false;
    if (alone && !p->count && others.count == 1) add(p, PIECE_SCRIPT, others.path);
    return p->count || !problem->text[0];
}

static bool find_in_hand_in(struct pieces *p, const char *path, const struct lesson *lesson,
                            bool alone, struct problem *problem)
{
    struct others others = { 0 };
    look_at_hand_in(p, path, lesson, &others, problem);
    if (alone && !p->count && others.count == 1) add(p, PIECE_SCRIPT, others.path);
    return !problem->text[0];
}

/* ---- Anything ---- */

static bool is_good_file(const struct stat *about, const char *path, struct problem *p)
{
    if (S_ISLNK(about->st_mode))
        return problem_set(p, "hand in the file itself", "%.200s is a link", path_name(path));
    if (!S_ISREG(about->st_mode))
        return problem_set(p, "hand in a file or a folder", "%.200s is no file", path_name(path));
    if (about->st_size > PIECE_SIZE_MAX)
        return problem_set(p, "", "%.200s is larger than 64 MiB", path_name(path));
    if (about->st_size == 0) return problem_set(p, "", "%.200s is empty", path_name(path));
    return true;
}

/* What students hand in that is neither text nor a hand-in, by its first bytes. */
static bool is_foreign(const char *head, const char *path, struct problem *p)
{
    static const struct {
        const char *first, *what;
    } sorts[] = {
        { "PK\x03\x04", "a zip archive, or a document" },
        { "\x1f\x8b", "a gzip archive" },
        { "BZh", "a bzip2 archive" },
        { "\xfd"
          "7zXZ",
          "an xz archive" },
        { "7z\xbc\xaf", "a 7z archive" },
        { "Rar!", "a rar archive" },
        { "%PDF", "a PDF" },
        { "\x7f"
          "ELF",
          "a compiled program" },
        { "\x89PNG", "a picture" },
        { "\xff\xd8\xff", "a picture" },
    };
    const char *what = memcmp(head + 257, "ustar", 5) == 0 ? "a tar archive" : NULL;
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        if (strncmp(head, sorts[i].first, strlen(sorts[i].first)) == 0) what = sorts[i].what;
    return what && !problem_set(p, "a script, a recording, a C file, or what `hand-in` packed",
                                "%.150s is %s", path_name(path), what);
}

bool pieces_find(struct pieces *p, const struct submission *s, const struct lesson *lesson,
                 bool alone, struct problem *problem)
{
    struct stat about;
    char head[PIECE_HEAD];
    *p = (struct pieces){ .count = 0 };
    if (lstat(s->path, &about) != 0)
        return problem_set(problem, "", "%.200s: %s", s->path, strerror(errno));
    if (S_ISDIR(about.st_mode)) return find_in_folder(p, s->path, lesson, alone, problem);
    if (!is_good_file(&about, s->path, problem)) return false;
    if (hand_in_is(s->path)) return find_in_hand_in(p, s->path, lesson, alone, problem);
    if (piece_head(s->path, head) < 0)
        return problem_set(problem, "", "%.200s cannot be read", s->path);
    if (is_foreign(head, s->path, problem)) return false;
    enum piece_kind kind = kind_of(s->path, head);
    if (kind != PIECE_RECORDING || alone || is_recording_of(s->path, lesson)) add(p, kind, s->path);
    return true;
}

bool pieces_digest(const struct pieces *p, char text[SHA256_TEXT])
{
    struct sha256 whole;
    uint8_t digest[SHA256_BYTES];
    sha256_begin(&whole);
    for (unsigned i = 0; i < p->count; i++) {
        if (!sha256_file(p->piece[i].path, text)) return false;
        sha256_add(&whole, text, SHA256_TEXT);
    }
    sha256_end(&whole, digest);
    sha256_text(digest, text);
    return p->count > 0;
}

void pieces_forget(struct pieces *p)
{
    for (unsigned i = 0; i < p->hand_ins; i++)
        if (p->unpacked[i][0]) hand_in_remove(p->unpacked[i]);
}
