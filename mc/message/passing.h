/* Message passing by any engine: amp for one or AMP_LANES runs, bp for one. Internal. */
#ifndef FIXLAND_MESSAGE_PASSING_H
#define FIXLAND_MESSAGE_PASSING_H

#include "fixland/message.h"
#include "fixland/violation.h"
#include "mc/message/amp.h"
#include "mc/message/bp.h"

typedef struct passing {
    const fl_network *network; /* or: */
    int8_t *entries;           /* patterns of a perceptron, +-1 by rows; owned */
    double margin;
    size_t n, lanes;
    fl_message_engine engine;
    double jd[AMP_LANES];
    couplings c;
    amp a;
    bp b;
    uint64_t *seen; /* bp: signs when last looked at */
    size_t unstable;
    fl_violation_columns *repairs; /* made when they are first wanted */
} passing;

/* Couplings of amp: floats, for entropies, of one run; 16 bits, for solvers, whose solutions are verified. */
typedef enum passing_precision { PASSING_FLOATS, PASSING_SHORTS } passing_precision;

/* Refuses amp where its assumptions fail (FL_EDOMAIN); lanes = 1 with bp. */
fl_status passing_open(passing *p, const fl_network *network, fl_message_engine engine, double jd,
                       size_t lanes, passing_precision precision);
/* A perceptron, by amp. Takes the entries over when it succeeds. */
fl_status passing_open_patterns(passing *p, int8_t *entries, size_t patterns, size_t n,
                                double margin, size_t lanes, passing_precision precision);
void passing_close(passing *p);

/* Run `lane` goes on at another J_D; of a perceptron nothing changes. */
void passing_tune(passing *p, size_t lane, double jd);

/* May a run begin at the next step, the others going on as if they were alone? */
bool passing_ready(const passing *p);

void passing_start_random(passing *p, size_t lane, fl_rng *rng);
void passing_start_at(passing *p, const uint64_t *spins, double size);
/* Damping; variances of amp every `refresh` iterations. */
void passing_set(passing *p, double damping, unsigned refresh);

/* One iteration. `look`: counts the unstable neurons of the signs before it. */
void passing_step(passing *p, bool look);

/* What was counted, and those signs. */
size_t passing_unstable(const passing *p, size_t lane);
void passing_seen(const passing *p, size_t lane, uint64_t *spins);

/* The number of conditions of run `lane` that a configuration violates, exactly. */
size_t passing_violated(const passing *p, size_t lane, const uint64_t *spins);

/* The signs now. */
void passing_signs(const passing *p, size_t lane, uint64_t *spins);

double passing_q(const passing *p, size_t lane);
double passing_change(const passing *p, size_t lane);

/* External fields for the next step, rho and g of each run: e = rho h; e of y - 1 other replicas; e = gamma s. */
void passing_reinforce(passing *p, const double *rho);
void passing_focus(passing *p, const double *g, double y);
void passing_pull(passing *p, const uint64_t *spins, double gamma);

/* (1/n) sum_i m_i s_i of run 0. */
double passing_overlap(const passing *p, const uint64_t *spins);
double passing_free_energy(passing *p);

#endif
