/* A loop over replicas as the ranks behind rank 0 see it: see ranks.h. Threads take tasks from a
 * queue and put what comes of them on a list; the calling thread fills the one and empties the
 * other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "src/par/ranks.h"

/* Tasks that a rank would like to have at hand last about so long (s), at most so many a thread;
 * tasks that last longer than `long_task` are not waiting here while others may be free. */
static const double at_hand = 0.1, long_task = 2;
enum { MOST_A_THREAD = 64 };

/* A report is sent after so long, or with so many bytes. */
static const double report_after = 0.02;
static const size_t report_bytes = (size_t)1 << 22;
static const long longest_starving = 500000; /* ns */
static const uint64_t longest_result = UINT64_C(1) << 30;

typedef struct range {
    uint64_t first, count;
} range;

typedef struct finished {
    uint64_t task;
    replicas_done done;
} finished;

typedef struct server {
    const fl_ranks *ranks;
    uint64_t number;
    const fl_replicas *spec;
    uint64_t threads;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t filled;
    pthread_cond_t wanted; /* a report is pressing */
    range *queue;
    size_t ranges, room;
    uint64_t queued, owned,
        running; /* owned: taken from the queue by a thread that is at its group */
    finished *list;
    size_t listed, list_room, bytes;
    double oldest;              /* of the list */
    double mean;                /* time of a task, s; 0: not known yet */
    bool asked;                 /* a report has told that there is room for more */
    bool stopped, over, failed; /* failed: out of memory */
} server;

/* ---- threads */

/* A task, with the rest of its group where there is a group for all threads that have nothing. */
static void take_range(server *s, range *own) {
    range *r = s->queue;
    uint64_t waiting = s->threads - s->running, mine = 1;
    uint64_t unit = replicas_unit(s->spec, s->queued, waiting, s->mean);
    while ((r->first + mine) % unit && mine < r->count)
        mine++;
    *own = (range){r->first, mine};
    r->first += mine;
    r->count -= mine;
    s->queued -= mine;
    s->owned += mine;
    if (r->count == 0)
        memmove(r, r + 1, --s->ranges * sizeof *r);
}

static bool next_task(server *s, range *own, uint64_t *task) {
    while (!s->over && own->count == 0 && s->queued == 0)
        pthread_cond_wait(&s->filled, &s->lock);
    if (s->over)
        return false;
    if (own->count == 0)
        take_range(s, own);
    *task = own->first++;
    own->count--;
    s->owned--;
    s->running++;
    return true;
}

/* A failure travels as its sentence. */
static void put_sentence(replicas_done *done) {
    free(done->result.data);
    done->result.data = strdup(fl_message());
    done->result.length = done->result.data ? strlen(fl_message()) : 0;
}

static void serve_task(const server *s, uint64_t task, bool stopped, replicas_done *done) {
    *done = (replicas_done){.status = FL_STOPPED};
    if (stopped || fl_effort_stopped(&s->spec->effort))
        fl_fail(FL_STOPPED, "stopped before task %llu", (unsigned long long)task);
    else
        replicas_compute(s->spec, task, s->threads == 1, done);
    if (done->status == FL_OK && done->result.length > longest_result)
        done->status =
            fl_fail(FL_EINVAL, "a result of %zu bytes; at most 2^30 travel between ranks",
                    done->result.length);
    if (done->status != FL_OK)
        put_sentence(done);
}

static uint64_t target_of(const server *s) {
    if (s->mean <= 0 || s->mean > long_task)
        return s->threads;
    double more = at_hand / s->mean;
    more = more < 1 ? 1 : more > MOST_A_THREAD ? MOST_A_THREAD : more;
    return s->threads + (uint64_t)((double)s->threads * more);
}

static bool wants_more(const server *s) {
    uint64_t hand = s->queued + s->owned + s->running;
    uint64_t unit = replicas_unit(s->spec, UINT64_MAX, s->threads, s->mean);
    return hand < s->threads * unit || ranks_hungry(hand, s->threads, target_of(s));
}

/* Should rank 0 hear of the list at once? With the lock. Once asked, it will give more; what is done
 * meanwhile can wait, unless a thread waits too. */
static bool is_pressing(const server *s) {
    return s->listed && (s->queued + s->running < s->threads || s->bytes > report_bytes ||
                         (!s->asked && wants_more(s)));
}

static void list_result(server *s, const finished *f, double seconds) {
    if (s->listed == s->list_room) {
        size_t room = 2 * s->list_room + 16;
        finished *more = realloc(s->list, room * sizeof *more);
        s->failed = s->failed || !more;
        if (!more)
            return;
        s->list = more;
        s->list_room = room;
    }
    if (s->listed == 0)
        s->oldest = ranks_clock();
    s->list[s->listed++] = *f;
    s->bytes += f->done.result.length;
    s->mean = replicas_mean(s->mean, seconds);
}

