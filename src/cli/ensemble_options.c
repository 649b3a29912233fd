/* See ensemble_options.h: the choices stand in the order of the enumerations. */
#include "fixland/ensemble_options.h"

fl_ensemble fl_ensemble_from(const fl_ensemble_settings *settings) {
    return (fl_ensemble){.distribution = (fl_distribution)settings->distribution,
                         .variance = (fl_variance)settings->variance,
                         .eta = settings->eta,
                         .dilution = settings->dilution,
                         .modules = (size_t)settings->modules,
                         .lambda = settings->lambda};
}
