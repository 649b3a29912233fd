/* The modes of fl-train that make a table from the rows of their shards, for fl-merge: without those
 * that multiply matrices, whose library takes long to load. */
#include "fixland/tools.h"
#include "mc/learn/continual_rows.h"
#include "mc/learn/modes.h"

/* As continual_mode, but it can make the table from rows only. */
static const fl_mode continual_joined = {.name = "continual",
                                         .summary = "classes one after the other",
                                         .options = continual_options,
                                         .settings_size = sizeof(continual_settings),
                                         .common = FL_WITH_SEED | FL_WITH_THREADS | FL_WITH_RESUME,
                                         .run = continual_again,
                                         .tables = continual_tables,
                                         .again = true};

int fl_tool_train_trials(int argc, char **argv) {
    const fl_mode modes[] = {sweep_mode, capacity_mode, continual_joined};
    return fl_tool_main(
        &(fl_tool){"fl-train", "Means over trainings", modes, sizeof modes / sizeof *modes}, argc,
        argv);
}
