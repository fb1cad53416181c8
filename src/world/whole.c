/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are written whole or not at all: they grow beside the name that they get at their end. */
#include "world/whole.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/path.h"

/* A name that leads elsewhere is followed: the file there is replaced, not the link. */
static bool find_place(struct whole *w, const char *path, mode_t *mode)
{
    struct stat about;
    char *real = realpath(path, NULL);
    const char *name = real ? real : path;
    bool in_place = stat(name, &about) == 0 && !S_ISREG(about.st_mode);
    *mode = !in_place && real ? about.st_mode & 0777 : 0644;
    int length = snprintf(w->path, sizeof w->path, "%s", name);
    free(real);
    w->beside[0] = '\0';
    if (length < 0 || (size_t)length >= sizeof w->path) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (!in_place) snprintf(w->beside, sizeof w->beside, "%s.XXXXXX", w->path);
    return true;
}

bool whole_begin(struct whole *w, const char *path)
{
    mode_t mode;
    if (!find_place(w, path, &mode)) return false;
    if (!w->beside[0]) return (w->out = fopen(w->path, "wb")) != NULL;
    if (access(w->path, F_OK) == 0 && access(w->path, W_OK) != 0) return false;
    int file = mkstemp(w->beside);
    w->out = file >= 0 && fchmod(file, mode) == 0 ? fdopen(file, "wb") : NULL;
    if (w->out) return true;
    int error = errno;
    if (file >= 0) {
        close(file);
        unlink(w->beside);
    }
    errno = error;
    return false;
}

bool whole_end(struct whole *w)
{
    bool ok = fflush(w->out) == 0 && !ferror(w->out);
    if (ok && w->beside[0]) ok = fsync(fileno(w->out)) == 0;
    int error = errno;
    if (fclose(w->out) != 0 && ok) {
        ok = false;
        error = errno;
    }
    w->out = NULL;
    if (ok && w->beside[0] && rename(w->beside, w->path) != 0) {
        ok = false;
        error = errno;
    }
    if (ok && w->beside[0]) path_sync(w->path);
    if (!ok && w->beside[0]) unlink(w->beside);
    errno = error ? error : ENOSPC;
    return ok;
}
