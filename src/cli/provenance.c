/* What travels with the data: who computed it, where, when, by which command and with which value
 * of every option; and the fingerprint, the part of it that decides the result. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fixland/kernel.h"
#include "fixland/version.h"
#include "src/cli/internal.h"
#include "src/par/ranks.h"

/* Longer lists are recorded as they were typed. */
enum { LIST_WRITTEN_OUT = 100 };

/* A word as a POSIX shell would need it typed. */
static void put_shell_word(FILE *out, const char *word) {
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    if (*word && !word[strspn(word, plain)]) {
        fputs(word, out);
        return;
    }
    putc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            putc(*word, out);
    putc('\'', out);
}

static void put_words(FILE *out, size_t count, const char *const *words) {
    for (size_t i = 0; i < count; i++) {
        if (i)
            putc(' ', out);
        put_shell_word(out, words[i]);
    }
}

static void put_real(FILE *out, double value) {
    char text[32];
    fl_format_real(text, value);
    fputs(text, out);
}

static void put_choice(FILE *out, const char *choices, int index) {
    for (; index > 0; index--)
        choices += strcspn(choices, "|") + 1;
    fprintf(out, "%.*s", (int)strcspn(choices, "|"), choices);
}

static void put_reals(FILE *out, const fl_reals *list, const char *typed) {
    if (list->count > LIST_WRITTEN_OUT) {
        fputs(typed, out);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        fputs(i ? "," : "", out);
        put_real(out, list->values[i]);
    }
}

static void put_integers(FILE *out, const fl_integers *list, const char *typed) {
    if (list->count > LIST_WRITTEN_OUT) {
        fputs(typed, out);
        return;
    }
    for (size_t i = 0; i < list->count; i++)
        fprintf(out, "%s%" PRId64, i ? "," : "", list->values[i]);
}

/* The value of an option as a text that reads back to it. */
static void put_value(FILE *out, const fl_cli_slot *slot) {
    const void *value = slot->target;
    if (slot->values.count > 1) {
        put_reals(out, &slot->values, slot->resolved);
        return;
    }
    switch (slot->option.type) {
    case FL_OPTION_FLAG:
        fputs(*(const bool *)value ? "yes" : "no", out);
        break;
    case FL_OPTION_INTEGER:
        fprintf(out, "%" PRId64, *(const int64_t *)value);
        break;
    case FL_OPTION_UINT64:
        fprintf(out, "%" PRIu64, *(const uint64_t *)value);
        break;
    case FL_OPTION_REAL:
    case FL_OPTION_DURATION:
        put_real(out, *(const double *)value);
        break;
    case FL_OPTION_INTEGERS:
        put_integers(out, value, slot->resolved);
        break;
    case FL_OPTION_REALS:
        put_reals(out, value, slot->resolved);
        break;
    case FL_OPTION_CHOICE:
        put_choice(out, slot->option.choices, *(const int *)value);
        break;
    case FL_OPTION_TEXT:
        fputs(*(const char *const *)value, out);
        break;
    }
}

/* A text under construction; its memory is `text` once closed. */
typedef struct builder {
    char *text;
    size_t size;
    FILE *out;
} builder;

static fl_status builder_open(builder *b) {
    b->out = open_memstream(&b->text, &b->size);
    return b->out ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for the provenance");
}

static fl_status builder_close(builder *b) {
    bool failed = ferror(b->out);
    if (fclose(b->out) == 0 && !failed && b->text) /* closing, too, asks for memory */
        return FL_OK;
    free(b->text);
    b->text = NULL;
    return fl_fail(FL_ENOMEM, "out of memory for the provenance");
}

/* Both records: the meta always, the fingerprint (one line a key) when `decides`. */
static fl_status record(fl_meta *meta, FILE *fingerprint, bool decides, const char *key,
                        const char *value) {
    FL_CHECK(fl_meta_set(meta, key, "%s", value));
    if (decides)
        fprintf(fingerprint, "%s: %s\n", key, fl_meta_get(meta, key));
    return FL_OK;
}

