/* fl-phase: overlap gaps, local entropies and the critical self-couplings. */
#include "fixland/tools.h"
#include "theory/modes.h"

int fl_tool_phase(int argc, char **argv) {
    const fl_mode modes[] = {fl_mode_critical, fl_mode_levels, fl_mode_gaps,    fl_mode_curve,
                             fl_mode_tuples,   fl_mode_plane,  fl_mode_modules, fl_mode_perceptron};
    return fl_tool_main(
        &(fl_tool){"fl-phase",
                   "Phase diagram of the fixed points: overlap gaps, local entropies, thresholds",
                   modes, sizeof modes / sizeof *modes},
        argc, argv);
}
