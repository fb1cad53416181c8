/* SPDX-License-Identifier: BSD-2-Clause */
/* A message as it arrived: label, length, badge, each word with its field's name and what it means.
 * Words that register or buffer no longer hold are marked. It never says who sent it: a receiver
 * learns a badge. */
#include <inttypes.h>
#include <string.h>

#include "view/internal.h"

/* ---- Facts ---- */

static const char *const message_register_name[MESSAGE_REGISTERS] = { "r10", "r8", "r9", "r15" };

/* What a message register or the buffer holds now; false when the thread has no buffer. */
static bool word_now(const struct world *w, paddr_t tcb, unsigned i, word_t *value)
{
    if (i < MESSAGE_REGISTERS) return *value = thread_register(w, tcb, CTX_MR0 + i), true;
    paddr_t at;
    word_t address = tcb_at(w, tcb)->ipc_buffer + (1 + i) * sizeof(word_t);
    if (!kernel_translate(w, tcb, address, &at) || at % sizeof(word_t) ||
        !memory_holds(w, at, sizeof(word_t)))
        return false;
    return *value = memory_word(w, at), true;
}

/* Fields that count something; all others are addresses, badges or registers. */
static bool field_is_decimal(const char *field)
{
    static const char *const decimal[] = { "InRecvPhase",     "LookupFailureType", "BitsLeft",
                                           "BitsFound",       "Syscall",           "Number",
                                           "ExceptionReason", "BreakpointNumber",  "Consumed",
                                           "PrefetchFault" };
    for (size_t i = 0; i < sizeof decimal / sizeof decimal[0]; i++)
        if (strcmp(field, decimal[i]) == 0) return true;
    return false;
}

/* The failure's name, and as much of what it means as has room in a row of 80 columns. */
static void failure_meaning(word_t type, char *text, size_t size)
{
    enum { ROOM = 41 };
    const char *name = lookup_failure_name(type), *meaning = lookup_failure_table[type].meaning;
    size_t room = ROOM - strlen(name) - strlen(": "), first = strcspn(meaning, ",");
    size_t length = strlen(meaning) <= room ? strlen(meaning) : first <= room ? first : 0;
    snprintf(text, size, "%s%s%.*s", name, length ? ": " : "", (int)length, meaning);
}

/* What a value says where the table can only speak of the field. */
static bool value_meaning(unsigned kind, const char *field, word_t value, char *text, size_t size)
{
    if (kind == FAULT_VM && strcmp(field, "FSR") == 0)
        view_fsr(value, text, size);
    else if (kind == FAULT_VM && strcmp(field, "PrefetchFault") == 0)
        snprintf(text, size, "it wanted %s", value ? "an instruction" : "data, not an instruction");
    else if (kind == FAULT_CAP && strcmp(field, "InRecvPhase") == 0)
        snprintf(text, size, "while %s", value ? "receiving" : "sending");
    else if (kind == FAULT_CAP && strcmp(field, "LookupFailureType") == 0 && value >= 1 &&
             value <= LOOKUP_GUARD_MISMATCH)
        failure_meaning(value, text, size);
    else if (kind == FAULT_USER_EXCEPTION && strcmp(field, "Number") == 0)
        snprintf(text, size, "the processor's vector: %s", exception_name(value));
    else
        return false;
    return true;
}

/* This kernel never marks pages as data only, so that the processor does not tell a fetch. */
static bool is_untold_fetch(const struct arrival *a, const char *field)
{
    return a->fault_kind == FAULT_VM && strcmp(field, "PrefetchFault") == 0 && a->mr[0] == a->mr[1];
}

/* A foreign system call by `int 0xa0` and its like: the number is none of RDX's, and all registers were
 * saved. NULL: the table's meaning holds. */
static const char *gate_meaning(const struct arrival *a, const char *field)
{
    enum { RDX = 3, SYSCALL = 18 };
    static const struct {
        const char *field, *meaning;
    } by_gate[] = {
        { "RCX", "fresh: an interrupt saves all" },
        { "R11", "fresh: an interrupt saves all" },
        { "SP", "fresh: an interrupt saves all" },
        { "RDX", "" },
        { "Syscall", "made of the interrupt's number and 24 bits of EAX" },
    };
    if (a->fault_kind != FAULT_UNKNOWN_SYSCALL || a->mr[SYSCALL] == a->mr[RDX]) return NULL;
    for (size_t i = 0; i < sizeof by_gate / sizeof by_gate[0]; i++)
        if (strcmp(by_gate[i].field, field) == 0) return by_gate[i].meaning;
    return NULL;
}

static const char *field_meaning(const struct arrival *a, const struct fault_word_desc *word)
{
    const char *by_gate = gate_meaning(a, word->field);
    return by_gate ? by_gate : word->meaning;
}

