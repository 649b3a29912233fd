/* A progress bar on stderr: "counting  [#####.....]  52%  13/s  1m 20s left".
 *
 * One bar a process, as there is one terminal: an inner one (a tool that runs tools) is not drawn.
 * Rate and time left are measured from the first drawing on, so that results replayed from a
 * checkpoint do not count as work done now. */
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "src/cli/internal.h"
#include "src/par/ranks.h"

enum { BAR = 30, LINE = 160 };
static const double redraw_after = 0.2; /* seconds between drawings */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct {
    int depth;  /* bars started, the outermost is drawn */
    bool drawn; /* there is something on the line */
    bool on;    /* on a terminal, and not --quiet */
    int width;  /* of the terminal */
    char what[40];
    double total;
    double last;            /* time of the last drawing, s */
    double from_time, from; /* where rates are measured from; from_time 0: nowhere yet */
} bar;

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* "1h 05m", "3m 20s", "12s". */
static void format_time(char *text, size_t size, double s) {
    if (!(s < 360000))
        snprintf(text, size, "%.0fd", fmin(s / 86400, 1e6));
    else if (s >= 3600)
        snprintf(text, size, "%dh %02dm", (int)s / 3600, (int)s / 60 % 60);
    else if (s >= 60)
        snprintf(text, size, "%dm %02ds", (int)s / 60, (int)s % 60);
    else
        snprintf(text, size, "%ds", (int)ceil(s));
}

/* Rate and time left, once they are known. */
static void format_rate(char *text, size_t size, double done, double now) {
    double rate = bar.from_time > 0 ? (done - bar.from) / (now - bar.from_time) : 0;
    char left[32];
    *text = 0;
    if (!(rate > 0))
        return;
    format_time(left, sizeof left, fmax(bar.total - done, 0) / rate);
    snprintf(text, size, "  %.3g/s  %s left", rate, left);
}

static void draw_progress(double done, double now) {
    double part = bar.total > 0 ? fmin(fmax(done / bar.total, 0), 1) : 1;
    char line[LINE], rate[80], marks[BAR + 1];
    for (int i = 0; i < BAR; i++)
        marks[i] = i < (int)(part * BAR) ? '#' : '.';
    marks[BAR] = 0;
    format_rate(rate, sizeof rate, done, now);
    snprintf(line, sizeof line, "%s  [%s] %3d%%%s", bar.what, marks, (int)(part * 100), rate);
    int width = fl_cli_terminal();
    bar.width = width > 0 ? width : bar.width;
    int room = bar.width <= LINE ? bar.width - 1 : LINE - 1;
    fprintf(stderr, "\r%-*.*s", room, room, line);
    fflush(stderr);
    bar.drawn = true;
    bar.last = now;
    if (bar.from_time == 0) {
        bar.from_time = now;
        bar.from = done;
    }
}

static void erase(void) {
    fprintf(stderr, "\r%*s\r", bar.width <= LINE ? bar.width - 1 : LINE - 1, "");
    fflush(stderr);
}

void fl_progress_start(const fl_run *run, const char *what, double total) {
    pthread_mutex_lock(&lock);
    if (bar.depth++ == 0) {
        bar.on = !run->common.quiet && fl_cli_terminal() > 0;
        bar.drawn = false;
        bar.total = total;
        bar.last = seconds();
        bar.from_time = bar.from = 0;
        snprintf(bar.what, sizeof bar.what, "%s", what);
        if (fl_ranks_count() > 1)
            snprintf(bar.what, sizeof bar.what, "%.20s, %d ranks", what, fl_ranks_count());
    }
    pthread_mutex_unlock(&lock);
}

void fl_progress_update(double done) {
    /* Who finds the bar busy has nothing newer to tell. */
    if (pthread_mutex_trylock(&lock) != 0)
        return;
    double now = bar.depth == 1 && bar.on ? seconds() : 0;
    if (now > 0 && now - bar.last >= redraw_after)
        draw_progress(done, now);
    pthread_mutex_unlock(&lock);
}

void fl_progress_end(void) {
    pthread_mutex_lock(&lock);
    if (bar.depth > 0 && --bar.depth == 0 && bar.drawn)
        erase();
    pthread_mutex_unlock(&lock);
}
