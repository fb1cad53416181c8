/* SPDX-License-Identifier: BSD-2-Clause */
/* The IPC buffer, word by word. Every thread has its own: the pointer is thread-local. */
#ifndef SEL4_FUNCTIONS_H
#define SEL4_FUNCTIONS_H

#include <sel4/types.h>

extern LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;

static inline void seL4_SetIPCBuffer(seL4_IPCBuffer *buffer)
{
    __sel4_ipc_buffer = buffer;
}
static inline seL4_IPCBuffer *seL4_GetIPCBuffer(void)
{
    return __sel4_ipc_buffer;
}

static inline seL4_Word seL4_GetMR(int i)
{
    return __sel4_ipc_buffer->msg[i];
}
static inline void seL4_SetMR(int i, seL4_Word mr)
{
    __sel4_ipc_buffer->msg[i] = mr;
}

static inline seL4_Word seL4_GetUserData(void)
{
    return __sel4_ipc_buffer->userData;
}
static inline void seL4_SetUserData(seL4_Word data)
{
    __sel4_ipc_buffer->userData = data;
}

/* Capabilities to send; after receiving, the badges of unwrapped ones. */
static inline seL4_Word seL4_GetBadge(int i)
{
    return __sel4_ipc_buffer->caps_or_badges[i];
}
static inline seL4_CPtr seL4_GetCap(int i)
{
    return __sel4_ipc_buffer->caps_or_badges[i];
}
static inline void seL4_SetCap(int i, seL4_CPtr cptr)
{
    __sel4_ipc_buffer->caps_or_badges[i] = cptr;
}

/* The slot that a received capability goes into. */
static inline void seL4_SetCapReceivePath(seL4_CPtr cnode, seL4_CPtr index, seL4_Word depth)
{
    __sel4_ipc_buffer->receiveCNode = cnode;
    __sel4_ipc_buffer->receiveIndex = index;
    __sel4_ipc_buffer->receiveDepth = depth;
}

static inline void seL4_GetCapReceivePath(seL4_CPtr *cnode, seL4_CPtr *index, seL4_Word *depth)
{
    if (cnode) *cnode = __sel4_ipc_buffer->receiveCNode;
    if (index) *index = __sel4_ipc_buffer->receiveIndex;
    if (depth) *depth = __sel4_ipc_buffer->receiveDepth;
}

/* MR2 after a mapping call's FailedLookup: SEL4_MAPPING_LOOKUP_NO_PT and its like. */
static inline seL4_Word seL4_MappingFailedLookupLevel(void)
{
    return seL4_GetMR(SEL4_MAPPING_LOOKUP_LEVEL);
}

#endif
