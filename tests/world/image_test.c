/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading programs: a good one as it is, and every way of being bad as a problem. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/image.h"

/* A small program: header, two segments, two symbols. */
struct elf {
    Elf64_Ehdr h;
    Elf64_Phdr segment[3];
    Elf64_Shdr section[4];
    Elf64_Sym symbol[3];
    char names[32];
    uint8_t text[64];
};

static struct elf good(void)
{
    struct elf e = {
        .h = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
               .e_type = ET_EXEC,
               .e_machine = EM_X86_64,
               .e_version = EV_CURRENT,
               .e_entry = 0x400010,
               .e_phoff = offsetof(struct elf, segment),
               .e_shoff = offsetof(struct elf, section),
               .e_ehsize = sizeof(Elf64_Ehdr),
               .e_phentsize = sizeof(Elf64_Phdr),
               .e_phnum = 2,
               .e_shentsize = sizeof(Elf64_Shdr),
               .e_shnum = 4 },
        .segment = { { .p_type = PT_LOAD,
                       .p_offset = offsetof(struct elf, text),
                       .p_vaddr = 0x400000,
                       .p_filesz = 64,
                       .p_memsz = 64 },
                     { .p_type = PT_LOAD, .p_vaddr = 0x402000, .p_memsz = 0x1001 } },
        .section = { { .sh_type = SHT_NULL },
                     { .sh_type = SHT_SYMTAB,
                       .sh_offset = offsetof(struct elf, symbol),
                       .sh_size = 3 * sizeof(Elf64_Sym),
                       .sh_link = 2 },
                     { .sh_type = SHT_STRTAB,
                       .sh_offset = offsetof(struct elf, names),
                       .sh_size = 32 },
                     { .sh_type = SHT_NOBITS } },
        .symbol = { { 0 },
                    { .st_name = 1,
                      .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                      .st_shndx = 1,
                      .st_value = 0x400010,
                      .st_size = 16 },
                    { .st_name = 7,
                      .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
                      .st_shndx = 1,
                      .st_value = 0x402000 } },
        .names = "\0start\0data",
    };
    memset(e.text, 0xc3, sizeof e.text);
    return e;
}

static struct problem problem;

static struct image *read_elf(const struct elf *e)
{
    memset(&problem, 0, sizeof problem);
    return image_from_bytes("test.elf", e, sizeof *e, &problem);
}

static void refused(const struct elf *e, const char *why)
{
    assert_null(read_elf(e));
    if (!strstr(problem.text, why)) fail_msg("\"%s\" does not say \"%s\"", problem.text, why);
}

static void a_program_is_one_flat_piece_of_pages(void **state)
{
    (void)state;
    struct elf e = good();
    struct image *image = read_elf(&e);
    assert_non_null(image);
    assert_int_equal(image->vaddr, 0x400000);
    assert_int_equal(image->pages, 4);
    assert_int_equal(image->entry, 0x400010);
    assert_memory_equal(image->bytes, e.text, 64);
    for (size_t i = 64; i < 4 * PAGE_SIZE; i++) assert_int_equal(image->bytes[i], 0);
    assert_string_equal(image->kernel, "");
    image_close(image);
}

static void symbols_are_found_by_name_and_by_address(void **state)
{
    (void)state;
    struct elf e = good();
    struct image *image = read_elf(&e);
    assert_int_equal(image_symbol(image, "start")->address, 0x400010);
    assert_int_equal(image_symbol(image, "data")->address, 0x402000);
    assert_null(image_symbol(image, "nothing"));
    assert_string_equal(image_symbol_at(image, 0x40001f)->name, "start");
    assert_null(image_symbol_at(image, 0x400020));
    assert_null(image_symbol_at(image, 0x40000f));
    assert_string_equal(image_symbol_at(image, 0x402ff0)->name, "data");
    assert_null(image_symbol_at(image, 0x500000));
    image_close(image);
}

