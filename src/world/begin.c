/* SPDX-License-Identifier: BSD-2-Clause */
/* How a session's world begins: with a root task that a person drives, or with a program. Nothing
 * before that can be taken back. */
#include "world/boot.h"
#include "world/inside.h"

enum { PROMPT_PAGES = 2, STACK_ROOM = 16 }; /* the stack's page, the hand page */

static void sit_in_root(struct session *s)
{
    session_sit(s, kernel_at(&s->world)->root_tcb);
    history_start(s);
}

bool session_boot_prompt(struct session *s, struct problem *p)
{
    struct world *w = &s->world;
    const struct boot_image image = { .image_paddr = kernel_image_paddr(),
                                      .image_vaddr = HAND_STACK,
                                      .image_pages = PROMPT_PAGES,
                                      .entry = HAND_PAGE };
    if (!memory_holds(w, image.image_paddr, PROMPT_PAGES * PAGE_SIZE) ||
        !kernel_boot(w, &s->config, &image))
        return problem_set(p, "give it more: --memory 64M",
                           "the kernel does not fit into so little memory");
    cpu_edit(w)->reg[REG_RSP] = HAND_STACK + PAGE_SIZE - STACK_ROOM;
    if (!hand_adopt(s, kernel_at(w)->root_tcb, image.image_paddr + PAGE_SIZE, p)) return false;
    sit_in_root(s);
    return true;
}

bool session_boot_program(struct session *s, struct image *image, struct problem *p)
{
    if (!boot_image(&s->world, &s->config, image, p)) {
        image_close(image);
        return false;
    }
    paddr_t root = kernel_at(&s->world)->root_tcb;
    session_set_image(s, cap_pml4_object(cte_at(&s->world, tcb_slot(root, TCB_VTABLE))->cap),
                      image);
    sit_in_root(s);
    return true;
}

bool session_boot_image(struct session *s, const char *path, struct problem *p)
{
    struct image *image = image_open(path, p);
    if (!image) return false;
    if (image_kernel_config(image, &s->config, p)) return session_boot_program(s, image, p);
    image_close(image);
    return false;
}
