/* SPDX-License-Identifier: BSD-2-Clause */
/* From a program to a running root task, and what is to be said when nothing runs any more. */
#include "machine/text.h"
#include "world/boot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool image_kernel_config(const struct image *image, struct kernel_config *out, struct problem *p)
{
    *out = kernel_config_default;
    if (!image->kernel[0] || kernel_config_named(image->kernel, out)) return true;
    return problem_set(p, "compile it again with faultline cc",
                       "%s was compiled for a kernel \"%s\" that is not known", image->path,
                       image->kernel);
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

/* All TCBs hang in one list, the idle thread's among them. */
bool world_is_dead(const struct world *w)
{
    const struct kernel *k = kernel_at(w);
    if (k->halted) return true;
    for (paddr_t tcb = k->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next) {
        if (tcb == k->idle) continue;
        if (thread_is_runnable(w, tcb) || tcb_at(w, tcb)->in_release_queue) return false;
    }
    return kernel_next_line(w) == DEVICE_NEVER;
}

static const char *waits_on(word_t state)
{
    switch (state) {
    case TCB_BLOCKED_ON_SEND:
    case TCB_BLOCKED_ON_RECEIVE: return "endpoint";
    case TCB_BLOCKED_ON_NOTIFICATION: return "notification";
    default: return NULL;
    }
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

void world_waits(const struct world *w, void (*line)(void *context, const char *text),
                 void *context)
{
    const struct kernel *k = kernel_at(w);
    for (paddr_t tcb = k->debug_tcbs; tcb; tcb = tcb_debug_at(w, tcb)->next) {
        const struct tcb *t = tcb_at(w, tcb);
        char text[TCB_NAME_SIZE + 128], what[64] = "";
        if (tcb == k->idle) continue;
        if (waits_on(t->state))
            snprintf(what, sizeof what, ", %s 0x%" PRIx64, waits_on(t->state), t->blocking_object);
        snprintf(text, sizeof text, "%.*s: %s%s, at 0x%" PRIx64, TCB_NAME_SIZE,
                 tcb_debug_at(w, tcb)->name, tcb_state_name(t->state), what,
                 t->context[CTX_FAULT_IP]);
        line(context, text);
        const char *wants = t->state == TCB_INACTIVE ? thread_wants_processor(w, tcb) : NULL;
        if (wants) line(context, wants);
    }
}
