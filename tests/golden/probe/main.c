/* SPDX-License-Identifier: BSD-2-Clause */
/* Output, objects, threads and events of the probe, and the run through all its cases. */
#include "probe.h"
seL4_BootInfo *bi;
seL4_CPtr FEP;
const char *cur_case = "boot";
static seL4_CPtr free0, win_base, win_next;
#define WIN 400
static seL4_CPtr case_ut, pers_ut;
static W case_ut_bits, pers_ut_bits;
char stacks[NTHR][8192] __attribute__((aligned(4096)));
char ipcbufs[NTHR][4096] __attribute__((aligned(4096)));
char tlsareas[NTHR][4096] __attribute__((aligned(64)));
extern char __executable_start[];
/* output */
void outc(char c)
{
    seL4_DebugPutChar(c);
}

void outs(const char *s)
{
    while (*s) outc(*s++);
}

void outx(W v)
{
    char b[17];
    int i = 16;
    b[16] = 0;
    do {
        b[--i] = "0123456789abcdef"[v & 15];
        v >>= 4;
    } while (v);
    outs("0x");
    outs(b + i);
}

void outd(long v)
{
    char b[24];
    int i = 23;
    b[23] = 0;
    int n = v < 0;
    unsigned long u = n ? -v : v;
    do {
        b[--i] = '0' + u % 10;
        u /= 10;
    } while (u);
    if (n) b[--i] = '-';
    outs(b + i);
}

static int step;
void jbegin(const char *ev)
{
    outs("{\"case\":\"");
    outs(cur_case);
    outs("\",\"step\":");
    outd(step++);
    outs(",\"ev\":\"");
    outs(ev);
    outs("\"");
}

static void jk(const char *k)
{
    outs(",\"");
    outs(k);
    outs("\":");
}

void jstr(const char *k, const char *v)
{
    jk(k);
    outc('"');
    outs(v);
    outc('"');
}

void jx(const char *k, W v)
{
    jk(k);
    outc('"');
    outx(v);
    outc('"');
}

void jd(const char *k, long v)
{
    jk(k);
    outd(v);
}

void jend(void)
{
    outs("}\n");
}

static struct {
    const char *n;
    W a, len;
} syms[24];
static int nsym;
void sym_reset(void)
{
    nsym = 0;
}

void sym_add(const char *n, W a, W len)
{
    if (nsym < 24) {
        syms[nsym].n = n;
        syms[nsym].a = a;
        syms[nsym].len = len;
        nsym++;
    }
}

static void outsym(W v)
{
    int best = -1;
    for (int i = 0; i < nsym; i++)
        if (v >= syms[i].a && v <= syms[i].a + syms[i].len)
            if (best < 0 || syms[i].a > syms[best].a) best = i;
    if (best >= 0) {
        outs(",\"sym\":\"");
        outs(syms[best].n);
        outs("+");
        outx(v - syms[best].a);
        outs("\"");
    }
}

static const char *ename(seL4_Error e)
{
    static const char *n[] = { "seL4_NoError",           "seL4_InvalidArgument",
                               "seL4_InvalidCapability", "seL4_IllegalOperation",
                               "seL4_RangeError",        "seL4_AlignmentError",
                               "seL4_FailedLookup",      "seL4_TruncatedMessage",
                               "seL4_DeleteFirst",       "seL4_RevokeFirst",
                               "seL4_NotEnoughMemory" };
    return (unsigned)e < 11 ? n[e] : "?";
}

void err(const char *what, seL4_Error e)
{
    W m[5];
    for (int i = 0; i < 5; i++) m[i] = seL4_GetMR(i);
    jbegin("invoke");
    jstr("op", what);
    jd("err", e);
    jstr("name", ename(e));
    if (e) {
        outs(",\"mr\":[");
        for (int i = 0; i < 5; i++) {
            if (i) outc(',');
            outc('"');
            outx(m[i]);
            outc('"');
        }
        outs("]");
    }
    jend();
}

/* objects */
seL4_CPtr slot_new(void)
{
    if (win_next >= win_base + WIN) {
        outs("!! window full\n");
        return 0;
    }
    return win_next++;
}

static seL4_Error retype_into(seL4_CPtr ut, W type, W bits, seL4_CPtr s)
{
    return seL4_Untyped_Retype(ut, type, bits, ROOT, 0, 0, s, 1);
}

seL4_CPtr obj(W type, W bits)
{
    seL4_CPtr s = slot_new();
    seL4_Error e = retype_into(case_ut, type, bits, s);
    if (e) {
        outs("!! retype failed ");
        outd(e);
        outc('\n');
        return 0;
    }
    return s;
}

