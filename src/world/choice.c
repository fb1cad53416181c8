/* SPDX-License-Identifier: BSD-2-Clause */
#include "world/choice.h"

#include <string.h>

#include "world/boot.h"
#include "world/option.h"

#define PROMPT_MEMORY (UINT64_C(64) << 20)
enum { ROOT_CNODE_BITS_LEAST = 7, ROOT_CNODE_BITS_MOST = 26 };

struct boot_choice choice_of(const struct world *w)
{
    const struct kernel_config *config = kernel_config(w);
    return (struct boot_choice){ .memory = w->memory_size,
                                 .domains = config->num_domains,
                                 .root_cnode_bits = config->root_cnode_bits,
                                 .fsgsbase = config->fsgsbase_inst,
                                 .no_x87 = (cpu_at(w)->features & CPU_NO_X87) != 0 };
}

bool choice_is_sound(const struct boot_choice *c)
{
    return c->domains <= MAX_DOMAINS &&
           (!c->root_cnode_bits || (c->root_cnode_bits >= ROOT_CNODE_BITS_LEAST &&
                                    c->root_cnode_bits <= ROOT_CNODE_BITS_MOST));
}

/* ---- The command line ---- */

static bool is_switch(const char *word, struct boot_choice *c)
{
    bool fsgsbase = strcmp(word, "--fsgsbase") == 0, no_x87 = strcmp(word, "--no-x87") == 0;
    c->fsgsbase |= fsgsbase;
    c->no_x87 |= no_x87;
    return fsgsbase || no_x87;
}

bool choice_option(int argc, char **argv, int *i, struct boot_choice *c, struct problem *p)
{
    const char *value, *wants = NULL;
    p->text[0] = p->tip[0] = '\0';
    if ((value = option_value(argc, argv, i, "--memory"))) {
        if (!option_size(value, &c->memory) || !c->memory)
            wants = "--memory wants a size such as 512M";
    } else if ((value = option_value(argc, argv, i, "--domains"))) {
        if (!option_number(value, &c->domains) || !c->domains || !choice_is_sound(c))
            wants = "--domains wants a number from 1 to 16";
    } else if ((value = option_value(argc, argv, i, "--root-cnode-bits"))) {
        if (!option_number(value, &c->root_cnode_bits) || !c->root_cnode_bits ||
            !choice_is_sound(c))
            wants = "--root-cnode-bits wants a number from 7 to 26";
    }
    if (wants) problem_set(p, "", "%s, not %.100s", wants, value);
    return value || is_switch(argv[*i], c);
}

/* ---- The machine ---- */

uint64_t choice_memory(const struct boot_choice *c, uint64_t usual)
{
    uint64_t memory = c->memory ? c->memory : usual;
    return (memory + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
}

void choice_configure(const struct boot_choice *c, struct kernel_config *config)
{
    if (c->domains) config->num_domains = (uint8_t)c->domains;
    if (c->root_cnode_bits) config->root_cnode_bits = (uint8_t)c->root_cnode_bits;
    if (c->fsgsbase) config->fsgsbase_inst = true;
}

void choice_fit(const struct boot_choice *c, struct world *w)
{
    if (c->no_x87) cpu_edit(w)->features |= CPU_NO_X87;
}

struct session *choice_boot(const struct boot_choice *c, const struct kernel_config *kernel,
                            struct image *image, struct problem *p)
{
    struct kernel_config config = *kernel;
    choice_configure(c, &config);
    struct session *s =
        session_open(&config, choice_memory(c, image ? BOOT_MEMORY_SIZE : PROMPT_MEMORY), p);
    if (!s) {
        image_close(image);
        return NULL;
    }
    if (!(image ? session_boot_program(s, image, p) : session_boot_prompt(s, p))) {
        session_close(s);
        return NULL;
    }
    choice_fit(c, session_world(s));
    session_start(s);
    return s;
}
