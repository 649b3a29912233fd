/* The words of a command line: the mode, then options (glibc argp, told to be silent, so that every
 * error is one sentence of ours) and files. Values are parsed later, in options.c. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"

enum {
    USAGE_KEY = 999,
    FIRST_KEY = 1000
}; /* beyond the characters, which would be short options */

/* What argp's callback works on. */
typedef struct scan {
    fl_cli_options *options;
    int next;       /* the first word not understood yet */
    bool explained; /* a sentence has been left already */
} scan;

/* The words into a bounded text, separated by ", ". */
static void join_command(char *text, size_t size, const char *prefix, const char *word) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s%s", used ? ", " : "", prefix, word);
}

static fl_status unknown_mode(const fl_tool *tool, const char *word) {
    char modes[300] = "", shown[FL_CLI_SHOWN];
    for (size_t i = 0; i < tool->mode_count; i++)
        join_command(modes, sizeof modes, "", tool->modes[i].name);
    return fl_fail(FL_EUSAGE, "unknown mode %s; allowed: %s (--help explains them)",
                   fl_cli_shown(word, shown), modes);
}

/* The mode that `word` selects; *taken tells whether the word is used up by that. */
static fl_status find_mode(const fl_tool *tool, const char *word, const fl_mode **mode,
                           bool *taken) {
    *mode = &tool->modes[0];
    *taken = false;
    if (!word || *word == '-' || !tool->modes[0].name)
        return FL_OK;
    for (size_t i = 0; i < tool->mode_count; i++)
        if (strcmp(tool->modes[i].name, word) == 0) {
            *mode = &tool->modes[i];
            *taken = true;
            return FL_OK;
        }
    return (*mode)->takes_files ? FL_OK : unknown_mode(tool, word);
}

/* How many options `name` (of that length) abbreviates: 1 when it is one's whole name. */
static int matches(const fl_cli_options *o, const char *name, size_t length,
                   const fl_cli_slot **slot, char *names, size_t size) {
    int count = 0;
    *names = 0;
    for (size_t i = 0; i < o->count; i++) {
        const char *known = o->slots[i].option.name;
        if (strncmp(known, name, length) != 0)
            continue;
        *slot = &o->slots[i];
        if (!known[length])
            return 1;
        count++;
        join_command(names, size, "--", known);
    }
    return count;
}

static fl_status needs_argument(const fl_option *option) {
    char allowed[160];
    fl_cli_allowed(option, allowed, sizeof allowed);
    return fl_fail(FL_EUSAGE, "--%s needs an argument; allowed: %s", option->name, allowed);
}

/* Why argp would not take `word`. */
static fl_status explain(const fl_cli_options *o, const char *word) {
    char names[500], shown[FL_CLI_SHOWN];
    const fl_cli_slot *slot = NULL;
    bool is_long = strncmp(word, "--", 2) == 0;
    int count = 0;
    if (is_long)
        count = matches(o, word + 2, strcspn(word + 2, "="), &slot, names, sizeof names);
    if (count == 1)
        return needs_argument(&slot->option);
    if (count > 1)
        return fl_fail(FL_EUSAGE, "%s is ambiguous; allowed: %s", fl_cli_shown(word, shown), names);
    matches(o, "", 0, &slot, names, sizeof names);
    fl_cli_shorten(names, sizeof names);
    return fl_fail(FL_EUSAGE, "unknown option %s; allowed: %s", fl_cli_shown(word, shown), names);
}

static fl_status take_word(fl_cli_options *o, const char *word) {
    if (o->mode->takes_files) {
        o->files[o->file_count++] = word;
        return FL_OK;
    }
    char shown[FL_CLI_SHOWN];
    fl_cli_shown(word, shown);
    for (size_t i = 0; i < o->tool->mode_count; i++)
        if (o->tool->modes[i].name && strcmp(word, o->tool->modes[i].name) == 0)
            return fl_fail(FL_EUSAGE, "the mode %s must be the first word, before all options",
                           shown);
    return fl_fail(FL_EUSAGE, "unexpected word %s; allowed: options only, see --help", shown);
}

