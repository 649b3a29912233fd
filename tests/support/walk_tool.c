/* See walk_tool.h. */
#include "tests/support/walk_tool.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixland/cli.h"
#include "fixland/replicas.h"
#include "fixland/tools.h"

typedef struct settings {
    int64_t tasks, milliseconds;
    bool busy, stubborn, nested, noisy, wordy;
} settings;

static const fl_option options[] = {
    {"tasks", FL_OPTION_INTEGER, offsetof(settings, tasks), "NUMBER", "20", .help = "tasks"},
    {"ms", FL_OPTION_INTEGER, offsetof(settings, milliseconds), "NUMBER", "0", .help = "a task",
     .hidden_from_meta = true},
    {"busy", FL_OPTION_FLAG, offsetof(settings, busy), .help = "does not sleep in its tasks"},
    {"stubborn", FL_OPTION_FLAG, offsetof(settings, stubborn), .help = "never stops by itself"},
    {"nested", FL_OPTION_FLAG, offsetof(settings, nested), .help = "runs a tool first"},
    {"wordy", FL_OPTION_FLAG, offsetof(settings, wordy), .help = "tells itself who stopped it"},
    {"noisy", FL_OPTION_FLAG, offsetof(settings, noisy), .help = "writes where it should not"},
    {.name = NULL},
};

/* In a child: where a byte goes when work begins; -1: nowhere. */
static int ready = -1;

static void sleep_ms(int64_t ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&t, &t) != 0)
        ;
}

static double worked_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void be_busy_ms(int64_t ms) {
    for (double end = worked_ms() + (double)ms; worked_ms() < end;)
        ;
}

/* What the callbacks need. */
typedef struct walk {
    const settings *s;
    fl_table *table;
} walk;

static fl_status work(uint64_t task, void *context, fl_result *result) {
    const settings *s = ((const walk *)context)->s;
    if (ready >= 0 && task == 3)
        (void)!write(ready, "x", 1);
    if (s->noisy)
        (void)!(write(1, "noise\n", 6) + write(2, "noise\n", 6));
    if (s->busy)
        be_busy_ms(s->milliseconds);
    else
        sleep_ms(s->milliseconds);
    fl_rng rng = fl_rng_stream(1, FL_PURPOSE_TEST, 5, task);
    double *value = malloc(sizeof *value);
    *value = fl_rng_gauss(&rng);
    *result = (fl_result){value, sizeof *value};
    return FL_OK;
}

static fl_status emit(uint64_t task, void *context, const void *data, size_t length) {
    double value = 0;
    memcpy(&value, data, length < sizeof value ? length : sizeof value);
    return fl_table_row(((walk *)context)->table, (fl_cell[]){FL_INT(task), FL_NUM(value)});
}

/* The tasks into the table, which is closed in any case. */
static fl_status walk_tasks(const fl_run *run, walk *w, fl_journal *journal) {
    fl_replicas r = {.tasks = (uint64_t)w->s->tasks,
                     .effort = fl_run_effort(run),
                     .context = w,
                     .work = work,
                     .emit = emit,
                     .journal = journal};
    if (w->s->stubborn)
        r.effort.stop = NULL;
    fl_progress_start(run, "walking", (double)r.tasks);
    fl_status status = fl_replicas_run(&r);
    fl_progress_end();
    if (status == FL_OK)
        return fl_table_close(w->table);
    fl_table_discard(w->table);
    return status;
}

/* A tool within the tool, which its time limit stops. */
static fl_status run_inner(void) {
    char name[] = "fl-walk", tasks[] = "--tasks=1000", ms[] = "--ms=5";
    char limit[] = "--time-limit=0.1", out[] = "--output=/dev/null";
    char *argv[] = {name, tasks, ms, limit, out, NULL};
    if (walk_main(5, argv) != 3 || fl_stop_requested())
        return fl_fail(FL_EINVAL, "the time limit of the inner tool has reached the outer one");
    return FL_OK;
}

