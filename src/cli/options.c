/* The options of a run: from the tables (the mode's and the common one) to the settings. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"
#include "src/par/ranks.h"

#define AT(member) offsetof(fl_cli_basics, member)
#define HOW .hidden_from_meta = true

static const fl_option seed_options[] = {
    {"seed", FL_OPTION_UINT64, AT(common.seed), "NUMBER", "1",
     .help = "master seed: equal seeds give equal results, whatever the threads"},
    {.name = NULL},
};

static const fl_option thread_options[] = {
    {"threads", FL_OPTION_INTEGER, AT(common.threads), "NUMBER", NULL, 1, 4096, HOW,
     .help = "threads; when not given, as many as OpenMP offers (all cores, or OMP_NUM_THREADS)"},
    {"timing", FL_OPTION_FLAG, AT(timing), HOW,
     .help =
         "tell on stderr at the end how long the tasks took, in core hours over all threads and "
         "ranks, parts before --resume included"},
    {"task-times", FL_OPTION_TEXT, AT(task_times), "FILE", HOW,
     .help = "write how long each task took: columns task, seconds, bytes (doc/cluster.md)"},
    {.name = NULL},
};

static const fl_option output_options[] = {
    {"output", FL_OPTION_TEXT, AT(common.output), "FILE", HOW,
     .help = "write the table to FILE, which appears when it is whole; without it, or when FILE is "
             "-, to standard output. An existing FILE is refused without --force"},
    {"format", FL_OPTION_CHOICE, AT(common.format), NULL, "tsv", .choices = "tsv|json", HOW,
     .help = "text with # comments, which gnuplot reads as it is, or JSON"},
    {"force", FL_OPTION_FLAG, AT(common.force), HOW, .help = "replace an existing output"},
    {.name = NULL},
};

static const fl_option resume_options[] = {
    {"resume", FL_OPTION_FLAG, AT(common.resume), HOW,
     .help = "continue a run with --output FILE that was stopped or killed, from its checkpoint "
             "FILE.journal; options that decide the result must be the same. The checkpoint is "
             "removed when FILE is written; with none there the run starts from the beginning. "
             "Without --resume an existing one is refused, or replaced with --force"},
    {"time-limit", FL_OPTION_DURATION, AT(common.time_limit), "TIME", "0", HOW, .choices = "auto",
     .help = "stop cleanly after TIME (90, 15m, 2h, 1d; 0: no limit) with exit status 3; --resume "
             "continues. auto: a little before the end of this job of Slurm"},
    {.name = NULL},
};

static const fl_option quiet_options[] = {
    {"quiet", FL_OPTION_FLAG, AT(common.quiet), HOW, .help = "no progress on a terminal"},
    {.name = NULL},
};

static const fl_option immediate_options[] = {
    {"config", FL_OPTION_TEXT, AT(config), "FILE", HOW,
     .help = "read options from the lines \"name = value\" of FILE, with the names as here without "
             "dashes; # starts a comment. The command line goes before the file (--NAME=no against "
             "a flag that is set there)"},
    {"help", FL_OPTION_FLAG, AT(help), HOW, .help = "print this text"},
    {"version", FL_OPTION_FLAG, AT(version), HOW, .help = "print the version"},
    {.name = NULL},
};

/* The common options in the order of --help; a mode has a group that needs nothing, or something
 * that the mode has. */
static const struct {
    unsigned needs;
    const fl_option *options;
} groups[] = {
    {FL_WITH_SEED, seed_options}, {FL_WITH_THREADS, thread_options},
    {0, output_options},          {FL_WITH_RESUME, resume_options},
    {0, quiet_options},           {0, immediate_options},
};

enum { GROUPS = sizeof groups / sizeof *groups, MOST_BASICS = 16 };

/* Options of a table, and room for the changed defaults that its groups name. */
static size_t count_options(const fl_option *table, size_t *text) {
    size_t count = 0;
    for (const fl_option *option = table; option && option->name; option++) {
        count += option->group ? count_options(option->group, text) : 1;
        *text += option->group && option->fallback ? strlen(option->fallback) + 1 : 0;
    }
    return count;
}

