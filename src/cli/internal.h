/* What the files of src/cli share: the options of one run, from the table to the settings. */
#ifndef FIXLAND_CLI_INTERNAL_H
#define FIXLAND_CLI_INTERNAL_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "fixland/cli.h"
#include "fixland/status.h"

/* ---- options.c: one option of this run. */
typedef struct fl_cli_slot {
    fl_option option;     /* as the table has it, with the default that a group gives it */
    void *target;         /* its value, in the settings struct or in fl_cli_basics */
    bool *given;          /* the option's `given`, NULL without */
    bool common;          /* one of the common options */
    bool immediate;       /* --config, --help, --version: not for config files */
    bool set;             /* has a value: by default, from the file or from the command line */
    bool told;            /* from the file or from the command line */
    const char *argument; /* as given on the command line, NULL when it was not */
    const char *resolved; /* the text that its value came from */
    fl_reals values;      /* of an option with `each`: all of them */
} fl_cli_slot;

/* The settings behind the common options. */
typedef struct fl_cli_basics {
    fl_common common;
    const char *config, *task_times;
    bool help, version, usage, timing;
} fl_cli_basics;

/* ---- apart.c: files that a run writes beside its table, by their options, and those that it reads; the names are
 * canonical. See fl_run_apart. */
enum { FL_CLI_WRITTEN = 12 };
typedef struct fl_cli_written {
    size_t count;
    const char *options[FL_CLI_WRITTEN];
    char *names[FL_CLI_WRITTEN];
    char **inputs;
    size_t input_count, input_room;
} fl_cli_written;

void fl_cli_written_clear(fl_cli_written *written);

/* FL_EUSAGE for an input that is the file of an output; FL_ENOMEM. */
fl_status fl_cli_input_apart(const fl_run *run, const char *path);

typedef struct fl_cli_options {
    const fl_tool *tool;
    const fl_mode *mode;
    bool mode_given; /* by a word */
    void *settings;  /* of the mode */
    fl_cli_basics basics;
    fl_cli_slot *slots; /* the mode's options, then the common ones, as the tables list them */
    size_t count;
    const char **files;
    size_t file_count;
    char *defaults;          /* what fallbacks of groups point into, one for all */
    char *config_text;       /* what texts from the config file point into */
    fl_cli_written *written; /* of the run */
} fl_cli_options;

/* Finds the mode and makes the slots; no values yet. */
fl_status fl_cli_options_init(fl_cli_options *options, const fl_tool *tool, const fl_mode *mode);
void fl_cli_options_clear(fl_cli_options *options);

/* Parses `text` into the slot; `what` opens the sentence of a failure. */
fl_status fl_cli_slot_set(fl_cli_slot *slot, const char *what, const char *text);

/* Defaults, config file, command line, in this order; then what is required. */
fl_status fl_cli_options_resolve(fl_cli_options *options);

/* "a list of numbers such as ..., each from 0 to 1": what the option takes. */
void fl_cli_allowed(const fl_option *option, char *text, size_t size);

/* Lists and ranges of numbers? */
bool fl_cli_takes_list(const fl_option *option);

/* Defaults alone, the first step of that. */
fl_status fl_cli_options_defaults(fl_cli_options *options);

/* ---- several.c: runs the mode, for each of the values where options have several; how fl_run_table and
 * fl_run_journal do it for one point of them (`several` NULL: of the only one). */
struct fl_several;
fl_status fl_cli_several_run(fl_cli_options *options, fl_run *run);
fl_status fl_several_table(fl_run *run, fl_table **table, const fl_column *columns, size_t count);
fl_status fl_several_journal(const struct fl_several *several, const char *output, uint64_t point,
                             char **path);

/* ---- again.c: was it fl_run_again that called the tool? Then it is done. */
bool fl_cli_again(const fl_tool *tool);

/* ---- command.c: the words of a command line. */

/* Finds the mode (the word is taken off) and collects each option's argument and the files. */
fl_status fl_cli_command(fl_cli_options *options, const fl_tool *tool, int argc, char **argv);

/* ---- config.c: sets slots from a file of "key = value" lines. */
fl_status fl_cli_config(fl_cli_options *options, const char *path);

/* ---- parse.c */

/* `text` fit for a sentence: printable, shortened, '' when empty. Returns `shown`. */
enum { FL_CLI_SHOWN = 72 };
const char *fl_cli_shown(const char *text, char shown[FL_CLI_SHOWN]);

/* A list "a, b, c" that did not fit into its `size` bytes ends after the last name that did. */
void fl_cli_shorten(char *names, size_t size);

/* " from 0 to 1", " of at least 1" or nothing, after "a number". */
void fl_cli_limits(double low, double high, char *text, size_t size);
fl_status fl_cli_parse_flag(const char *what, const char *text, bool *value);
fl_status fl_cli_parse_choice(const char *what, const char *text, const char *choices, int *value);

