"""The pages that tell commands, and their commands as a reader would type them."""

import json
import re
import shlex
import signal
import subprocess
import sys
from fnmatch import fnmatchcase
from glob import glob
from pathlib import Path

from click.testing import CliRunner
from markdown_it import MarkdownIt
from repository import ROOT
from small_course import ASSIGNMENT, answered

from grader.cli import main

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (*ROOT.glob("*.md"), ROOT / "grader" / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if path.name != "CHANGELOG.md" and path.parent.name not in ("chapters", "_build")
}
# What no test types as it stands, and who sees to it.
NOT_RUN = {
    "pip install *": "asks the package index; tests/packages installs both distributions",
    "pip wheel *": "the same",
    "nbgrader quickstart *": "not ours, and slow; tests/packages/test_wheels.py grades what it makes",
    "pip-compile *": "asks the package index",
    "make demo": "takes minutes; a smaller one runs in test_repository.py",
    "make lab": "a server without an end; tests/browser/test_lab.py looks at it",
    "cs231n-course lab": "the same; tests/packages",
    "make release": "tests/course compares what is released with the chapters",
    ".venv/bin/grader check NN_name": "tests/course/test_check.py proves the chapter of that page",
    "dask *": "tests/grading/test_cluster.py starts scheduler and workers by the command line",
    "grader grade ps1 --scheduler *": "the same",
    "openssl *": "the same",
    "cp own.pem *": "the same",
    "sbatch *": "no SLURM here",
    "kubectl *": "no Kubernetes here",
    "podman *": "no container runtime here",
    "nbgrader export *": "tests/pages/test_export.py calls each exporter",
    "createdb *": "tests/books/test_postgres.py has a server of its own",
    "export DASK_*": "a setting of Dask's",
    "tail -f *": "has no end",
    "dolos *": "a program of others",
    "sudo *": "whoever runs the tests runs it",
    "pytest *": "the same",
    "python benchmarks/*": "takes minutes",
}
INBOUND = "/srv/nbgrader/exchange/course101/inbound"
HERE = {
    INBOUND: "inbound",
    "git@example.org:course/for-students.git": "../remote.git",
}  # what stands for it in a test


def _tokens(text):
    for token in MarkdownIt().parse(text):
        yield token
        yield from token.children or ()


def fenced(text, kind):
    """The first block of this kind."""
    return next(token.content for token in _tokens(text) if token.type == "fence" and token.info == kind)


def blocks(text):
    """The commands of each sh block of a page, without what is said of them behind a #."""
    bodies = [token.content for token in _tokens(text) if token.type == "fence" and token.info == "sh"]
    lines = [re.sub(r"(^| +)#.*", "", body, flags=re.MULTILINE).replace("\\\n", " ") for body in bodies]
    return [[" ".join(line.split()) for line in body.splitlines() if line.strip()] for body in lines]


def commands(text):
    return [command for block in blocks(text) for command in block]


PROGRAM = re.compile(
    r"(?:\$ +)?(?:\S*/)?(?:grader|nbgrader|make|git|pip|python3?|pytest|jupyter|cd|dask|podman|kubectl) "
)


def unrun(text):
    """Commands in code that `blocks` does not see: in other blocks, behind a $, only indented."""
    codes = [token for token in _tokens(text) if token.type in ("fence", "code_block")]
    lines = [line.strip() for token in codes if token.info != "sh" for line in token.content.splitlines()]
    return [line for line in lines if PROGRAM.match(line)] + [c for c in commands(text) if c.startswith("$")]


def mentioned(text, program):
    """Commands in the text itself, such as `grader mark ps1 --port 8123`, without their first word."""
    codes = [token.content.split() for token in _tokens(text) if token.type == "code_inline"]
    return [words[1:] for words in codes if words[0] == program and len(words) > 1]


def is_run(command, not_run=tuple(NOT_RUN)):
    return not any(fnmatchcase(command, pattern) for pattern in not_run)


def run_page(page, folder, monkeypatch, *, only=("*",)):
    """Type what a page tells; each of its blocks begins in `folder`."""
    for block in blocks(PAGES[page]):
        here = folder
        for command in filter(is_run, block):
            if command.startswith("cd "):
                here = here / command.removeprefix("cd ")
            elif any(fnmatchcase(command, pattern) for pattern in only):
                monkeypatch.chdir(here)
                run(command)


def run(command):
    """Ours in this process, others as they are; what has no end ends once it is up."""
    program, *words = shlex.split(command)
    words = [path for word in words for path in (glob(word) or [HERE.get(word, word)])]
    if Path(program).name == "grader" and words[0] == "mark":
        assert _serves([f"{sys.prefix}/bin/grader", *words, "--no-browser"]), command
    elif Path(program).name == "grader":
        words += ["--once"] if words[0] == "watch" else []
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, f"{command}\n{done.output}\n{done.exception!r}"
    else:
        own = Path(sys.prefix, "bin", program)
        words = [str(own) if own.exists() else program, *words]
        words += (
            ["-o", "setup", f"VENV={sys.prefix}"] if program == "make" else []
        )  # the environment is there
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def _serves(words):
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    address = server.stdout.readline()
    server.send_signal(signal.SIGINT)
    return "http://127.0.0.1" in address and server.wait(30) == 0


def ps1(answers=None, source=None):
    """The small course's notebook as that of an assignment ps1."""
    return json.dumps(source or answered(answers)).replace(f'"{ASSIGNMENT}"', '"ps1"')
