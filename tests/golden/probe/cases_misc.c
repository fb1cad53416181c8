/* SPDX-License-Identifier: BSD-2-Clause */
/* Timeouts (MCS), the debug API, round trips, and the steps of the capabilities tutorial. */
#include "fc.h"
static inline W tsc(void)
{
    uint32_t a, d;
    __asm__ volatile("rdtsc" : "=a"(a), "=d"(d));
    return ((W)d << 32) | a;
}

/* clang-format off */
#define C(n) {#n, n}
/* clang-format on */
/* f: timeout faults (MCS) */
#if MCS
static int wait_real(ev_t *e, int maxq)
{ /* receive, ignoring up to maxq watchdog messages */
    for (int q = 0;; q++) {
        e->reply = reply_new();
        W b;
        seL4_CPtr r = e->reply;
        e->info = seL4_Recv(FEP, &b, r);
        e->badge = b;
        for (int i = 0; i < 120; i++) e->mr[i] = seL4_GetMR(i);
        e->quiesc = seL4_MessageInfo_get_label(e->info) == LBL_QUIESC;
        if (!e->quiesc || q >= maxq) {
            jbegin("note");
            jd("watchdog_messages_before", q);
            jend();
            print_ev(e->quiesc ? "quiescent" : "fault", e);
            return !e->quiesc;
        }
        while (1) {
            seL4_MessageInfo_t m = seL4_NBRecv(FEP, &b, r);
            if (seL4_MessageInfo_get_label(m) != LBL_QUIESC && b) {
                e->info = m;
                e->badge = b;
                for (int i = 0; i < 120; i++) e->mr[i] = seL4_GetMR(i);
                e->quiesc = 0;
                print_ev("fault", e);
                return 1;
            }
            m = seL4_Recv(FEP, &b, r);
            q++;
            if (seL4_MessageInfo_get_label(m) != LBL_QUIESC) {
                e->info = m;
                e->badge = b;
                for (int i = 0; i < 120; i++) e->mr[i] = seL4_GetMR(i);
                e->quiesc = 0;
                jbegin("note");
                jd("watchdog_messages_before", q);
                jend();
                print_ev("fault", e);
                return 1;
            }
            if (q >= maxq) {
                e->info = m;
                e->quiesc = 1;
                print_ev("quiescent", e);
                return 0;
            }
        }
    }
}

static void f_setup(thr_t *t, W budget, W period, int with_ep, seL4_UserContext *c, char *start)
{
    sym_add("fault", (W)snip_spin_fault, 2);
    sym_add("next", (W)snip_spin_next, 16);
    sym_add("stack", (W)stacks[0], 8192);
    seL4_CPtr tb = slot_new(), fb = slot_new();
    mint(tb, FEP, seL4_AllRights, 0x7e0);
    mint(fb, FEP, seL4_AllRights, 0xbad);
    mk_thread(t, 0, 100, fb, ROOT, 0, "spinner");
    err("SchedControl_ConfigureFlags",
        seL4_SchedControl_ConfigureFlags(bi->schedcontrol.start, t->sc, budget, period, 0, 0x5cba,
                                         0));
    if (with_ep) err("TCB_SetTimeoutEndpoint", seL4_TCB_SetTimeoutEndpoint(t->tcb, tb));
    jbegin("note");
    jd("budget_us", budget);
    jd("period_us", period);
    jd("sc_badge", 0x5cba);
    jend();
    def_regs(c, 0, (W)start);
}

static void f_timeout(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    f_setup(&t, 2000, 50000, 1, &c, snip_spin_start);
    set_regs(&t, &c, 1);
    wait_real(&e, 100000);
    dump_regs(&t);
    dump_sched();
    jbegin("action");
    jstr("act", "reply");
    jd("label", 0);
    jd("length", 0);
    jend();
    reply_msg(&e, 0, 0);
    dump_sched();
    wait_real(&e, 400000);
    dump_regs(&t);
}

