/* SPDX-License-Identifier: BSD-2-Clause */
/* Sorts: by exchange, heap and merging; of integers, doubles, long doubles, strings and structs. */
#include "program.h"

enum { COUNT = 2000 };

typedef int order(const void *, const void *);

static void swap(char *a, char *b, size_t size)
{
    while (size--) {
        char t = *a;
        *a++ = *b;
        *b++ = t;
    }
}

static void quick_sort(char *base, size_t count, size_t size, order *compare)
{
    while (count > 1) {
        size_t last = 0;
        swap(base, base + count / 2 * size, size);
        for (size_t i = 1; i < count; i++)
            if (compare(base + i * size, base) < 0)
                swap(base + ++last * size, base + i * size, size);
        swap(base, base + last * size, size);
        quick_sort(base, last, size, compare);
        base += (last + 1) * size;
        count -= last + 1;
    }
}

static void sift(int64_t *v, size_t root, size_t count)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && v[child] < v[child + 1]) child++;
        if (v[root] >= v[child]) return;
        int64_t t = v[root];
        v[root] = v[child];
        v[child] = t;
    }
}

static void heap_sort(int64_t *v, size_t count)
{
    for (size_t i = count / 2; i-- > 0;) sift(v, i, count);
    while (count-- > 1) {
        int64_t t = v[0];
        v[0] = v[count];
        v[count] = t;
        sift(v, 0, count);
    }
}

static double spare[COUNT];
static void merge_sort(double *v, size_t count)
{
    if (count < 2) return;
    size_t half = count / 2, a = 0, b = half, n = 0;
    merge_sort(v, half);
    merge_sort(v + half, count - half);
    while (n < count) spare[n++] = b == count || (a < half && v[a] <= v[b]) ? v[a++] : v[b++];
    for (size_t i = 0; i < count; i++) v[i] = spare[i];
}

static int order_int(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int order_long_double(const void *a, const void *b)
{
    long double x = *(const long double *)a, y = *(const long double *)b;
    return (x > y) - (x < y);
}

struct person {
    char name[12];
    unsigned char age;
    float size;
};

static int order_person(const void *a, const void *b)
{
    const struct person *p = a, *q = b;
    for (int i = 0; i < 12; i++)
        if (p->name[i] != q->name[i]) return p->name[i] - q->name[i];
    return p->age != q->age ? p->age - q->age : (p->size > q->size) - (p->size < q->size);
}

static int ints[COUNT];
static int64_t longs[COUNT];
static double doubles[COUNT];
static long double wides[COUNT / 4];
static struct person persons[COUNT / 4];

int program(void)
{
    uint64_t state = 3, sum = 0;
    for (int i = 0; i < COUNT; i++) {
        ints[i] = (int)next_number(&state);
        longs[i] = (int64_t)next_number(&state);
        doubles[i] = (double)(int64_t)next_number(&state) / 1e9;
    }
    for (int i = 0; i < COUNT / 4; i++) {
        wides[i] = (long double)(int64_t)next_number(&state) / 3;
        for (int k = 0; k < 11; k++) persons[i].name[k] = (char)('a' + next_number(&state) % 3);
        persons[i].age = (unsigned char)next_number(&state);
        persons[i].size = (float)(next_number(&state) % 100) / 50;
    }
    quick_sort((char *)ints, COUNT, sizeof *ints, order_int);
    quick_sort((char *)wides, COUNT / 4, sizeof *wides, order_long_double);
    quick_sort((char *)persons, COUNT / 4, sizeof *persons, order_person);
    heap_sort(longs, COUNT);
    merge_sort(doubles, COUNT);
    for (int i = 0; i < COUNT; i++) sum = sum * 31 + (uint32_t)ints[i] + (uint64_t)longs[i];
    say("%lx\n", sum);
    for (int i = 0; i < COUNT; i += 190) say("%d %ld %.6f\n", ints[i], longs[i], doubles[i]);
    for (int i = 0; i < COUNT / 4; i += 41)
        say("%.3Lf %s %u %.2f\n", wides[i], persons[i].name, persons[i].age,
            (double)persons[i].size);
    return 0;
}
