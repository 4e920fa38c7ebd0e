"""Whatever one submission does to whoever reads, cleans, records or shows it costs that submission alone."""

import importlib
import json
import time

import pytest
from busy import endless
from small_course import GOOD, answered, submit, write_course

from grader.books.run_files import read_run, run_path
from grader.errors import FeedbackError
from grader.grading import results, tasks
from grader.grading.assignment import grade_assignment
from grader.grading.earlier_runs import MAX_FAILURES
from grader.pages.feedback import write_feedback
from grader.sanitize import clean_html, defused

SHOW = GOOD["relu"] + "\nfrom IPython.display import HTML, Markdown, Latex, display\ndisplay({})"
SHOWN = {
    "a long reference": 'HTML("&#" + "1" * 5000 + ";")',
    "a long reference in an attribute": 'HTML("<a href=\'&#" + "9" * 5000 + ";\'>x</a>")',
    "a long hexadecimal reference": 'HTML("&#x" + "f" * 9000 + ";")',
    "an open tag": 'HTML("<" + "a" * 400_000)',
    "many open tags": 'HTML("<a " * 100_000)',
    "an open comment": 'HTML("<!--" * 50_000)',
    "Markdown in Markdown": 'Markdown("[a](" * 100_000)',
    "LaTeX": 'Latex("&#" + "1" * 5000 + ";")',
}
ODD_CELLS = {
    "blank lines": "x = 1" + "\n " * 9000 + "\ny = 2",
    "half a string in each": '"\\' * 40_000,
    "many fields": "f'" + "{x}" * 3000 + "'",
}
HALF = {"cell_type": "code", "source": " x\n" * 300, "metadata": {"nbgrader": {"grade_id": "relu"}}}
FILES = {
    "a word without end": b'{"cell_type" ' + b"a" * 200_000 + b" :",
    "numbers without end": b'{"cell_type": ' + b"1" * 300_000,
    "open braces": b"{" * 300_000,
    "one word": b"{" + b"w." * 200_000,
    "split a thousand times": json.dumps({"cells": [HALF] * 5000}).encode(),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Each of them among two honest students; grading and feedback, and how long both took."""
    course = write_course(tmp_path_factory.mktemp("one"))
    for student in ("anna", "zoe"):
        submit(course, student, GOOD)
    for name, source in SHOWN.items():
        submit(course, name, GOOD | {"relu": SHOW.format(source)})
    for name, source in ODD_CELLS.items():
        notebook = answered(GOOD)
        notebook.cells[3].source += "\n\n" + f"_ = {source!r}"
        extra = json.loads(json.dumps(notebook.cells[1])) | {"source": source, "metadata": {}, "id": "own"}
        notebook.cells.append(extra)
        submit(course, name, json.dumps(notebook).encode())
    for name, data in FILES.items():
        submit(course, name, data)
    started = time.process_time()
    summary = grade_assignment(course, "ps", jobs=1)
    pages = write_feedback(course, "ps")
    return course, summary, pages, time.process_time() - started


def test_all_are_listed_and_the_honest_have_their_points(graded):
    _, summary, _, _ = graded
    labels = {run.student: run.label for run in summary.runs}
    assert len(labels) == 2 + len(SHOWN) + len(ODD_CELLS) + len(FILES)
    assert labels["anna"] == labels["zoe"] == "graded"
    assert summary.not_graded == []


@pytest.mark.parametrize("name", [*SHOWN, *ODD_CELLS])
def test_who_shows_odd_things_has_the_points_of_the_answers(graded, name):
    _, summary, _, _ = graded
    run = next(run for run in summary.runs if run.student == name)
    assert [score.auto_score for _, score in run.scores][:2] == [3.0, 2.5]


def test_each_has_a_page(graded):
    _, summary, pages, _ = graded
    assert {path.parent.parent.name for path in pages} == {run.student for run in summary.runs}


def test_the_grading_process_itself_works_for_seconds(graded):
    assert graded[3] < 40


@pytest.mark.parametrize("text", ["&#" + "1" * 5000, "&#x" + "f" * 5000 + ";", "&#00000000000000000060;b>"])
def test_a_reference_to_no_character_is_harmless(text):
    assert "<b" not in clean_html(text) and "&#" not in clean_html(text).replace("&#x27;", "")


@pytest.mark.parametrize("inside", ["\t", "\n", "\r", "\r\n\t"])
def test_what_browsers_leave_out_of_an_address_hides_no_script(inside):
    address = inside.join("javascript") + ":alert(1)"
    assert defused(f"[a](<{address}>)") != f"[a](<{address}>)"
    assert "href" not in clean_html(f"<a href='{address}'>x</a>")


# What nobody has thought of yet


class Trouble(Exception):
    """Of no kind that anybody expects."""


def raising_for(student, function):
    def raising(*arguments, **more):
        if any(student in str(argument)[:500] for argument in arguments):
            raise Trouble("unheard of")
        return function(*arguments, **more)

    return raising


@pytest.fixture
def course(tmp_path):
    course = write_course(tmp_path)
    for student in ("anna", "mallory", "zoe"):
        submit(course, student, GOOD)
    return course


@pytest.mark.parametrize(("module", "stage"), [(tasks, "read_submission"), (results, "write_autograded")])
def test_an_exception_at_any_stage_costs_one_submission(course, monkeypatch, module, stage):
    monkeypatch.setattr(module, stage, raising_for("mallory", getattr(module, stage)))
    summary = grade_assignment(course, "ps")
    assert {run.student: run.label for run in summary.runs} == {
        "anna": "graded", "mallory": "not graded", "zoe": "graded"
    }  # fmt: skip
    assert "unheard of" in summary.not_graded[0].detail
    monkeypatch.undo()
    assert grade_assignment(course, "ps").not_graded == []


def test_what_our_machines_fail_is_not_tried_for_ever(course, monkeypatch):
    failing = raising_for("mallory", results.write_autograded)
    monkeypatch.setattr(results, "write_autograded", failing)
    for times in range(1, MAX_FAILURES + 1):
        grade_assignment(course, "ps")
        assert read_run(course, "mallory", "ps").failures == times
    monkeypatch.undo()
    summary = grade_assignment(course, "ps")
    assert summary.unchanged == 3 and "--force" in summary.not_graded[0].detail
    assert grade_assignment(course, "ps", force=True).not_graded == []
    assert read_run(course, "mallory", "ps").failures == 0


def test_a_page_that_cannot_be_made_says_so(course):

    grade_assignment(course, "ps")
    write_feedback(course, "ps")
    place = course / "autograded" / "mallory" / "ps" / "ps.ipynb"
    place.write_text('{"cells": [{"cell_type": "code"}]}')
    with pytest.raises(FeedbackError, match="mallory"):
        write_feedback(course, "ps")
    assert "could not be made" in (course / "feedback" / "mallory" / "ps" / "ps.html").read_text()
    assert "could not be made" not in (course / "feedback" / "zoe" / "ps" / "ps.html").read_text()
    assert json.loads(run_path(course, "mallory", "ps").read_text())["status"] == "completed"


READERS = {  # where a reader of a submission lies, and what becomes of who keeps it busy
    "grader.grading.reading.repair": "unreadable",
    "grader.books.autograded.defused": "graded",
    "grader.pages.feedback_template.markdown_html": "graded",
}


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_that_does_not_return_costs_one_submission(tmp_path, monkeypatch, reader):
    place, name = reader.rsplit(".", 1)
    module = importlib.import_module(place)
    course = write_course(tmp_path)
    for student in ("anna", "mallory"):
        submit(course, student, GOOD | {"why": f"my own words, {student}"})
    monkeypatch.setattr(module, name, endless_for("mallory", getattr(module, name)))
    for limits in ("READ_SECONDS", "CLEAN_SECONDS", "LIMITS"):
        if hasattr(module, limits):
            monkeypatch.setattr(module, limits, (1.0, 1000) if limits == "LIMITS" else 1.0)
    runs = grade_assignment(course, "ps").runs
    assert {run.student: run.label for run in runs} == {"anna": "graded", "mallory": READERS[reader]}
    write_feedback(course, "ps")
    assert "my own words" in (course / "feedback/anna/ps/ps.html").read_text()
    assert (course / "feedback/mallory/ps/ps.html").exists()


def endless_for(student, function):
    def reading(*arguments):
        if any(student in str(argument) for argument in arguments):
            endless()
        return function(*arguments)

    return reading
