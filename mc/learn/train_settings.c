/* See train_settings.h. */
#include "mc/learn/train_settings.h"

#include "mc/learn/presets.h"

#define PRESET                                                                                     \
    {                                                                                              \
        .name = "preset", .type = FL_OPTION_TEXT, .offset = offsetof(training_settings, preset),   \
        .given = offsetof(training_settings, preset_given), .argument = "NAME",                    \
        .choices = PRESET_WORDS,                                                                   \
        .help = "settings to start from; `fl-train presets` lists what each sets"                  \
    }

/* hidden_from_meta: the provenance has the resolved value, from fl_training_describe. */
#define PLACE(member)                                                                              \
    .offset = offsetof(training_settings, values[TRAINING_##member]),                              \
    .given = offsetof(training_settings, given[TRAINING_##member]), .hidden_from_meta = true

#define WORD(kind, member, name_, argument_, words_, help_)                                        \
    {name_, kind, PLACE(member), .argument = argument_, .choices = words_, .help = help_},
#define UNSET "lambda in a chain of fixed couplings, 0 beside learned blocks"

#define ONE_SIZE(member, name, low, high, help)                                                    \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_INTEGER, name, "COUNT", low, high, NULL, help)
#define ONE_REAL(member, name, low, high, help)                                                    \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_REAL, name, "X", low, high, NULL, help)
#define ONE_OPEN(member, name, low, high, unset, help)                                             \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_REAL, name, "X", low, high, UNSET, help)
#define ONE_FLAG(member, name, help) WORD(FL_OPTION_FLAG, member, name, NULL, NULL, help)
#define ONE_CHOICE(member, name, words, help)                                                      \
    WORD(FL_OPTION_CHOICE, member, name, "WHICH", words, help)
#define ONE_BOTH(member, one, other, name, help)                                                   \
    WORD(FL_OPTION_FLAG, member, name, NULL, NULL, help)

const fl_option training_options[] = {
    PRESET,
    TRAINING_LIST(ONE_SIZE, ONE_REAL, ONE_OPEN, ONE_FLAG, ONE_CHOICE, ONE_BOTH){.name = NULL},
};

#define MANY_SIZE(member, name, low, high, help)                                                   \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_INTEGERS, name, "LIST", low, high, NULL, help)
#define MANY_REAL(member, name, low, high, help)                                                   \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_REALS, name, "LIST", low, high, NULL, help)
#define MANY_OPEN(member, name, low, high, unset, help)                                            \
    FL_FIELD_NUMBER(PLACE(member), FL_OPTION_REALS, name, "LIST", low, high, UNSET, help)
#define MANY_FLAG(member, name, help) WORD(FL_OPTION_TEXT, member, name, "LIST", "no|yes", help)
#define MANY_CHOICE(member, name, words, help)                                                     \
    WORD(FL_OPTION_TEXT, member, name, "LIST", words, help)
#define MANY_BOTH(member, one, other, name, help)                                                  \
    WORD(FL_OPTION_TEXT, member, name, "LIST", "no|yes", help)

const fl_option training_list_options[] = {
    PRESET,
    TRAINING_LIST(MANY_SIZE, MANY_REAL, MANY_OPEN, MANY_FLAG, MANY_CHOICE, MANY_BOTH){.name = NULL},
};

fl_status training_from(const training_settings *s, bool lists, fl_training *training) {
    size_t count;
    const fl_field *fields = fl_training_fields(&count);
    if (fl_training_preset(training, s->preset) != FL_OK)
        return fl_fail(FL_EUSAGE, "--%s", fl_message());
    return fl_fields_given(training, fields, count, s->values, s->given, lists);
}
