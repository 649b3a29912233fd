/* Tools under adversity: killed at random times, stopped by signals, with failing calls of the
 * system, on full disks, two at once. Whatever happens, an output is whole or not there, a run that
 * is resumed gives the rows of one that was never disturbed, an exit code tells the truth, and
 * nothing crashes or hangs.
 *
 * torture BIN FOLDER INJECT.so KILLS FAULTS SEED [ONLY]: KILLS a tool, at most FAULTS a kind of call and
 * tool; ONLY the subjects whose names begin so. Prints what was tried, and each finding. Exit code 1 for
 * findings. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Commands; @ is the folder of a run, % one of inputs, which `before` makes: commands between ';'. */
typedef struct subject {
    const char *name, *command;
    bool resumes;
    const char *side; /* a second output in the folder, or NULL */
    const char *before;
} subject;

static const subject subjects[] = {
    {"fl-enumerate", "fl-enumerate --threads 2 --n 14 --samples 60 --store @/s.h5", true, "s.h5",
     NULL},
    {"fl-enumerate of lists", "fl-enumerate --threads 2 --n 14 --samples 40 --eta 0,0.3,0.6", true,
     NULL, NULL},
    {"fl-count", "fl-count --threads 2 --n 20 --samples 3 --population 512 --sweeps 2", true, NULL,
     NULL},
    {"fl-access run",
     "fl-access run --threads 2 --n 40 --samples 40 --jd 0.1:0.5:0.1 --sweeps 60 --store "
     "@/s.h5",
     true, "s.h5", NULL},
    {"fl-access trace", "fl-access trace --n 400 --jd 0.2 --sweeps 200", false, NULL, NULL},
    {"fl-access basins", "fl-access basins --threads 2 --n 20 --jd 0.4 --samples 4 --starts 400",
     true, NULL, NULL},
    {"fl-access threshold", "fl-access threshold %/runs.tsv --resamples 300", false, NULL,
     "fl-access run --n 20,40 --samples 10 --jd 0.1:0.9:0.2 --sweeps 30 --per-sample --output "
     "%/runs.tsv"},
    {"fl-overlap histogram", "fl-overlap histogram --threads 2 --n 12 --jd 0.2 --samples 300", true,
     NULL, NULL},
    {"fl-overlap clusters", "fl-overlap clusters --threads 2 --n 12 --jd 0.2 --samples 60", true,
     NULL, NULL},
    {"fl-overlap of a store", "fl-overlap clusters --threads 2 %/s.h5", true, NULL,
     "fl-enumerate --n 12 --jd 0.2 --samples 40 --store %/s.h5 --output %/s.tsv"},
    {"fl-merge", "fl-merge %/1.tsv %/2.tsv", false, NULL,
     "fl-enumerate --n 12 --samples 400 --shard 1/2 --output %/1.tsv;"
     "fl-enumerate --n 12 --samples 400 --shard 2/2 --output %/2.tsv"},
    {"fl-message solve", "fl-message solve --threads 2 --n 14 --jd 0.3 --samples 10", true, NULL,
     NULL},
    {"fl-entropy pairs", "fl-entropy pairs --n 30 --jd 0.1:0.5:0.1", false, NULL, NULL},
    {"fl-phase critical", "fl-phase critical", false, NULL, NULL},
    {"fl-dmft trace", "fl-dmft trace --threads 2 --jd 0.5 --p 1 --time 20 --trajectories 20000",
     false, NULL, NULL},
    {"fl-train train",
     "fl-train train --threads 2 --data parity --features 10 --train 2000 --test 500 --hidden 40 --epochs 6 --save "
     "@/m.h5",
     true, "m.h5", NULL},
    {"fl-train sweep",
     "fl-train sweep --threads 2 --data parity --features 10 --train 500 --test 200 --hidden 30 --epochs 2 --jd "
     "0,0.5 --seeds 2",
     true, NULL, NULL},
    {"fl-train capacity",
     "fl-train capacity --threads 2 --hidden 16 --load 0.4 --epochs 3 --jd 0.5 --seeds 6", true,
     NULL, NULL},
    {"fl-train eval", "fl-train eval %/m.h5", false, NULL,
     "fl-train train --data parity --features 8 --train 100 --test 50 --hidden 20 --epochs 1 --save "
     "%/m.h5 --output %/m.tsv"},
};
enum { SUBJECTS = sizeof subjects / sizeof *subjects, HANGS = 60 };

