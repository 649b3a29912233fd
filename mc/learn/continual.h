/* Tasks one after the other, and what is left of the earlier ones. Internal. */
#ifndef FIXLAND_LEARN_CONTINUAL_H
#define FIXLAND_LEARN_CONTINUAL_H

#include "fixland/baseline.h"
#include "fixland/learn.h"

enum { TASKS_MOST = 100, TASK_TEXT = 64 };

/* Each task is the examples of some classes. */
typedef struct continual_tasks {
    size_t count, classes;
    char names[TASKS_MOST][TASK_TEXT]; /* as they were given: "0,1" */
    bool *wanted;                      /* count x classes */
} continual_tasks;

/* "0,1/2,3" or "pairs" or "single": classes 0 and 1 first, then 2 and 3; two at a time; one at a
 * time. FL_EUSAGE, FL_ENOMEM. Release with continual_tasks_clear in any case. */
fl_status continual_tasks_from(continual_tasks *t, const char *text, size_t classes);
void continual_tasks_clear(continual_tasks *t);

/* Of test examples of a task: share whose largest output of all is that of their class, and whose
 * largest output among the task's own classes is. */
typedef struct left_of_task {
    double all, own;
} left_of_task;

/* A learner: one more is made with weights of its own, and trained on task after task. */
typedef struct continual {
    const continual_tasks *tasks;
    const fl_dataset *sets; /* training and test examples */
    uint64_t seed;
    const fl_effort *effort;
    const fl_training *training;
    const fl_baseline_spec *baseline; /* NULL: the rule; else in its place */
} continual;

/* left[stage x count + task]: stage 0, after training on all tasks at once; stage k, after those up
 * to number k (from 1), each for all epochs. FL_EDOMAIN for a task without examples, FL_STOPPED;
 * errors of the learners. */
fl_status continual_run(const continual *c, left_of_task *left);

#endif
