/* fl-train: learning by steering the dynamics. */
#include "fixland/tools.h"
#include "mc/learn/modes.h"

int fl_tool_train(int argc, char **argv) {
    const fl_mode modes[] = {train_mode,    eval_mode,     overlaps_mode,
                             sweep_mode,    capacity_mode, continual_mode,
                             baseline_mode, export_mode,   presets_mode};
    return fl_tool_main(&(fl_tool){"fl-train", "Learning by steering the dynamics of a network",
                                   modes, sizeof modes / sizeof *modes},
                        argc, argv);
}
