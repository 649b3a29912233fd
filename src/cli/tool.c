/* The life of a tool, from its words to its exit code. */
#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

#include "fixland/output.h"
#include "src/cli/internal.h"
#include "src/par/ranks.h"

/* Refused now rather than after the run. */
static fl_status check_output(const fl_common *common) {
    if (common->output)
        return fl_output_allowed(common->output, common->force);
    return fl_cli_standard_writable();
}

/* Completes the sentence about a stop: by what, and how to go on. */
static fl_status explain_stop(fl_status status, const fl_run *run, unsigned common) {
    const char *by = fl_stop_reason();
    if (status != FL_STOPPED || !by || strstr(fl_message(), by))
        return status;
    bool resumes = (common & FL_WITH_RESUME) && fl_cli_resumable(&run->common);
    return fl_fail(status, "%s, by %s%s", fl_message(), by, resumes ? "; --resume continues" : "");
}

static fl_status run_tool(fl_cli_options *o, fl_run *run) {
    fl_cli_impatience watch = {0};
    fl_cli_stop_limit(run->common.time_limit);
    fl_cli_timing timing;
    FL_CHECK(fl_cli_timing_begin(&timing, run, &o->basics));
    bool keeps = o->mode->common & FL_WITH_RESUME;
    if (fl_ranks_count() == 1 ||
        (!keeps && !fl_ranks_serving())) /* else src/par/lead.c sees to it */
        fl_cli_impatience_begin(&watch, run, keeps);
    fl_status status = fl_cli_several_run(o, run);
    fl_cli_impatience_end(&watch);
    status = fl_cli_timing_end(&timing, run, status);
    return explain_stop(status, run, o->mode->common);
}

static fl_status prepare_and_run(fl_cli_options *o, int argc, char **argv) {
    fl_cli_written written = {0};
    FL_CHECK(fl_cli_options_resolve(o));
    o->written = &written;
    fl_run run = {.common = o->basics.common,
                  .program = o->tool->name,
                  .mode = o->mode->name ? o->mode->name : "",
                  .files = o->files,
                  .file_count = o->file_count,
                  .options = o};
    FL_CHECK(check_output(&run.common));
    fl_status status = fl_cli_provenance(o, argc, argv, &run.meta, &run.fingerprint);
    if (status == FL_OK && o->basics.config)
        status = fl_cli_input_apart(&run, o->basics.config);
    for (size_t k = 0; status == FL_OK && k < o->file_count; k++)
        status = fl_cli_input_apart(&run, o->files[k]);
    if (status == FL_OK)
        status = run_tool(o, &run);
    fl_cli_written_clear(&written);
    free(run.fingerprint);
    fl_meta_clear(&run.meta);
    return status;
}

static fl_status tool_run(const fl_tool *tool, int argc, char **argv) {
    fl_cli_options options = {0};
    if (argc > 1 && strcmp(argv[1], "--print") == 0)
        return fl_cli_pages(tool, argc - 2, argv + 2);
    fl_status status = fl_cli_command(&options, tool, argc, argv);
    if (status == FL_OK && options.basics.help)
        status = fl_cli_help(&options);
    else if (status == FL_OK && options.basics.usage)
        status = fl_cli_usage(&options);
    else if (status == FL_OK && options.basics.version)
        status = fl_cli_version(tool);
    else if (status == FL_OK)
        status = prepare_and_run(&options, argc, argv);
    fl_cli_options_clear(&options);
    if (status == FL_OK)
        return fl_cli_standard_flush();
    return status;
}

int fl_tool_main(const fl_tool *tool, int argc, char **argv) {
    fl_cli_stop before;
    if (fl_cli_again(tool))
        return 0;
    unsigned held = fl_cli_standard_hold();
    gsl_set_error_handler_off(); /* it would end the program: errors are returned instead */
    fl_cli_stop_begin(&before);
    fl_status status = tool_run(tool, argc, argv);
    if (status == FL_EIO && fl_cli_standard_unread())
        fl_cli_stop_unread(&before);
    if (status != FL_OK)
        fprintf(stderr, "%s: %s\n", tool->name,
                *fl_message() ? fl_message() : fl_status_name(status));
    fl_cli_standard_flush(); /* what a failed run left there goes now, not at exit */
    fl_cli_stop_end(&before);
    fl_cli_standard_release(held);
    return fl_exit_code(status);
}
