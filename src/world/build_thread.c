/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole thread: TCB, CSpace, address space, IPC buffer; and then either pages for a person's hand, or
 * a program's. */
#include "world/builder.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "world/image.h"

/* seL4_UserContext. */
enum { USER_RIP = 0, USER_RSP = 1, USER_RFLAGS = 2, USER_RSI = 7, USER_WORDS = 20 };
enum { PROGRAM_STACK_PAGES = 8 };

static bool name_is_good(struct builder *b, const char *name)
{
    static const char *const ending[] = { "_tcb", "_cspace", "_vspace", "_ipcbuf" };
    bool good =
        (isalpha((unsigned char)name[0]) || name[0] == '_') && strlen(name) < NAME_OF_THREAD;
    for (const char *c = name; *c; c++) good &= isalnum((unsigned char)*c) || *c == '_';
    if (!good)
        return problem_set(&b->b.problem,
                           "a letter first, then letters, digits and _; at most 23 in all",
                           "\"%s\" is no name for a thread", name);
    if (thread_find(b->w, name))
        return problem_set(&b->b.problem, "`threads` shows them; choose another name",
                           "there is a thread %s already", name);
    for (unsigned i = 0; i < 4; i++) {
        char text[2 * NAME_SIZE];
        snprintf(text, sizeof text, "%s%s", name, ending[i]);
        if (name_find(b->w, b->root, text))
            return problem_set(&b->b.problem, "choose another name", "there is a slot %s already",
                               text);
    }
    return true;
}

/* Everything of a thread but registers and code. */
struct thread_parts {
    const char *name;
    paddr_t tcb_slot, cspace_slot, vspace_slot, buffer_slot;
};

/* A CNode fresh from Retype has no guard, so that CPtrs of 64 bits fail in it: its guard becomes the
 * 56 bits that are left, all 0. */
static bool build_cspace(struct builder *b, struct thread_parts *t)
{
    paddr_t spare = build_spare_slot(b);
    word_t guard_size = 64 - CSPACE_RADIX, depth = build_depth(b);
    if (!build_retype(b, "cnode", CSPACE_RADIX, spare)) return false;
    t->cspace_slot = build_named_slot(b);
    return t->cspace_slot &&
           BUILD(b, "seL4_CNode_Mutate", b->root_cptr, build_index(b, t->cspace_slot), depth,
                 b->root_cptr, build_index(b, spare), depth, guard_size) &&
           build_name(b, t->cspace_slot, t->name, "_cspace");
}

static bool build_vspace(struct builder *b, struct thread_parts *t)
{
    word_t pool = build_need(b, CAP_ASID_POOL, 0, "an ASID pool, which every address space needs");
    t->vspace_slot = build_named_slot(b);
    return t->vspace_slot && build_retype(b, "vspace", 0, t->vspace_slot) &&
           BUILD(b, "seL4_X86_ASIDPool_Assign", pool, build_cptr(b, t->vspace_slot)) &&
           build_name(b, t->vspace_slot, t->name, "_vspace");
}

static bool build_buffer(struct builder *b, struct thread_parts *t)
{
    paddr_t frame;
    t->buffer_slot = build_named_slot(b);
    return t->buffer_slot &&
           build_page(b, build_cptr(b, t->vspace_slot), HAND_BUFFER, t->buffer_slot, &frame) &&
           build_name(b, t->buffer_slot, t->name, "_ipcbuf");
}

static bool name_thread(struct builder *b, const struct thread_parts *t)
{
    memcpy(b->b.last.text, t->name, strlen(t->name) + 1);
    return build_call(b, "seL4_DebugNameThread", build_cptr(b, t->tcb_slot), NULL, 0);
}

static bool build_parts(struct builder *b, struct thread_parts *t)
{
    if (!b->b.ok) return false;
    if (!name_is_good(b, t->name)) return build_refused(b);
    t->tcb_slot = build_named_slot(b);
    if (!t->tcb_slot || !build_retype(b, "tcb", 0, t->tcb_slot) ||
        !build_name(b, t->tcb_slot, t->name, "_tcb"))
        return false;
    if (!build_cspace(b, t) || !build_vspace(b, t) || !build_buffer(b, t)) return false;
    word_t tcb = build_cptr(b, t->tcb_slot),
           own = build_need(b, CAP_THREAD, b->seat, "its own TCB");
    return BUILD(b, "seL4_TCB_Configure", tcb, 0, build_cptr(b, t->cspace_slot), 0,
                 build_cptr(b, t->vspace_slot), 0, HAND_BUFFER, build_cptr(b, t->buffer_slot)) &&
           BUILD(b, "seL4_TCB_SetPriority", tcb, own, THREAD_PRIORITY) && name_thread(b, t);
}

