/* See record.h. */
#include "src/par/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct head {
    char kind[32], keeps[32]; /* ended by zeros */
    uint64_t tasks, length;
    double seconds; /* of processor time */
} head;

/* What does not fit is cut; NULL is nothing. */
static void put_word(char word[32], const char *text) {
    for (size_t k = 0; text && text[k] && k < 31; k++)
        word[k] = text[k];
}

static head head_of(const fl_replicas *loop, size_t length) {
    head h = {.tasks = loop->tasks, .length = length};
    put_word(h.kind, loop->record.kind);
    put_word(h.keeps, loop->record.keeps);
    return h;
}

fl_status fl_record_fits(const fl_replicas *loop, uint64_t task, size_t length, bool kept) {
    size_t right = loop->record.length ? loop->record.length(task, loop->context, kept) : length;
    return length == right
               ? FL_OK
               : fl_fail(FL_EINVAL, "the result of task %" PRIu64 " has %zu bytes instead of %zu",
                         task, length, right);
}

fl_status fl_record_append(const fl_replicas *loop, uint64_t task, const fl_result *result,
                           double seconds) {
    head h = head_of(loop, result->length);
    h.seconds = seconds;
    char *record = malloc(sizeof h + result->length);
    if (!record)
        return fl_fail(FL_ENOMEM, "out of memory for a record of %zu bytes", result->length);
    memcpy(record, &h, sizeof h);
    if (result->length)
        memcpy(record + sizeof h, result->data, result->length);
    fl_status status = fl_journal_append(loop->journal, task, record, sizeof h + result->length);
    free(record);
    return status;
}

/* Kind and tasks agree, what is kept does not. */
static fl_status other_keeps(const char *had, const char *wanted) {
    if (!*had)
        return fl_fail(FL_EMISMATCH,
                       "the checkpoint was written by a run that kept no %s, which this one needs",
                       wanted);
    if (!*wanted)
        return fl_fail(FL_EMISMATCH,
                       "the checkpoint was written by a run that kept %s, which this one does not "
                       "ask for",
                       had);
    return fl_fail(FL_EMISMATCH,
                   "the checkpoint was written by a run that kept %s; this one keeps %s", had,
                   wanted);
}

static fl_status check_head(const fl_replicas *loop, uint64_t task, const head *found,
                            size_t length) {
    const head wanted = head_of(loop, length);
    if (memcmp(found->kind, wanted.kind, sizeof wanted.kind) != 0)
        return fl_fail(FL_EMISMATCH, "the checkpoint holds %.31s; this run needs %.31s",
                       found->kind, wanted.kind);
    bool more = loop->record.more && !*wanted.keeps;
    if (!more && memcmp(found->keeps, wanted.keeps, sizeof wanted.keeps) != 0)
        return other_keeps(found->keeps, wanted.keeps);
    if (found->tasks != wanted.tasks)
        return fl_fail(FL_EMISMATCH,
                       "the checkpoint is of a run of %" PRIu64 " tasks; this one has %" PRIu64,
                       found->tasks, wanted.tasks);
    if (found->length != length || fl_record_fits(loop, task, length, *found->keeps) != FL_OK)
        return fl_fail(FL_EMISMATCH,
                       "the checkpoint's record of task %" PRIu64 " has %zu bytes, another shape "
                       "than this run's results",
                       task, length);
    return FL_OK;
}

fl_status fl_record_open(const fl_replicas *loop, uint64_t task, const void **data, size_t *length,
                         double *seconds) {
    head h;
    if (*length < sizeof h)
        return fl_fail(FL_EMISMATCH,
                       "the checkpoint's record of task %" PRIu64 " has %zu bytes, too few for one "
                       "of this version",
                       task, *length);
    memcpy(&h, *data, sizeof h);
    h.kind[sizeof h.kind - 1] = h.keeps[sizeof h.keeps - 1] = 0;
    *data = (const char *)*data + sizeof h;
    *length -= sizeof h;
    *seconds = h.seconds;
    return check_head(loop, task, &h, *length);
}
