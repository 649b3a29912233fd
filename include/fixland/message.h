/* Message passing on the fixed points of a network: solvers, and entropies around a configuration.
 *
 * One factor a neuron, "s_i f_i >= 0", in the central limit (doc/message.md). Engines:
 *
 *   FL_AMP           approximate message passing: one pass over J and O(n) numbers an iteration, in
 *                    single precision, solvers with couplings in 16 bits. It assumes dense couplings with J_ij and J_ji independent,
 *                    and is refused where that plainly fails (FL_EDOMAIN): more than half of the
 *                    couplings zero, or |corr(J_ij, J_ji)| above 0.05 and above 8/n.
 *   FL_BP            belief propagation with all n^2 messages, in double; rows of at most 10
 *                    couplings are summed over, which is exact on trees.
 *   FL_BP_LINEAR     the same with answers linear in the couplings: nearly the same, faster.
 *   FL_ENGINE_AUTO   FL_AMP where it is not refused and n >= FL_MESSAGE_AMP_LEAST, else FL_BP.
 *
 * They differ by terms of relative order 1/n.
 *
 * Nothing here is a proof: a solution is verified exactly, but that none was found says nothing
 * about whether there is one; entropies are Bethe's, exact for n -> infinity at best.
 *
 * Results are the same to the bit for every kernel and number of threads. */
#ifndef FIXLAND_MESSAGE_H
#define FIXLAND_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fixland/effort.h"
#include "fixland/instances.h"
#include "fixland/journal.h"
#include "fixland/network.h"
#include "fixland/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum fl_message_engine { FL_ENGINE_AUTO, FL_AMP, FL_BP, FL_BP_LINEAR } fl_message_engine;

/* The least n at which FL_ENGINE_AUTO takes amp: below, the terms of order 1/n that tell it from bp are seen. */
enum { FL_MESSAGE_AMP_LEAST = 100 };

/* "auto", "amp", "bp", "linear". */
const char *fl_message_engine_name(fl_message_engine engine);

/* What FL_ENGINE_AUTO stands for with this network; others are checked and returned. FL_EDOMAIN
 * where amp is asked for and refused. */
fl_status fl_message_engine_for(const fl_network *network, fl_message_engine wanted,
                                fl_message_engine *engine);

/* ---- solvers ---- */

typedef enum fl_message_method {
    FL_MESSAGE_REINFORCED, /* e_i(t+1) = rho(t) h_i(t), rho growing by `rate` an iteration */
    FL_MESSAGE_FOCUSING, /* y replicas around a centre, strength growing by `rate` an iteration, in
                          * steps of ten iterations */
    FL_MESSAGE_PLAIN     /* no field: messages as they are */
} fl_message_method;

enum { FL_MESSAGE_METHODS = 3 };

/* "reinforced", "focusing", "bp". */
const char *fl_message_method_name(fl_message_method method);

typedef struct fl_message_plan {
    fl_message_method method;
    fl_message_engine engine;
    double jd;
    double rate; /* > 0; with FL_MESSAGE_PLAIN the number of iterations is as if it grew */
    double start, stop_at; /* rho, or the strength of focusing: 0 <= start < stop_at */
    double replicas;       /* focusing: y > 1 */
    double damping;        /* in [0, 1) */
    unsigned refresh; /* amp: variances sum_j J_ij^2 (1 - m_j^2) entry by entry at every so many
                       * iterations, moved by the mean of 1 - m_j^2 between; >= 1 */
    uint64_t starts;  /* at most, >= 1; sixteen share a pass over J where there are more than one */
    bool all;         /* do not end with the first solution: all starts */
    uint64_t repair;  /* sweeps of fl_violation_run at low temperature where a start ends unsolved;
                       * 0: none */
    uint64_t seed, sample;
    fl_effort effort; /* its stop; on one thread, and without progress */
} fl_message_plan;

/* What doc/message.md measured with: rate, start, stop_at, replicas, damping, refresh, one start,
 * no repair. jd, seed and sample are zero. */
fl_message_plan fl_message_plan_for(fl_message_method method);

typedef struct fl_message_end {
    bool solved;         /* a fixed point, verified exactly */
    bool repaired;       /* by the repair */
    uint64_t iterations; /* until the solution, or until the start was given up */
    size_t unstable;     /* neurons, the fewest that were seen, before the repair */
    double q;            /* mean m_i^2 at the end: the overlap of two configurations that the
                          * messages stand for */
} fl_message_end;

typedef struct fl_message_outcome {
    fl_message_end best; /* the solution, or else the start with fewest unstable neurons */
    uint64_t start;      /* its number, from 0 */
    uint64_t starts;     /* begun */
    uint64_t iterations; /* of all starts together */
    uint64_t solutions;  /* starts that solved; without `all` those at the end only */
} fl_message_outcome;

/* Searches a fixed point. `spins` gets the configuration of outcome->best. FL_EINVAL for numbers
 * out of range, FL_EDOMAIN for an engine that is refused, FL_ENOMEM, FL_STOPPED. */
fl_status fl_message_solve(const fl_network *network, const fl_message_plan *plan, uint64_t *spins,
                           fl_message_outcome *outcome);

/* ---- entropy around a configuration ---- */

typedef struct fl_message_point {
    double gamma;
    double distance; /* of a typical solution from the centre, (1 - sum_i m_i c_i / n)/2 */
    double mutual;   /* between two typical solutions, (1 - mean m_i^2)/2 */
    double entropy;  /* ln of the number of solutions there, per neuron; negative: there are none
                      * for n -> infinity, or the messages do not hold */
    double free_entropy; /* entropy + gamma (1 - 2 distance) */
    double residual;     /* mean |change of m| in the last iteration */
    bool converged;      /* residual below the tolerance, and not more solutions than there are
                          * configurations at that distance */
    int branch;          /* +1: followed from small gamma upwards, -1: from large gamma downwards */
} fl_message_point;

