/* See page.h. */
#include "src/cli/page.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROW = 40, USUAL = 80, WIDE = 120, TEXT_AT = 24 };

int page_width(void) {
    struct winsize w;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
        return USUAL;
    return w.ws_col < NARROW ? NARROW : w.ws_col > WIDE ? WIDE : w.ws_col;
}

/* Columns of `length` bytes of UTF-8. */
static int columns_of(const char *text, size_t length) {
    int columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

static void new_line(page *p) {
    putc('\n', p->out);
    p->at = 0;
}

static void put_escaped(page *p, const char *text, size_t length) {
    if (p->at == 0 && length && (*text == '.' || *text == '\''))
        fputs("\\&", p->out);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\\')
            fputs("\\e", p->out);
        else if (text[i] == '-')
            fputs("\\-", p->out);
        else
            putc(text[i], p->out);
}

static void put_page(page *p, const char *text, size_t length) {
    if (p->manual)
        put_escaped(p, text, length);
    else
        fwrite(text, 1, length, p->out);
    p->at += columns_of(text, length);
}

static void put_to(page *p, int column) {
    for (; !p->manual && p->at < column; p->at++)
        putc(' ', p->out);
}

/* Writes words from column `indent` on, breaking lines at the width; `length` bytes. */
static void put_words(page *p, const char *text, size_t length) {
    const char *end = text + length;
    int indent = p->manual ? 0 : p->indent;
    while (text < end) {
        size_t word = strcspn(text, " \n");
        word = word < (size_t)(end - text) ? word : (size_t)(end - text);
        if (p->at > indent && p->at + 1 + columns_of(text, word) > p->width)
            new_line(p);
        if (p->at > indent)
            put_page(p, " ", 1);
        put_to(p, indent);
        put_page(p, text, word);
        text += word;
        text += strspn(text, " \n");
    }
}

void page_text(page *p, const char *text) {
    put_words(p, text, strlen(text));
}

void page_end(page *p) {
    new_line(p);
    p->indent = 0;
}

void page_gap(page *p) {
    if (p->at > 0)
        new_line(p);
    fputs(p->manual ? ".PP\n" : "\n", p->out);
}

void page_verbatim(page *p, const char *line) {
    if (p->manual)
        fputs(".EX\n", p->out);
    put_page(p, line, strlen(line));
    new_line(p);
    if (p->manual)
        fputs(".EE\n", p->out);
}

void page_paragraphs(page *p, const char *text) {
    while (*text) {
        size_t line = strcspn(text, "\n");
        if (line && *text != ' ') {
            put_words(p, text, line);
        } else {
            if (p->at > 0)
                new_line(p);
            if (p->manual)
                fputs(line ? ".br\n" : ".PP\n", p->out);
            put_page(p, text, line);
            if (line || !p->manual)
                new_line(p);
        }
        text += line + (text[line] == '\n');
    }
    if (p->at > 0)
        new_line(p);
}

void page_section(page *p, const char *title) {
    fprintf(p->out, p->manual ? ".SH \"" : "\n");
    put_page(p, title, strlen(title));
    fprintf(p->out, p->manual ? "\"\n" : ":\n");
    p->at = 0;
}

void page_entry(page *p, const char *name) {
    if (p->manual)
        fputs(".TP\n.B ", p->out);
    put_to(p, 2);
    put_page(p, name, strlen(name));
    if (p->manual || p->at + 2 > TEXT_AT)
        new_line(p);
    put_to(p, TEXT_AT);
    p->indent = TEXT_AT;
}
