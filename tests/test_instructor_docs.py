"""Every command of docs/instructor/ runs as it stands there, in the order in which it stands there."""

import json
import re
import signal
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner
from conftest import ROOT
from nbgrader.utils import notebook_hash
from small_course import ASSIGNMENT, GOOD, answered, source_notebook

from grader.cli import main

DOCS = sorted((ROOT / "docs" / "instructor").glob("*.md"))
WRONG = GOOD | {"relu": "def relu(x):\n    return abs(x)", "why": "Because."}
STUDENTS = {"ada": WRONG, "bob": GOOD}
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "small"
c.Exchange.root = "{root}"
c.Exchange.cache = "{root}/cache"
"""


def commands(path):
    """What stands behind a $ in the console blocks of a page."""
    blocks = re.findall(r"^ *```console\n(.*?)^ *```", path.read_text(), re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line[2:] for line in lines if line.startswith("$ ")]


@pytest.fixture
def place(tmp_path):
    """A folder with a course in it, a download, a roster, and a gradebook of Canvas."""
    course = tmp_path / "course"
    (course / "source" / "ps1").mkdir(parents=True)
    notebook = course / "source" / "ps1" / "ps1.ipynb"
    notebook.write_text(_text(source_notebook()))
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    (course / "nbgrader_config.py").write_text(CONFIG.format(root=tmp_path / "exchange"))
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        for student, answers in STUDENTS.items():
            archive.writestr(f"{student}/ps1.ipynb", _text(answered(answers)))
    rows = [
        "id,first_name,last_name,email",
        *(f"{one},{one.title()},Lee,{one}@example.org" for one in STUDENTS),
    ]
    (tmp_path / "students.csv").write_text("\n".join([*rows, "zoe,Zoe,Lee,zoe@example.org"]))
    rows = [f"Lee {one},{n},{one},A," for n, one in enumerate(STUDENTS, 1)]
    (tmp_path / "canvas-gradebook.csv").write_text(
        "\n".join(["Student,ID,SIS Login ID,Section,ps1 (7)", *rows])
    )
    return tmp_path


def _text(nb):
    return json.dumps(nb).replace(f'"{ASSIGNMENT}"', '"ps1"')


def submitted(course):
    for student, answers in STUDENTS.items():
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(_text(answered(answers)))
        if student == "ada":  # by the exchange, and bob by mail
            (folder / "timestamp.txt").write_text("2026-01-05 11:30:00 UTC")
            (folder / "submission_secret.txt").write_text("4711" * 32)


def run(command, folder, monkeypatch):
    """Run a line of a page: ours in this process, nbgrader's as a command; a server ends once it is up."""
    program, *words = command.split()
    monkeypatch.chdir(folder)
    if (program, words[0]) == ("grader", "mark"):
        assert _serves([f"{sys.prefix}/bin/grader", *words, "--no-browser"])
    elif program == "grader":
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, f"{command}\n{done.output}\n{done.exception!r}"
    else:
        done = subprocess.run([f"{sys.prefix}/bin/{program}", *words], capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def _serves(words):
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    address = server.stdout.readline()
    server.send_signal(signal.SIGINT)
    return "http://127.0.0.1" in address and server.wait(30) == 0


def test_the_evening_goes_as_it_is_told(place, monkeypatch):
    for command in commands(ROOT / "docs" / "instructor" / "evening.md"):
        run(command, place, monkeypatch)
    feedback = place / "course" / "feedback" / "ada" / "ps1"
    assert {path.suffix for path in feedback.iterdir()} == {".html", ".md", ".json", ".txt"}
    made = {"ps1-csv.csv", "ps1-canvas.csv", "ps1-moodle.csv"}
    assert {path.name for path in place.glob("ps1-*.csv")} == made
    assert (place / "course" / "report" / "ps1-similar.html").is_file()


def test_somebody_elses_course_goes_as_it_is_told(place, monkeypatch):
    """From the course folder; what the exchange collects here has been handed in already."""
    submitted(place / "course")
    for page in ("moving-in.md", "jupyterhub.md"):
        for command in commands(ROOT / "docs" / "instructor" / page):
            run(command, place / "course", monkeypatch)
    released = {path.stem for path in (place / "exchange" / "small" / "feedback").glob("*.html")}
    assert notebook_hash(secret="4711" * 32, notebook_id="ps1") in released and len(released) == 2


def test_publishing_holds_no_solution(tmp_path, monkeypatch):
    (command,) = commands(ROOT / "docs" / "instructor" / "publishing.md")
    target = command.removeprefix("make publish DEST=")
    makefile = (ROOT / "Makefile").read_text()
    assert target == "../for-students" and "$(BIN)/grader publish $(DEST)" in makefile
    run(f"grader publish {tmp_path / 'made'}", ROOT, monkeypatch)
    names = {path.relative_to(tmp_path / "made").as_posix() for path in (tmp_path / "made").rglob("*")}
    assert "course/release/01_gradients/01_gradients.ipynb" in names and "cs231nlib/grading.py" in names
    assert not [name for name in names if name.startswith(("course/chapters", "course/source", "tests"))]
    run(f"grader publish {tmp_path / 'made'}", ROOT, monkeypatch)  # again, into its own


def test_every_page_is_run_or_has_no_command():
    known = {"evening.md", "moving-in.md", "jupyterhub.md", "publishing.md"}
    assert {page.name for page in DOCS if commands(page)} == known


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / link).exists(), link
