/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability faults, missing and bad handlers, lives of handlers and faulters, CNode operations. */
#include "fc.h"
/* a: cap faults */
/* clang-format off */
#define SYS(n, no, cptr, info, cs_, ...) CASE(n, {S_(syscall), {{R(rdi),cptr},{R(rsi),info},{R(rdx),(W)(no)},{R(r12),0x333}}, {__VA_ARGS__}, 0, cs_})
#define INFO(l, x, n) (((W)(l) << 12) | ((x) << 7) | (n))
/* root cspace: slot 0x1fff.. empty */
SYS(a_send_empty, seL4_SysSend, 0x1000, INFO(7,0,2), 0, REPLY0)
SYS(a_send_null, seL4_SysSend, 0, 0, 0, REPLY0)
SYS(a_call_empty, seL4_SysCall, 0x1000, INFO(7,0,0), 0, REPLY0, {A_REPLY,1,0})
SYS(a_nbsend_empty, seL4_SysNBSend, 0x1000, INFO(7,0,0), 0, REPLY0)
SYS(a_recv_empty, seL4_SysRecv, 0x1000, 0, 0, REPLY0)
SYS(a_nbrecv_empty, seL4_SysNBRecv, 0x1000, 0, 0, REPLY0)
SYS(a_recv_tcbcap, seL4_SysRecv, 1, 0, 0, REPLY0)
SYS(a_replyrecv_empty, seL4_SysReplyRecv, 0x1000, 0, 0, REPLY0)
SYS(a_send_guard_root, seL4_SysSend, 0x2000, 0, 0, REPLY0)        /* beyond the 13-bit root CNode: guard mismatch */
SYS(a_send_guard_root_hi, seL4_SysSend, 0xdeadbeef00000001UL, 0, 0, REPLY0)
SYS(a_recv_guard_root, seL4_SysRecv, 0x2000, 0, 0, REPLY0)
SYS(a_l1_send_empty, seL4_SysSend, 5, 0, 1, REPLY0)
SYS(a_l1_recv_empty, seL4_SysRecv, 5, 0, 1, REPLY0)
SYS(a_l1_guard, seL4_SysSend, 0x15, 0, 1, REPLY0)
SYS(a_l1_guard_hi, seL4_SysSend, 0xf000000000000005UL, 0, 1, REPLY0)
SYS(a_l2_missing, seL4_SysSend, 0x5000000000000000UL, 0, 2, REPLY0)
SYS(a_l2_recv_missing, seL4_SysRecv, 0x5000000000000000UL, 0, 2, REPLY0)
SYS(a_l3_child_guard, seL4_SysSend, 0x2bc3000000000000UL, 0, 3, REPLY0)
SYS(a_l3_child_missing, seL4_SysSend, 0x2ab3000000000000UL, 0, 3, REPLY0)
SYS(a_l3_depth, seL4_SysSend, 0x3000000000000000UL, 0, 3, REPLY0)
SYS(a_l3_recv_depth, seL4_SysRecv, 0x3000000000000000UL, 0, 3, REPLY0)
SYS(a_l3_child_exact, seL4_SysSend, 0x4000000000000035UL, 0, 3, REPLY0)
SYS(a_invalid_root_send, seL4_SysSend, 5, 0, 5, REPLY0)
SYS(a_invalid_root_recv, seL4_SysRecv, 5, 0, 5, REPLY0)
CASE(a_root_gone_send, {S_(syscall), {{R(rdi),5},{R(rdx),(W)seL4_SysSend}}, {REPLY0}, 4, 1})
CASE(a_root_gone_ud2, {S_(ud2), {{R(rdi),5}}, {REPLY0}, 4, 1})
CASE(a_fill_then_reply, {S_(syscall), {{R(rdi),5},{R(rsi),INFO(0x123,0,3)},{R(rdx),(W)seL4_SysRecv},{R(r12),1}}, {{A_FILL},{A_REPLY,0,0}}, 0, 1, .fill = 5})
CASE(a_wregs, {S_(syscall), {{R(rdi),5},{R(rdx),(W)seL4_SysRecv}}, {{A_WREGS,.add_pc=2}}, 0, 1})
CASE(a_xcap_missing, {S_(syscall), {{R(rdi),1},{R(rsi),INFO(0x44,1,0)},{R(rdx),(W)seL4_SysSend}}, {REPLY0}, 0, 1, .xcap = 6})
CASE(a_xcap_nbsend, {S_(syscall), {{R(rdi),1},{R(rsi),INFO(0x44,1,0)},{R(rdx),(W)seL4_SysNBSend}}, {REPLY0}, 0, 1, .xcap = 6})
#if MCS
SYS(a_mcs_wait_empty, seL4_SysWait, 0x1000, 0, 0, REPLY0)
SYS(a_mcs_recv_badreply, seL4_SysRecv, 1, 0, 1, REPLY0)
CASE(a_mcs_recv_replyempty, {S_(syscall), {{R(rdi),1},{R(rsi),0},{R(rdx),(W)seL4_SysRecv},{R(r12),7}}, {REPLY0}, 0, 1})
CASE(a_mcs_recv_replywrong, {S_(syscall), {{R(rdi),1},{R(rsi),0},{R(rdx),(W)seL4_SysRecv},{R(r12),1}}, {REPLY0}, 0, 1})
#endif
/* clang-format on */
/* rights on the endpoint */
static void rights_case(W sys, int w, int r, int gr, int g)
{
    static fc_t f;
    fc_t z = { S_(syscall),
               { { R(rdi), 0 }, { R(rsi), INFO(0x31, 0, 1) }, { R(rdx), sys } },
               { REPLY0 } };
    f = z;
    seL4_CPtr ep = EP_NEW(), c = slot_new();
    seL4_Error e = mint(c, ep, seL4_CapRights_new(gr, g, r, w), 0x77);
    err("Mint rights", e);
    f.r[0].v = c;
    jbegin("note");
    jd("write", w);
    jd("read", r);
    jd("grant", g);
    jd("grantreply", gr);
    jend();
    run_fc(&f);
}