static fl_status record_option(fl_meta *meta, FILE *fingerprint, const fl_cli_slot *slot) {
    if (slot->option.hidden_from_meta || (!slot->set && slot->option.type != FL_OPTION_FLAG))
        return FL_OK;
    builder b;
    FL_CHECK(builder_open(&b));
    put_value(b.out, slot);
    FL_CHECK(builder_close(&b));
    fl_status status = record(meta, fingerprint, true, slot->option.name, b.text);
    free(b.text);
    return status;
}

static fl_status record_words(fl_meta *meta, FILE *fingerprint, bool decides, const char *key,
                              size_t count, const char *const *words) {
    if (count == 0)
        return FL_OK;
    builder b;
    FL_CHECK(builder_open(&b));
    put_words(b.out, count, words);
    FL_CHECK(builder_close(&b));
    fl_status status = record(meta, fingerprint, decides, key, b.text);
    free(b.text);
    return status;
}

/* Now, or the time that SOURCE_DATE_EPOCH asks for (reproducible-builds.org). */
static void iso_date(char text[32]) {
    time_t moment = time(NULL);
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    if (fixed && *fixed && !fixed[strspn(fixed, "0123456789")]) {
        errno = 0;
        long long seconds = strtoll(fixed, NULL, 10);
        moment = errno ? moment : (time_t)seconds;
    }
    struct tm parts;
    if (!gmtime_r(&moment, &parts) || !strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts))
        strcpy(text, "unknown");
}

static fl_status record_program(const fl_cli_options *o, fl_meta *meta, FILE *fingerprint) {
    char host[256] = "unknown";
    gethostname(host, sizeof host - 1);
    FL_CHECK(record(meta, fingerprint, true, "program", o->tool->name));
    if (o->mode->name)
        FL_CHECK(record(meta, fingerprint, true, "mode", o->mode->name));
    FL_CHECK(record(meta, fingerprint, true, "version", fl_version()));
    FL_CHECK(record(meta, fingerprint, false, "commit", fl_commit()));
    return record(meta, fingerprint, false, "host", host);
}

static fl_status record_machine(const fl_cli_options *o, fl_meta *meta) {
    char date[32];
    iso_date(date);
    if (o->mode->common & FL_WITH_THREADS)
        FL_CHECK(fl_meta_set(meta, "threads", "%" PRId64, o->basics.common.threads));
    if (fl_ranks_count() > 1)
        FL_CHECK(fl_meta_set(meta, "ranks", "%d", fl_ranks_count()));
    FL_CHECK(fl_meta_set(meta, "kernel", "%s", fl_kernel_name()));
    return fl_meta_set(meta, "date", "%s", date);
}

static fl_status record_all(const fl_cli_options *o, int argc, char *const *argv, fl_meta *meta,
                            FILE *fingerprint) {
    FL_CHECK(record_program(o, meta, fingerprint));
    FL_CHECK(record_words(meta, fingerprint, false, "command", (size_t)(argc > 0 ? argc : 0),
                          (const char *const *)argv));
    FL_CHECK(record_words(meta, fingerprint, true, "files", o->file_count, o->files));
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        FL_CHECK(record_option(meta, fingerprint, slot));
    return record_machine(o, meta);
}

fl_status fl_cli_provenance(const fl_cli_options *o, int argc, char *const *argv, fl_meta *meta,
                            char **fingerprint) {
    builder b;
    *fingerprint = NULL;
    FL_CHECK(builder_open(&b));
    fl_status status = record_all(o, argc, argv, meta, b.out);
    fl_status closed = builder_close(&b);
    if (status != FL_OK || closed != FL_OK) {
        free(closed == FL_OK ? b.text : NULL);
        return status != FL_OK ? status : closed;
    }
    *fingerprint = b.text;
    return FL_OK;
}
