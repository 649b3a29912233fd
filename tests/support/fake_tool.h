/* A tool for tests: it has every type of option and notes what it was given. */
#ifndef FIXLAND_TEST_FAKE_TOOL_H
#define FIXLAND_TEST_FAKE_TOOL_H

#include "fixland/cli.h"
#include "tests/support/support.h"

typedef struct fake_settings {
    bool flag;
    int64_t integer;
    uint64_t word;
    double real, duration;
    fl_integers integers;
    fl_reals reals;
    int choice;
    const char *text;
    double shift;
    bool shift_given;
} fake_settings;

/* The options of "fl-fake values" and of the other modes. */
extern const fl_option fake_options[], fake_file_options[];

/* What the last run was given. */
typedef struct fake_seen {
    int calls;
    fake_settings s; /* without what it points to, which is here: */
    double jd[64];
    int64_t n[64];
    char note[200], mode[20], program[20], files[200], output[600], fingerprint[2000], meta[4000];
    fl_common common;
} fake_seen;

extern fake_seen fake_saw;

/* fl-fake has the modes values (the default) and files; fl-single and fl-merge have one mode
 * without name, the latter takes files. */
int fake_main(int argc, char **argv);
int single_main(int argc, char **argv);
int merge_main(int argc, char **argv);

/* Runs with success and silence on stderr; returns stdout, to be freed. */
char *fake_run(test_tool tool, const char *arguments);

/* The same with fl-fake, for what fake_saw tells then. */
void fake_run_quietly(const char *arguments);

/* Runs without reaching the mode: exit code, nothing on stdout, one line "fl-...: ..." on stderr,
 * in which all of `fragments` (separated by '|') are found. */
void fake_run_bad(test_tool tool, int code, const char *arguments, const char *fragments);

void fake_write(const char *path, const char *text);

/* Fails unless `fragment` stands in `text`. */
void assert_in(const char *text, const char *fragment);

#endif