static void a_send_noright(void)
{
    rights_case((W)seL4_SysSend, 0, 1, 0, 0);
}

static void a_call_noright(void)
{
    rights_case((W)seL4_SysCall, 0, 1, 0, 0);
}

static void a_recv_noright(void)
{
    rights_case((W)seL4_SysRecv, 1, 0, 1, 1);
}

static void a_call_wonly(void)
{
    rights_case((W)seL4_SysCall, 1, 0, 0, 0);
}

/* g: bad handlers */
static void g_run(const char *what, W cptr, char *start, char *fault, char *next, int do_resume)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    (void)what;
    sym_add("fault", (W)fault, next - fault);
    sym_add("next", (W)next, 16);
    sym_add("stack", (W)stacks[0], 8192);
    int r = mk_thread(&t, 0, 100, cptr, ROOT, 0, "faulter");
    jbegin("note");
    jstr("what", what);
    jd("mk_thread_err", r);
    jend();
    def_regs(&c, 0, (W)start);
    c.r14 = UNM;
    c.rdi = 0x1000;
    c.rsi = 0;
    c.rdx = (W)seL4_SysSend;
    if (start == snip_spin_start) c.rdx = 0;
    jbegin("start");
    jx("rip", c.rip);
    jx("fault_addr", (W)fault);
    jend();
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_regs(&t);
    dump_sched();
    if (do_resume) {
        jbegin("action");
        jstr("act", "TCB_Resume");
        jend();
        seL4_Error er = seL4_TCB_Resume(t.tcb);
        err("TCB_Resume", er);
        wait_ev(&e);
        dump_sched();
    }
}

static void g_null_vm(void)
{
    g_run("null handler, VM fault", 0, S_(read), 1);
}

static void g_null_vmcode(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    mk_thread(&t, 0, 100, 0, ROOT, 0, "faulter");
    def_regs(&c, 0, UNM);
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_sched();
}

static void g_null_ud2(void)
{
    g_run("null handler, ud2", 0, S_(ud2), 1);
}

static void g_null_int80(void)
{
    g_run("null handler, int 0x80", 0, S_(int80), 0);
}

static void g_null_capfault(void)
{
    g_run("null handler, cap fault send", 0, S_(syscall), 1);
}

static void g_null_unknown(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    mk_thread(&t, 0, 100, 0, ROOT, 0, "faulter");
    def_regs(&c, 0, (W)snip_syscall_start);
    c.rdx = 3;
    c.rax = 60;
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_sched();
}

static void g_empty_slot(void)
{
    g_run("handler cptr names an empty slot", 0x1000, S_(ud2), 0);
}

#if !MCS
static void g_guard(void)
{
    g_run("handler cptr outside the cspace", 0x2000, S_(ud2), 0);
}

static void g_hi(void)
{
    g_run("handler cptr -1", -1UL, S_(ud2), 0);
}
#endif

static void g_type_notification(void)
{
    g_run("handler cap is a notification", NT_NEW(), S_(ud2), 0);
}

static void g_type_cnode(void)
{
    g_run("handler cap is a CNode", obj(seL4_CapTableObject, 4), S_(ud2), 0);
}

static void g_type_tcb(void)
{
    g_run("handler cap is a TCB", seL4_CapInitThreadTCB, S_(ud2), 0);
}

static void g_type_untyped(void)
{
    g_run("handler cap is an untyped", obj(seL4_UntypedObject, 8), S_(ud2), 0);
}

static void g_rights(int w, int r, int g, int gr)
{
    seL4_CPtr c = slot_new();
    err("Mint", mint(c, FEP, seL4_CapRights_new(gr, g, r, w), 0xbad));
    jbegin("note");
    jd("write", w);
    jd("read", r);
    jd("grant", g);
    jd("grantreply", gr);
    jend();
    g_run("endpoint rights", c, S_(ud2), 0);
}

static void g_rights_none(void)
{
    g_rights(0, 0, 0, 0);
}

static void g_rights_r(void)
{
    g_rights(0, 1, 0, 0);
}

static void g_rights_rw(void)
{
    g_rights(1, 1, 0, 0);
}

static void g_rights_wg(void)
{
    g_rights(1, 0, 1, 0);
}

static void g_rights_rggr(void)
{
    g_rights(0, 1, 1, 1);
}

static void g_rights_all(void)
{
    g_rights(1, 1, 1, 1);
}

/* handler endpoint deleted while the faulter is blocked sending to it */
static void g_ep_deleted_blocked(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    seL4_CPtr ep = EP_NEW();
    mk_thread(&t, 0, 100, ep, ROOT, 0, "faulter");
    def_regs(&c, 0, (W)snip_ud2_start);
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_sched();
    err("Delete the only endpoint cap", del(ep));
    dump_sched();
    wait_ev(&e);
    dump_sched();
    dump_regs(&t);
}

static void g_ep_badged_cap_deleted(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    seL4_CPtr ep = EP_NEW(), b = slot_new();
    mint(b, ep, seL4_AllRights, 0xbad);
    mk_thread(&t, 0, 100, b, ROOT, 0, "faulter");
    def_regs(&c, 0, (W)snip_ud2_start);
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_sched();
    err("Delete the badged cap, endpoint stays", del(b));
    wait_ev(&e);
    dump_sched();
    wait_ev_on(&e, ep, reply_new());
    reply_msg(&e, 0, 0);
    wait_ev(&e);
    dump_sched();
}

static void g_ep_badged_revoked(void)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    seL4_CPtr ep = EP_NEW(), b = slot_new();
    mint(b, ep, seL4_AllRights, 0xbad);
    mk_thread(&t, 0, 100, b, ROOT, 0, "faulter");
    def_regs(&c, 0, (W)snip_ud2_start);
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_sched();
    err("Revoke the endpoint cap", seL4_CNode_Revoke(ROOT, ep, 64));
    wait_ev(&e);
    dump_sched();
}

