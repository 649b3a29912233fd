/* fl-verify: does simulation meet the theory? See report.h; `make verify` calls it. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "fixland/cli.h"
#include "verify/front.h"
#include "verify/report.h"
#include "verify/sections.h"

typedef struct settings {
    const char *folder;
    bool keep;
} settings;

static const section *const sections[] = {
    &section_count,    &section_pairs, &section_overlap,    &section_phase,   &section_modules,
    &section_dynamics, &section_local, &section_montecarlo, &section_variety, &section_learning};
enum { SECTIONS = sizeof sections / sizeof *sections };

/* The first part, which reads the tables of all sections. */
static fl_status write_front(report *r) {
    char path[1024];
    story texts;
    snprintf(path, sizeof path, "%s/story.txt", report_texts(r));
    FL_CHECK(story_read(&texts, path));
    fl_status status = front_write(r, report_front(r), &texts, sections, SECTIONS);
    snprintf(path, sizeof path, "%s/claims.md", report_folder(r));
    if (status == FL_OK)
        status = front_claims(r, &texts, path);
    story_clear(&texts);
    return status;
}

static fl_status run_main(fl_run *run, const void *given) {
    const settings *s = given;
    report *r;
    size_t failed;
    FL_CHECK(report_open(&r, s->folder, run->common.seed, s->keep));
    for (size_t k = 0; k < SECTIONS; k++)
        report_section(r, sections[k]);
    if (write_front(r) != FL_OK) {
        char name[600];
        snprintf(name, sizeof name, "the first part was written (%s)", fl_message());
        report_check_close(r, name, 0, 1, 0);
    }
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
    {.name = "keep",
     .type = FL_OPTION_FLAG,
     .offset = offsetof(settings, keep),
     .help = "do not compute a table again that is in DIR/data"},
    {.name = NULL},
};

static const fl_mode modes[] = {
    {.summary = "verify the theory against simulation",
     .options = options,
     .settings_size = sizeof(settings),
     .common = FL_WITH_SEED,
     .run = run_main},
};

static const fl_tool tool = {.name = "fl-verify",
                             .summary = "Verify the theory against simulation",
                             .modes = modes,
                             .mode_count = 1};

int main(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}
