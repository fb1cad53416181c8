/* SPDX-License-Identifier: BSD-2-Clause */
/* What a worker may reach of the host's files: the compiler and its libraries, our own files, its lessons
 * and its submission, for reading; a folder of its own for writing. Linux's Landlock keeps it, also for the
 * compiler that it starts: `#include` and `.incbin` read nothing else. No privilege is needed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "grade/inside.h"
#include "world/share.h"

/* <linux/landlock.h> of older systems lacks some of these. */
enum {
    MAY_EXECUTE = 1 << 0,
    MAY_WRITE = 1 << 1,
    MAY_READ = 1 << 2,
    MAY_LIST = 1 << 3,
    MAY_MOVE = 1 << 13,
    MAY_TRUNCATE = 1 << 14,
    MAY_IOCTL = 1 << 15,
    TO_FILES = MAY_EXECUTE | MAY_WRITE | MAY_READ | MAY_TRUNCATE | MAY_IOCTL,
    TO_READ = MAY_EXECUTE | MAY_READ | MAY_LIST,
    FIRST_VERSION = (1 << 13) - 1,
    CREATE_RULESET = 444,
    ADD_RULE = 445,
    RESTRICT_SELF = 446,
    ASK_VERSION = 1,
    RULE_PATH = 1,
};

struct ruleset {
    uint64_t files, network;
};

struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

struct reach {
    int rules;
    uint64_t handled;
};

/* What this kernel can keep; 0: nothing. */
static uint64_t handled_here(long version)
{
    if (version < 1) return 0;
    return FIRST_VERSION | (version >= 2 ? (uint64_t)MAY_MOVE : 0) |
           (version >= 3 ? (uint64_t)MAY_TRUNCATE : 0) | (version >= 5 ? (uint64_t)MAY_IOCTL : 0);
}

static void allow(const struct reach *r, const char *path, uint64_t what)
{
    struct stat about;
    struct path_rule rule = { .allowed = what & r->handled,
                              .parent = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) };
    if (rule.parent < 0) return;
    if (fstat(rule.parent, &about) == 0 && !S_ISDIR(about.st_mode)) rule.allowed &= TO_FILES;
    syscall(ADD_RULE, r->rules, RULE_PATH, &rule, 0);
    close(rule.parent);
}

/* Our own files, where share_file() looks for them. */
static void allow_shared(const struct reach *r, const char *folder)
{
    static const char *const names[] = { "include", "lessons", "share/faultline" };
    char path[4200];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        allow(r, path, TO_READ);
    }
}

static void allow_program(const struct reach *r)
{
    char at[4096];
    const char *given = getenv("FAULTLINE_SHARE");
    if (given) allow_shared(r, given);
    if (share_directory(at, sizeof at)) allow_shared(r, at);
    ssize_t n = readlink("/proc/self/exe", at, sizeof at - 1);
    at[n > 0 ? n : 0] = '\0';
    for (char *slash = strrchr(at, '/'); slash && slash != at; slash = strrchr(at, '/')) {
        *slash = '\0';
        allow_shared(r, at);
    }
}

static void allow_compiler(const struct reach *r)
{
    static const char *const places[] = { "/usr",  "/lib",      "/lib64",     "/lib32",
                                          "/bin",  "/opt",      "/nix/store", "/etc/ld.so.cache",
                                          "/sbin", "/gnu/store" };
    char compiler[GRADE_PATH];
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) allow(r, places[i], TO_READ);
    const char *given = getenv("CC");
    if (!given || *given != '/') return;
    snprintf(compiler, sizeof compiler, "%.*s", (int)strcspn(given, " "), given);
    char *slash = strrchr(compiler, '/');
    if (slash != compiler) *slash = '\0';
    allow(r, compiler, TO_READ);
}

bool reach_is_possible(void)
{
    return handled_here(syscall(CREATE_RULESET, NULL, 0, ASK_VERSION)) != 0;
}

bool reach_limit(const struct grade_options *o, const struct submission *s, const char *own)
{
    struct ruleset set = { .network = 0 };
    long version = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
    struct reach r = { .handled = handled_here(version) };
    if (!r.handled) return false;
    set.files = r.handled;
    if (version >= 4) set.network = 3; /* bind, connect */
    r.rules = (int)syscall(CREATE_RULESET, &set, version >= 4 ? sizeof set : sizeof set.files, 0);
    if (r.rules < 0) return false;
    allow_compiler(&r);
    allow_program(&r);
    for (unsigned i = 0; i < o->lesson_count; i++) {
        allow(&r, o->lesson[i].folder, TO_READ);
        if (o->lesson[i].goals[0]) allow(&r, o->lesson[i].goals, TO_READ);
    }
    allow(&r, s->path, MAY_READ | MAY_LIST);
    allow(&r, "/dev/null", MAY_READ | MAY_WRITE);
    allow(&r, own, r.handled & ~(uint64_t)MAY_EXECUTE);
    bool kept =
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(RESTRICT_SELF, r.rules, 0) == 0;
    close(r.rules);
    return kept;
}
