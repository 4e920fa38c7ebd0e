PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TESTS ?=
# Another Python makes the environment anew.
READY := $(VENV)/.ready-$(shell $(PYTHON) -c "import sys; print('%d.%d' % sys.version_info[:2])")
# Some containers set it; then every process compiles all of this anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lab setup build release check publish figures pictures site check-site clean
demo: setup
	$(BIN)/grader demo

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & types=$$!; \
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(TESTS); tests=$$?; \
	wait $$types && exit $$tests

lab: setup
	$(BIN)/grader lab

setup: $(READY)
$(READY): requirements.txt pyproject.toml grader/pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || (echo "Python 3.11 or newer is needed: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e grader -e .
	@touch $@

build release check: setup
	$(BIN)/grader $@

publish: setup
	@test -n "$(DEST)" || (echo "say where: make publish DEST=../for-students"; exit 2)
	$(BIN)/grader publish $(DEST)

figures: setup
	$(BIN)/python -m cs231nlib.figures assets

pictures: setup
	$(BIN)/python docs/pictures.py

MATHJAX := docs/_static/mathjax/tex-mml-chtml.js
PYODIDE := .cache/pyodide/package/pyodide.mjs
SITE_READY := $(VENV)/.ready-site
site: $(SITE_READY) $(MATHJAX) $(PYODIDE)
	$(BIN)/python docs/lite/build.py docs/_build/lite & lite=$$!; \
	$(BIN)/python docs/executed.py docs/chapters && \
	$(BIN)/sphinx-build -q -W --keep-going -j auto -b html docs docs/_build; pages=$$?; \
	wait $$lite && exit $$pages

check-site: site
	$(BIN)/python docs/check_pages.py
	$(BIN)/python docs/lite/check_lite.py

$(SITE_READY): $(READY) docs/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt -r docs/requirements.txt
	@touch $@

# Formulas without a foreign request; npm only fetches it.
$(MATHJAX):
	mkdir -p .cache $(@D)
	cd .cache && npm pack --silent mathjax@3.2.2 >/dev/null && tar xzf mathjax-3.2.2.tgz
	cp -r .cache/package/es5/tex-mml-chtml.js .cache/package/es5/output $(@D)

# Python for the browser: the version that docs/lite/build.py asks for.
$(PYODIDE):
	mkdir -p .cache/pyodide
	cd .cache/pyodide && npm pack --silent pyodide@314.0.6 >/dev/null && tar xzf pyodide-314.0.6.tgz

clean:
	rm -rf demo course/source course/autograded course/feedback course/runs course/report
