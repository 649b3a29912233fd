/* fl-message: message passing on fixed points. */
#include "fixland/tools.h"
#include "mc/message/message_modes.h"

int fl_tool_message(int argc, char **argv) {
    const fl_mode modes[] = {message_solve_mode, message_local_mode, message_entropy_mode,
                             message_perceptron_mode};
    const fl_tool tool = {.name = "fl-message",
                          .summary = "Message passing: fixed points, and entropies around them",
                          .modes = modes,
                          .mode_count = sizeof modes / sizeof *modes};
    return fl_tool_main(&tool, argc, argv);
}