static const char *bin, *folder, *injector;
static char inputs[1024]; /* a folder beside it */
static unsigned long long state;
static long tried, findings, killed, unfinished, starved;
static double most_late =
    2; /* seconds that a polite stop may take; FL_TORTURE_LATE, for machines at work */

static double uniform(void) { /* splitmix64 */
    unsigned long long z = state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    return (double)(z >> 11) * 0x1p-53;
}

__attribute__((format(printf, 2, 3))) static void finding(const subject *s, const char *format,
                                                          ...) {
    va_list list;
    findings++;
    printf("FINDING %s: ", s->name);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
    fflush(stdout);
}

static char *slurp(const char *path) {
    FILE *file = fopen(path, "rb");
    size_t length = 0, room = 1 << 16;
    char *text = file ? malloc(room) : NULL;
    for (size_t got; text && (got = fread(text + length, 1, room - length - 1, file)) > 0;) {
        length += got;
        if (room - length < 2)
            text = realloc(text, room *= 2);
    }
    if (file)
        fclose(file);
    if (text)
        text[length] = 0;
    return text;
}

/* The rows of a table, without the lines of provenance; NULL if there is none. */
static char *rows_of(const char *path) {
    char *text = slurp(path), *to = text;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        next = next ? next + 1 : line + strlen(line);
        if (*line != '#') {
            memmove(to, line, (size_t)(next - line));
            to += next - line;
        }
    }
    if (text)
        *to = 0;
    return text;
}