static void f_timeout_regs(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    f_setup(&t, 2000, 50000, 1, &c, snip_spin_start);
    set_regs(&t, &c, 1);
    wait_real(&e, 100000);
    W *w = (W *)&c;
    for (int i = 0; i < 19; i++) e.mr[i] = w[i];
    e.mr[0] = (W)snip_spin_next;
    e.mr[3] = 0x1001;
    e.mr[18] = 0x5000;
    jbegin("action");
    jstr("act", "reply");
    jd("label", 0);
    jd("length", 19);
    jstr("set", "0=next,3=0x1001,18(TLS_BASE)=0x5000");
    jend();
    reply_msg(&e, 0, 19);
    wait_real(&e, 400000);
    dump_regs(&t);
}

static void f_timeout_nohandler(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    f_setup(&t, 2000, 50000, 0, &c, snip_spin_start);
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_sched();
    dump_regs(&t);
}

static void f_timeout_rr(void)
{
    thr_t t;
    seL4_UserContext c;
    f_setup(&t, 2000, 2000, 1, &c, snip_spin_start);
    err("TCB_SetPriority 255", seL4_TCB_SetPriority(t.tcb, seL4_CapInitThreadTCB, 255));
    set_regs(&t, &c, 1);
    W b = 0;
    int got = 0, n = 0;
    seL4_CPtr r = reply_new();
    W t0 = tsc();
    while (tsc() - t0 < 400000000UL) {
        b = 0;
        seL4_MessageInfo_t m = seL4_NBRecv(FEP, &b, r);
        if (b == 0x7e0) {
            got = 1;
            (void)m;
            break;
        }
        n++;
        seL4_Yield();
    }
    jbegin("note");
    jd("polls", n > 0);
    jd("timeout_fault_seen", got);
    jend();
    dump_sched();
    seL4_TCB_Suspend(t.tcb);
}

static void f_fault_no_budget(void)
{ /* ordinary fault: does the handler get the SC (donation)? */
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    f_setup(&t, 2000, 50000, 1, &c, snip_ud2_start);
    set_regs(&t, &c, 1);
    wait_real(&e, 1000);
    dump_sched();
    reply_msg(&e, 0, 0);
    wait_real(&e, 1000);
}

case_t cases_mcs[] = { C(f_timeout),    C(f_timeout_regs),    C(f_timeout_nohandler),
                       C(f_timeout_rr), C(f_fault_no_budget), { 0, 0 } };
#else
case_t cases_mcs[] = { { 0, 0 } };
#endif
/* e: hardware debug API */
#ifdef CONFIG_HARDWARE_DEBUG_API
static thr_t D;
static ev_t de;
static char watched[64] __attribute__((aligned(64)));
static void d_mk(seL4_UserContext *c, char *start, char *fault, char *next)
{
    sym_add("start", (W)start, 16);
    sym_add("fault", (W)fault, next - fault);
    sym_add("next", (W)next, 40);
    sym_add("watched", (W)watched, 64);
    seL4_CPtr b = slot_new();
    mint(b, FEP, seL4_AllRights, 0xbad);
    mk_thread(&D, 0, 100, b, ROOT, 0, "debuggee");
    def_regs(c, 0, (W)start);
    c->r14 = (W)watched;
}

static void d_next(int n, W label, W len, W mr0)
{
    for (int i = 0; i < n; i++) {
        wait_ev(&de);
        dump_regs(&D);
        if (de.quiesc) return;
        W k = seL4_MessageInfo_get_label(de.info);
        if (k != seL4_Fault_DebugException) return;
        jbegin("action");
        jstr("act", "reply");
        jd("label", label);
        jd("length", len);
        jx("mr0", mr0);
        jend();
        de.mr[0] = mr0;
        reply_msg(&de, label, len);
    }
    wait_ev(&de);
    dump_regs(&D);
}

/* clang-format off */
#define BPT(num, va, ty, sz, rw) err("SetBreakpoint(" #num "," #va "," #ty "," #sz "," #rw ")", seL4_TCB_SetBreakpoint(D.tcb, num, va, ty, sz, rw))
/* clang-format on */
static void e_bp(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(nops));
    BPT(0, (W)snip_nops_fault, seL4_InstructionBreakpoint, 0, seL4_BreakOnRead);
    set_regs(&D, &c, 1);
    d_next(2, 0, 0, 0);
}

