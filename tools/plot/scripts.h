/* Figures: the gnuplot scripts of plots/, and the tables each of them reads. Internal. */
#ifndef FIXLAND_PLOT_SCRIPTS_H
#define FIXLAND_PLOT_SCRIPTS_H

#include <stddef.h>

#include "fixland/status.h"

enum { SCRIPT_PATH = 4096 };

/* The folder of the scripts: $FIXLAND_PLOTS, else share/fixland/plots beside the folder of the
 * program, else plots of the source tree that the program was built in. `folder` has SCRIPT_PATH
 * bytes. FL_EIO where there is none. */
fl_status scripts_folder(char *folder);

/* A column that a script takes by its number. */
typedef struct script_need {
    char table[64], name[64];
    size_t column; /* from 1 */
} script_need;

enum { SCRIPT_NEEDS = 32 };

typedef struct script {
    char *name;    /* without .gp */
    char *text;    /* the script */
    char **tables; /* names of files in the data folder that it needs; '*' stands for anything */
    size_t count;  /* tables */
    script_need needs[SCRIPT_NEEDS];
    size_t need_count;
} script;

/* FL_EUSAGE for a figure that is not there. */
fl_status script_read(script *s, const char *folder, const char *name);
void script_clear(script *s);

/* Names of all figures, sorted; free each and the list. */
fl_status scripts_list(const char *folder, char ***names, size_t *count);

#endif
