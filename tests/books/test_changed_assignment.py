"""An assignment that changes after submissions were graded: its rows, and what humans gave."""

import pytest
from recorded import FULL, by_hand, change_source, graded, nbgraders, record
from small_course import source_notebook

from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import GradebookError


def _remove_share(nb):
    nb.cells = [cell for cell in nb.cells if "share" not in cell.id]


def _reweigh(nb):
    nb.cells[4].metadata.nbgrader["points"] = 10


def _add_a_test(nb):
    new = source_notebook().cells[4]
    new.metadata.nbgrader["grade_id"], new.id = "test_more", "test-more"
    nb.cells.insert(5, new)


@pytest.mark.parametrize(("change", "maximum"), [(_remove_share, 5.0), (_reweigh, 14.5), (_add_a_test, 10.5)])
def test_tests_may_change_after_submissions_came(course, change, maximum):
    record(
        course,
        graded(load_key(open_course(course), "ps"), "ada", FULL),
        graded(load_key(open_course(course), "ps"), "max", FULL),
    )
    by_hand(course, "ada", 2.0, "Good.")
    change_source(course, change)
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    with nbgraders(course) as book:
        assert book.find_assignment("ps").max_score == maximum
        kept = {grade.name for grade in book.find_submission_notebook("ps", "ps", "max").grades}
        assert kept == {cell.name for cell in book.find_notebook("ps", "ps").grade_cells}
        assert book.find_grade("why", "ps", "ps", "ada").manual_score == 2.0


def test_what_a_human_gave_is_not_dropped_in_silence(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    by_hand(course, "ada", 2.0, "Good.")
    change_source(course, lambda nb: nb.cells.pop())
    with pytest.raises(GradebookError, match=r"why .* 1 manual grades or comments -- .*--force"):
        record(course)
    with nbgraders(course) as book:
        assert book.find_submission("ps", "ada").score == 7.5
    record(course, drop_manual=True)
    with nbgraders(course) as book:
        assert book.find_submission("ps", "ada").score == 5.5


def test_a_notebook_that_is_gone_goes(course):
    record(course, graded(load_key(open_course(course), "ps"), "ada", FULL))
    source = course / "source" / "ps"
    (source / "ps.ipynb").rename(source / "other.ipynb")
    with pytest.raises(GradebookError):
        by_hand(course, "ada", 1.0, "")
        record(course)
    record(course, drop_manual=True)
    with nbgraders(course) as book:
        assert [notebook.name for notebook in book.find_assignment("ps").notebooks] == ["other"]
        assert [notebook.name for notebook in book.find_submission("ps", "ada").notebooks] == ["other"]