static fl_status prepare_options(fl_cli_options *o) {
    size_t text = 1, own = count_options(o->mode->options, &text);
    o->slots = calloc(own + MOST_BASICS, sizeof *o->slots);
    o->settings = calloc(1, o->mode->settings_size ? o->mode->settings_size : 1);
    o->defaults = calloc(text, 1);
    if (!o->slots || !o->settings || !o->defaults)
        return fl_fail(FL_ENOMEM, "out of memory for the options");
    return FL_OK;
}

static void add_slot(fl_cli_options *o, const fl_option *option, char *base) {
    o->slots[o->count++] =
        (fl_cli_slot){.option = *option,
                      .target = base + option->offset,
                      .given = option->given ? (bool *)(base + option->given) : NULL};
    if (!(o->mode->common & FL_WITH_LISTS))
        o->slots[o->count - 1].option.each = false;
}

/* One word of what a group changes, "jd=0.5", "jd=" or "-jd", in the slots from `first` on. */
static fl_status change_default(fl_cli_options *o, size_t first, char *word) {
    bool leave_out = *word == '-';
    char *name = word + leave_out, *value = name + strcspn(name, "=");
    if (*value)
        *value++ = 0;
    size_t i = first;
    while (i < o->count && strcmp(o->slots[i].option.name, name) != 0)
        i++;
    if (i == o->count)
        return fl_fail(FL_EINVAL, "the option table has no --%s to change", name);
    if (leave_out)
        memmove(&o->slots[i], &o->slots[i + 1], (--o->count - i) * sizeof *o->slots);
    else
        o->slots[i].option.fallback = *value ? value : NULL;
    return FL_OK;
}

/* What a group changes; the words are kept at `text`. */
static fl_status change_defaults(fl_cli_options *o, size_t first, const char *changes, char *text) {
    char *save = NULL;
    strcpy(text, changes);
    for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
        FL_CHECK(change_default(o, first, word));
    return FL_OK;
}

/* Slots for a table's options, whose values lie at their offsets from `base`; *text is where the
 * next changed defaults may be kept. */
static fl_status add_slots(fl_cli_options *o, const fl_option *table, char *base, char **text) {
    for (const fl_option *option = table; option && option->name; option++) {
        size_t first = o->count;
        if (!option->group) {
            add_slot(o, option, base);
            continue;
        }
        FL_CHECK(add_slots(o, option->group, base + option->offset, text));
        if (option->fallback) {
            FL_CHECK(change_defaults(o, first, option->fallback, *text));
            *text += strlen(option->fallback) + 1;
        }
    }
    return FL_OK;
}

static bool has_own(const fl_cli_options *o, size_t own, const char *name) {
    for (size_t i = 0; i < own; i++)
        if (strcmp(o->slots[i].option.name, name) == 0)
            return true;
    return false;
}

/* An option of the mode itself goes before a common one of its name. */
static fl_status add_common(fl_cli_options *o, size_t own, const fl_option *table) {
    size_t first = o->count;
    for (const fl_option *option = table; option->name; option++)
        if (!has_own(o, own, option->name))
            add_slot(o, option, (char *)&o->basics);
    for (size_t i = first; i < o->count; i++) {
        o->slots[i].common = true;
        o->slots[i].immediate = table == immediate_options;
    }
    return FL_OK;
}

fl_status fl_cli_options_init(fl_cli_options *o, const fl_tool *tool, const fl_mode *mode) {
    *o = (fl_cli_options){.tool = tool, .mode = mode};
    FL_CHECK(prepare_options(o));
    char *text = o->defaults;
    FL_CHECK(add_slots(o, mode->options, o->settings, &text));
    size_t own = o->count;
    for (size_t i = 0; i < GROUPS; i++)
        if (groups[i].needs == 0 || (mode->common & groups[i].needs))
            FL_CHECK(add_common(o, own, groups[i].options));
    o->basics.common.threads = (mode->common & FL_WITH_THREADS) ? omp_get_max_threads() : 1;
    return FL_OK;
}