static void row_name(const struct arrival *a, unsigned i, struct message_row *row)
{
    const struct fault_desc *fault = &fault_table[a->fault_kind];
    unsigned length = fault_length((unsigned)a->fault_kind);
    if (i < length) {
        const struct fault_word_desc *word = &fault->word[i];
        snprintf(row->field, sizeof row->field, "%s", word->field);
        if (!value_meaning((unsigned)a->fault_kind, word->field, row->value, row->meaning,
                           sizeof row->meaning))
            snprintf(row->meaning, sizeof row->meaning, "%s", field_meaning(a, word));
        if (row->value == 0 && is_untold_fetch(a, word->field))
            snprintf(row->meaning, sizeof row->meaning, "though IP is Addr: an instruction");
    } else if (a->fault_kind == FAULT_CAP) {
        /* Behind the type come the words that this type of failure has. */
        word_t type = a->mr[length - 1];
        const char *fields =
            type >= 1 && type <= LOOKUP_GUARD_MISMATCH ? lookup_failure_table[type].fields : "";
        for (unsigned skip = i - length; skip > 0 && *fields; skip--) {
            fields += strcspn(fields, ",");
            fields += strspn(fields, ", ");
        }
        snprintf(row->field, sizeof row->field, "%.*s", (int)strcspn(fields, ","), fields);
    }
    /* A number so large is made of bits, as that of `int 0xa0` is. */
    word_t most = strcmp(row->field, "Syscall") == 0 ? SYSCALL_COUNTED_MOST : 0xffff;
    row->decimal = field_is_decimal(row->field) && a->mr[i] <= most;
}

bool message_facts(const struct session *s, paddr_t tcb, struct message_facts *m)
{
    const struct arrival *a = session_arrival(s, tcb);
    if (a) message_facts_of(session_world_at(s), a, m);
    return a != NULL;
}

void message_facts_of(const struct world *w, const struct arrival *a, struct message_facts *m)
{
    memset(m, 0, sizeof *m);
    m->info = a->info;
    m->badge = a->badge;
    m->fault_kind = a->fault_kind < FAULT_KIND_COUNT ? a->fault_kind : FAULT_NONE;
    if (m->fault_kind) snprintf(m->name, sizeof m->name, "%s", fault_table[m->fault_kind].name);
    m->rows = (unsigned)message_length(a->info);
    if (m->rows > MESSAGE_MAX_LENGTH) m->rows = MESSAGE_MAX_LENGTH;
    for (unsigned i = 0; i < m->rows; i++) {
        struct message_row *row = &m->row[i];
        word_t now;
        row->value = a->mr[i];
        row->where = i < MESSAGE_REGISTERS ? message_register_name[i] : "buffer";
        row->overwritten = !word_now(w, a->tcb, i, &now) || now != a->mr[i];
        if (m->fault_kind) row_name(a, i, row);
    }
}

void message_value(const struct message_row *row, word_t value, char *text, size_t size)
{
    snprintf(text, size, row->decimal ? "%" PRIu64 : "%#" PRIx64, value);
}

void message_row_value(const struct message_row *row, char *text, size_t size)
{
    message_value(row, row->value, text, size);
    if (row->overwritten) text_add(text, size, " ~");
}

/* ---- Layout ---- */

static void say_title(const struct view *v, const struct message_facts *m)
{
    static const char remark[] = "(all it says about the sender)";
    char label[80], length[40], badge[40], caps[40] = "", unwrapped[64] = "";
    snprintf(label, sizeof label, "label %" PRIu64 "%s%s", message_label(m->info),
             *m->name ? " " : "", m->name);
    snprintf(length, sizeof length, "length %" PRIu64, message_length(m->info));
    snprintf(badge, sizeof badge, "badge %#" PRIx64, m->badge);
    if (message_caps(m->info))
        snprintf(caps, sizeof caps, "   capabilities %" PRIu64, message_caps(m->info));
    if (message_unwrapped(m->info))
        snprintf(unwrapped, sizeof unwrapped, " (unwrapped: bits %#" PRIx64 ")",
                 message_unwrapped(m->info));
    size_t used = strlen(label) + strlen(length) + strlen(badge) + strlen(caps) + strlen(unwrapped);
    bool fits = used + sizeof remark + 7 + INDENT <= v->width;
    const struct row_item items[] = {
        { "label", label, label + sizeof "label", INDENT, 0, false },
        { "length", length, length + sizeof "length", 3, 0, false },
        { "badge", badge, badge + sizeof "badge", 3, 0, false },
        { "capabilities", caps, *caps ? strrchr(caps, ' ') : "", 0, 0, false },
        { NULL, unwrapped, NULL, 0, 0, false },
        { NULL, fits ? remark : "", "", 2, 0, false },
    };
    view_row(v, LOOK_PLAIN, items, sizeof items / sizeof items[0]);
}

