"""A changed test runs only the questions again that it touches, and all comes out as in a whole grading."""

import json
import shutil
from dataclasses import asdict

import pytest
from nbgrader.api import Gradebook as Nbgrader
from small_course import GOOD, TEST_RELU, source_notebook, submit, write_course

from grader.books.run_files import read_run
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.course.salt import salt_of
from grader.grading.assignment import grade_assignment
from grader.grading.earlier_runs import EarlierRuns
from grader.records import Limits

HIDDEN = "assert relu(np.array([-3])).tolist() == [0], tag"
LENIENT = "assert relu(np.array([-5])).shape == (1,), tag"
COUNTS = "calls = []\ndef relu(x):\n    calls.append(1)\n    return np.maximum(x, 0)"
ANSWERS = {
    "good": GOOD | {"why": "Because."},
    "half": GOOD | {"relu": "def relu(x):\n    return np.where(x == -3, 1.0, np.maximum(x, 0))"},
    "blank": {},
    "counts": GOOD | {"relu": COUNTS},
    "ended": GOOD | {"share": "def share(x):\n    import os\n    os._exit(3)"},
}
LIMITS = Limits(cell_seconds=2.0)
IN_PART = {"good", "half", "blank"}


def changed_source(change):
    source = source_notebook()
    change({cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in source.cells})
    return source


def rewrite(course, change):
    (course / "source" / "ps" / "ps.ipynb").write_text(json.dumps(changed_source(change)))


def lenient(cells):
    cells["test_relu"].source = TEST_RELU.replace(HIDDEN, LENIENT)


def found(runs):
    """All that is on record of each score, but for the seconds that a test took."""
    return {run.student: [asdict(score) | {"seconds": 0} for _, score in run.scores] for run in runs}


