/* SPDX-License-Identifier: BSD-2-Clause */
/* IPC and scheduling: threads that run little programs, whose steps are logged. */
#include "probe.h"
/* Threads that run little programs; every step is logged as (thread, step, '<' before | '>' after, result). */
enum {
    END,
    SEND,
    NBSEND,
    CALL,
    RECV,
    NBRECV,
    REPLY,
    REPLYRECV,
    YIELD,
    LOG,
    SIGNAL,
    WAIT,
    POLL,
    SPIN,
    SETPRIO,
    SUSPEND,
    RESUME,
    NBSENDRECV,
    NBSENDWAIT
};
static const char *on[] = { "END",     "SEND",   "NBSEND",     "CALL",      "RECV",
                            "NBRECV",  "REPLY",  "REPLYRECV",  "YIELD",     "LOG",
                            "SIGNAL",  "WAIT",   "POLL",       "SPIN",      "SETPRIO",
                            "SUSPEND", "RESUME", "NBSENDRECV", "NBSENDWAIT" };
/* symbolic caps */
enum { E0, E0B, E0W, E0WGR, E0R, N0, E1, E1B, N0B, NCAPS };
static const char *cn_[] = { "E0",
                             "E0B(badge 0x10+t)",
                             "E0W(badge,write only)",
                             "E0WGR(badge,write+grantreply)",
                             "E0R(read only)",
                             "N0",
                             "E1",
                             "E1B",
                             "N0B(badge 1<<t)" };
typedef struct {
    int op;
    int cap;
    int len;
    int label;
    int xcaps;
    int arg;
} op_t;
typedef struct {
    int prio;
    int staged;
    int nobuf;
    int recvslot;
    int passive;
    op_t p[12];
} prog_t;
typedef struct {
    const char *what;
    int n;
    prog_t t[4];
    int capdrop;
} script_t;
static seL4_CPtr caps[4][NCAPS], xc[4][3], rslot[4], rep[4];
static thr_t th[4];
static script_t *cs;
typedef struct {
    short t, s;
    char ph;
    char op;
    W badge, label, len, unw, xc, mr0, mr3, mr4, mrlast;
} le_t;
static volatile le_t lg[400];
static volatile int nl;
static void logit(int t, int s, char ph, int op, int got, seL4_MessageInfo_t i, W badge)
{
    if (nl >= 400) return;
    volatile le_t *l = &lg[nl++];
    l->t = t;
    l->s = s;
    l->ph = ph;
    l->op = op;
    l->badge = badge;
    if (got) {
        W n = seL4_MessageInfo_get_length(i);
        l->label = seL4_MessageInfo_get_label(i);
        l->len = n;
        l->unw = seL4_MessageInfo_get_capsUnwrapped(i);
        l->xc = seL4_MessageInfo_get_extraCaps(i);
        l->mr0 = seL4_GetMR(0);
        l->mr3 = seL4_GetMR(3);
        l->mr4 = seL4_GetMR(4);
        l->mrlast = n && n <= 120 ? seL4_GetMR(n - 1) : 0;
    } else {
        l->label = l->len = l->unw = l->xc = l->mr0 = l->mr3 = l->mr4 = l->mrlast = 0;
    }
}

