"""Gradescope and Moodle: what goes there is what they ask for, and nothing that our machines failed."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from class_with_marks import export
from small_course import HIDDEN

from grader.course.directory import open_course
from grader.pages.export import gradescope
from grader.pages.export.moodle import moodle_rows
from grader.pages.export.sheet import open_sheet
from grader.pages.feedback import write_feedback


def test_gradescope_grades_with_this_engine(marked, tmp_path):
    """As Gradescope would: source/ beside submission/, run_autograder beside both."""
    export(marked, "--to", "gradescope", output=tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(tmp_path / "source")
    for folder in ("submission", "results", "venv"):
        (tmp_path / folder).mkdir()
    (tmp_path / "venv" / "bin").symlink_to(Path(sys.executable).parent)
    shutil.copy(tmp_path / "source" / "run_autograder", tmp_path)
    shutil.copy(marked / "submitted" / "-rf" / "ps" / "ps.ipynb", tmp_path / "submission" / "mine (1).ipynb")
    subprocess.run(["bash", tmp_path / "run_autograder"], check=True, cwd="/", timeout=120)
    told = json.loads((tmp_path / "results" / "results.json").read_text())
    assert [(test["score"], test["max_score"]) for test in told["tests"]] == [(0.0, 3), (2.5, 2.5), (0.0, 2)]
    assert told["score"] == 2.5 and "was taken for ps.ipynb" in told["output"]
    assert "relu of -1 and 2" in told["tests"][0]["output"] and HIDDEN not in json.dumps(told)


def test_gradescope_hears_nothing_of_what_our_machines_failed(marked):
    assert gradescope.results(marked, "again", "ps") is None
    assert gradescope.results(marked, "ada", "ps")["score"] == 6.75


def test_moodle_gets_no_row_that_would_give_a_mark_to_somebody_else_or_take_one_away(marked):
    """It takes a row without an address for the student before, and an empty cell for no grade."""
    for roster, column in {marked / "students.csv": "Email address", None: "ID number"}.items():
        (head, *rows), notes = moodle_rows(open_sheet(open_course(marked), "ps", roster))
        assert head[0] == column and [row[-1] for row in rows] == [6.75, 4.0]
        assert notes[0] == "not written, id or address begins like a formula: -rf, =cmd|calc!A0"
        assert [note[:17] for note in notes[1:]] == ["no e-mail address"] * (roster is None)


def test_moodle_gets_the_pages_under_its_own_names(marked, tmp_path):
    write_feedback(marked, "ps")
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        for name in ("Ada Lovelace_900_assignsubmission_file", "Nobody Known_901_assignsubmission_file"):
            archive.writestr(f"{name}/hw/ps.ipynb", "{}")  # as Moodle 4.1 and later name it
        archive.writestr("Ada Lovelace_900_assignsubmission_onlinetext_/onlinetext.html", "")
        archive.writestr("Bob Smith_902_assignsubmission_file_ps.ipynb", "{}")  # until 3.0, if so set later
        archive.writestr("Bob Smith_903_assignsubmission_file_ps.ipynb", "{}")
    words = ("--to", "moodle-feedback", "--from", str(tmp_path / "submissions.zip"))
    told = export(marked, *words, output=tmp_path / "out.zip")
    assert "not packed: late: no folder of the download with this name" in told
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        (name,) = archive.namelist()
        assert name == "Ada Lovelace_900_assignsubmission_file_/ps.html"
        assert archive.read(name) == (marked / "feedback" / "ada" / "ps" / "ps.html").read_bytes()
