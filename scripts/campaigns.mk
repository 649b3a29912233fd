# Campaigns against the tools and their readers. Read by the Makefile.
.PHONY: fuzz
comma := ,

fuzz_objects := $(call objects,tests/fuzz/fuzz.c tests/fuzz/memory.c tests/fuzz/matrix.c tests/fuzz/tool.c)
# Readers find files of memory.c where they look for those of the system.
ifeq ($(shell uname),Linux)
fuzz_wraps := $(addprefix -Wl$(comma)--wrap=,fopen fdopen fileno fclose stat fstat open fcntl close unlink flock \
                fdatasync ftruncate pwrite sigaction)
endif
# Readers stand in src; trained networks are read beside those who make them.
fuzz_readers := $(filter src/core/% src/io/% src/cli/% src/model/% src/par/% src/kernel/level.c \
                  src/kernel/signed_sum%,$(lib_sources))
$(BUILD)/obj/fuzz.a: $(call objects,$(fuzz_readers))
	@rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/tests/test_fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(fuzz_objects) $(BUILD)/obj/tests/fuzz/replay.o $(inside)
	@$(link) $(fuzz_wraps) $(LINK)

fuzz_link = mkdir -p $(@D) && $(CC) $(FLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(fuzz_wraps) $(LINK)

$(BUILD)/bin/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(fuzz_objects) $(BUILD)/obj/fuzz.a
	@$(fuzz_link)

fuzz_learners := $(filter src/% mc/baseline/% mc/data/% mc/learn/%,$(filter-out %_mode.c %_tool.c,$(lib_sources)))
$(BUILD)/bin/fuzz_model: $(BUILD)/obj/tests/fuzz/fuzz_model.o $(fuzz_objects) $(call objects,$(fuzz_learners))
	@$(fuzz_link)

# fuzz [TARGET=matrix] [SECONDS=10]: each target for some seconds.
fuzz:
	@BUILD='$(BUILD)' MAKE='$(MAKE)' TARGET='$(TARGET)' SECONDS_EACH='$(SECONDS)' scripts/fuzz

# calibrate [TRIALS=600] [SEED=1] [ROWS="first end"]: the table of doc/calibration.md, in some minutes.
.PHONY: calibrate
$(BUILD)/calibrate: $(BUILD)/obj/tests/calibrate/calibrate.o $(call objects,$(test_support)) $(inside)
	@$(link) -lcmocka -lmpfr -lgmp $(LINK)

calibrate: $(BUILD)/calibrate
	@$(BUILD)/calibrate $(or $(TRIALS),600) $(or $(SEED),1) $(ROWS)

# torture [KILLS=20] [FAULTS=10] [SEED=1] [ONLY=fl-count]: tools under kills, signals, failing calls and full
# disks, all of them or those whose names begin so. The long form is KILLS=1000 FAULTS=100000.
.PHONY: torture
$(BUILD)/torture/inject.so: tests/torture/inject.c
	@mkdir -p $(@D) && $(CC) -std=gnu11 -O1 -fPIC -shared -o $@ $< -ldl

$(BUILD)/torture/torture: tests/torture/torture.c
	@mkdir -p $(@D) && $(CC) -std=gnu11 -O1 -g $(WARN) -o $@ $<

torture: all $(BUILD)/torture/torture $(BUILD)/torture/inject.so
	@$(BUILD)/torture/torture $(BUILD)/bin $(BUILD)/torture/work $(abspath $(BUILD))/torture/inject.so \
	  $(or $(KILLS),20) $(or $(FAULTS),10) $(or $(SEED),1) $(if $(ONLY),'$(ONLY)')

# One test lets memory run out.
$(BUILD)/tests/test_starved: | $(BUILD)/torture/inject.so
