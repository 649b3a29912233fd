/* Entropy around a configuration: see message.h. */
#include <math.h>
#include <stdlib.h>

#include "fixland/gaussian.h"
#include "fixland/message.h"
#include "mc/message/passing.h"

/* Magnetisations that a branch begins with. */
static const double from_centre = 0.99, from_nothing = 1e-3;

double fl_message_entropy(const fl_network *network, double jd) {
    size_t n = network->n;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double square = 0;
        for (size_t j = 0; j < n; j++)
            square += network->J[i * n + j] * network->J[i * n + j];
        double threshold = network->diagonal[i] + jd;
        if (square > 0)
            sum += fl_log_normal_cdf(threshold / sqrt(square));
        else if (threshold < 0) /* a field of exactly zero would be stable */
            sum = -INFINITY;
    }
    return M_LN2 + sum / (double)n;
}

/* ln of the number of all configurations at a distance, per neuron: no entropy is larger. Messages
 * that froze, with variances of nothing, may stand still and say so. */
static bool is_possible(double entropy, double d) {
    const double rounding = 1e-4;
    double most = d > 0 && d < 1 ? -d * log(d) - (1 - d) * log1p(-d) : 0;
    return isfinite(entropy) && entropy <= most + rounding;
}

static fl_status relax(passing *p, const fl_message_local_plan *plan, const uint64_t *centre,
                       double gamma, int branch, fl_message_point *point) {
    double residual = INFINITY;
    passing_pull(p, centre, gamma);
    for (uint64_t t = 0; t < plan->iterations && !(residual < plan->tolerance); t++) {
        if (fl_effort_stopped(&plan->effort))
            return fl_fail(FL_STOPPED, "stopped at gamma = %g", gamma);
        passing_step(p, false);
        residual = passing_change(p, 0);
    }
    double overlap = passing_overlap(p, centre), free = passing_free_energy(p);
    *point = (fl_message_point){.gamma = gamma,
                                .distance = (1 - overlap) / 2,
                                .mutual = (1 - passing_q(p, 0)) / 2,
                                .entropy = free - gamma * overlap,
                                .free_entropy = free,
                                .residual = residual,
                                .branch = branch};
    point->converged = residual < plan->tolerance && is_possible(point->entropy, point->distance);
    return FL_OK;
}

/* Does `a` take the place of `b`? */
static bool point_better(const fl_message_point *a, const fl_message_point *b) {
    if (a->converged != b->converged)
        return a->converged;
    return a->free_entropy > b->free_entropy;
}

/* Follows all gamma in the order given. */
static fl_status follow(passing *p, const fl_message_local_plan *plan, const uint64_t *centre,
                        const size_t *order, int branch, fl_message_point *points) {
    passing_start_at(p, centre, branch > 0 ? from_nothing : from_centre);
    for (size_t k = 0; k < plan->gamma_count; k++) {
        size_t at = order[branch > 0 ? k : plan->gamma_count - 1 - k];
        fl_message_point point;
        FL_CHECK(relax(p, plan, centre, plan->gamma[at], branch, &point));
        if (points[at].branch == 0 || point_better(&point, &points[at]))
            points[at] = point;
    }
    return FL_OK;
}

static size_t *order_of(const fl_message_local_plan *plan) {
    size_t *order = malloc((plan->gamma_count + 1) * sizeof *order);
    for (size_t k = 0; order && k < plan->gamma_count; k++) {
        size_t at = k;
        for (; at && plan->gamma[order[at - 1]] > plan->gamma[k]; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
    return order;
}

static fl_status local_check(const fl_message_local_plan *plan) {
    for (size_t k = 0; k < plan->gamma_count; k++)
        if (!(plan->gamma[k] >= 0 && plan->gamma[k] <= 20))
            return fl_fail(FL_EINVAL, "gamma = %g; allowed: 0 to 20", plan->gamma[k]);
    if (!(plan->damping >= 0 && plan->damping < 1))
        return fl_fail(FL_EINVAL, "a damping of %g; allowed: [0, 1)", plan->damping);
    if (!(plan->tolerance > 0) || plan->iterations < 1)
        return fl_fail(FL_EINVAL,
                       "tolerance %g, %llu iterations; allowed: above 0, and at least one",
                       plan->tolerance, (unsigned long long)plan->iterations);
    return FL_OK;
}

fl_status fl_message_local(const fl_network *network, const fl_message_local_plan *plan,
                           const uint64_t *centre, fl_message_point *points) {
    passing p;
    FL_CHECK(local_check(plan));
    FL_CHECK(passing_open(&p, network, plan->engine, plan->jd, 1, PASSING_FLOATS));
    passing_set(&p, plan->damping, 1);
    size_t *order = order_of(plan);
    fl_status status =
        order ? FL_OK : fl_fail(FL_ENOMEM, "out of memory for %zu gamma", plan->gamma_count);
    for (size_t k = 0; k < plan->gamma_count; k++)
        points[k].branch = 0;
    if (status == FL_OK && plan->direction != FL_MESSAGE_DOWN)
        status = follow(&p, plan, centre, order, 1, points);
    if (status == FL_OK && plan->direction != FL_MESSAGE_UP)
        status = follow(&p, plan, centre, order, -1, points);
    free(order);
    passing_close(&p);
    return status;
}
