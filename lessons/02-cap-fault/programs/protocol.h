/* SPDX-License-Identifier: BSD-2-Clause */
/* What faulter and handler have agreed on: which slot of whose CSpace holds what. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum faulter_slots {
    FAULTER_SEQUENCE = 1, /* the endpoint by which the two keep in step */
    FAULTER_FAULT_EP = 2, /* empty: the handler puts the fault endpoint here */
    FAULTER_EMPTY = 3,    /* empty: the faulter receives from it all the same */
};

enum handler_slots {
    HANDLER_SEQUENCE = 1,
    HANDLER_FAULT_EP = 2, /* the fault endpoint, without a badge */
    HANDLER_FAULTER_TCB = 3,
    HANDLER_FAULTER_CSPACE = 4,
    HANDLER_FAULTER_VSPACE = 5,
    HANDLER_CSPACE = 6, /* its own */
    HANDLER_BADGED = 7, /* empty: the badged copy is made here */
    HANDLER_GIFT = 8,   /* an endpoint for the faulter's empty slot */
};

enum { FAULTER_BADGE = 0xbeef, GIFT_LABEL = 7, GIFT_WORD = 42 };

#endif
