/* SPDX-License-Identifier: BSD-2-Clause */
/* Code snippets for faulting threads.  Each has labels
 *   snip_X_start  where the thread begins
 *   snip_X_fault  the faulting instruction
 *   snip_X_next   the byte after it: marker "ud2"
 */
    .text
.macro SNIP name, pre, insn, post=""
    .balign 64
    .globl snip_\name\()_start, snip_\name\()_fault, snip_\name\()_next
snip_\name\()_start:
    \pre
snip_\name\()_fault:
    \insn
snip_\name\()_next:
    \post
    ud2
    ud2
    ud2
    ud2
.endm
SNIP syscall, "nop", "syscall"
SNIP syscall_sp, "sub $0x40,%rsp; mov $0x77,%ecx; mov $0x88,%r11d; mov $0x99,%eax; stc", "syscall"
SNIP syscall_rbx, "sub $0x40,%rsp; mov %rsp,%rbx", "syscall", "mov %rbx,%rsp"
SNIP syscall_two, "sub $0x40,%rsp; mov %rsp,%rbx; mov $-100,%rdx", "syscall", "mov %rbx,%rsp; mov $-101,%rdx; syscall; mov %rbx,%rsp"
SNIP ud2, "nop", "ud2"
SNIP div0, "nop", "div %r12"
SNIP idiv_ovf, "nop", "idivq %r12"
SNIP int3, "nop", "int3"
SNIP cd03, "nop", ".byte 0xcd,0x03"
SNIP int1, "nop", ".byte 0xf1"
SNIP int80, "nop", "int $0x80"
SNIP int20, "nop", "int $0x20"
SNIP int0d, "nop", "int $0x0d"
SNIP int0e, "nop", "int $0x0e"
SNIP int04, "nop", "int $0x04"
SNIP int9d, "nop", "int $0x9d"
SNIP int9e, "nop", "int $0x9e"
SNIP inta0, "nop", "int $0xa0"
SNIP intfe, "nop", "int $0xfe"
SNIP intff, "nop", "int $0xff"
SNIP hlt, "nop", "hlt"
SNIP cli, "nop", "cli"
SNIP in, "nop", "in $0x60,%al"
SNIP out, "nop", "out %al,$0x80"
SNIP rdmsr, "nop", "rdmsr"
SNIP movcr0, "nop", "mov %cr0,%rax"
SNIP movdr0, "nop", "mov %rax,%dr0"
SNIP lgdt, "nop", "lgdt (%rsp)"
SNIP invd, "nop", "invd"
SNIP sysret, "nop", "sysretq"
SNIP sysenter, "nop", "sysenter"
SNIP vmcall, "nop", "vmcall"
SNIP movds, "mov $0x1234,%eax", "mov %eax,%ds"
SNIP lockbad, "nop", ".byte 0xf0,0x90"
SNIP noncanon_read, "nop", "mov (%r14),%rax"
SNIP noncanon_write, "nop", "mov %rax,(%r14)"
SNIP noncanon_push, "mov %r14,%rsp", "push %rax"
SNIP noncanon_jmp, "nop", "jmp *%r14"
SNIP noncanon_ret, "push %r14", "ret"
SNIP read, "nop", "mov (%r14),%rax"
SNIP write, "nop", "mov %rax,(%r14)"
SNIP rmw, "nop", "addq $1,(%r14)"
SNIP readb, "nop", "movb (%r14),%al"
SNIP jmp, "nop", "jmp *%r14"
SNIP call, "nop", "call *%r14"
SNIP push, "mov %r14,%rsp", "push %rax"
SNIP tf, "pushfq; orq $0x100,(%rsp); popfq", "nop", "nop"
SNIP fpu, "nop", "fld1"
SNIP sse, "nop", "xorps %xmm0,%xmm0"
SNIP x87div, "fninit; fldcw snip_cw(%rip); fldz; fld1; fdiv %st(1)", "fwait"
SNIP ssediv, "ldmxcsr snip_mxcsr(%rip); xorps %xmm0,%xmm0; movss snip_one(%rip),%xmm1", "divss %xmm0,%xmm1"
SNIP nops, "nop", "nop", "nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop; nop"
SNIP spin, "nop", "1: jmp 1b"
SNIP rwrep, "nop", "mov (%r14),%rax", "mov %rax,(%r14); nop"
/* n round trips: r12 = count */
SNIP loop_syscall, "nop", "syscall", "dec %r12; jnz snip_loop_syscall_fault"
SNIP loop_read, "nop", "mov (%r14),%rax", "dec %r12; jnz snip_loop_read_fault"
    .section .rodata
    .balign 16
snip_cw: .word 0x037b   /* zero-divide unmasked */
    .balign 16
snip_mxcsr: .long 0x1d80 /* zero-divide unmasked */
snip_one: .float 1.0
    .section .note.GNU-stack,"",@progbits
