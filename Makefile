# make run    the whole experiment, with the default config
# make run FOLDER=~/photos  the same with images of your own
# make again  the same as run, after forgetting what was measured while the machine was disturbed
# make quick  the same with at most 1,000 images, in about a minute
# make formats  many formats, codecs and ways of access, in about half an hour
# make cluster  the whole experiment on the Slurm cluster that this is a login node of
# make cluster-plan  how many jobs of each rule a cluster would run
# make test   all tests
# make test-versions  a few tests and a small run, with the oldest and the newest Snakemake allowed
# make lint   formatting, lints and types
# make report the page with the answers, and what it needs, alone
# make benchmark  how much faster batches become arrays than by the tutorial's loop
# make clean  remove .venv and .venv-*; results are kept

PYTHON ?= python3
CORES ?= all
CONFIG ?=
FOLDER ?=
OF_FOLDER := .snakemake/image-storage-bench/folder.json
CONFIGS := $(if $(value FOLDER),config/folder.yaml $(OF_FOLDER)) $(CONFIG)
# The library, and what tells of a run, for this folder's runs alone, whatever is installed.
PLAIN := PYTHONPATH=$(CURDIR)/workflow/scripts .venv/bin/snakemake
TOLD := $(PLAIN) --logger imagebench
SNAKEMAKE := $(TOLD) $(if $(strip $(CONFIGS)),--configfile $(CONFIGS)) --cores $(CORES)
# A profile of all of somebody's workflows may name an executor, such as that of a cluster.
unexport SNAKEMAKE_PROFILE

.PHONY: run again quick formats cluster cluster-plan test test-versions lint report benchmark clean

# The folder's name can hold anything, such as a $, which make would take for a variable of its own.
QUOTED_FOLDER = '$(subst ','\'',$(value FOLDER))'
NAME_FOLDER = $(if $(value FOLDER),mkdir -p $(dir $(OF_FOLDER)) && $(PYTHON) -c 'import json; import sys; print(json.dumps({"folder": {"path": sys.argv[1]}}))' $(QUOTED_FOLDER) > $(OF_FOLDER))

run: $(if $(value FOLDER),.venv/formats,.venv/workflow)
	@$(NAME_FOLDER)
	$(SNAKEMAKE)

again: $(if $(value FOLDER),.venv/formats,.venv/workflow)
	@$(NAME_FOLDER)
	$(SNAKEMAKE) forget_disturbed
	$(SNAKEMAKE)

quick: .venv/workflow
	$(TOLD) --configfile config/quick.yaml --cores $(CORES)

formats: .venv/formats
	$(TOLD) --configfile config/formats.yaml $(CONFIG) --cores $(CORES)

ON_CLUSTER := $(if $(CONFIG),--configfile $(CONFIG)) --workflow-profile workflow/profiles/slurm

cluster: .venv/cluster
	$(TOLD) $(ON_CLUSTER)

cluster-plan: .venv/cluster
	$(PLAIN) $(ON_CLUSTER) --dry-run --quiet rules

report: .venv/workflow
	$(SNAKEMAKE) page

test: .venv/development
	.venv/bin/python -m pytest -n 4 -m "not quiet"
	.venv/bin/python -m pytest -m quiet

# The range of Snakemake's versions, as >=9.20,<9.28, and its two ends as pip calls them.
COMMA := ,
RANGE := $(shell sed -n 's/.*"snakemake\(>=.*\)",/\1/p' pyproject.toml)
LOWEST := $(patsubst >=%,==%.0,$(firstword $(subst $(COMMA), ,$(RANGE))))
HIGHEST := $(lastword $(subst $(COMMA), ,$(RANGE)))
TRIED := tests/unit/test_private_names.py tests/unit/test_logger_plugin.py

test-versions: .venv-lowest/made .venv-highest/made
	for end in lowest highest; do \
		.venv-$$end/bin/python -m pytest $(TRIED) && \
		PYTHONPATH=$(CURDIR)/workflow/scripts .venv-$$end/bin/snakemake --logger imagebench \
			--configfile config/quick.yaml tests/support/tiny.yaml --directory .venv-$$end \
			--forceall --cores $(CORES) || exit 1; \
	done

.venv-lowest/made: SNAKEMAKE_END = $(LOWEST)
.venv-highest/made: SNAKEMAKE_END = $(HIGHEST)
.venv-%/made: envs/requirements.in envs/requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(@D)
	sed 's/^snakemake==[^ ]*/snakemake$(SNAKEMAKE_END)/' envs/requirements.in > $(@D)/requirements.in
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check \
		-r $(@D)/requirements.in pytest pytest-xdist -c envs/requirements-dev.txt
	@touch $@

lint: .venv/development
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/snakefmt --check .
	.venv/bin/mypy
	.venv/bin/codespell
# All rules share the environment that Snakemake itself runs in: none has one of its own.
	! .venv/bin/snakemake --lint 2>&1 | grep "^    \* " | grep -v "Specify a conda environment"

benchmark: .venv/workflow
	.venv/bin/python experiments/unpickle_batches.py

# The environments are made once, and again when what they are to hold has changed.
.venv/workflow: envs/requirements.txt
	@$(PYTHON) envs/check.py
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r envs/requirements.txt
	@touch $@

.venv/development: .venv/formats .venv/cluster envs/requirements-dev.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r envs/requirements-dev.txt
	@touch $@

FAMILIES := codecs arrays columns
FAMILY_FILES := $(FAMILIES:%=envs/requirements-%.txt)

.venv/formats: .venv/workflow $(FAMILY_FILES)
	.venv/bin/python -m pip install --quiet --disable-pip-version-check $(FAMILY_FILES:%=-r %)
	@touch $@

.venv/cluster: .venv/workflow envs/requirements-slurm.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r envs/requirements-slurm.txt
	@touch $@

clean:
	rm -rf .venv .venv-*
