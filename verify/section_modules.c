/* Chains of modules: excitatory couplings in place of the self-coupling. */
#include "fixland/tools.h"
#include "verify/counts.h"
#include "verify/sections.h"

static fl_status run_section_modules(report *r) {
    unsigned long long seed = (unsigned long long)report_seed(r);
    FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", "modules-2",
                        "--n 9 --modules 2 --lambda 0.5 --jd 0,0.2 --samples 3000 --summary "
                        "--seed %llu",
                        seed));
    FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", "modules-3",
                        "--n 6 --modules 3 --lambda 0.5 --jd 0,0.2 --samples 3000 --summary "
                        "--seed %llu",
                        seed));
    FL_CHECK(counts_check(r, "modules-2", "2 modules, lambda = 0.5, "));
    FL_CHECK(counts_check(r, "modules-3", "3 modules, lambda = 0.5, "));
    FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", "entropy", "count --jd 0:2:0.02"));
    FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", "chain",
                        "chain --jd 0 --lambda 0:2:0.02 --modules 2,3,10"));
    FL_CHECK(report_figure(r, "entropy",
                           "Entropy per neuron: self-coupling in one module, and excitatory "
                           "coupling between the modules of a chain without self-coupling."));
    FL_CHECK(report_run(r, fl_tool_phase, "fl-phase", "plane", "plane --lambda 0:0.5:0.05"));
    return report_figure(
        r, "plane",
        "Self-coupling at which the overlap gap of two coupled modules closes, for equal "
        "overlaps in both. From lambda_gap on tuples with equal overlaps are not excluded at any "
        "J_D; it is a mountain pass, at unequal overlaps the entropy is lower. The bars of the "
        "computed points are smaller than the points.");
}

const section section_modules = {
    .id = "modules",
    .title = "Coupled modules instead of a self-coupling",
    .text =
        "<p>Modules with random couplings of their own, in a chain in which neuron i of a module "
        "feels &lambda; times neuron i of its neighbours. The mean number of fixed points is an "
        "exact transfer-matrix product; enumeration of small chains checks it.</p>",
    .run = run_section_modules,
};
