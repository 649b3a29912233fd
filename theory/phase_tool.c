/* fl-phase: overlap gaps, local entropies and the critical self-couplings. */
#include "fixland/tools.h"
#include "theory/modes.h"

int fl_tool_phase(int argc, char **argv) {
    const fl_mode modes[] = {fl_mode_critical, fl_mode_levels, fl_mode_gaps,    fl_mode_curve,
                             fl_mode_tuples,   fl_mode_plane,  fl_mode_modules, fl_mode_perceptron};
    const fl_tool tool = {
        .name = "fl-phase",
        .summary = "Phase diagram of the fixed points: overlap gaps, local entropies, thresholds",
        .modes = modes,
        .mode_count = sizeof modes / sizeof *modes,
    };
    return fl_tool_main(&tool, argc, argv);
}
