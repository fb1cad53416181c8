/* SPDX-License-Identifier: BSD-2-Clause */
/* VM faults, unknown system calls and their replies, user exceptions. */
#include "fc.h"
static const char *an[] = { "end",
                            "reply",
                            "TCB_Resume",
                            "TCB_WriteRegisters_resume",
                            "TCB_WriteRegisters_then_Resume",
                            "TCB_Suspend",
                            "none",
                            "map_rw",
                            "map_ro",
                            "fill_slot",
                            "delete_cspace" };
static seL4_CPtr map_pts(W va)
{ /* create paging structures as needed */
    seL4_Error e;
    seL4_CPtr pt = obj(seL4_X86_PageTableObject, 0), pd = obj(seL4_X86_PageDirectoryObject, 0),
              pdpt = obj(seL4_X86_PDPTObject, 0);
    e = seL4_X86_PDPT_Map(pdpt, VS, va, seL4_X86_Default_VMAttributes);
    (void)e;
    e = seL4_X86_PageDirectory_Map(pd, VS, va, seL4_X86_Default_VMAttributes);
    (void)e;
    e = seL4_X86_PageTable_Map(pt, VS, va, seL4_X86_Default_VMAttributes);
    (void)e;
    return 0;
}

static void map_page(W va, int rw)
{
    seL4_CPtr f = obj(seL4_X86_4K, 0);
    seL4_Error e = seL4_X86_Page_Map(f, VS, va, rw ? seL4_ReadWrite : seL4_CanRead,
                                     seL4_X86_Default_VMAttributes);
    if (e == seL4_FailedLookup) {
        map_pts(va);
        e = seL4_X86_Page_Map(f, VS, va, rw ? seL4_ReadWrite : seL4_CanRead,
                              seL4_X86_Default_VMAttributes);
    }
    err(rw ? "X86_Page_Map rw" : "X86_Page_Map ro", e);
}

static void syms_for(fc_t *f)
{
    sym_add("start", (W)f->start, f->fault - f->start);
    sym_add("fault", (W)f->fault, f->next - f->fault);
    sym_add("next", (W)f->next, 16);
    sym_add("stack", (W)stacks[0], 8192);
    sym_add("ipcbuf", (W)ipcbufs[0], 4096);
}