static void e_bp_label1(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(nops));
    BPT(0, (W)snip_nops_fault, seL4_InstructionBreakpoint, 0, seL4_BreakOnRead);
    set_regs(&D, &c, 1);
    d_next(1, 1, 0, 0);
    dump_sched();
}

static void e_watch_w(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(rwrep));
    BPT(1, (W)watched, seL4_DataBreakpoint, 4, seL4_BreakOnWrite);
    set_regs(&D, &c, 1);
    d_next(3, 0, 0, 0);
}

static void e_watch_rw(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(rwrep));
    BPT(1, (W)watched, seL4_DataBreakpoint, 4, seL4_BreakOnReadWrite);
    set_regs(&D, &c, 1);
    d_next(3, 0, 0, 0);
}

static void e_watch_8(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(rwrep));
    BPT(1, (W)watched, seL4_DataBreakpoint, 8, seL4_BreakOnWrite);
    set_regs(&D, &c, 1);
    d_next(3, 0, 0, 0);
}

static void e_bp_unset(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(nops));
    BPT(0, (W)snip_nops_fault, seL4_InstructionBreakpoint, 0, seL4_BreakOnRead);
    set_regs(&D, &c, 1);
    wait_ev(&de);
    dump_regs(&D);
    err("UnsetBreakpoint(0)", seL4_TCB_UnsetBreakpoint(D.tcb, 0));
    jbegin("action");
    jstr("act", "reply");
    jd("label", 0);
    jd("length", 0);
    jend();
    reply_msg(&de, 0, 0);
    wait_ev(&de);
    dump_regs(&D);
}

static void e_bp_resume_pc(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(nops));
    BPT(0, (W)snip_nops_fault, seL4_InstructionBreakpoint, 0, seL4_BreakOnRead);
    set_regs(&D, &c, 1);
    wait_ev(&de);
    jbegin("action");
    jstr("act", "TCB_WriteRegisters rip+1, resume");
    jend();
    seL4_TCB_ReadRegisters(D.tcb, 0, 0, 20, &c);
    c.rip += 1;
    set_regs(&D, &c, 1);
    wait_ev(&de);
    dump_regs(&D);
}

static void e_watch_1(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(rwrep));
    BPT(2, (W)watched + 3, seL4_DataBreakpoint, 1, seL4_BreakOnWrite);
    set_regs(&D, &c, 1);
    d_next(3, 0, 0, 0);
}

static void e_errors(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(rwrep));
    BPT(0, (W)watched + 3, seL4_DataBreakpoint, 8, seL4_BreakOnWrite);
    BPT(0, (W)watched, seL4_DataBreakpoint, 3, seL4_BreakOnWrite);
    BPT(4, (W)watched, seL4_DataBreakpoint, 8, seL4_BreakOnWrite);
    BPT(0, (W)watched, seL4_InstructionBreakpoint, 1, seL4_BreakOnRead);
    BPT(0, (W)watched, seL4_InstructionBreakpoint, 0, seL4_BreakOnWrite);
    BPT(0, 0xffffffff80000000UL, seL4_InstructionBreakpoint, 0, seL4_BreakOnRead);
    BPT(0, (W)watched, 7, 8, seL4_BreakOnWrite);
    BPT(0, (W)watched, seL4_DataBreakpoint, 0, seL4_BreakOnWrite);
    BPT(0, (W)watched, seL4_DataBreakpoint, 8, 9);
    seL4_TCB_GetBreakpoint_t g = seL4_TCB_GetBreakpoint(D.tcb, 0);
    err("GetBreakpoint(0) unset", g.error);
    jbegin("getbp");
    jx("vaddr", g.vaddr);
    jd("type", g.type);
    jd("size", g.size);
    jd("rw", g.rw);
    jd("enabled", g.is_enabled);
    jend();
    BPT(2, (W)watched, seL4_DataBreakpoint, 4, seL4_BreakOnReadWrite);
    g = seL4_TCB_GetBreakpoint(D.tcb, 2);
    err("GetBreakpoint(2)", g.error);
    jbegin("getbp");
    jx("vaddr", g.vaddr);
    jd("type", g.type);
    jd("size", g.size);
    jd("rw", g.rw);
    jd("enabled", g.is_enabled);
    jend();
    g = seL4_TCB_GetBreakpoint(D.tcb, 4);
    err("GetBreakpoint(4)", g.error);
    err("UnsetBreakpoint(2)", seL4_TCB_UnsetBreakpoint(D.tcb, 2));
    err("UnsetBreakpoint(4)", seL4_TCB_UnsetBreakpoint(D.tcb, 4));
    err("UnsetBreakpoint(0) not set", seL4_TCB_UnsetBreakpoint(D.tcb, 0));
    seL4_TCB_ConfigureSingleStepping_t s = seL4_TCB_ConfigureSingleStepping(D.tcb, 9, 1);
    err("ConfigureSingleStepping(9,1)", s.error);
    jbegin("note");
    jd("bp_was_consumed", s.bp_was_consumed);
    jend();
}