/* One word of a table with these widths. */
static void message_row(const struct view *v, const struct message_row *row, unsigned i,
                        int name_width, int value_width)
{
    char number[16], name[48], value[40], plain[40];
    snprintf(number, sizeof number, "%u", i);
    snprintf(name, sizeof name, "MR %u%s%s", i, *row->field ? " " : "", row->field);
    message_row_value(row, value, sizeof value);
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(value, " "), value);
    const struct row_item items[] = {
        { NULL, number, "", INDENT, 2, true },
        { NULL, v->width >= 100 ? row->where : "", "", 2, v->width >= 100 ? 8 : 0, false },
        { NULL, row->field, "", 0, name_width, false },
        { name, value, plain, 3, value_width, false },
        { NULL, row->meaning, NULL, 2, 0, false },
        { NULL, "", row->overwritten ? "no longer there" : "", 0, 0, false },
    };
    view_row(v, row->overwritten ? LOOK_CHANGED : LOOK_PLAIN, items,
             sizeof items / sizeof items[0]);
}

/* One word a line: fault messages that fit on a screen, and all in the plain form. */
static void message_table(const struct view *v, const struct message_facts *m)
{
    char prefix[40], value[40];
    snprintf(prefix, sizeof prefix, "seL4_%s_", m->name);
    int value_width = 10, name_width = (int)strlen(prefix);
    for (unsigned i = 0; i < m->rows; i++) {
        message_row_value(&m->row[i], value, sizeof value);
        if ((int)strlen(value) > value_width) value_width = (int)strlen(value);
        if ((int)strlen(m->row[i].field) > name_width) name_width = (int)strlen(m->row[i].field);
    }
    view_heading(v, "  MR  %s%-*s   %-*s  meaning", v->width >= 100 ? "where   " : "", name_width,
                 prefix, value_width, "value");
    for (unsigned i = 0; i < m->rows; i++) message_row(v, &m->row[i], i, name_width, value_width);
}

enum { COLUMNS = 3 };

static void column_cell(const struct message_facts *m, unsigned i, char *cell, size_t size)
{
    char value[40];
    message_row_value(&m->row[i], value, sizeof value);
    snprintf(cell, size, "%3u %s%s%s", i, m->row[i].field, *m->row[i].field ? " " : "", value);
}

/* How wide the first columns are: alike, and no wider than the last one leaves room for. */
static unsigned columns_wide(const struct view *v, const struct message_facts *m, unsigned deep)
{
    char cell[96];
    size_t last = 0, wide = (v->width - INDENT) / COLUMNS;
    for (unsigned i = deep * (COLUMNS - 1); i < m->rows; i++) {
        column_cell(m, i, cell, sizeof cell);
        if (strlen(cell) > last) last = strlen(cell);
    }
    size_t left = v->width - 1 - last;
    return (unsigned)(last + 1 < v->width && left / (COLUMNS - 1) < wide ? left / (COLUMNS - 1)
                                                                         : wide);
}

/* Three columns of `MR name value`, read downwards. */
static void message_columns(const struct view *v, const struct message_facts *m)
{
    unsigned deep = (m->rows + COLUMNS - 1) / COLUMNS, wide = columns_wide(v, m, deep);
    for (unsigned i = 0; i < deep; i++) {
        char line[TEXT_SIZE] = "";
        for (unsigned at = i; at < m->rows; at += deep) {
            char cell[96];
            column_cell(m, at, cell, sizeof cell);
            text_add(line, sizeof line, "%-*s", (int)wide, cell);
        }
        view_line(v, " %s", line);
    }
}

/* The meanings of words in columns, as one text: "RAX: where …; RCX, R11, SP: stale: …". */
static void message_meanings(const struct view *v, const struct message_facts *m)
{
    char text[4 * TEXT_SIZE] = "";
    bool said[MESSAGE_MAX_LENGTH] = { false };
    for (unsigned i = 0; i < m->rows; i++) {
        if (said[i] || !*m->row[i].meaning) continue;
        text_add(text, sizeof text, "%s%s", *text ? "; " : "", m->row[i].field);
        for (unsigned j = i + 1; j < m->rows; j++) {
            if (strcmp(m->row[i].meaning, m->row[j].meaning) != 0) continue;
            said[j] = true;
            text_add(text, sizeof text, ", %s", m->row[j].field);
        }
        text_add(text, sizeof text, ": %s", m->row[i].meaning);
    }
    view_text(v, text, INDENT, INDENT, 6);
}

static bool any_overwritten(const struct message_facts *m)
{
    for (unsigned i = 0; i < m->rows; i++)
        if (m->row[i].overwritten) return true;
    return false;
}

void view_message(const struct view *v, paddr_t tcb)
{
    struct message_facts m;
    char name[48];
    if (!message_facts(v->session, tcb, &m)) {
        view_thread_name(v->session, tcb, name, sizeof name);
        view_line(v, "  no message has arrived at %s yet: it gets one by recv", name);
        return;
    }
    say_title(v, &m);
    if (v->plain || (m.fault_kind && m.rows <= 8))
        message_table(v, &m);
    else if (m.rows)
        message_columns(v, &m);
    if (!v->plain && m.fault_kind && m.rows > 8) message_meanings(v, &m);
    if (any_overwritten(&m))
        view_heading(v, "  ~ no longer there: register or buffer hold something else by now");
}
