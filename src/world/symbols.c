/* SPDX-License-Identifier: BSD-2-Clause */
/* Symbols of a program, by address and by name. Damaged tables give fewer symbols, never an error:
 * a program runs without them. */
#include <stdlib.h>
#include <string.h>

#include "world/image_private.h"

static bool section(const struct image *image, const Elf64_Ehdr *h, unsigned i, Elf64_Shdr *out)
{
    if (i >= h->e_shnum || h->e_shentsize != sizeof *out) return false;
    if (!file_holds(image, h->e_shoff, (i + UINT64_C(1)) * sizeof *out)) return false;
    memcpy(out, image->file + h->e_shoff + i * sizeof *out, sizeof *out);
    return out->sh_type == SHT_NOBITS || file_holds(image, out->sh_offset, out->sh_size);
}

static bool is_wanted(const struct image *image, const Elf64_Sym *s, const Elf64_Shdr *names)
{
    unsigned type = ELF64_ST_TYPE(s->st_info);
    if (type != STT_FUNC && type != STT_OBJECT && type != STT_NOTYPE) return false;
    if (s->st_shndx == SHN_UNDEF || s->st_name == 0 || s->st_name >= names->sh_size) return false;
    const uint8_t *name = image->file + names->sh_offset + s->st_name;
    return *name && memchr(name, 0, names->sh_size - s->st_name);
}

/* Functions before data, longer before shorter, so that the best name of an address comes first. */
static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    if (x->address != y->address) return x->address < y->address ? -1 : 1;
    if (x->is_function != y->is_function) return x->is_function ? -1 : 1;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    const struct symbol *x = *(const struct symbol *const *)a,
                        *y = *(const struct symbol *const *)b;
    int order = strcmp(x->name, y->name);
    return order ? order : by_address(x, y);
}

static void symbols_sort(struct image *image, struct symbol *symbol, size_t count)
{
    const struct symbol **name = calloc(count + 1, sizeof *name);
    if (!name) {
        free(symbol);
        return;
    }
    qsort(symbol, count, sizeof *symbol, by_address);
    for (size_t i = 0; i < count; i++) name[i] = &symbol[i];
    qsort(name, count, sizeof *name, by_name);
    image->symbol = symbol;
    image->by_name = name;
    image->symbol_count = count;
}

static void table_read(struct image *image, const Elf64_Shdr *table, const Elf64_Shdr *names)
{
    size_t rows = table->sh_size / sizeof(Elf64_Sym), count = 0;
    struct symbol *symbol = calloc(rows + 1, sizeof *symbol);
    if (!symbol) return;
    for (size_t i = 0; i < rows; i++) {
        Elf64_Sym s;
        memcpy(&s, image->file + table->sh_offset + i * sizeof s, sizeof s);
        if (!is_wanted(image, &s, names)) continue;
        symbol[count++] = (struct symbol){
            .name = (const char *)image->file + names->sh_offset + s.st_name,
            .address = s.st_value,
            .size = s.st_size,
            .is_function = ELF64_ST_TYPE(s.st_info) == STT_FUNC,
        };
    }
    symbols_sort(image, symbol, count);
}

void symbols_read(struct image *image, const Elf64_Ehdr *h)
{
    for (unsigned i = 0; i < h->e_shnum; i++) {
        Elf64_Shdr table, names;
        if (!section(image, h, i, &table) || table.sh_type != SHT_SYMTAB) continue;
        if (!section(image, h, table.sh_link, &names) || names.sh_type != SHT_STRTAB) continue;
        table_read(image, &table, &names);
        return;
    }
}

const struct symbol *image_symbol(const struct image *image, const char *name)
{
    size_t low = 0, high = image->symbol_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(image->by_name[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == image->symbol_count || strcmp(image->by_name[low]->name, name) != 0) return NULL;
    return image->by_name[low];
}

/* A symbol without a size reaches to the next address that has a symbol. */
static bool symbol_covers(const struct symbol *s, word_t address)
{
    return address >= s->address && (s->size == 0 || address - s->address < s->size);
}

const struct symbol *image_symbol_at(const struct image *image, word_t address)
{
    size_t low = 0, high = image->symbol_count;
    if (address < image->vaddr || (address - image->vaddr) >> PAGE_BITS >= image->pages)
        return NULL;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (image->symbol[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    /* The nearest that covers it; the first of several at one address is the best. Small symbols
     * inside large ones are rare: looking back a few is enough. */
    const struct symbol *best = NULL;
    for (size_t i = low; i-- > 0 && low - i <= 64;) {
        const struct symbol *s = &image->symbol[i];
        if (best && s->address != best->address) break;
        if (symbol_covers(s, address)) best = s;
    }
    return best;
}