typedef enum fl_message_direction {
    FL_MESSAGE_UP,
    FL_MESSAGE_DOWN,
    FL_MESSAGE_BOTH
} fl_message_direction;

typedef struct fl_message_local_plan {
    fl_message_engine engine;
    fl_message_direction direction; /* FL_MESSAGE_BOTH: both, and of each gamma the one of larger
                                     * free entropy among those that converged */
    double jd;
    const double *gamma; /* any order, >= 0 */
    size_t gamma_count;
    double damping;      /* in [0, 1) */
    double tolerance;    /* > 0 */
    uint64_t iterations; /* at most, at each gamma */
    fl_effort effort;    /* its stop; on one thread, and without progress */
} fl_message_local_plan;

/* Solutions weighted with exp(gamma sum_i c_i s_i), for every gamma of the plan, in its order:
 * points[gamma_count]. Each gamma starts from the messages of its neighbour; upwards the first
 * starts near m = 0, downwards at the centre. FL_EINVAL for numbers out of range, FL_EDOMAIN for an
 * engine that is refused, FL_ENOMEM, FL_STOPPED. */
fl_status fl_message_local(const fl_network *network, const fl_message_local_plan *plan,
                           const uint64_t *centre, fl_message_point *points);

/* Bethe's entropy of all fixed points per neuron, at m = 0, a fixed point of the messages by
 * symmetry: ln 2 + mean ln Phi(threshold_i / sqrt(sum_j J_ij^2)), threshold_i = diagonal_i + J_D.
 */
double fl_message_entropy(const fl_network *network, double jd);

/* ---- many networks ---- */

/* What is around: the centre of the local entropy. */
typedef enum fl_message_centre {
    FL_CENTRE_UP,         /* all +1: by the gauge symmetry of random networks, a configuration that
                           * knows nothing of the network */
    FL_CENTRE_RANDOM,     /* drawn uniformly */
    FL_CENTRE_ASYNC,      /* where fl_dynamics_run ends from a random start ... */
    FL_CENTRE_GREEDY,     /* ... by these rules, within 10^4 sweeps */
    FL_CENTRE_REINFORCED, /* fl_message_solve with 16 starts and 5000 sweeps of repair */
    FL_CENTRE_GIVEN       /* by `given` */
} fl_message_centre;

/* The centre for a network, into `spins` (zeroed); *found = false where there is none. Called by
 * several threads at once. */
typedef fl_status fl_message_centre_of(void *context, const fl_instance *instance, size_t jd_index,
                                       uint64_t *spins, bool *found);

typedef struct fl_message_networks {
    fl_instances networks;
    const double *jd;
    size_t jd_count;
    fl_journal *journal; /* or NULL */
    fl_effort effort;    /* progress: networks done */
} fl_message_networks;

typedef struct fl_message_solved {
    fl_instance instance;
    const fl_message_outcome *outcomes; /* jd_count */
    const uint64_t *spins; /* with `keep`: jd_count x fl_spins_words(neurons), and the network */
    const fl_network *network;
} fl_message_solved;

/* fl_message_solve on each network at each J_D (plan->jd, seed, sample and effort are not used);
 * `emit` is called in order, by one thread at a time. Errors as fl_message_solve and
 * fl_replicas_run. */
fl_status fl_message_solve_networks(const fl_message_networks *networks,
                                    const fl_message_plan *plan, bool keep, void *context,
                                    fl_status (*emit)(void *context,
                                                      const fl_message_solved *solved));

typedef struct fl_message_around {
    fl_instance instance;
    const fl_message_point *points; /* jd_count x gamma_count; branch 0: there was no centre */
} fl_message_around;

/* fl_message_local around a centre of each network at each J_D. `centre_of` is for
 * FL_CENTRE_GIVEN; `context` is for both functions. Errors as fl_message_local and
 * fl_replicas_run. */
fl_status
fl_message_local_networks(const fl_message_networks *networks, const fl_message_local_plan *plan,
                          fl_message_centre centre, fl_message_centre_of *centre_of, void *context,
                          fl_status (*emit)(void *context, const fl_message_around *around));

/* ---- the binary perceptron ---- */

typedef struct fl_perceptron {
    size_t n, patterns; /* conditions sum_j w_j xi_j / sqrt n >= margin on w in {-1, 1}^n */
    double margin;
    uint64_t seed, sample; /* random patterns +-1, the start */
} fl_perceptron;

/* The solver on it: amp, reinforced or focusing, starts as above; plan->jd, seed and sample are not
 * used. FL_EINVAL for numbers out of range, another engine or a repair, FL_ENOMEM, FL_STOPPED. */
fl_status fl_message_perceptron(const fl_perceptron *perceptron, const fl_message_plan *plan,
                                fl_message_outcome *outcome);

/* Bethe's entropy of its solutions per weight (messages from a random start without field):
 * averaged over samples it vanishes at patterns / n = 0.833 (Krauth and Mezard, J. Physique 50,
 * 3057, 1989), margin 0. Messages that freeze (no variance is left: far too many conditions) have not
 * converged. FL_EINVAL, FL_ENOMEM. */
fl_status fl_message_perceptron_entropy(const fl_perceptron *perceptron, double tolerance,
                                        uint64_t iterations, fl_message_point *point);

#ifdef __cplusplus
}
#endif
#endif
