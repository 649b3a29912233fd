/* A tool that does not exist, as short as tools that sample networks can be: fl-toy counts the stable
 * neurons of the configuration with all spins down. */
#ifndef FIXLAND_TEST_TOY_TOOL_H
#define FIXLAND_TEST_TOY_TOOL_H

int toy_main(int argc, char **argv);

#endif