/* Releases a list value before it is replaced, and at the end. */
static void slot_clear(fl_cli_slot *slot) {
    free(slot->values.values);
    slot->values = (fl_reals){0};
    if (slot->option.type == FL_OPTION_REALS) {
        free(((fl_reals *)slot->target)->values);
        *(fl_reals *)slot->target = (fl_reals){0};
    } else if (slot->option.type == FL_OPTION_INTEGERS) {
        free(((fl_integers *)slot->target)->values);
        *(fl_integers *)slot->target = (fl_integers){0};
    }
}

void fl_cli_options_clear(fl_cli_options *o) {
    for (size_t i = 0; o->settings && i < o->count; i++)
        slot_clear(&o->slots[i]);
    free(o->slots);
    free(o->settings);
    free(o->files);
    free(o->defaults);
    free(o->config_text);
    *o = (fl_cli_options){0};
}

static fl_status set_text(const char *what, const char *text, const char **target) {
    if (!*text)
        return fl_fail(FL_EUSAGE, "%s '': empty; allowed: a text", what);
    *target = text;
    return FL_OK;
}

/* With `choices` one word more, which is -1 second until somebody knows better. */
static fl_status set_duration(const fl_option *o, const char *what, const char *text,
                              double *target) {
    if (o->choices && strcmp(text, o->choices) == 0) {
        *target = -1;
        return FL_OK;
    }
    fl_status status = fl_parse_duration(what, text, o->low, o->high, target);
    if (status != FL_OK && o->choices)
        return fl_fail(status, "%s, or %s", fl_message(), o->choices);
    return status;
}

static bool holds_twice(const fl_reals *list, double *value) {
    for (size_t a = 0; a < list->count; a++)
        for (size_t b = 0; b < a; b++)
            if (list->values[a] == list->values[b]) {
                *value = list->values[a];
                return true;
            }
    return false;
}

/* All values, the first of them for now. Whole ones of such options are far below 2^53. */
static fl_status parse_each(fl_cli_slot *slot, const char *what, const char *text) {
    enum { MOST = 10000 };
    const fl_option *o = &slot->option;
    fl_reals *list = &slot->values;
    double twice;
    if (o->type == FL_OPTION_REAL) {
        FL_CHECK(fl_parse_reals(what, text, o->low, o->high, list));
        *(double *)slot->target = list->values[0];
    } else {
        fl_integers whole;
        FL_CHECK(fl_parse_integers(what, text, o->low, o->high, &whole));
        *(int64_t *)slot->target = whole.values[0];
        *list = (fl_reals){whole.count, (double *)whole.values};
        for (size_t k = 0; k < whole.count; k++)
            list->values[k] = (double)whole.values[k];
    }
    if (list->count > MOST)
        return fl_fail(FL_EUSAGE, "%s %s: %zu values; allowed: at most %d", what, text, list->count,
                       MOST);
    if (holds_twice(list, &twice))
        return fl_fail(FL_EUSAGE, "%s %s: %.15g is there twice", what, text, twice);
    return FL_OK;
}

/* The parsers, one a type; what they need besides the text comes from the option. */
static fl_status slot_parse(fl_cli_slot *slot, const char *what, const char *text) {
    const fl_option *o = &slot->option;
    if (o->each)
        return parse_each(slot, what, text);
    switch (o->type) {
    case FL_OPTION_FLAG:
        return fl_cli_parse_flag(what, text, slot->target);
    case FL_OPTION_INTEGER:
        return fl_parse_integer(what, text, o->low, o->high, slot->target);
    case FL_OPTION_UINT64:
        return fl_parse_uint64(what, text, slot->target);
    case FL_OPTION_REAL:
        return fl_parse_real(what, text, o->low, o->high, slot->target);
    case FL_OPTION_INTEGERS:
        return fl_parse_integers(what, text, o->low, o->high, slot->target);
    case FL_OPTION_REALS:
        return fl_parse_reals(what, text, o->low, o->high, slot->target);
    case FL_OPTION_CHOICE:
        return fl_cli_parse_choice(what, text, o->choices, slot->target);
    case FL_OPTION_TEXT:
        return set_text(what, text, slot->target);
    case FL_OPTION_DURATION:
        return set_duration(o, what, text, slot->target);
    }
    return fl_fail(FL_EINVAL, "--%s: unknown type %d in the option table", o->name, (int)o->type);
}

