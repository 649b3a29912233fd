/* What the solvers of dmft.h share, and what fl-dmft deals out. Internal. */
#ifndef FIXLAND_DMFT_PARTS_H
#define FIXLAND_DMFT_PARTS_H

#include "fixland/dmft.h"

/* Paths of a round of the stationary method at least; of longer windows there are fewer. */
enum { DMFT_LEAST_PATHS = 16 };

/* Something to be solved. Its repetitions are independent of one another: each answers with `width`
 * numbers, and what is asked comes from those of all of them, repetition by repetition. Read-only
 * once made: repetitions may be solved by several threads at once. */
typedef struct dmft_problem {
    fl_dmft plan;
    double value; /* overlap of the start, nan: random start; inverse: the unstable fraction */
    size_t times; /* forward in time: the last one */
    size_t width;
    fl_status (*solve)(const struct dmft_problem *problem, size_t repetition, double *numbers);
} dmft_problem;

/* The problems behind the functions of dmft.h, with what those refuse. */
fl_status dmft_forward_problem(const fl_dmft *plan, size_t times, dmft_problem *problem);
fl_status dmft_retrieve_problem(const fl_dmft *plan, double overlap, size_t times,
                                dmft_problem *problem);
fl_status dmft_plateau_problem(const fl_dmft *plan, dmft_problem *problem);
fl_status dmft_inverse_problem(const fl_dmft *plan, double unstable, dmft_problem *problem);

/* What is asked, from all numbers. A course: numbers first .. first + times of the repetitions. */
fl_status dmft_course(const dmft_problem *problem, const double *numbers, size_t first,
                      double *values, double *errors);
fl_status dmft_late_state(const dmft_problem *problem, const double *numbers, fl_dmft_state *state);
fl_status dmft_plateau_state(const dmft_problem *problem, const double *numbers,
                             fl_dmft_state *state);

/* Mean over numbers first .. last of each repetition, and over repetitions. */
fl_status dmft_mean(const dmft_problem *problem, const double *numbers, size_t first, size_t last,
                    fl_estimate *estimate);

/* FL_EINVAL for a plan out of range. */
fl_status dmft_check(const fl_dmft *plan);

/* All repetitions on the plan's threads: repetitions x width numbers, to be freed; the first failure
 * by number. */
fl_status dmft_solve(const dmft_problem *problem, double **numbers);

#endif