static fl_status run_walk(fl_run *run, const void *given) {
    static const fl_column columns[] = {{"task", FL_INTEGER, NULL}, {"value", FL_REAL, NULL}};
    walk w = {.s = given};
    if (w.s->nested)
        FL_CHECK(run_inner());
    fl_journal *journal;
    FL_CHECK(fl_run_journal(run, &journal));
    fl_status status = fl_run_table(run, &w.table, columns, 2);
    if (status == FL_OK)
        status = walk_tasks(run, &w, journal);
    fl_status closed = fl_journal_close(journal, status == FL_OK);
    if (status == FL_OK)
        return closed;
    if (status == FL_STOPPED && w.s->wordy)
        return fl_fail(status, "stopped by %s; nothing was written", fl_stop_reason());
    return status;
}

static const fl_mode mode[] = {{.options = options,
                                .settings_size = sizeof(settings),
                                .common = FL_WITH_RESUME | FL_WITH_THREADS,
                                .run = run_walk}};
static const fl_tool tool = {"fl-walk", "walks", mode, 1};

int walk_main(int argc, char **argv) {
    return fl_tool_main(&tool, argc, argv);
}

static void become(const walk_setting *s, FILE *err) {
    signal(SIGINT, s->ignores_sigint ? SIG_IGN : SIG_DFL);
    signal(SIGPIPE, s->ignores_sigpipe ? SIG_IGN : SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    int fd = s->err ? s->err : fileno(err);
    if (fd < 0)
        close(2);
    else
        dup2(fd, 2);
    if (s->out < 0)
        close(1);
    else
        dup2(s->out ? s->out : open("/dev/null", O_WRONLY | O_CLOEXEC), 1);
}

walk_child walk_start(const char *arguments, walk_setting s) {
    int ends[2];
    char words[900], *argv[20], *save = NULL;
    int argc = 0;
    snprintf(words, sizeof words, "fl-walk %s", arguments);
    for (char *w = strtok_r(words, " ", &save); w && argc < 19; w = strtok_r(NULL, " ", &save))
        argv[argc++] = w;
    argv[argc] = NULL;
    walk_child c = {.err = tmpfile()};
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    c.pid = fork();
    if (c.pid == 0) {
        ready = ends[1];
        close(ends[0]);
        become(&s, c.err);
        if (s.may_exit)
            fl_tools_may_exit();
        int code = walk_main(argc, argv);
        fflush(NULL); /* as exit would */
        _exit(code);
    }
    assert_true(c.pid > 0);
    close(ends[1]);
    c.begun = ends[0];
    return c;
}

void walk_wait(const walk_child *c) {
    char byte;
    assert_int_equal(read(c->begun, &byte, 1), 1);
}

int walk_finish(walk_child *c, char **err) {
    int status;
    assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
    close(c->begun);
    rewind(c->err);
    char *text = calloc(1, 4096);
    size_t got = fread(text, 1, 4095, c->err);
    text[got] = 0;
    fclose(c->err);
    if (err)
        *err = text;
    else
        free(text);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int walk_run(const char *arguments, walk_setting s, char **err) {
    walk_child c = walk_start(arguments, s);
    return walk_finish(&c, err);
}

char *walk_rows(const char *path) {
    char *text = test_slurp(path), *to = text;
    assert_non_null(text);
    for (char *line = text, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        next += *next == '\n';
        if (*line != '#') {
            memmove(to, line, (size_t)(next - line));
            to += next - line;
        }
    }
    *to = 0;
    return text;
}

char *walk_reference(int tasks) {
    char line[700];
    const char *path = test_path("reference.tsv");
    snprintf(line, sizeof line, "--tasks %d --threads 1 --force --output %s", tasks, path);
    assert_int_equal(walk_run(line, (walk_setting){0}, NULL), 0);
    return walk_rows(path);
}