seL4_Error mint(seL4_CPtr d, seL4_CPtr s, seL4_CapRights_t r, W b)
{
    return seL4_CNode_Mint(ROOT, d, 64, ROOT, s, 64, r, b);
}

seL4_Error cpy(seL4_CPtr d, seL4_CPtr s)
{
    return seL4_CNode_Copy(ROOT, d, 64, ROOT, s, 64, seL4_AllRights);
}

seL4_Error del(seL4_CPtr s)
{
    return seL4_CNode_Delete(ROOT, s, 64);
}

seL4_CPtr frame_of(void *p)
{
    return bi->userImageFrames.start + (((W)p) - (((W)__executable_start) & ~0xfffUL)) / 4096;
}

/* threads */
int mk_thread(thr_t *t, int idx, int prio, W fault_cptr, seL4_CPtr cspace, W csdata,
              const char *name)
{
    seL4_Error e;
    t->idx = idx;
    t->name = name;
    t->fault_cptr = fault_cptr;
    t->sc = 0;
    t->tcb = obj(seL4_TCBObject, 0);
#if MCS
    t->sc = obj(seL4_SchedContextObject, seL4_MinSchedContextBits);
    e = seL4_SchedControl_ConfigureFlags(bi->schedcontrol.start, t->sc, 5000, 5000, 0, 0x5c00 + idx,
                                         0);
    if (e) err("SchedControl_ConfigureFlags", e);
    e = seL4_TCB_Configure(t->tcb, cspace, csdata, VS, 0, (W)ipcbufs[idx], frame_of(ipcbufs[idx]));
    if (e) err("TCB_Configure", e);
    e = seL4_TCB_SetSchedParams(t->tcb, seL4_CapInitThreadTCB, 255, prio, t->sc, fault_cptr);
    if (e) err("TCB_SetSchedParams", e);
#else
    e = seL4_TCB_Configure(t->tcb, fault_cptr, cspace, csdata, VS, 0, (W)ipcbufs[idx],
                           frame_of(ipcbufs[idx]));
    if (e) err("TCB_Configure", e);
    e = seL4_TCB_SetSchedParams(t->tcb, seL4_CapInitThreadTCB, 255, prio);
    if (e) err("TCB_SetSchedParams", e);
#endif
#ifdef CONFIG_DEBUG_BUILD
    seL4_DebugNameThread(t->tcb, name);
#endif
    return e;
}

void def_regs(seL4_UserContext *c, int idx, W rip)
{
    c->rip = rip;
    c->rsp = (W)stacks[idx] + 8192 - 256;
    c->rflags = 0x202;
    c->rax = 0xaaaa0001;
    c->rbx = 0xbbbb0002;
    c->rcx = 0xcccc0003;
    c->rdx = 0xdddd0004;
    c->rsi = 0x51510005;
    c->rdi = 0xd1d10006;
    c->rbp = 0xb0b00007;
    c->r8 = 0x8880008;
    c->r9 = 0x9990009;
    c->r10 = 0x1010000a;
    c->r11 = 0x1111000b;
    c->r12 = 0x1212000c;
    c->r13 = 0x1313000d;
    c->r14 = 0x1414000e;
    c->r15 = 0x1515000f;
    c->fs_base = 0;
    c->gs_base = 0;
}

void set_regs(thr_t *t, seL4_UserContext *c, int resume)
{
    seL4_Error e = seL4_TCB_WriteRegisters(t->tcb, resume, 0, sizeof(*c) / sizeof(W), c);
    if (e) err("TCB_WriteRegisters", e);
}

void start_c(thr_t *t, void (*fn)(void *), void *arg)
{
    seL4_UserContext c;
    def_regs(&c, t->idx, (W)fn);
    W tp = sel4runtime_write_tls_image(tlsareas[t->idx]);
    seL4_IPCBuffer *b = (seL4_IPCBuffer *)ipcbufs[t->idx];
    sel4runtime_set_tls_variable(tp, __sel4_ipc_buffer, b);
    c.fs_base = tp;
    c.rdi = (W)arg;
    c.rsp = (W)stacks[t->idx] + 8192 - 8;
    set_regs(t, &c, 1);
}

