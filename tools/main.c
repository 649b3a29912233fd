/* The main of every tool: FL_TOOL names the library function that is the tool. */
#include "fixland/tools.h"

int main(int argc, char **argv) {
    fl_tools_may_exit();
    return FL_TOOL(argc, argv);
}