static fl_status take_option(scan *s, int key, const char *argument, const struct argp_state *at) {
    fl_cli_slot *slot = &s->options->slots[key - FIRST_KEY];
    bool separate = argument && at->argv[at->next - 1] == argument;
    if (separate && strncmp(argument, "--", 2) == 0)
        return needs_argument(&slot->option);
    slot->argument = argument ? argument : "yes"; /* only flags come without */
    return FL_OK;
}

static error_t on_word(int key, char *argument, struct argp_state *state) {
    scan *s = state->input;
    fl_status status = FL_OK;
    if (key == ARGP_KEY_ERROR && !s->explained)
        explain(s->options, state->argv[s->next < state->argc ? s->next : state->argc - 1]);
    else if (key == 'h')
        s->options->basics.help = true;
    else if (key == 'V')
        s->options->basics.version = true;
    else if (key == USAGE_KEY)
        s->options->basics.usage = true;
    else if (key == ARGP_KEY_ARG)
        status = take_word(s->options, argument);
    else if (key >= FIRST_KEY && key < FIRST_KEY + (int)s->options->count)
        status = take_option(s, key, argument, state);
    else
        return ARGP_ERR_UNKNOWN;
    s->next = state->next;
    s->explained = s->explained || status != FL_OK;
    return status == FL_OK ? 0 : EINVAL;
}

static struct argp_option *make_argp_options(const fl_cli_options *o) {
    struct argp_option *list = calloc(o->count + 4, sizeof *list);
    for (size_t i = 0; list && i < o->count; i++) {
        const fl_option *option = &o->slots[i].option;
        list[i].name = option->name;
        list[i].key = FIRST_KEY + (int)i;
        list[i].arg = "ARG";
        list[i].flags = option->type == FL_OPTION_FLAG ? OPTION_ARG_OPTIONAL : 0;
    }
    if (list) {
        list[o->count].key = 'h';
        list[o->count + 1].key = 'V';
        list[o->count + 2] = (struct argp_option){.name = "usage", .key = USAGE_KEY};
    }
    return list;
}

static fl_status run_argp(fl_cli_options *o, int argc, char **argv) {
    struct argp_option *list = make_argp_options(o);
    if (!list)
        return fl_fail(FL_ENOMEM, "out of memory for the options");
    struct argp argp = {.options = list, .parser = on_word};
    scan s = {.options = o, .next = 1};
    error_t error = argp_parse(
        &argp, argc, argv, ARGP_NO_EXIT | ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_IN_ORDER, NULL, &s);
    free(list);
    if (error == ENOMEM)
        return fl_fail(FL_ENOMEM, "out of memory for the options");
    return error ? FL_EUSAGE : FL_OK;
}

/* --help, --version and --config act before the other values are looked at. */
static fl_status set_immediate(fl_cli_options *o) {
    for (fl_cli_slot *slot = o->slots; slot < o->slots + o->count; slot++)
        if (slot->immediate && slot->argument) {
            char what[32];
            snprintf(what, sizeof what, "--%s", slot->option.name);
            FL_CHECK(fl_cli_slot_set(slot, what, slot->argument));
        }
    return FL_OK;
}

fl_status fl_cli_command(fl_cli_options *o, const fl_tool *tool, int argc, char **argv) {
    const fl_mode *mode;
    bool taken;
    FL_CHECK(find_mode(tool, argc > 1 ? argv[1] : NULL, &mode, &taken));
    FL_CHECK(fl_cli_options_init(o, tool, mode));
    o->mode_given = taken;
    o->files = calloc((size_t)argc + 1, sizeof *o->files);
    if (!o->files)
        return fl_fail(FL_ENOMEM, "out of memory for the options");
    if (argc > 0)
        FL_CHECK(run_argp(o, argc - taken, argv + taken));
    return set_immediate(o);
}
