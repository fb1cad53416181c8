/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions as text, both ways. */
#include "machine_fixture.h"

/* clang-format off */
static const struct {
    const char *source; /* as people write it */
    const char *text;   /* as it is shown; NULL: the same */
    const char *bytes;
} rows[] = {
    { "mov rax, [0x10000000]",           NULL,                            "48 8b 04 25 00 00 00 10" },
    { "mov [0x500000], eax",             NULL,                            "89 04 25 00 00 50 00" },
    { "mov rax, 60",                     "mov rax, 0x3c",                 "48 c7 c0 3c 00 00 00" },
    { "mov eax, 0xffffffff",             NULL,                            "b8 ff ff ff ff" },
    { "mov al, 0xff",                    NULL,                            "b0 ff" },
    { "mov rax, 0xffffffff",             NULL,                            "48 b8 ff ff ff ff 00 00 00 00" },
    { "mov rax, -1",                     "mov rax, 0xffffffffffffffff",   "48 c7 c0 ff ff ff ff" },
    { "mov qword ptr [rdi+8*rcx-4], 5",  "mov qword ptr [rdi+rcx*8-0x4], 0x5", "48 c7 44 cf fc 05 00 00 00" },
    { "mov byte ptr [rax], 0xff",        NULL,                            "c6 00 ff" },
    { "MOV RAX, RBX",                    "mov rax, rbx",                  "48 89 d8" },
    { "mov rax, fs:[0x28]",              NULL,                            "64 48 8b 04 25 28 00 00 00" },
    { "add eax, 0xffffffff",             NULL,                            "83 c0 ff" },
    { "inc dword ptr [rcx]",             NULL,                            "ff 01" },
    { "lock inc qword ptr [rax]",        NULL,                            "f0 48 ff 00" },
    { "lea rax, [rbx+rcx*4+0x10]",       NULL,                            "48 8d 44 8b 10" },
    { "lea eax, [rax+rbx*2]",            NULL,                            "8d 04 58" },
    { "lea rdi, [r9d+8]",                "lea rdi, [r9d+0x8]",            "67 49 8d 79 08" },
    { "movzx eax, byte ptr [rbx]",       NULL,                            "0f b6 03" },
    { "movsx rax, eax",                  "movsxd rax, eax",               "48 63 c0" },
    { "xchg rax, [rbx]",                 "xchg [rbx], rax",               "48 87 03" },
    { "shl qword ptr [rax], cl",         NULL,                            "48 d3 20" },
    { "sete al",                         "setz al",                       "0f 94 c0" },
    { "cmova rax, rbx",                  "cmovnbe rax, rbx",              "48 0f 47 c3" },
    { "je 0x400000",                     "jz 0x400000",                   "74 fe" },
    { "jmp 0x400010",                    NULL,                            "eb 0e" },
    { "jmp 0x10000000",                  NULL,                            "e9 fb ff bf 0f" },
    { "jmp rax",                         NULL,                            "ff e0" },
    { "jmp [rax]",                       "jmp qword ptr [rax]",           "ff 20" },
    { "call 0x400000",                   NULL,                            "e8 fb ff ff ff" },
    { "push 5",                          "push 0x5",                      "6a 05" },
    { "push [rax]",                      "push qword ptr [rax]",          "ff 30" },
    { "pushf",                           "pushfq",                        "9c" },
    { "ret",                             NULL,                            "c3" },
    { "int 0x80",                        NULL,                            "cd 80" },
    { "int3",                            NULL,                            "cc" },
    { "syscall",                         NULL,                            "0f 05" },
    { "ud2",                             NULL,                            "0f 0b" },
    { "hlt",                             NULL,                            "f4" },
    { "rep movsb",                       NULL,                            "f3 a4" },
    { "repne scasb",                     NULL,                            "f2 ae" },
    { "cmpxchg16b [rdi]",                "cmpxchg16b xmmword ptr [rdi]",  "48 0f c7 0f" },
    { "endbr64",                         NULL,                            "f3 0f 1e fa" },
    { "movaps xmm0, [rax]",              NULL,                            "0f 28 00" },
    { "mov cr0, rax",                    NULL,                            "0f 22 00" },
    { "mov ds, ax",                      NULL,                            "8e d8" },
    { "in al, dx",                       NULL,                            "ec" },
    { ".byte 0x0f, 0x0b",                "ud2",                           "0f 0b" },
};

