# dist: the archive of the last commit, the same bytes on every machine; its stamp (scripts/commit) is
# what --version tells. deb: Debian packages made from that archive, below $(BUILD)/deb.
.PHONY: dist deb
dist_name := fixland-$(VERSION)

dist:
	@git diff --quiet HEAD -- || echo "dist: changes that are not committed are left out" >&2
	@mkdir -p $(BUILD)
	@git -c tar.umask=0002 -c core.autocrlf=false archive --format=tar --prefix=$(dist_name)/ \
	  -o '$(BUILD)/$(dist_name).tar' HEAD
	@gzip -n9f '$(BUILD)/$(dist_name).tar'
	@echo $(BUILD)/$(dist_name).tar.gz

deb: dist
	@scripts/deb $(BUILD) $(VERSION)