static void g_ep_destroyed(void)
{ /* every cap to the endpoint revoked and deleted, so the endpoint object goes */
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    seL4_CPtr ep = EP_NEW(), b = slot_new();
    mint(b, ep, seL4_AllRights, 0xbad);
    mk_thread(&t, 0, 100, b, ROOT, 0, "faulter");
    def_regs(&c, 0, (W)snip_ud2_start);
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_sched();
    err("Revoke the endpoint cap", seL4_CNode_Revoke(ROOT, ep, 64));
    dump_sched();
    err("Delete the endpoint cap", del(ep));
    dump_sched();
    wait_ev(&e);
    dump_sched();
    dump_regs(&t);
    err("TCB_Resume", seL4_TCB_Resume(t.tcb));
    wait_ev(&e);
    dump_sched();
}

/* h: reply / handler life */
static struct {
    volatile int n;
    volatile W label[8], badge[8], mr0[8], mr15[8], len[8];
    volatile int nrep;
} hl;
static seL4_CPtr HEP, HNT, HREP;
static volatile int h_twice, h_selffault, h_noreply;
static void handler_fn(void *a)
{
    for (;;) {
        W b;
        seL4_MessageInfo_t i;
#if MCS
        i = seL4_Recv(HEP, &b, HREP);
#else
        i = seL4_Recv(HEP, &b);
#endif
        int k = hl.n < 8 ? hl.n : 7;
        hl.label[k] = seL4_MessageInfo_get_label(i);
        hl.badge[k] = b;
        hl.mr0[k] = seL4_GetMR(0);
        hl.mr15[k] = seL4_GetMR(15);
        hl.len[k] = seL4_MessageInfo_get_length(i);
        hl.n++;
        W save[20];
        for (int j = 0; j < 20; j++) save[j] = seL4_GetMR(j);
        if (h_selffault && hl.n == 1) __asm__ volatile(".globl h_self\nh_self: ud2");
        if (h_noreply) continue;
        seL4_Wait(HNT, 0);
        W l = hl.label[k], n = 0;
        for (int j = 0; j < 20; j++) seL4_SetMR(j, save[j]);
        if (l == seL4_Fault_UnknownSyscall) {
            seL4_SetMR(15, save[15] + 2);
            n = 18;
        } else if (l == seL4_Fault_UserException) {
            seL4_SetMR(0, save[0] + 2);
            n = 3;
        }
        for (int r = 0; r < (h_twice ? 2 : 1); r++) {
#if MCS
            seL4_Send(HREP, seL4_MessageInfo_new(0, 0, 0, n));
#else
            seL4_Reply(seL4_MessageInfo_new(0, 0, 0, n));
#endif
            hl.nrep++;
        }
    }
}

extern char h_self[];
static thr_t H, F, F2;
static void hshow(void)
{
    jbegin("handler_log");
    jd("received", hl.n);
    jd("replies", hl.nrep);
    outs(",\"got\":[");
    for (int i = 0; i < hl.n && i < 8; i++) {
        if (i) outc(',');
        outs("{\"label\":");
        outd(hl.label[i]);
        outs(",\"len\":");
        outd(hl.len[i]);
        outs(",\"badge\":\"");
        outx(hl.badge[i]);
        outs("\",\"mr0\":\"");
        outx(hl.mr0[i]);
        outs("\"}");
    }
    outs("]");
    jend();
}

static ev_t he;
static void step_(const char *s)
{
    jbegin("step");
    jstr("do", s);
    jend();
}

static void hsettle(void)
{
    wait_ev(&he);
    hshow();
    dump_sched();
}

static void hsetup(int prioH, int prioF)
{
    hl.n = hl.nrep = 0;
    h_twice = h_selffault = h_noreply = 0;
    HEP = EP_NEW();
    HNT = NT_NEW();
    HREP = reply_new();
    sym_add("fault", (W)snip_syscall_fault, 2);
    sym_add("next", (W)snip_syscall_next, 16);
    sym_add("handler", (W)handler_fn, 512);
    seL4_CPtr fb = slot_new();
    mint(fb, FEP, seL4_AllRights, 0x4a4);
    seL4_CPtr b1 = slot_new();
    mint(b1, HEP, seL4_AllRights, 0xf1);
    seL4_CPtr b2 = slot_new();
    mint(b2, HEP, seL4_AllRights, 0xf2);
    mk_thread(&H, 1, prioH, fb, ROOT, 0, "handler");
    mk_thread(&F, 0, prioF, b1, ROOT, 0, "faulter");
    mk_thread(&F2, 2, prioF, b2, ROOT, 0, "faulter2");
}

static void fgo(thr_t *t)
{
    seL4_UserContext c;
    def_regs(&c, t->idx, (W)snip_syscall_start);
    c.rdx = 3;
    c.rax = 60;
    set_regs(t, &c, 1);
}

static void h_base(void)
{
    hsetup(120, 100);
    step_("start handler");
    start_c(&H, handler_fn, 0);
    hsettle();
    step_("start faulter");
    fgo(&F);
    hsettle();
    step_("signal handler: it replies PC+2");
    seL4_Signal(HNT);
    hsettle();
    dump_regs(&F);
}

static void hstart(void)
{
    start_c(&H, handler_fn, 0);
    wait_ev(&he);
    fgo(&F);
    step_("faulter faulted, handler holds the reply");
    hsettle();
}

static void h_suspend_handler(void)
{
    hsetup(120, 100);
    hstart();
    step_("suspend handler");
    err("TCB_Suspend", seL4_TCB_Suspend(H.tcb));
    hsettle();
    step_("resume handler");
    err("TCB_Resume", seL4_TCB_Resume(H.tcb));
    hsettle();
    step_("signal handler");
    seL4_Signal(HNT);
    hsettle();
    dump_regs(&F);
}

