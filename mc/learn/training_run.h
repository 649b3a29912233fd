/* The course of one training run: epochs with their rows, from the start or from a checkpoint.
 * Internal.
 *
 * With a journal (fl_run_journal, FILE.journal) each finished epoch's row is recorded there, and
 * now and then the state of the network goes to FILE.checkpoint.h5, a model file (model.h)
 * that is replaced at once. To continue, the last state is loaded and the epochs since are computed
 * again: their rows must be those recorded. The state has the
 * rows too, so that a journal that lost its end loses nothing.
 *
 * A stop within an epoch goes back to its beginning: that is the state that is kept. */
#ifndef FIXLAND_LEARN_TRAINING_RUN_H
#define FIXLAND_LEARN_TRAINING_RUN_H

#include <stdbool.h>

#include "fixland/cli.h"
#include "fixland/model.h"

typedef struct epoch_row {
    fl_epoch seen; /* on the training examples */
    double test_accuracy, seconds;
} epoch_row;

typedef struct training_run {
    fl_run *run;
    const fl_training *training;
    const fl_dataset *train, *test;
    double every;           /* seconds between two states, at least */
    bool keep;              /* the trained network is wanted, not only the rows */
    const fl_learner *from; /* whose weights it starts with; NULL: with random ones */
    fl_model model;         /* the learner, its epoch and what its file tells */
    /* Takes row k = 0, 1, ... of a finished epoch; without epochs one row of the network as it is. */
    fl_status (*emit)(void *context, size_t k, const epoch_row *row);
    void *context;
} training_run;

/* Trains to the last epoch; c->model.learner is made here, or read. FL_STOPPED, with a state to
 * continue from, when asked to stop. `journal` may be NULL. fl_model_clear(&c->model) in any case. */
fl_status training_run_run(training_run *c, fl_journal *journal);

/* Removes the state of a run that had a journal and is finished: when its table is there. */
fl_status training_run_end(const training_run *c);

#endif
