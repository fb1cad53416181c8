/* SPDX-License-Identifier: BSD-2-Clause */
/* The slots of a speaker and of the ringer. A speaker's number is the badge of what wakes it. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

enum { BELL = 1, OTHER_BELL = 2 };

#endif