static void h_delete_handler(void)
{
    hsetup(120, 100);
    hstart();
    step_("delete handler TCB");
    err("CNode_Delete(handler TCB)", del(H.tcb));
    hsettle();
    dump_regs(&F);
    step_("resume faulter");
    err("TCB_Resume", seL4_TCB_Resume(F.tcb));
    hsettle();
    step_("controller receives on the handler endpoint");
    wait_ev_on(&he, HEP, reply_new());
    reply_msg(&he, 0, 0);
    hsettle();
}

#if MCS
static void h_delete_reply(void)
{
    hsetup(120, 100);
    hstart();
    step_("delete reply object cap");
    err("CNode_Delete(reply)", del(HREP));
    hsettle();
    dump_regs(&F);
    step_("signal handler");
    seL4_Signal(HNT);
    hsettle();
    step_("resume faulter");
    err("TCB_Resume", seL4_TCB_Resume(F.tcb));
    hsettle();
}

#endif
static void h_delete_faulter(void)
{
    hsetup(120, 100);
    hstart();
    step_("delete faulter TCB");
    err("CNode_Delete(faulter TCB)", del(F.tcb));
    hsettle();
    step_("signal handler: it replies");
    seL4_Signal(HNT);
    hsettle();
    step_("start faulter2");
    fgo(&F2);
    hsettle();
}

static void h_suspend_faulter(void)
{
    hsetup(120, 100);
    hstart();
    step_("suspend faulter");
    err("TCB_Suspend", seL4_TCB_Suspend(F.tcb));
    hsettle();
    step_("signal handler: it replies");
    seL4_Signal(HNT);
    hsettle();
    dump_regs(&F);
    step_("resume faulter");
    err("TCB_Resume", seL4_TCB_Resume(F.tcb));
    hsettle();
    dump_regs(&F);
}

static void h_reply_twice(void)
{
    hsetup(120, 100);
    h_twice = 1;
    hstart();
    step_("signal handler: it replies twice");
    seL4_Signal(HNT);
    hsettle();
    dump_regs(&F);
}

static void h_noreply_next(void)
{
    hsetup(120, 100);
    h_noreply = 1;
    start_c(&H, handler_fn, 0);
    wait_ev(&he);
    step_("faulter faults; handler receives again without replying");
    fgo(&F);
    hsettle();
    step_("faulter2 faults");
    fgo(&F2);
    hsettle();
    dump_regs(&F);
    dump_regs(&F2);
    step_("resume faulter");
    err("TCB_Resume", seL4_TCB_Resume(F.tcb));
    hsettle();
}

static void h_nested(void)
{
    hsetup(120, 100);
    h_selffault = 1;
    start_c(&H, handler_fn, 0);
    wait_ev(&he);
    sym_add("h_self", (W)h_self, 2);
    step_("faulter faults; the handler itself faults (ud2) before replying");
    fgo(&F);
    wait_ev(&he);
    hshow();
    dump_sched();
    dump_regs(&H);
    step_("controller replies to the handler's fault at PC+2");
    he.mr[0] += 2;
    reply_msg(&he, 0, 3);
    hsettle();
    step_("signal handler: it replies to the faulter");
    seL4_Signal(HNT);
    hsettle();
    dump_regs(&F);
}

static void h_self_handler(void)
{ /* handler whose own fault endpoint is the one it serves */
    hsetup(120, 100);
    h_selffault = 1;
    seL4_CPtr hb = slot_new();
    mint(hb, HEP, seL4_AllRights, 0x5e1f);
#if MCS
    err("TCB_SetSpace", seL4_TCB_SetSpace(H.tcb, hb, ROOT, 0, VS, 0));
#else
    err("TCB_SetSpace", seL4_TCB_SetSpace(H.tcb, hb, ROOT, 0, VS, 0));
#endif
    start_c(&H, handler_fn, 0);
    wait_ev(&he);
    step_("faulter faults; handler faults into its own endpoint");
    fgo(&F);
    hsettle();
    step_("controller receives on that endpoint");
    wait_ev_on(&he, HEP, reply_new());
    he.mr[0] += 2;
    reply_msg(&he, 0, 3);
    hsettle();
    step_("signal handler: replies to the faulter?");
    seL4_Signal(HNT);
    hsettle();
    dump_regs(&F);
}

static void h_handler_low(void)
{
    hsetup(90, 100);
    step_("handler has lower priority than the faulter");
    start_c(&H, handler_fn, 0);
    wait_ev(&he);
    fgo(&F);
    hsettle();
    fgo(&F2);
    step_("faulter2 faults while handler holds faulter's reply");
    hsettle();
    seL4_Signal(HNT);
    step_("signal");
    hsettle();
    seL4_Signal(HNT);
    step_("signal");
    hsettle();
    seL4_Signal(HNT);
    step_("signal");
    hsettle();
    seL4_Signal(HNT);
    step_("signal");
    hsettle();
}

