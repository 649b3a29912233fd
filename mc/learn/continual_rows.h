/* Settings and rows of fl-train continual, also from the rows of shards: without the learners, so that fl-merge
 * does not load what multiplies matrices. Internal. */
#ifndef FIXLAND_LEARN_CONTINUAL_ROWS_H
#define FIXLAND_LEARN_CONTINUAL_ROWS_H

#include "fixland/data_options.h"
#include "fixland/sampling.h"
#include "mc/learn/continual.h"
#include "mc/learn/train_settings.h"

typedef struct continual_settings {
    fl_data_settings data;
    training_settings training;
    const char *tasks, *beside, *shard;
    int64_t seeds;
} continual_settings;

extern const fl_option continual_options[];
extern const fl_mode_table continual_tables[];

/* The rule, and those named in --beside. */
enum { CONTINUAL_LEARNERS = 4 };

typedef struct continual_rows {
    const continual_settings *s;
    int learners
        [CONTINUAL_LEARNERS];    /* 0: the rule; or, 1 and more, linear, random-features, mlp */
    size_t count;                /* of them */
    uint64_t seeds, from, until; /* trainings of the shard */
    continual_tasks tasks;
    fl_outputs files;
    left_of_task *gathered; /* seeds x stages x tasks, of the learner at hand */
} continual_rows;

/* FL_EUSAGE for learners and shards that there are not. */
fl_status continual_rows_from(continual_rows *r, const continual_settings *s);

/* Numbers of a training: (tasks + 1) stages x tasks. */
size_t continual_judgements(const continual_rows *r);

/* The table is opened once the tasks are known; then trainings are taken in order: rows of a shard as they
 * come, others when all seeds of a learner are there. */
fl_status continual_rows_open(continual_rows *r, fl_run *run);
fl_status continual_rows_take(continual_rows *r, uint64_t training, const left_of_task *left);

/* The mode's run function where there are rows of shards. */
fl_status continual_again(fl_run *run, const void *settings);

#endif
