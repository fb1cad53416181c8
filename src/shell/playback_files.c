/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that a recording reads again: only those that are, byte by byte, the ones that it names,
 * wherever they are found. Files of the host are not written meanwhile. */
#include <string.h>

#include "shell/recording.h"
#include "world/path.h"

/* What the lines behind the present command say about a file. */
static bool find_named(struct playback *b, const char *name, struct record_file *file,
                       struct problem *p)
{
    enum record_kind kind;
    const char *line;
    size_t at = b->reader.at;
    bool found = false;
    b->reader.at = b->files_from;
    while (!found && (line = record_read_line(&b->reader, &kind))) {
        if (kind == RECORD_TEXT || kind == RECORD_STATE || kind == RECORD_END) break;
        found =
            kind == RECORD_FILE && record_read_file(line, file, p) && strcmp(file->name, name) == 0;
    }
    b->reader.at = at;
    return found || problem_set(p, "a recording names by SHA-256 what its lines read",
                                "the recording does not name the file %.120s", name);
}

static bool is_file(const char *path, const struct record_file *file)
{
    char sha256[SHA256_TEXT];
    return sha256_file(path, sha256) && strcmp(sha256, file->sha256) == 0;
}

static bool refuse_other(struct playback *b, struct problem *p, const struct record_file *file)
{
    problem_set(p, "replay --files FOLDER looks for it there, too",
                "%.100s is not the file that was recorded (SHA-256 %.12s…)", file->name,
                file->sha256);
    b->other_file = *p;
    return false;
}

bool playback_check_file(struct playback *b, const char *name, const char *path, struct problem *p)
{
    struct record_file file;
    return find_named(b, name, &file, p) && (is_file(path, &file) || refuse_other(b, p, &file));
}

bool playback_find_file(struct playback *b, const char *name, char *path, size_t size,
                        struct problem *p)
{
    struct record_file file;
    const char *folder = b->options.files;
    if (!find_named(b, name, &file, p)) return false;
    if (!b->options.confined || b->in_setup) {
        shell_file(&b->shell, name, path, size);
        if (is_file(path, &file)) return true;
        snprintf(path, size, "%s/%s", b->head.folder, name);
        if (*b->head.folder && is_file(path, &file)) return true;
        if (record_kept_file(file.sha256, path, size) && is_file(path, &file)) return true;
    } else if (lesson_file(b->shell.folder, name, path, size) && is_file(path, &file)) {
        return true;
    }
    if (!folder || b->in_setup) return refuse_other(b, p, &file);
    snprintf(path, size, "%s/%s", folder, file.sha256);
    if (is_file(path, &file)) return true;
    snprintf(path, size, "%s/%s", folder, path_name(name));
    return is_file(path, &file) || refuse_other(b, p, &file);
}
