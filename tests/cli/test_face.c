/* What other programs see of fixland: headers that stand alone, in C and in C++; functions that say
 * how they fail; libraries without a name that is not ours; an installed copy, wherever it is put.
 */
#include "tests/support/support.h"

#include <dirent.h>

#include "fixland/fixland.h"
#include "src/core/sanitized.h"

/* Runs a command in the shell and prints what it says should it fail. */
static void assert_runs(const char *format, ...) {
    char command[4096], *out, *err;
    va_list values;
    va_start(values, format);
    vsnprintf(command, sizeof command, format, values);
    va_end(values);
    if (test_run_shell(command, &out, &err) != 0)
        fail_msg("%s\n%s%s", command, out, err);
    free(out);
    free(err);
}

static bool has_command(const char *name) {
    char command[200];
    snprintf(command, sizeof command, "command -v %s >/dev/null", name);
    return test_run_shell(command, NULL, NULL) == 0;
}

/* Calls `each` with the name and the text of every public header. */
static size_t each_header(void (*each)(const char *name, const char *text)) {
    size_t count = 0;
    DIR *folder = opendir("include/fixland");
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[600];
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".h") != 0)
            continue;
        snprintf(path, sizeof path, "include/fixland/%s", entry->d_name);
        char *text = test_slurp(path);
        assert_non_null(text);
        each(entry->d_name, text);
        free(text);
        count++;
    }
    closedir(folder);
    return count;
}

static const char *const not_in_all[] = {"fixland.h", "rng_gsl.h"};

static void is_in_all(const char *name, const char *text) {
    char *all = test_slurp("include/fixland/fixland.h"), line[300];
    (void)text;
    snprintf(line, sizeof line, "#include \"fixland/%s\"\n", name);
    bool left_out = false;
    for (size_t k = 0; k < sizeof not_in_all / sizeof *not_in_all; k++)
        left_out = left_out || strcmp(name, not_in_all[k]) == 0;
    if (!left_out && !strstr(all, line))
        fail_msg("fixland.h does not include %s", name);
    free(all);
}

static void one_header_is_all(void **state) {
    (void)state;
    assert_true(each_header(is_in_all) > 30);
    assert_string_equal(fl_version(), FL_VERSION);
    char numbers[60];
    snprintf(numbers, sizeof numbers, "%d.%d.%d", FL_VERSION_MAJOR, FL_VERSION_MINOR,
             FL_VERSION_PATCH);
    assert_string_equal(numbers, FL_VERSION);
    assert_true(FL_VERSION_AT_LEAST(FL_VERSION_MAJOR, FL_VERSION_MINOR, FL_VERSION_PATCH));
    assert_false(FL_VERSION_AT_LEAST(FL_VERSION_MAJOR, FL_VERSION_MINOR + 1, 0));
    assert_true(*fl_commit() != 0);
}

/* All headers, each by itself too, in one call of the compiler a language. */
static void compiles(const char *compiler, const char *dialect, const char *suffix) {
    const char *folder = test_path("headers");
    if (!has_command(compiler))
        return;
    assert_runs("mkdir -p %s && for h in include/fixland/*.h; do h=${h##*/}; "
                "printf '#include \"fixland/%%s\"\\n#include \"fixland/fixland.h\"\\n' $h "
                ">%s/${h%%.h}.%s; done",
                folder, folder, suffix);
    assert_runs("%s %s -Wall -Wextra -Wshadow -Werror -fsyntax-only -Iinclude "
                "$(pkg-config --cflags gsl) %s/*.%s; r=$?; rm -r %s; exit $r",
                compiler, dialect, folder, suffix, folder);
}

static void headers_stand_alone(void **state) {
    (void)state;
    compiles("cc", "-std=c11 -pedantic", "c");
    compiles("c++", "-std=c++17 -pedantic", "cc");
}