/* events */
static const char *kind(W l)
{
    switch (l) {
    case seL4_Fault_NullFault: return "NullFault";
    case seL4_Fault_CapFault: return "CapFault";
    case seL4_Fault_UnknownSyscall: return "UnknownSyscall";
    case seL4_Fault_UserException: return "UserException";
    case seL4_Fault_VMFault: return "VMFault";
#if MCS
    case seL4_Fault_Timeout: return "Timeout";
#endif
#ifdef CONFIG_HARDWARE_DEBUG_API
    case seL4_Fault_DebugException: return "DebugException";
#endif
    case LBL_QUIESC: return "QUIESCENT";
    }
    return "other";
}

void print_ev(const char *evname, ev_t *e)
{
    W l = seL4_MessageInfo_get_label(e->info), len = seL4_MessageInfo_get_length(e->info);
    jbegin(evname);
    jstr("kind", kind(l));
    jd("label", l);
    jd("length", len);
    jd("capsUnwrapped", seL4_MessageInfo_get_capsUnwrapped(e->info));
    jd("extraCaps", seL4_MessageInfo_get_extraCaps(e->info));
    jx("badge", e->badge);
    outs(",\"mr\":[");
    for (W i = 0; i < len; i++) {
        if (i) outc(',');
        outs("{\"i\":");
        outd(i);
        outs(",\"v\":\"");
        outx(e->mr[i]);
        outs("\"");
        outsym(e->mr[i]);
        outs("}");
    }
    outs("]");
    jend();
}

void wait_ev_on(ev_t *e, seL4_CPtr ep, seL4_CPtr reply)
{
#if MCS
    e->reply = reply;
    e->info = seL4_Recv(ep, &e->badge, reply);
#else
    e->info = seL4_Recv(ep, &e->badge);
#endif
    for (int i = 0; i < 120; i++) e->mr[i] = seL4_GetMR(i);
    e->quiesc = seL4_MessageInfo_get_label(e->info) == LBL_QUIESC;
    print_ev(e->quiesc ? "quiescent" : "fault", e);
}

seL4_CPtr reply_new(void)
{
#if MCS
    return obj(seL4_ReplyObject, 0);
#else
    return 0;
#endif
}

void wait_ev(ev_t *e)
{
    wait_ev_on(e, FEP, reply_new());
}

void reply_msg(ev_t *e, W label, W len)
{
    for (W i = 0; i < len && i < 120; i++) seL4_SetMR(i, e->mr[i]);
    seL4_MessageInfo_t m = seL4_MessageInfo_new(label, 0, 0, len);
#if MCS
    seL4_Send(e->reply, m);
#else
    seL4_Reply(m);
#endif
}

void dump_regs(thr_t *t)
{
    static const char *n[] = { "rip", "rsp", "rflags", "rax", "rbx",     "rcx",    "rdx",
                               "rsi", "rdi", "rbp",    "r8",  "r9",      "r10",    "r11",
                               "r12", "r13", "r14",    "r15", "fs_base", "gs_base" };
    seL4_UserContext c;
    seL4_Error e = seL4_TCB_ReadRegisters(t->tcb, 0, 0, 20, &c);
    if (e) {
        err("TCB_ReadRegisters", e);
        return;
    }
    jbegin("regs");
    jstr("thread", t->name);
    outs(",\"r\":{");
    W *w = (W *)&c;
    for (int i = 0; i < 20; i++) {
        if (i) outc(',');
        outc('"');
        outs(n[i]);
        outs("\":{\"v\":\"");
        outx(w[i]);
        outs("\"");
        outsym(w[i]);
        outs("}");
    }
    outs("}");
    jend();
}

void dump_sched(void)
{
#ifdef CONFIG_DEBUG_BUILD
    seL4_DebugDumpScheduler();
#endif
}

/* watchdog: runs when all else is blocked */
volatile int finale;
static void watchdog(void *a)
{
    for (;;) {
        if (finale) {
            outs("{\"case\":\"l.finale\",\"ev\":\"watchdog_runs_after_suspend\"}\n");
            dump_sched();
            outs("@@PROBE END\n");
            for (;;) {
                seL4_Yield();
                __asm__ volatile("pause");
            }
        }
        seL4_NBSend(win_base, seL4_MessageInfo_new(LBL_QUIESC, 0, 0, 0));
    }
}

static void mk_watchdog(void)
{
    seL4_CPtr tcb = free0++, sc = free0++;
    retype_into(pers_ut, seL4_TCBObject, 0, tcb);
    (void)sc;
#if MCS
    retype_into(pers_ut, seL4_SchedContextObject, seL4_MinSchedContextBits, sc);
    seL4_SchedControl_ConfigureFlags(bi->schedcontrol.start, sc, 5000, 5000, 0, 0x3d, 0);
    seL4_TCB_Configure(tcb, ROOT, 0, VS, 0, (W)ipcbufs[NTHR - 1], frame_of(ipcbufs[NTHR - 1]));
    seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 255, 1, sc, 0);
