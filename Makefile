# fixland: see README.md. `make help` lists the targets.
#
# Everything generated goes below $(BUILD). Sources are found by folder: src/*/ is the ground, theory/
# the formulas, mc/*/ the samples, verify/ the report; tests/*/test_*.c is one program each.

# `make deps X Y` first installs, then starts make again for X Y: what it installs (pkg-config, the
# compiler) is asked for while a makefile is read.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
goals := $(filter-out deps,$(MAKECMDGOALS))
.PHONY: deps $(goals)
deps:
	@scripts/deps $(goals)
ifneq ($(goals),)
$(firstword $(goals)): deps
	@+$(MAKE) --no-print-directory $(goals)
$(wordlist 2,$(words $(goals)),$(goals)): $(firstword $(goals))
	@:
endif
else

MAKEFLAGS += --no-builtin-rules
VERSION := $(shell sed -n 's/^.define FL_VERSION "\(.*\)"/\1/p' include/fixland/version.h)
ABI     := $(shell sed -n 's/^.define FL_ABI //p' include/fixland/version.h)
BUILD   ?= build
PREFIX  ?= /usr/local
# Of libraries, when it is not $(PREFIX)/lib.
LIBDIR  ?=
DESTDIR ?=
CC      ?= cc
PKG_CONFIG ?= pkg-config
SEED    ?=
MOD     ?=

TOOLS := entropy enumerate count merge phase overlap access dmft train plot message

# The commit that --version and every table name: an archive's own stamp, or git.
COMMIT := $(or $(shell sed -n '/^[0-9a-f]\{40,\}$$/s/^\(.\{12\}\).*/\1/p' scripts/commit),\
            $(shell git rev-parse --is-inside-work-tree >/dev/null 2>&1 && \
            git describe --always --dirty 2>/dev/null),unknown)

PACKAGES := openblas gsl fftw3 hdf5 jansson zlib
ifeq ($(shell $(PKG_CONFIG) --exists $(PACKAGES) 2>/dev/null && echo yes),)
ifneq ($(filter-out clean help format dist deb,$(or $(MAKECMDGOALS),all)),)
$(error libraries are missing ($(PACKAGES), found through pkg-config): run `make deps` first)
endif
endif

WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wstrict-prototypes \
        -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef
ifneq ($(CI)$(WERROR),)
WARN += -Werror
endif
# Line numbers, no variables, on which the compiler spends a fifth of its time; tests and the report keep theirs. For a
# debugger: OPT='-O0 -g'.
OPT      ?= -O3 -g1
SANITIZE ?=
EMULATE  ?=
FLAGS = -std=gnu11 $(OPT) -fPIC -fopenmp -ffp-contract=off -fno-math-errno $(WARN) \
        $(SANITIZE:%=-fsanitize=% -fno-omit-frame-pointer -fno-sanitize-recover=all)
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)
INCLUDE := -Iinclude -I. -I$(BUILD)/gen $(PKG_CFLAGS:-I%=-isystem%)
# Programs that multiply no matrices do without OpenBLAS, which starts its threads when it is loaded.
ifeq ($(shell uname),Linux)
AS_NEEDED := -Wl,--as-needed
endif
LINK = $(AS_NEEDED) $(PKG_LIBS) -lm
# GSL's own cblas before OpenBLAS, which has the same names: so GSL's sums are the same in every tool, also in
# those that multiply large matrices (mc/baseline, by another name), and on every processor.
ifneq ($(AS_NEEDED),)
GSL_FIRST := -Wl,--no-as-needed -lgslcblas
endif
# Where HDF5 is there as an archive, tools take it from there: the shared one loads some thirty libraries
# (of a web client) that nobody asked for, eight milliseconds at every start. STATIC_HDF5=no: not so.
STATIC_HDF5 ?= yes
hdf5_archive := $(firstword $(wildcard $(patsubst -L%,%/libhdf5.a,$(shell $(PKG_CONFIG) --libs-only-L hdf5 2>/dev/null))))
ifneq ($(filter-out no,$(STATIC_HDF5))$(SANITIZE)$(AS_NEEDED),yes$(AS_NEEDED))
hdf5_archive :=
endif
# What the archive stands on is not told by pkg-config.
has_library = $(if $(findstring /,$(shell $(CC) -print-file-name=lib$1.so)),-l$1)
TOOL_LINK := $(GSL_FIRST) $(if $(hdf5_archive),$(AS_NEEDED) $(patsubst -lhdf5,$(hdf5_archive),$(PKG_LIBS)) \
               $(call has_library,sz) -lz -ldl -lm,$(LINK))