static void ss(W n, W reply_n, W len, int times)
{
    seL4_UserContext c;
    d_mk(&c, S_(nops));
    seL4_TCB_ConfigureSingleStepping_t s = seL4_TCB_ConfigureSingleStepping(D.tcb, 0, n);
    err("ConfigureSingleStepping", s.error);
    jbegin("note");
    jd("n", n);
    jd("reply_n", reply_n);
    jd("bp_was_consumed", s.bp_was_consumed);
    jend();
    set_regs(&D, &c, 1);
    d_next(times, 0, len, reply_n);
}

static void e_step1(void)
{
    ss(1, 1, 1, 4);
}

static void e_step1_len0(void)
{
    ss(1, 7, 0, 4);
}

static void e_step_stop(void)
{
    ss(1, 0, 1, 2);
}

static void e_step_reply5(void)
{
    ss(1, 5, 1, 2);
}

static void e_step_len2(void)
{
    ss(1, 2, 2, 3);
}

static void e_int3(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(int3));
    set_regs(&D, &c, 1);
    d_next(2, 0, 0, 0);
}

static void e_cd03(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(cd03));
    set_regs(&D, &c, 1);
    d_next(2, 0, 0, 0);
}

static void e_int1(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(int1));
    set_regs(&D, &c, 1);
    d_next(2, 0, 0, 0);
}

static void e_tf(void)
{
    seL4_UserContext c;
    d_mk(&c, S_(tf));
    set_regs(&D, &c, 1);
    d_next(2, 0, 0, 0);
}

static void e_bp_nohandler(void)
{
    seL4_UserContext c;
    static ev_t e;
    mk_thread(&D, 0, 100, 0, ROOT, 0, "debuggee");
    def_regs(&c, 0, (W)snip_nops_start);
    BPT(0, (W)snip_nops_fault, seL4_InstructionBreakpoint, 0, seL4_BreakOnRead);
    set_regs(&D, &c, 1);
    wait_ev(&e);
    dump_sched();
}

case_t cases_dbg[] = { C(e_errors),      C(e_bp),        C(e_bp_unset),     C(e_bp_resume_pc),
                       C(e_watch_8),     C(e_bp_label1), C(e_watch_w),      C(e_watch_rw),
                       C(e_watch_1),     C(e_step1),     C(e_step1_len0),   C(e_step_stop),
                       C(e_step_reply5), C(e_step_len2), C(e_int3),         C(e_cd03),
                       C(e_int1),        C(e_tf),        C(e_bp_nohandler), { 0, 0 } };