static void body(void *a)
{
    int t = (int)(W)a;
    prog_t *p = &cs->t[t];
    seL4_MessageInfo_t i, z = seL4_MessageInfo_new(0, 0, 0, 0);
    if (!p->recvslot)
        seL4_SetCapReceivePath(0, 0, 0);
    else
        seL4_SetCapReceivePath(ROOT, rslot[t], p->recvslot == 2 ? 63 : 64);
    for (int k = 0; p->p[k].op != END; k++) {
        op_t *o = &p->p[k];
        W b = 0;
        int got = 0;
        seL4_CPtr c = caps[t][o->cap];
        int L = o->len;
        for (int j = 0; j < 120; j++) seL4_SetMR(j, ((W)t << 16) | (k << 8) | j);
        for (int j = 0; j < 3; j++) seL4_SetCap(j, xc[t][j]);
        i = seL4_MessageInfo_new(o->label, 0, o->xcaps, L);
        logit(t, k, '<', o->op, 0, z, 0);
        switch (o->op) {
        case SEND: seL4_Send(c, i); break;
        case NBSEND: seL4_NBSend(c, i); break;
        case CALL:
            i = seL4_Call(c, i);
            got = 1;
            break;
#if MCS
        case RECV:
            i = seL4_Recv(c, &b, rep[t]);
            got = 1;
            break;
        case NBRECV:
            i = seL4_NBRecv(c, &b, rep[t]);
            got = 1;
            break;
        case REPLY: seL4_Send(rep[t], i); break;
        case REPLYRECV:
            i = seL4_ReplyRecv(c, i, &b, rep[t]);
            got = 1;
            break;
        case NBSENDRECV:
            i = seL4_NBSendRecv(caps[t][o->arg], i, c, &b, rep[t]);
            got = 1;
            break;
        case NBSENDWAIT:
            i = seL4_NBSendWait(caps[t][o->arg], i, c, &b);
            got = 1;
            break;
#else
        case RECV:
            i = seL4_Recv(c, &b);
            got = 1;
            break;
        case NBRECV:
            i = seL4_NBRecv(c, &b);
            got = 1;
            break;
        case REPLY: seL4_Reply(i); break;
        case REPLYRECV:
            i = seL4_ReplyRecv(c, i, &b);
            got = 1;
            break;
#endif
        case YIELD: seL4_Yield(); break;
        case LOG: break;
        case SIGNAL: seL4_Signal(c); break;
        case WAIT: seL4_Wait(c, &b); break;
        case POLL: seL4_Poll(c, &b); break;
        case SPIN:
            for (volatile long q = 0; q < (long)o->arg * 1000; q++)
                ;
            break;
        case SETPRIO: seL4_TCB_SetPriority(th[o->cap].tcb, seL4_CapInitThreadTCB, o->arg); break;
        case SUSPEND: seL4_TCB_Suspend(th[o->cap].tcb); break;
        case RESUME: seL4_TCB_Resume(th[o->cap].tcb); break;
        }
        logit(t, k, '>', o->op, got, i, b);
    }
    logit(t, 99, 'E', END, 0, z, 0);
    seL4_TCB_Suspend(th[t].tcb);
}