static paddr_t build_tcb(const struct builder *b, const struct thread_parts *t)
{
    return cap_thread_object(cte_at(b->w, t->tcb_slot)->cap);
}

static bool build_start(struct builder *b, const struct thread_parts *t, const word_t context[20])
{
    memcpy(b->b.last.context, context, sizeof b->b.last.context);
    return BUILD(b, "seL4_TCB_WriteRegisters", build_cptr(b, t->tcb_slot), 1, 0, USER_WORDS);
}

struct build build_thread(struct session *s, const char *name)
{
    struct builder b = builder_start(s);
    struct thread_parts t = { .name = name };
    paddr_t stack, page;
    if (!build_parts(&b, &t)) return b.b;
    word_t vspace = build_cptr(&b, t.vspace_slot);
    if (!build_page(&b, vspace, HAND_STACK, build_spare_slot(&b), &stack)) return b.b;
    if (!build_page(&b, vspace, HAND_PAGE, build_spare_slot(&b), &page)) return b.b;
    if (!hand_adopt(s, build_tcb(&b, &t), page, &b.b.problem)) {
        b.b.ok = false;
        return b.b;
    }
    const word_t context[USER_WORDS] = {
        [USER_RIP] = HAND_PAGE, [USER_RSP] = HAND_PAGE - 16, [USER_RFLAGS] = FLAG_IF | FLAG_FIXED
    };
    build_start(&b, &t, context);
    return b.b;
}

/* SIMPLIFIED: a loader of its own would map each frame into its own address space to fill it; here the
 * loader's fingers write the file's bytes into the new frames. */
static bool load_bytes(struct builder *b, word_t vspace, word_t address, const uint8_t *bytes,
                       size_t size)
{
    for (size_t done = 0; done < size; done += PAGE_SIZE) {
        size_t length = size - done < PAGE_SIZE ? size - done : PAGE_SIZE;
        paddr_t frame, slot = build_spare_slot(b);
        if (!slot || !build_page(b, vspace, address + done, slot, &frame)) return false;
        memcpy(memory_edit(session_world(b->s), frame, length), bytes + done, length);
    }
    return true;
}

static bool load_stack(struct builder *b, word_t vspace)
{
    for (word_t i = PROGRAM_STACK_PAGES; i > 0; i--) {
        paddr_t frame, slot = build_spare_slot(b);
        if (!slot || !build_page(b, vspace, HAND_BUFFER - (i << PAGE_BITS), slot, &frame))
            return false;
    }
    return true;
}

/* At entry: sel4runtime.h. */
static bool load_program(struct builder *b, struct thread_parts *t, const struct image *image)
{
    const word_t context[USER_WORDS] = { [USER_RIP] = image->entry,
                                         [USER_RSP] = HAND_BUFFER,
                                         [USER_RSI] = HAND_BUFFER,
                                         [USER_RFLAGS] = FLAG_IF | FLAG_FIXED };
    word_t lowest = HAND_BUFFER - PROGRAM_STACK_PAGES * PAGE_SIZE,
           end = image->vaddr + (image->pages << PAGE_BITS);
    if (image->vaddr < HAND_PAGE + PAGE_SIZE && end > lowest) {
        problem_set(&b->b.problem, "link it elsewhere",
                    "%s lies where its stack and IPC buffer are to be (%#llx to %#x)", image->path,
                    (unsigned long long)lowest, HAND_PAGE + PAGE_SIZE);
        return build_refused(b);
    }
    if (!build_parts(b, t)) return false;
    word_t vspace = build_cptr(b, t->vspace_slot);
    return load_bytes(b, vspace, image->vaddr, image->bytes, image->pages << PAGE_BITS) &&
           load_stack(b, vspace) && build_start(b, t, context);
}

struct build build_load(struct session *s, const char *file, const char *name)
{
    struct builder b = builder_start(s);
    struct thread_parts t = { .name = name };
    if (!b.b.ok) return b.b;
    struct image *image = image_open(file, &b.b.problem);
    if (!image) {
        b.b.ok = false;
        return b.b;
    }
    if (load_program(&b, &t, image))
        session_set_image(s, cap_pml4_object(cte_at(b.w, t.vspace_slot)->cap), image);
    else
        image_close(image);
    return b.b;
}

struct build build_data(struct session *s, const char *file, word_t vspace_cptr, word_t address)
{
    struct builder b = builder_start(s);
    struct image *data = b.b.ok ? image_read(file, &b.b.problem) : NULL;
    if (!data) {
        b.b.ok = false;
        return b.b;
    }
    if (data->file_size > (size_t)IMAGE_MAX_PAGES << PAGE_BITS)
        b.b.ok = problem_set(&b.b.problem, "take a smaller one", "%s is larger than 32 MiB", file);
    else
        load_bytes(&b, vspace_cptr, address, data->file, data->file_size);
    image_close(data);
    return b.b;
}
