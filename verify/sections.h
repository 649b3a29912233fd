/* The sections of the report, in the order of verify/main.c. */
#ifndef FIXLAND_VERIFY_SECTIONS_H
#define FIXLAND_VERIFY_SECTIONS_H

#include "verify/report.h"

extern const section section_count, section_pairs, section_overlap, section_phase, section_modules,
    section_dynamics, section_local, section_learning, section_montecarlo, section_variety;

#endif