/* Calls `each` with all that is in a folder; returns how many times it said yes. */
static int go_through(const char *path, int (*each)(int directory, const char *name)) {
    DIR *directory = opendir(path);
    int count = 0;
    for (struct dirent *e; directory && (e = readdir(directory));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            count += each(dirfd(directory), e->d_name);
    if (directory)
        closedir(directory);
    return count;
}

static int remove_entry(int directory, const char *name) {
    return unlinkat(directory, name, 0) == 0;
}

static int is_temporary(int directory, const char *name) {
    (void)directory;
    return strstr(name, ".tmp-") != NULL;
}

static void empty_folder(void) {
    go_through(folder, remove_entry);
}

static int count_temporary(void) {
    return go_through(folder, is_temporary);
}

/* What is done to a run. */
typedef struct adversity {
    const char *more;   /* further words of the command */
    const char *inject; /* FL_INJECT, or NULL */
    const char *count;  /* FL_INJECT_COUNT, or NULL */
    long most;          /* bytes a file can grow to; -1: any number */
    int signal;         /* sent after `delay`; 0: none */
    double delay;       /* seconds */
} adversity;

static int errors[2] = {-1, -1}; /* a pipe for what the run says: no file, which might be full */

/* `command` with the names of folders in their places; the end of the text. */
static char *put_folders(char *to, const char *command) {
    for (const char *c = command; *c; c++)
        to += *c == '@'   ? sprintf(to, "%s", folder)
              : *c == '%' ? sprintf(to, "%s", inputs)
                          : (*to = *c, 1);
    *to = 0;
    return to;
}

static void become(const char *command, const adversity *a) {
    char line[4096], *to = put_folders(line, command);
    sprintf(to, " %s", a->more ? a->more : "");
    char *words[64], *save = NULL, program[1024];
    int count = 0;
    for (char *w = strtok_r(line, " ", &save); w && count < 63; w = strtok_r(NULL, " ", &save))
        words[count++] = w;
    words[count] = NULL;
    snprintf(program, sizeof program, "%s/%s", bin, words[0]);
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 1);
    dup2(errors[1], 2);
    close(nowhere);
    close(errors[0]);
    close(errors[1]);
    if (a->most >= 0) {
        struct rlimit limit = {(rlim_t)a->most, (rlim_t)a->most};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (a->inject) {
        setenv("FL_INJECT", a->inject, 1);
        setenv("LD_PRELOAD", injector, 1);
    }
    if (a->count)
        setenv("FL_INJECT_COUNT", a->count, 1);
    execv(program, words);
    _exit(127);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void pause_for(double seconds) {
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}

static pid_t start(const char *command, const adversity *a) {
    fflush(NULL);
    if (errors[0] >= 0)
        close(errors[0]);
    if (pipe(errors) != 0 || fcntl(errors[0], F_SETFL, O_NONBLOCK) != 0)
        exit(2);
    pid_t child = fork();
    if (child == 0)
        become(command, a);
    close(errors[1]);
    return child;
}

/* What the last run said; the beginning of it. */
static const char *said(void) {
    static char text[4096];
    ssize_t length = read(errors[0], text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    return text;
}

/* Waits for the end, at most HANGS seconds. Exit code, or minus the signal. */
static int finish(const subject *s, pid_t child) {
    int code;
    for (double end = now() + HANGS; now() < end; pause_for(0.001))
        if (waitpid(child, &code, WNOHANG) == child)
            return WIFEXITED(code) ? WEXITSTATUS(code) : -WTERMSIG(code);
    finding(s, "hangs for more than %d s", HANGS);
    kill(child, SIGKILL);
    waitpid(child, &code, 0);
    return -SIGKILL;
}

static pid_t begin(const subject *s, const adversity *a) {
    char command[2048];
    snprintf(command, sizeof command, "%s --output @/o.tsv --quiet", s->command);
    return start(command, a);
}

static int run(const subject *s, const adversity *a) {
    pid_t child = begin(s, a);
    tried++;
    if (a->signal) {
        pause_for(a->delay);
        kill(child, a->signal);
    }
    return finish(s, child);
}

/* An undisturbed run. */
typedef struct reference {
    char *rows;
    double seconds;
} reference;

static bool exists(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* The output is whole and right, or not there. */
static void check_output(const subject *s, const reference *r, int code, const char *what) {
    char path[1024];
    snprintf(path, sizeof path, "%s/o.tsv", folder);
    char *rows = rows_of(path);
    if (rows && strcmp(rows, r->rows) != 0)
        finding(s, "%s: other rows, exit %d", what, code);
    if (!rows && code == 0)
        finding(s, "%s: exit 0 and no output", what);
    if (rows && code > 0)
        finding(s, "%s: exit %d although the output is there", what, code);
    if (code == 0 && s->side && !exists(s->side))
        finding(s, "%s: exit 0 and no %s", what, s->side);
    free(rows);
}

static void check_end(const subject *s, const reference *r, int code, const char *what) {
    static const int allowed[] = {0, 1, 2, 3};
    bool known = false;
    for (size_t k = 0; k < 4; k++)
        known = known || code == allowed[k];
    if (!known)
        finding(s, "%s: ends with %d", what, code);
    if (count_temporary())
        finding(s, "%s: a temporary file is left", what);
    if (code > 0 && !*said())
        finding(s, "%s: exit %d without a sentence", what, code);
    check_output(s, r, code, what);
}

/* Goes on until it is done; the rows must be those of the reference. */
static void resume(const subject *s, const reference *r, const char *what) {
    adversity calm = {.more = s->resumes ? "--resume" : "--force", .most = -1};
    bool there = exists("o.tsv");
    if (there && s->resumes) /* it was finished before the blow */
        calm.more = "--resume --force";
    int code = run(s, &calm);
    char again[256];
    if (code != 0)
        finding(s, "%s: %s ends with %d: %s", what, calm.more, code, said());
    snprintf(again, sizeof again, "%s, then resumed", what);
    check_output(s, r, code, again);
    if (count_temporary())
        finding(s, "%s: a temporary file stays", again);
}

static void try_kills(const subject *s, const reference *r, long kills) {
    for (long k = 0; k < kills; k++) {
        double delay = uniform() * r->seconds * 1.1;
        adversity a = {.most = -1, .signal = SIGKILL, .delay = delay};
        char what[64];
        empty_folder();
        int code = run(s, &a);
        killed += code == -SIGKILL;
        snprintf(what, sizeof what, "killed after %.3f s", delay);
        check_output(s, r, code == -SIGKILL ? -1 : code, what);
        resume(s, r, what);
    }
}

static void try_signals(const subject *s, const reference *r, long times) {
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGXCPU};
    for (long k = 0; k < 5 * times; k++) {
        double delay = 0.02 + uniform() * r->seconds;
        adversity a = {.most = -1, .signal = signals[k % 5], .delay = delay};
        char what[64];
        empty_folder();
        double begun = now();
        int code = run(s, &a);
        double late = now() - begun - delay;
        snprintf(what, sizeof what, "signal %d after %.3f s", signals[k % 5], delay);
        /* Before the program had begun to listen, or when it had done all and was about to end. */
        bool aside = code == -a.signal && !exists("o.tsv.journal");
        if (code != 0 && code != 3 && !aside)
            finding(s, "%s: ends with %d", what, code);
        if (code == 3 && late > most_late)
            finding(s, "%s: obeyed after %.1f s", what, late);
        unfinished += code == 3;
        if (count_temporary())
            finding(s, "%s: a temporary file is left", what);
        check_output(s, r, code, what);
        if (code == 3)
            resume(s, r, what);
    }
}

static void try_full_disks(const subject *s, const reference *r, long most) {
    char path[1024];
    struct stat table, side = {0};
    if (most == 0)
        return;
    snprintf(path, sizeof path, "%s/o.tsv", folder);
    empty_folder();
    run(s, &(adversity){.most = -1});
    if (stat(path, &table) != 0)
        return;
    snprintf(path, sizeof path, "%s/%s", folder, s->side ? s->side : "o.tsv");
    stat(path, &side);
    long size = table.st_size > side.st_size ? table.st_size : side.st_size;
    long step = size > most ? size / most : 1;
    for (long bytes = 0; bytes < size; bytes += step) {
        char what[64];
        empty_folder();
        int code = run(s, &(adversity){.most = bytes});
        snprintf(what, sizeof what, "no file above %ld bytes", bytes);
        check_end(s, r, code, what);
        if (code == 0)
            finding(s, "%s: exit 0", what);
    }
}

/* How often a run makes each call: lines of the file that the injector writes. */
static char *count_calls(const subject *s) {
    char path[1024];
    snprintf(path, sizeof path, "%s/.calls", folder);
    run(s, &(adversity){.most = -1, .inject = "none:1:0", .count = path});
    return slurp(path);
}

static long calls_of(const char *counts, const char *name) {
    for (const char *line = counts; line && *line; line = strchr(line, '\n'), line += line != NULL)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ' ')
            return strtol(line + strlen(name), NULL, 10);
    return 0;
}

/* The HDF5 library does not survive lack of memory everywhere, nor does GSL when it makes a solver of equations:
 * only tools that use neither are held to it. All that sample networks load HDF5. */
static bool survives_starving(const subject *s) {
    return strncmp(s->name, "fl-entropy", 10) == 0 || strncmp(s->name, "fl-dmft", 7) == 0;
}

/* One call that fails: `name` of calls[]. */
static void try_failure(const subject *s, const reference *r, const char *name, long at,
                        int error) {
    char inject[64];
    snprintf(inject, sizeof inject, "%s:%ld:%d", name, at, error);
    empty_folder();
    int code = run(s, &(adversity){.most = -1, .inject = inject});
    bool memory = strcmp(name, "malloc") == 0;
    bool names = strcmp(name, "unlink") == 0 || strcmp(name, "link") == 0;
    bool died = code < 0 && memory && !survives_starving(s);
    starved += died;
    if (code < 0 && !died)
        finding(s, "%s: ends with %d", inject, code);
    if (!names && !died && count_temporary())
        finding(s, "%s: a temporary file is left", inject);
    if (code == 0 || (!memory && !names && strcmp(name, "fsync") != 0))
        check_output(s, r, code, inject);
}

static void try_failures(const subject *s, const reference *r, long most) {
    static const struct {
        const char *name;
        int error;
    } calls[] = {{"write", EIO},  {"pwrite", ENOSPC}, {"fsync", EIO},    {"fdatasync", EIO},
                 {"rename", EIO}, {"link", EIO},      {"close", EIO},    {"fclose", EIO},
                 {"unlink", EIO}, {"ftruncate", EIO}, {"malloc", ENOMEM}};
    empty_folder();
    char *counts = count_calls(s);
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
        long count = calls_of(counts, calls[c].name), times = count < most ? count : most;
        for (long k = 1; k <= times; k++) {
            long at = count <= most ? k : 1 + (long)(uniform() * (double)count);
            try_failure(s, r, calls[c].name, at, calls[c].error);
        }
    }
    free(counts);
    empty_folder(); /* a file system without locks */
    int code = run(s, &(adversity){.most = -1, .inject = "flock:0:37"});
    if (code != 0)
        finding(s, "no locks: exit %d", code);
    check_output(s, r, code, "no locks");
}

static void try_two(const subject *s, const reference *r, long times) {
    for (long k = 0; k < times; k++) {
        const adversity calm = {.most = -1};
        empty_folder();
        pid_t one = begin(s, &calm);
        pause_for(uniform() * r->seconds / 4);
        pid_t two = begin(s, &calm);
        tried += 2;
        int a = finish(s, one), b = finish(s, two);
        if ((a != 0 && b != 0) || a < 0 || b < 0)
            finding(s, "two at once: exits %d and %d", a, b);
        check_output(s, r, 0, "two at once");
        if (count_temporary())
            finding(s, "two at once: a temporary file is left");
    }
}

static bool make_reference(const subject *s, reference *r) {
    char path[1024];
    double begun = now();
    empty_folder();
    int code = run(s, &(adversity){.most = -1});
    r->seconds = now() - begun;
    snprintf(path, sizeof path, "%s/o.tsv", folder);
    r->rows = rows_of(path);
    if (code == 0 && r->rows)
        return true;
    finding(s, "undisturbed: exit %d: %s", code, said());
    return false;
}

/* The commands of `before`, in the folder of inputs. */
static bool make_inputs(const subject *s) {
    char text[2048], *save = NULL;
    go_through(inputs, remove_entry);
    snprintf(text, sizeof text, "%s", s->before ? s->before : "");
    for (char *c = strtok_r(text, ";", &save); c; c = strtok_r(NULL, ";", &save)) {
        int code = finish(s, start(c, &(adversity){.most = -1}));
        if (code != 0) {
            finding(s, "%s: exit %d: %s", c, code, said());
            return false;
        }
    }
    return true;
}

static void torment(const subject *s, long kills, long faults) {
    reference r = {0};
    long before = tried, found = findings, dead = killed;
    double begun = now();
    if (make_inputs(s) && make_reference(s, &r)) {
        try_kills(s, &r, kills);
        try_signals(s, &r, kills / 20 + (kills > 0));
        try_full_disks(s, &r, faults);
        if (faults > 0)
            try_failures(s, &r, faults);
        try_two(s, &r, kills / 20 + (kills > 0));
    }
    free(r.rows);
    printf("%s: %ld runs, %ld of them killed, %ld findings, %.0f s\n", s->name, tried - before,
           killed - dead, findings - found, now() - begun);
    fflush(stdout);
}

/* A whole number of 0 or more, or -1. */
static long number_of(const char *text) {
    char *end;
    long value = strtol(text, &end, 10);
    return *text && !*end && value >= 0 ? value : -1;
}

int main(int argc, char **argv) {
    long kills = argc > 4 ? number_of(argv[4]) : -1, faults = argc > 5 ? number_of(argv[5]) : -1;
    const char *only = argc > 7 ? argv[7] : "";
    if (argc < 7 || kills < 0 || faults < 0) {
        fprintf(stderr, "torture BIN FOLDER INJECT.so KILLS FAULTS SEED [ONLY]\n");
        return 2;
    }
    bin = argv[1];
    folder = argv[2];
    injector = argv[3];
    state = strtoull(argv[6], NULL, 10);
    if (getenv("FL_TORTURE_LATE"))
        most_late = atof(getenv("FL_TORTURE_LATE"));
    snprintf(inputs, sizeof inputs, "%s-inputs", folder);
    mkdir(folder, 0700);
    mkdir(inputs, 0700);
    for (size_t k = 0; k < SUBJECTS; k++)
        if (strncmp(subjects[k].name, only, strlen(only)) == 0)
            torment(&subjects[k], kills, faults);
    empty_folder();
    printf(
        "%ld runs (%ld killed, %ld stopped by a signal, %ld died of lack of memory), %ld findings\n",
        tried, killed, unfinished, starved, findings);
    printf("%d passed, %d failed, 0 skipped\n", tried > 0 && findings == 0,
           tried == 0 || findings > 0);
    return tried == 0 || findings > 0;
}