/* queueing: three faulters on one endpoint, delivered in which order */
static void h_queue_(int p0, int p1, int p2)
{
    static thr_t t[3];
    static ev_t e[3];
    seL4_UserContext c;
    int pr[3] = { p0, p1, p2 };
    static const char *nm[] = { "fA", "fB", "fC" };
    seL4_CPtr ep = EP_NEW();
    ev_t *q = &he;
    for (int i = 0; i < 3; i++) {
        seL4_CPtr b = slot_new();
        mint(b, ep, seL4_AllRights, 0xa0 + i);
        mk_thread(&t[i], i, pr[i], b, ROOT, 0, nm[i]);
        def_regs(&c, i, (W)snip_ud2_start);
        set_regs(&t[i], &c, 1);
        jbegin("start");
        jstr("thread", nm[i]);
        jd("prio", pr[i]);
        jend();
    }
    wait_ev(q);
    dump_sched();
    seL4_CPtr save[3];
    for (int i = 0; i < 3; i++) {
        wait_ev_on(&e[i], ep, reply_new());
#if !MCS
        save[i] = slot_new();
        err("CNode_SaveCaller", seL4_CNode_SaveCaller(ROOT, save[i], 64));
#else
        save[i] = e[i].reply;
#endif
    }
    dump_sched();
    for (int i = 2; i >= 0; i--) {
        jbegin("action");
        jstr("act", "send on saved reply cap");
        jd("i", i);
        jend();
        seL4_SetMR(0, e[i].mr[0] + 2);
        seL4_SetMR(1, e[i].mr[1]);
        seL4_SetMR(2, e[i].mr[2]);
        seL4_Send(save[i], seL4_MessageInfo_new(0, 0, 0, 3));
    }
    dump_sched();
    wait_ev(q);
    dump_sched();
    for (int i = 0; i < 3; i++) {
        wait_ev_on(&e[i], ep, reply_new());
#if !MCS
        jbegin("action");
        jstr("act", "no reply, receive next (drops the caller cap)");
        jend();
#endif
    }
    dump_sched();
}

static void h_queue_same(void)
{
    h_queue_(100, 100, 100);
}

#if !MCS
#endif
static void h_reply_plain(void)
{ /* controller replies twice itself */
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    seL4_CPtr b = slot_new();
    mint(b, FEP, seL4_AllRights, 0xbad);
    mk_thread(&t, 0, 100, b, ROOT, 0, "faulter");
    def_regs(&c, 0, (W)snip_ud2_start);
    sym_add("fault", (W)snip_ud2_fault, 2);
    sym_add("next", (W)snip_ud2_next, 16);
    set_regs(&t, &c, 1);
    wait_ev(&e);
    step_("reply PC+2");
    e.mr[0] += 2;
    reply_msg(&e, 0, 3);
    dump_sched();
    step_("reply again, PC+4, before the faulter ran");
    e.mr[0] += 2;
    reply_msg(&e, 0, 3);
    dump_sched();
    wait_ev(&e);
    dump_regs(&t);
}

#if MCS
static void h_mcs_passive(void)
{
    hsetup(120, 100);
    step_("handler reaches Recv, then loses its SC (passive handler)");
    start_c(&H, handler_fn, 0);
    wait_ev(&he);
    err("SchedContext_Unbind", seL4_SchedContext_Unbind(H.sc));
    h_noreply = 1;
    fgo(&F);
    step_("faulter faults: the handler runs on the faulter's SC");
    hsettle();
    seL4_SchedContext_Consumed_t cc = seL4_SchedContext_Consumed(F.sc);
    err("Consumed(F.sc)", cc.error);
    step_("resume faulter");
    err("TCB_Resume", seL4_TCB_Resume(F.tcb));
    hsettle();
}

static void h_mcs_reply_in_use(void)
{
    hsetup(120, 100);
    h_noreply = 1;
    step_("one reply object, two faults, no replies");
    start_c(&H, handler_fn, 0);
    wait_ev(&he);
    fgo(&F);
    hsettle();
    fgo(&F2);
    hsettle();
    dump_regs(&F);
    dump_regs(&F2);
}

#endif
/* handler EP deleted after the handler took the message */
static void h_ep_deleted_after_recv(void)
{
    hsetup(120, 100);
    hstart();
    step_("delete every cap to the handler endpoint");
    err("Revoke HEP", seL4_CNode_Revoke(ROOT, HEP, 64));
    err("Delete HEP", del(HEP));
    hsettle();
    step_("signal handler: it replies; the faulter goes on, faults again, its handler is gone");
    seL4_Signal(HNT);
    hsettle();
    dump_regs(&F);
}

/* i: CNode operations */
static void capid(const char *n, seL4_CPtr s)
{
#ifdef CONFIG_DEBUG_BUILD
    W v = seL4_DebugCapIdentify(s);
    jbegin("capid");
    jstr("slot", n);
    jd("type", v);
    jend();
#endif
}

