/* The parameters of a training run by the table of learn.h: options, lists to sweep and the
 * attributes of model files come from it. Internal to the tool.
 *
 * A value is a double here, whatever its type in fl_training: numbers as they are, 0 or 1 for a
 * switch, the index of a choice. */
#ifndef FIXLAND_LEARN_PARAMETERS_H
#define FIXLAND_LEARN_PARAMETERS_H

#include "fixland/cli.h"
#include "fixland/learn.h"

typedef fl_training_field parameter;

/* Room for their number, and for a value as text. */
enum { PARAMETERS_MOST = 64, PARAMETER_TEXT = 64 };

size_t parameter_count(void);
const parameter *parameter_at(size_t k);

/* The parameter of that name; it is there. */
const parameter *parameter_find(const char *name);

double parameter_get(const fl_training *training, const parameter *p);
void parameter_set(fl_training *training, const parameter *p, double value);

/* The value as it would be typed. */
void parameter_text(const parameter *p, double value, char text[PARAMETER_TEXT]);

/* Words separated by commas, for a switch or a choice; `what` opens the sentence. FL_EUSAGE.
 * Release the list with free(list->values). */
fl_status parameter_words(const parameter *p, const char *what, const char *text, fl_reals *list);

#endif
