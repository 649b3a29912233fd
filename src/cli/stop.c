/* Polite stops: SIGINT, SIGTERM, the signals that batch systems send before they kill (SIGHUP,
 * SIGUSR1, SIGXCPU) and the time limit set a word that long loops poll.
 *
 * The state belongs to the process, as signals do. Handlers only touch lock-free atomics. A signal
 * that the caller ignores (nohup, background jobs of a script) stays ignored. */
#include "src/cli/internal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

enum { TIME_LIMIT = -1 };

/* A repeat within this time is the same stop sent twice (timeout(1) signals the process and then
 * its group), not a person who insists. */
static const int64_t same_stop = 200 * INT64_C(1000000);

static atomic_int reason;           /* 0, a signal, or TIME_LIMIT */
static _Atomic int64_t interrupted; /* time of the first SIGINT, ns; 0: none */
static _Atomic int64_t deadline;    /* ns; 0: none */
static atomic_bool heard;           /* somebody asked whether to stop, and was told so */
static atomic_int depth;            /* tools running inside one another */
static atomic_int listener = -1;    /* a descriptor that hears of stops */

/* What stands behind a signal here: stop, or failing writes instead of death. */
static const struct {
    int number;
    bool stops;
} signals[FL_CLI_SIGNALS] = {{SIGINT, true},  {SIGTERM, true},  {SIGHUP, true},  {SIGUSR1, true},
                             {SIGXCPU, true}, {SIGPIPE, false}, {SIGXFSZ, false}};

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void tell(void) {
    int kept = errno, descriptor = atomic_load(&listener);
    if (descriptor >= 0 && write(descriptor, "", 1) < 0)
        errno = 0; /* full: it has been told */
    errno = kept;
}

static void on_stop(int number) {
    int none = 0;
    int64_t never = 0, time = now();
    atomic_compare_exchange_strong(&reason, &none, number);
    tell();
    if (number != SIGINT || atomic_compare_exchange_strong(&interrupted, &never, time) ||
        time - never < same_stop)
        return;
    signal(number, SIG_DFL);
    raise(number); /* delivered when this handler returns */
}

static void install(size_t i, struct sigaction *before) {
    struct sigaction action = {.sa_flags = SA_RESTART};
    action.sa_handler = signals[i].stops ? on_stop : SIG_IGN;
    sigemptyset(&action.sa_mask);
    sigaction(signals[i].number, NULL, before);
    if (before->sa_handler != SIG_IGN)
        sigaction(signals[i].number, &action, NULL);
}

void fl_cli_stop_begin(fl_cli_stop *before) {
    if (atomic_fetch_add(&depth, 1) == 0) {
        atomic_store(&reason, 0);
        atomic_store(&heard, false);
        atomic_store(&interrupted, 0);
        atomic_store(&deadline, 0);
    }
    before->deadline = atomic_load(&deadline);
    before->reason = atomic_load(&reason);
    for (size_t i = 0; i < FL_CLI_SIGNALS; i++)
        install(i, &before->actions[i]);
}

void fl_cli_stop_limit(double seconds) {
    int64_t outer = atomic_load(&deadline);
    if (seconds <= 0 || seconds > 1e9)
        return;
    int64_t own = now() + (int64_t)(seconds * 1e9);
    if (outer == 0 || own < outer)
        atomic_store(&deadline, own);
}

bool fl_cli_stop_outermost(void) {
    return atomic_load(&depth) == 1;
}

void fl_cli_stop_tell(int descriptor) {
    atomic_store(&listener, descriptor);
}

void fl_cli_stop_end(const fl_cli_stop *before) {
    for (size_t i = 0; i < FL_CLI_SIGNALS; i++)
        sigaction(signals[i].number, &before->actions[i], NULL);
    atomic_store(&deadline, before->deadline);
    /* A signal is meant for the tools around this one too, its time limit is not. */
    int expired = TIME_LIMIT;
    atomic_compare_exchange_strong(&reason, &expired, before->reason);
    if (atomic_fetch_sub(&depth, 1) == 1)
        atomic_store(&reason, 0);
}

void fl_cli_stop_unread(const fl_cli_stop *before) {
    for (size_t i = 0; i < FL_CLI_SIGNALS; i++)
        if (signals[i].number == SIGPIPE && before->actions[i].sa_handler == SIG_DFL) {
            signal(SIGPIPE, SIG_DFL);
            raise(SIGPIPE);
        }
}

bool fl_cli_stop_due(void) {
    if (atomic_load_explicit(&reason, memory_order_relaxed))
        return true;
    int64_t end = atomic_load_explicit(&deadline, memory_order_relaxed);
    int none = 0;
    if (end == 0 || now() < end)
        return false;
    atomic_compare_exchange_strong(&reason, &none, TIME_LIMIT);
    return true;
}

bool fl_stop_requested(void) {
    bool due = fl_cli_stop_due();
    if (due)
        fl_cli_stop_hear();
    return due;
}

void fl_cli_stop_hear(void) {
    atomic_store_explicit(&heard, true, memory_order_relaxed);
}

bool fl_cli_stop_heard(void) {
    return atomic_load_explicit(&heard, memory_order_relaxed);
}

const char *fl_stop_reason(void) {
    switch (atomic_load(&reason)) {
    case 0:
        return NULL;
    case TIME_LIMIT:
        return "the time limit";
    case SIGINT:
        return "SIGINT";
    case SIGHUP:
        return "SIGHUP";
    case SIGUSR1:
        return "SIGUSR1";
    case SIGXCPU:
        return "SIGXCPU";
    default:
        return "SIGTERM";
    }
}