static const char *tn[] = { "A", "B", "C", "D" };
static void run_script(script_t *s)
{
    static ev_t e;
    cs = s;
    nl = 0;
    seL4_CPtr e0 = EP_NEW(), e1 = EP_NEW(), n0 = NT_NEW();
    jbegin("script");
    jstr("what", s->what);
    outs(",\"threads\":[");
    for (int t = 0; t < s->n; t++) {
        if (t) outc(',');
        prog_t *p = &s->t[t];
        outs("{\"name\":\"");
        outs(tn[t]);
        outs("\",\"prio\":");
        outd(p->prio);
        outs(",\"staged\":");
        outd(p->staged);
        outs(",\"nobuf\":");
        outd(p->nobuf);
        outs(",\"recvslot\":");
        outd(p->recvslot);
        outs(",\"passive\":");
        outd(p->passive);
        outs(",\"prog\":[");
        for (int k = 0; p->p[k].op; k++) {
            op_t *o = &p->p[k];
            if (k) outc(',');
            outs("[\"");
            outs(on[o->op]);
            outs("\",\"");
            if (o->op >= SETPRIO && o->op <= RESUME)
                outs(tn[o->cap]);
            else if (o->op == REPLY || o->op == YIELD || o->op == LOG || o->op == SPIN)
                outs("");
            else
                outs(cn_[o->cap]);
            outs("\",");
            outd(o->label);
            outc(',');
            outd(o->len);
            outc(',');
            outd(o->xcaps);
            outc(',');
            outd(o->arg);
            outs("]");
        }
        outs("]}");
    }
    outs("]");
    jend();
    for (int t = 0; t < s->n; t++) {
        mk_thread(&th[t], t, s->t[t].prio, 0, ROOT, 0, tn[t]);
        caps[t][E0] = e0;
        caps[t][E1] = e1;
        caps[t][N0] = n0;
        mint(caps[t][E0B] = slot_new(), e0, seL4_AllRights, 0x10 + t);
        mint(caps[t][E0W] = slot_new(), e0, seL4_CapRights_new(0, 0, 0, 1), 0x10 + t);
        mint(caps[t][E0WGR] = slot_new(), e0, seL4_CapRights_new(1, 0, 0, 1), 0x10 + t);
        mint(caps[t][E0R] = slot_new(), e0, seL4_CanRead, 0x10 + t);
        mint(caps[t][E1B] = slot_new(), e1, seL4_AllRights, 0x20 + t);
        mint(caps[t][N0B] = slot_new(), n0, seL4_AllRights, 1UL << t);
        /* extra caps: 0 = a notification copy, 1 = badged cap to E0 itself, 2 = a badged cap to E1 */
        xc[t][0] = slot_new();
        cpy(xc[t][0], n0);
        xc[t][1] = caps[t][E0B];
        xc[t][2] = caps[t][E1B];
        if (s->capdrop == 1) {
            xc[t][0] = caps[t][E0B];
            xc[t][1] = caps[t][E1B];
            xc[t][2] = n0;
        }
        if (s->capdrop == 2) {
            xc[t][0] = e0;
            xc[t][1] = n0;
        }
        if (s->capdrop == 3) {
            xc[t][0] = seL4_CapNull;
        }
        rslot[t] = slot_new();
        if (s->t[t].recvslot == 3) cpy(rslot[t], seL4_CapInitThreadTCB);
        rep[t] = reply_new();
        if (s->t[t].nobuf) seL4_TCB_SetIPCBuffer(th[t].tcb, 0, 0);
    }
    for (int t = 0; t < s->n; t++) {
        start_c(&th[t], body, (void *)(W)t);
        if (s->t[t].staged) {
            wait_ev(&e);
#if MCS
            if (s->t[t].passive)
                err("SchedContext_Unbind (thread made passive)",
                    seL4_SchedContext_Unbind(th[t].sc));
#endif
        }
    }
    int before = nl;
    (void)before;
    wait_ev(&e);
    jbegin("log");
    jd("n", nl);
    outs(",\"l\":[");
    for (int i = 0; i < nl; i++) {
        volatile le_t *l = &lg[i];
        if (i) outc(',');
        outs("[\"");
        outs(tn[l->t]);
        outs("\",");
        outd(l->s);
        outs(",\"");
        outc(l->ph);
        outs(" ");
        outs(on[(int)l->op]);
        outs("\"");
        if (l->ph == '>' && (l->op == CALL || l->op == RECV || l->op == NBRECV ||
                             l->op == REPLYRECV || l->op == NBSENDRECV || l->op == NBSENDWAIT)) {
            outs(",{\"badge\":\"");
            outx(l->badge);
            outs("\",\"label\":");
            outd(l->label);
            outs(",\"len\":");
            outd(l->len);
            outs(",\"unw\":");
            outd(l->unw);
            outs(",\"xc\":");
            outd(l->xc);
            outs(",\"mr0\":\"");
            outx(l->mr0);
            outs("\",\"mr3\":\"");
            outx(l->mr3);
            outs("\",\"mr4\":\"");
            outx(l->mr4);
            outs("\",\"last\":\"");
            outx(l->mrlast);
            outs("\"}");
        }
        if (l->ph == '>' && (l->op == WAIT || l->op == POLL)) {
            outs(",\"");
            outx(l->badge);
            outs("\"");
        }
        outs("]");
    }
    outs("]");
    jend();
#ifdef CONFIG_DEBUG_BUILD
    for (int t = 0; t < s->n; t++) {
        W v = seL4_DebugCapIdentify(rslot[t]);
        jbegin("recvslot");
        jstr("thread", tn[t]);
        jd("captype", v);
        seL4_Error er = 0;
        jend();
        (void)er;
    }
#endif
    dump_sched();
}

