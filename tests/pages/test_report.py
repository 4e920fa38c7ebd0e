"""The report on a class, and the made-up class it is shown with."""

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from small_course import ASSIGNMENT

from grader.books.ledger import Ledger
from grader.books.people import store_people
from grader.books.run_files import read_run, run_path, write_run
from grader.books.runs import NotebookRun, Run
from grader.course.build import build
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.pages.report import summary_table, write_report
from grader.pages.report_facts import report_facts
from grader.records import CellScore, Check, Repair, Status
from grader.rehearsal.cohort import make_cohort

FULL = {"test_relu": 3.0, "test_share": 2.5, "why": 0.0}


def run(student, points, *, status=Status.COMPLETED, hint="", repairs=(), ending=Status.COMPLETED):
    """The record of a submission whose questions earned `points`."""
    of = {"test_relu": 3.0, "test_share": 2.5, "why": 2.0}
    scores = tuple(
        CellScore(name, points.get(name), of[name], name == "why", ending, "", hint, (Check("a", 0, 1),))
        for name in of
    )
    notebook = NotebookRun(status, "", 0.5, 60.0, "full", {"student": 0.1}, scores)
    return Run(student, ASSIGNMENT, status, "", None, 7, "f" * 64, (), repairs, {ASSIGNMENT: notebook})


@pytest.fixture
def key(course):
    return load_key(open_course(course), ASSIGNMENT)


def test_facts_add_up(key):
    runs = [run("ada", FULL), run("bob", FULL | {"test_relu": 1.5}), run("eve", {"test_relu": 0.0})]
    facts = report_facts(key, runs)
    assert (facts["submissions"], facts["max_points"]) == (3, 7.5)
    assert (facts["mean"], facts["median"]) == (pytest.approx((5.5 + 4.0 + 0.0) / 3), 4.0)
    relu, share, _ = facts["questions"]
    assert (relu["full"], relu["part"], relu["none"], relu["unscored"]) == (1, 1, 1, 0)
    assert (share["full"], share["unscored"]) == (2, 1)
    assert relu["mean_share"] == pytest.approx(0.5)
    assert [bin["count"] for bin in facts["histogram"]] == [1, 0, 0, 0, 0, 1, 0, 1, 0, 0]


def test_full_marks_are_in_the_last_bin(key):
    facts = report_facts(key, [run("ada", FULL | {"why": 2.0})])
    assert facts["histogram"][-1]["count"] == 1


def test_points_of_humans_count(key):
    facts = report_facts(key, [run("ada", FULL)], Ledger({("ada", ASSIGNMENT, "why"): 1.5}))
    assert facts["mean"] == 7.0


def test_each_question_tells_its_time(key):
    slow = run("ada", FULL)
    scores = tuple(
        replace(score, seconds=3.0 if score.grade_id == "test_relu" else 0.0)
        for score in slow.notebooks[ASSIGNMENT].scores
    )
    slow = replace(slow, notebooks={ASSIGNMENT: replace(slow.notebooks[ASSIGNMENT], scores=scores)})
    quick = run("bob", FULL)
    questions = {q["question"]: q for q in report_facts(key, [slow, quick])["questions"]}
    assert (questions["test_relu"]["seconds"], questions["test_relu"]["most_seconds"]) == (3.0, 3.0)
    assert questions["why"]["seconds"] is None


def test_no_score_is_not_zero(key):
    facts = report_facts(key, [run("ada", {}, status=Status.UNREADABLE), run("bob", FULL)])
    assert facts["mean"] == 5.5
    assert facts["students"][0]["points"] is None
    assert facts["labels"] == {"unreadable": 1, "graded": 1}


def test_mistakes_are_counted_by_their_hint(mini_course):
    build(mini_course, "00_mini")
    key = load_key(open_course(mini_course), "00_mini")
    (mistake,) = key.mistakes["test_relu"]
    score = CellScore("test_relu", 2.0, 4.0, False, Status.COMPLETED, hint=mistake.hint)
    notebook = NotebookRun(Status.COMPLETED, "", 0.1, 1.0, "full", {}, (score,))
    runs = [Run(s, "00_mini", Status.COMPLETED, "", None, 1, "", (), (), {"00_mini": notebook}) for s in "ab"]
    facts = report_facts(key, runs)
    assert facts["mistakes"] == [{"question": "test_relu", "hint": mistake.hint, "count": 2, "example": ""}]
    assert report_facts(key, [run("ada", {})])["mistakes"][0]["count"] == 0


