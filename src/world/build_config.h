/* SPDX-License-Identifier: BSD-2-Clause */
/* How the kernel is configured that an image was built with: upstream's build writes it down beside the
 * images (BUILD/images/IMAGE, BUILD/kernel/gen_config/kernel/gen_config.h). */
#ifndef FAULTLINE_WORLD_BUILD_CONFIG_H
#define FAULTLINE_WORLD_BUILD_CONFIG_H

#include <stdio.h>

#include "kernel/config.h"

struct build_config {
    char path[1024]; /* of the file; "": there is none */
    char taken[160]; /* "ROOT_CNODE_SIZE_BITS 16": what it has otherwise than usual */
    char left[160];  /* the same of what the machine has as usual all the same */
};

/* Whether the image lies in such a build; what is written there goes into *config. */
bool build_config_read(const char *image, struct kernel_config *config, struct build_config *b);
/* Says what was found, if anything is unusual. */
void build_config_tell(const struct build_config *b, FILE *out);

#endif
