/* What the installation makes from the option tables, so that it never says something else than
 * --help: manual pages, and completion for bash, zsh and fish.
 *
 *   fl-TOOL --print man [MODE] | modes | bash | zsh | fish
 *
 * The words of an option's value are offered where there is a choice, after each comma of a list of
 * them too; files where it names a file, and what the tool's mode `list` names where it has one;
 * other values are the user's. */
#include <stdlib.h>
#include <string.h>

#include "src/cli/internal.h"

/* One shell's way to say it. */
typedef struct shell {
    const char *name;
    void (*begin)(FILE *out, const fl_tool *tool);
    void (*mode)(FILE *out, const fl_cli_options *o);
    void (*end)(FILE *out, const fl_tool *tool);
} shell;

static bool takes_value(const fl_option *o) {
    return o->type != FL_OPTION_FLAG;
}

/* "tsv|json" as "tsv json"; nothing where there is no choice. */
static void put_choices(FILE *out, const fl_option *o) {
    for (const char *c = o->choices ? o->choices : ""; *c; c++)
        putc(*c == '|' ? ' ' : *c, out);
}

/* Several of the choices, with commas between? */
static bool lists_choices(const fl_option *o) {
    return o->type == FL_OPTION_TEXT && o->choices && o->argument &&
           strcmp(o->argument, "LIST") == 0;
}

/* A mode that takes files by names which the tool's mode `list` tells in the first column. */
static bool takes_names(const fl_tool *tool, const fl_mode *mode) {
    bool told = false;
    for (size_t i = 0; i < tool->mode_count; i++)
        told = told || (tool->modes[i].name && strcmp(tool->modes[i].name, "list") == 0);
    return told && mode->takes_files;
}