def notebooks(course):
    paths = (course / "autograded").glob("*/ps/ps.ipynb")
    return {path.parts[-3]: json.loads(path.read_bytes())["cells"] for path in paths}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class, graded; a person has marked and commented."""
    course = write_course(tmp_path_factory.mktemp("changed"))
    for student, own in ANSWERS.items():
        submit(course, student, own)
    grade_assignment(course, "ps", jobs=2, limits=LIMITS)
    with Nbgrader(f"sqlite:///{course}/gradebook.db", "small") as book:
        grade = book.find_grade("why", "ps", "ps", "good")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        share = book.find_grade("test_share", "ps", "ps", "half")
        share.manual_score, share.needs_manual_grade = 2.0, False
        book.find_comment("why", "ps", "ps", "good").manual_comment = "well said"
        book.db.commit()
    return course


@pytest.fixture
def course(graded, tmp_path):
    return shutil.copytree(graded, tmp_path / "course")


@pytest.fixture(scope="module")
def regraded(graded, tmp_path_factory):
    """The class after one hidden test of `relu` has changed, and what was on record before."""
    course = shutil.copytree(graded, tmp_path_factory.mktemp("regraded") / "course")
    before = {student: read_run(course, student, "ps") for student in ANSWERS}
    rewrite(course, lenient)
    return course, before, grade_assignment(course, "ps", jobs=2, limits=LIMITS)


def test_only_the_changed_question_runs_again(regraded):
    _, before, summary = regraded
    again = {run.student: run.again for run in summary.runs}
    assert {student for student, ran in again.items() if ran == {"ps": ("test_relu",)}} == IN_PART
    assert (summary.in_part, summary.questions) == (4, 5)
    for run in summary.runs:
        kept = [s for _, s in run.scores if s.grade_id != "test_relu"]
        was = [s for _, s in before[run.student].scores if s.grade_id != "test_relu"]
        if run.student in IN_PART:
            assert kept == was  # to the very milliseconds that the tests took then
    points = {run.student: next(run.scores)[1].auto_score for run in summary.runs}
    assert points == {"good": 3, "half": 3, "blank": 0, "counts": 3, "ended": 3}


def test_an_answer_that_remembers_and_one_that_ended_its_process_run_whole(regraded):
    _, _, summary = regraded
    again = {run.student: run.again for run in summary.runs}
    assert again["counts"] == {"ps": ("test_relu", "test_share")}
    assert again["ended"] == {}


def test_what_a_person_gave_stays_and_asks_for_no_second_look(regraded):
    course, _, _ = regraded
    with Nbgrader(f"sqlite:///{course}/gradebook.db", "small") as book:
        grade = book.find_grade("why", "ps", "ps", "good")
        assert (grade.manual_score, grade.needs_manual_grade) == (1.5, False)
        assert book.find_comment("why", "ps", "ps", "good").comment == "well said"
        share = book.find_grade("test_share", "ps", "ps", "half")
        assert (share.manual_score, share.needs_manual_grade, share.auto_score) == (2.0, False, 2.5)
        assert book.find_submission("ps", "half").score == 5.0


def test_all_is_as_after_a_whole_grading(regraded, tmp_path):
    course = shutil.copytree(regraded[0], tmp_path / "course")
    partly = notebooks(course)
    whole = grade_assignment(course, "ps", jobs=2, limits=LIMITS, force=True)
    assert not any(run.again for run in whole.runs)
    assert found(regraded[2].runs) == found(whole.runs)
    assert partly == notebooks(course)
    once_more = grade_assignment(course, "ps", jobs=2, limits=LIMITS)
    assert once_more.unchanged == len(ANSWERS)


def _setup(cells):
    lenient(cells)
    cells["setup"].source += "\nTOLERANCE = 0.1"


def _inside(cells):
    lenient(cells)
    cells["test_share"].metadata["where"] = "inside"


@pytest.mark.parametrize("change", [_setup, _inside])
def test_what_all_hangs_on_runs_all_again(course, change):
    rewrite(course, change)
    summary = grade_assignment(course, "ps", students="good", jobs=1, limits=LIMITS)
    assert summary.in_part == 0 and not summary.runs[0].again


def planned(course, limits=LIMITS, force=False):
    """Which tests of whoever is good would run again, were the class graded now; None for all."""
    opened = open_course(course)
    runs = EarlierRuns(opened, load_key(opened, "ps"), limits, salt_of(opened, keep=True), unsafe=False)
    runs.final("good", {"good"}, force)
    found = runs.of("good")
    return found and found.touched["ps"]


def test_files_limits_pages_and_force_are_not_a_matter_of_one_question(course):
    rewrite(course, lenient)
    assert planned(course) == {"test_relu"}
    assert planned(course, limits=Limits(cell_seconds=3.0)) is None
    assert planned(course, force=True) is None
    (course / "source" / "ps" / "data.csv").write_text("3,4\n")
    assert planned(course) is None
    (course / "source" / "ps" / "data.csv").write_text("1,2\n")
    (course / "autograded" / "good" / "ps" / "ps.ipynb").unlink()
    assert planned(course) is None


def waiting(course, student):
    """Mark of the answer in words, and whether a human should look at it."""
    with Nbgrader(f"sqlite:///{course}/gradebook.db", "small") as book:
        grade = book.find_grade("why", "ps", "ps", student)
        return grade.manual_score, grade.needs_manual_grade


@pytest.mark.parametrize("force", [False, True])
def test_a_mark_by_hand_stands_while_the_student_hands_in_nothing_new(course, force):
    """Not a time of submission that comes late, nor a grading that runs all again, asks for a second look."""
    (course / "submitted" / "good" / "ps" / "timestamp.txt").write_text("2026-01-05 11:30:00 UTC")
    again = grade_assignment(course, "ps", students="good", limits=LIMITS, force=force)
    assert again.unchanged == 0 and again.runs[0].submitted_at == "2026-01-05T11:30:00"
    assert waiting(course, "good") == (1.5, False)
    submit(course, "good", ANSWERS["good"] | {"why": "Another reason."})
    grade_assignment(course, "ps", students="good", limits=LIMITS)
    assert waiting(course, "good") == (1.5, True)
    grade_assignment(course, "ps", students="good", limits=LIMITS, force=True)
    assert waiting(course, "good") == (1.5, True)  # nobody has looked


def test_a_mark_by_hand_of_a_question_that_is_worth_more_now_asks_for_a_look(course):
    def worth_more(cells):
        cells["why"].metadata.nbgrader.points = 20

    rewrite(course, worth_more)
    grade_assignment(course, "ps", students="good", limits=LIMITS)
    assert waiting(course, "good") == (1.5, True)
