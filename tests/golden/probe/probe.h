/* SPDX-License-Identifier: BSD-2-Clause */
/* What the probe's files share: output, objects, threads, events. The probe is a root task that makes
 * threads fault in every way, plays the handler, and prints one JSON line for each thing that
 * happened; the same program ran on the real kernel and made recordings/. */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <sel4/sel4.h>
#include <sel4runtime.h>
#include <stdint.h>
#include <stddef.h>
#ifdef CONFIG_KERNEL_MCS
#define MCS 1
#else
#define MCS 0
#endif
typedef seL4_Word W;
#define ROOT seL4_CapInitThreadCNode
#define VS   seL4_CapInitThreadVSpace
extern seL4_BootInfo *bi;
extern seL4_CPtr FEP;      /* this case's fault endpoint */
seL4_CPtr reply_new(void); /* MCS: a fresh reply object (0 on non-MCS) */
extern const char *cur_case;
/* output */
void outc(char c);
void outs(const char *s);
void outx(W v);
void outd(long v);
void jbegin(const char *ev);
void jstr(const char *k, const char *v);
void jx(const char *k, W v);
void jd(const char *k, long v);
void jend(void);
/* symbols used to annotate addresses */
void sym_reset(void);
void sym_add(const char *n, W a, W len);
/* objects */
seL4_CPtr slot_new(void);
seL4_CPtr obj(W type, W bits); /* from the case untyped; 0 on failure */
seL4_CPtr obj_noslot(W type, W bits);
#define EP_NEW() obj(seL4_EndpointObject, 0)
#define NT_NEW() obj(seL4_NotificationObject, 0)
seL4_Error mint(seL4_CPtr dst, seL4_CPtr src, seL4_CapRights_t r, W badge);
seL4_Error cpy(seL4_CPtr dst, seL4_CPtr src);
seL4_Error del(seL4_CPtr s);
typedef struct {
    seL4_CPtr tcb, sc;
    int idx;
    const char *name;
    W fault_cptr;
} thr_t;
#define NTHR 8
extern char stacks[NTHR][8192];
extern char ipcbufs[NTHR][4096];
seL4_CPtr frame_of(void *p);
int mk_thread(thr_t *t, int idx, int prio, W fault_cptr, seL4_CPtr cspace, W csdata,
              const char *name);
void set_regs(thr_t *t, seL4_UserContext *c, int resume);
void def_regs(seL4_UserContext *c, int idx, W rip);
void start_c(thr_t *t, void (*fn)(void *), void *arg);
/* events */
typedef struct {
    seL4_MessageInfo_t info;
    W badge;
    W mr[128];
    int quiesc;
    seL4_CPtr reply;
} ev_t;
void wait_ev(ev_t *e); /* blocking receive on FEP, prints */
void wait_ev_on(ev_t *e, seL4_CPtr ep, seL4_CPtr reply);
void print_ev(const char *evname, ev_t *e);
void dump_regs(thr_t *t);
void dump_sched(void);
void reply_msg(ev_t *e, W label, W len);  /* reply using e->mr */
void err(const char *what, seL4_Error e); /* prints error json */
#define LBL_QUIESC 0xfff
typedef struct {
    const char *id;
    void (*fn)(void);
} case_t;
extern case_t cases_fault[], cases_cap[], cases_script[], cases_last[], cases_mcs[], cases_dbg[],
    cases_perf[];
#define SN(x) extern char snip_##x##_start[], snip_##x##_fault[], snip_##x##_next[];
/* clang-format off */
SN(syscall)
SN(syscall_sp)
SN(syscall_rbx)
SN(syscall_two)
SN(ud2)
SN(div0)
SN(idiv_ovf)
SN(int3)
SN(cd03)
SN(int1)
SN(int80)
SN(int20)
SN(int0d)
SN(int0e)
SN(int04)
SN(int9d)
SN(int9e)
SN(inta0)
SN(intfe)
SN(intff)
SN(hlt)
SN(cli)
SN(in)
SN(out)
SN(rdmsr)
SN(movcr0)
SN(movdr0)
SN(lgdt)
SN(invd)
SN(sysret)
SN(sysenter)
SN(vmcall)
SN(movds)
SN(lockbad)
SN(noncanon_read)
SN(noncanon_write)
SN(noncanon_push)
SN(noncanon_jmp)
SN(noncanon_ret)
SN(read)
SN(write)
SN(rmw)
SN(readb)
SN(jmp)
SN(call)
SN(push)
SN(tf)
SN(fpu)
SN(sse)
SN(x87div)
SN(ssediv)
SN(nops)
SN(spin)
SN(rwrep)
SN(loop_syscall)
SN(loop_read)
/* clang-format on */

#endif