static bool names_file(const fl_option *o) {
    static const char *const words[] = {"FILE", "DIR", "STORE", "MODEL", "TABLE"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (o->type == FL_OPTION_TEXT && o->argument && strstr(o->argument, words[k]))
            return true;
    return false;
}

static void put_mode_names(FILE *out, const fl_tool *tool, char between) {
    for (size_t i = 0; i < tool->mode_count && tool->modes[i].name; i++)
        fprintf(out, "%s%s", tool->modes[i].name,
                i + 1 < tool->mode_count ? (char[]){between, 0} : "");
}

/* A function for the shell: fl-count becomes _fl_count. */
static void put_function(FILE *out, const fl_tool *tool) {
    putc('_', out);
    for (const char *c = tool->name; *c; c++)
        putc(*c == '-' ? '_' : *c, out);
}

/* `text` within single quotes, with a backslash before the characters of `special`; the shell's way
 * to put a single quote there is `quote`. */
static void put_quoted(FILE *out, const char *text, const char *special, const char *quote) {
    for (const char *c = text ? text : ""; *c; c++) {
        if (*c == '\'')
            fputs(quote, out);
        else if (*c == '\n')
            putc(' ', out);
        else {
            if (strchr(special, *c))
                putc('\\', out);
            putc(*c, out);
        }
    }
}

/* The mode that the second word names, else the first one. */
static void put_mode_choice(FILE *out, const fl_tool *tool, const char *word) {
    const char *first = tool->modes[0].name;
    fprintf(out, "    local mode=%s\n", first ? first : "''");
    if (!first)
        return;
    fprintf(out, "    case %s in\n    ", word);
    put_mode_names(out, tool, '|');
    fprintf(out, ") mode=%s ;;\n    esac\n", word);
}

/* A function for bash and zsh that prints those names; its argument is the program. */
static void put_names(FILE *out, const fl_tool *tool) {
    if (!takes_names(tool, tool->modes))
        return;
    put_function(out, tool);
    fputs("_names() {\n    \"$1\" list 2>/dev/null | while read -r name rest; do\n"
          "        [[ $name == \\#* ]] || echo \"$name\"\n    done | uniq\n}\n",
          out);
}

/* The head of a shell function that completes the tool's words: a comment, its variables, the mode in
 * `word`, and what opens the cases. */
static void begin_function(FILE *out, const fl_tool *tool, const char *comment,
                           const char *variables, const char *word, const char *opening) {
    fprintf(out, "%s %s\n", comment, tool->name);
    put_names(out, tool);
    put_function(out, tool);
    fprintf(out, "() {\n%s", variables);
    put_mode_choice(out, tool, word);
    fputs(opening, out);
}

static const char *mode_word(const fl_cli_options *o) {
    return o->mode->name ? o->mode->name : "";
}

/* ---- bash ---- */

/* Bash parts a word at '='. */
static void bash_begin(FILE *out, const fl_tool *tool) {
    begin_function(out, tool, "# bash completion for",
                   "    local current=$2 before=$3 words= list=\n"
                   "    [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
                   "    [[ $current == = ]] && current=\n",
                   "${COMP_WORDS[1]}", "    case $mode:$before in\n");
}

static void bash_mode(FILE *out, const fl_cli_options *o) {
    for (size_t i = 0; i < o->count; i++)
        if (takes_value(&o->slots[i].option)) {
            fprintf(out, "    %s:--%s) words='", mode_word(o), o->slots[i].option.name);
            put_choices(out, &o->slots[i].option);
            fprintf(out, "'%s ;;\n", lists_choices(&o->slots[i].option) ? " list=yes" : "");
        }
    fprintf(out, "    %s:*)\n        [[ $current == -* ]] && words='", mode_word(o));
    for (size_t i = 0; i < o->count; i++)
        fprintf(out, "--%s ", o->slots[i].option.name);
    fputs("'", out);
    if (takes_names(o->tool, o->mode)) {
        fputs(" ||\n        words=$(", out);
        put_function(out, o->tool);
        fputs("_names \"${COMP_WORDS[0]}\")", out);
    }
    fputs(" ;;\n", out);
}

static void bash_end(FILE *out, const fl_tool *tool) {
    fputs("    esac\n", out);
    if (tool->modes[0].name) {
        fputs("    [[ $COMP_CWORD == 1 && $current != -* ]] && words+=' ", out);
        put_mode_names(out, tool, ' ');
        fputs("'\n", out);
    }
    fputs("    [[ $list && $current == *,* ]] && words=$(printf \"${current%,*},%s \" $words)\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\ncomplete -o default -F ",
          out);
    put_function(out, tool);
    fprintf(out, " %s\n", tool->name);
}

/* ---- zsh ---- */

static void zsh_begin(FILE *out, const fl_tool *tool) {
    begin_function(out, tool, "#compdef", "", "$words[2]", "    local -a all\n    case $mode in\n");
}

/* What may stand behind the option. */
static void zsh_value(FILE *out, const fl_option *o) {
    const char *begin = lists_choices(o) ? "_values -s , word "
                        : names_file(o)  ? "{compadd -- "
                                         : "(";
    const char *end = lists_choices(o) ? "" : names_file(o) ? "; _files}" : ")";
    if (o->choices) {
        fputs(begin, out);
        put_choices(out, o);
        fputs(end, out);
    } else if (names_file(o)) {
        fputs("_files", out);
    }
}

static void zsh_option(FILE *out, const fl_option *o) {
    fprintf(out, "        '--%s%s[", o->name, takes_value(o) ? "=" : "");
    put_quoted(out, o->help, "[]:\\", "'\\''");
    putc(']', out);
    if (takes_value(o)) {
        putc(':', out);
        put_quoted(out, o->argument ? o->argument : o->name, "[]:\\", "'\\''");
        putc(':', out);
        zsh_value(out, o);
    }
    fputs("'\n", out);
}

static void zsh_mode(FILE *out, const fl_cli_options *o) {
    fprintf(out, "    %s) all=(\n", o->mode->name ? o->mode->name : "*");
    for (size_t i = 0; i < o->count; i++)
        zsh_option(out, &o->slots[i].option);
    if (takes_names(o->tool, o->mode)) {
        fputs("        '*:name:{compadd -- $(", out);
        put_function(out, o->tool);
        fputs("_names \"$program\")}'\n", out);
    } else if (o->mode->takes_files) {
        fputs("        '*:file:_files'\n", out);
    }
    fputs("    ) ;;\n", out);
}

/* The word of the mode is taken off, so that what follows are options and files. */
static void zsh_end(FILE *out, const fl_tool *tool) {
    fputs("    esac\n    local program=$words[1]\n", out);
    if (tool->modes[0].name) {
        fputs("    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n        compadd ", out);
        put_mode_names(out, tool, ' ');
        fputs("\n    fi\n    if (( CURRENT > 2 )) && [[ $words[2] == $mode ]]; then\n"
              "        shift words\n        (( CURRENT-- ))\n    fi\n",
              out);
    }
    fputs("    _arguments $all\n}\n", out);
    put_function(out, tool);
    fputs(" \"$@\"\n", out);
}

/* ---- fish ---- */

static void fish_begin(FILE *out, const fl_tool *tool) {
    fprintf(out, "# fish completion for %s\n", tool->name);
    for (size_t i = 0; i < tool->mode_count && tool->modes[i].name; i++) {
        fprintf(out, "complete -c %s -n __fish_is_first_arg -a %s -d '", tool->name,
                tool->modes[i].name);
        put_quoted(out, tool->modes[i].summary, "\\", "\\'");
        fputs("'\n", out);
    }
}

/* True for command lines of this mode: of the first one, those without another mode's word. */
static void fish_condition(FILE *out, const fl_cli_options *o) {
    const fl_tool *tool = o->tool;
    if (!o->mode->name || tool->mode_count == 1)
        return;
    fprintf(out, " -n '%s__fish_seen_subcommand_from", o->mode == tool->modes ? "not " : "");
    for (size_t i = 1; i < tool->mode_count; i++)
        if (o->mode == tool->modes || o->mode == &tool->modes[i])
            fprintf(out, " %s", tool->modes[i].name);
    putc('\'', out);
}

static void fish_option(FILE *out, const fl_cli_options *o, const fl_option *option) {
    bool list = lists_choices(option);
    fprintf(out, "complete -c %s", o->tool->name);
    fish_condition(out, o);
    fprintf(out, " -l %s", option->name);
    if (takes_value(option))
        fputs(names_file(option) ? " -r -F" : " -x", out);
    if (option->choices) {
        fputs(list ? " -a '(__fish_append , " : " -a '", out);
        put_choices(out, option);
        fputs(list ? ")'" : "'", out);
    }
    fputs(" -d '", out);
    put_quoted(out, option->help, "\\", "\\'");
    fputs("'\n", out);
}

static void fish_mode(FILE *out, const fl_cli_options *o) {
    for (size_t i = 0; i < o->count; i++)
        fish_option(out, o, &o->slots[i].option);
    if (!takes_names(o->tool, o->mode))
        return;
    fprintf(out, "complete -c %s", o->tool->name);
    fish_condition(out, o);
    fprintf(out,
            " -f -a '(%s list 2>/dev/null | string match -rv \"^#\" | "
            "string replace -r \"\\s.*\" \"\" | uniq)'\n",
            o->tool->name);
}

static void fish_end(FILE *out, const fl_tool *tool) {
    (void)out, (void)tool;
}

static const shell shells[] = {{"bash", bash_begin, bash_mode, bash_end},
                               {"zsh", zsh_begin, zsh_mode, zsh_end},
                               {"fish", fish_begin, fish_mode, fish_end}};

static fl_status print_mode(FILE *out, const fl_tool *tool, const fl_mode *mode, const shell *s) {
    fl_cli_options o = {0};
    fl_status status = fl_cli_options_init(&o, tool, mode);
    if (status == FL_OK)
        s->mode(out, &o);
    fl_cli_options_clear(&o);
    return status;
}

static fl_status print_completion(const fl_tool *tool, const shell *s) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return fl_fail(FL_ENOMEM, "out of memory for the completion");
    fl_status status = FL_OK;
    s->begin(out, tool);
    for (size_t i = 0; i < tool->mode_count && status == FL_OK; i++)
        status = print_mode(out, tool, &tool->modes[i], s);
    s->end(out, tool);
    if ((fclose(out) != 0 || !text) && status == FL_OK)
        status = fl_fail(FL_ENOMEM, "out of memory for the completion");
    if (status == FL_OK)
        status = fl_cli_print(text);
    free(text);
    return status;
}

