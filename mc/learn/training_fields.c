/* The table of the parameters of a training, and what it cannot tell. */
#include <math.h>
#include <stddef.h>

#include "fixland/learn.h"
#include "mc/learn/learner.h"
#include "mc/learn/training_list.h"

#define AT(member) offsetof(fl_training, member)
#define SIZE(member, name, low, high, help)                                                        \
    {name, FL_FIELD_SIZE, AT(member), 0, low, high, NULL, NULL, help},
#define REAL(member, name, low, high, help)                                                        \
    {name, FL_FIELD_REAL, AT(member), 0, low, high, NULL, NULL, help},
#define OPEN(member, name, low, high, unset, help)                                                 \
    {name, FL_FIELD_REAL, AT(member), 0, low, high, NULL, unset, help},
#define FLAG(member, name, help) {name, FL_FIELD_FLAG, AT(member), 0, 0, 0, "no|yes", NULL, help},
#define CHOICE(member, name, words, help)                                                          \
    {name, FL_FIELD_CHOICE, AT(member), 0, 0, 0, words, NULL, help},
#define BOTH(id, one, other, name, help)                                                           \
    {name, FL_FIELD_BOTH, AT(one), AT(other), 0, 0, "no|yes", NULL, help},

static const fl_field fields[] = {TRAINING_LIST(SIZE, REAL, OPEN, FLAG, CHOICE, BOTH)};

enum { FIELDS = sizeof fields / sizeof *fields };

const fl_field *fl_training_fields(size_t *count) {
    *count = FIELDS;
    return fields;
}

/* Are neighbours joined by couplings that do not learn? */
static bool joined_by_links(const fl_training *t) {
    return t->chain == FL_CHAIN_IDENTITY || chain_is_sparse(t);
}

double fl_training_left(const fl_training *t) {
    bool fixed = joined_by_links(t);
    return !isnan(t->lambda_left) ? t->lambda_left : fixed ? t->lambda : 0;
}

double fl_training_right(const fl_training *t) {
    bool fixed = joined_by_links(t);
    return !isnan(t->lambda_right) ? t->lambda_right : fixed ? t->lambda : 0;
}

/* A step has one state before it and one after it, both of the neurons. */
static fl_status check_step(const fl_training *t) {
    const struct {
        bool wrong;
        const char *what;
    } asked[] = {{t->update != FL_UPDATE_SYNC, "update = sync"},
                 {t->target != FL_TARGET_STATE, "target = state"},
                 {t->teacher != FL_TEACHER_LABEL, "teacher = label"},
                 {t->margin_of != FL_MARGIN_OF_FIELD, "margin-of = field"},
                 {t->taught_sweeps < 1, "taught-sweeps of at least 1"},
                 {t->withdrawn_sweeps > 0, "withdrawn-sweeps = 0"}};
    for (size_t k = 0; k < sizeof asked / sizeof *asked; k++)
        if (asked[k].wrong)
            return fl_fail(FL_EINVAL, "rule-on = step goes with %s only (--preset sequence has it)",
                           asked[k].what);
    return FL_OK;
}

/* What would have no effect, or has no meaning. */
static fl_status check_together(const fl_training *t) {
    if (t->update == FL_UPDATE_PARTIAL && !(t->p > 0))
        return fl_fail(FL_EINVAL, "p = %g; allowed: above 0, at most 1", t->p);
    if (chain_is_sparse(t) && t->modules > 1 && t->degree > t->hidden)
        return fl_fail(FL_EINVAL, "degree = %zu; allowed: at most the %zu neurons of a module",
                       t->degree, t->hidden);
    if (t->target == FL_TARGET_STATE && t->readout_from == FL_REACH_ALL)
        return fl_fail(FL_EINVAL, "readout-from = all with target = state, where nothing is read "
                                  "out; allowed: last");
    if (t->rule_on == FL_RULE_ON_STEP)
        FL_CHECK(check_step(t));
    if (t->withdrawn_keeps == FL_KEEPS_RIGHT && t->direction == FL_DIRECTION_BOTH)
        return fl_fail(FL_EINVAL, "withdrawn-keeps = right with direction = both, where all stays "
                                  "on; allowed: none, or direction = forward");
    return FL_OK;
}

fl_status fl_training_check(const fl_training *t) {
    FL_CHECK(fl_fields_check(t, fields, FIELDS));
    return check_together(t);
}

fl_status fl_training_describe(const fl_training *training, fl_meta *meta) {
    return fl_fields_describe(training, fields, FIELDS, meta);
}
