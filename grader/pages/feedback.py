"""What the student gets back: a page for each notebook with scores, checks, hints, repairs and answers.

Nothing of a hidden test is on it, and nothing on it runs or is loaded from elsewhere. A page that would be as
it is stays: its last line is the digest of all that it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from grader.apart import each_apart
from grader.books.gradebook import read_ledger
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import FeedbackError, stops_all
from grader.intake.submissions import list_submissions
from grader.pages.exchange_files import keep_for_exchange
from grader.pages.feedback_template import FeedbackTemplate
from grader.pages.page_order import PageOrder, order_of

LIMITS = 60.0, 1000  # CPU seconds and MB to make them; most take some hundredths of a second


def write_feedback(
    course_dir: Path,
    assignment: str,
    students: str = "*",
    *,
    jobs: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html, .md and .json for graded students; the pages.

    students: a glob, or a very name. The pages of `jobs` students are made at once. Raises FeedbackError at
    the end, for those whose pages could not be made; all others are written.
    """
    course = open_course(course_dir)
    key, ledger = load_key(course, assignment), read_ledger(course, assignment)
    names = list_submissions(course, assignment, students)
    orders = {name: order for name in names if (order := order_of(course, key, ledger, name))}
    stale = {name: order for name, order in orders.items() if not order.is_done()}
    fresh = len(orders) - len(stale)
    on_progress(fresh, len(orders))
    failures = _carry_out(
        stale, FeedbackTemplate(key, ledger), jobs, lambda done: on_progress(fresh + done, len(orders))
    )
    keep_for_exchange(course, assignment, {name: order.place for name, order in orders.items()})
    if failures:
        raise FeedbackError(failures)
    return [page for order in orders.values() for page in order.pages]


def _carry_out(
    orders: Mapping[str, PageOrder], template: FeedbackTemplate, jobs: int, on_done: Callable[[int], None]
) -> dict[str, str]:
    """Make the pages of these students; of those where it failed, why."""
    failures = {}
    works = ((name, partial(order.carry_out, template)) for name, order in orders.items())
    with closing(each_apart(works, *LIMITS, jobs=jobs)) as answers:
        for done, (name, error) in enumerate(answers, start=1):
            if isinstance(error, OSError) and stops_all(error):
                raise error
            if error is not None:  # a notebook that somebody changed in autograded/, say
                orders[name].apologise()
                failures[name] = f"{type(error).__name__}: {error}"
            on_done(done)
    return failures