static fl_status print_manual(const fl_tool *tool, const char *word) {
    fl_cli_options o = {0};
    const fl_mode *mode = tool->modes, *end = mode + tool->mode_count;
    while (word && mode < end && !(mode->name && strcmp(mode->name, word) == 0))
        mode++;
    if (mode == end)
        return fl_fail(FL_EUSAGE, "--print man %s: the tool has no such mode", word);
    fl_status status = fl_cli_options_init(&o, tool, mode);
    o.mode_given = word != NULL;
    if (status == FL_OK)
        status = fl_cli_manual(&o);
    fl_cli_options_clear(&o);
    return status;
}

static fl_status print_modes(const fl_tool *tool) {
    for (size_t i = 0; i < tool->mode_count && tool->modes[i].name; i++) {
        char line[100];
        snprintf(line, sizeof line, "%s\n", tool->modes[i].name);
        FL_CHECK(fl_cli_print(line));
    }
    return FL_OK;
}

fl_status fl_cli_pages(const fl_tool *tool, int argc, char **argv) {
    const char *what = argc > 0 ? argv[0] : "";
    if (strcmp(what, "man") == 0)
        return print_manual(tool, argc > 1 ? argv[1] : NULL);
    if (strcmp(what, "modes") == 0)
        return print_modes(tool);
    for (size_t k = 0; k < sizeof shells / sizeof *shells; k++)
        if (strcmp(what, shells[k].name) == 0)
            return print_completion(tool, &shells[k]);
    return fl_fail(FL_EUSAGE, "--print '%s'; allowed: man [MODE], modes, bash, zsh, fish", what);
}