#else
case_t cases_dbg[] = { { 0, 0 } };
#endif
/* perf */
#ifndef PERF_N
#define PERF_N 200000
#endif
static thr_t P;
static void perf_run(const char *name, char *start, W n, int mode)
{
    seL4_UserContext c;
    seL4_CPtr b = slot_new();
    mint(b, FEP, seL4_AllRights, 0xbad);
    mk_thread(&P, 0, 100, b, ROOT, 0, "perf");
    def_regs(&c, 0, (W)start);
    c.r12 = n;
    c.rdx = 3;
    c.rax = 60;
    c.r14 = UNM;
    c.rdi = 0x1000;
    if (mode == 2) c.rdx = (W)seL4_SysRecv;
    set_regs(&P, &c, 1);
    W badge;
    seL4_CPtr r = reply_new();
    (void)r;
    outs("@@PERF_START ");
    outs(name);
    outs(" ");
    outd(n);
    outs("\n");
    W t0 = tsc();
    W cnt = 0;
#if MCS
    seL4_MessageInfo_t m = seL4_Recv(FEP, &badge, r);
#else
    seL4_MessageInfo_t m = seL4_Recv(FEP, &badge);
#endif
    W want = mode == 0   ? seL4_Fault_UnknownSyscall
             : mode == 1 ? seL4_Fault_VMFault
                         : seL4_Fault_CapFault;
    W len = mode == 0 ? 18 : 0;
    while (seL4_MessageInfo_get_label(m) == want && cnt < n) {
        cnt++;
        if (mode == 0) seL4_SetMR(15, seL4_GetMR(15) + 2);
        if (cnt == n && mode) break;
#if MCS
        m = seL4_ReplyRecv(FEP, seL4_MessageInfo_new(0, 0, 0, len), &badge, r);
#else
        m = seL4_ReplyRecv(FEP, seL4_MessageInfo_new(0, 0, 0, len), &badge);
#endif
    }
    W t1 = tsc();
    outs("@@PERF_END ");
    outs(name);
    outs("\n");
    jbegin("perf");
    jstr("name", name);
    jd("n", cnt);
    jd("tsc", t1 - t0);
    jd("tsc_per", (t1 - t0) / (cnt ? cnt : 1));
    jd("end_label", seL4_MessageInfo_get_label(m));
    jend();
}

static void perf_syscall(void)
{
    perf_run("unknown_syscall_pc2_len18", snip_loop_syscall_start, PERF_N, 0);
}

static void perf_vm(void)
{
    perf_run("vmfault_len0_refault", snip_loop_read_start, PERF_N, 1);
}

static void perf_cap(void)
{
    perf_run("capfault_recv_len0_refault", snip_syscall_start, PERF_N, 2);
}

case_t cases_perf[] = { C(perf_syscall), C(perf_vm), C(perf_cap), { 0, 0 } };
/* l: the capabilities tutorial */
static void l_capabilities(void)
{
    seL4_CPtr first = bi->empty.start + 40, last = bi->empty.end - 1;
    jbegin("note");
    jd("initial_cnode_slots", 1L << bi->initThreadCNodeSizeBits);
    jd("bytes", (1L << bi->initThreadCNodeSizeBits) * (1L << seL4_SlotBits));
    jx("first_free_slot", first);
    jx("last_slot", last);
    jend();
    err("TCB_SetPriority(last_slot,last_slot,10) while last_slot is empty",
        seL4_TCB_SetPriority(last, last, 10));
    err("CNode_Copy TCB to first_free_slot",
        seL4_CNode_Copy(ROOT, first, 64, ROOT, seL4_CapInitThreadTCB, 64, seL4_AllRights));
    err("CNode_Copy to last_slot",
        seL4_CNode_Copy(ROOT, last, 64, ROOT, first, 64, seL4_AllRights));
    err("TCB_SetPriority(last_slot,last_slot,10)", seL4_TCB_SetPriority(last, last, 10));
    dump_sched();
    err("CNode_Move first_free_slot onto itself (full)",
        seL4_CNode_Move(ROOT, first, 64, ROOT, first, 64));
    err("CNode_Move last_slot onto itself (full)", seL4_CNode_Move(ROOT, last, 64, ROOT, last, 64));
    err("CNode_Revoke(InitThreadTCB)", seL4_CNode_Revoke(ROOT, seL4_CapInitThreadTCB, 64));
    err("CNode_Move first_free_slot onto itself (empty)",
        seL4_CNode_Move(ROOT, first, 64, ROOT, first, 64));
    err("CNode_Move last_slot onto itself (empty)",
        seL4_CNode_Move(ROOT, last, 64, ROOT, last, 64));
    err("CNode_Delete first_free_slot (empty)", seL4_CNode_Delete(ROOT, first, 64));
    extern volatile int finale;
    outs("Suspending current thread\n");
    finale = 1;
    seL4_TCB_Suspend(seL4_CapInitThreadTCB);
    outs("Failed to suspend current thread\n");
}

case_t cases_last[] = { C(l_capabilities), { 0, 0 } };