/* Names of what the parsers take. */
extern const char fl_cli_real[], fl_cli_integer[], fl_cli_uint64[], fl_cli_reals[],
    fl_cli_integers[], fl_cli_duration[];

/* ---- help.c */
/* --help; --usage; the same as --help as a manual page. */
fl_status fl_cli_help(const fl_cli_options *options);
fl_status fl_cli_usage(const fl_cli_options *options);
fl_status fl_cli_manual(const fl_cli_options *options);
fl_status fl_cli_version(const fl_tool *tool);

/* ---- completion.c: what --print is followed by, for the installation. */
fl_status fl_cli_pages(const fl_tool *tool, int argc, char **argv);

/* ---- provenance.c: fills run->meta and *fingerprint (owned, free) from resolved options. */
fl_status fl_cli_provenance(const fl_cli_options *options, int argc, char *const *argv,
                            fl_meta *meta, char **fingerprint);

/* ---- standard.c: descriptors 0 to 2, and text on a checked standard output. */

/* Occupies closed ones so that no file of ours gets their number; writing there still fails.
 * Returns what fl_cli_standard_release gives back. */
unsigned fl_cli_standard_hold(void);
void fl_cli_standard_release(unsigned held);

/* FL_EIO unless standard output is open for writing. */
fl_status fl_cli_standard_writable(void);

/* Writes what is left in the buffer of stdout; on failure (FL_EIO) it is dropped. */
fl_status fl_cli_standard_flush(void);

/* Did the last failure come of a reader of standard output that went away (`| head`)? */
bool fl_cli_standard_unread(void);

/* Writes `text` and flushes; FL_EIO. */
fl_status fl_cli_print(const char *text);

/* ---- run_record.c: one line of what a checkpoint is known by, and not of the provenance. */
fl_status fl_cli_decide(fl_run *run, const char *key, const char *value);

/* ---- run.c: whether the run has a place for a checkpoint. */
bool fl_cli_resumable(const fl_common *common);

/* ---- job_limit.c: --time-limit auto. FL_EUSAGE outside a job of Slurm. */
fl_status fl_cli_job_limit(double *limit);
/* What squeue says is left, "1-03:05:12" or "UNLIMITED" (infinity), in seconds; FL_EUSAGE. */
fl_status fl_cli_job_left(const char *text, double *seconds);
/* The limit for a job with so much left: a twentieth, 5 s to 2 minutes, is kept for the end. */
double fl_cli_job_share(double left);

/* ---- terminal.c: columns of the terminal that stderr ends at, 0: it ends elsewhere. */
int fl_cli_terminal(void);

/* ---- timing.c: --timing and --task-times, around the mode's run function. */
typedef struct fl_cli_timing {
    bool said;
    double begin;
    fl_table *table; /* or NULL */
    fl_status status;
} fl_cli_timing;

fl_status fl_cli_timing_begin(fl_cli_timing *timing, fl_run *run, const fl_cli_basics *basics);
/* Returns `status`, or what writing the table says. The table appears with FL_OK only. */
fl_status fl_cli_timing_end(fl_cli_timing *timing, const fl_run *run, fl_status status);

/* ---- stop.c */
enum { FL_CLI_SIGNALS = 7 };

/* How things were before. */
typedef struct fl_cli_stop {
    struct sigaction actions[FL_CLI_SIGNALS];
    int64_t deadline;
    int reason;
} fl_cli_stop;

/* Installs the handlers until fl_cli_stop_end; pairs may nest. */
void fl_cli_stop_begin(fl_cli_stop *before);
void fl_cli_stop_end(const fl_cli_stop *before);

/* A limit from now on, in seconds; 0: none. */
void fl_cli_stop_limit(double seconds);

/* Does no tool run around this one? And the descriptor to which a byte is written at each signal
 * that asks for a stop; -1: none. */
bool fl_cli_stop_outermost(void);
void fl_cli_stop_tell(int descriptor);

/* Ends the process by SIGPIPE, as other tools end when nobody reads on; returns where the caller of
 * the tool had SIGPIPE ignored. */
void fl_cli_stop_unread(const fl_cli_stop *before);

/* fl_stop_requested, for somebody who will not act on it; that somebody who does has heard; has any? */
bool fl_cli_stop_due(void);
void fl_cli_stop_hear(void);
bool fl_cli_stop_heard(void);

/* ---- impatience.c: ends the process where a run does not see a stop; `keeps`: in its checkpoint, what it did. */
typedef struct fl_cli_impatience {
    const char *program;
    bool keeps, resumes;
    pthread_t thread;
    atomic_bool over;
    bool watching;
} fl_cli_impatience;

void fl_cli_impatience_begin(fl_cli_impatience *w, const fl_run *run, bool keeps);
void fl_cli_impatience_end(fl_cli_impatience *w);

#endif