/* ask the badge a cap carries by sending through it to ourselves is awkward; use a sender thread */
static void i_cnode(void)
{
    seL4_CPtr cn = obj(seL4_CapTableObject, 4), ep = EP_NEW(), nt = NT_NEW(),
              ut = obj(seL4_UntypedObject, 12), tcb = obj(seL4_TCBObject, 0);
    seL4_CPtr s[12];
    for (int i = 0; i < 12; i++) s[i] = slot_new();
#define T(x)  err(#x, x)
#define RT(a) ROOT, a, 64
    T(seL4_CNode_Mint(RT(s[0]), RT(ep), seL4_AllRights, 0x11));
    T(seL4_CNode_Mint(RT(s[0]), RT(ep), seL4_AllRights, 0x12));   /* occupied */
    T(seL4_CNode_Mint(RT(s[1]), RT(s[0]), seL4_AllRights, 0x22)); /* badge from a badged cap */
    T(seL4_CNode_Mint(RT(s[1]), RT(s[0]), seL4_AllRights, 0x11)); /* same badge from a badged cap */
    T(seL4_CNode_Mint(RT(s[1]), RT(s[0]), seL4_AllRights, 0));    /* badge 0 from a badged cap */
    T(seL4_CNode_Copy(RT(s[1]), RT(s[0]), seL4_AllRights));
    T(seL4_CNode_Copy(RT(s[1]), RT(s[0]), seL4_AllRights));
    capid("s1", s[1]);
    T(seL4_CNode_Mint(RT(s[2]), RT(ep), seL4_NoRights, 0x33));
    capid("s2", s[2]);
    T(seL4_CNode_Mint(RT(s[3]), RT(s[2]), seL4_AllRights, 0));
    capid("s3", s[3]);
    T(seL4_CNode_Delete(RT(s[3])));
    T(seL4_CNode_Mutate(RT(s[3]), RT(ep), 0x44)); /* mutate unbadged master to a badge: moves it */
    capid("ep", ep);
    capid("s3", s[3]);
    T(seL4_CNode_Mutate(RT(ep), RT(s[3]), 0x45));
    capid("ep", ep);
    T(seL4_CNode_Move(RT(ep), RT(s[3])));
    capid("ep", ep);
    capid("s3", s[3]);
    T(seL4_CNode_Move(RT(s[3]), RT(s[4]))); /* empty source */
    T(seL4_CNode_Move(RT(s[0]), RT(s[1]))); /* occupied dest */
    T(seL4_CNode_Move(RT(s[0]), RT(s[0]))); /* onto itself */
    T(seL4_CNode_Rotate(RT(s[5]), 0, RT(s[0]), 0, RT(s[2])));
    capid("s5", s[5]);
    capid("s0", s[0]);
    capid("s2", s[2]);
    T(seL4_CNode_Rotate(RT(s[2]), 0, RT(s[5]), 0, RT(s[0])));
    capid("s2", s[2]);
    capid("s5", s[5]);
    capid("s0", s[0]);
    T(seL4_CNode_Rotate(RT(s[5]), 0, RT(s[0]), 0, RT(s[5]))); /* swap: dest==src */
    T(seL4_CNode_Rotate(RT(s[0]), 0, RT(s[0]), 0, RT(s[2]))); /* dest==pivot */
    T(seL4_CNode_Rotate(RT(s[0]), 0, RT(s[2]), 0, RT(s[2]))); /* pivot==src */
    T(seL4_CNode_Rotate(RT(s[6]), 0, RT(s[7]), 0, RT(s[2]))); /* empty pivot */
    T(seL4_CNode_Rotate(RT(s[6]), 0, RT(s[2]), 0, RT(s[7]))); /* empty src */
    {
        seL4_CPtr a = slot_new(), b = slot_new(), c = slot_new(), d = slot_new();
        (void)d;
        T(seL4_CNode_Copy(RT(a), RT(tcb), seL4_AllRights));
        T(seL4_CNode_Copy(RT(b), RT(seL4_CapInitThreadTCB), seL4_AllRights));
        T(seL4_CNode_Rotate(RT(c), 0, RT(a), 0, RT(b)));
        capid("rotate dest c", c);
        capid("pivot a", a);
        capid("src b", b);
        T(seL4_CNode_Rotate(RT(c), 0, RT(a), 0, RT(c)));
        capid("swapped c", c);
        capid("a", a);
        T(seL4_CNode_Mutate(RT(d), RT(cn), seL4_CNode_CapData_new(0x2, 4).words[0]));
        capid("mutated d", d);
        capid("cn", cn);
        T(seL4_CNode_Mutate(RT(cn), RT(d), 0));
        capid("cn", cn);
        capid("d", d);
        T(seL4_CNode_Move(RT(d), RT(a)));
        capid("moved d", d);
        capid("a", a);
        T(seL4_CNode_Delete(RT(d)));
        T(seL4_CNode_Delete(RT(c)));
    }
    /* direct addressing in a 16-slot CNode, depth 4 */
    T(seL4_CNode_Copy(cn, 0, 4, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 15, 4, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 16, 4, RT(s[2]),
                      seL4_AllRights)); /* index beyond: the low 4 bits count */
    T(seL4_CNode_Copy(cn, 17, 4, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 3, 3, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 3, 5, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 3, 0, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 3, 64, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 3, 65, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 3, 255, RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(cn, 4, 4, cn, 9, 4, seL4_AllRights)); /* empty source */
    T(seL4_CNode_Copy(cn, 4, 4, cn, 9, 5, seL4_AllRights)); /* bad source depth */
    T(seL4_CNode_Copy(cn, 4, 4, cn, 0, 65, seL4_AllRights));
    T(seL4_CNode_Copy(cn, 4, 4, ep, 0, 4, seL4_AllRights));     /* source root is not a CNode */
    T(seL4_CNode_Copy(cn, 4, 4, 0x1000, 0, 4, seL4_AllRights)); /* source root is an empty slot */
    T(seL4_CNode_Copy(RT(0x2000), RT(s[2]), seL4_AllRights));   /* index out of the root CNode */
    T(seL4_CNode_Copy(RT(0x1ffff), RT(s[2]), seL4_AllRights));
    T(seL4_CNode_Copy(RT(s[8]), RT(0x2000), seL4_AllRights));
    T(seL4_CNode_Copy(0x1000, 0, 4, RT(s[2]), seL4_AllRights)); /* invoke an empty slot */
    T(seL4_CNode_Copy(tcb, 0, 4, RT(s[2]), seL4_AllRights)); /* invoke a TCB with a CNode label */
    T(seL4_CNode_Copy(ut, 0, 4, RT(s[2]), seL4_AllRights));  /* an untyped with a CNode label */
    T(seL4_TCB_Suspend(cn));
    T(seL4_TCB_Suspend(0));
    T(seL4_TCB_Suspend(nt)); /* notification: acts as a signal */
    T(seL4_CNode_Copy(RT(s[8]), RT(ut), seL4_AllRights));
    capid("s8(copy of untyped)", s[8]);
    {
        seL4_Error e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, s[9], 1);
        err("Untyped_Retype with a copy present", e);
    }
    T(seL4_CNode_Delete(RT(s[8])));
    {
        seL4_Error e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, s[9], 1);
        err("Untyped_Retype EP", e);
        e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, s[9], 1);
        err("Untyped_Retype into occupied", e);
        e = seL4_Untyped_Retype(ut, seL4_TCBObject, 0, ROOT, 0, 0, s[10], 1);
        err("Untyped_Retype TCB", e);
        e = seL4_Untyped_Retype(ut, seL4_CapTableObject, 0, ROOT, 0, 0, s[11], 1);
        err("Untyped_Retype CNode bits 0", e);
        e = seL4_Untyped_Retype(ut, seL4_CapTableObject, 20, ROOT, 0, 0, s[11], 1);
        err("Untyped_Retype CNode bits 20", e);
        e = seL4_Untyped_Retype(ut, seL4_UntypedObject, 3, ROOT, 0, 0, s[11], 1);
        err("Untyped_Retype untyped bits 3", e);
        e = seL4_Untyped_Retype(ut, 99, 0, ROOT, 0, 0, s[11], 1);
        err("Untyped_Retype type 99", e);
        e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, s[11], 0);
        err("Untyped_Retype n=0", e);
        e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, s[11], 257);
        err("Untyped_Retype n=257", e);
        e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, 8190, 4);
        err("Untyped_Retype window too large", e);
        e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, 9000, 1);
        err("Untyped_Retype offset out", e);
        e = seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ep, 0, 0, 0, 1);
        err("Untyped_Retype root not a CNode", e);
        e = seL4_Untyped_Retype(ut, seL4_UntypedObject, 12, ROOT, 0, 0, s[11], 1);
        err("Untyped_Retype no memory", e);
        e = seL4_Untyped_Retype(ut, seL4_TCBObject, 0, ROOT, 0, 0, s[11], 4);
        err("Untyped_Retype 4 TCBs no memory", e);
    }
    T(seL4_CNode_Revoke(RT(ut)));
    capid("s9 after revoke of untyped", s[9]);
    capid("s10", s[10]);
    capid("ut", ut);
    T(seL4_CNode_Mint(RT(s[9]), RT(nt), seL4_AllRights, 0x1));
    T(seL4_CNode_Mint(RT(s[10]), RT(s[9]), seL4_AllRights, 0x2));
    T(seL4_CNode_Mint(RT(s[10]), RT(nt), seL4_CanRead, 0x80));
    {
        seL4_CPtr x = slot_new();
        T(seL4_CNode_Mint(RT(x), RT(tcb), seL4_AllRights, 5));
        capid("minted tcb", x);
        T(seL4_CNode_Delete(RT(x)));
        T(seL4_CNode_Mint(RT(x), RT(cn), seL4_AllRights, seL4_CNode_CapData_new(0x3, 4).words[0]));
        capid("minted cnode", x);
        T(seL4_CNode_Copy(x, 0x35, 8, RT(s[2]), seL4_AllRights));
        T(seL4_CNode_Copy(x, 0x45, 8, RT(s[2]), seL4_AllRights));
        T(seL4_CNode_Copy(x, 0x5, 4, RT(s[2]), seL4_AllRights));
        T(seL4_CNode_Copy(x, 0x36, 8, RT(s[2]), seL4_NoRights));
        T(seL4_CNode_Delete(RT(x)));
        T(seL4_CNode_Mint(RT(x), RT(cn), seL4_AllRights, seL4_CNode_CapData_new(0, 61).words[0]));
        T(seL4_CNode_Mint(RT(x), RT(frame_of(ipcbufs[2])), seL4_AllRights, 7));
        capid("minted frame", x);
        T(seL4_CNode_Delete(RT(x)));
        T(seL4_CNode_Copy(RT(x), RT(seL4_CapIRQControl), seL4_AllRights));
        T(seL4_CNode_Copy(RT(x), RT(seL4_CapNull), seL4_AllRights));
#if MCS
        seL4_CPtr rp = reply_new();
        T(seL4_CNode_Copy(RT(x), RT(rp), seL4_AllRights));
        T(seL4_CNode_Delete(RT(x)));
#endif
    }
    T(seL4_CNode_Delete(RT(s[11]))); /* delete an empty slot */
    T(seL4_CNode_Delete(RT(0x2000)));
    T(seL4_CNode_Revoke(RT(s[11])));
    T(seL4_CNode_Revoke(RT(0x2000)));
    T(seL4_CNode_CancelBadgedSends(RT(s[11])));
    T(seL4_CNode_CancelBadgedSends(RT(ep)));
    T(seL4_CNode_CancelBadgedSends(RT(nt)));
    T(seL4_CNode_CancelBadgedSends(RT(s[2])));
