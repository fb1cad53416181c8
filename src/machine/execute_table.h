/* SPDX-License-Identifier: BSD-2-Clause */
/* Which handler executes which operation with which operands: in both forms (execute.h). Behind all
 * files with handlers; defines TABLE. What has no entry raises #UD. */
/* clang-format off */
#define W4(name) { name##_8, name##_16, name##_32, name##_64 }
#define W3(name) { NULL, name##_16, name##_32, name##_64 }
#define ANY(name) { name, name, name, name }

#define ROW_BINARY(name) \
    { [FORM_RR] = W4(name##_rr), [FORM_RI] = W4(name##_ri), [FORM_RM] = W4(name##_rm), [FORM_MR] = W4(name##_mr), [FORM_MI] = W4(name##_mi) }
#define ROW_UNARY(name) { [FORM_R] = W4(name##_r), [FORM_M] = W4(name##_m) }
#define ROW_SHIFT(name) \
    { [FORM_RR] = W4(name##_rr), [FORM_RI] = W4(name##_ri), [FORM_MR] = W4(name##_mr), [FORM_MI] = W4(name##_mi) }
#define ROW_DOUBLE(name) \
    { [FORM_RRI] = W3(name##_rri), [FORM_RRR] = W3(name##_rrr), [FORM_MRI] = W3(name##_mri), [FORM_MRR] = W3(name##_mrr) }
#define ROW_BIT(name) \
    { [FORM_RR] = W3(name##_rr), [FORM_RI] = W3(name##_ri), [FORM_MR] = W3(name##_mr), [FORM_MI] = W3(name##_mi) }
#define ROW_SCAN(name) { [FORM_RR] = W3(name##_rr), [FORM_RM] = W3(name##_rm) }
#define ROW_ONE(name) { [FORM_NONE] = ANY(name) }
#define ROW_EXCHANGE(name) { [FORM_RR] = W4(name##_rr), [FORM_MR] = W4(name##_mr), [FORM_RM] = W4(name##_mr) }

#define J(n) [n] = jump_##n,
#define SR(n) [n] = set_r_##n,
#define SM(n) [n] = set_m_##n,
#define C16R(n) [n] = cmov_rr_16_##n,
#define C32R(n) [n] = cmov_rr_32_##n,
#define C64R(n) [n] = cmov_rr_64_##n,
#define C16M(n) [n] = cmov_rm_16_##n,
#define C32M(n) [n] = cmov_rm_32_##n,
#define C64M(n) [n] = cmov_rm_64_##n,

const struct handlers TABLE = {
    .plain = {
        [OP_UNDEFINED] = ROW_ONE(undefined), [OP_PRIVILEGED] = ROW_ONE(privileged), [OP_FPU] = ROW_ONE(floating),
        [OP_FWAIT] = ROW_ONE(fwait), [OP_EMMS] = ROW_ONE(emms), [OP_FXSAVE] = { [FORM_M] = ANY(fx_save) }, [OP_FXRSTOR] = { [FORM_M] = ANY(fx_restore) },
        [OP_ADD] = ROW_BINARY(add), [OP_OR] = ROW_BINARY(or), [OP_ADC] = ROW_BINARY(adc), [OP_SBB] = ROW_BINARY(sbb),
        [OP_AND] = ROW_BINARY(and), [OP_SUB] = ROW_BINARY(sub), [OP_XOR] = ROW_BINARY(xor),
        [OP_CMP] = ROW_BINARY(cmp), [OP_TEST] = ROW_BINARY(test), [OP_MOV] = ROW_BINARY(mov),
        [OP_INC] = ROW_UNARY(inc), [OP_DEC] = ROW_UNARY(dec), [OP_NEG] = ROW_UNARY(neg), [OP_NOT] = ROW_UNARY(not),
        [OP_XCHG] = ROW_EXCHANGE(xchg), [OP_XADD] = ROW_EXCHANGE(xadd), [OP_CMPXCHG] = ROW_EXCHANGE(cmpxchg),
        [OP_CMPXCHG8B] = { [FORM_M] = ANY(cmpxchg8b) }, [OP_CMPXCHG16B] = { [FORM_M] = ANY(cmpxchg16b) },
        [OP_LEA] = { [FORM_RM] = W3(lea_rm) },
        [OP_SHL] = ROW_SHIFT(shl), [OP_SHR] = ROW_SHIFT(shr), [OP_SAR] = ROW_SHIFT(sar), [OP_ROL] = ROW_SHIFT(rol),
        [OP_ROR] = ROW_SHIFT(ror), [OP_RCL] = ROW_SHIFT(rcl), [OP_RCR] = ROW_SHIFT(rcr),
        [OP_SHLD] = ROW_DOUBLE(shld), [OP_SHRD] = ROW_DOUBLE(shrd),
        [OP_BT] = ROW_BIT(bt), [OP_BTS] = ROW_BIT(bts), [OP_BTR] = ROW_BIT(btr), [OP_BTC] = ROW_BIT(btc),
        [OP_BSF] = ROW_SCAN(bsf), [OP_BSR] = ROW_SCAN(bsr), [OP_POPCNT] = ROW_SCAN(popcnt),
        [OP_BSWAP] = { [FORM_R] = { NULL, NULL, bswap_32, bswap_64 } },
        [OP_CRC32] = { [FORM_RR] = ANY(crc32_rr), [FORM_RM] = W4(crc32_rm) },
        [OP_MUL] = ROW_UNARY(umul), [OP_DIV] = ROW_UNARY(udiv), [OP_IDIV] = ROW_UNARY(idiv),
        [OP_IMUL] = { [FORM_R] = W4(imul_r), [FORM_M] = W4(imul_m), [FORM_RR] = W3(imul_rr), [FORM_RM] = W3(imul_rm),
                      [FORM_RRI] = W3(imul_rri), [FORM_RMI] = W3(imul_rmi) },
        [OP_WIDEN] = { [FORM_NONE] = { NULL, cbw, cwde, cdqe } }, [OP_SPREAD] = { [FORM_NONE] = { NULL, cwd, cdq, cqo } },
        [OP_JMP] = { [FORM_I] = ANY(jmp_i), [FORM_R] = ANY(jmp_r), [FORM_M] = ANY(jmp_m) },
        [OP_CALL] = { [FORM_I] = ANY(call_i), [FORM_R] = ANY(call_r), [FORM_M] = ANY(call_m) },
        [OP_RET] = { [FORM_NONE] = ANY(ret), [FORM_I] = ANY(ret) },
        [OP_JCC] = { [FORM_OTHER] = ANY(jump_nowhere) },
        [OP_LOOP] = { [FORM_I] = ANY(loop) }, [OP_JRCXZ] = { [FORM_I] = ANY(jrcxz) },
        [OP_PUSH] = { [FORM_R] = W3(push_r), [FORM_M] = W3(push_m), [FORM_I] = W3(push_i) },
        [OP_POP] = { [FORM_R] = W3(pop_r), [FORM_M] = W3(pop_m) },
        [OP_PUSHF] = { [FORM_NONE] = { NULL, pushf_16, NULL, pushf } }, [OP_POPF] = { [FORM_NONE] = { NULL, popf_16, NULL, popf } },
        [OP_ENTER] = { [FORM_OTHER] = { NULL, NULL, NULL, enter }, [FORM_NONE] = { NULL, NULL, NULL, enter_nested } },
        [OP_LEAVE] = { [FORM_NONE] = { NULL, NULL, NULL, leave } },
        [OP_LAHF] = ROW_ONE(lahf), [OP_SAHF] = ROW_ONE(sahf), [OP_CLC] = ROW_ONE(clc), [OP_STC] = ROW_ONE(stc),
        [OP_CMC] = ROW_ONE(cmc), [OP_CLD] = ROW_ONE(cld), [OP_STD] = ROW_ONE(std),
        /* FORM_OTHER: repeated */
        [OP_MOVS] = { [FORM_NONE] = ANY(string), [FORM_OTHER] = ANY(string_repeated) },
        [OP_CMPS] = { [FORM_NONE] = ANY(string), [FORM_OTHER] = ANY(string_repeated) },
        [OP_STOS] = { [FORM_NONE] = ANY(string), [FORM_OTHER] = ANY(string_repeated) },
        [OP_LODS] = { [FORM_NONE] = ANY(string), [FORM_OTHER] = ANY(string_repeated) },
        [OP_SCAS] = { [FORM_NONE] = ANY(string), [FORM_OTHER] = ANY(string_repeated) },
        [OP_XLAT] = ROW_ONE(xlat), [OP_NOP] = { [FORM_NONE] = ANY(nop), [FORM_M] = ANY(touch) },
        [OP_CPUID] = ROW_ONE(cpuid), [OP_RDTSC] = ROW_ONE(rdtsc), [OP_RDTSCP] = ROW_ONE(rdtsc),
        [OP_RDFSBASE] = { [FORM_R] = ANY(segment_base) }, [OP_RDGSBASE] = { [FORM_R] = ANY(segment_base) },
        [OP_WRFSBASE] = { [FORM_R] = ANY(segment_base) }, [OP_WRGSBASE] = { [FORM_R] = ANY(segment_base) },
        [OP_INT] = { [FORM_I] = ANY(int_i) }, [OP_INT1] = ROW_ONE(int1), [OP_INT3] = ROW_ONE(int3),
        [OP_SYSCALL] = ROW_ONE(syscall_), [OP_SYSENTER] = ROW_ONE(privileged),
        [OP_MOV_TO_SEGMENT] = { [FORM_RR] = ANY(mov_segment_r), [FORM_RM] = ANY(mov_segment_m) },
        [OP_MOV_FROM_SEGMENT] = { [FORM_RR] = ANY(mov_r_segment), [FORM_MR] = ANY(mov_m_segment) },
        [OP_PUSH_SEGMENT] = { [FORM_R] = { NULL, NULL, NULL, push_segment } },
        [OP_POP_SEGMENT] = { [FORM_R] = { NULL, NULL, NULL, pop_segment } },
        [OP_ADDRESS] = ROW_ONE(address), [OP_CONTINUE] = ROW_ONE(continue_block),
    },
    .x87 = {
        [X87_RUN] = x87_register, [X87_FLAGS] = x87_flags,
        [X87_LOAD_16] = x87_load_16, [X87_LOAD_32] = x87_load_32, [X87_LOAD_64] = x87_load_64, [X87_LOAD_80] = x87_load_80,
        [X87_STORE_16] = x87_store_16, [X87_STORE_32] = x87_store_32, [X87_STORE_64] = x87_store_64, [X87_STORE_80] = x87_store_80,
        [X87_LOAD_CONTROL] = x87_load_control, [X87_STORE_WORD] = x87_store_word, [X87_STATUS_AX] = x87_status_ax,
        [X87_CLEAR] = x87_clear, [X87_INIT] = x87_init, [X87_STATE] = x87_whole,
    },
    .mmx = {
        [MMX_RR] = mmx_rr, [MMX_RM] = mmx_rm, [MMX_RM_HALF] = mmx_rm_half, [MMX_SHIFT] = mmx_shift,
        [MMX_STORE] = mmx_store, [MMX_STORE_HALF] = mmx_store_half, [MMX_LOAD_HALF] = mmx_load_half,
        [MMX_FROM_GENERAL] = mmx_from_general, [MMX_TO_GENERAL] = mmx_to_general,
        [MMX_SHUFFLE_RR] = mmx_shuffle_rr, [MMX_SHUFFLE_RM] = mmx_shuffle_rm,
        [MMX_ALIGN_RR] = mmx_align_rr, [MMX_ALIGN_RM] = mmx_align_rm,
        [MMX_INSERT_R] = mmx_insert_r, [MMX_INSERT_M] = mmx_insert_m, [MMX_EXTRACT] = mmx_extract,
        [MMX_MASK] = mmx_mask, [MMX_STORE_MASKED] = mmx_store_masked,
    },
    .condition_jump = { CONDITIONS(J) },
    .condition_set = { { CONDITIONS(SR) }, { CONDITIONS(SM) } },
    .condition_move = { { [WIDTH_16] = { CONDITIONS(C16R) }, [WIDTH_32] = { CONDITIONS(C32R) }, [WIDTH_64] = { CONDITIONS(C64R) } },
                        { [WIDTH_16] = { CONDITIONS(C16M) }, [WIDTH_32] = { CONDITIONS(C32M) }, [WIDTH_64] = { CONDITIONS(C64M) } } },
    .extend = {
        { { [WIDTH_16] = { movzx_rr_16_8, movzx_rr_16_16 }, [WIDTH_32] = { movzx_rr_32_8, movzx_rr_32_16 }, [WIDTH_64] = { movzx_rr_64_8, movzx_rr_64_16 } },
          { [WIDTH_16] = { movzx_rm_16_8, movzx_rm_16_16 }, [WIDTH_32] = { movzx_rm_32_8, movzx_rm_32_16 }, [WIDTH_64] = { movzx_rm_64_8, movzx_rm_64_16 } } },
        { { [WIDTH_16] = { movsx_rr_16_8, movsx_rr_16_16 }, [WIDTH_32] = { movsx_rr_32_8, movsx_rr_32_16, movsx_rr_32_32 }, [WIDTH_64] = { movsx_rr_64_8, movsx_rr_64_16, movsx_rr_64_32 } },
          { [WIDTH_16] = { movsx_rm_16_8, movsx_rm_16_16 }, [WIDTH_32] = { movsx_rm_32_8, movsx_rm_32_16, movsx_rm_32_32 }, [WIDTH_64] = { movsx_rm_64_8, movsx_rm_64_16, movsx_rm_64_32 } } },
    },
};
/* clang-format on */