static const struct {
    const char *source, *part; /* of the message */
} refusals[] = {
    { "mvo rax, 1",               "unknown instruction 'mvo'. tip: " },
    { "mov rax",                  "does not exist with these operands. tip: " },
    { "mov rax, foo",             "'foo' is no register. tip: " },
    { "mov rax, [rbx",            "']' is missing" },
    { "mov rax, rbx rcx",         "'rcx' does not belong there" },
    { "mov rax, [rbx*3]",         "1, 2, 4 or 8" },
    { "mov rax, [rbx-rcx]",       "cannot be subtracted" },
    { "mov rax, [rax+rbx+rcx]",   "one base and one index" },
    { "mov [rax], [rbx]",         "tip: " },
    { "mov rdi, [0x8000000000]",  "in a register. tip: " },
    { "add rax, 0x123456789",     "mov it into a register first" },
    { "mov al, 0x100",            "tip: " },
    { "mov rax, 0x12345678901234567890", "more than 64 bits" },
    { "inc [rax]",                "size of the operand in memory is open. tip: byte ptr" },
    { "movzx eax, [rbx]",         "size of the operand" },
    { "jmp 0x8000000000",         "2 GiB at most. tip: mov rax, 0x8000000000; jmp rax" },
    { "mov rax, 0x12zz",          "is no number" },
    { ".byte 256",                "is no byte" },
    { "mov rax, ,",               "tip: " },
    { "nop; nop; bad",            "unknown instruction 'bad'" },
};
/* clang-format on */

static void hex_of(const struct assembled *a, char *out)
{
    out[0] = '\0';
    for (size_t i = 0; i < a->length; i++) out += sprintf(out, i ? " %02x" : "%02x", a->code[i]);
}

static void what_people_write_assembles_and_reads_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        char hex[1024], text[128];
        struct assembled a = assemble(rows[i].source, 0x400000);
        hex_of(&a, hex);
        if (a.error[0] || strcmp(hex, rows[i].bytes) != 0)
            fail_msg("%s: %s (%s)", rows[i].source, hex, a.error);
        size_t n = instruction_format(a.code, a.length, 0x400000, text, sizeof text);
        const char *wanted = rows[i].text ? rows[i].text : rows[i].source;
        if (n != a.length || strcmp(text, wanted) != 0)
            fail_msg("%s reads %s", rows[i].source, text);
    }
}

static void what_is_shown_assembles_to_the_same_meaning(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128], again[128];
        struct assembled a = assemble(rows[i].source, 0x400000);
        instruction_format(a.code, a.length, 0x400000, text, sizeof text);
        struct assembled b = assemble(text, 0x400000);
        instruction_format(b.code, b.length, 0x400000, again, sizeof again);
        assert_string_equal(text, again);
    }
}

static void a_refusal_says_what_to_write_and_gives_no_code(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct assembled a = assemble(refusals[i].source, 0x400000);
        if (!strstr(a.error, refusals[i].part)) fail_msg("%s: '%s'", refusals[i].source, a.error);
        assert_int_equal(a.length, 0);
    }
}

static void statements_follow_each_other(void **state)
{
    (void)state;
    char hex[64];
    struct assembled a =
        assemble("nop ; ; nop\n# a remark; not code\nsyscall # and one behind\n;", 0);
    assert_string_equal(a.error, "");
    hex_of(&a, hex);
    assert_string_equal(hex, "90 90 0f 05");
    a = assemble("nop; jmp 0x1000", 0x1000);
    hex_of(&a, hex);
    assert_string_equal(hex, "90 eb fd");
}

static void too_much_code_is_refused(void **state)
{
    (void)state;
    char source[4 * 300 + 1] = "";
    for (unsigned i = 0; i < 300; i++) memcpy(source + 4 * i, "nop;", 5);
    struct assembled a = assemble(source, 0);
    assert_non_null(strstr(a.error, "256"));
    assert_int_equal(a.length, 0);
}

static void what_is_no_instruction_is_shown_as_a_byte(void **state)
{
    static const uint8_t bad[] = { 0x06, 0x90 }, cut[] = { 0x48, 0xb8, 1 };
    (void)state;
    char text[64];
    assert_int_equal(instruction_format(bad, sizeof bad, 0, text, sizeof text), 0);
    assert_string_equal(text, ".byte 0x06");
    assert_int_equal(instruction_format(cut, sizeof cut, 0, text, sizeof text), 0);
    assert_string_equal(text, ".byte 0x48");
    assert_int_equal(instruction_format(bad, 0, 0, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(instruction_format(bad + 1, 1, 0, text, 0), 0);
}

static void a_short_buffer_holds_what_fits(void **state)
{
    static const uint8_t mov[] = { 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0x10 };
    (void)state;
    for (size_t size = 1; size < 32; size++) {
        char text[33];
        memset(text, '~', sizeof text);
        instruction_format(mov, sizeof mov, 0, text, size);
        assert_non_null(memchr(text, '\0', size));
        assert_int_equal(text[size], '~');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write_assembles_and_reads_back),
        cmocka_unit_test(what_is_shown_assembles_to_the_same_meaning),
        cmocka_unit_test(a_refusal_says_what_to_write_and_gives_no_code),
        cmocka_unit_test(statements_follow_each_other),
        cmocka_unit_test(too_much_code_is_refused),
        cmocka_unit_test(what_is_no_instruction_is_shown_as_a_byte),
        cmocka_unit_test(a_short_buffer_holds_what_fits),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