/* Runs one table entry: start the faulter, take the fault, do each action and show what comes next */
void run_fc(fc_t *f)
{
    thr_t t;
    seL4_UserContext c;
    static ev_t e;
    syms_for(f);
    seL4_CPtr b = slot_new();
    mint(b, FEP, seL4_AllRights, 0xbad);
    seL4_CPtr root = ROOT, child = 0;
    W data = 0, fcptr = b, d2 = 0;
    seL4_Error ce;
    switch (f->cs) {
    case 1: /* one level: guard 0 of 60 bits, radix 4; fault cap at 1 */
    case 5: /* as 1, thread has no cspace root at all */
        root = obj(seL4_CapTableObject, 4);
        data = seL4_CNode_CapData_new(0, 60).words[0];
        fcptr = 1;
        ce = seL4_CNode_Copy(root, 1, 4, ROOT, b, 64, seL4_AllRights);
        if (ce) err("fill1", ce);
        break;
    case 2: /* one level, guard size 0, radix 4: index in the top 4 bits; fault cap at 1<<60 */
        root = obj(seL4_CapTableObject, 4);
        data = 0;
        fcptr = 1UL << 60;
        ce = seL4_CNode_Copy(root, 1, 4, ROOT, b, 64, seL4_AllRights);
        if (ce) err("fill2", ce);
        break;
    case 3: /* two levels: root guard 0 of 0 bits radix 4; slot 1 fault cap; slot 2 child guard 0xab of 8 bits radix 4 (52-? bits left); slot 3 child guard 60 bits (too deep); slot 4 child guard 0x3 of 56 bits */
    case 4:
        root = obj(seL4_CapTableObject, 4);
        child = obj(seL4_CapTableObject, 4);
        fcptr = 1UL << 60;
        ce = seL4_CNode_Copy(root, 1, 4, ROOT, b, 64, seL4_AllRights);
        if (ce) err("fill3", ce);
        d2 = seL4_CNode_CapData_new(0xab, 8).words[0];
        ce = seL4_CNode_Mint(root, 2, 4, ROOT, child, 64, seL4_AllRights, d2);
        if (ce) err("fill3b", ce);
        d2 = seL4_CNode_CapData_new(0, 58).words[0];
        ce = seL4_CNode_Mint(root, 3, 4, ROOT, child, 64, seL4_AllRights, d2);
        if (ce) err("fill3c", ce);
        d2 = seL4_CNode_CapData_new(3, 56).words[0];
        ce = seL4_CNode_Mint(root, 4, 4, ROOT, child, 64, seL4_AllRights, d2);
        if (ce) err("fill3d", ce);
        break;
    }
#if MCS
    fcptr = b;
#endif
    if (f->cs == 5) { /* configure everything but the cspace */
        t.idx = 0;
        t.name = "faulter";
        t.tcb = obj(seL4_TCBObject, 0);
#if MCS
        t.sc = obj(seL4_SchedContextObject, seL4_MinSchedContextBits);
        seL4_SchedControl_ConfigureFlags(bi->schedcontrol.start, t.sc, 5000, 5000, 0, 0, 0);
        ce = seL4_TCB_SetSchedParams(t.tcb, seL4_CapInitThreadTCB, 255, 100, t.sc, fcptr);
        err("TCB_SetSchedParams", ce);
#else
        ce = seL4_TCB_SetSchedParams(t.tcb, seL4_CapInitThreadTCB, 255, 100);
        err("TCB_SetSchedParams", ce);
#endif
        ce = seL4_TCB_SetIPCBuffer(t.tcb, (W)ipcbufs[0], frame_of(ipcbufs[0]));
        err("TCB_SetIPCBuffer", ce);
#ifdef CONFIG_DEBUG_BUILD
        seL4_DebugNameThread(t.tcb, t.name);
#endif
    } else if (mk_thread(&t, 0, 100, fcptr, root, data, "faulter"))
        return;
    ((seL4_IPCBuffer *)ipcbufs[0])->caps_or_badges[0] = f->xcap;
    if (f->flags & 2) {
        seL4_TCB_SetFlags_t sf = seL4_TCB_SetFlags(t.tcb, 0, seL4_TCBFlag_fpuDisabled);
        err("TCB_SetFlags(set fpuDisabled)", sf.error);
    }
    if (f->flags & 4) {
        seL4_Error re = seL4_CNode_Revoke(ROOT, root, 64);
        err("CNode_Revoke of the faulter's cspace root (removes the TCB's copy)", re);
    }
    def_regs(&c, 0, (W)f->start);
    for (int i = 0; i < 20 && (f->r[i].reg || f->r[i].v); i++) ((W *)&c)[f->r[i].reg] = f->r[i].v;
    jbegin("start");
    jx("rip", c.rip);
    jx("fault_addr", (W)f->fault);
    jx("next_addr", (W)f->next);
    jx("rsp", c.rsp);
    jend();
    set_regs(&t, &c, 1);
    wait_ev(&e);
    dump_regs(&t);
    if (!(f->flags & F_NODUMP)) dump_sched();
    for (act_t *a = f->a; a->kind != A_END && a < f->a + 4; a++) {
        if (e.quiesc && a->kind == A_REPLY) {
            jbegin("note");
            jstr("text", "nothing to reply to");
            jend();
            break;
        }
        jbegin("action");
        jstr("act", an[a->kind]);
        if (a->kind == A_REPLY) {
            jd("label", a->label);
            jd("length", a->len);
            outs(",\"set\":[");
            int first = 1;
            for (int i = 0; i < 20; i++) {
                set_t *s = &a->s[i];
                if (!s->mr && !s->v && !s->add) break;
                if (!first) outc(',');
                first = 0;
                outs("[\"");
                outd(s->mr);
                outs(s->add == 1 ? "\",\"+" : "\",\"");
                outx(s->v);
                outs("\"]");
            }
            outs("]");
        }
        if (a->add_pc) jd("pc_add", a->add_pc);
        jend();
        seL4_Error er = 0;
        switch (a->kind) {
        case A_REPLY:
            for (int i = 0; i < 20; i++) {
                set_t *s = &a->s[i];
                if (!s->mr && !s->v && !s->add) break;
                if (s->add == 1)
                    e.mr[s->mr] += s->v;
                else
                    e.mr[s->mr] = s->v;
            }
            reply_msg(&e, a->label, a->len);
            break;
        case A_RESUME:
            er = seL4_TCB_Resume(t.tcb);
            err("TCB_Resume", er);
            break;
        case A_SUSPEND:
            er = seL4_TCB_Suspend(t.tcb);
            err("TCB_Suspend", er);
            break;
        case A_WREGS:
        case A_WREGS_NORESUME:
            er = seL4_TCB_ReadRegisters(t.tcb, 0, 0, 20, &c);
            err("TCB_ReadRegisters", er);
            c.rip += a->add_pc;
            c.rax = 0x7e57;
            er = seL4_TCB_WriteRegisters(t.tcb, a->kind == A_WREGS, 0, 20, &c);
            err("TCB_WriteRegisters", er);
            if (a->kind == A_WREGS_NORESUME) {
                dump_sched();
                er = seL4_TCB_Resume(t.tcb);
                err("TCB_Resume", er);
            }
            break;
        case A_FILL: {
            seL4_CPtr nb = slot_new();
            mint(nb, FEP, seL4_AllRights, 0xf111);
            er = f->cs ? seL4_CNode_Copy(root, f->fill, 4, ROOT, nb, 64, seL4_AllRights)
                       : seL4_CNode_Copy(ROOT, f->fill, 64, ROOT, nb, 64, seL4_AllRights);
            err("fill slot", er);
            continue;
        }
        case A_DELCS:
            er = del(root);
            err("delete cspace root cnode", er);
            continue;
        case A_MAP_RW: map_page(UNM, 1); continue;
        case A_MAP_RO: map_page(UNM, 0); continue;
        default: break;
        }
        wait_ev(&e);
        dump_regs(&t);
        if (!(f->flags & F_NODUMP)) dump_sched();
    }
}

