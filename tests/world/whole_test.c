/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are written whole or not at all. A limit on the size of files stands for a full disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"
#include "world/whole.h"

static char folder[PLACE_SIZE];

static const char *in_folder(const char *name)
{
    static char path[2][256];
    static unsigned turn;
    turn ^= 1;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static bool write_text(const char *name, const char *text)
{
    struct whole w;
    if (!whole_begin(&w, in_folder(name))) return false;
    fputs(text, w.out);
    return whole_end(&w);
}

static void assert_holds(const char *name, const char *text)
{
    char held[64] = "";
    FILE *in = fopen(in_folder(name), "r");
    assert_non_null(in);
    held[fread(held, 1, sizeof held - 1, in)] = '\0';
    fclose(in);
    assert_string_equal(held, text);
}

static unsigned files(void)
{
    unsigned count = 0;
    DIR *all = opendir(folder);
    while (readdir(all)) count++;
    closedir(all);
    return count - 2;
}

static void what_was_there_stays_when_the_disk_is_full(void **state)
{
    struct rlimit before, small;
    (void)state;
    assert_true(write_text("a", "old"));
    unsigned count = files();
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){ .rlim_cur = 2, .rlim_max = before.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool written = write_text("a", "a longer text");
    int error = errno;
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(written);
    assert_int_equal(error, EFBIG);
    assert_holds("a", "old");
    assert_int_equal(files(), count); /* and nothing beside it */
}

static void the_new_text_replaces_the_old_and_keeps_its_mode(void **state)
{
    struct stat about;
    (void)state;
    assert_true(write_text("b", "one"));
    assert_int_equal(chmod(in_folder("b"), 0600), 0);
    assert_true(write_text("b", "two"));
    assert_holds("b", "two");
    assert_int_equal(stat(in_folder("b"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void a_link_is_followed_and_stays_one(void **state)
{
    struct stat about;
    (void)state;
    assert_true(write_text("c", "one"));
    assert_int_equal(symlink(in_folder("c"), in_folder("link")), 0);
    assert_true(write_text("link", "two"));
    assert_holds("c", "two");
    assert_int_equal(lstat(in_folder("link"), &about), 0);
    assert_true(S_ISLNK(about.st_mode));
}

static void devices_are_written_in_place_and_folders_refused(void **state)
{
    struct whole w;
    (void)state;
    assert_true(whole_begin(&w, "/dev/null"));
    assert_true(whole_end(&w));
    assert_true(whole_begin(&w, "/dev/full"));
    fputs("x", w.out);
    assert_false(whole_end(&w));
    assert_int_equal(errno, ENOSPC);
    assert_false(whole_begin(&w, folder));
    assert_int_equal(errno, EISDIR);
    assert_false(whole_begin(&w, in_folder("nowhere/x")));
    assert_int_equal(errno, ENOENT);
}

static int make_folder(void **state)
{
    (void)state;
    return place_make(folder, "whole");
}

static int remove_folder(void **state)
{
    (void)state;
    return place_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_there_stays_when_the_disk_is_full),
        cmocka_unit_test(the_new_text_replaces_the_old_and_keeps_its_mode),
        cmocka_unit_test(a_link_is_followed_and_stays_one),
        cmocka_unit_test(devices_are_written_in_place_and_folders_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
