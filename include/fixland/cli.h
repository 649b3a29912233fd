/* The command line that all tools share.
 *
 * A tool is a table: its modes, and for each mode a table of options. Parsing, range checks,
 * --help, --config files, the provenance saved with the data and the exit code come from the table
 * (glibc argp underneath). A mode's run function gets its settings resolved and checked.
 *
 * Words: "tool MODE [OPTION ...]"; without a mode word the first mode runs. Later options override
 * earlier ones, the command line overrides --config FILE, the file overrides the defaults. */
#ifndef FIXLAND_CLI_H
#define FIXLAND_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/journal.h"
#include "fixland/meta.h"
#include "fixland/network.h"
#include "fixland/status.h"
#include "fixland/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lists: "0.1,0.2,0.5", ranges "0:1:0.05" (both ends, when the step meets the end to 1e-9 of a
 * step), "2:10" (step 1), "1:0:-0.1" and mixtures "1,2,5:20:5"; at most 1e7 values. The values of a
 * range are the doubles that one would type: 0:1:0.1 holds 0.3, not 0 + 3 * 0.1. */
typedef struct fl_reals {
    size_t count;
    double *values;
} fl_reals;

typedef struct fl_integers {
    size_t count;
    int64_t *values;
} fl_integers;

typedef enum fl_option_type {
    FL_OPTION_FLAG,     /* bool; --name, or --name=no against a --config file that sets it */
    FL_OPTION_INTEGER,  /* int64_t */
    FL_OPTION_UINT64,   /* uint64_t */
    FL_OPTION_REAL,     /* double */
    FL_OPTION_INTEGERS, /* fl_integers */
    FL_OPTION_REALS,    /* fl_reals */
    FL_OPTION_CHOICE,   /* int: index into `choices` */
    FL_OPTION_TEXT,     /* const char *, NULL when not given and without default */
    FL_OPTION_DURATION  /* double, seconds >= 0: "90", "15m", "2h", "1d" */
} fl_option_type;

typedef struct fl_option {
    const char *name; /* long name, without the dashes */
    fl_option_type type;
    size_t offset;        /* offsetof the value in the settings struct */
    const char *argument; /* name of the argument in --help; NULL for flags */
    const char *fallback; /* default, as it would be typed; NULL: none (see `required`): the setting
                           * stays zero */
    double low, high;     /* allowed range of numbers (and of list entries), ends included; both 0:
                           * no limit; -INFINITY, INFINITY: none on that side. NaN and infinity are
                           * never allowed as values */
    const char *choices;  /* "tsv|json"; of a text: words that it may be, or that it may list */
    bool required;
    const char *help;      /* a sentence fragment; unit, range and default are appended from the
                            * table */
    bool hidden_from_meta; /* how it is run, not what is computed: neither in the provenance nor in
                            * the checkpoint fingerprint (--quiet, --output, ...) */
    const char *unit;      /* for --help; NULL: none */
    const char *otherwise; /* for --help, without fallback: where the value comes from when it is
                            * not given ("the preset's"); NULL: nothing is said */
    /* A whole table in this place, for a struct at `offset` of the settings (FL_GROUP). Of the
     * other members only `name` (not empty) and `fallback` matter: "n=64 jd=0.5 eta= -shard" sets
     * defaults of the table's options, takes away the one of eta, and leaves the option shard out.
     */
    const struct fl_option *group;
    /* Of a number: a list, too, in a mode with FL_WITH_LISTS, which is then run for each of its values; `offset` is
     * that of the present one. */
    bool each;
    size_t given; /* offsetof a bool in the settings, true when the command line or the file gave a
                   * value; 0 (so never the first member): none. Tells 0 from not given */
} fl_option;

/* The options of `table`, for the member `member` of `settings_type`; what follows may change its
 * defaults: FL_GROUP(fl_variance_options, settings, variance, .fallback = "variance=n-1"). */