#else
    seL4_TCB_Configure(tcb, 0, ROOT, 0, VS, 0, (W)ipcbufs[NTHR - 1], frame_of(ipcbufs[NTHR - 1]));
    seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 255, 1);
#endif
#ifdef CONFIG_DEBUG_BUILD
    seL4_DebugNameThread(tcb, "watchdog");
#endif
    thr_t t = { .tcb = tcb, .idx = NTHR - 1, .name = "watchdog" };
    start_c(&t, watchdog, 0);
}

static void run_case(case_t *c)
{
    cur_case = c->id;
    step = 0;
    sym_reset();
    win_next = win_base;
    outs("@@BEGIN ");
    outs(c->id);
    outs("\n");
    FEP = obj(seL4_EndpointObject, 0); /* always slot win_base: the watchdog's target */
    c->fn();
    seL4_CNode_Revoke(ROOT, case_ut, 64);
    for (seL4_CPtr s = win_base; s < win_next; s++) del(s);
#if !MCS
    /* drop a pending caller cap, if any */
    {
        W b;
        seL4_CPtr ep = win_base;
        retype_into(case_ut, seL4_EndpointObject, 0, ep);
        seL4_NBRecv(ep, &b);
        del(ep);
        seL4_CNode_Revoke(ROOT, case_ut, 64);
    }
#endif
    outs("@@END ");
    outs(c->id);
    outs("\n");
}

static void run_table(case_t *t)
{
    for (; t->id; t++) run_case(t);
}

int main(void)
{
    bi = sel4runtime_bootinfo();
    outs("\n@@PROBE START\n");
    free0 = bi->empty.start;
    W best = 0, best2 = 0;
    for (W i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        seL4_UntypedDesc *d = &bi->untypedList[i];
        if (d->isDevice) continue;
        if (d->sizeBits >= 20 && d->sizeBits <= 24 && d->sizeBits > best) {
            best2 = best;
            if (best) {
                pers_ut = case_ut;
                pers_ut_bits = case_ut_bits;
            }
            best = d->sizeBits;
            case_ut = bi->untyped.start + i;
            case_ut_bits = d->sizeBits;
        } else if (d->sizeBits >= 16 && d->sizeBits <= 24 && !pers_ut) {
            pers_ut = bi->untyped.start + i;
            pers_ut_bits = d->sizeBits;
        }
    }
    (void)best2;
    win_base = bi->empty.start + 64;
    win_next = win_base;
    jbegin("config");
    jd("mcs", MCS);
#ifdef CONFIG_HARDWARE_DEBUG_API
    jd("hw_debug_api", 1);
#else
    jd("hw_debug_api", 0);
#endif
    jd("case_ut_bits", case_ut_bits);
    jd("pers_ut_bits", pers_ut_bits);
    jd("cnode_bits", bi->initThreadCNodeSizeBits);
    jd("num_prio", CONFIG_NUM_PRIORITIES);
    jx("empty_start", bi->empty.start);
    jx("empty_end", bi->empty.end);
    jx("win_base", win_base);
#ifdef CONFIG_TIME_SLICE
    jd("time_slice", CONFIG_TIME_SLICE);
#endif
#ifdef CONFIG_TIMER_TICK_MS
    jd("timer_tick_ms", CONFIG_TIMER_TICK_MS);
#endif
    jd("retype_fan_out_limit", CONFIG_RETYPE_FAN_OUT_LIMIT);
    jd("sizeof_usercontext", sizeof(seL4_UserContext));
    jd("TCBBits", seL4_TCBBits);
    jd("EndpointBits", seL4_EndpointBits);
    jd("NotificationBits", seL4_NotificationBits);
    jd("SlotBits", seL4_SlotBits);
    jend();
    mk_watchdog();
#ifdef PROBE_ONLY_PERF
    run_table(cases_perf);
#else
    run_table(cases_fault);
    run_table(cases_cap);
    run_table(cases_script);
    run_table(cases_mcs);
    run_table(cases_dbg);
    run_table(cases_perf);
#endif
    outs("@@PROBE LAST\n");
    run_table(cases_last);
    outs("@@PROBE END\n");
    for (;;) seL4_Yield();
    return 0;
}