#if !MCS
    T(seL4_CNode_SaveCaller(RT(s[11])));
#endif
    capid("s0", s[0]);
    capid("s1", s[1]);
    capid("s2", s[2]);
    capid("s3(master ep)", s[3]);
    T(seL4_CNode_Revoke(RT(s[2])));
    capid("s0 after revoking badged s2", s[0]);
    capid("s1", s[1]);
    capid("s3", s[3]);
    T(seL4_CNode_Revoke(RT(s[3])));
    capid("s0 after revoking master", s[0]);
    capid("s1", s[1]);
    capid("s2", s[2]);
    capid("s3", s[3]);
    capid("cn slot? n/a", cn);
    T(seL4_CNode_Revoke(RT(ep)));
    capid("s0 after revoking ep", s[0]);
    capid("s1", s[1]);
    capid("s2", s[2]);
    capid("ep", ep);
    /* TCB invocation errors */
    T(seL4_TCB_SetPriority(tcb, seL4_CapInitThreadTCB, 256));
    T(seL4_TCB_SetPriority(tcb, seL4_CapInitThreadTCB, 1000));
    T(seL4_TCB_SetPriority(tcb, ep, 10));
    T(seL4_TCB_SetPriority(tcb, tcb, 10));
    T(seL4_TCB_SetPriority(tcb, 0, 10));
    T(seL4_TCB_SetMCPriority(tcb, seL4_CapInitThreadTCB, 256));
    T(seL4_TCB_SetIPCBuffer(tcb, 0x123, frame_of(ipcbufs[2])));
    T(seL4_TCB_SetIPCBuffer(tcb, (W)ipcbufs[2], ep));
    T(seL4_TCB_SetIPCBuffer(tcb, 0, 0));
    T(seL4_TCB_SetIPCBuffer(tcb, (W)ipcbufs[2] + 0x400, frame_of(ipcbufs[2])));
    T(seL4_TCB_SetSpace(tcb, 0, ep, 0, VS, 0));
    T(seL4_TCB_SetSpace(tcb, 0, ROOT, 0, ep, 0));
    T(seL4_TCB_SetSpace(tcb, 0, 0, 0, VS, 0));
    T(seL4_TCB_SetSpace(tcb, MCS ? 0x1000 : 0x2000, ROOT, 0, VS, 0));
    T(seL4_TCB_SetSpace(tcb, nt, ROOT, 0, VS, 0));
    T(seL4_TCB_Resume(tcb));
    dump_sched();
    {
        seL4_UserContext c;
        T(seL4_TCB_ReadRegisters(seL4_CapInitThreadTCB, 0, 0, 20, &c));
        T(seL4_TCB_ReadRegisters(tcb, 0, 0, 0, &c));
        T(seL4_TCB_ReadRegisters(tcb, 0, 0, 21, &c));
        T(seL4_TCB_ReadRegisters(tcb, 0, 0, 2, &c));
        T(seL4_TCB_WriteRegisters(seL4_CapInitThreadTCB, 0, 0, 20, &c));
        T(seL4_TCB_WriteRegisters(tcb, 0, 0, 0, &c));
    }
    T(seL4_TCB_BindNotification(tcb, nt));
    T(seL4_TCB_BindNotification(tcb, nt));
    T(seL4_TCB_BindNotification(tcb, ep));
    T(seL4_TCB_UnbindNotification(tcb));
    T(seL4_TCB_UnbindNotification(tcb));
    T(seL4_TCB_BindNotification(tcb, s[10]));
    T(seL4_TCB_SetFlags(tcb, 0, 1).error);
    T(seL4_TCB_SetTLSBase(tcb, 0x800000000000UL));
