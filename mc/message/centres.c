/* Centres of local entropies: see message.h. */
#include "mc/message/centres.h"

#include "fixland/dynamics.h"
#include "fixland/spins.h"

enum { SWEEPS = 10000, STARTS = 16, REPAIR = 5000 };

static fl_status reached_by(fl_algorithm algorithm, const fl_network *network, double jd,
                            uint64_t seed, uint64_t sample, uint64_t *spins, bool *found) {
    fl_columns *columns;
    fl_outcome outcome = {.ending = FL_WANDERS};
    fl_dynamics dynamics = {
        .algorithm = algorithm, .jd = jd, .sweeps = SWEEPS, .seed = seed, .sample = sample};
    fl_start_random(spins, network->n, seed, sample, 0);
    FL_CHECK(fl_columns_new(&columns, network, jd < 0 ? -jd : jd));
    fl_status status = fl_dynamics_run(columns, &dynamics, spins, &outcome);
    fl_columns_free(columns);
    *found = outcome.ending == FL_REACHED;
    return status;
}

static fl_status solved_by_messages(const fl_network *network, double jd, uint64_t seed,
                                    uint64_t sample, uint64_t *spins, bool *found) {
    fl_message_outcome outcome;
    fl_message_plan plan = fl_message_plan_for(FL_MESSAGE_REINFORCED);
    plan.jd = jd;
    plan.seed = seed;
    plan.sample = sample;
    plan.starts = STARTS;
    plan.repair = REPAIR;
    FL_CHECK(fl_message_solve(network, &plan, spins, &outcome));
    *found = outcome.best.solved;
    return FL_OK;
}

fl_status centre_find(fl_message_centre centre, const fl_network *network, double jd, uint64_t seed,
                      uint64_t sample, uint64_t *spins, bool *found) {
    *found = true;
    switch (centre) {
    case FL_CENTRE_UP:
        for (size_t j = 0; j < network->n; j++)
            fl_spins_set(spins, j, 1);
        return FL_OK;
    case FL_CENTRE_ASYNC:
        return reached_by(FL_ASYNC, network, jd, seed, sample, spins, found);
    case FL_CENTRE_GREEDY:
        return reached_by(FL_GREEDY, network, jd, seed, sample, spins, found);
    case FL_CENTRE_REINFORCED:
        return solved_by_messages(network, jd, seed, sample, spins, found);
    case FL_CENTRE_RANDOM:
    case FL_CENTRE_GIVEN:
        break;
    }
    fl_start_random(spins, network->n, seed, sample, 0);
    return FL_OK;
}
