# Campaigns against the tools and their readers. Read by the Makefile.
.PHONY: fuzz

fuzz_objects := $(call objects,tests/fuzz/fuzz.c tests/fuzz/tool.c)

$(BUILD)/tests/test_fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(fuzz_objects) $(BUILD)/obj/tests/fuzz/replay.o $(inside)
	@$(link) $(LINK)

$(BUILD)/bin/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(fuzz_objects) $(inside)
	@mkdir -p $(@D) && $(CC) $(FLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.o,$^) $(inside) $(LINK)

# fuzz [TARGET=matrix] [SECONDS=10]: each target for some seconds.
fuzz:
	@BUILD='$(BUILD)' MAKE='$(MAKE)' TARGET='$(TARGET)' SECONDS_EACH='$(SECONDS)' scripts/fuzz

# calibrate [TRIALS=600] [SEED=1]: the table of doc/calibration.md, in some minutes.
.PHONY: calibrate
$(BUILD)/calibrate: $(BUILD)/obj/tests/calibrate/calibrate.o $(call objects,$(test_support)) $(inside)
	@$(link) -lcmocka -lmpfr -lgmp $(LINK)

calibrate: $(BUILD)/calibrate
	@$(BUILD)/calibrate $(or $(TRIALS),600) $(or $(SEED),1)

# torture [KILLS=20] [FAULTS=10] [SEED=1]: tools under kills, signals, failing calls and full disks. The
# long form is KILLS=1000 FAULTS=100000.
.PHONY: torture
$(BUILD)/torture/inject.so: tests/torture/inject.c
	@mkdir -p $(@D) && $(CC) -std=gnu11 -O1 -fPIC -shared -o $@ $< -ldl

$(BUILD)/torture/torture: tests/torture/torture.c
	@mkdir -p $(@D) && $(CC) -std=gnu11 -O1 -g $(WARN) -o $@ $<

torture: all $(BUILD)/torture/torture $(BUILD)/torture/inject.so
	@$(BUILD)/torture/torture $(BUILD)/bin $(BUILD)/torture/work $(abspath $(BUILD))/torture/inject.so \
	  $(or $(KILLS),20) $(or $(FAULTS),10) $(or $(SEED),1)
