/* See continual.h. */
#include "mc/learn/continual.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void continual_tasks_clear(continual_tasks *t) {
    free(t->wanted);
    t->wanted = NULL;
}

static fl_status add_task(continual_tasks *t, const char *text, size_t length) {
    if (t->count == TASKS_MOST || length >= TASK_TEXT)
        return fl_fail(FL_EUSAGE, "tasks: at most %d, of at most %d letters each", TASKS_MOST,
                       TASK_TEXT - 1);
    snprintf(t->names[t->count], TASK_TEXT, "%.*s", (int)length, text);
    if (fl_data_classes(t->names[t->count], t->classes, t->wanted + t->count * t->classes) != FL_OK)
        return fl_fail(FL_EUSAGE, "task '%s'; allowed: numbers of classes, 0 to %zu",
                       t->names[t->count], t->classes - 1);
    t->count++;
    return FL_OK;
}

/* So many classes at a time. */
static fl_status add_groups(continual_tasks *t, size_t each) {
    for (size_t c = 0; c < t->classes; c += each) {
        char text[TASK_TEXT];
        size_t last = c + each < t->classes ? c + each : t->classes;
        snprintf(text, sizeof text, last - c > 1 ? "%zu,%zu" : "%zu", c, last - 1);
        FL_CHECK(add_task(t, text, strlen(text)));
    }
    return FL_OK;
}

fl_status continual_tasks_from(continual_tasks *t, const char *text, size_t classes) {
    *t = (continual_tasks){.classes = classes,
                           .wanted = calloc(TASKS_MOST * classes, sizeof *t->wanted)};
    if (!t->wanted)
        return fl_fail(FL_ENOMEM, "out of memory for the classes of tasks");
    if (strcmp(text, "pairs") == 0)
        return add_groups(t, 2);
    if (strcmp(text, "single") == 0)
        return add_groups(t, 1);
    for (size_t length; length = strcspn(text, "/"), true; text += length + 1) {
        FL_CHECK(add_task(t, text, length));
        if (!text[length])
            return FL_OK;
    }
}

/* The examples of a task; of all of them for task SIZE_MAX. */
static fl_status task_examples(const continual_tasks *t, size_t task, const fl_dataset *all,
                               fl_dataset *own) {
    bool *wanted = calloc(t->classes, sizeof *wanted);
    if (!wanted)
        return fl_fail(FL_ENOMEM, "out of memory for %zu classes", t->classes);
    for (size_t k = 0; k < t->count; k++)
        for (size_t c = 0; c < t->classes; c++)
            wanted[c] |= (k == task || task == SIZE_MAX) && t->wanted[k * t->classes + c];
    fl_status status = fl_dataset_copy(own, all);
    if (status == FL_OK)
        status = fl_dataset_keep(own, wanted);
    if (status != FL_OK)
        fl_dataset_clear(own);
    free(wanted);
    return status;
}

/* What learns: one of the two. */
typedef struct pupil {
    fl_learner *rule;
    fl_baseline *baseline;
} pupil;

static void pupil_clear(pupil *p) {
    fl_learner_free(p->rule);
    fl_baseline_free(p->baseline);
    *p = (pupil){NULL, NULL};
}

static fl_status pupil_new(pupil *p, const continual *c) {
    *p = (pupil){NULL, NULL};
    if (c->baseline)
        return fl_baseline_new(&p->baseline, c->baseline);
    return fl_learner_new(&p->rule, c->training, c->sets->features, c->sets->outputs, c->seed);
}

/* Schedules and averages begin anew, as --from has it. */
static fl_status pupil_again(pupil *p, const continual *c) {
    pupil next;
    if (p->baseline) {
        fl_baseline_restart(p->baseline);
        return FL_OK;
    }
    FL_CHECK(pupil_new(&next, c));
    fl_status status = fl_learner_copy(next.rule, p->rule);
    if (status != FL_OK) {
        pupil_clear(&next);
        return status;
    }
    pupil_clear(p);
    *p = next;
    return FL_OK;
}