/* Cases that a row of the tables cannot say. */
static void c_rdx0(void)
{
    static fc_t f = {
        S_(syscall),
        { { R(rax), 60 }, { R(rdi), 1 }, { R(rsi), 2 }, { R(r10), 4 }, { R(r8), 5 }, { R(r9), 6 } },
        { { A_REPLY, 0, 18, { { 15, 1, 2 } } } }
    };
    static fc_t g;
    g = f;
    g.r[6].reg = R(rdx);
    g.r[6].v = 0;
    g.r[7].reg = 0; /* zero value ok: reg != 0 */
    run_fc(&g);
}

static void b_write_ro(void)
{
    map_page(ROV, 0);
    static fc_t f = { S_(write), { { R(r14), ROV + 0x18 } }, { REPLY0, { A_REPLY, 1, 0 } } };
    run_fc(&f);
}

static void b_read_ro(void)
{
    map_page(ROV, 0);
    static fc_t f = { S_(rwrep), { { R(r14), ROV + 0x20 } }, { REPLY0 } };
    run_fc(&f);
}

static void b_exec_data(void)
{
    map_page(ROV, 1);
    *(volatile unsigned short *)ROV = 0x0b0f;
    static fc_t f = { S_(jmp), { { R(r14), ROV } }, { REPLY0 } };
    run_fc(&f);
}

