/* fl-train: learning by steering the dynamics. */
#include "fixland/tools.h"
#include "mc/learn/modes.h"

int fl_tool_train(int argc, char **argv) {
    option_list lists[6] = {0};
    const fl_mode modes[] = {train_mode(&lists[0]),
                             eval_mode(&lists[1]),
                             overlaps_mode(&lists[2]),
                             sweep_mode(&lists[3]),
                             capacity_mode(&lists[4]),
                             baseline_mode(&lists[5]),
                             export_mode,
                             presets_mode};
    const fl_tool tool = {.name = "fl-train",
                          .summary = "Learning by steering the dynamics of a network",
                          .modes = modes,
                          .mode_count = sizeof modes / sizeof *modes};
    return fl_tool_main(&tool, argc, argv);
}