static fl_status pupil_train(pupil *p, const continual *c, const fl_dataset *examples) {
    for (size_t k = 0; k < c->training->epochs; k++) {
        fl_epoch seen;
        FL_CHECK(p->baseline ? fl_baseline_epoch(p->baseline, examples, c->effort, NULL)
                             : fl_learner_epoch(p->rule, examples, k, c->effort, &seen));
    }
    return FL_OK;
}

/* Is the largest output, of those wanted (NULL: all), that of the label? */
static bool largest_is(const float *output, size_t outputs, const bool *wanted, size_t label) {
    for (size_t c = 0; c < outputs; c++)
        if ((!wanted || wanted[c]) &&
            (output[c] > output[label] || (output[c] == output[label] && c < label)))
            return false;
    return true;
}

static left_of_task judge_outputs(const continual_tasks *t, size_t task, const fl_dataset *test,
                                  const float *output) {
    left_of_task sum = {0, 0};
    size_t examples = 0;
    const bool *own = t->wanted + task * t->classes;
    for (size_t e = 0; e < test->count; e++) {
        const float *of = output + e * test->outputs;
        if (!own[test->label[e]])
            continue;
        examples++;
        sum.all += largest_is(of, test->outputs, NULL, test->label[e]);
        sum.own += largest_is(of, test->outputs, own, test->label[e]);
    }
    return (left_of_task){sum.all / (double)examples, sum.own / (double)examples};
}

/* On the test examples of all tasks. */
static fl_status pupil_judge(const pupil *p, const continual *c, left_of_task *left) {
    const fl_dataset *test = &c->sets[1];
    fl_epoch seen;
    float *output = malloc(test->count * test->outputs * sizeof *output);
    if (!output)
        return fl_fail(FL_ENOMEM, "out of memory for %zu outputs", test->count);
    fl_status status = p->baseline
                           ? fl_baseline_outputs(p->baseline, test, output)
                           : fl_learner_evaluate(p->rule, test, c->effort, &seen, NULL, output);
    for (size_t task = 0; status == FL_OK && task < c->tasks->count; task++)
        left[task] = judge_outputs(c->tasks, task, test, output);
    free(output);
    return status;
}

/* Trains on a task (SIZE_MAX: all), then judges. */
static fl_status pupil_stage(pupil *p, const continual *c, size_t task, left_of_task *left) {
    fl_dataset examples;
    FL_CHECK(task_examples(c->tasks, task, &c->sets[0], &examples));
    fl_status status = pupil_train(p, c, &examples);
    fl_dataset_clear(&examples);
    return status == FL_OK ? pupil_judge(p, c, left) : status;
}

static fl_status together(const continual *c, left_of_task *left) {
    pupil p;
    FL_CHECK(pupil_new(&p, c));
    fl_status status = pupil_stage(&p, c, SIZE_MAX, left);
    pupil_clear(&p);
    return status;
}

static fl_status one_by_one(const continual *c, left_of_task *left) {
    pupil p;
    FL_CHECK(pupil_new(&p, c));
    fl_status status = FL_OK;
    for (size_t k = 0; k < c->tasks->count && status == FL_OK; k++) {
        if (k > 0)
            status = pupil_again(&p, c);
        if (status == FL_OK)
            status = pupil_stage(&p, c, k, left + k * c->tasks->count);
    }
    pupil_clear(&p);
    return status;
}

/* Each task needs test examples, too. */
static fl_status check_tasks(const continual *c) {
    for (size_t task = 0; task < c->tasks->count; task++)
        for (int part = 0; part < 2; part++) {
            fl_dataset own;
            if (task_examples(c->tasks, task, &c->sets[part], &own) != FL_OK)
                return fl_fail(FL_EDOMAIN, "task '%s': %s", c->tasks->names[task], fl_message());
            fl_dataset_clear(&own);
        }
    return FL_OK;
}

fl_status continual_run(const continual *c, left_of_task *left) {
    FL_CHECK(check_tasks(c));
    FL_CHECK(together(c, left));
    return one_by_one(c, left + c->tasks->count);
}
