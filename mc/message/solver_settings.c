/* Options of the solvers: see message_modes.h. */
#include <math.h>

#include "mc/message/message_modes.h"

const fl_option solver_options[] = {
    {"method", FL_OPTION_CHOICE, offsetof(solver_settings, method), "NAME", "reinforced",
     .choices = "reinforced|focusing|bp",
     .help = "reinforced: each neuron is pulled along its own field; focusing: replicas around a "
             "centre; bp: messages alone, which find nothing"},
    {"engine", FL_OPTION_CHOICE, offsetof(solver_settings, engine), "NAME", "auto",
     .choices = "auto|amp|bp|linear",
     .help =
         "amp: O(n) numbers beside J, for dense networks with independent J_ij and J_ji; bp: all "
         "n^2 messages; linear: bp to first order in the couplings; auto: amp where it may be "
         "used and n is at least 100, else bp"},
    {"rate", FL_OPTION_REAL, offsetof(solver_settings, rate), "R",
     .given = offsetof(solver_settings, rate_given),
     .otherwise = "1e-3 reinforced and bp, 5e-4 focusing", .low = 1e-8, .high = 1,
     .help = "growth of the schedule in an iteration; smaller finds more"},
    {"start-rho", FL_OPTION_REAL, offsetof(solver_settings, start), "RHO",
     .given = offsetof(solver_settings, start_given),
     .otherwise = "0.1 reinforced and bp, 0.16 focusing", .low = 0, .high = 10,
     .help = "where the schedule begins"},
    {"stop-rho", FL_OPTION_REAL, offsetof(solver_settings, stop_at), "RHO",
     .given = offsetof(solver_settings, stop_given),
     .otherwise = "0.6 reinforced and bp, 1 focusing", .low = 0, .high = 10,
     .help = "where it ends"},
    {"replicas", FL_OPTION_REAL, offsetof(solver_settings, replicas), "Y",
     .given = offsetof(solver_settings, replicas_given), .otherwise = "7", .low = 1.001,
     .high = 1e6, .help = "focusing: replicas, the centre among them"},
    {"damping", FL_OPTION_REAL, offsetof(solver_settings, damping), "D",
     .given = offsetof(solver_settings, damping_given),
     .otherwise = "0 reinforced and bp, 0.5 focusing", .low = 0, .high = 0.99,
     .help = "share of the old messages in the new"},
    {"refresh", FL_OPTION_INTEGER, offsetof(solver_settings, refresh), "COUNT",
     .given = offsetof(solver_settings, refresh_given), .otherwise = "4", .low = 1, .high = 1e6,
     .help = "amp: variances entry by entry at every so many iterations, moved by their mean "
             "between"},
    {"restarts", FL_OPTION_INTEGER, offsetof(solver_settings, restarts), "COUNT", "1", 1, 1e6,
     .help = "starts of a network at most; from 2 on sixteen share a pass over the couplings"},
    {"repair", FL_OPTION_INTEGER, offsetof(solver_settings, repair), "SWEEPS", "0", 0, 1e9,
     .help = "sweeps at low temperature from where a start ends unsolved; 0: none, 5000 is enough"},
    {.name = NULL},
};

fl_status solver_plan(const solver_settings *s, fl_message_plan *plan) {
    *plan = fl_message_plan_for((fl_message_method)s->method);
    plan->engine = (fl_message_engine)s->engine;
    if (s->replicas_given && plan->method != FL_MESSAGE_FOCUSING)
        return fl_fail(FL_EUSAGE, "--replicas goes with --method focusing");
    if (s->refresh_given && plan->engine != FL_AMP && plan->engine != FL_ENGINE_AUTO)
        return fl_fail(FL_EUSAGE, "--refresh goes with --engine amp or auto");
    plan->rate = s->rate_given ? s->rate : plan->rate;
    plan->start = s->start_given ? s->start : plan->start;
    plan->stop_at = s->stop_given || s->stop_at > 0 ? s->stop_at : plan->stop_at;
    plan->replicas = s->replicas_given ? s->replicas : plan->replicas;
    plan->damping = s->damping_given ? s->damping : plan->damping;
    plan->refresh = s->refresh_given ? (unsigned)s->refresh : plan->refresh;
    plan->starts = (uint64_t)s->restarts;
    plan->repair = (uint64_t)s->repair;
    if (!(plan->stop_at > plan->start))
        return fl_fail(FL_EUSAGE, "--stop-rho %g; allowed: above --start-rho %g", plan->stop_at,
                       plan->start);
    return FL_OK;
}

fl_status solver_record(fl_run *run, const solver_settings *s, const fl_message_plan *plan) {
    if (!s->rate_given)
        FL_CHECK(fl_run_record(run, "rate", "%g", plan->rate));
    if (!s->start_given)
        FL_CHECK(fl_run_record(run, "start-rho", "%g", plan->start));
    if (!s->stop_given && !(s->stop_at > 0))
        FL_CHECK(fl_run_record(run, "stop-rho", "%g", plan->stop_at));
    if (!s->damping_given)
        FL_CHECK(fl_run_record(run, "damping", "%g", plan->damping));
    if (!s->refresh_given && (plan->engine == FL_AMP || plan->engine == FL_ENGINE_AUTO))
        FL_CHECK(fl_run_record(run, "refresh", "%u", plan->refresh));
    if (!s->replicas_given && plan->method == FL_MESSAGE_FOCUSING)
        return fl_run_record(run, "replicas", "%g", plan->replicas);
    return FL_OK;
}
