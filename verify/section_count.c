/* The closed form of the mean number of fixed points against full enumeration. */
#include "fixland/tools.h"
#include "verify/counts.h"
#include "verify/sections.h"

static fl_status run_section_count(report *r) {
    FL_CHECK(report_run(r, fl_tool_enumerate, "fl-enumerate", "count",
                        "--n 12,16,20,24 --jd 0,0.1,0.2,0.3,0.5,0.8 --samples 3000 --summary "
                        "--seed %llu",
                        (unsigned long long)report_seed(r)));
    FL_CHECK(report_run(r, fl_tool_entropy, "fl-entropy", "count-theory",
                        "count --jd 0:0.85:0.01 --n 12,16,20,24"));
    FL_CHECK(counts_check(r, "count", ""));
    FL_CHECK(report_figure(
        r, "count",
        "Entropy of fixed points per neuron. Points: logarithm of the mean count of 3000 networks, "
        "fully enumerated, with standard errors (open symbols: mean logarithm of the networks that "
        "have "
        "any, which at J_D = 0 are four in ten; that is why this quenched entropy can lie above "
        "the annealed "
        "one there). Thin lines: the exact mean at each N. Thick line: the limit ln(2 "
        "&Phi;(J_D))."));
    return FL_OK;
}

const section section_count = {
    .id = "count",
    .title = "The mean number of fixed points",
    .text = "<p>Every fixed point of random networks is found by exhaustion and counted. The mean "
            "over networks is exactly (2&nbsp;&Phi;(J_D/&sigma;))<sup>N</sup> with "
            "&sigma;<sup>2</sup>&nbsp;=&nbsp;(N&minus;1)/N at every N, since the rows of the "
            "coupling matrix are independent.</p>",
    .run = run_section_count,
};
