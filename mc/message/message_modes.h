/* Modes of fl-message, one a file. Internal. */
#ifndef FIXLAND_MESSAGE_MODES_H
#define FIXLAND_MESSAGE_MODES_H

#include "fixland/cli.h"
#include "fixland/message.h"

extern const fl_mode message_solve_mode, message_local_mode, message_entropy_mode,
    message_perceptron_mode;

/* How a solver goes. */
typedef struct solver_settings {
    int method, engine;
    double rate, start, stop_at, replicas, damping;
    bool rate_given, start_given, stop_given, replicas_given, damping_given, refresh_given;
    int64_t restarts, repair, refresh;
} solver_settings;

extern const fl_option solver_options[];

/* The plan; FL_EUSAGE for options that do nothing with the method. */
fl_status solver_plan(const solver_settings *s, fl_message_plan *plan);

/* Puts what was not given, so the method's own, into the provenance. */
fl_status solver_record(fl_run *run, const solver_settings *s, const fl_message_plan *plan);

/* Ends of the interval of a column "success". */
#define COLUMNS_WILSON(low, high)                                                                  \
    {low, FL_REAL, NULL, "its 95 % interval (Wilson), lower end"}, {                               \
        high, FL_REAL, NULL, "upper end"                                                           \
    }

#endif
