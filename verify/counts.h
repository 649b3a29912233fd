/* Checks of a table of fl-enumerate --summary: each mean count against its exact mean. */
#ifndef FIXLAND_VERIFY_COUNTS_H
#define FIXLAND_VERIFY_COUNTS_H

#include "verify/report.h"

/* `what` describes the networks in the names of the checks, "" for plain ones. */
fl_status counts_check(report *r, const char *table, const char *what);

#endif