/* clang-format off */
#define LINUX {R(rax),60},{R(rdi),1},{R(rsi),2},{R(rdx),3},{R(r10),4},{R(r8),5},{R(r9),6}
/* c: unknown syscall */
CASE(c_len0, {S_(syscall), {LINUX}, {REPLY0, REPLY0}})
CASE(c_full_same_pc, {S_(syscall), {LINUX}, {{A_REPLY,0,18,{{0,0,0x1001},{1,0,0x1002},{2,0,0x1003},{3,0,0x77},{4,0,0x1005},{5,0,0x1006},{6,0,0x1007},{7,0,0x1008},{8,0,0x1009},{9,0,0x100a},{10,0,0x100b},{11,0,0x100c},{12,0,0x100d},{13,0,0x100e},{14,0,0x100f}}}}})
CASE(c_full_pc2, {S_(syscall), {LINUX}, {{A_REPLY,0,18,{{0,0,0x1001},{1,0,0x1002},{2,0,0x1003},{3,0,0x77},{4,0,0x1005},{5,0,0x1006},{6,0,0x1007},{7,0,0x1008},{8,0,0x1009},{9,0,0x100a},{10,0,0x100b},{11,0,0x100c},{12,0,0x100d},{13,0,0x100e},{14,0,0x100f},{15,1,2},{16,1,-64UL}}}}})
CASE(c_len1, {S_(syscall), {LINUX}, {{A_REPLY,0,1,{{0,0,0x1001},{15,1,2}}}}})
CASE(c_len3, {S_(syscall), {LINUX}, {{A_REPLY,0,3,{{0,0,0x1001},{1,0,0x1002},{2,0,0x1003},{3,0,0x77},{15,1,2}}}}})
CASE(c_len5, {S_(syscall), {LINUX}, {{A_REPLY,0,5,{{0,0,0x1001},{3,0,0x77},{4,0,0x1005},{5,0,0x1006},{15,1,2}}}}})
CASE(c_len15, {S_(syscall), {LINUX}, {{A_REPLY,0,15,{{0,0,0x1001},{14,0,0x100f},{15,1,2}}}}})
CASE(c_len16, {S_(syscall), {LINUX}, {{A_REPLY,0,16,{{0,0,0x1001},{15,1,2},{16,1,-64UL},{17,0,0xad7}}}}})
CASE(c_len19, {S_(syscall), {LINUX}, {{A_REPLY,0,19,{{0,0,0x1001},{15,1,2},{18,0,0x99}}}}})
CASE(c_len120, {S_(syscall), {LINUX}, {{A_REPLY,0,120,{{0,0,0x1001},{15,1,2},{18,0,0x99}}}}})
CASE(c_flags, {S_(syscall), {LINUX}, {{A_REPLY,0,18,{{15,1,2},{17,0,0xffffffffffffffffUL}}}}})
CASE(c_flags0, {S_(syscall), {LINUX}, {{A_REPLY,0,18,{{15,1,2},{17,0,1}}}}})
CASE(c_pc_noncanon, {S_(syscall), {LINUX}, {{A_REPLY,0,18,{{15,0,0x800000000000UL}}}}})
CASE(c_pc_unmapped, {S_(syscall), {LINUX}, {{A_REPLY,0,18,{{15,0,UNM}}}}})
CASE(c_sp_noncanon, {S_(syscall), {LINUX}, {{A_REPLY,0,18,{{15,1,2},{16,0,0x800000000000UL}}}}})
CASE(c_label1_len0, {S_(syscall), {LINUX}, {{A_REPLY,1,0},{A_RESUME}}})
CASE(c_label1_full, {S_(syscall), {LINUX}, {{A_REPLY,1,18,{{0,0,0x1001},{1,0,0x1002},{15,1,2}}},{A_RESUME}}})
CASE(c_resume, {S_(syscall), {LINUX}, {{A_RESUME},{A_RESUME}}})
CASE(c_wregs, {S_(syscall), {LINUX}, {{A_WREGS,.add_pc=2}}})
CASE(c_wregs_same, {S_(syscall), {LINUX}, {{A_WREGS,.add_pc=0}}})
CASE(c_wregs_noresume, {S_(syscall), {LINUX}, {{A_WREGS_NORESUME,.add_pc=2}}})
CASE(c_noreply, {S_(syscall), {LINUX}, {{A_NONE}}})
#define RDX(n, v) CASE(n, {S_(syscall), {{R(rax),60},{R(rdi),1},{R(rsi),2},{R(rdx),v},{R(r10),4},{R(r8),5},{R(r9),6}}, {{A_REPLY,0,18,{{15,1,2}}}}})
RDX(c_rdx1, 1)
RDX(c_rdx100, 100)
RDX(c_rdxm40, -40UL)
RDX(c_rdxm100, -100UL)
RDX(c_rdxmin, 0x8000000000000000UL)
RDX(c_rdxmax, 0x7fffffffffffffffUL)
RDX(c_rdx32m1, 0xffffffffUL)
RDX(c_rdx32m5, 0xfffffffbUL)
RDX(c_rdx_hi, 0x100000003UL)
RDX(c_rdxm18, -18UL)
RDX(c_rdxm22, -22UL)
RDX(c_rdxm30, -30UL)
RDX(c_rdxm33, -33UL)
RDX(c_rdxm31, -31UL)
RDX(c_rdxm15, -15UL)
/* a Linux call whose rdx collides with a real seL4 syscall number: what happens */
RDX(c_rdx_yield, (W)seL4_SysYield)
RDX(c_rdx_nbrecv_cap1, (W)seL4_SysNBRecv)
RDX(c_rdx_send_cap1, (W)seL4_SysSend)
RDX(c_rdx_call_cap1, (W)seL4_SysCall)
RDX(c_rdx_recv_cap1, (W)seL4_SysRecv)
#if !MCS
RDX(c_rdx_reply, (W)seL4_SysReply)
#endif
CASE(c_sp_stale, {S_(syscall_sp), {{R(rdx),3}}, {{A_REPLY,0,18,{{15,1,2}}}}})
CASE(c_sp_two, {S_(syscall_two), {{R(rdx),3}}, {{A_REPLY,0,18,{{15,1,2}}},{A_REPLY,0,18,{{15,1,2}}}}})
CASE(c_sp_set, {S_(syscall_sp), {{R(rdx),3}}, {{A_REPLY,0,18,{{15,1,2},{16,0,0x5000},{2,0,0x1003},{10,0,0x100b},{17,0,0x203}}}}})
CASE(c_sp_wregs, {S_(syscall_sp), {{R(rdx),3}}, {{A_WREGS,.add_pc=2}}})
CASE(d_fpu_off, {S_(fpu), {{0}}, {REPLY0, {A_REPLY,0,3,{{0,1,2}}}}, 2})
/* d: user exceptions */
#define EXC(n) CASE(d_##n, {S_(n), {{0}}, {{A_REPLY,0,0},{A_REPLY,0,3,{{0,0,0}}}}})
#define EXCPC(n) static void d_##n(void) { static fc_t f = {S_(n), {{0}}, {{A_REPLY,0,0},{A_REPLY,0,3,{{0,1,0}}}}}; static fc_t g; g = f; g.a[1].s[0].add = 1; g.a[1].s[0].v = snip_##n##_next - snip_##n##_fault; run_fc(&g); }
/* first reply empty (does it re-fault?), second advances the PC to next */
/* note: int3/int 3 report the next instruction, so +len overshoots there */
EXCPC(ud2)
EXCPC(int3)
EXCPC(cd03)
EXCPC(int1)
EXCPC(int80)
EXCPC(int20)
EXCPC(int0d)
EXCPC(int0e)
EXCPC(int04)
EXCPC(int9e)
EXCPC(inta0)
EXCPC(intff)
EXCPC(hlt)
EXCPC(cli)
EXCPC(in)
EXCPC(out)
EXCPC(rdmsr)
EXCPC(movcr0)
EXCPC(movdr0)
EXCPC(lgdt)
EXCPC(sysret)
EXCPC(sysenter)
EXCPC(vmcall)
EXCPC(lockbad)
EXCPC(tf)
EXCPC(fpu)
EXCPC(sse)
EXCPC(x87div)
EXCPC(ssediv)
CASE(d_div0, {S_(div0), {{R(rax),1},{R(rdx),1},{R(r12),0}}, {REPLY0, {A_REPLY,0,3,{{0,1,3}}}}})
#define NC(n) CASE(d_##n, {S_(n), {{R(r14),0x800000000000UL}}, {REPLY0, {A_REPLY,0,3,{{0,1,3}}}}})
NC(noncanon_read)
NC(noncanon_write)
NC(noncanon_push)
NC(noncanon_jmp)
/* replies to a user exception */
CASE(d_r_len1_pc2, {S_(ud2), {{0}}, {{A_REPLY,0,1,{{0,1,2}}}}})
CASE(d_r_len2_sp, {S_(ud2), {{0}}, {{A_REPLY,0,2,{{0,1,2},{1,1,-128UL}}}}})
CASE(d_r_len3_flags, {S_(ud2), {{0}}, {{A_REPLY,0,3,{{0,1,2},{2,0,0xffffffffffffffffUL}}}}})
CASE(d_r_len5, {S_(ud2), {{0}}, {{A_REPLY,0,5,{{0,1,2},{3,0,0x55},{4,0,0x66}}}}})
CASE(d_r_len18, {S_(ud2), {{0}}, {{A_REPLY,0,18,{{0,1,2},{3,0,0x55},{4,0,0x66}}}}})
CASE(d_r_label1, {S_(ud2), {{0}}, {{A_REPLY,1,3,{{0,1,2}}},{A_RESUME}}})
CASE(d_r_resume, {S_(ud2), {{0}}, {{A_RESUME}}})
CASE(d_r_wregs, {S_(ud2), {{0}}, {{A_WREGS,.add_pc=2}}})
CASE(d_r_pc_noncanon, {S_(ud2), {{0}}, {{A_REPLY,0,3,{{0,0,0x800000000000UL}}}}})
/* int n in the trap range is an unknown syscall: full replies */
CASE(d_inta0_pc2, {S_(inta0), {{R(rax),0x12345678}}, {{A_REPLY,0,18,{{15,1,2}}}}})
CASE(d_int9e_pc2, {S_(int9e), {{R(rax),0xff345678}}, {{A_REPLY,0,18,{{15,1,2}}}}})
/* b: VM faults */
#define VM(n, snip, addr) CASE(b_##n, {S_(snip), {{R(r14),addr}}, {{A_REPLY,0,0},{A_REPLY,0,4,{{0,1,3},{1,0,0x1234}}}}})
VM(read_unmapped, read, UNM)
VM(write_unmapped, write, UNM)
VM(readb_unaligned, readb, UNM+7)
VM(jmp_unmapped, jmp, UNM)
VM(call_unmapped, call, UNM+0x10)
VM(jmp_zero, jmp, 0)
VM(read_zero, read, 0)
VM(write_zero, write, 0)
VM(read_kernel, read, 0xffffffff80000000UL)
VM(write_kernel, write, 0xffffffff80100000UL)
VM(jmp_kernel, jmp, 0xffffffff80100000UL)
VM(read_pptr, read, 0xffffff8000100000UL)
VM(read_usertop, read, 0x7ffffffff000UL)
VM(read_high_half, read, 0xffff800000000000UL)
CASE(b_map_then_reply, {S_(read), {{R(r14),UNM}}, {{A_MAP_RW},{A_REPLY,0,0}}})
CASE(b_map_ro_write, {S_(write), {{R(r14),UNM}}, {{A_MAP_RO},{A_REPLY,0,0}}})
CASE(b_label1, {S_(read), {{R(r14),UNM}}, {{A_MAP_RW},{A_REPLY,1,0}}})
CASE(b_resume, {S_(read), {{R(r14),UNM}}, {{A_RESUME}}})
CASE(b_wregs, {S_(read), {{R(r14),UNM}}, {{A_WREGS,.add_pc=3}}})
#define C(n) {#n, n}
case_t cases_fault[] = {
    C(b_read_unmapped), C(b_write_unmapped), C(b_readb_unaligned), C(b_jmp_unmapped),
    C(b_call_unmapped), C(b_jmp_zero), C(b_read_zero), C(b_write_zero), C(b_read_kernel),
    C(b_write_kernel), C(b_jmp_kernel), C(b_read_pptr), C(b_read_usertop), C(b_read_high_half),
    C(b_write_ro), C(b_read_ro), C(b_exec_data), C(b_map_then_reply), C(b_map_ro_write),
    C(b_label1), C(b_resume), C(b_wregs),
    C(c_len0), C(c_full_same_pc), C(c_full_pc2), C(c_len1), C(c_len3), C(c_len5), C(c_len15),
    C(c_len16), C(c_len19), C(c_len120), C(c_flags), C(c_flags0), C(c_pc_noncanon),
    C(c_pc_unmapped), C(c_sp_noncanon), C(c_label1_len0), C(c_label1_full), C(c_resume),
    C(c_wregs), C(c_wregs_same), C(c_wregs_noresume), C(c_noreply),
    C(c_sp_stale), C(c_sp_two), C(c_sp_set), C(c_sp_wregs), C(c_rdx0), C(c_rdx1), C(c_rdx100),
    C(c_rdxm40), C(c_rdxm100), C(c_rdxmin), C(c_rdxmax), C(c_rdx32m1), C(c_rdx32m5), C(c_rdx_hi),
    C(c_rdxm18), C(c_rdxm22), C(c_rdxm30), C(c_rdxm31), C(c_rdxm33), C(c_rdxm15), C(c_rdx_yield),
    C(c_rdx_nbrecv_cap1), C(c_rdx_send_cap1), C(c_rdx_call_cap1), C(c_rdx_recv_cap1),
#if !MCS
    C(c_rdx_reply),
#endif
    C(d_ud2), C(d_div0), C(d_int3), C(d_cd03), C(d_int1), C(d_int80), C(d_int20), C(d_int0d),
    C(d_int0e), C(d_int04), C(d_int9e), C(d_inta0), C(d_intff), C(d_hlt), C(d_cli), C(d_in),
    C(d_out), C(d_rdmsr), C(d_movcr0), C(d_movdr0), C(d_lgdt), C(d_sysret), C(d_sysenter),
    C(d_vmcall), C(d_lockbad), C(d_tf), C(d_fpu), C(d_sse), C(d_x87div), C(d_ssediv),
    C(d_fpu_off),
    C(d_noncanon_read), C(d_noncanon_write), C(d_noncanon_push), C(d_noncanon_jmp),
    C(d_r_len1_pc2), C(d_r_len2_sp), C(d_r_len3_flags), C(d_r_len5), C(d_r_len18), C(d_r_label1),
    C(d_r_resume), C(d_r_wregs), C(d_r_pc_noncanon), C(d_inta0_pc2), C(d_int9e_pc2),
 {0,0}};
/* clang-format on */
