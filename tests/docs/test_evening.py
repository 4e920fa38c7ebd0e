"""An instructor's evening, and a course of somebody else's, command by command as the pages tell it."""

import json
import zipfile

import pytest
from nbgrader.utils import notebook_hash
from pages import PAGES, fenced, ps1, run_page
from small_course import GOOD, source_notebook

WRONG = GOOD | {"relu": "def relu(x):\n    return abs(x)", "why": "Because."}
STUDENTS = {"ada": WRONG, "bob": GOOD}
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "small"
c.Exchange.root = "{root}"
c.Exchange.cache = "{root}/cache"
"""


@pytest.fixture
def place(tmp_path):
    """A folder with a course, a download, a roster, a gradebook of Canvas, a zip of Moodle, an inbound."""
    course = tmp_path / "course"
    (course / "source" / "ps1").mkdir(parents=True)
    (course / "source" / "ps1" / "ps1.ipynb").write_text(ps1(source=source_notebook()))
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    (course / "nbgrader_config.py").write_text(CONFIG.format(root=tmp_path / "exchange"))
    (tmp_path / "my-course").symlink_to(course)
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        for student, answers in STUDENTS.items():
            archive.writestr(f"{student}/ps1.ipynb", ps1(answers))
    with zipfile.ZipFile(tmp_path / "downloaded.zip", "w") as archive:
        archive.writestr("Ada Lee_900_assignsubmission_file/ps1.ipynb", ps1(WRONG))
    (tmp_path / "inbound").mkdir()
    (tmp_path / "inbound" / "zoe.ipynb").write_text(ps1(GOOD))
    rows = [f"{one},{one.title()},Lee,{one}@example.org" for one in (*STUDENTS, "zoe")]
    (tmp_path / "students.csv").write_text("\n".join(["id,first_name,last_name,email", *rows]))
    rows = [f"Lee {one},{n},{one},A," for n, one in enumerate(STUDENTS, 1)]
    table = "\n".join(["Student,ID,SIS Login ID,Section,ps1 (7)", *rows])
    (tmp_path / "canvas-gradebook.csv").write_text(table)
    return tmp_path


def submitted(course):
    for student, answers in STUDENTS.items():
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(ps1(answers))
        if student == "ada":  # by the exchange, and bob by mail
            (folder / "timestamp.txt").write_text("2026-10-04 12:00:00 UTC")
            (folder / "submission_secret.txt").write_text("4711" * 32)


def test_the_evening_goes_as_it_is_told(place, monkeypatch, heard):
    for page in ("evening", "marking"):
        run_page(f"docs/instructor/{page}.md", place, monkeypatch)
    feedback = place / "course" / "feedback" / "ada" / "ps1"
    assert {path.suffix for path in feedback.iterdir()} == {".html", ".md", ".json", ".txt"}
    made = {"ps1-csv.csv", "ps1-canvas.csv", "ps1-moodle.csv"}
    assert {path.name for path in place.glob("ps1-*.csv")} == made
    assert (place / "course" / "report" / "ps1-similar.html").is_file()

    for page in ("collecting", "alike-answers", "scale", "migrating", "exporting", "security"):
        run_page(f"docs/{page}.md", place, monkeypatch)
    arrived = json.loads((place / "course" / "runs" / "ps1.arrivals.json").read_text())
    assert [(one["student"], one["done"]) for one in arrived] == [("zoe", True)]
    made = {"ps1-moodle-feedback.zip", "ps1-gradescope.zip", "ps1-dolos.zip"}
    assert made <= {path.name for path in place.iterdir()}


def test_somebody_elses_course_goes_as_it_is_told(place, monkeypatch):
    """From the course folder; what the exchange collects here has been handed in already."""
    submitted(place / "course")
    for page in ("moving-in", "jupyterhub"):
        run_page(f"docs/instructor/{page}.md", place / "course", monkeypatch)
    released = {path.stem for path in (place / "exchange" / "small" / "feedback").glob("*.html")}
    assert notebook_hash(secret="4711" * 32, notebook_id="ps1") in released and len(released) == 2


def test_settings_are_read_as_they_stand_there(place, monkeypatch):
    """The dates of deadlines.md, by which ada is late, and the places of migrating.md; graded as the engine's
    own page tells."""
    submitted(place / "course")
    with (place / "course" / "nbgrader_config.py").open("a") as config:
        config.write(
            fenced(PAGES["docs/deadlines.md"], "python") + fenced(PAGES["docs/migrating.md"], "python")
        )
    (place / "course" / "extensions.csv").write_text(fenced(PAGES["docs/deadlines.md"], ""))
    (place / "course101").symlink_to(place / "course")
    run_page("grader/README.md", place, monkeypatch)
    run_page("docs/guides/instructor.md", place, monkeypatch, only=("grader *",))
    page = (place / "course" / "feedback" / "ada" / "ps1" / "ps1.md").read_text()
    assert "1 of 5 late days used" in page
