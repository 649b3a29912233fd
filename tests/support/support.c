/* See support.h. */
#include "tests/support/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What cmocka writes to stdout and stderr stays in order, also in a file. */
__attribute__((constructor)) static void line_by_line(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
}

uint64_t test_seed(void) {
    const char *text = getenv("FL_TEST_SEED");
    return text && *text ? strtoull(text, NULL, 10) : 20251011;
}

fl_rng test_stream(const char *name) {
    uint64_t hash = UINT64_C(1469598103934665603); /* FNV-1a */
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return fl_rng_stream(test_seed(), FL_PURPOSE_TEST, hash, 0);
}

bool test_stop_after(void *polls) {
    return !polls || atomic_fetch_sub((atomic_int *)polls, 1) <= 0;
}

int test_threads(fl_rng *rng) {
    return 1 + (int)fl_rng_below(rng, 5);
}

bool test_fast(void) {
    const char *text = getenv("FL_TEST_FAST");
    return text && *text && strcmp(text, "0") != 0;
}

static char scratch[256];

void test_scratch_empty(void) {
    if (!*scratch)
        return;
    DIR *folder = opendir(scratch);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", scratch, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            unlink(path) != 0)
            rmdir(path);
    }
    closedir(folder);
}

static void remove_scratch(void) {
    test_scratch_empty();
    rmdir(scratch);
}

static void make_scratch(void) {
    const char *base = getenv("TMPDIR");
    snprintf(scratch, sizeof scratch, "%s/fixland-test-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(scratch)) {
        perror(scratch);
        exit(1);
    }
    atexit(remove_scratch);
}

const char *test_path(const char *name) {
    static char paths[8][512];
    static int next;
    if (!*scratch)
        make_scratch();
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch, name);
    return path;
}

char *test_slurp(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    size_t size = 0, room = 4096;
    char *text = malloc(room);
    for (size_t got; text && (got = fread(text + size, 1, room - size - 1, file)) > 0;) {
        size += got;
        if (room - size < 2)
            text = realloc(text, room *= 2);
    }
    fclose(file);
    if (text)
        text[size] = 0;
    return text;
}

bool test_exists(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0;
}

int test_scratch_count(void) {
    if (!*scratch)
        return 0;
    int count = 0;
    DIR *folder = opendir(scratch);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (folder)
        closedir(folder);
    return count;
}

/* Sends one of stdout and stderr into a temporary file until `restore`. */
typedef struct capture {
    FILE *stream, *file;
    int saved;
} capture;

static capture capture_start(FILE *stream) {
    capture c = {.stream = stream, .file = tmpfile()};
    fflush(stream);
    c.saved = dup(fileno(stream));
    if (!c.file || c.saved < 0 || dup2(fileno(c.file), fileno(stream)) < 0) {
        perror("capture");
        exit(1);
    }
    return c;
}

static char *capture_end(capture *c) {
    fflush(c->stream);
    clearerr(c->stream);
    dup2(c->saved, fileno(c->stream));
    close(c->saved);
    long size = (fseek(c->file, 0, SEEK_END), ftell(c->file));
    rewind(c->file);
    char *text = malloc((size_t)size + 1);
    size_t got = fread(text, 1, (size_t)size, c->file);
    text[got] = 0;
    fclose(c->file);
    return text;
}

static void deliver(char *text, char **to) {
    if (to)
        *to = text;
    else
        free(text);
}

int test_run_tool(test_tool tool, const char *name, const char *arguments, char **out, char **err) {
    char *words = malloc(strlen(arguments) + 1), *save = NULL;
    strcpy(words, arguments);
    char *argv[64] = {(char *)(uintptr_t)name};
    int argc = 1;
    for (char *word = strtok_r(words, " ", &save); word && argc < 63;
         word = strtok_r(NULL, " ", &save))
        argv[argc++] = word;
    capture o = capture_start(stdout), e = capture_start(stderr);
    int code = tool(argc, argv);
    deliver(capture_end(&e), err);
    deliver(capture_end(&o), out);
    free(words);
    return code;
}

int test_run_shell(const char *command, char **out, char **err) {
    const char *bin = getenv("FIXLAND_BIN");
    setenv("BIN", bin && *bin ? bin : "build/bin", 1);
    capture o = capture_start(stdout), e = capture_start(stderr);
    int status = system(command);
    deliver(capture_end(&e), err);
    deliver(capture_end(&o), out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void test_assert_relative(double value, double expected, double tolerance, const char *what,
                          const char *file, int line) {
    double error = fabs(value - expected);
    if (value == expected || error <= tolerance * fabs(expected))
        return;
    print_error("%s = %.17g, expected %.17g: relative error %.3g above %.3g\n", what, value,
                expected, error / fabs(expected), tolerance);
    _fail(file, line);
}