/* The comment above a function, or above the group of lines that it stands in. */
static bool names_a_failure(const char *comment, const char *function) {
    static const char *const words[] = {"FL_E",  "FL_UNDECIDED",  "FL_STOPPED",
                                        "FL_OK", "Errors as fl_", "Fails as fl_"};
    bool found = false;
    char *between = strndup(comment, (size_t)(function - comment));
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        found = found || strstr(between, words[k]);
    free(between);
    return found;
}

static int silent;

static void failures_are_told(const char *name, const char *text) {
    for (const char *at = text; (at = strstr(at, "\nfl_status fl_"));) {
        const char *begin = at++;
        while (begin > text && strncmp(begin, "\n/*", 3) != 0 && strncmp(begin, "\n\n", 2) != 0)
            begin--;
        if (!names_a_failure(begin, at)) {
            print_error("%s: %.60s\n", name, at);
            silent++;
        }
    }
}

static void functions_say_how_they_fail(void **state) {
    (void)state;
    silent = 0;
    each_header(failures_are_told);
    assert_int_equal(silent, 0);
}

static const char *build(void) {
    const char *folder = getenv("FL_TEST_BUILD");
    return folder ? folder : "build";
}

/* Nothing but fl_ is seen; inside there is more, so the test can see the difference. */
static void no_foreign_names(void **state) {
    (void)state;
    if (FL_SANITIZED)
        skip();
    assert_runs("scripts/symbols stray %s/lib/libfixland.a", build());
    assert_int_not_equal(
        test_run_shell("scripts/symbols stray $FL_TEST_BUILD/obj/fixland.a", NULL, NULL), 0);
#ifdef __linux__
    assert_runs("scripts/symbols stray %s/lib/libfixland.so.%d", build(), FL_ABI);
    assert_runs(
        "nm -D --defined-only %s/lib/libfixland.so.%d | grep -q ' fl_enumerate@@FIXLAND_%d'",
        build(), FL_ABI, FL_ABI);
#endif
}

/* The program of the README, with a function that has the name of a private one. */
static void write_example(const char *path) {
    char *readme = test_slurp("README.md");
    assert_non_null(readme);
    char *begin = strstr(readme, "```c\n"), *end = begin ? strstr(begin + 5, "```\n") : NULL;
    assert_non_null(end);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "int blocks_base(void);\nint blocks_base(void) { return 1; }\n%.*s",
            (int)(end - begin - 5), begin + 5);
    fclose(file);
    free(readme);
}

/* What the README says that it prints. */
static void assert_prints(const char *program, const char *folder) {
    char command[2048], *out, *err, *readme = test_slurp("README.md"), told[100];
    snprintf(command, sizeof command, "LD_LIBRARY_PATH='%s/lib' %s", folder, program);
    assert_int_equal(test_run_shell(command, &out, &err), 0);
    snprintf(told, sizeof told, "prints `%.*s`", (int)strcspn(out, "\n"), out);
    if (!strstr(readme, told))
        fail_msg("README.md does not say \"%s\"", told);
    free(readme);
    free(out);
    free(err);
}