#define FL_GROUP(table, settings_type, member, ...)                                                \
    { .name = #table, .group = (table), .offset = offsetof(settings_type, member), __VA_ARGS__ }

/* What every tool understands. */
typedef struct fl_common {
    const char *output; /* NULL: standard output (also when "-" was given) */
    int format;         /* fl_table_format */
    bool force;
    bool quiet;
    int64_t threads; /* resolved: >= 1 (1 without FL_WITH_THREADS) */
    uint64_t seed;
    bool resume;
    double time_limit; /* seconds; 0: none */
} fl_common;

/* Which of the common options a mode has beyond --output --format --force --quiet --config --help
 * --version, which all have. */
enum {
    FL_WITH_SEED = 1,
    FL_WITH_THREADS = 2,
    FL_WITH_RESUME = 4, /* --resume and --time-limit */
    FL_WITH_LISTS = 8   /* no option: `each` of the option table is heeded */
};

/* Handed to a mode's run function. */
typedef struct fl_run {
    fl_common common;
    fl_meta meta;               /* provenance, complete */
    char *fingerprint;          /* the lines of meta that decide the result: for fl_journal_open */
    const char *program, *mode; /* mode is "" where the tool's only mode has no name */
    const char *const *files;   /* see fl_run_files */
    size_t file_count;
    const struct fl_cli_options *options; /* for fl_run_given */
    struct fl_several *several;           /* the points of options with several values, or NULL */
    const fl_frame *rows; /* of fl_run_again: the table is made from these, nothing is computed */
} fl_run;

/* A table that a mode writes, for --help. */
typedef struct fl_mode_table {
    const char *heading; /* "Columns with --summary"; NULL: "Columns" */
    const fl_column *columns;
    size_t count;
} fl_mode_table;

typedef struct fl_mode {
    const char *name;         /* "count"; the first mode is the default one */
    const char *summary;      /* one line for the list of modes */
    const char *details;      /* a paragraph or more: what is computed, source. May be NULL */
    const char *example;      /* one command line that works. May be NULL */
    const fl_option *options; /* ends with an entry whose name is NULL */
    size_t settings_size;     /* bytes of the settings struct */
    unsigned common;          /* FL_WITH_... */
    fl_status (*run)(fl_run *run, const void *settings);
    bool takes_files; /* non-option arguments are collected into run (see fl_run_files) */
    const fl_mode_table *tables; /* what it writes; ends with an entry whose columns are NULL. May
                                  * be NULL */
    bool again; /* `run` makes its table from fl_run.rows, too, which shards of it have written */
} fl_mode;

typedef struct fl_tool {
    const char *name;    /* "fl-entropy" */
    const char *summary; /* one line */
    const fl_mode *modes;
    size_t mode_count; /* a tool with one mode may have the name NULL there: no mode word */
} fl_tool;

/* The whole life of a tool: parse, refuse an existing --output, install signal handling, run,
 * announce errors on stderr as "fl-entropy: <sentence>", return the exit code. May be called
 * repeatedly in one process, also by a run function, but by one thread at a time. Signal handlers
 * are put back as they were. */
int fl_tool_main(const fl_tool *tool, int argc, char **argv);

/* Lets a mode of another tool make its table from the rows of its shards, in order: what one run
 * writes. Its settings are those that the provenance of `rows` tells; --output, --force, --format and
 * the provenance of the table are those of `run`. `summary`: the table that it has with --summary, or
 * without --per-sample. FL_EUSAGE for a mode that cannot, or without such options; what the mode
 * returns. */
fl_status fl_run_again(fl_run *run, int (*tool)(int argc, char **argv), const fl_frame *rows,
                       bool summary);

/* The non-option arguments of a mode with takes_files. */
size_t fl_run_files(const fl_run *run, const char *const **files);

/* Did the command line or the --config file give this option? */
bool fl_run_given(const fl_run *run, const char *option);

/* FL_EUSAGE when one of `options` (names, ended by NULL) was given: `why` says beside what it does
 * nothing ("--network J.txt", "without --start"). */
fl_status fl_run_refuse(const fl_run *run, const char *const *options, const char *why);

/* The same, and the provenance tells none of them: for options that nothing looks at in this run. FL_EUSAGE,
 * FL_ENOMEM. */
fl_status fl_run_leave_out(fl_run *run, const char *const *options, const char *why);

/* Puts `key` into the provenance and into what a checkpoint is known by, or changes it there;
 * fl_run_forget takes it out of both. Call them before the table and the checkpoint are opened.
 * FL_ENOMEM. */
fl_status fl_run_record(fl_run *run, const char *key, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4)))
#endif
    ;
