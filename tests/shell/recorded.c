/* SPDX-License-Identifier: BSD-2-Clause */
#include "shell/recorded.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char folder[PLACE_SIZE];

const char *in_folder(const char *name, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

size_t read_file(const char *path, char *text)
{
    FILE *in = fopen(path, "rb");
    if (!in) return 0;
    size_t size = fread(text, 1, TEXT_SIZE - 1, in);
    fclose(in);
    text[size] = '\0';
    return size;
}

void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

void record_to(void **state, const char *path)
{
    struct typist *t = *state;
    struct problem p;
    struct record_head head = { .typed = true };
    unlink(path);
    struct recorder *r = record_open(path, &p);
    if (!r) fail_msg("%s", p.text);
    recording_begin(&t->shell, r, &head);
}

void stop_recording(void **state)
{
    struct typist *t = *state;
    recording_end(&t->shell, false);
}

struct playback *played(const char *path)
{
    const struct playback_options options = { .confined = false };
    struct problem p;
    struct playback *b = playback_open(path, &options, &p);
    if (!b) fail_msg("%s: %s", path, p.text);
    playback_run(b);
    return b;
}

void agrees(const char *path, unsigned commands)
{
    struct playback *b = played(path);
    if (b->end != PLAYBACK_AGREES) playback_explain(b, stderr);
    assert_int_equal(b->end, PLAYBACK_AGREES);
    assert_true(b->is_whole && !b->is_cut);
    if (commands) assert_int_equal(b->count, commands);
    playback_close(b);
}

int recorded_begin(void **state)
{
    (void)state;
    if (place_make(folder, "record") != 0) return -1;
    return setenv("XDG_STATE_HOME", folder, 1);
}

int recorded_end(void **state)
{
    (void)state;
    return place_remove(folder);
}
