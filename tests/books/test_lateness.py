"""Deadlines: due dates, extensions, grace and late days, through nbgrader's plug-in."""

from datetime import UTC, datetime

import pytest
from nbgrader.api import Gradebook as Nbgrader
from nbgrader.preprocessors import AssignLatePenalties
from recorded import FULL, graded, record
from small_course import write_course
from sqlalchemy import text

from grader.books.gradebook import Gradebook, read_ledger
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.pages.export.sheet import open_sheet
from grader.points import points_text, total

DUE = "2026-10-01 23:59"
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "small"
c.Grader.due_dates = {"ps": "2026-10-01 23:59"}
c.AssignLatePenalties.plugin_class = "grader.books.late_days.LateDays"
"""
TENTH = "c.LateDays.per_day = 0.1\n"
POOL = TENTH + "c.LateDays.late_days = 3\n"
GRACE = TENTH + "c.LateDays.grace_minutes = 15\n"
BERLIN = TENTH + 'c.Grader.timezone = "Europe/Berlin"\n'

# name: (configuration, extension of ada's, when ps came, when ps0 came that was due 24 September, points off
# 5.5, words of the reason)
CASES = {
    "in time": (TENTH, "", "2026-10-01 23:58", "", 0.0, None),
    "at the very minute": (TENTH, "", "2026-10-01 23:59", "", 0.0, None),
    "no policy": ("", "", "2026-10-04 12:00", "", 0.0, "3 days late."),
    "no time known": (TENTH, "", "", "", 0.0, None),
    "a second": (TENTH, "", "2026-10-01 23:59:01", "", 0.55, "1 day late; 10% off for 1 day."),
    "a day to the second": (TENTH, "", "2026-10-02 23:59", "", 0.55, "1 day late"),
    "two days": (TENTH, "", "2026-10-03 08:00", "", 1.1, "2 days late; 20% off for 2 days."),
    "never below zero": (TENTH, "", "2026-12-24 08:00", "", 5.5, "100% off"),
    "zero after the last day": (TENTH + "c.LateDays.last_day = 2\n", "", "2026-10-04 08:00", "", 5.5, "100%"),
    "on the last day": (TENTH + "c.LateDays.last_day = 2\n", "", "2026-10-03 08:00", "", 1.1, "20%"),
    "within the grace": (GRACE, "", "2026-10-02 00:14", "", 0.0, "within the minutes of grace."),
    "beyond the grace": (GRACE, "", "2026-10-02 00:15", "", 0.55, "10% off for 1 day."),
    "grace of the second day": (GRACE, "", "2026-10-03 00:10", "", 0.55, "1 day late"),
    "an extension": (TENTH, "2d", "2026-10-03 12:00", "", 0.0, None),
    "later than the extension": (TENTH, "1d 12h", "2026-10-03 12:00", "", 0.55, "1 day and 12 hours"),
    "a due date of one's own": (TENTH, "2026-10-05 12:00", "2026-10-05 12:00", "", 0.0, None),
    "an own due date that is earlier": (TENTH, "2026-09-01 12:00", "2026-10-01 12:00", "", 0.0, None),
    "late days": (POOL, "", "2026-10-03 12:00", "", 0.0, "2 days late; 2 of 3 late days used."),
    "late days used before": (POOL, "", "2026-10-03 12:00", "2026-09-26 12:00", 0.55, "1 of 3"),
    "no late days left": (POOL, "", "2026-10-02 12:00", "2026-09-30 12:00", 0.55, "late; 10% off"),
    "the class's clock": (BERLIN, "", "2026-10-01 22:00", "", 0.55, "23:59 CEST, and came 2 Oc"),
    "an own zone": (BERLIN, "2026-10-01 23:59+00:00", "2026-10-01 23:00", "", 0.0, None),
}  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = write_course(tmp_path_factory.mktemp("late"))
    record(course, graded(load_key(open_course(course), "ps"), "ada", FULL))
    with book_of(course) as book, book.db.no_autoflush:
        book.add_assignment("ps0", duedate="2026-09-24 23:59")
        book.add_submission("ps0", "ada")
    return course


def book_of(course):
    return Nbgrader(f"sqlite:///{course}/gradebook.db", "small")


def moment(text):
    return datetime.fromisoformat(text) if text else None


def settled(course, config, extension="", came="", before=""):
    """The ledger once ada handed in at these times, under this configuration."""
    (course / "nbgrader_config.py").write_text(f'{CONFIG}{config}c.Grader.extensions = "late.csv"\n')
    (course / "late.csv").write_text(f"student,assignment,extension,reason\nada,ps,{extension},ill\n")
    with book_of(course) as book:
        book.find_submission("ps", "ada").timestamp = moment(came)
        book.find_submission("ps0", "ada").timestamp = moment(before)
        book.db.commit()
    with Gradebook(open_course(course), load_key(open_course(course), "ps")) as book:
        book.settle_lateness()
        return book.ledger()


@pytest.mark.parametrize("case", CASES)
def test_what_being_late_costs(course, case):
    *how, points, said = CASES[case]
    ledger = settled(course, *how)
    assert ledger.penalty("ada") == pytest.approx(points)
    reason = ledger.reasons.get("ada")
    assert (reason is None) if said is None else said in reason, reason


def test_nbgraders_own_step_comes_to_the_same(course):
    config, extension, came, before, points, _ = CASES["late days used before"]
    settled(course, config, extension, came, before)
    nbgrader = {
        "notebook": "ps",
        "assignment": "ps",
        "student": "ada",
        "db_url": f"sqlite:///{course}/gradebook.db",
    }
    with book_of(course) as book:
        book.find_submission_notebook("ps", "ps", "ada").late_submission_penalty = None
        book.db.commit()
    nb = load_key(open_course(course), "ps").notebooks["ps"]
    AssignLatePenalties(config=open_course(course).config).preprocess(nb, {"nbgrader": nbgrader})
    with book_of(course) as book:
        assert book.find_submission("ps", "ada").late_submission_penalty == pytest.approx(points)


def test_an_extension_that_is_taken_back_is_gone_and_nbgraders_own_stay_without_a_file(course):
    settled(course, TENTH, "2d", "2026-10-03 12:00")
    with book_of(course) as book:
        assert book.find_submission("ps", "ada").extension.days == 2
    assert settled(course, TENTH, "", "2026-10-03 12:00").penalty("ada") == pytest.approx(1.1)
    with book_of(course) as book:
        book.grant_extension("ps", "ada", days=1)
    (course / "nbgrader_config.py").write_text(CONFIG + TENTH)
    with Gradebook(open_course(course), load_key(open_course(course), "ps")) as book:
        book.settle_lateness()
        assert book.ledger().penalty("ada") == pytest.approx(0.55)


def test_a_score_from_formgrader_moves_the_penalty_wherever_marks_are_read(course):
    settled(course, TENTH, "", "2026-10-03 12:00")
    opened = open_course(course)
    for points, penalty in ((1.0, 0.8), (None, 1.1)):  # of the 2.5 of test_share, a human's word and none
        with book_of(course) as book:
            book.find_grade("test_share", "ps", "ps", "ada").manual_score = points
            book.db.commit()
        mark = open_sheet(opened, "ps").marks["ada"]
        assert mark.penalty == pytest.approx(penalty)
        assert read_ledger(opened, "ps").penalty("ada") == mark.penalty
        with book_of(course) as book:
            assert book.find_submission("ps", "ada").late_submission_penalty == mark.penalty


def test_reading_marks_needs_no_lock_where_all_is_settled(course):
    settled(course, TENTH, "", "2026-10-03 12:00")
    with book_of(course) as book:
        book.db.execute(text("BEGIN IMMEDIATE"))
        assert read_ledger(open_course(course), "ps").penalty("ada") == pytest.approx(1.1)


BAD = {
    "a zone": 'c.Grader.timezone = "Mars/North"\n',
    "a date": 'c.Grader.due_dates = {"ps": "soon"}\n',
    "a table": 'c.Grader.extensions = "none.csv"\n',
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_date_is_named(course, case):
    (course / "nbgrader_config.py").write_text(CONFIG + BAD[case])
    with pytest.raises(CourseError, match=r"nbgrader_config.py|none.csv"):
        _ = open_course(course).deadlines


def test_an_extension_that_is_no_time_is_named_before_anything_is_graded(course):
    (course / "nbgrader_config.py").write_text(CONFIG + 'c.Grader.extensions = "wrong.csv"\n')
    (course / "wrong.csv").write_text("student,assignment,extension\nnobody,ps,next week\n")
    with pytest.raises(CourseError, match=r"wrong.csv: 'next week' is no date and time -- write"):
        _ = open_course(course).deadlines


def test_times_are_kept_in_utc(course):
    settled(course, BERLIN)
    with book_of(course) as book:
        assert book.find_assignment("ps").duedate == datetime(2026, 10, 1, 21, 59, tzinfo=UTC).replace(
            tzinfo=None
        )


@pytest.mark.parametrize(
    "points, shown", [(0.1 + 0.2, "0.3"), (100.25, "100.25"), (1 / 3, "0.333"), (-0.0, "0")]
)
def test_points_are_told_without_noise(points, shown):
    assert points_text(points) == shown


def test_points_add_up_as_on_paper():
    assert total([0.7] * 9 + [-0.02]) == 6.28 and str(total([2.4, -2.4])) == "0.0"
