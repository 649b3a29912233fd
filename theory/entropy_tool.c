/* fl-entropy: the number of fixed points, of pairs of them, and of chains of modules. */
#include "fixland/tools.h"
#include "theory/modes.h"

int fl_tool_entropy(int argc, char **argv) {
    const fl_mode modes[] = {fl_mode_count, fl_mode_pairs,  fl_mode_potential, fl_mode_fluctuations,
                             fl_mode_input, fl_mode_cycles, fl_mode_chain};
    return fl_tool_main(&(fl_tool){"fl-entropy",
                                   "Entropy of the fixed points of random networks, in closed form",
                                   modes, sizeof modes / sizeof *modes},
                        argc, argv);
}
