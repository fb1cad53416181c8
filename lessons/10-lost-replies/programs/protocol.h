/* SPDX-License-Identifier: BSD-2-Clause */
/* What desk and clients have agreed on: which slot of whose CSpace holds what. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum desk_slots {
    DESK_EP = 1,
    DESK_CSPACE = 2, /* its own */
    DESK_LATER = 3,  /* empty: for the right to answer */
};

enum client_slots { CLIENT_DESK = 1, CLIENT_TCB = 2 };

enum { DESK_ANSWER = 42, FIRST_NUMBER = 1, SECOND_NUMBER = 2 };

#endif
