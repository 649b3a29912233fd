# install and uninstall: see scripts/install, which knows what goes where. By the environment, so that
# blanks and quotes in names stay what they are.
install uninstall: export BUILD := $(BUILD)
install uninstall: export PREFIX := $(PREFIX)
install uninstall: export DESTDIR := $(DESTDIR)
install uninstall: export LIBDIR := $(LIBDIR)
install uninstall: export PACKAGES := $(PACKAGES)
install uninstall:
	@scripts/install $@ '$(TOOLS)'
install: all