static void *serve_labour(void *context) {
    server *s = context;
    finished f;
    range own = {0, 0};
    pthread_mutex_lock(&s->lock);
    while (next_task(s, &own, &f.task)) {
        bool stopped = s->stopped;
        pthread_mutex_unlock(&s->lock);
        double begin = ranks_clock();
        serve_task(s, f.task, stopped, &f.done);
        double seconds = ranks_clock() - begin;
        pthread_mutex_lock(&s->lock);
        s->running--;
        list_result(s, &f, seconds);
        if (is_pressing(s))
            pthread_cond_signal(&s->wanted);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- messages */

static void queue_range(server *s, const ranks_head *head) {
    if (s->ranges == s->room) {
        size_t room = 2 * s->room + 16;
        range *more = realloc(s->queue, room * sizeof *more);
        s->failed = s->failed || !more;
        if (!more)
            return;
        s->queue = more;
        s->room = room;
    }
    s->queue[s->ranges++] = (range){head->first, head->count};
    s->queued += head->count;
    s->asked = false;
    pthread_cond_broadcast(&s->filled);
}

static void say_hello(const server *s) {
    struct {
        ranks_head head;
        char where[64];
    } message = {.head = {.kind = RANKS_HELLO,
                          .loop = s->number,
                          .tasks = s->spec->tasks,
                          .threads = s->threads,
                          .target = s->threads}};
    gethostname(message.where, sizeof message.where - 1);
    s->ranks->send(s->ranks->context, 0, &message, sizeof message);
}

static void send_report(const server *s, const finished *list, size_t count, size_t bytes,
                        uint64_t target) {
    ranks_head head = {.kind = RANKS_REPORT, .loop = s->number, .count = count, .target = target};
    size_t length = sizeof head + count * sizeof(ranks_record) + bytes;
    char *message = malloc(length), *at = message + sizeof head;
    if (!message)
        abort(); /* rank 0 hears no more of this one */
    memcpy(message, &head, sizeof head);
    for (size_t k = 0; k < count; k++) {
        const replicas_done *done = &list[k].done;
        ranks_record r = {list[k].task, done->result.length, done->status, done->seconds};
        memcpy(at, &r, sizeof r);
        if (r.length)
            memcpy(at + sizeof r, done->result.data, r.length);
        at += sizeof r + r.length;
        free(done->result.data);
    }
    s->ranks->send(s->ranks->context, 0, message, length);
    free(message);
}

/* Takes the list when it is time to send it; with `bytes` more than a message may hold, in parts. */
static void report(server *s, bool now) {
    pthread_mutex_lock(&s->lock);
    uint64_t target = target_of(s);
    bool due = is_pressing(s) || (s->listed && ranks_clock() - s->oldest > report_after);
    finished *list = due || now ? s->list : NULL;
    size_t count = list ? s->listed : 0;
    if (list) {
        s->list = NULL;
        s->listed = s->list_room = s->bytes = 0;
        s->asked = s->asked || wants_more(s);
    }
    pthread_mutex_unlock(&s->lock);
    for (size_t first = 0, bytes = 0, k = 0; k < count; k++) {
        bytes += list[k].done.result.length;
        if (k + 1 < count && bytes + list[k + 1].done.result.length <= longest_result)
            continue;
        send_report(s, list + first, k + 1 - first, bytes, target);
        first = k + 1;
        bytes = 0;
    }
    if (now && count == 0)
        send_report(s, NULL, 0, 0, target);
    free(list);
}

/* True: to be answered at once. */
static bool obey(server *s, const ranks_head *head) {
    pthread_mutex_lock(&s->lock);
    bool stop = head->kind == RANKS_STOP;
    if (head->kind == RANKS_DEAL && head->loop == s->number)
        queue_range(s, head);
    s->stopped = s->stopped || stop;
    s->over = s->over || head->kind == RANKS_OVER;
    pthread_cond_broadcast(&s->filled);
    pthread_mutex_unlock(&s->lock);
    if (stop)
        s->ranks->stop(s->ranks->context);
    return stop;
}

/* Sleeps until a report is pressing, or for a while: not long when threads have nothing
 * to do. */
static void serve_pause(server *s, unsigned *idle) {
    struct timespec until;
    long patience = ranks_patience(idle);
    pthread_mutex_lock(&s->lock);
    bool starving = s->queued + s->running < s->threads;
    if (starving && patience > longest_starving)
        patience = longest_starving;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += patience;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    if (!is_pressing(s))
        pthread_cond_timedwait(&s->wanted, &s->lock, &until);
    pthread_mutex_unlock(&s->lock);
}

static void serve_until_over(server *s) {
    unsigned idle = 0;
    double said = ranks_clock();
    say_hello(s);
    while (!s->over && !s->failed) {
        int from;
        size_t length;
        void *data;
        bool now = ranks_clock() - said > s->ranks->silence / 8;
        if (s->ranks->receive(s->ranks->context, &from, &data, &length)) {
            now = obey(s, data) || now;
            free(data);
            idle = 0;
        } else
            serve_pause(s, &idle);
        if (now)
            said = ranks_clock();
        report(s, now);
    }
}

static void server_end(server *s) {
    for (size_t k = 0; k < s->listed; k++)
        free(s->list[k].done.result.data);
    free(s->list);
    free(s->queue);
    pthread_cond_destroy(&s->filled);
    pthread_cond_destroy(&s->wanted);
    pthread_mutex_destroy(&s->lock);
}

fl_status ranks_serve(const fl_ranks *ranks, uint64_t number, const fl_replicas *spec) {
    server s = {
        .ranks = ranks, .number = number, .spec = spec, .threads = (uint64_t)spec->effort.threads};
    pthread_t *team = calloc(s.threads, sizeof *team);
    uint64_t started = 0;
    pthread_mutex_init(&s.lock, NULL);
    pthread_cond_init(&s.filled, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s.wanted, &monotonic);
    pthread_condattr_destroy(&monotonic);
    while (team && started < s.threads &&
           pthread_create(&team[started], NULL, serve_labour, &s) == 0)
        started++;
    s.failed = started == 0;
    s.threads = started;
    serve_until_over(&s);
    pthread_mutex_lock(&s.lock);
    s.over = true;
    pthread_cond_broadcast(&s.filled);
    pthread_mutex_unlock(&s.lock);
    for (uint64_t k = 0; k < started; k++)
        pthread_join(team[k], NULL);
    free(team);
    bool failed = s.failed;
    server_end(&s);
    return failed ? fl_fail(FL_ENOMEM, "out of memory for the tasks of a rank")
                  : fl_fail(FL_STOPPED, "the loop of rank 0 is over");
}