fl_status fl_run_forget(fl_run *run, const char *key);

/* FL_EUSAGE when `path`, the value of `option`, is --output, its checkpoint, or what else the run reads or writes. */
fl_status fl_run_apart(const fl_run *run, const char *option, const char *path);

/* A sentence for people, on stderr, not with --quiet. */
void fl_run_warn(const fl_run *run, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Opens the run's table: --output, --force, --format, provenance. FL_EEXIST, FL_EIO as in output.h;
 * FL_EINVAL for columns that no table can have; FL_ENOMEM. */
fl_status fl_run_table(fl_run *run, fl_table **table, const fl_column *columns, size_t count);

/* Opens the run's checkpoint, FILE.journal beside --output FILE, as --resume and --force ask
 * (journal.h). *journal is NULL where nothing can be continued: without --output, or when it names
 * a pipe or a device. Close the table first, then the journal: a checkpoint must not go before the
 * output is there. FL_EEXIST, FL_EMISMATCH, FL_EFORMAT, FL_EIO as in journal.h. */
fl_status fl_run_journal(const fl_run *run, fl_journal **journal);

/* Reads the matrix of --network (matrix.h), and puts its checksum into the provenance and into what
 * a checkpoint is known by: a file of other numbers under the same name is refused by --resume.
 * Call it before the table and the checkpoint are opened. FL_EIO, FL_EFORMAT as in matrix.h;
 * FL_ENOMEM. */
fl_status fl_run_network(fl_run *run, const char *path, bool transpose, fl_network *network);

/* The same for input files of any kind. FL_EUSAGE for a pipe where there is a checkpoint; FL_EIO,
 * FL_ENOMEM. */
fl_status fl_run_inputs(fl_run *run, const char *const *paths, size_t count);

/* What a mode found out that the options do not tell: joins the provenance and what a checkpoint is
 * known by. Call it before the table and the checkpoint are opened. FL_ENOMEM. */
fl_status fl_run_record_all(fl_run *run, const fl_meta *added);

/* Has somebody asked to stop (SIGINT, SIGTERM, time limit)? Async-signal-safe state, cheap to
 * poll, from any thread. */
bool fl_stop_requested(void);

/* Why, as a word for the message: "SIGINT", "SIGTERM", "the time limit"; NULL when not. A second
 * SIGINT kills the process. */
const char *fl_stop_reason(void);

/* Threads, polite stop and progress bar of a run, for the library's plans. */
fl_effort fl_run_effort(const fl_run *run);

/* Progress on stderr: a bar with rate and time left, drawn at most five times a second, only when
 * stderr is a terminal and not --quiet. `done` and `total` in any unit of work; thread-safe. */
void fl_progress_start(const fl_run *run, const char *what, double total);
void fl_progress_update(double done);
void fl_progress_end(void);

/* Parsing of single values, as the option table does it; `what` names the option or key in the
 * sentence. FL_EUSAGE. Release lists with free(list->values). */
fl_status fl_parse_real(const char *what, const char *text, double low, double high, double *value);
fl_status fl_parse_integer(const char *what, const char *text, double low, double high,
                           int64_t *value);
fl_status fl_parse_uint64(const char *what, const char *text, uint64_t *value);
fl_status fl_parse_duration(const char *what, const char *text, double low, double high,
                            double *seconds);
/* The value of --shard, "I/K": *part = I in 1..K, *parts = K <= FL_SHARDS_MOST. NULL leaves both.
 * FL_EUSAGE. */
enum { FL_SHARDS_MOST = 1000000 };
fl_status fl_parse_shard(const char *text, uint64_t *part, uint64_t *parts);
fl_status fl_parse_reals(const char *what, const char *text, double low, double high,
                         fl_reals *list);
fl_status fl_parse_integers(const char *what, const char *text, double low, double high,
                            fl_integers *list);

#ifdef __cplusplus
}
#endif
#endif