/* Into a folder with blanks, used from there, and out again, with what is not ours left alone. */
static void installed(void **state) {
    (void)state;
    char prefix[600], source[600], program[600];
    if (FL_SANITIZED || !has_command("pkg-config"))
        skip();
    snprintf(prefix, sizeof prefix, "%s", test_path("a place"));
    snprintf(source, sizeof source, "%s", test_path("example.c"));
    snprintf(program, sizeof program, "%s", test_path("example"));
    assert_runs("BUILD=%s PREFIX='%s' scripts/install install 'entropy plot'", build(), prefix);
    assert_runs("'%s/bin/fl-entropy' count --n 4 --jd 0.5 >/dev/null", prefix);
    assert_runs("'%s/bin/fl-plot' list >/dev/null", prefix);
    assert_runs("grep -q 'TH fl-plot-list 1' '%s/share/man/man1/fl-plot-list.1'", prefix);
    assert_runs("bash -n '%s/share/bash-completion/completions/fl-plot'", prefix);
    write_example(source);
    static const char flags[] = "PKG_CONFIG_PATH='%s/lib/pkgconfig'; export PKG_CONFIG_PATH; "
                                "eval cc -std=c11 -pedantic -Wall -Werror %s -o %s ";
    char common[2048];
    snprintf(common, sizeof common, flags, prefix, source, program);
    assert_runs("%s $(pkg-config --cflags --libs --static fixland | "
                "sed s/-lfixland/-l:libfixland.a/)",
                common);
    assert_prints(program, "/nowhere");
#ifdef __linux__
    assert_runs("%s $(pkg-config --cflags --libs fixland)", common);
    assert_int_not_equal(test_run_shell(program, NULL, NULL), 0);
    assert_prints(program, prefix);
#endif
    assert_runs(
        "cp -r '%s' '%s' && cd '%s' && test \"$(PKG_CONFIG_PATH=$PWD/lib/pkgconfig "
        "pkg-config --define-prefix --variable=libdir fixland)\" = \"$PWD/lib\" && rm -r \"$PWD\"",
        prefix, test_path("moved"), test_path("moved"));
    assert_runs("touch '%s/include/fixland/other.h' && BUILD=%s PREFIX='%s' "
                "scripts/install uninstall 'entropy plot'",
                prefix, build(), prefix);
    assert_runs("test \"$(find '%s' ! -type d)\" = '%s/include/fixland/other.h'", prefix, prefix);
    assert_runs("rm -r '%s'", prefix);
    assert_int_not_equal(
        test_run_shell("PREFIX=relative scripts/install install entropy", NULL, NULL), 0);
}

/* The version stands in one place; what must repeat it does. */
static void one_version(void **state) {
    (void)state;
    assert_runs("head -1 debian/changelog | grep -q '(%s-'", FL_VERSION);
    assert_runs("grep -q '^version: %s$' CITATION.cff", FL_VERSION);
    assert_runs("day=$(sed -n 's/^date-released: //p' CITATION.cff) && "
                "test \"$(grep -m 1 '^## ' NEWS.md)\" = \"## %s ($day)\" && "
                "{ ! date -u -d $day >/dev/null 2>&1 || grep -m 1 '^ -- ' debian/changelog | "
                "grep -q \"$(LC_ALL=C date -u -d $day '+%%d %%b %%Y')\"; }",
                FL_VERSION);
    assert_runs("grep -q '^libfixland.so.%d libfixland%d ' debian/libfixland%d.symbols", FL_ABI,
                FL_ABI, FL_ABI);
}

/* The package's list of functions, where it names them, names those that there are. */
static void package_symbols(void **state) {
    (void)state;
    if (FL_SANITIZED ||
        test_run_shell("grep -q symver debian/libfixland1.symbols", NULL, NULL) == 0)
        skip();
    assert_runs("scripts/symbols debian %s/gen/exports | diff debian/libfixland%d.symbols - || "
                "{ echo 'mend it: scripts/symbols debian build/gen/exports "
                ">debian/libfixland%d.symbols'; exit 1; }",
                build(), FL_ABI, FL_ABI);
}

