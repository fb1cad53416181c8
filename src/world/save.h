/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine in a file. The machine is deterministic, so the file holds how it came to be: the recording
 * since it was switched on, and every file that was read on the way. Whoever restores it does all that
 * again and finds the states that were written down, or refuses. So whatever stands in a damaged or hostile
 * file, it can bring about nothing that could not have been typed. */
#ifndef FAULTLINE_WORLD_SAVE_H
#define FAULTLINE_WORLD_SAVE_H

#include "world/record.h"

enum { SAVED_FILES_MAX = 4096 };

/* A saved machine in memory; texts and bytes lie in the file. */
struct saved {
    uint8_t *whole;
    size_t size;
    char version[RECORD_NAME_SIZE];
    bool has_history; /* one can go back to before it was saved */
    const char *recording;
    size_t recording_size;
    size_t file_count;
    struct record_bytes *files;
};

/* Writes the file whole or not at all: what was there before stays until then. Only a machine that was
 * saved before is replaced. */
bool save_write(const char *path, const struct recorder *r, bool with_history, struct problem *p);
/* False: it is none, damaged, or of a format that is not known (problem filled). */
bool save_read(const char *path, struct saved *s, struct problem *p);
bool save_read_bytes(const void *bytes, size_t size, struct saved *s, struct problem *p);
/* The files that it embeds, each under its SHA-256, in a new folder; and away with it. */
bool save_unpack(const struct saved *s, char *folder, size_t size, struct problem *p);
void save_remove(const struct saved *s, const char *folder);
void save_close(struct saved *s);

#endif
