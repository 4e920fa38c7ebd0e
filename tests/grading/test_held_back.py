"""A question whose reference does not earn its points here waits: nobody gets a zero for it."""

import pytest
from small_course import GOOD, scores, source_notebook, submit, write_course

from grader.grading.assignment import grade_assignment


def _needs_another_numpy(source):
    source.cells[4].source += "\nassert np.__version__ == '0.1'"


def _needs_a_missing_module(source):
    source.cells[1].source += "\nimport a_module_that_is_not_here"
    source.cells[4].source += "\nassert a_module_that_is_not_here"


@pytest.mark.parametrize(
    ("change", "said"),
    [(_needs_another_numpy, "earns 0 of 3"), (_needs_a_missing_module, "a_module_that_is_not_here")],
)
def test_a_reference_that_fails_holds_back_its_question(tmp_path, change, said):
    source = source_notebook()
    change(source)
    course = write_course(tmp_path, source)
    submit(course, "ada", GOOD)
    summary = grade_assignment(course, "ps", jobs=1)
    assert scores(summary)["ada"] == {"test_relu": None, "test_share": 2.5, "why": 0.0}
    assert said in summary.survey["ps"].held["test_relu"]
    (run,) = summary.not_graded
    causes = [score.cause for _, score in run.scores if score.grade_id == "test_relu"]
    assert causes == ["this question waits: its reference answer does not earn all points here"]


def _no_numpy_at_all(source):
    source.cells[1].source = "import a_module_that_is_not_here as np"


def test_where_no_reference_earns_anything_all_wait(tmp_path):
    source = source_notebook()
    _no_numpy_at_all(source)
    course = write_course(tmp_path, source)
    submit(course, "ada", GOOD)
    summary = grade_assignment(course, "ps", jobs=1)
    assert scores(summary)["ada"] == {"test_relu": None, "test_share": None, "why": 0.0}
    assert "earns 0 of 3" in summary.survey["ps"].held["test_relu"]
    assert len(summary.not_graded) == 1