/* The archive of a release: the same bytes each time and under other settings of git, with its commit in it. */
static void archive(void **state) {
    (void)state;
    if (FL_SANITIZED || test_run_shell("git rev-parse --verify -q HEAD && test -z "
                                       "\"$(git rev-parse --show-prefix)\"",
                                       NULL, NULL) != 0)
        skip();
    const char *folder = test_path("dist");
    assert_runs(
        "unset MAKEFLAGS MFLAGS MAKELEVEL; for i in 1 2; do "
        "test $i = 1 || { umask 077; export GIT_CONFIG_COUNT=3 GIT_CONFIG_KEY_0=core.abbrev "
        "GIT_CONFIG_VALUE_0=20 GIT_CONFIG_KEY_1=tar.umask GIT_CONFIG_VALUE_1=0077 "
        "GIT_CONFIG_KEY_2=core.autocrlf GIT_CONFIG_VALUE_2=true; }; "
        "make -s BUILD=%s/$i dist 2>/dev/null || exit 1; done; "
        "cmp %s/1/fixland-%s.tar.gz %s/2/fixland-%s.tar.gz && "
        "c=$(tar -xzOf %s/1/fixland-%s.tar.gz fixland-%s/scripts/commit) && "
        "test \"$c\" = \"$(git rev-parse HEAD)\" && "
        "tar -xzOf %s/1/fixland-%s.tar.gz fixland-%s/CITATION.cff | grep -q \"^commit: .$c.$\"",
        folder, folder, FL_VERSION, folder, FL_VERSION, folder, FL_VERSION, FL_VERSION, folder,
        FL_VERSION, FL_VERSION);
    assert_runs(
        "unset MAKEFLAGS MFLAGS MAKELEVEL; "
        "! GIT_DIR=/nowhere make -s BUILD=%s/3 dist >%s/told 2>&1 && ! ls %s/3/*.gz 2>/dev/null",
        folder, folder, folder);
    assert_runs("rm -r %s", folder);
}

/* What git leaves out does not go into a container either: objects of another system would be taken for new. */
static void container_context(void **state) {
    (void)state;
    assert_runs(
        "for f in $(tr -d / <.gitignore); do grep -qx \"$f\" .dockerignore || exit 1; done");
}

/* Benches hold their ratios against those of the last release: what fell by more than 15 % is named, and
 * what is no number; a kernel without figures is told. */