fl_status fl_cli_slot_set(fl_cli_slot *slot, const char *what, const char *text) {
    slot_clear(slot);
    FL_CHECK(slot_parse(slot, what, text));
    slot->set = true;
    slot->resolved = text;
    slot->told = true;
    if (slot->given)
        *slot->given = true;
    return FL_OK;
}

static fl_status set_from_command(fl_cli_slot *slot) {
    char what[64];
    snprintf(what, sizeof what, "--%s", slot->option.name);
    return fl_cli_slot_set(slot, what, slot->argument);
}

bool fl_cli_takes_list(const fl_option *o) {
    return o->each || o->type == FL_OPTION_INTEGERS || o->type == FL_OPTION_REALS;
}

void fl_cli_allowed(const fl_option *option, char *text, size_t size) {
    static const char *const nouns[] = {
        [FL_OPTION_FLAG] = "yes or no",
        [FL_OPTION_INTEGER] = fl_cli_integer,
        [FL_OPTION_UINT64] = fl_cli_uint64,
        [FL_OPTION_REAL] = fl_cli_real,
        [FL_OPTION_INTEGERS] = fl_cli_integers,
        [FL_OPTION_REALS] = fl_cli_reals,
        [FL_OPTION_TEXT] = "a text",
        [FL_OPTION_DURATION] = fl_cli_duration,
        [FL_OPTION_CHOICE] = "one of these words",
    };
    char limits[80];
    fl_cli_limits(option->low, option->high, limits, sizeof limits);
    bool list = fl_cli_takes_list(option);
    const char *noun =
        nouns[option->each ? option->type == FL_OPTION_REAL ? FL_OPTION_REALS : FL_OPTION_INTEGERS
                           : option->type];
    if (option->type == FL_OPTION_CHOICE)
        snprintf(text, size, "%s", option->choices);
    else if (option->type == FL_OPTION_TEXT && option->argument)
        snprintf(text, size, "%s", option->argument);
    else
        snprintf(text, size, "%s%s%s", noun, list && *limits ? ", each" : "", limits);
}

static fl_status check_required(const fl_cli_options *o) {
    for (const fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->option.required && !slot->set) {
            char allowed[160];
            fl_cli_allowed(&slot->option, allowed, sizeof allowed);
            return fl_fail(FL_EUSAGE, "--%s is missing; it takes %s (%s)", slot->option.name,
                           allowed, slot->option.help ? slot->option.help : "see --help");
        }
    return FL_OK;
}

static fl_status check_common(fl_common *common) {
    if (fl_ranks_serving()) { /* rank 0 writes, and says when it is time */
        common->output = "/dev/null";
        common->resume = false;
        common->time_limit = 0;
        common->quiet = true;
    }
    if (common->output && strcmp(common->output, "-") == 0)
        common->output = NULL;
    if (common->resume && !fl_cli_resumable(common))
        return fl_fail(FL_EUSAGE, "--resume needs --output FILE, a regular file: the checkpoint to "
                                  "continue is FILE.journal");
    if (common->time_limit < 0)
        FL_CHECK(fl_cli_job_limit(&common->time_limit));
    return FL_OK;
}

fl_status fl_cli_options_defaults(fl_cli_options *o) {
    for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->option.fallback) {
            FL_CHECK(fl_cli_slot_set(slot, slot->option.name, slot->option.fallback));
            slot->told = false;
            if (slot->given)
                *slot->given = false;
        }
    return FL_OK;
}

fl_status fl_cli_options_resolve(fl_cli_options *o) {
    FL_CHECK(fl_cli_options_defaults(o));
    if (o->basics.config)
        FL_CHECK(fl_cli_config(o, o->basics.config));
    for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->argument && !slot->immediate)
            FL_CHECK(set_from_command(slot));
    FL_CHECK(check_required(o));
    return check_common(&o->basics.common);
}
