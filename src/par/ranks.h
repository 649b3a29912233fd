/* Ranks: processes, on any number of machines, that share the loops over replicas. Internal; the
 * program that has ranks (tools/mpi.c) hands in how messages travel, so that the library knows no
 * MPI.
 *
 * Rank 0 leads: it runs the tool as if it were alone, and deals the tasks of each loop of more than
 * one to whoever is free, its own threads too. The others serve: when the first such loop has begun
 * they run the same tool with the same words, but write nothing (fl_ranks_serving), up to that
 * loop; there they compute what they are dealt until the loop is over, and then leave with
 * FL_STOPPED. What a loop emits is known to rank 0 alone. Loops within a task are not shared.
 *
 * A run may have parts that need nothing of one another (fl_ranks_part): in each the others run the tool
 * anew, straight to that part. */
#ifndef FIXLAND_PAR_RANKS_H
#define FIXLAND_PAR_RANKS_H

#include "src/par/loop.h"

typedef struct fl_ranks {
    int rank, count;
    void *context;
    /* To rank 0, or from it. The bytes may be changed after the return. */
    void (*send)(void *context, int to, const void *data, size_t length);
    /* The next message, if there is one: *data by malloc. */
    bool (*receive)(void *context, int *from, void **data, size_t *length);
    /* Asks the tool in this process to stop, as a signal does. */
    void (*stop)(void *context);
    /* Rank 0: a rank that says nothing for so long is taken for dead, s. After the run was asked to
     * stop it is `farewell`, from then on. */
    double silence;
    double (*farewell)(void *context);
    /* Rank 0, again and again while tasks go on `seconds` after all were asked to stop: they may be such as do not
     * ask for long. `kept`: there is a checkpoint, to which nobody writes meanwhile. May end all. NULL: they are
     * waited for. */
    void (*linger)(void *context, double seconds, bool kept);
} fl_ranks;

/* From now on; NULL: no more. Messages are sent and received by the calling thread only, which is
 * the one that runs the tool. */
void fl_ranks_use(const fl_ranks *ranks);

/* Of this process: 1 without ranks; whether it serves; whether a rank was taken for dead. */
int fl_ranks_count(void);
bool fl_ranks_serving(void);
bool fl_ranks_lost(void);

/* Rank 0, after the tool, when all is written: lets the others go, to the end. A rank that does not leave is taken
 * for dead. */
void fl_ranks_dismiss(void);

/* The others: waits for the first loop of rank 0, or of its next part; false: there is none, rank 0 has ended. It
 * sleeps meanwhile: at the end of MPI who is first would wait busily for the last. */
bool fl_ranks_await(void);
/* After the tool, with its exit code; then again fl_ranks_await. */
void fl_ranks_leave(int code);

/* Rank 0: begins that part of the run. Waits until the others have left the one before. */
void fl_ranks_part(uint64_t part);
/* The others: the part that rank 0 has called them to. */
uint64_t fl_ranks_part_called(void);
/* Rank 0: no loop is shared meanwhile. */
void fl_ranks_alone(bool alone);

/* ---- between the files of src/par */

typedef enum ranks_kind {
    RANKS_BEGIN = 1, /* from 0: run the tool, part `first` of it */
    RANKS_END,       /* from 0: there is nothing to be run, or no more; end */
    RANKS_DEAL,      /* from 0: compute tasks first .. first + count - 1 */
    RANKS_STOP,      /* from 0: what is at hand is not needed any more; answered by a report */
    RANKS_OVER,      /* from 0: the loop is over, leave */
    RANKS_HELLO,     /* to 0: arrived at the loop; the name of the machine */
    RANKS_REPORT,    /* to 0: `count` records, each with what it holds; also to be heard of */
    RANKS_LEFT       /* to 0: the tool has ended; its sentence */
} ranks_kind;

typedef struct ranks_head {
    uint32_t kind, code;      /* exit code of the tool */
    uint64_t loop, tasks;     /* number of the loop, from 1, and its tasks */
    uint64_t first, count;    /* tasks dealt, or records */
    uint64_t threads, target; /* of the rank; tasks that it would like to have at hand, and is
                               * given when it has half of them left */
} ranks_head;

/* In front of each result of a report; of a failure the sentence is the result. */
typedef struct ranks_record {
    uint64_t task, length, status;
    double seconds;
} ranks_record;

/* What rank 0 knows of another. */
typedef struct ranks_member {
    bool begun, joined, over, left, lost; /* over: let go */
    bool told;                            /* was sent RANKS_STOP */
    uint64_t hand;                        /* tasks dealt and not returned */
    uint64_t threads, target;
    double heard; /* when, s */
    char where[64];
} ranks_member;

/* The ranks when this loop is to be shared, else NULL; counts the loops. */
const fl_ranks *ranks_for(const fl_replicas *spec, uint64_t *number);

/* The loop as rank 0 runs it, on `threads` threads of its own, and as the others do. */
uint64_t ranks_window(const fl_ranks *ranks, int threads); /* places of the ring */
void ranks_lead(const fl_ranks *ranks, uint64_t number, replicas_loop *l, int threads);
fl_status ranks_serve(const fl_ranks *ranks, uint64_t number, const fl_replicas *spec);

/* Of rank 0, one for each rank. */
ranks_member *ranks_members(void);

/* Takes the next message to rank 0: *body (to be freed with *head) has *length bytes; the member
 * has been heard. */
bool ranks_hear(const fl_ranks *ranks, int *from, ranks_head **head, const char **body,
                size_t *length);
void ranks_tell(const fl_ranks *ranks, int to, ranks_head head);
/* To the tool, unless it has been called in this part. */
void ranks_call(const fl_ranks *ranks, int rank);
void ranks_let_go(const fl_ranks *ranks, int rank);
void ranks_lose(int rank);

/* Is it time to give a rank more? */
bool ranks_hungry(uint64_t hand, uint64_t threads, uint64_t target);

/* Seconds. */
double ranks_clock(void);
/* How long to sleep when nothing has happened *idle times: 20 us, longer and longer up to five
 * milliseconds, never much longer than the silence so far. To look for a message costs some
 * microseconds, of a core that computes. */
long ranks_patience(unsigned *idle); /* ns */
void ranks_pause(unsigned *idle);

#endif