static void kept_figures(void **state) {
    (void)state;
    const char *folder = test_path("figures");
    assert_runs(
        "mkdir -p %s && cd %s && printf 'a.avx2.x 2.0\\na.avx2.y 1.0\\na.avx2.z 3\\n' >known",
        folder, folder);
    const char *told =
        "printf '%s' | scripts/bench-figures %s/known | grep 'fell\\|no figures' | tr '\\n' ,";
    char command[1024];
    static const char *const cases[][2] = {
        {"figure a.avx2.x 1.71\\nfigure a.avx2.y 0.85\\nother line\\n", ""},
        {"figure a.avx2.x 1.69\\nfigure a.avx2.y 1.1\\nfigure a.avx2.z nan\\n",
         "fell by more than 15 %: a.avx2.x: 1.69, 2.0 in the last release,"
         "fell by more than 15 %: a.avx2.z: nan, 3 in the last release,"},
        {"figure a.avx512.x 1\\nfigure a.avx512.y 1\\n",
         "no figures of the last release for: a.avx512.x and 1 more,"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        snprintf(command, sizeof command, told, cases[k][0], folder);
        assert_runs("test \"$(%s)\" = '%s'", command, cases[k][1]);
    }
    assert_runs(
        "printf 'figure a.avx2.y 4\\nfigure a.avx512.x 5\\n' | scripts/bench-figures --record %s/known && "
        "test \"$(tr '\\n' , <%s/known)\" = 'a.avx2.x 2.0,a.avx2.y 4,a.avx2.z 3,a.avx512.x 5,'",
        folder, folder);
    assert_runs(
        "! printf 'failed: build/bench/bench_x\\n' | scripts/bench-figures %s/known >%s/told",
        folder, folder);
    assert_runs("rm -r %s", folder);
}

/* Nothing is loaded that a tool does not use: that is most of the time it takes to start. */
static void lean_tools(void **state) {
    (void)state;
    if (FL_SANITIZED || !has_command("ldd"))
        skip();
    assert_runs("for t in entropy enumerate count merge access overlap dmft phase plot; do "
                "ldd $BIN/fl-$t | grep openblas && exit 1; done; true");
    assert_runs("for t in entropy dmft phase plot; do "
                "ldd $BIN/fl-$t | grep -E 'hdf5|curl' && exit 1; done; true");
}

/* The modes of a tool, "" first; returns their number. */
static size_t modes_of(const char *tool, char modes[20][40]) {
    char command[200], *out, *err;
    size_t count = 1;
    snprintf(command, sizeof command, "$BIN/%s --print modes", tool);
    assert_int_equal(test_run_shell(command, &out, &err), 0);
    strcpy(modes[0], "");
    for (char *word = strtok(out, "\n"); word && count < 20; word = strtok(NULL, "\n"))
        snprintf(modes[count++], sizeof modes[0], "%s", word);
    free(out);
    free(err);
    return count;
}

static const char *const tools[] = {"fl-access", "fl-count", "fl-dmft",    "fl-entropy",
                                    "fl-merge",  "fl-phase", "fl-overlap", "fl-enumerate",
                                    "fl-train",  "fl-plot",  "fl-message"};

/* Options of --help and of the manual page, one a line: the same. */
static void manual_pages(void **state) {
    (void)state;
    for (size_t k = 0; k < sizeof tools / sizeof *tools; k++) {
        char modes[20][40];
        size_t count = modes_of(tools[k], modes);
        for (size_t m = 0; m < count; m++) {
            assert_runs("a=$($BIN/%s %s --help | sed -n 's/^  \\(--[a-z-]*\\).*/\\1/p') && "
                        "b=$($BIN/%s --print man %s | tr -d '\\\\' | "
                        "sed -n 's/^.B \\(--[a-z-]*\\).*/\\1/p') && "
                        "test -n \"$a\" && test \"$a\" = \"$b\"",
                        tools[k], modes[m], tools[k], modes[m]);
            if (has_command("mandoc"))
                assert_runs("$BIN/%s --print man %s | mandoc -T lint -W warning | "
                            "{ ! grep -v 'missing date'; }",
                            tools[k], modes[m]);
        }
    }
    assert_int_equal(test_run_shell("$BIN/fl-count --print man nowhere", NULL, NULL), 2);
    assert_int_equal(test_run_shell("$BIN/fl-count --print", NULL, NULL), 2);
}

/* What bash offers for the word that is begun behind `words`, as one line. */
static void assert_bash(const char *tool, const char *words, const char *begun,
                        const char *expected) {
    char command[1000], *out, *err;
    snprintf(command, sizeof command,
             "PATH=$BIN:$PATH; export PATH; "
             "bash -c 'source <(%s --print bash); COMP_WORDS=(%s %s \"%s\"); "
             "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); f=_%s; ${f//-/_} %s \"%s\" "
             "${COMP_WORDS[COMP_CWORD-1]}; echo ${COMPREPLY[*]}'",
             tool, tool, words, begun, tool, tool, begun);
    assert_int_equal(test_run_shell(command, &out, &err), 0);
    out[strcspn(out, "\n")] = 0;
    assert_string_equal(out, expected);
    free(out);
    free(err);
}

/* The line that fish or zsh makes of `line` at the press of a tabulator. */
static void assert_completes(const char *shell, const char *line, const char *expected) {
    char command[2000], *out, *err, tool[40];
    snprintf(tool, sizeof tool, "%.*s", (int)strcspn(line, " "), line);
    snprintf(
        command, sizeof command,
        "PATH=$BIN:$PATH; export PATH; tests/support/complete-%s '%s' \"$(%s --print %s)\" '%s'",
        shell, tool, tool, shell, line);
    assert_int_equal(test_run_shell(command, &out, &err), 0);
    out[strcspn(out, "\n")] = 0;
    if (strcmp(out, expected) != 0)
        fail_msg("%s: '%s' becomes '%s', not '%s'\n%s", shell, line, out, expected, err);
    free(out);
    free(err);
}

/* Words of lists, names of figures, modes and options; `most` of these (a zsh takes its time). */
static void completes_like(const char *shell, size_t most) {
    static const char *const lines[][2] = {
        {"fl-access run --algorithm async,gr", "fl-access run --algorithm async,greedy"},
        {"fl-plot time-", "fl-plot time-to-solution"},
        {"fl-message local --jd 0.1 --cent", "fl-message local --jd 0.1 --centre"},
        {"fl-message loc", "fl-message local"},
        {"fl-access trace --algorithm foc", "fl-access trace --algorithm focused"},
        {"fl-count run --method spl", "fl-count run --method split"},
        {"fl-train sweep --preset rul", "fl-train sweep --preset rule-"},
        {"fl-plot draw learning-rec", "fl-plot draw learning-recall"},
    };
    for (size_t k = 0; k < most && k < sizeof lines / sizeof *lines && has_command(shell); k++)
        assert_completes(shell, lines[k][0], lines[k][1]);
}

static void completion(void **state) {
    (void)state;
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t s = 0; s < 3; s++)
        for (size_t k = 0; k < sizeof tools / sizeof *tools && has_command(shells[s]); k++)
            assert_runs("$BIN/%s --print %s >%s && %s -n %s", tools[k], shells[s],
                        test_path("completion"), shells[s], test_path("completion"));
    completes_like("fish", 8);
    completes_like("zsh", 3);
    if (!has_command("bash"))
        skip();
    assert_bash("fl-count", "", "", "run check");
    assert_bash("fl-count", "run --method", "", "anneal split both");
    assert_bash("fl-enumerate", "--format", "", "tsv json");
    assert_bash("fl-enumerate", "--jd", "", "");
    assert_bash("fl-access", "run --algorithm", "g", "greedy");
    assert_bash("fl-access", "run --algorithm", "sync,s", "sync,sequential sync,site sync,sync");
    assert_bash("fl-access", "run --algorithm =", "sync,g", "sync,greedy");
    assert_bash("fl-access", "trace --algorithm", "g", "greedy");
    assert_bash("fl-train", "sweep --preset", "rule-", "rule-l rule-h rule-e rule-a");
    assert_bash("fl-train", "sweep --update", "sync,p", "sync,partial");
    assert_bash("fl-train", "--data", "p", "prototypes parity");
    assert_bash("fl-train", "baseline --kind", "linear,m", "linear,mlp");
    assert_bash("fl-message", "local --centre", "r", "random reinforced");
    assert_bash("fl-access", "run --time-limit", "", "auto");
    assert_bash("fl-plot", "", "dr", "draw");
    assert_bash("fl-plot", "", "time-", "time-to-solution");
    assert_bash("fl-plot", "draw", "learning-r", "learning-recall");
}

