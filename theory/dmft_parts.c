/* What the solvers of dmft.h share. */
#include "theory/dmft_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

fl_status dmft_check(const fl_dmft *plan) {
    if (!isfinite(plan->jd))
        return fl_fail(FL_EINVAL, "J_D is %g; it must be finite", plan->jd);
    if (plan->rule == FL_DMFT_PARTIAL && !(plan->p > 0 && plan->p <= 1))
        return fl_fail(FL_EINVAL, "p is %g; a probability of flips lies in (0, 1]", plan->p);
    if (!(plan->input >= 0 && isfinite(plan->input)))
        return fl_fail(FL_EINVAL, "an input of %g; allowed: finite, at least 0", plan->input);
    if ((plan->rule == FL_DMFT_SITE || plan->rule == FL_DMFT_PERMUTATION) && plan->steps < 2)
        return fl_fail(FL_EINVAL, "%zu steps a unit of time; at least 2", plan->steps);
    if (plan->trajectories < 1 || plan->trajectories > (size_t)1 << 28)
        return fl_fail(FL_EINVAL, "%zu trajectories; 1 to 2^28 are possible", plan->trajectories);
    if (plan->repetitions < 2)
        return fl_fail(FL_EINVAL, "%zu repetitions; an error needs at least 2", plan->repetitions);
    return FL_OK;
}

static fl_status solve_repetitions(const dmft_problem *problem, double *numbers) {
    const fl_dmft *plan = &problem->plan;
    fl_status status = FL_OK;
    size_t failed = plan->repetitions, done = 0;
    char message[1024] = "";
#pragma omp parallel for schedule(dynamic) num_threads(plan->effort.threads)
    for (size_t r = 0; r < plan->repetitions; r++) {
        fl_status one = problem->solve(problem, r, numbers + r * problem->width);
#pragma omp critical(fl_dmft_repeat)
        {
            if (one != FL_OK && r < failed) {
                failed = r;
                status = one;
                snprintf(message, sizeof message, "%s", fl_message());
            }
            fl_effort_progress(&plan->effort, (double)++done / (double)plan->repetitions);
        }
    }
    return status == FL_OK ? FL_OK : fl_fail(status, "%s", message);
}

fl_status dmft_solve(const dmft_problem *problem, double **numbers) {
    size_t repetitions = problem->plan.repetitions;
    *numbers = calloc(repetitions * problem->width, sizeof **numbers);
    if (!*numbers)
        return fl_fail(FL_ENOMEM, "out of memory for %zu repetitions", repetitions);
    fl_status status = solve_repetitions(problem, *numbers);
    if (status != FL_OK) {
        free(*numbers);
        *numbers = NULL;
    }
    return status;
}

fl_status dmft_mean(const dmft_problem *problem, const double *numbers, size_t first, size_t last,
                    fl_estimate *estimate) {
    size_t repetitions = problem->plan.repetitions;
    double *means = calloc(repetitions, sizeof *means);
    if (!means)
        return fl_fail(FL_ENOMEM, "out of memory for %zu repetitions", repetitions);
    for (size_t r = 0; r < repetitions; r++) {
        for (size_t k = first; k <= last; k++)
            means[r] += numbers[r * problem->width + k];
        means[r] /= (double)(last - first + 1);
    }
    *estimate = fl_mean(means, repetitions);
    free(means);
    return FL_OK;
}
