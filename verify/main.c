/* fl-verify: does simulation meet the theory? See report.h; `make verify` calls it. */
#include <stddef.h>
#include <stdio.h>

#include "fixland/cli.h"
#include "verify/report.h"
#include "verify/sections.h"

typedef struct settings {
    const char *folder;
} settings;

static const section *const sections[] = {
    &section_count,   &section_pairs,    &section_overlap,    &section_phase,
    &section_modules, &section_dynamics, &section_montecarlo, &section_learning};

static fl_status run(fl_run *run, const void *given) {
    const settings *s = given;
    report *r;
    size_t failed;
    FL_CHECK(report_open(&r, s->folder, run->common.seed));
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++)
        report_section(r, sections[k]);
    FL_CHECK(report_close(r, &failed));
    if (failed)
        return fl_fail(FL_EMISMATCH, "%zu checks failed; see %s/index.html", failed, s->folder);
    return FL_OK;
}

static const fl_option options[] = {
    {.name = "folder",
     .type = FL_OPTION_TEXT,
     .offset = offsetof(settings, folder),
     .argument = "DIR",
     .fallback = "build/report",
     .help = "where index.html, the figures and the tables go"},
    {.name = NULL},
};

static const fl_mode modes[] = {
    {.summary = "verify the theory against simulation",
     .options = options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED,
     .run = run},
};

static const fl_tool tool = {.name = "fl-verify",
                             .summary = "Verify the theory against simulation",
                             .modes = modes,
                             .mode_count = 1};

int main(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}
