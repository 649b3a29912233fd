/* See tool.h. */
#define _GNU_SOURCE /* fopencookie */
#include "tests/fuzz/tool.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "fixland/cli.h"
#include "src/cli/internal.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory.h"

typedef struct settings {
    fl_reals reals;
    fl_integers integers;
    int64_t integer;
    uint64_t word;
    double real, duration;
    bool flag;
    int choice;
    const char *text;
} settings;

#define AT(member) offsetof(settings, member)

static const fl_option options[] = {
    {.name = "jd",
     .type = FL_OPTION_REALS,
     .offset = AT(reals),
     .argument = "LIST",
     .low = -2,
     .high = 6,
     .required = true,
     .help = "reals"},
    {.name = "n",
     .type = FL_OPTION_INTEGERS,
     .offset = AT(integers),
     .argument = "LIST",
     .fallback = "20,50",
     .low = 1,
     .high = 1e6,
     .help = "integers"},
    {.name = "samples",
     .type = FL_OPTION_INTEGER,
     .offset = AT(integer),
     .argument = "NUMBER",
     .fallback = "10",
     .low = 1,
     .high = INFINITY,
     .help = "an integer"},
    {.name = "word",
     .type = FL_OPTION_UINT64,
     .offset = AT(word),
     .argument = "NUMBER",
     .fallback = "7",
     .help = "a word"},
    {.name = "beta",
     .type = FL_OPTION_REAL,
     .offset = AT(real),
     .argument = "BETA",
     .fallback = "0.5",
     .low = 0,
     .high = 1,
     .help = "a real"},
    {.name = "summary", .type = FL_OPTION_FLAG, .offset = AT(flag), .help = "a flag"},
    {.name = "sampler",
     .type = FL_OPTION_CHOICE,
     .offset = AT(choice),
     .argument = "WHICH",
     .fallback = "slow",
     .choices = "slow|fast",
     .help = "a choice"},
    {.name = "note",
     .type = FL_OPTION_TEXT,
     .offset = AT(text),
     .argument = "TEXT",
     .help = "a text"},
    {.name = "pause",
     .type = FL_OPTION_DURATION,
     .offset = AT(duration),
     .argument = "TIME",
     .fallback = "1m",
     .help = "a duration"},
    {.name = NULL},
};

static void check_promises(const settings *s) {
    fuzz_promise(s->reals.count >= 1 && s->integers.count >= 1, "lists are never empty");
    for (size_t k = 0; k < s->reals.count; k++)
        fuzz_promise(s->reals.values[k] >= -2 && s->reals.values[k] <= 6, "bounds of --jd");
    fuzz_promise(s->integer >= 1, "bounds of --samples");
    fuzz_promise(s->real >= 0 && s->real <= 1, "bounds of --beta");
    fuzz_promise(s->choice == 0 || s->choice == 1, "choices of --sampler");
}

static fl_status run(fl_run *r, const void *given) {
    (void)r;
    check_promises(given);
    return FL_OK;
}

static const fl_mode modes[] = {{.summary = "does nothing",
                                 .options = options,
                                 .settings_size = sizeof(settings),
                                 .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
                                 .run = run,
                                 .takes_files = true}};
static const fl_tool tool = {
    .name = "fl-fuzz", .summary = "does nothing", .modes = modes, .mode_count = 1};

static ssize_t swallow(void *context, const char *bytes, size_t length) {
    (void)context;
    (void)bytes;
    return (ssize_t)length;
}

/* Both streams go nowhere meanwhile: messages would drown what the fuzzer says to the descriptors. */
int fuzz_tool(int argc, char **argv) {
    static FILE *nowhere;
    FILE *const streams[] = {stdout, stderr};
    if (!nowhere)
        nowhere = fopencookie(NULL, "w", (cookie_io_functions_t){.write = swallow});
    fuzz_promise(nowhere != NULL, "there is memory");
    stdout = stderr = nowhere;
    fuzz_calm = 1;
    int code = fl_tool_main(&tool, argc, argv);
    fuzz_calm = 0;
    stdout = streams[0];
    stderr = streams[1];
    fuzz_promise(code == 0 || code == 1 || code == 2, "exit codes are known ones");
    return code;
}

void fuzz_tool_settings(int argc, char **argv) {
    fl_cli_options options = {0};
    fl_status status = fl_cli_command(&options, &tool, argc, argv);
    if (status == FL_OK)
        status = fl_cli_options_resolve(&options);
    if (status == FL_OK)
        check_promises(options.settings);
    else
        fuzz_promise(*fl_message() != 0, "a refusal has a sentence");
    fl_cli_options_clear(&options);
}
