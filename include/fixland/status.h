/* Status codes, and the sentence that goes with a failure.
 *
 * Every library function that can fail returns an fl_status. On anything but FL_OK it has left one
 * sentence for people in a thread-local buffer, read with fl_message(). The library never prints
 * and never exits: tools turn the status into a line on stderr and an exit code. */
#ifndef FIXLAND_STATUS_H
#define FIXLAND_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_status {
    FL_OK = 0,
    FL_EINVAL,    /* an argument is outside its domain */
    FL_ENOMEM,    /* out of memory */
    FL_EIO,       /* the operating system refused to read or write */
    FL_EFORMAT,   /* a file was read but is not what it should be */
    FL_EEXIST,    /* an output exists already and may not be replaced */
    FL_EMISMATCH, /* parts that do not belong together (checkpoint, shard, store) */
    FL_EDOMAIN,   /* no answer exists */
    FL_UNDECIDED, /* not decided within the budget: no convergence, not equilibrated */
    FL_STOPPED,   /* stopped by a signal or a time limit; what was done is kept */
    FL_EUSAGE     /* a command line that cannot be understood */
} fl_status;

/* Records a sentence (printf style, no final newline) and returns `status`, which is
 * not FL_OK. */
fl_status fl_fail(fl_status status, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* The sentence of the last failure in this thread; never NULL. Valid until the next failure. */
const char *fl_message(void);

/* A short name for a status, "FL_EIO" for example. */
const char *fl_status_name(fl_status status);

/* Exit code of a tool that ends with this status: 0 done, 1 failed, 2 usage, 3 undecided within the
 * budget or stopped before the end. */
int fl_exit_code(fl_status status);

/* Returns from the calling function with the status of `call` unless it is FL_OK. */
#define FL_CHECK(call)                                                                             \
    do {                                                                                           \
        fl_status fl_check_status_ = (call);                                                       \
        if (fl_check_status_ != FL_OK)                                                             \
            return fl_check_status_;                                                               \
    } while (0)

#ifdef __cplusplus
}
#endif
#endif