/* clang-format off */
#define SC(id, ...) static void id(void) { static script_t s = __VA_ARGS__; run_script(&s); }
/* j: IPC */
SC(j_send_recv, {"sender first, then receiver", 2, {{100,1,0,0,0,{{SEND,E0B,3,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_recv_send, {"receiver first, then sender", 2, {{100,1,0,0,0,{{RECV,E0}}},{100,0,0,0,0,{{SEND,E0B,3,7}}}}})
SC(j_unbadged, {"unbadged send", 2, {{100,1,0,0,0,{{SEND,E0,1,1}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_fifo_send, {"three senders of equal priority queue, then a receiver", 4, {{100,1,0,0,0,{{SEND,E0B,1,1}}},{100,1,0,0,0,{{SEND,E0B,1,1}}},{100,1,0,0,0,{{SEND,E0B,1,1}}},{100,0,0,0,0,{{RECV,E0},{RECV,E0},{RECV,E0}}}}})
SC(j_fifo_send_prio, {"three senders of different priorities queue, then a receiver", 4, {{90,1,0,0,0,{{SEND,E0B,1,1}}},{110,1,0,0,0,{{SEND,E0B,1,1}}},{100,1,0,0,0,{{SEND,E0B,1,1}}},{80,0,0,0,0,{{RECV,E0},{RECV,E0},{RECV,E0}}}}})
SC(j_fifo_recv, {"three receivers wait, then a sender sends three", 4, {{100,1,0,0,0,{{RECV,E0}}},{100,1,0,0,0,{{RECV,E0}}},{100,1,0,0,0,{{RECV,E0}}},{100,0,0,0,0,{{SEND,E0B,1,1},{SEND,E0B,1,2},{SEND,E0B,1,3},{SEND,E0B,1,4}}}}})
SC(j_fifo_recv_prio, {"three receivers of different priority wait, then a sender sends three", 4, {{90,1,0,0,0,{{RECV,E0}}},{110,1,0,0,0,{{RECV,E0}}},{100,1,0,0,0,{{RECV,E0}}},{80,0,0,0,0,{{SEND,E0B,1,1},{SEND,E0B,1,2},{SEND,E0B,1,3}}}}})
SC(j_call_reply, {"call, reply", 2, {{100,1,0,0,0,{{RECV,E0},{REPLY,0,2,9},{LOG}}},{100,0,0,0,0,{{CALL,E0B,3,7},{LOG}}}}})
SC(j_call_replyrecv, {"two callers, ReplyRecv server", 3, {{100,1,0,0,0,{{RECV,E0},{REPLYRECV,E0,2,9},{REPLYRECV,E0,2,10}}},{100,1,0,0,0,{{CALL,E0B,3,7},{LOG}}},{100,0,0,0,0,{{CALL,E0B,4,8},{LOG}}}}})
SC(j_call_first, {"two callers wait, then ReplyRecv server", 3, {{100,1,0,0,0,{{CALL,E0B,3,7},{LOG}}},{100,1,0,0,0,{{CALL,E0B,4,8},{LOG}}},{100,0,0,0,0,{{RECV,E0},{REPLYRECV,E0,2,9},{REPLYRECV,E0,2,10}}}}})
SC(j_reply_nocaller, {"reply with nobody to reply to", 1, {{100,0,0,0,0,{{REPLY,0,2,9},{LOG}}}}})
SC(j_reply_twice, {"reply twice", 2, {{100,1,0,0,0,{{RECV,E0},{REPLY,0,2,9},{REPLY,0,2,10},{LOG}}},{100,0,0,0,0,{{CALL,E0B,3,7},{LOG},{CALL,E0B,1,1}}}}})
SC(j_reply_to_send, {"reply after a plain send", 2, {{100,1,0,0,0,{{RECV,E0},{REPLY,0,2,9},{LOG}}},{100,0,0,0,0,{{SEND,E0B,3,7},{LOG}}}}})
SC(j_nbsend_nowaiter, {"NBSend with no receiver, then receiver", 2, {{100,1,0,0,0,{{NBSEND,E0B,3,7},{LOG}}},{100,0,0,0,0,{{NBRECV,E0},{LOG},{RECV,E0}}}}})
SC(j_nbsend_waiter, {"NBSend with a receiver", 2, {{100,1,0,0,0,{{RECV,E0},{LOG}}},{100,0,0,0,0,{{NBSEND,E0B,3,7},{LOG}}}}})
SC(j_nbrecv_sender, {"NBRecv with a sender waiting", 2, {{100,1,0,0,0,{{SEND,E0B,3,7},{LOG}}},{100,0,0,0,0,{{NBRECV,E0},{NBRECV,E0},{LOG}}}}})
SC(j_nbsend_call, {"NBSend does not give a reply", 2, {{100,1,0,0,0,{{RECV,E0},{REPLY,0,1,5},{LOG}}},{100,0,0,0,0,{{NBSEND,E0B,3,7},{LOG}}}}})
SC(j_len0, {"length 0", 2, {{100,1,0,0,0,{{SEND,E0B,0,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_len4, {"length 4", 2, {{100,1,0,0,0,{{SEND,E0B,4,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_len5, {"length 5", 2, {{100,1,0,0,0,{{SEND,E0B,5,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_len120, {"length 120", 2, {{100,1,0,0,0,{{SEND,E0B,120,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_len121, {"length 121", 2, {{100,1,0,0,0,{{SEND,E0B,121,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_len127, {"length 127", 2, {{100,1,0,0,0,{{SEND,E0B,127,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_nobuf_sender, {"sender without an IPC buffer, length 6", 2, {{100,1,1,0,0,{{SEND,E0B,6,7}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_label_max, {"label 0x7fffffff", 2, {{100,1,0,0,0,{{SEND,E0B,1,0x7fffffff}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_xcap_grant, {"one extra cap, sender has grant, receive slot set", 2, {{100,1,0,0,0,{{SEND,E0B,1,7,1}}},{100,0,0,1,0,{{RECV,E0}}}}})
SC(j_xcap_nogrant, {"one extra cap, sender write only", 2, {{100,1,0,0,0,{{SEND,E0W,1,7,1}}},{100,0,0,1,0,{{RECV,E0}}}}})
SC(j_xcap_grantreply, {"one extra cap, sender write+grantreply", 2, {{100,1,0,0,0,{{SEND,E0WGR,1,7,1}}},{100,0,0,1,0,{{RECV,E0}}}}})
SC(j_xcap_noslot, {"one extra cap, no receive slot", 2, {{100,1,0,0,0,{{SEND,E0B,1,7,1}}},{100,0,0,0,0,{{RECV,E0}}}}})
SC(j_xcap_badslot, {"one extra cap, receive depth wrong", 2, {{100,1,0,0,0,{{SEND,E0B,1,7,1}}},{100,0,0,2,0,{{RECV,E0}}}}})
SC(j_xcap_occupied, {"one extra cap, receive slot occupied", 2, {{100,1,0,0,0,{{SEND,E0B,1,7,1}}},{100,0,0,3,0,{{RECV,E0}}}}})
SC(j_xcap_unwrap, {"three extra caps: same EP (unwrapped), E1, ntfn", 2, {{100,1,0,0,0,{{SEND,E0B,1,7,3}}},{100,0,0,1,0,{{RECV,E0}}}}, 1})
SC(j_xcap_unwrap_unbadged, {"extra caps: the unbadged E0 itself, ntfn", 2, {{100,1,0,0,0,{{SEND,E0B,1,7,2}}},{100,0,0,1,0,{{RECV,E0}}}}, 2})
SC(j_xcap_null, {"extra cap is the null cap", 2, {{100,1,0,0,0,{{SEND,E0B,1,7,1}}},{100,0,0,1,0,{{RECV,E0}}}}, 3})
SC(j_xcap_reply, {"extra cap on the reply; caller has grant", 2, {{100,1,0,0,0,{{RECV,E0},{REPLY,0,1,3,1}}},{100,0,0,1,0,{{CALL,E0B,1,7}}}}})
SC(j_xcap_reply_nogrant, {"extra cap on the reply; caller write+grantreply", 2, {{100,1,0,0,0,{{RECV,E0},{REPLY,0,1,3,1}}},{100,0,0,1,0,{{CALL,E0WGR,1,7}}}}})
SC(j_call_wonly, {"call through a write-only cap", 2, {{100,1,0,0,0,{{RECV,E0},{LOG}}},{100,0,0,0,0,{{CALL,E0W,1,7},{LOG}}}}})
SC(j_send_ronly, {"send through a read-only cap", 2, {{100,1,0,0,0,{{RECV,E0},{LOG}}},{100,0,0,0,0,{{SEND,E0R,1,7},{LOG},{NBSEND,E0R,1,7},{LOG},{CALL,E0R,1,7},{LOG}}}}})
SC(j_ntfn, {"signal accumulates badges; wait; poll", 3, {{100,1,0,0,0,{{SIGNAL,N0B},{SIGNAL,N0B},{LOG}}},{100,1,0,0,0,{{SIGNAL,N0B},{LOG}}},{100,0,0,0,0,{{WAIT,N0},{POLL,N0},{LOG},{WAIT,N0}}}}})
SC(j_send_to_ntfn, {"seL4_Send/Call on a notification", 2, {{100,1,0,0,0,{{WAIT,N0},{LOG}}},{100,0,0,0,0,{{CALL,N0B,2,7},{LOG}}}}})
SC(j_recv_ntfn, {"seL4_Recv on a notification", 2, {{100,1,0,0,0,{{RECV,N0},{LOG}}},{100,0,0,0,0,{{SEND,N0B,2,7},{LOG}}}}})
#if MCS
SC(j_mcs_nbsendrecv, {"NBSendRecv", 2, {{100,1,0,0,0,{{RECV,E0},{LOG},{SEND,E1B,1,2}}},{100,0,0,0,0,{{NBSENDRECV,E1,2,3,.arg=E0B},{LOG}}}}})
SC(j_mcs_nbsendwait, {"NBSendWait", 2, {{100,1,0,0,0,{{RECV,E0},{LOG},{SIGNAL,N0B}}},{100,0,0,0,0,{{NBSENDWAIT,N0,2,3,.arg=E0B},{LOG}}}}})
#endif
/* k: scheduling */
SC(k_two_same, {"two of the same priority, log only", 2, {{100,0,0,0,0,{{LOG},{LOG},{LOG}}},{100,0,0,0,0,{{LOG},{LOG},{LOG}}}}})
SC(k_two_yield, {"two of the same priority, yield", 2, {{100,0,0,0,0,{{LOG},{YIELD},{LOG},{YIELD},{LOG}}},{100,0,0,0,0,{{LOG},{YIELD},{LOG},{YIELD},{LOG}}}}})
SC(k_three_yield, {"three of the same priority, yield", 3, {{100,0,0,0,0,{{YIELD},{YIELD},{LOG}}},{100,0,0,0,0,{{YIELD},{YIELD},{LOG}}},{100,0,0,0,0,{{YIELD},{YIELD},{LOG}}}}})
SC(k_send_lo_to_hi, {"receiver higher: send switches at once", 2, {{110,1,0,0,0,{{RECV,E0},{LOG},{LOG}}},{100,0,0,0,0,{{SEND,E0B,1,1},{LOG},{LOG}}}}})
SC(k_send_hi_to_lo, {"receiver lower: sender goes on", 2, {{90,1,0,0,0,{{RECV,E0},{LOG},{LOG}}},{100,0,0,0,0,{{SEND,E0B,1,1},{LOG},{LOG}}}}})
SC(k_send_same, {"receiver same priority", 2, {{100,1,0,0,0,{{RECV,E0},{LOG},{LOG}}},{100,0,0,0,0,{{SEND,E0B,1,1},{LOG},{LOG}}}}})
SC(k_send_same_third, {"receiver same priority, a third is ready", 3, {{100,1,0,0,0,{{RECV,E0},{LOG},{LOG}}},{100,0,0,0,0,{{SEND,E0B,1,1},{LOG},{LOG}}},{100,0,0,0,0,{{LOG},{LOG}}}}})
SC(k_call_replyrecv_third, {"call/replyrecv same priority, a third is ready", 3, {{100,1,0,0,0,{{RECV,E0},{LOG},{REPLYRECV,E0,1,1},{LOG}}},{100,0,0,0,0,{{CALL,E0B,1,1},{LOG},{CALL,E0B,1,2},{LOG}}},{100,0,0,0,0,{{LOG},{LOG}}}}})
SC(k_call_hi_server, {"server higher", 3, {{110,1,0,0,0,{{RECV,E0},{LOG},{REPLY,0,1,1},{LOG},{LOG}}},{100,0,0,0,0,{{CALL,E0B,1,1},{LOG},{LOG}}},{100,0,0,0,0,{{LOG},{LOG}}}}})
SC(k_call_lo_server, {"server lower", 3, {{90,1,0,0,0,{{RECV,E0},{LOG},{REPLY,0,1,1},{LOG},{LOG}}},{100,0,0,0,0,{{CALL,E0B,1,1},{LOG},{LOG}}},{95,0,0,0,0,{{LOG},{LOG}}}}})
SC(k_recv_sender_waiting, {"receiver takes from a waiting sender, same priority", 2, {{100,1,0,0,0,{{SEND,E0B,1,1},{LOG},{LOG}}},{100,0,0,0,0,{{RECV,E0},{LOG},{LOG}}}}})
SC(k_recv_sender_waiting_hi, {"receiver takes from a waiting higher sender", 2, {{110,1,0,0,0,{{SEND,E0B,1,1},{LOG},{LOG}}},{100,0,0,0,0,{{RECV,E0},{LOG},{LOG}}}}})
SC(k_signal_hi, {"signal a higher waiter", 2, {{110,1,0,0,0,{{WAIT,N0},{LOG}}},{100,0,0,0,0,{{SIGNAL,N0B},{LOG}}}}})
SC(k_signal_same, {"signal a waiter of the same priority", 2, {{100,1,0,0,0,{{WAIT,N0},{LOG}}},{100,0,0,0,0,{{SIGNAL,N0B},{LOG}}}}})
SC(k_setprio_up, {"raise another thread's priority above own", 2, {{90,0,0,0,0,{{LOG},{LOG}}},{100,0,0,0,0,{{LOG},{SETPRIO,0,.arg=110},{LOG}}}}})
SC(k_setprio_same, {"raise another thread's priority to own", 2, {{90,0,0,0,0,{{LOG},{LOG}}},{100,0,0,0,0,{{LOG},{SETPRIO,0,.arg=100},{LOG},{YIELD},{LOG}}}}})
SC(k_setprio_self_same, {"set own priority to its own value, another of the same is ready", 2, {{100,0,0,0,0,{{LOG},{SETPRIO,0,.arg=100},{LOG}}},{100,0,0,0,0,{{LOG},{LOG}}}}})
SC(k_suspend_resume, {"suspend and resume another of the same priority", 3, {{100,0,0,0,0,{{SUSPEND,1},{LOG},{RESUME,1},{LOG},{YIELD},{LOG}}},{100,0,0,0,0,{{LOG},{YIELD},{LOG}}},{100,0,0,0,0,{{LOG},{YIELD},{LOG}}}}})
SC(k_resume_hi, {"resume a higher thread", 2, {{110,1,0,0,0,{{SUSPEND,0},{LOG}}},{100,0,0,0,0,{{LOG},{RESUME,0},{LOG}}}}})
#if MCS
SC(k_mcs_passive_call, {"passive server (no SC after its first Recv), call/replyrecv", 2, {{110,1,0,0,1,{{RECV,E0},{LOG},{REPLYRECV,E0,1,1},{LOG}}},{100,0,0,0,0,{{CALL,E0B,1,1},{LOG},{CALL,E0B,1,2},{LOG}}}}})
SC(k_mcs_passive_reply, {"passive server replies, then goes on without an SC", 2, {{110,1,0,0,1,{{RECV,E0},{LOG},{REPLY,0,1,1},{LOG},{LOG}}},{100,0,0,0,0,{{CALL,E0B,1,1},{LOG},{CALL,E0B,1,2},{LOG}}}}})
SC(k_mcs_passive_lo, {"passive server of lower priority, a third in between", 3, {{90,1,0,0,1,{{RECV,E0},{LOG},{REPLYRECV,E0,1,1}}},{100,0,0,0,0,{{CALL,E0B,1,1},{LOG}}},{95,0,0,0,0,{{LOG},{LOG}}}}})
SC(k_mcs_passive_send, {"plain send to a passive receiver (no donation)", 2, {{110,1,0,0,1,{{RECV,E0},{LOG}}},{100,0,0,0,0,{{SEND,E0B,1,1},{LOG}}}}})
SC(k_mcs_passive_nbsend, {"NBSend to a passive receiver", 2, {{110,1,0,0,1,{{RECV,E0},{LOG}}},{100,0,0,0,0,{{NBSEND,E0B,1,1},{LOG}}}}})
SC(k_mcs_passive_nbsendrecv, {"NBSendRecv to a passive receiver", 2, {{110,1,0,0,1,{{RECV,E0},{LOG},{REPLYRECV,E0,1,1}}},{100,0,0,0,0,{{NBSENDRECV,E1,2,3,.arg=E0B},{LOG}}}}})
#endif
/* clang-format on */
/* round robin: threads that never block; who runs, for how long */
static volatile int rr_last = -1, rr_n;
static volatile struct {
    int who;
    W t;
} rr[64];
static volatile W rr_cnt[3];
static inline W tsc(void)
{
    uint32_t a, d;
    __asm__ volatile("rdtsc" : "=a"(a), "=d"(d));
    return ((W)d << 32) | a;
}

static void rr_body(void *a)
{
    int me = (int)(W)a;
    while (rr_n < 24) {
        rr_cnt[me]++;
        if (rr_last != me) {
            rr_last = me;
            int k = rr_n;
            rr[k].who = me;
            rr[k].t = tsc();
            rr_n = k + 1;
        }
    }
    seL4_TCB_Suspend(th[me].tcb);
}

static void rr_run(int n, int p0, int p1, int p2)
{
    static ev_t e;
    int pr[3] = { p0, p1, p2 };
    rr_last = -1;
    rr_n = 0;
    for (int i = 0; i < 3; i++) rr_cnt[i] = 0;
    for (int t = 0; t < n; t++) mk_thread(&th[t], t, pr[t], 0, ROOT, 0, tn[t]);
    for (int t = 0; t < n; t++) start_c(&th[t], rr_body, (void *)(W)t);
    wait_ev(&e);
    jbegin("roundrobin");
    jd("n", n);
    outs(",\"note\":\"dt is in TSC ticks, host dependent\",\"slices\":[");
    for (int i = 0; i < rr_n; i++) {
        if (i) outc(',');
        outs("[\"");
        outs(tn[rr[i].who]);
        outs("\",");
        outd(i + 1 < rr_n ? rr[i + 1].t - rr[i].t : 0);
        outs("]");
    }
    outs("]");
    jend();
}

static void k_rr2(void)
{
    rr_run(2, 100, 100, 0);
}

static void k_rr3(void)
{
    rr_run(3, 100, 100, 100);
}

/* clang-format off */
#define C(n) {#n, n}
case_t cases_script[] = {
    C(j_send_recv), C(j_recv_send), C(j_unbadged), C(j_fifo_send), C(j_fifo_send_prio),
    C(j_fifo_recv), C(j_fifo_recv_prio), C(j_call_reply), C(j_call_replyrecv), C(j_call_first),
    C(j_reply_nocaller), C(j_reply_twice), C(j_reply_to_send), C(j_nbsend_nowaiter),
    C(j_nbsend_waiter), C(j_nbrecv_sender), C(j_nbsend_call), C(j_len0), C(j_len4), C(j_len5),
    C(j_len120), C(j_len121), C(j_len127), C(j_nobuf_sender), C(j_label_max), C(j_xcap_grant),
    C(j_xcap_nogrant), C(j_xcap_grantreply), C(j_xcap_noslot), C(j_xcap_badslot),
    C(j_xcap_occupied), C(j_xcap_unwrap), C(j_xcap_unwrap_unbadged), C(j_xcap_null),
    C(j_xcap_reply), C(j_xcap_reply_nogrant), C(j_call_wonly), C(j_send_ronly), C(j_ntfn),
    C(j_send_to_ntfn), C(j_recv_ntfn),
#if MCS
    C(j_mcs_nbsendrecv), C(j_mcs_nbsendwait),
#endif
    C(k_two_same), C(k_two_yield), C(k_three_yield), C(k_send_lo_to_hi), C(k_send_hi_to_lo),
    C(k_send_same), C(k_send_same_third), C(k_call_replyrecv_third), C(k_call_hi_server),
    C(k_call_lo_server), C(k_recv_sender_waiting), C(k_recv_sender_waiting_hi), C(k_signal_hi),
    C(k_signal_same), C(k_setprio_up), C(k_setprio_same), C(k_setprio_self_same),
    C(k_suspend_resume), C(k_resume_hi),
#if MCS
    C(k_mcs_passive_call), C(k_mcs_passive_reply), C(k_mcs_passive_lo), C(k_mcs_passive_send),
    C(k_mcs_passive_nbsend), C(k_mcs_passive_nbsendrecv),
#endif
    C(k_rr2), C(k_rr3),
 {0,0}};
/* clang-format on */
