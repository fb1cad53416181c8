/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains: which one a thread belongs to, and the schedule of them.
 *
 * seL4: src/object/domain.c. */
#include "kernel/internal.h"

#include <inttypes.h>

/* CONFIG_NUM_DOMAIN_SCHEDULES as the real build derives it. The last entry stays an end marker. */
enum { SCHEDULE_ENTRIES = 100, SCHEDULE_ENTRIES_OF_ONE_DOMAIN = 2 };
_Static_assert(SCHEDULE_ENTRIES <= (int)MAX_DOMAIN_SCHEDULE, "the schedule has its place");

#define DURATION_MAX (~(word_t)0 >> 8)

static word_t schedule_length(const struct world *w)
{
    return kernel_config(w)->num_domains > 1 ? SCHEDULE_ENTRIES : SCHEDULE_ENTRIES_OF_ONE_DOMAIN;
}

static struct decoded refuse_argument(word_t number, const char *where, const char *text)
{
    struct decoded d = refuse(SEL4_InvalidArgument, where, text);
    d.refusal.word[0] = number;
    return d;
}

static struct decoded refuse_above(word_t highest, const char *where, const char *text)
{
    struct decoded d = refuse(SEL4_RangeError, where, text);
    d.refusal.word[1] = highest;
    return d;
}

static enum progress invoke_set(struct world *w, const struct invocation *i)
{
    tcb_set_domain(w, i->target, i->arg[0]);
    return PROGRESS_DONE;
}

struct decoded decode_domain_set_set(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeDomainSetSetInvocation";
    if (m->length == 0)
        return refuse(SEL4_TruncatedMessage, where, "Domain Configure: Truncated message.");

    word_t domain = message_word(w, m, 0), domains = kernel_config(w)->num_domains;
    if (domain >= domains) {
        struct decoded d = refuse_argument(
            0, where, "Domain Configure: invalid domain (%" PRIu64 " >= %" PRIu64 ").");
        d.refusal.text_word[0] = domain;
        d.refusal.text_word[1] = domains;
        return d;
    }
    if (!m->extra_slot[0])
        return refuse(SEL4_TruncatedMessage, where, "Domain Configure: Truncated message.");
    if (cap_type(m->extra[0]) != CAP_THREAD)
        return refuse_argument(1, where, "Domain Configure: thread cap required.");
    return (struct decoded){
        .invocation = { .invoke = invoke_set, .target = cap_object(m->extra[0]), .arg = { domain } }
    };
}

static enum progress invoke_configure(struct world *w, const struct invocation *i)
{
    KERNEL_EDIT(w, domain_schedule)[i->target] = (struct domain_entry){ i->arg[0], i->arg[1] };
    return PROGRESS_DONE;
}

struct decoded decode_domain_schedule_configure(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeDomainScheduleConfigure";
    if (m->length < 3)
        return refuse(SEL4_TruncatedMessage, where,
                      "Domain Schedule Configure: Truncated message.");

    word_t index = message_word(w, m, 0), domain = message_word(w, m, 1);
    word_t duration = message_word(w, m, 2), domains = kernel_config(w)->num_domains;
    if (index >= schedule_length(w) - 1)
        return refuse_above(schedule_length(w) - 2, where,
                            "Domain Schedule Configure: Invalid index.");
    if (domain >= domains)
        return refuse_above(domains - 1, where, "Domain Schedule Configure: Invalid domain.");
    if (duration > DURATION_MAX)
        return refuse_argument(2, where,
                               "Domain Schedule Configure: Duration must fit in 56 bits.");
    if (duration == 0 && domain != 0)
        return refuse_argument(
            1, where,
            "Domain Schedule Configure: Both domain and duration must be zero for end markers.");
    if (index == kernel_at(w)->domain_start && duration == 0)
        return refuse_argument(
            2, where, "Domain Schedule Configure: Starting schedule's duration must not be zero.");
    return (struct decoded){
        .invocation = { .invoke = invoke_configure, .target = index, .arg = { domain, duration } }
    };
}

/* Ends the present schedule, so that the new start comes at once. */
static enum progress invoke_set_start(struct world *w, const struct invocation *i)
{
    KERNEL_EDIT(w, domain_start) = i->target;
    KERNEL_EDIT(w, domain_time) = 0;
    KERNEL_EDIT(w, domain_index) = schedule_length(w) - 2;
    reschedule_required(w);
    return PROGRESS_DONE;
}

struct decoded decode_domain_schedule_set_start(const struct world *w, const struct call_message *m)
{
    static const char where[] = "decodeDomainScheduleSetStart";
    if (m->length < 1)
        return refuse(SEL4_TruncatedMessage, where,
                      "Domain Schedule Configure: Truncated message.");
    word_t index = message_word(w, m, 0);
    if (index >= schedule_length(w))
        return refuse_above(schedule_length(w) - 1, where,
                            "Domain Schedule Set Start: Invalid index.");
    if (kernel_at(w)->domain_schedule[index].length == 0)
        return refuse_argument(
            0, where, "Domain Schedule Set Start: Starting schedule must not be an end marker.");
    return (struct decoded){ .invocation = { .invoke = invoke_set_start, .target = index } };
}