static void a_file_cut_short_anywhere_is_a_problem_or_lacks_symbols(void **state)
{
    (void)state;
    struct elf e = good();
    for (size_t size = 0; size < sizeof e; size++) {
        struct image *image = image_from_bytes("test.elf", &e, size, &problem);
        if (image) fail_msg("a file of %zu bytes was taken", size);
        assert_true(problem.text[0] && problem.tip[0]);
    }
}

static void a_damaged_byte_anywhere_never_crashes(void **state)
{
    (void)state;
    static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
    struct elf e = good();
    for (size_t i = 0; i < sizeof e; i++) {
        for (size_t v = 0; v < sizeof values; v++) {
            struct elf damaged = e;
            ((uint8_t *)&damaged)[i] = values[v];
            struct image *image = read_elf(&damaged);
            struct source_line line;
            if (image) {
                image_symbol_at(image, image->entry);
                image_symbol(image, "start");
                assert_false(image_line(image, image->entry, &line));
                assert_true(image->pages <= IMAGE_MAX_PAGES);
            } else {
                assert_true(problem.text[0]);
            }
            image_close(image);
        }
    }
}

static void other_kinds_of_file_are_named(void **state)
{
    (void)state;
    struct elf e = good();
    e.h.e_machine = EM_AARCH64;
    refused(&e, "another machine");
    e = good(), e.h.e_ident[EI_CLASS] = ELFCLASS32;
    refused(&e, "32-bit");
    e = good(), e.h.e_type = ET_DYN;
    refused(&e, "position-independent");
    e = good(), e.h.e_type = ET_REL;
    refused(&e, "not linked");
    e = good(), e.h.e_phnum = 0;
    refused(&e, "no program headers");
    e = good(), e.segment[2].p_type = PT_INTERP, e.h.e_phnum = 3;
    refused(&e, "dynamically linked");
    e = good(), e.h.e_ident[1] = 'X';
    refused(&e, "no ELF file");
}

static void absurd_segments_are_refused(void **state)
{
    (void)state;
    struct elf e = good();
    e.segment[1].p_vaddr = 0x400020;
    refused(&e, "overlap");
    e = good(), e.segment[1].p_memsz = UINT64_C(1) << 40;
    refused(&e, "MiB of addresses");
    e = good(), e.segment[1].p_vaddr = UINT64_MAX - 0xfff;
    refused(&e, "outside user addresses");
    e = good(), e.segment[1].p_memsz = UINT64_MAX;
    refused(&e, "outside user addresses");
    e = good(), e.segment[0].p_filesz = 65;
    refused(&e, "more bytes than memory");
    e = good(), e.segment[0].p_offset = UINT64_MAX - 3;
    refused(&e, "ends inside segment");
    e = good(), e.h.e_entry = 0x401000;
    refused(&e, "entry");
    e = good(), e.segment[0].p_memsz = e.segment[0].p_filesz = e.segment[1].p_memsz = 0;
    refused(&e, "no segment");
}

static void no_program_at_a_path_is_a_problem(void **state)
{
    (void)state;
    assert_null(image_open("/nonexistent/x.elf", &problem));
    assert_non_null(strstr(problem.text, "No such file"));
    assert_null(image_open("/", &problem));
    assert_non_null(strstr(problem.text, "directory"));
    assert_null(image_open("/dev/null", &problem));
    assert_true(problem.tip[0]);
}

static void an_empty_file_is_said_to_be_empty(void **state)
{
    (void)state;
    char name[] = "/tmp/image_test_XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    struct image *image = image_open(name, &problem);
    remove(name);
    assert_null(image);
    assert_non_null(strstr(problem.text, "is empty"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_is_one_flat_piece_of_pages),
        cmocka_unit_test(symbols_are_found_by_name_and_by_address),
        cmocka_unit_test(a_file_cut_short_anywhere_is_a_problem_or_lacks_symbols),
        cmocka_unit_test(a_damaged_byte_anywhere_never_crashes),
        cmocka_unit_test(other_kinds_of_file_are_named),
        cmocka_unit_test(absurd_segments_are_refused),
        cmocka_unit_test(no_program_at_a_path_is_a_problem),
        cmocka_unit_test(an_empty_file_is_said_to_be_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
