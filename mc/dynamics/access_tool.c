/* fl-access: which fixed points are reached, by which algorithm, from which self-coupling on. */
#include "fixland/tools.h"
#include "mc/dynamics/modes.h"

int fl_tool_access(int argc, char **argv) {
    const fl_mode modes[] = {access_run_mode,   access_collect_mode, access_threshold_mode,
                             access_trace_mode, access_basins_mode,  access_return_mode,
                             access_near_mode};
    return fl_tool_main(&(fl_tool){"fl-access",
                                   "Dynamics of random networks: which fixed points are reached",
                                   modes, sizeof modes / sizeof *modes},
                        argc, argv);
}