def test_the_page_shows_it_and_loads_nothing(course):
    write_run(course, run("<script>ada", FULL, repairs=(Repair(ASSIGNMENT, "why", "put <b>back"),)))
    write_run(course, run("bob", {"test_relu": 0.0}, ending=Status.TIMED_OUT))
    path = write_report(course, ASSIGNMENT)
    soup = BeautifulSoup(path.read_text(), "html.parser")
    assert not soup.find_all(["script", "link", "img", "iframe"])
    assert "put <b>back" in soup.get_text()
    assert "timed out" in soup.get_text()
    assert json.loads(path.with_suffix(".json").read_text())["submissions"] == 2
    assert not (course / "gradebook.db").exists()


def test_each_student_has_a_name_and_a_way_to_their_page(course):
    write_run(course, run("ada #1", FULL))
    write_run(course, run("off", FULL))
    store_people(open_course(course), [{"id": "ada #1", "first_name": "Ada", "last_name": "<b>L"}])
    page = write_report(course, ASSIGNMENT)
    rows = BeautifulSoup(page.read_text(), "html.parser").select(".students tbody tr, .students > tr")
    ada, off = (row.th for row in rows)
    assert ada.get_text(" ", strip=True).startswith("<b>L, Ada")
    assert off.select_one(".who").get_text(" ", strip=True) == "off"
    assert off.a["href"] == f"../feedback/off/{ASSIGNMENT}/{ASSIGNMENT}.html"
    assert "#" not in ada.a["href"]


def test_nothing_graded_is_said(course):
    with pytest.raises(CourseError, match="no submission is graded"):
        write_report(course, ASSIGNMENT)


def test_the_table_has_a_line_for_each_question(key):
    assert summary_table(report_facts(key, [run("ada", FULL)])).row_count == 3


def test_records_come_back_as_they_were(course):
    kept = run("a\nb", FULL, hint="why?", repairs=(Repair(ASSIGNMENT, "why", "put back"),))
    write_run(course, kept)
    assert read_run(course, "a\nb", ASSIGNMENT) == kept
    run_path(course, "a\nb", ASSIGNMENT).write_text('{"student": ')
    assert read_run(course, "a\nb", ASSIGNMENT) is None


def test_a_cohort_is_the_same_each_time(mini_course):
    build(mini_course, "00_mini")
    members = make_cohort(mini_course, "00_mini", 20)
    written = {path: path.read_bytes() for path in mini_course.glob("submitted/*/*/*")}
    assert make_cohort(mini_course, "00_mini", 20) == members
    assert {path: path.read_bytes() for path in mini_course.glob("submitted/*/*/*")} == written
    assert len({member.student for member in members}) == 20
    assert {member.damaged for member in members} == {"", "cut", "test cell deleted"}
    sources = {member.answers.get("relu", "") for member in members}
    assert any("while True" in source for source in sources)
    assert any("z[z < 0] = 0" in source for source in sources)


def test_a_cohort_holds_no_hidden_test(mini_course):
    build(mini_course, "00_mini")
    make_cohort(mini_course, "00_mini", 8)
    for path in mini_course.glob("submitted/*/*/*.ipynb"):
        assert "leaves its input alone" not in path.read_text()
        assert "BEGIN SOLUTION" not in path.read_text()


def test_odd_names_disturb_neither_the_page_nor_a_command(course):
    """A stack of accents covers no other row; a command with the assignment's name can be copied."""
    (course / "source" / ASSIGNMENT).rename(course / "source" / "problem set 1")
    high = "a" + "\u0301" * 40
    write_run(course, replace(run(high, {"test_relu": 3.0}), assignment="problem set 1"))
    page = write_report(course, "problem set 1").read_text()
    assert "a" + "\u0301" * 4 + "\ufffd<" in page
    assert "<code>grader feedback &#39;problem set 1&#39;</code>" in page
