/* fl-message: message passing on fixed points. */
#include "fixland/tools.h"
#include "mc/message/message_modes.h"

int fl_tool_message(int argc, char **argv) {
    const fl_mode modes[] = {message_solve_mode, message_local_mode, message_entropy_mode,
                             message_perceptron_mode};
    return fl_tool_main(&(fl_tool){"fl-message",
                                   "Message passing: fixed points, and entropies around them",
                                   modes, sizeof modes / sizeof *modes},
                        argc, argv);
}
