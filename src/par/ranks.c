/* Which ranks there are, and how a run with them begins and ends: see ranks.h. */
#include "src/par/ranks.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct {
    const fl_ranks *ranks; /* NULL: none */
    ranks_member *members; /* of rank 0: one a rank, the first is itself */
    uint64_t part, loops;  /* loops of that part so far */
    bool alone, lost;
} used;

double ranks_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

long ranks_patience(unsigned *idle) {
    long us = 20L << (*idle < 8 ? *idle : 8);
    ++*idle;
    return (us < 5000 ? us : 5000) * 1000;
}

void ranks_pause(unsigned *idle) {
    nanosleep(&(struct timespec){0, ranks_patience(idle)}, NULL);
}

bool ranks_hungry(uint64_t hand, uint64_t threads, uint64_t target) {
    return hand < threads || 2 * hand <= target;
}

void ranks_tell(const fl_ranks *ranks, int to, ranks_head head) {
    ranks->send(ranks->context, to, &head, sizeof head);
}

void fl_ranks_use(const fl_ranks *ranks) {
    free(used.members);
    memset(&used, 0, sizeof used);
    if (!ranks || ranks->count < 2)
        return;
    if (ranks->rank == 0)
        used.members = calloc((size_t)ranks->count, sizeof *used.members);
    used.ranks = ranks->rank == 0 && !used.members ? NULL : ranks;
}

int fl_ranks_count(void) {
    return used.ranks ? used.ranks->count : 1;
}

bool fl_ranks_serving(void) {
    return used.ranks && used.ranks->rank > 0;
}

bool fl_ranks_lost(void) {
    return used.lost;
}

ranks_member *ranks_members(void) {
    return used.members;
}

/* A single task is not shared, nor is what happens within a task. */
const fl_ranks *ranks_for(const fl_replicas *spec, uint64_t *number) {
    *number = 0;
    if (!used.ranks || used.alone || replicas_nested() || spec->tasks < 2)
        return NULL;
    *number = ++used.loops;
    return used.ranks;
}

/* ---- rank 0 */

bool ranks_hear(const fl_ranks *ranks, int *from, ranks_head **head, const char **body,
                size_t *length) {
    void *data;
    if (!ranks->receive(ranks->context, from, &data, length))
        return false;
    *head = data;
    *body = (const char *)data + sizeof **head;
    *length -= sizeof **head;
    used.members[*from].heard = ranks_clock();
    if ((*head)->kind == RANKS_LEFT) {
        used.members[*from].left = true;
        used.members[*from].hand = 0;
    }
    return true;
}

void ranks_let_go(const fl_ranks *ranks, int rank) {
    used.members[rank].over = true;
    ranks_tell(ranks, rank, (ranks_head){.kind = RANKS_OVER});
}

void ranks_lose(int rank) {
    used.members[rank].lost = true;
    used.members[rank].hand = 0;
    used.lost = true;
}

/* How many of those that were called are still to leave. */
static int staying_members(const fl_ranks *ranks, double since) {
    int staying = 0;
    for (int k = 1; k < ranks->count; k++) {
        const ranks_member *m = &used.members[k];
        /* One that has not come to the loop yet may be reading its files. */
        double patience = m->over ? ranks->silence : 10 * ranks->silence;
        if (m->begun && !m->left && !m->lost && ranks_clock() - since > patience)
            ranks_lose(k);
        staying += m->begun && !m->left && !m->lost;
    }
    return staying;
}

static void until_all_have_left(const fl_ranks *ranks) {
    double since = ranks_clock();
    unsigned idle = 0;
    while (staying_members(ranks, since) > 0) {
        int from;
        ranks_head *head;
        const char *body;
        size_t length;
        if (!ranks_hear(ranks, &from, &head, &body, &length)) {
            ranks_pause(&idle);
            continue;
        }
        idle = 0;
        if (head->kind == RANKS_HELLO)
            ranks_let_go(ranks, from);
        free(head);
    }
}

void fl_ranks_dismiss(void) {
    const fl_ranks *ranks = used.ranks;
    if (!ranks)
        return;
    until_all_have_left(ranks);
    for (int k = 1; k < ranks->count; k++)
        if (!used.members[k].lost)
            ranks_tell(ranks, k, (ranks_head){.kind = RANKS_END});
}

void fl_ranks_part(uint64_t part) {
    const fl_ranks *ranks = used.ranks;
    if (!ranks)
        return;
    until_all_have_left(ranks);
    for (int k = 1; k < ranks->count; k++) {
        const bool lost = used.members[k].lost;
        used.members[k] = (ranks_member){.lost = lost};
    }
    used.part = part;
    used.loops = 0;
}

void fl_ranks_alone(bool alone) {
    used.alone = alone;
}

void ranks_call(const fl_ranks *ranks, int rank) {
    ranks_member *m = &used.members[rank];
    if (m->begun || m->lost)
        return;
    m->begun = true;
    ranks_tell(ranks, rank, (ranks_head){.kind = RANKS_BEGIN, .first = used.part});
}

/* ---- the others */

bool fl_ranks_await(void) {
    unsigned idle = 0;
    for (;;) {
        int from;
        size_t length;
        void *data;
        if (!used.ranks->receive(used.ranks->context, &from, &data, &length)) {
            ranks_pause(&idle);
            continue;
        }
        const ranks_head head = *(const ranks_head *)data;
        free(data);
        used.part = head.first;
        used.loops = 0;
        if (head.kind == RANKS_BEGIN || head.kind == RANKS_END)
            return head.kind == RANKS_BEGIN;
    }
}

uint64_t fl_ranks_part_called(void) {
    return used.part;
}

void fl_ranks_leave(int code) {
    struct {
        ranks_head head;
        char sentence[1000];
    } message = {.head = {.kind = RANKS_LEFT, .code = (uint32_t)code}};
    strncpy(message.sentence, fl_message(), sizeof message.sentence - 1);
    used.ranks->send(used.ranks->context, 0, &message, sizeof message);
}
