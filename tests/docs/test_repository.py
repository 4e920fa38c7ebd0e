"""What the pages tell in a copy of this repository: its own course, its publication, and a first look."""

import json
import shutil
import subprocess
import zipfile

import pytest
from click.testing import CliRunner
from pages import PAGES, blocks, run, run_page
from repository import ROOT

from grader.cli import main

OURS = ("make *", ".venv/bin/*")
CHAPTER = "01_gradients"
DERIVATIVE = "def derivative(f, x, h=1e-5, kind='centered'):\n    return (f(x + h) - f(x - h)) / (2 * h)"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """This repository under another name, with a course to write to, and what a class handed in."""
    folder = tmp_path_factory.mktemp("copy") / "checkout"
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in (".git", "course", "lab", "downloads"):
            (folder / path.name).symlink_to(path)
    parts = shutil.ignore_patterns("source", "submitted", "autograded", "runs", "gradebook.db")
    shutil.copytree(ROOT / "course", folder / "course", ignore=parts)
    (folder / "downloads").mkdir()
    with zipfile.ZipFile(folder / "downloads" / "week1.zip", "w") as archive:
        archive.writestr(f"ada/{CHAPTER}.ipynb", _begun())
    (folder / "students.csv").write_text("id,first_name,last_name\nada,Ada,Lee\n")
    table = f"Student,ID,SIS Login ID,Section,{CHAPTER} (9)\nAda,1,ada,A,\n"
    (folder / "canvas-gradebook.csv").write_text(table)
    return folder


def _begun():
    """The first exercise answered for one of its kinds."""
    nb = json.loads((ROOT / "course" / "release" / CHAPTER / f"{CHAPTER}.ipynb").read_text())
    (cell,) = [
        one for one in nb["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == "derivative"
    ]
    return json.dumps(
        nb | {"cells": [cell | {"source": DERIVATIVE} if one is cell else one for one in nb["cells"]]}
    )


def test_this_course_is_graded_as_it_is_told(checkout, monkeypatch):
    run_page("README.md", checkout, monkeypatch, only=OURS)
    assert (checkout / f"{CHAPTER}-canvas.csv").read_text().splitlines()[1].startswith("Ada,1,ada,A,")
    assert (checkout / "scores.csv").is_file()
    run_page("docs/guides/instructor.md", checkout, monkeypatch, only=OURS)


def test_a_learner_tries_an_answer(checkout, monkeypatch):
    """In JupyterLab's terminal, so where the notebooks are."""
    (checkout / "lab" / CHAPTER).mkdir(parents=True)
    (checkout / "lab" / CHAPTER / f"{CHAPTER}.ipynb").write_text(_begun())
    run_page("README.md", checkout / "lab", monkeypatch, only=("grader *",))
    run_page("docs/guides/learner.md", checkout / "lab", monkeypatch)


def test_a_smaller_demo_goes_to_its_end(mini_course):
    """One of its class never ends, which here costs less."""
    with (mini_course / "nbgrader_config.py").open("a") as config:
        config.write("c.Grader.cell_seconds = 1\n")
    words = ["demo", "--students", "6", "--assignment", "00_mini", "--course-dir", str(mini_course)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0 and "feedback of one student" in done.output, done.output


@pytest.fixture
def remote(checkout, monkeypatch):
    """A repository for students that the page's address leads to, and somebody who commits."""
    remote = checkout.parent / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", remote], check=True)
    settings = {"user.name": "A", "user.email": "a@example.org", "push.default": "current"}
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (name, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    return remote


def test_publishing_goes_as_it_is_told_and_holds_no_solution(checkout, remote, monkeypatch):
    monkeypatch.chdir(checkout)
    (first,), (clone,), weekly = blocks(PAGES["docs/instructor/publishing.md"])
    for command in (first, "rm -r ../for-students", clone, *weekly, weekly[0]):
        run(command)
    listed = ["git", "-C", remote, "ls-tree", "-r", "--name-only", "HEAD"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()
    assert "course/release/01_gradients/01_gradients.ipynb" in names and "cs231nlib/grading.py" in names
    assert not [name for name in names if name.startswith(("course/chapters", "course/source", "tests"))]
