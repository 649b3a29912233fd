# The course (notebooks-export/README.md) and the pages of the documents. Nothing of the core build needs it.
course := notebooks-export

.PHONY: notebooks notebooks-check notebooks-run notebooks-html course site

notebooks:
	@python3 $(course)/make.py write

# Sources and notebooks agree, every check of every solution passes, and the versions for students fail
# in tasks only.
notebooks-check: all
	@python3 $(course)/make.py check
	@python=$$(scripts/python numpy matplotlib h5py) && \
	  "$$python" $(course)/test_fixland.py && \
	  "$$python" $(course)/make.py run $(if $(SEED),--seed $(SEED)) $(MOD) && \
	  "$$python" $(course)/make.py students $(MOD)

# All solutions once, as many at a time as there are processors; a failed check fails.
notebooks-run: all
	@python=$$(scripts/python numpy matplotlib h5py) && \
	  FIXLAND_THREADS=1 "$$python" $(course)/make.py seeds --seeds 1 --jobs $$(getconf _NPROCESSORS_ONLN)

notebooks-html: all notebooks
	@python=$$(scripts/python numpy matplotlib h5py nbclient ipykernel) && "$$python" $(course)/pages.py $(MOD)

course: all
	@[ -n "$(DIR)" ] || { echo "make course DIR=FOLDER: name the folder of the class" >&2; exit 2; }
	@python3 $(course)/make.py course "$(DIR)"

site:
	@scripts/site $(BUILD)/site
