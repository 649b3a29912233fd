/* The modes of fl-train that make a table from the rows of their shards, for fl-merge: without those
 * that multiply matrices, whose library takes long to load. */
#include "fixland/tools.h"
#include "mc/learn/modes.h"

int fl_tool_train_trials(int argc, char **argv) {
    const fl_mode modes[] = {sweep_mode, capacity_mode};
    const fl_tool tool = {.name = "fl-train",
                          .summary = "Means over trainings",
                          .modes = modes,
                          .mode_count = sizeof modes / sizeof *modes};
    return fl_tool_main(&tool, argc, argv);
}
