/* See ensemble_options.h: the choices stand in the order of the enumerations. */
#include "fixland/ensemble_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

fl_ensemble fl_ensemble_from(const fl_ensemble_settings *settings) {
    return (fl_ensemble){.distribution = (fl_distribution)settings->distribution,
                         .variance = (fl_variance)settings->variance,
                         .eta = settings->eta,
                         .dilution = settings->dilution,
                         .modules = (size_t)settings->modules,
                         .lambda = settings->lambda};
}

fl_status fl_run_identify(fl_run *run, const fl_network *network, char **fingerprint) {
    size_t n = network->n, size = strlen(run->fingerprint) + sizeof "network_crc32: 01234567\n";
    unsigned long sum = crc32_z(0, (const unsigned char *)network->J, n * n * sizeof(double));
    sum = crc32_z(sum, (const unsigned char *)network->diagonal, n * sizeof(double));
    FL_CHECK(fl_meta_set(&run->meta, "network_crc32", "%08lx", sum));
    *fingerprint = malloc(size);
    if (!*fingerprint)
        return fl_fail(FL_ENOMEM, "out of memory for the name of a checkpoint");
    snprintf(*fingerprint, size, "%snetwork_crc32: %08lx\n", run->fingerprint, sum);
    run->fingerprint = *fingerprint;
    return FL_OK;
}
