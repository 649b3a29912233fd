/* --config files: lines "name = value" with the long names of options. Blanks around name and value
 * are dropped; '#' at the beginning of a line or after a blank starts a comment. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"

enum { MOST_BYTES = 16 << 20 };

static fl_status unreadable(const char *path) {
    return fl_fail(FL_EIO, "--config %s: %s", path, strerror(errno));
}

/* The whole file as a text of *length bytes; free it. */
static fl_status read_whole_file(FILE *file, const char *path, char **text, size_t *length) {
    size_t room = 4096;
    *length = 0;
    *text = NULL;
    for (;;) {
        char *grown = realloc(*text, room + 1);
        if (!grown)
            return fl_fail(FL_ENOMEM, "--config %s: out of memory", path);
        *text = grown;
        *length += fread(*text + *length, 1, room - *length, file);
        if (ferror(file))
            return unreadable(path);
        (*text)[*length] = 0;
        if (feof(file))
            return FL_OK;
        if (*length == room && (room *= 2) > MOST_BYTES)
            return fl_fail(FL_EFORMAT, "--config %s: longer than %d bytes", path, MOST_BYTES);
    }
}

static fl_status slurp(const char *path, char **text) {
    size_t length = 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return unreadable(path);
    fl_status status = read_whole_file(file, path, text, &length);
    fclose(file);
    if (status == FL_OK && strlen(*text) != length)
        return fl_fail(FL_EFORMAT, "--config %s: not a text, it holds a zero byte", path);
    return status;
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text) {
    text += strspn(text, " \t\r");
    for (size_t n = strlen(text); n > 0 && strchr(" \t\r", text[n - 1]); n--)
        text[n - 1] = 0;
    return text;
}

static void cut_comment(char *line) {
    for (char *at = line; *at; at++)
        if (*at == '#' && (at == line || at[-1] == ' ' || at[-1] == '\t')) {
            *at = 0;
            return;
        }
}

static fl_cli_slot *find_slot(fl_cli_options *o, const char *name) {
    for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (!slot->immediate && strcmp(slot->option.name, name) == 0)
            return slot;
    return NULL;
}

static fl_status unknown_name(const fl_cli_options *o, const char *where, const char *name) {
    char names[500] = "", shown[FL_CLI_SHOWN];
    size_t used = 0;
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (!slot->immediate && used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                                     slot->option.name);
    fl_cli_shorten(names, sizeof names);
    return fl_fail(FL_EUSAGE, "%s: unknown option %s; allowed: %s", where,
                   fl_cli_shown(name, shown), names);
}

/* One line without its comment. `seen` marks the slots that earlier lines set. */
static fl_status take_line(fl_cli_options *o, const char *where, char *line, bool *seen) {
    char shown[FL_CLI_SHOWN], what[500];
    char *equals = strchr(line, '=');
    if (!equals)
        return fl_fail(FL_EUSAGE, "%s: %s is not of the form name = value", where,
                       fl_cli_shown(line, shown));
    *equals = 0;
    const char *name = trim(line), *value = trim(equals + 1);
    fl_cli_slot *slot = find_slot(o, name);
    if (!slot)
        return unknown_name(o, where, name);
    if (seen[slot - o->slots])
        return fl_fail(FL_EUSAGE, "%s: %s is set a second time", where, name);
    seen[slot - o->slots] = true;
    snprintf(what, sizeof what, "%s: %s =", where, name);
    return fl_cli_slot_set(slot, what, value);
}

static fl_status take_lines(fl_cli_options *o, const char *path, bool *seen) {
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, before the text of some editors */
    int number = 1;
    char where[300], shown[FL_CLI_SHOWN];
    char *first = o->config_text + (strncmp(o->config_text, mark, 3) == 0 ? 3 : 0);
    for (char *line = first, *next; line; line = next, number++) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        cut_comment(line);
        line = trim(line);
        snprintf(where, sizeof where, "%s, line %d", fl_cli_shown(path, shown), number);
        if (*line)
            FL_CHECK(take_line(o, where, line, seen));
    }
    return FL_OK;
}

fl_status fl_cli_config(fl_cli_options *o, const char *path) {
    FL_CHECK(slurp(path, &o->config_text));
    bool *seen = calloc(o->count, sizeof *seen);
    if (!seen)
        return fl_fail(FL_ENOMEM, "--config %s: out of memory", path);
    fl_status status = take_lines(o, path, seen);
    free(seen);
    return status;
}