# One kernel a file; the ending of its name says which instructions it may use.
ARCH := $(shell $(CC) -dumpmachine 2>/dev/null | cut -d- -f1)
ifeq ($(ARCH),x86_64)
KERNEL_avx2   := -mavx2 -mbmi -mbmi2 -mpopcnt -mlzcnt
KERNEL_avx512 := $(if $(EMULATE),$(KERNEL_avx2) -DEMULATED -Wno-psabi,$(KERNEL_avx2) -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512cd)
endif
# Plain programs that benches compare with: built as their authors would, for this processor.
PLAIN := -march=native -ffp-contract=fast
# Texts, files and tables gain nothing from -O3, options and columns nothing from -O2, nor do vectors written out
# once their loops are unrolled: the compiler is done in half to four fifths of the time. Where another -O was asked
# for, that one stands.
PEEL := $(shell $(CC) -Werror -fpeel-loops -E -x c /dev/null >/dev/null 2>&1 && echo -fpeel-loops)
quick = $(if $(filter src/cli/% tools/% %_mode.c %_tool.c %_options.c %_fields.c,$1),-O1 ,$(if $(filter src/io/% src/par/%,$1),-O2 ))
optimize = $(if $(findstring -O3,$(OPT)),$(if $(findstring -O,$(CFLAGS)),,$(if $(PEEL),$(if $(filter src/kernel/messages%,$1),-O2 $(PEEL) ))$(call quick,$1)))
flags_of = $(if $(filter tests/% verify/%,$1),$(subst -g1,-g,$(FLAGS)),$(FLAGS))
# Columns of tools have an explanation each; tests and the report may do without.
# Kernels know only arrays: fuzzers of readers do without looking into them, or optimising them.
kernel_flags = $(call optimize,$1)$(if $(EMULATE),$(if $(filter src/kernel/%,$1),-include tests/support/avx512.h ))$(if $(filter tests/% verify/%,$1),-Wno-missing-field-initializers )$(if $(findstring fuzzer,$(SANITIZE)),$(if $(filter src/kernel/% mc/enumerate/%,$1),-fno-sanitize=all -O0) )$(if $(filter tests/bench/plain_%,$1),$(PLAIN))$(if $(filter %_avx512.c,$1),$(KERNEL_avx512),$(if $(filter %_avx2.c,$1),$(KERNEL_avx2)))

