/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a recording, or as a saved machine: done or refused with a sentence, and the kernel's rules
 * hold behind it. The checksum of a saved machine is put right, so that what is behind it is reached. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/recording.h"
#include "world/save.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAGIC "Faultline machine\n"

enum { MAX_STEPS = 20000, MAX_SIZE = 1 << 16 };

static void play(const void *bytes, size_t size, const char *files)
{
    char *said = NULL;
    size_t said_size = 0;
    FILE *out = open_memstream(&said, &said_size);
    const struct playback_options options = {
        .out = out, .files = files, .confined = true, .max_steps = MAX_STEPS
    };
    struct problem p;
    if (!out) abort();
    struct playback *b = playback_open_bytes("fuzz.fl", bytes, size, &options, &p);
    if (b) {
        if (playback_run(b) != PLAYBACK_AGREES) playback_explain(b, out);
        if (kernel_check_invariants(session_world_at(b->shell.session))) abort();
        playback_close(b);
    } else if (!p.text[0]) {
        abort();
    }
    fclose(out);
    free(said);
}

static void play_saved(const void *bytes, size_t size)
{
    struct saved s;
    struct problem p;
    char folder[1024];
    if (!save_read_bytes(bytes, size, &s, &p)) {
        if (!p.text[0]) abort();
        return;
    }
    if (save_unpack(&s, folder, sizeof folder, &p)) {
        play(s.recording, s.recording_size, folder);
        save_remove(&s, folder);
    }
    save_close(&s);
}

/* The bytes with a last line that is right. */
static void mend_and_play(const uint8_t *data, size_t size)
{
    char sum[SHA256_TEXT], *whole = malloc(size + SHA256_TEXT + 8);
    if (!whole) abort();
    memcpy(whole, data, size);
    sha256_of(data, size, sum);
    int n = sprintf(whole + size, "end %s\n", sum);
    play_saved(whole, size + (size_t)n);
    free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > MAX_SIZE) return 0;
    if (size >= strlen(MAGIC) && memcmp(data, MAGIC, strlen(MAGIC)) == 0) {
        play_saved(data, size);
        mend_and_play(data, size);
    } else {
        play(data, size, NULL);
    }
    return 0;
}