/* Each mode is measured somewhere. */
static void every_mode_has_a_growth(void **state) {
    (void)state;
    if (!has_command("python3"))
        skip();
    assert_runs("scripts/growth --check --bin $BIN");
}

/* `words` of the option table are what the library knows. */
static void words_are_known(void **state) {
    (void)state;
    char words[300] = "", *help;
    for (int k = 0; k < FL_ALGORITHMS; k++)
        strcat(strcat(words, k ? "|" : ""), fl_algorithm_name((fl_algorithm)k));
    assert_runs("$BIN/fl-access --print bash | grep -q \"run:--algorithm) words='$(echo '%s' | "
                "tr '|' ' ')'\"",
                words);
    assert_runs("w=$($BIN/fl-train presets | sed -n 's/^# columns: parameter //p') && "
                "$BIN/fl-train --print bash | grep -q \"sweep:--preset) words='$w'\"");
    assert_int_equal(test_run_shell("$BIN/fl-access --help", &help, NULL), 0);
    assert_non_null(strstr(help, "of async, sequential, site,"));
    free(help);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_header_is_all),
        cmocka_unit_test(headers_stand_alone),
        cmocka_unit_test(functions_say_how_they_fail),
        cmocka_unit_test(no_foreign_names),
        cmocka_unit_test(installed),
        cmocka_unit_test(one_version),
        cmocka_unit_test(package_symbols),
        cmocka_unit_test(archive),
        cmocka_unit_test(container_context),
        cmocka_unit_test(kept_figures),
        cmocka_unit_test(lean_tools),
        cmocka_unit_test(manual_pages),
        cmocka_unit_test(completion),
        cmocka_unit_test(words_are_known),
        cmocka_unit_test(every_mode_has_a_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