lib_sources   := $(sort $(wildcard src/*/*.c theory/*.c mc/*/*.c tools/*/*.c))
verify_sources := $(sort $(wildcard verify/*.c))
test_sources  := $(sort $(wildcard tests/test_*.c tests/*/test_*.c))
test_support  := $(sort $(wildcard tests/support/*.c))
bench_sources := $(sort $(wildcard tests/bench/bench_*.c))
plain_sources := $(sort $(wildcard tests/bench/plain_*.c))
# A fuzz target is one file; with replay.c it is a test program over its corpus.
fuzz_names   := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
fuzz_sources := $(sort $(wildcard tests/fuzz/*.c))
sources := $(lib_sources) $(verify_sources) $(test_sources) $(test_support) $(bench_sources) $(plain_sources) \
           $(fuzz_sources)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$1)
# Tools and tests link all that there is; others get the same objects with nothing but fl_ to be seen.
inside  := $(BUILD)/obj/fixland.a
library := $(BUILD)/lib/libfixland.a
soname  := libfixland.so.$(ABI)
ifeq ($(shell uname),Linux)
shared  := $(BUILD)/lib/$(soname)
endif
OBJCOPY ?= objcopy
tools   := $(TOOLS:%=$(BUILD)/bin/fl-%)
tests   := $(addprefix $(BUILD)/tests/,$(basename $(notdir $(test_sources)))) $(fuzz_names:%=$(BUILD)/tests/test_fuzz_%)
benches := $(bench_sources:tests/bench/%.c=$(BUILD)/bench/%)
verify  := $(BUILD)/verify/fl-verify

# `make clean all`: what is made while a makefile is read would be gone when the other goals want it.
ifeq ($(firstword $(MAKECMDGOALS))$(findstring n,$(filter-out --%,$(firstword $(MAKEFLAGS)))),clean)
ifneq ($(word 2,$(MAKECMDGOALS)),)
$(shell rm -rf $(BUILD))
cleaned := yes
endif
endif

# Files that hold a text and are touched only when it changes, so that objects follow the flags and
# the commit without a recipe that runs every time.
stamp = $(shell mkdir -p $(dir $1) && { printf '%s\n' '$2' | cmp -s - $1 || printf '%s\n' '$2' >$1; })
ifneq ($(filter-out clean help format dist deb,$(or $(MAKECMDGOALS),all)),)
$(call stamp,$(BUILD)/gen/flags,$(CC) $(FLAGS) $(INCLUDE)$(EMULATE:%= emulated))
$(call stamp,$(BUILD)/gen/commit,$(COMMIT))
# Once for all objects, and told by make itself: two programs less to start for each of hundreds of files.
$(shell mkdir -p $(addprefix $(BUILD)/obj/,$(sort $(dir $(sources)) tools/ tests/calibrate/)))
endif
tell = $(info $(blank)  CC    $<)

.PHONY: all mpi check verify bench asan tsan emulated install uninstall format clean help
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

all: $(library) $(shared) $(tools)

$(BUILD)/gen/fl_commit.h: $(BUILD)/gen/commit
	@printf '#define FL_COMMIT "%s"\n' '$(COMMIT)' >$@

$(BUILD)/obj/%.o: %.c $(BUILD)/gen/flags | $(BUILD)/gen/fl_commit.h
	@$(tell)$(CC) $(call flags_of,$<) $(CPPFLAGS) $(CFLAGS) $(call kernel_flags,$<) $(INCLUDE) -MMD -MP -c $< -o $@

# Every tool is tools/main.c around one library function.
$(BUILD)/obj/tools/fl-%.o: tools/main.c $(BUILD)/gen/flags
	@$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) $(INCLUDE) -DFL_TOOL=fl_tool_$* -MMD -MP -c $< -o $@

$(inside): $(call objects,$(lib_sources))
	@mkdir -p $(@D)
	@echo "  AR    $@"
	@rm -f $@ && $(AR) rcs $@ $^

# What a public header names is exported; every other global name gets a prefix, or is not shown.
$(BUILD)/gen/exports: $(inside) $(wildcard include/fixland/*.h)
	@scripts/symbols exports $(inside) >$@

$(library): $(inside) $(BUILD)/gen/exports
	@mkdir -p $(@D)
	@echo "  AR    $@"
	@rm -f $@ && OBJCOPY='$(OBJCOPY)' scripts/symbols private $(inside) $(BUILD)/gen/exports $@

ifneq ($(shared),)
$(shared): $(inside) $(BUILD)/gen/exports
	@echo "  LD    $@"
	@scripts/symbols map $(ABI) <$(BUILD)/gen/exports >$(BUILD)/gen/map
	@$(CC) $(FLAGS) $(LDFLAGS) -shared -Wl,-soname,$(soname),--version-script=$(BUILD)/gen/map,-Bsymbolic-functions \
	  $(if $(SANITIZE),,-Wl$(comma)-z$(comma)defs) -Wl,--whole-archive $(inside) -Wl,--no-whole-archive $(LINK) -o $@
	@ln -sf $(soname) $(BUILD)/lib/libfixland.so
endif

# A hundred programs with all of the library in each: gold links them in half or a quarter of the time.
GOLD := $(shell $(CC) -fuse-ld=gold -Wl,--version >/dev/null 2>&1 && echo -fuse-ld=gold)

link = mkdir -p $(@D) && echo "  LD    $@" && $(CC) $(FLAGS) $(GOLD) $(LDFLAGS) -o $@ $(filter %.o,$^) $(inside)

$(BUILD)/bin/fl-%: $(BUILD)/obj/tools/fl-%.o $(inside)
	@$(link) $(TOOL_LINK)

# Any tool on the ranks of an MPI job; the one program that needs MPI.
mpi: $(BUILD)/bin/fl-mpi
MPI := $(firstword $(foreach p,ompi-c mpich mpi-c mpi,$(shell $(PKG_CONFIG) --exists $p 2>/dev/null && echo $p)))

$(BUILD)/obj/tools/mpi.o: tools/mpi.c $(BUILD)/gen/flags
	@$(if $(MPI),,echo "fl-mpi needs Open MPI or MPICH, found through pkg-config: make deps mpi" >&2; exit 1)
	@mkdir -p $(@D)
	@echo "  CC    $< ($(MPI))"
	@$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) $(INCLUDE) $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(MPI))) \
	  -DFL_TOOLS='$(foreach t,$(TOOLS),TOOL($t))' -MMD -MP -c $< -o $@

$(BUILD)/bin/fl-mpi: $(BUILD)/obj/tools/mpi.o $(inside)
	@$(link) $(shell $(PKG_CONFIG) --libs $(MPI)) $(TOOL_LINK)

# One test looks into the report.
$(BUILD)/tests/test_story: $(filter-out $(BUILD)/obj/verify/main.o,$(call objects,$(verify_sources)))

# Tests stand in rooms, their programs beside each other.
$(foreach t,$(test_sources),$(eval $(BUILD)/tests/$(basename $(notdir $t)): $(call objects,$t)))

$(addprefix $(BUILD)/tests/,$(basename $(notdir $(test_sources)))): $(call objects,$(test_support)) $(inside)
	@$(link) -lcmocka -lmpfr -lgmp $(GSL_FIRST) $(LINK)

$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(call objects,$(plain_sources)) $(inside)
	@$(link) $(LINK)

$(verify): $(call objects,$(verify_sources)) $(inside)
	@$(link) $(GSL_FIRST) $(LINK)

# check [MOD=rng] [SEED=7] [LEAVE_OUT="names"]: all test programs, or one.
kept := $(filter-out $(LEAVE_OUT:%=$(BUILD)/tests/test_%),$(tests))
chosen := $(if $(MOD),$(filter %/test_$(MOD),$(kept)),$(kept))
check: all $(chosen) $(if $(SANITIZE),,$(if $(MPI),mpi))
	@BUILD='$(BUILD)' MOD='$(MOD)' SEED='$(SEED)' scripts/check $(chosen)
	$(if $(SANITIZE)$(EMULATE)$(MOD),,@+CC='$(CC)' MAKE='$(MAKE)' scripts/check-extra)

verify: all $(verify)
	@$(verify) --folder $(BUILD)/report $(if $(SEED),--seed $(SEED))

bench: all $(benches)
	@for b in $(if $(MOD),$(BUILD)/bench/bench_$(MOD),$(benches)); do echo "== $${b##*/}"; $$b || echo "failed: $$b"; done | \
	  scripts/bench-figures tests/bench/figures

asan:
	@+$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined OPT='-O1 -g1' check

# On a processor without AVX-512: the tests with those kernels, by other instructions (SIMDe).
emulated:
	@+$(MAKE) --no-print-directory BUILD=$(BUILD)/emulated EMULATE=yes check

# With clang, whose OpenMP library tells the sanitizer of its barriers; gcc's does not, and what it says is noise.
tsan:
	@+TSAN_OPTIONS=ignore_noninstrumented_modules=1 $(MAKE) --no-print-directory BUILD=$(BUILD)/tsan CC=clang \
	  SANITIZE=thread OPT='-O1 -g1' check

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	$(if $(cleaned),@:,rm -rf $(BUILD))

include scripts/install.mk
include scripts/campaigns.mk
include scripts/release.mk
include notebooks-export/notebooks.mk

help:
	@sed -n 's/^#: //p' Makefile

#: make              build the library and the tools (build/bin)
#: make deps         install what is missing (or say the command that would)
#: make mpi          build/bin/fl-mpi: any tool on the ranks of an MPI job (doc/cluster.md)
#: make check        build and pass the tests    [MOD=name] [SEED=number]
#: make verify       verify the theory against simulation: build/report/index.html
#: make bench        speed beside a reference, in one run    [MOD=name]
#: make fuzz         invented inputs for every reader    [TARGET=name] [SECONDS=each]
#: make asan, tsan   the tests under sanitizers; make emulated: with AVX-512 kernels on any x86-64
#: make install      [PREFIX=/usr/local] [DESTDIR=]; make uninstall
#: make dist         the release's archive: build/fixland-VERSION.tar.gz; make deb: Debian packages of it
#: make format       clang-format over the sources
#: make notebooks    notebooks-export/*.ipynb from their sources; notebooks-check executes all solutions
#: make notebooks-html  executed solutions as pages: build/notebooks/*.html
#: make course DIR=  student notebooks into a folder of their own
#: make site         all documents as linked pages: build/site/index.html
#: make clean

-include $(patsubst %.c,$(BUILD)/obj/%.d,$(sources)) $(TOOLS:%=$(BUILD)/obj/tools/fl-%.d) $(BUILD)/obj/tools/mpi.d

endif
