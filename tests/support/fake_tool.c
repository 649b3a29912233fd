/* See fake_tool.h. */
#include "tests/support/fake_tool.h"

#include <math.h>

#define AT(member) offsetof(fake_settings, member)

const fl_option fake_options[] = {
    {"jd", FL_OPTION_REALS, AT(reals), "LIST", NULL, -2, 6, .required = true,
     .help = "self-couplings", .unit = "standard deviations of the field"},
    {"n", FL_OPTION_INTEGERS, AT(integers), "LIST", "20,50", 1, 1e6, .help = "neurons"},
    {"samples", FL_OPTION_INTEGER, AT(integer), "NUMBER", "10", 1, INFINITY,
     .help = "networks that are drawn for each n"},
    {"word", FL_OPTION_UINT64, AT(word), "NUMBER", "7", .help = "a word of 64 bits"},
    {"beta", FL_OPTION_REAL, AT(real), "BETA", "0.5", 0, 1, .help = "inverse temperature"},
    {"summary", FL_OPTION_FLAG, AT(flag), .help = "one row for each (n, jd)"},
    {"sampler", FL_OPTION_CHOICE, AT(choice), "WHICH", "slow", .choices = "slow|fast",
     .help = "how it is drawn"},
    {"note", FL_OPTION_TEXT, AT(text), "TEXT", .help = "goes into the provenance"},
    {"pause", FL_OPTION_DURATION, AT(duration), "TIME", "1m", .help = "between two looks",
     .hidden_from_meta = true},
    {"shift", FL_OPTION_REAL, AT(shift), "X", .help = "of the origin", .otherwise = "the sampler's",
     .given = AT(shift_given)},
    {.name = NULL},
};

const fl_option fake_file_options[] = {
    {"weight", FL_OPTION_REAL, 0, "W", "1", .help = "of each file"},
    {.name = NULL},
};

fake_seen fake_saw;

static void see_run(const fl_run *run) {
    const char *const *files;
    fake_saw.calls++;
    fake_saw.common = run->common;
    snprintf(fake_saw.mode, sizeof fake_saw.mode, "%s", run->mode);
    snprintf(fake_saw.program, sizeof fake_saw.program, "%s", run->program);
    snprintf(fake_saw.output, sizeof fake_saw.output, "%s",
             run->common.output ? run->common.output : "");
    snprintf(fake_saw.fingerprint, sizeof fake_saw.fingerprint, "%s", run->fingerprint);
    *fake_saw.files = *fake_saw.meta = 0;
    for (size_t i = 0; i < fl_run_files(run, &files); i++)
        strcat(strcat(fake_saw.files, files[i]), ";");
    for (size_t i = 0; i < run->meta.count; i++)
        strcat(strcat(strcat(strcat(fake_saw.meta, run->meta.keys[i]), ": "), run->meta.values[i]),
               "\n");
}

static fl_status run_all(fl_run *run, const void *given) {
    const fake_settings *s = given;
    see_run(run);
    fake_saw.s = *s;
    for (size_t i = 0; i < s->reals.count && i < 64; i++)
        fake_saw.jd[i] = s->reals.values[i];
    for (size_t i = 0; i < s->integers.count && i < 64; i++)
        fake_saw.n[i] = s->integers.values[i];
    snprintf(fake_saw.note, sizeof fake_saw.note, "%s", s->text ? s->text : "(none)");
    static const fl_column columns[] = {{"jd", FL_REAL, NULL}};
    fl_table *table;
    FL_CHECK(fl_run_table(run, &table, columns, 1));
    for (size_t i = 0; i < s->reals.count; i++) {
        fl_status status = fl_table_row(table, (fl_cell[]){FL_NUM(s->reals.values[i])});
        if (status != FL_OK) {
            fl_table_discard(table);
            return status;
        }
    }
    return fl_table_close(table);
}

static fl_status run_files(fl_run *run, const void *given) {
    see_run(run);
    return *(const double *)given < 0 ? fl_fail(FL_UNDECIDED, "no convergence in 3 steps") : FL_OK;
}

static const fl_mode fake_modes[] = {
    {"values", "takes every type of option",
     "Long words about what is computed, which have to be broken into lines that fit the terminal, "
     "whatever its width.\n\nColumns:\n  jd   the self-coupling, a line that is kept as it is\n",
     "fl-fake values --jd 0:1:0.1", fake_options, sizeof(fake_settings),
     FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME, run_all, false},
    {"files", "takes files", NULL, NULL, fake_file_options, sizeof(double), 0, run_files, true},
};
static const fl_tool fake = {"fl-fake", "a tool for tests", fake_modes, 2};

static const fl_mode only_mode[] = {
    {NULL, NULL, NULL, NULL, fake_file_options, sizeof(double), FL_WITH_SEED, run_files, false}};
static const fl_tool single = {"fl-single", "a tool with one mode", only_mode, 1};

static const fl_mode merge_mode[] = {
    {NULL, NULL, NULL, NULL, fake_file_options, sizeof(double), 0, run_files, true}};
static const fl_tool merge = {"fl-merge", "a tool that takes files", merge_mode, 1};

int fake_main(int argc, char **argv) {
    return fl_tool_main(&fake, argc, argv);
}

int single_main(int argc, char **argv) {
    return fl_tool_main(&single, argc, argv);
}

int merge_main(int argc, char **argv) {
    return fl_tool_main(&merge, argc, argv);
}

char *fake_run(test_tool tool, const char *arguments) {
    char *out, *err;
    int calls = fake_saw.calls, code = test_run_tool(tool, "fl-fake", arguments, &out, &err);
    if (code != 0 || *err)
        fail_msg("%s: exit %d: %s", arguments, code, err);
    assert_int_equal(fake_saw.calls, calls + 1);
    free(err);
    return out;
}

void fake_run_quietly(const char *arguments) {
    free(fake_run(fake_main, arguments));
}

void fake_run_bad(test_tool tool, int code, const char *arguments, const char *fragments) {
    char *out, *err, words[300], *save = NULL;
    int calls = fake_saw.calls, got = test_run_tool(tool, "fl-fake", arguments, &out, &err);
    const char *newline = strchr(err, '\n');
    if (got != code || *out || strncmp(err, "fl-", 3) != 0 || !newline || newline[1])
        fail_msg("%s: exit %d, not %d; stdout '%s', stderr '%s'", arguments, got, code, out, err);
    snprintf(words, sizeof words, "%s", fragments);
    for (char *w = strtok_r(words, "|", &save); w; w = strtok_r(NULL, "|", &save))
        if (!strstr(err, w))
            fail_msg("%s: '%s' is not in: %s", arguments, w, err);
    assert_int_equal(fake_saw.calls, calls);
    free(out);
    free(err);
}

void fake_write(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

void assert_in(const char *text, const char *fragment) {
    if (!strstr(text, fragment))
        fail_msg("'%s' is not in:\n%s", fragment, text);
}
