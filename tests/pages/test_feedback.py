"""What students get back: clear, complete, without hidden tests, and harmless to open."""

import json

import pytest
from feedback_page import page, relu, words
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook as Nbgrader
from small_course import GOOD, HIDDEN

from grader.pages.check_ids import CheckIds
from grader.pages.feedback import write_feedback
from grader.pages.questions import split_questions
from grader.records import Check, Repair, Status, Verdict


def test_scores_checks_and_hints_are_shown(course):
    checks = (Check("positive", 1, 1), Check("negative", 0, 2, "relu(-1) gave 1, but should give 0."))
    text = words(page(course, verdicts=[relu(1.0, checks=checks, hint="What is max(0, -1)?")]))
    for said in (
        "Cut off",
        "1 / 3",
        "positive",
        "relu(-1) gave 1, but should give 0.",
        "What is max(0, -1)?",
    ):
        assert said in text
    assert "return np . maximum ( x , 0 )" in text
    assert "To read again: Functions in ps.ipynb" in text  # the section that the question's own heading is in


def test_hidden_checks_are_masked(course):
    checks = (Check("keeps it", 1, 1), Check("secret label", 0, 2, f"secret message {HIDDEN}", hidden=True))
    text = page(course, verdicts=[relu(1.0, checks=checks)])
    assert "a hidden check (2 points) did not pass" in words(text)
    assert "keeps it" in text
    for secret in ("secret", HIDDEN, "[-3]", "HIDDEN TESTS"):
        assert secret not in text


def test_a_hidden_check_that_failed_asks_its_nudge_and_one_that_passed_does_not(course):
    failed = Check("secret label", 0, 1, "secret message", hidden=True, nudge="Is your <input> still whole?")
    passed = Check("other label", 1, 1, hidden=True, nudge="What does one row give?")
    text = page(course, verdicts=[relu(1.0, checks=(failed, passed))])
    assert "Is your &lt;input&gt; still whole?" in text
    assert "secret" not in text and "one row" not in text


def test_a_failed_hidden_assertion_is_masked(course):
    text = page(course, verdicts=[relu(0.0, cause="a test you cannot see failed (AssertionError)")])
    assert "a hidden check (3 points) did not pass" in words(text)
    assert "AssertionError" not in text


def test_a_failed_visible_assertion_is_told(course):
    text = words(page(course, verdicts=[relu(0.0, cause="relu of -1 and 2")]))
    quoted = CheckIds("ps", "ps").of("test_relu", "")
    assert f"this test did not pass {quoted} 0 / 3 relu of -1 and 2" in text


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.TIMED_OUT, "longer than the time limit"), (Status.OUT_OF_MEMORY, "more memory than the limit")],
)
def test_a_limit_is_named(course, status, said):
    assert said in words(page(course, verdicts=[Verdict("test_relu", status, 0.0, cause="20 s")]))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.UNREADABLE, "could not be read"),
        (Status.MISSING, "was not handed in"),
        (Status.NOT_GRADED, "not been graded yet"),
    ],
)
def test_what_was_not_run_says_why(course, status, said):
    text = words(page(course, status=status, detail="the reason <b>", notes=("x.csv was left out.",)))
    assert said in text
    assert "the reason <b>" in text
    assert "x.csv was left out." in text


def test_repairs_are_listed(course):
    repairs = (Repair("ps", "test_relu", "The test cell was put back."), Repair("other", "x", "not here"))
    text = words(page(course, repairs=repairs))
    assert "test_relu : The test cell was put back." in text
    assert "not here" not in text


def test_comments_and_points_of_humans_are_shown(course):
    page(course, GOOD | {"why": "Because."}, recorded=True)
    place = course / "feedback" / "ada" / "ps" / "ps"
    assert "points so far" in words(place.with_suffix(".html").read_text())
    assert "of 7.5 points so far**" in place.with_suffix(".md").read_text()
    with Nbgrader(f"sqlite:///{course}/gradebook.db", "small") as book:
        book.find_grade("why", "ps", "ps", "ada").manual_score = 1.5
        book.find_comment("why", "ps", "ps", "ada").manual_comment = "Say <why>."
        book.db.commit()
    (path,) = write_feedback(course, "ps")
    text = words(path.read_text())
    assert "1.5 / 2" in text
    assert "Say <why>." in text and "so far" not in text + place.with_suffix(".md").read_text()


