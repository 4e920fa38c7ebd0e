"""The gradebook: nbgrader's own rows, kept by nbgrader's own rules."""

from dataclasses import replace

from nbformat.v4 import new_markdown_cell
from recorded import FULL, by_hand, change_source, graded, nbgraders, record

from grader.books.by_hand import give_mark
from grader.books.gradebook import Gradebook, read_ledger
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.score import score_cells
from grader.records import Execution, Status


def test_nbgrader_reads_what_was_recorded(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL), graded(key, "max", {"test_relu": 1.0}, why="YOUR ANSWER HERE"))
    with nbgraders(course) as book:
        assert book.find_assignment("ps").max_score == 7.5
        assert book.find_submission("ps", "ada").score == 5.5
        assert book.find_submission("ps", "ada").needs_manual_grade
        assert book.find_submission("ps", "max").score == 1.0
        assert not book.find_submission("ps", "max").needs_manual_grade
        assert book.find_comment("why", "ps", "ps", "max").auto_comment == "No response."
        assert book.find_comment("why", "ps", "ps", "ada").auto_comment is None


def test_a_task_has_no_automatic_comment_for_it_is_answered_in_other_cells(course):
    marks = {
        "grade": False,
        "solution": False,
        "locked": True,
        "task": True,
        "points": 4,
        "schema_version": 3,
    }
    task = new_markdown_cell(
        "Verify it.", metadata={"nbgrader": marks | {"grade_id": "verify", "schema_version": 3}}
    )
    change_source(course, lambda nb: nb.cells.append(task))
    record(course, graded(load_key(open_course(course), "ps"), "ada", FULL))
    with nbgraders(course) as book:
        assert book.find_comment("verify", "ps", "ps", "ada").auto_comment is None
        assert book.find_grade("verify", "ps", "ps", "ada").needs_manual_grade


def test_a_regrade_keeps_what_a_human_gave(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    by_hand(course, "ada", 1.5, "Nearly.")
    record(course, graded(key, "ada", {"test_relu": 0.0, "test_share": 2.5}))
    with nbgraders(course) as book:
        assert book.find_submission("ps", "ada").score == 0.0 + 2.5 + 1.5
        assert book.find_comment("why", "ps", "ps", "ada").comment == "Nearly."
        assert book.find_grade("why", "ps", "ps", "ada").needs_manual_grade  # somebody should look again


def test_changes_say_from_what_to_what(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    with Gradebook(open_course(course), key) as book:
        (change,) = book.changes(graded(key, "ada", {"test_relu": 1.0, "test_share": 2.5}))
        assert (change.grade_id, change.before, change.after) == ("test_relu", 3.0, 1.0)
        assert book.changes(graded(key, "ada", FULL)) == ()
        assert {change.before for change in book.changes(graded(key, "eve", FULL))} == {None}


def test_late_penalties_are_nbgraders(course):
    (course / "penalty.py").write_text("")
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(
            "from nbgrader.plugins import LateSubmissionPlugin\n"
            "class PerHour(LateSubmissionPlugin):\n"
            "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
            "        return total_seconds_late / 3600\n"
            "c.AssignLatePenalties.plugin_class = PerHour\n"
        )
    key = load_key(open_course(course), "ps")
    record(course)
    with nbgraders(course) as book:
        book.update_or_create_assignment("ps", duedate="2026-01-05 10:00:00")
    late = {"ada": "2026-01-05 12:00:00", "max": "2026-01-09 10:00:00", "eve": "2026-01-05 09:00:00"}
    record(course, *(graded(key, student, FULL, when=when) for student, when in late.items()))
    with nbgraders(course) as book:
        penalties = {s: book.find_submission("ps", s).late_submission_penalty for s in late}
    assert penalties == {"ada": 2.0, "max": 5.5, "eve": 0.0}


def test_unscored_cells_stay_unscored(course):
    key = load_key(open_course(course), "ps")
    one = graded(key, "ada", FULL)
    unread = Execution(None, Status.UNREADABLE, 0.0, 0.0, "half a file")
    scores = {"ps": score_cells(unread, key.unsolved["ps"])}
    record(course, one, replace(one, executions={"ps": unread}, scores=scores))
    with nbgraders(course) as book:
        grades = book.find_submission_notebook("ps", "ps", "ada").grades
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in grades} == {(None, True)}


def test_extra_credit_counts_once_everywhere(course):
    """Formgrader writes it beside a test's score, or a human's; whoever marks that one again sees the sum."""
    record(course, graded(load_key(open_course(course), "ps"), "ada", FULL))
    by_hand(course, "ada", 1.0, "Nearly.")
    with nbgraders(course) as book:
        for name in ("test_relu", "why"):
            book.find_grade(name, "ps", "ps", "ada").extra_credit = 0.5
        book.db.commit()
    relu, why = ("ada", "ps", "test_relu"), ("ada", "ps", "why")
    assert read_ledger(open_course(course), "ps").by_hand == {relu: 3.5, why: 1.5}
    assert give_mark(open_course(course), "ps", why, 1.5, "Seen again.")
    assert read_ledger(open_course(course), "ps").by_hand == {relu: 3.5, why: 1.5}
    with nbgraders(course) as book:
        assert book.find_submission("ps", "ada").score == 3.5 + 2.5 + 1.5
