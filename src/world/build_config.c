/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "world/build_config.h"
#include "world/option.h"
#include "world/path.h"

#define CONFIG_FILE "kernel/gen_config/kernel/gen_config.h"
enum { LINES_MOST = 4096 };

/* What a kernel may be told: where it stands in struct kernel_config, in which range; and whether the
 * recorded machine can be otherwise. */
static const struct setting {
    const char *name;
    size_t at;
    uint64_t least, most;
    bool is_taken;
} setting_table[] = {
    { "ROOT_CNODE_SIZE_BITS", offsetof(struct kernel_config, root_cnode_bits), 7, 26, true },
    { "NUM_DOMAINS", offsetof(struct kernel_config, num_domains), 1, 16, true },
    { "HARDWARE_DEBUG_API", offsetof(struct kernel_config, hardware_debug_api), 0, 1, true },
    { "FSGSBASE_INST", offsetof(struct kernel_config, fsgsbase_inst), 0, 1, true },
    { "KERNEL_MCS", offsetof(struct kernel_config, mcs), 0, 1, false },
    { "DEBUG_BUILD", offsetof(struct kernel_config, debug_build), 0, 1, false },
    { "PRINTING", offsetof(struct kernel_config, printing), 0, 1, false },
    { "TIME_SLICE", offsetof(struct kernel_config, time_slice), 1, 255, false },
};
enum { SETTINGS = sizeof setting_table / sizeof setting_table[0] };

/* Adds "NAME value" to a list. */
static void list(char *text, size_t size, const char *name, uint64_t value)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s %llu", used ? ", " : "", name,
             (unsigned long long)value);
}

static void take(const struct setting *s, uint64_t value, struct kernel_config *config,
                 struct build_config *b)
{
    uint8_t *there = (uint8_t *)config + s->at;
    if (value == *there) return;
    bool good = s->is_taken && value >= s->least && value <= s->most;
    if (good) *there = (uint8_t)value;
    list(good ? b->taken : b->left, sizeof b->taken, s->name, value);
}

/* "#define CONFIG_NAME  16", or with no such value "disabled: CONFIG_NAME" in a comment. */
static void read_line(const char *line, uint64_t value[SETTINGS])
{
    char name[64], number[32];
    if (sscanf(line, "#define CONFIG_%63s %31s", name, number) != 2) return;
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(setting_table[i].name, name) == 0 && !option_number(number, &value[i]))
            value[i] = 0;
}

bool build_config_read(const char *image, struct kernel_config *config, struct build_config *b)
{
    char folder[512], line[256];
    uint64_t value[SETTINGS] = { 0 };
    *b = (struct build_config){ .path = "" };
    path_folder(image, folder, sizeof folder);
    snprintf(b->path, sizeof b->path, "%s/../" CONFIG_FILE, folder);
    FILE *in = fopen(b->path, "r");
    if (!in) return b->path[0] = '\0', false;
    for (unsigned i = 0; i < LINES_MOST && fgets(line, sizeof line, in); i++)
        read_line(line, value);
    fclose(in);
    for (size_t i = 0; i < SETTINGS; i++) take(&setting_table[i], value[i], config, b);
    return true;
}

void build_config_tell(const struct build_config *b, FILE *out)
{
    if (b->taken[0]) fprintf(out, "faultline: the kernel has %s, as in %s\n", b->taken, b->path);
    if (b->left[0])
        fprintf(out, "faultline: %s has %s: here the kernel is as docs/deviations.md says\n",
                b->path, b->left);
}
