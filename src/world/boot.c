/* SPDX-License-Identifier: BSD-2-Clause */
/* From a program to a running root task, and what is to be said when nothing runs any more. */
#include "machine/text.h"
#include "world/boot.h"
#include "world/build_config.h"
#include "world/share.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool image_kernel_config(const struct image *image, struct kernel_config *out, struct problem *p)
{
    *out = kernel_config_default;
    if (!image->kernel[0] || kernel_config_named(image->kernel, out)) return true;
    return problem_set(p, "compile it again with faultline cc",
                       "%s was compiled for a kernel \"%s\" that is not known", image->path,
                       image->kernel);
}

/* A file; or one of a lesson, "02-cap-fault/tutorial.elf". */
void boot_find(const char *name, char *path, size_t size)
{
    char shared[1024];
    int length = snprintf(shared, sizeof shared, "lessons/%s", name);
    bool fits = length > 0 && (size_t)length < sizeof shared;
    if (access(name, F_OK) == 0 || !fits || !share_file(shared, path, size))
        snprintf(path, size, "%s", name);
}

/* What a foreign image was built for stands beside it; and the kernel that is named goes before. */
static bool choose_config(const char *kernel, const struct image *image,
                          struct kernel_config *config, struct problem *p)
{
    struct build_config build;
    struct kernel_config named;
    if (kernel && !kernel_config_named(kernel, &named))
        return problem_set(p, "there are: nonmcs, mcs, debug, mcs-debug",
                           "no kernel configuration \"%s\"", kernel);
    if (!kernel && !image_kernel_config(image, config, p)) return false;
    if (kernel) *config = named;
    if (!image->kernel[0] && build_config_read(image->path, config, &build))
        build_config_tell(&build, stderr);
    if (kernel) {
        config->mcs = named.mcs;
        config->hardware_debug_api = named.hardware_debug_api;
    }
    return true;
}

struct image *boot_program(const char *name, const char *kernel, struct kernel_config *config,
                           struct problem *p)
{
    char path[1024];
    boot_find(name, path, sizeof path);
    struct image *image = image_open(path, p);
    if (image && choose_config(kernel, image, config, p)) return image;
    image_close(image);
    return NULL;
}

bool boot_image(struct world *w, const struct kernel_config *config, const struct image *image,
                struct problem *p)
{
    uint64_t size = image->pages << PAGE_BITS;
    if (!memory_holds(w, kernel_image_paddr(), size))
        return problem_set(p, "give it more: --memory 512M",
                           "%s does not fit into %" PRIu64 " KiB of memory", image->path,
                           w->memory_size >> 10);
    memcpy(memory_edit(w, kernel_image_paddr(), size), image->bytes, size);
    const struct boot_image boot = {
        .image_paddr = kernel_image_paddr(),
        .image_vaddr = image->vaddr,
        .image_pages = image->pages,
        .entry = image->entry,
    };
    if (kernel_boot(w, config, &boot)) return true;
    return problem_set(p, "more memory may do (--memory 512M), or a smaller program",
                       "%s cannot be booted: %" PRIu64 " pages at 0x%" PRIx64
                       " are too many for this machine",
                       image->path, image->pages, image->vaddr);
}

/* Whether a domain's turn comes: in what is left of the schedule, or from its start on. */
static bool domain_is_scheduled(const struct kernel *k, word_t domain)
{
    const word_t from[] = { k->domain_index, k->domain_start };
    if (k->config.num_domains <= 1 || k->domain == domain) return true;
    for (unsigned n = 0; n < 2; n++)
        for (word_t i = from[n]; i < MAX_DOMAIN_SCHEDULE && k->domain_schedule[i].length; i++)
            if (k->domain_schedule[i].domain == domain) return true;
    return false;
}

/* All TCBs hang in one list, the idle thread's among them. Ticks wake nobody; a domain's turn and a
 * refill do. */
bool world_is_dead(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    if (k->halted) return true;
    for (paddr_t tcb = k->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next) {
        const struct tcb *t = tcb_at(w, tcb);
        bool may = thread_is_runnable(w, tcb) || t->in_release_queue;
        if (tcb != k->idle && may && !t->passed_over && domain_is_scheduled(k, t->domain))
            return false;
    }
    return kernel_next_line(w) == DEVICE_NEVER;
}

/* Those of x87 begin with f, but FXSAVE and FXRSTOR move state only. Those of MMX name its registers. */
static bool instruction_takes_x87(const char *text)
{
    bool is_moving = strncmp(text, "fxsave", 6) == 0 || strncmp(text, "fxrstor", 7) == 0;
    if (text[0] == 'f') return !is_moving;
    return strstr(text, " mm") || strcmp(text, "emms") == 0;
}

const char *thread_wants_processor(const struct world *w, paddr_t tcb)
{
    enum { LONGEST = 15 };
    uint8_t code[LONGEST];
    size_t n = 0;
    for (paddr_t at; n < LONGEST; n++) {
        if (!kernel_translate(w, tcb, thread_register(w, tcb, CTX_FAULT_IP) + n, &at) ||
            !memory_holds(w, at, 1))
            break;
        code[n] = *(const uint8_t *)memory_at(w, at);
    }
    char text[96];
    if (!n || !instruction_format(code, n, 0, text, sizeof text)) return NULL;
    if (strstr(text, "sbase") == text + 3) return "built for FSGSBASE: boot it with --fsgsbase";
    if ((cpu_at(w)->features & CPU_NO_X87) && instruction_takes_x87(text))
        return "built for x87 or MMX, which only an x86-64 host lends: use double, not long double";
    if (text[0] == 'v' && strncmp(text, "ver", 3) != 0 && strncmp(text, "vm", 2) != 0)
        return "built for AVX: compile it with -march=nehalem";
    return NULL;
}
