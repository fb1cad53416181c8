/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of files of the host, taken apart. Nothing here but path_sync() asks the host. */
#ifndef FAULTLINE_WORLD_PATH_H
#define FAULTLINE_WORLD_PATH_H

#include <stddef.h>

/* What stands behind the last slash: "c" of "a/b/c", "" of "a/". Points into `path`. */
const char *path_name(const char *path);

/* The folder that it lies in, cut to `size` bytes: "a/b" of "a/b/c", "/" of "/c", "." of "c". */
void path_folder(const char *path, char *folder, size_t size);

/* Writes the folder's entry of a new file to the disk, so that the name itself survives a power cut.
 * Some file systems know no such thing: nothing is said of it. */
void path_sync(const char *path);

#endif
