/* fl-train: learning by steering the dynamics. */
#include "fixland/tools.h"
#include "mc/learn/modes.h"

int fl_tool_train(int argc, char **argv) {
    const fl_mode modes[] = {train_mode,    eval_mode,     overlaps_mode,
                             sweep_mode,    capacity_mode, continual_mode,
                             baseline_mode, export_mode,   presets_mode};
    const fl_tool tool = {.name = "fl-train",
                          .summary = "Learning by steering the dynamics of a network",
                          .modes = modes,
                          .mode_count = sizeof modes / sizeof *modes};
    return fl_tool_main(&tool, argc, argv);
}
