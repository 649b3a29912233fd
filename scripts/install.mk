# install and uninstall: tools, headers, static library, pkg-config file, figure scripts.
bindir := $(DESTDIR)$(PREFIX)/bin
libdir := $(DESTDIR)$(PREFIX)/lib
incdir := $(DESTDIR)$(PREFIX)/include
datadir := $(DESTDIR)$(PREFIX)/share/fixland

install: all
	install -d $(bindir) $(libdir)/pkgconfig $(incdir)/fixland $(datadir)/plots
	install -m 755 $(tools) $(bindir)
	install -m 644 $(library) $(libdir)
	install -m 644 $(wildcard include/fixland/*.h) $(incdir)/fixland
	install -m 644 $(wildcard plots/*.gp) $(datadir)/plots
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@PACKAGES@|$(PACKAGES)|' \
	  scripts/fixland.pc.in >$(libdir)/pkgconfig/fixland.pc

uninstall:
	rm -f $(TOOLS:%=$(bindir)/fl-%) $(libdir)/libfixland.a $(libdir)/pkgconfig/fixland.pc
	rm -rf $(incdir)/fixland $(datadir)
