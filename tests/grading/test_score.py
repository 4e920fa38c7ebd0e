"""What a run is worth."""

import pytest
from small_course import answered, source_notebook, write_course

from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.score import score_cells
from grader.records import Check, Execution, Status, Verdict


@pytest.fixture(scope="module")
def unsolved(tmp_path_factory):
    course = write_course(tmp_path_factory.mktemp("score"))
    return load_key(open_course(course), "ps").unsolved["ps"]


def scores(unsolved, *verdicts, nb=None, status=Status.COMPLETED, detail=""):
    """grade_id -> score of a run with these verdicts"""
    nb = answered({}) if nb is None else nb
    run = Execution(nb, status, 0.1, 1.0, detail, {verdict.grade_id: verdict for verdict in verdicts})
    return {score.grade_id: score for score in score_cells(run, unsolved)}


def verdict(points, grade_id="test_relu", **more):
    return Verdict(grade_id, Status.COMPLETED, points, **more)


def test_points_of_the_judge_count(unsolved):
    check = Check("positive", 1.0, 3.0, "not yet")
    score = scores(unsolved, verdict(1.0, hint="Look again?", checks=(check,)))["test_relu"]
    assert (score.auto_score, score.max_score, score.needs_manual_grade) == (1.0, 3.0, False)
    assert (score.hint, score.checks) == ("Look again?", (check,))


@pytest.mark.parametrize(
    "points",
    [3.1, -0.1, float("nan"), float("inf"), True, "3", None, 10**400],
    ids=lambda value: repr(value)[:9],
)
def test_only_a_plain_number_up_to_the_maximum_counts(unsolved, points):
    score = scores(unsolved, verdict(points))["test_relu"]
    assert score.auto_score == 0.0
    assert score.cause


def test_a_test_that_was_not_reached_is_worth_nothing(unsolved):
    score = scores(unsolved, status=Status.TIMED_OUT, detail="120 s are over")["test_share"]
    assert (score.auto_score, score.status, score.cause) == (0.0, Status.TIMED_OUT, "120 s are over")


@pytest.mark.parametrize("status", [Status.UNREADABLE, Status.NOT_GRADED])
def test_what_was_not_run_has_no_score(unsolved, status):
    found = scores(unsolved, nb=False, status=status, detail="why")
    assert {score.auto_score for score in found.values()} == {None}
    assert all(score.needs_manual_grade and score.cause == "why" for score in found.values())


def test_our_own_fault_in_one_question_is_no_zero(unsolved):
    fault = Verdict("test_relu", Status.NOT_GRADED, None, cause="the judge ended")
    found = scores(unsolved, fault, verdict(2.5, "test_share"))
    assert found["test_relu"].auto_score is None
    assert found["test_share"].auto_score == 2.5


def test_a_missing_notebook_is_zero_as_in_nbgrader(unsolved):
    found = scores(unsolved, nb=False, status=Status.MISSING)
    assert {(score.auto_score, score.needs_manual_grade) for score in found.values()} == {(0.0, False)}


@pytest.mark.parametrize(("text", "score"), [("YOUR ANSWER HERE", 0.0), (" \n", 0.0), ("Because.", None)])
def test_an_empty_manual_answer_is_zero_and_another_waits(unsolved, text, score):
    found = scores(unsolved, nb=answered({"why": text}))["why"]
    assert (found.auto_score, found.needs_manual_grade) == (score, score is None)


def test_a_deleted_manual_cell_is_an_empty_answer(unsolved):
    nb = source_notebook()
    nb.cells.pop()
    assert scores(unsolved, nb=nb)["why"].auto_score == 0.0
