"""Gradescope and Moodle: what goes there is what they ask for, and nothing that our machines failed."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from class_with_marks import export
from small_course import HIDDEN

from grader.pages.export import gradescope
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


def test_moodle_gets_the_pages_under_its_own_names(marked, tmp_path):
    write_feedback(marked, "ps")
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("Ada Lovelace_900_assignsubmission_file_/ps.ipynb", "{}")
        archive.writestr("Nobody Known_901_assignsubmission_file_ps.ipynb", "{}")
    words = ("--to", "moodle-feedback", "--from", str(tmp_path / "submissions.zip"))
    told = export(marked, *words, output=tmp_path / "out.zip")
    assert "not packed: late: no folder of the download bears this name" in told
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        (name,) = archive.namelist()
        assert name == "Ada Lovelace_900_assignsubmission_file_/ps.html"
        assert archive.read(name) == (marked / "feedback" / "ada" / "ps" / "ps.html").read_bytes()