def test_the_same_is_told_in_markdown_and_json_and_no_more(course):
    checks = (
        Check("positive", 1, 1),
        Check("*negative*", 0, 1, "relu(-1) gave <1>, but should give 0."),
        Check("secret label", 0, 1, "secret message", hidden=True, nudge="Is it whole?"),
    )
    path = course / "feedback" / "ada" / "ps" / "ps.md"
    page(
        course, verdicts=[relu(1.0, checks=checks, hint="max?")], repairs=(Repair("ps", "x", "[put](back)"),)
    )
    text, quoted = path.read_text(), CheckIds("ps", "ps").of("test_relu", "*negative*")
    assert "**1 of 7.5 points**" in text and "## Cut off: 1 of 3" in text and "- Hint: max?" in text
    assert rf"- ✗ \*negative\* ({quoted}): 0 of 1" in text and r"gave \<1\>, but" in text
    assert r"\[put\](back)" in text and "Is it whole?" in text
    facts = json.loads(path.with_suffix(".json").read_text())
    assert (facts["points"], facts["max_points"]) == (1.0, 7.5)
    told = facts["questions"][0]["results"][0]["checks"]
    assert [(one["label"], one["passed"]) for one in told][:2] == [("positive", True), ("*negative*", False)]
    assert "secret" not in text and "secret" not in json.dumps(facts)


SHARE = "def share(x):\n    return relu(x) / relu(x).sum()"


@pytest.mark.parametrize(
    ("answer", "points", "told"),
    [(SHARE, 0.0, True), (GOOD["share"], 0.0, False), (SHARE, 3.0, False), (SHARE + "\n)", 0.0, False)],
    ids=["calls it", "does not call it", "it passes", "no Python"],
)
def test_a_question_names_the_wrong_answer_that_it_calls(course, answer, points, told):
    verdicts = [relu(points), Verdict("test_share", Status.COMPLETED, 1.0)]
    text = words(page(course, GOOD | {"share": answer}, verdicts))
    assert ("It calls relu , which lost points above" in text) == told
    written = (course / "feedback" / "ada" / "ps" / "ps.md").read_text()
    assert ("- It calls relu, which lost points above" in written) == told


def test_only_a_lost_question_says_what_to_read_again(course):
    assert "To read again" not in words(page(course, verdicts=[relu(3.0)])).partition("Share")[0]


def test_the_trail_tells_sections_and_links_but_nothing_of_an_answer():
    cells = [
        new_markdown_cell("# All\n```python\n# no heading\n```"),
        new_markdown_cell(
            "## Rectifiers\nSee [the paper](https://example.org/relu) and ![no](https://p.org)."
        ),
        new_markdown_cell("### `relu`"),
        _marked(new_code_cell("def relu(x): ..."), "relu", solution=True),
        _marked(new_code_cell("assert relu(1) == 1"), "test_relu", grade=True),
        _marked(new_markdown_cell("# As in [secret](https://secret.org)"), "why", grade=True, solution=True),
        _marked(
            new_markdown_cell("---\n### Draw\n### BEGIN MARK SCHEME\n[x](https://s.org)"), "draw", task=True
        ),
    ]
    first, why, draw = split_questions(new_notebook(cells=cells))
    assert (first.title, first.reading.section) == ("relu", "Rectifiers")
    assert first.reading.links == (("the paper", "https://example.org/relu"),)
    assert (why.title, why.reading) == ("relu", first.reading)
    assert (draw.title, draw.reading) == ("Draw", first.reading)


def _marked(cell, grade_id, **marks):
    cell.metadata.nbgrader = from_dict(
        {"grade_id": grade_id, "grade": False, "solution": False, "task": False, "points": 1} | marks
    )
    return cell