#if MCS
    {
        seL4_CPtr sc = obj(seL4_SchedContextObject, seL4_MinSchedContextBits);
        W sctl = bi->schedcontrol.start;
        T(seL4_SchedControl_ConfigureFlags(sctl, sc, 0, 10000, 0, 0, 0));
        T(seL4_SchedControl_ConfigureFlags(sctl, sc, 10000, 5000, 0, 0, 0));
        T(seL4_SchedControl_ConfigureFlags(sctl, sc, 1, 5000, 0, 0, 0));
        T(seL4_SchedControl_ConfigureFlags(sctl, sc, 5000, 5000, 100, 0, 0));
        T(seL4_SchedControl_ConfigureFlags(sctl, sc, 1000, 5000, 0, 0, 0));
        T(seL4_SchedContext_Bind(sc, tcb));
        T(seL4_SchedContext_Bind(sc, tcb));
        T(seL4_SchedContext_Bind(sc, ep));
        T(seL4_SchedContext_Unbind(sc));
        T(seL4_SchedContext_UnbindObject(sc, tcb));
        seL4_SchedContext_Consumed_t cc = seL4_SchedContext_Consumed(sc);
        err("SchedContext_Consumed", cc.error);
        T(seL4_TCB_SetTimeoutEndpoint(tcb, nt));
        T(seL4_TCB_SetTimeoutEndpoint(tcb, 0));
    }
#endif
}

/* clang-format off */
#define C(n) {#n, n}
case_t cases_cap[] = {
    C(a_send_empty), C(a_send_null), C(a_call_empty), C(a_nbsend_empty), C(a_recv_empty),
    C(a_nbrecv_empty), C(a_recv_tcbcap), C(a_replyrecv_empty), C(a_send_guard_root),
    C(a_send_guard_root_hi), C(a_recv_guard_root), C(a_l1_send_empty), C(a_l1_recv_empty),
    C(a_l1_guard), C(a_l1_guard_hi), C(a_l2_missing), C(a_l2_recv_missing), C(a_l3_child_guard),
    C(a_l3_child_missing), C(a_l3_depth), C(a_l3_recv_depth), C(a_l3_child_exact),
    C(a_invalid_root_send), C(a_invalid_root_recv), C(a_root_gone_send), C(a_root_gone_ud2),
    C(a_fill_then_reply), C(a_wregs), C(a_xcap_missing), C(a_xcap_nbsend),
#if MCS
    C(a_mcs_wait_empty), C(a_mcs_recv_badreply), C(a_mcs_recv_replyempty),
    C(a_mcs_recv_replywrong),
#endif
    C(a_send_noright), C(a_call_noright), C(a_recv_noright), C(a_call_wonly),
    C(g_null_vm), C(g_null_vmcode), C(g_null_ud2), C(g_null_int80), C(g_null_capfault),
    C(g_null_unknown), C(g_empty_slot),
#if !MCS /* on MCS the cptr is looked up in the caller's own cspace: a bad one would fault the controller */
    C(g_guard), C(g_hi),
#endif
    C(g_type_notification), C(g_type_cnode), C(g_type_tcb), C(g_type_untyped), C(g_rights_none),
    C(g_rights_r), C(g_rights_rw), C(g_rights_wg), C(g_rights_rggr), C(g_rights_all),
    C(g_ep_deleted_blocked), C(g_ep_badged_cap_deleted), C(g_ep_badged_revoked),
    C(g_ep_destroyed),
    C(h_base), C(h_suspend_handler), C(h_delete_handler), C(h_delete_faulter),
    C(h_suspend_faulter), C(h_reply_twice), C(h_reply_plain), C(h_noreply_next), C(h_nested),
    C(h_self_handler), C(h_handler_low), C(h_queue_same), C(h_ep_deleted_after_recv),
#if MCS
    C(h_delete_reply), C(h_mcs_passive), C(h_mcs_reply_in_use),
#else

#endif
    C(i_cnode),
 {0,0}};
/* clang-format on */
