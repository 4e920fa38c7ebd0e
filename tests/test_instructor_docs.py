"""Every command of docs/instructor/ runs as it stands there, in the order in which it stands there."""

import json
import re
import signal
import subprocess
import sys
import zipfile
from itertools import takewhile

import pytest
from click.testing import CliRunner
from nbgrader.utils import notebook_hash
from repository import ROOT
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


BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
PROGRAM = re.compile(r"(?:\$ +)?(?:grader|nbgrader|make|git|pip|python3?|jupyter|cd) ")


def commands(text):
    """What stands behind a $ in the console blocks of a page."""
    lines = [
        line.strip() for kind, body in BLOCK.findall(text) if kind == "console" for line in body.splitlines()
    ]
    return [line[2:] for line in lines if line.startswith("$ ")]


def unrun(text):
    """Commands in code that `commands` does not see: in other blocks, without a $, only indented."""
    blocks = [line.strip() for _, body in BLOCK.findall(text) for line in body.splitlines()]
    around = BLOCK.sub("", text).splitlines()
    blocks += [line.strip() for line in around if line.startswith(("    ", "\t"))]
    seen = {f"$ {command}" for command in commands(text)}
    return [line for line in blocks if PROGRAM.match(line) and line not in seen]


def mentioned(text):
    """Commands of ours in the text itself, such as `grader mark ps1 --port 8123`."""
    return re.findall(r"`grader ([^`\n]+)`", BLOCK.sub("", text))


def unknown(words):
    """What of a command of ours does not exist."""
    name, *more = words.split()
    if name not in main.commands:
        return name
    options = {option for one in main.commands[name].params for option in (*one.opts, *one.secondary_opts)}
    more = takewhile(lambda word: word != "--", more)
    return next((one for one in more if one.startswith("-") and one.partition("=")[0] not in options), None)


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


def read(page):
    return (ROOT / "docs" / "instructor" / page).read_text()


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


def test_the_evening_goes_as_it_is_told(place, monkeypatch, heard):
    for page in ("evening.md", "marking.md"):
        for command in commands(read(page)):
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
        for command in commands(read(page)):
            run(command, place / "course", monkeypatch)
    released = {path.stem for path in (place / "exchange" / "small" / "feedback").glob("*.html")}
    assert notebook_hash(secret="4711" * 32, notebook_id="ps1") in released and len(released) == 2


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """This repository under another name, and one for students that the page's address leads to."""
    checkout, remote = tmp_path / "checkout", tmp_path / "remote.git"
    checkout.mkdir()
    for path in ROOT.iterdir():
        if path.name != ".git":
            (checkout / path.name).symlink_to(path)
    subprocess.run(["git", "init", "-q", "--bare", remote], check=True)
    settings = {f"url.{remote}.insteadOf": "git@example.org:course/for-students.git"}
    settings |= {"user.name": "A", "user.email": "a@example.org", "push.default": "current"}
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (name, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    return checkout


def test_publishing_goes_as_it_is_told_and_holds_no_solution(checkout, tmp_path):
    clone, *weekly = commands(read("publishing.md"))[1:]
    environment = ["-o", "setup", f"VENV={sys.prefix}"]  # the environment is there
    for command in (commands(read("publishing.md"))[0], "rm -r ../for-students", clone, *weekly, weekly[0]):
        words = [*command.split(), *(environment if command.startswith("make") else [])]
        done = subprocess.run(words, cwd=checkout, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    listed = ["git", "-C", tmp_path / "remote.git", "ls-tree", "-r", "--name-only", "HEAD"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()
    assert "course/release/01_gradients/01_gradients.ipynb" in names and "cs231nlib/grading.py" in names
    assert not [name for name in names if name.startswith(("course/chapters", "course/source", "tests"))]


def test_every_page_is_run_or_has_no_command():
    known = {"evening.md", "marking.md", "moving-in.md", "jupyterhub.md", "publishing.md"}
    assert {page.name for page in DOCS if commands(page.read_text())} == known


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_no_command_stands_where_it_is_not_run(page):
    assert unrun(page.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "```text\n$ grader grade ps1\n```",
        "```\nnbgrader collect ps1\n```",
        "```console\ngrader grade ps1\n```",
        "1. So:\n\n   ```bash\n   pip install x\n   ```",
        "So:\n\n    grader mark ps1\n",
        "```console\n$ make a\n```\n\n    make a b\n",
    ],
)
def test_a_command_that_is_not_run_is_seen(text):
    assert unrun(text)


PAGES = [*DOCS, *sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_mentioned_exist(page):
    assert [words for words in mentioned(page.read_text()) if unknown(words)] == []


def test_a_mention_of_what_does_not_exist_is_seen():
    assert [unknown(one) for one in ("markk ps1", "mark ps1 --prt 1", "mark ps1 --no-browser")] == [
        "markk",
        "--prt",
        None,
    ]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / link).exists(), link
