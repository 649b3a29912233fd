# The course (notebooks-export/README.md) and the pages of the documents. Nothing of the core build needs it.
course := notebooks-export

.PHONY: notebooks notebooks-check notebooks-html course site

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

notebooks-html: all notebooks
	@python=$$(scripts/python numpy matplotlib h5py nbclient ipykernel) && "$$python" $(course)/pages.py $(MOD)

course: all
	@[ -n "$(DIR)" ] || { echo "make course DIR=FOLDER: name the folder of the class" >&2; exit 2; }
	@python3 $(course)/make.py course "$(DIR)"

site:
	@scripts/site $(BUILD)/site
