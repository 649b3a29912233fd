/* What a run knows of its options, and changes in what it tells: see fl_run_given, fl_run_record
 * and fl_run_warn in cli.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"
#include "src/cli/several.h"

bool fl_run_given(const fl_run *run, const char *option) {
    const fl_cli_options *o = run->options;
    for (size_t i = 0; o && i < o->count; i++)
        if (strcmp(o->slots[i].option.name, option) == 0)
            return o->slots[i].told;
    return false;
}

fl_status fl_run_refuse(const fl_run *run, const char *const *options, const char *why) {
    for (; *options; options++)
        if (fl_run_given(run, *options))
            return fl_fail(FL_EUSAGE, "--%s has no effect %s; leave it out", *options, why);
    return FL_OK;
}

/* The line of `key` in the fingerprint, its length (with the newline) into *length; its end, and 0,
 * where there is none. */
static char *line_of(char *fingerprint, const char *key, size_t *length) {
    size_t name = strlen(key);
    for (char *line = fingerprint; *line; line += *length) {
        *length = strcspn(line, "\n") + 1;
        if (strncmp(line, key, name) == 0 && strncmp(line + name, ": ", 2) == 0)
            return line;
    }
    *length = 0;
    return fingerprint + strlen(fingerprint);
}

/* Replaces the line of `key` by `line`, which is a whole one or empty. */
static fl_status set_line(fl_run *run, const char *key, const char *line) {
    size_t old, new = strlen(line), all = strlen(run->fingerprint);
    char *longer = realloc(run->fingerprint, all + new + 1);
    if (!longer)
        return fl_fail(FL_ENOMEM, "out of memory for the name of a checkpoint");
    run->fingerprint = longer;
    char *at = line_of(longer, key, &old);
    memmove(at + new, at + old, strlen(at + old) + 1);
    memcpy(at, line, new);
    return FL_OK;
}

fl_status fl_cli_decide(fl_run *run, const char *key, const char *value) {
    char line[1400];
    snprintf(line, sizeof line, "%s: %s\n", key, value);
    return set_line(run, key, line);
}

fl_status fl_run_record(fl_run *run, const char *key, const char *format, ...) {
    char value[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    FL_CHECK(fl_meta_set(&run->meta, key, "%s", value));
    return fl_cli_decide(run, key, fl_meta_get(&run->meta, key));
}

fl_status fl_run_record_all(fl_run *run, const fl_meta *added) {
    for (size_t k = 0; k < added->count; k++)
        FL_CHECK(fl_run_record(run, added->keys[k], "%s", added->values[k]));
    return FL_OK;
}

fl_status fl_run_forget(fl_run *run, const char *key) {
    fl_meta_remove(&run->meta, key);
    return set_line(run, key, "");
}

fl_status fl_run_leave_out(fl_run *run, const char *const *options, const char *why) {
    FL_CHECK(fl_run_refuse(run, options, why));
    for (; *options; options++)
        FL_CHECK(fl_run_forget(run, *options));
    return FL_OK;
}

void fl_run_warn(const fl_run *run, const char *format, ...) {
    va_list arguments;
    if (run->common.quiet || (run->several && run->several->ahead))
        return;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", run->program);
    vfprintf(stderr, format, arguments);
    putc('\n', stderr);
    va_end(arguments);
}
