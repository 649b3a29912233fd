/* The modes of fl-train that make a table from the rows of their shards, for fl-merge: without those
 * that multiply matrices, whose library takes long to load. */
#include "fixland/tools.h"
#include "mc/learn/modes.h"

int fl_tool_train_trials(int argc, char **argv) {
    const fl_mode modes[] = {sweep_mode, capacity_mode};
    return fl_tool_main(
        &(fl_tool){"fl-train", "Means over trainings", modes, sizeof modes / sizeof *modes}, argc,
        argv);
}
