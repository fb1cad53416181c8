/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls for interrupts, I/O ports and domains are refused with, in the order in which the real
 * kernel checks. seL4: src/object/interrupt.c, src/arch/x86/object/interrupt.c,
 * src/plat/pc99/machine/ioapic.c, src/arch/x86/object/ioport.c, src/object/domain.c. */
#include "kernel/errors.h"

#define CONTROL "Arch_decodeIRQControlInvocation"
#define IOAPIC  "ioapic_decode_map_pin_to_vector"

/* clang-format off */
/* Destination, I/O APIC, pin, level, polarity, interrupt. */
#define GET(index, depth, ioapic, pin, level, polarity, vector) \
    { CPTR_IRQ_CONTROL, "X86IRQIssueIRQHandlerIOAPIC", 7, { index, depth, ioapic, pin, level, polarity, vector }, 1, { CPTR_CNODE } }
#define GET_MSI(bus, device, function, vector) \
    { CPTR_IRQ_CONTROL, "X86IRQIssueIRQHandlerMSI", 7, { EMPTY, 64, bus, device, function, 0, vector }, 1, { CPTR_CNODE } }

static void a_handler_is_given_out_by_the_io_apic(void **state)
{
    static const struct error_row rows[] = {
        { { CPTR_IRQ_CONTROL, "IRQIssueIRQHandler", 2, { 0 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { { CPTR_IRQ_CONTROL, "IRQIssueIRQHandler", 3, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { { CPTR_IRQ_CONTROL, "IRQIssueIRQHandler", 3, { 4, EMPTY, 64 }, 1, { CPTR_CNODE } }, SEL4_IllegalOperation, 0, { 0 }, "Arch_checkIRQ", "IRQControl: Illegal operation" },
        { { CPTR_IRQ_CONTROL, "X86IRQIssueIRQHandlerIOAPIC", 6, { 0 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, CONTROL, "IRQControl: Truncated message" },
        { { CPTR_IRQ_CONTROL, "X86IRQIssueIRQHandlerIOAPIC", 7, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, CONTROL, "IRQControl: Truncated message" },
        { GET(EP, 64, 1, 24, 2, 2, 108), SEL4_RangeError, 2, { 0, 107 }, CONTROL, "IRQControl: Invalid irq 108 should be between 0-107" },
        { GET(EP, 64, 1, 24, 2, 2, ~(word_t)0), SEL4_RangeError, 2, { 0, 107 }, CONTROL, "IRQControl: Invalid irq -1 should be between 0-107" },
        { GET(EP, 64, 1, 24, 2, 2, 5), SEL4_RevokeFirst, 0, { 0 }, CONTROL, "IRQControl: IRQ 21 is already active." },
        { GET(EMPTY, 0, 1, 24, 2, 2, 6), SEL4_RangeError, 2, { 1, 64 }, NULL, NULL },
        { GET(0x100, 64, 1, 24, 2, 2, 6), SEL4_FailedLookup, 5, { 0, LOOKUP_GUARD_MISMATCH, 64, 0, 56 }, NULL, NULL },
        { GET(EP, 64, 1, 24, 2, 2, 6), SEL4_DeleteFirst, 0, { 0 }, NULL, NULL },
        { GET(EMPTY, 64, 1, 24, 2, 2, 6), SEL4_RangeError, 2, { 0, 0 }, IOAPIC, "Invalid IOAPIC 1, only have 1" },
        { GET(EMPTY, 64, 0, 24, 2, 2, 6), SEL4_RangeError, 2, { 0, 23 }, IOAPIC, "Invalid IOAPIC pin 24, there are 24 pins" },
        { GET(EMPTY, 64, 0, 23, 2, 2, 6), SEL4_RangeError, 2, { 0, 1 }, IOAPIC, "Level should be 0 or 1, not 2" },
        { GET(EMPTY, 64, 0, 23, 1, 0xffffffff, 6), SEL4_RangeError, 2, { 0, 1 }, IOAPIC, "Polarity should be 0 or 1, not -1" },
    };
    EXPECT_ERRORS(*state, rows);
}

static void a_handler_of_messages_names_a_device_in_range(void **state)
{
    static const struct error_row rows[] = {
        { GET_MSI(256, 32, 8, 108), SEL4_RangeError, 2, { 0, 107 }, CONTROL, "IRQControl: Invalid irq 108 should be between 0-107" },
        { GET_MSI(256, 32, 8, 5), SEL4_RevokeFirst, 0, { 0 }, CONTROL, "IRQControl: IRQ 21 is already active." },
        { GET_MSI(256, 32, 8, 6), SEL4_RangeError, 2, { 0, 255 }, NULL, NULL },
        { GET_MSI(255, 32, 8, 6), SEL4_RangeError, 2, { 0, 31 }, NULL, NULL },
        { GET_MSI(255, 31, 8, 6), SEL4_RangeError, 2, { 0, 7 }, NULL, NULL },
    };
    EXPECT_ERRORS(*state, rows);
}

static void a_handler_signals_a_notification_that_may_be_signalled(void **state)
{
    static const struct error_row rows[] = {
        { { IRQ_HANDLER, "IRQSetIRQHandler", 0, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, NULL, NULL },
        { { IRQ_HANDLER, "IRQSetIRQHandler", 0, { 0 }, 1, { EP } }, SEL4_InvalidCapability, 1, { 0 }, "decodeIRQHandlerInvocation", "IRQSetHandler: provided cap is not an notification capability." },
        { { IRQ_HANDLER, "IRQSetIRQHandler", 0, { 0 }, 1, { NTFN_RECEIVE_ONLY } }, SEL4_InvalidCapability, 1, { 0 }, "decodeIRQHandlerInvocation", "IRQSetHandler: caller does not have send rights on the endpoint." },
    };
    EXPECT_ERRORS(*state, rows);
}

#define ISSUE(first, last, index, depth) \
    { PORT_CONTROL, "X86IOPortControlIssue", 4, { first, last, index, depth }, 1, { CPTR_CNODE } }

static void ports_are_issued_in_order_and_once(void **state)
{
    static const char where[] = "decodeX86PortControlInvocation";
    static const struct error_row rows[] = {
        { { PORT_CONTROL, "X86IOPortControlIssue", 3, { 0 }, 1, { CPTR_CNODE } }, SEL4_TruncatedMessage, 0, { 0 }, where, "IOPortControl: Truncated message." },
        { { PORT_CONTROL, "X86IOPortControlIssue", 4, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, where, "IOPortControl: Truncated message." },
        { ISSUE(0x60, 0x5f, EP, 0), SEL4_InvalidArgument, 1, { 1 }, where, "IOPortControl: Last port must be > first port." },
        { ISSUE(0x60, 0x1005f, EP, 0), SEL4_InvalidArgument, 1, { 1 }, where, "IOPortControl: Last port must be > first port." },
        { ISSUE(0x3f0, 0x3f8, EP, 0), SEL4_RevokeFirst, 0, { 0 }, where, "IOPortControl: Some ports in range already in use." },
        { ISSUE(0, 0xffff, EP, 0), SEL4_RevokeFirst, 0, { 0 }, where, "IOPortControl: Some ports in range already in use." },
        { ISSUE(0x60, 0x60, EP, 0), SEL4_RangeError, 2, { 1, 64 }, where, "Target slot for new IO Port cap invalid: cap 2." },
        { ISSUE(0x60, 0x60, EP, 64), SEL4_DeleteFirst, 0, { 0 }, where, "Target slot for new IO Port cap not empty: cap 2." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void ports_are_used_within_their_range(void **state)
{
    static const char allowed[] = "ensurePortOperationAllowed", decode[] = "decodeX86PortInvocation";
    static const struct error_row rows[] = {
        { { PORTS, "X86IOPortIn8", 0, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, decode, "IOPort: Truncated message." },
        { { PORTS, "X86IOPortOut8", 1, { 0x3f8 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, decode, "IOPort Out: Truncated message." },
        { { PORTS, "X86IOPortIn8", 1, { 0x3f7 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, allowed, "IOPort: Ports 1015--1015 fall outside permitted range 1016--1023." },
        { { PORTS, "X86IOPortIn16", 1, { 0x3ff }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, allowed, "IOPort: Ports 1023--1024 fall outside permitted range 1016--1023." },
        { { PORTS, "X86IOPortIn32", 1, { 0x3fd }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, allowed, "IOPort: Ports 1021--1024 fall outside permitted range 1016--1023." },
        { { PORTS, "X86IOPortOut8", 2, { 0x400, 1 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, allowed, "IOPort: Ports 1024--1024 fall outside permitted range 1016--1023." },
        { { PORTS, "X86IOPortOut16", 2, { 0x3ff, 1 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, allowed, "IOPort: Ports 1023--1024 fall outside permitted range 1016--1023." },
        { { PORTS, "X86IOPortOut32", 2, { 0x1ffff, 1 }, 0, { 0 } }, SEL4_IllegalOperation, 0, { 0 }, allowed, "IOPort: Ports 65535--65538 fall outside permitted range 1016--1023." },
    };
    EXPECT_ERRORS(*state, rows);
}

static void a_domain_is_set_for_a_thread_and_must_exist(void **state)
{
    static const char where[] = "decodeDomainSetSetInvocation";
    static const struct error_row rows[] = {
        { { DOMAIN, "DomainSetSet", 0, { 0 }, 1, { OTHER_TCB } }, SEL4_TruncatedMessage, 0, { 0 }, where, "Domain Configure: Truncated message." },
        { { DOMAIN, "DomainSetSet", 1, { 1 }, 0, { 0 } }, SEL4_InvalidArgument, 1, { 0 }, where, "Domain Configure: invalid domain (1 >= 1)." },
        { { DOMAIN, "DomainSetSet", 1, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, where, "Domain Configure: Truncated message." },
        { { DOMAIN, "DomainSetSet", 1, { 0 }, 1, { EP } }, SEL4_InvalidArgument, 1, { 1 }, where, "Domain Configure: thread cap required." },
    };
    EXPECT_ERRORS(*state, rows);
}

#define ENTRY(index, domain, duration) { DOMAIN, "DomainScheduleConfigure", 3, { index, domain, duration }, 0, { 0 } }

static void the_schedule_of_domains_keeps_its_end(void **state)
{
    static const char where[] = "decodeDomainScheduleConfigure", start[] = "decodeDomainScheduleSetStart";
    static const struct error_row rows[] = {
        { { DOMAIN, "DomainScheduleConfigure", 2, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, where, "Domain Schedule Configure: Truncated message." },
        { ENTRY(99, 9, 0), SEL4_RangeError, 2, { 0, 98 }, where, "Domain Schedule Configure: Invalid index." },
        { ENTRY(98, 4, 0), SEL4_RangeError, 2, { 0, 3 }, where, "Domain Schedule Configure: Invalid domain." },
        { ENTRY(98, 3, (word_t)1 << 56), SEL4_InvalidArgument, 1, { 2 }, where, "Domain Schedule Configure: Duration must fit in 56 bits." },
        { ENTRY(98, 3, 0), SEL4_InvalidArgument, 1, { 1 }, where, "Domain Schedule Configure: Both domain and duration must be zero for end markers." },
        { ENTRY(0, 0, 0), SEL4_InvalidArgument, 1, { 2 }, where, "Domain Schedule Configure: Starting schedule's duration must not be zero." },
        { { DOMAIN, "DomainScheduleSetStart", 0, { 0 }, 0, { 0 } }, SEL4_TruncatedMessage, 0, { 0 }, start, "Domain Schedule Configure: Truncated message." },
        { { DOMAIN, "DomainScheduleSetStart", 1, { 100 }, 0, { 0 } }, SEL4_RangeError, 2, { 0, 99 }, start, "Domain Schedule Set Start: Invalid index." },
        { { DOMAIN, "DomainScheduleSetStart", 1, { 99 }, 0, { 0 } }, SEL4_InvalidArgument, 1, { 0 }, start, "Domain Schedule Set Start: Starting schedule must not be an end marker." },
    };
    struct fixture *f = *state;
    KERNEL_EDIT(&f->w, config).num_domains = 4;
    EXPECT_ERRORS(f, rows);
}
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        ERRORS_TEST(a_handler_is_given_out_by_the_io_apic),
        ERRORS_TEST(a_handler_of_messages_names_a_device_in_range),
        ERRORS_TEST(a_handler_signals_a_notification_that_may_be_signalled),
        ERRORS_TEST(ports_are_issued_in_order_and_once),
        ERRORS_TEST(ports_are_used_within_their_range),
        ERRORS_TEST(a_domain_is_set_for_a_thread_and_must_exist),
        ERRORS_TEST(the_schedule_of_domains_keeps_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
