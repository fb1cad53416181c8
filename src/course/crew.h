/* SPDX-License-Identifier: BSD-2-Clause */
/* Work that is cut into equal jobs and done by as many processes as the host has processors. */
#ifndef FAULTLINE_COURSE_CREW_H
#define FAULTLINE_COURSE_CREW_H

#include <stdbool.h>
#include <stdio.h>

/* Calls job(context, i, out) for each i below `count`, in processes of their own; what they write comes
 * out by process, and in each in the order of the jobs. Returns the sum of what the jobs return. What else a job changes is lost
 * with its process. */
unsigned crew_work(unsigned count, unsigned (*job)(void *context, unsigned i, FILE *out),
                   void *context, FILE *out);

#endif
