/* fl-entropy: the number of fixed points, of pairs of them, and of chains of modules. */
#include "fixland/tools.h"
#include "theory/modes.h"

int fl_tool_entropy(int argc, char **argv) {
    const fl_mode modes[] = {fl_mode_count, fl_mode_pairs,  fl_mode_potential, fl_mode_fluctuations,
                             fl_mode_input, fl_mode_cycles, fl_mode_chain};
    const fl_tool tool = {
        .name = "fl-entropy",
        .summary = "Entropy of the fixed points of random networks, in closed form",
        .modes = modes,
        .mode_count = sizeof modes / sizeof *modes,
    };
    return fl_tool_main(&tool, argc, argv);
}
