"""What a report points at: in a planted class of 500, the broken test, the guess, what nothing explains."""

import json
import random

import pytest
from small_course import ASSIGNMENT, GOOD, answered, write_course

from grader.books.ledger import Ledger
from grader.books.run_files import write_run
from grader.books.runs import NotebookRun, Run
from grader.pages.drafts import drafts
from grader.pages.failures import groups, no_answer, unnamed
from grader.pages.items import _is_weak, item_facts, suspects
from grader.pages.report import write_report
from grader.records import CellScore, Check, Status

QUESTIONS = [f"q{number}" for number in range(7)]
BROKEN, GUESSED = "q2", "q5"


def run(student, scores, blank=False):
    notebook = NotebookRun(Status.COMPLETED, "", 0.5, 60.0, "full", {}, tuple(scores))
    return Run(
        student, ASSIGNMENT, Status.COMPLETED, "", None, 7, "f" * 64, (), (), {ASSIGNMENT: notebook}, 0, blank
    )


def score(question, passed, messages=("", "")):
    checks = tuple(
        Check(label, 2.0 * ok, 2.0, "" if ok else message)
        for label, ok, message in zip(("values", "shape"), passed, messages, strict=True)
    )
    return CellScore(question, 2.0 * sum(passed), 4.0, False, Status.COMPLETED, checks=checks)


def student(number, chance):
    """Better students earn more; but for the broken check, and for the question that is a matter of luck."""
    ability = chance.random()
    scores = []
    for question in QUESTIONS:
        likely = 0.5 if question == GUESSED else 0.15 + 0.8 * ability
        first, second = chance.random() < likely, chance.random() < likely
        if question == GUESSED:
            second = first
        scores.append(score(question, (first, second and question != BROKEN), ("f(0.3) gave 1", "(2, 3)")))
    return run(f"s{number:03}", scores)


@pytest.fixture(scope="module")
def planted():
    chance = random.Random(3)
    return [student(number, chance) for number in range(500)]


def test_the_broken_test_and_the_guessable_question_come_first_and_second(planted):
    facts = item_facts(planted, Ledger())
    suspects = list(dict.fromkeys(one["question"] for one in facts if one["suspicion"]))
    assert suspects == [BROKEN, GUESSED]
    assert (facts[0]["check"], facts[0]["share"]) == ("shape", 0.0)
    assert "is the test right?" in facts[0]["why"]
    sound = next(one for one in facts if one["question"] == "q0" and not one["check"])
    assert sound["discrimination"] > 0.4 and sound["why"] == ""


def test_a_small_class_needs_more_than_chance_and_a_question_has_one_row():
    """0.05 in a class of 30 may be a sound question; in one of 300 it is none."""
    assert not _is_weak(0.05, 30) and _is_weak(0.05, 300) and _is_weak(-0.1, 30)
    items = [
        {"notebook": "n", "question": q, "suspicion": s} for q, s in (("a", 2.0), ("b", 1.0), ("a", 0.9))
    ]
    assert suspects([*items, {"notebook": "n", "question": "c", "suspicion": 0.0}]) == [
        items[0] | {"others": 1},
        items[1] | {"others": 0},
    ]


def test_blank_work_and_small_classes_say_nothing(planted):
    blank = [run(f"b{n}", [score(q, (False, False)) for q in QUESTIONS], blank=True) for n in range(400)]
    assert item_facts(planted + blank, Ledger()) == item_facts(planted, Ledger())
    assert item_facts(planted[:5], Ledger()) == []


def test_what_fails_alike_is_one_group_whatever_its_numbers(planted):
    odd = [
        run(f"o{n}", [score("q0", (False, True), (f"f({n}.5) gave {n}e-3, not {n}", ""))]) for n in range(600)
    ]
    explained = CellScore("q0", 0.0, 4.0, False, Status.COMPLETED, "wrong", "a hint")
    unstarted = CellScore("q0", 0.0, 4.0, False, Status.COMPLETED, "NotImplementedError: not started")
    found = groups([*odd, run("a", [explained]), run("b", [unstarted])], no_answer)
    assert [(group.count, group.checks, group.message) for group in found] == [
        (600, ("values",), "f(#) gave #, not #")
    ]
    assert sum(group.count for group in groups(planted, no_answer) if group.question == BROKEN) == 500


def test_an_example_names_nobody():
    source = '# Ada Lovelace, 4711\ndef relu(x):\n    """By Ada."""\n    return abs(x)  # ada@example.org\n'
    assert unnamed(source) == "def relu(x):\n    return abs(x)"
    assert unnamed(source + "x = 1\n") == "def relu(x):\n    return abs(x)\n\n\nx = 1"
    assert unnamed('def f(x):\n    """Ada\'s."""\n') == "def f(x):\n    ..."
    assert unnamed("# half of this is no answer\n" * 500) == ""


@pytest.fixture
def course(tmp_path):
    """Three students with the same unexplained failure, graded, with their answers at hand."""
    course = write_course(tmp_path)
    for name in ("ada", "bob", "eve"):
        lost = CellScore("test_relu", 0.0, 3.0, False, Status.COMPLETED, "relu gave -3")
        write_run(course, run(name, [lost]))
        folder = course / "autograded" / name / ASSIGNMENT
        folder.mkdir(parents=True)
        answer = f"def relu(x):\n    # by {name}\n    return '``` --> <b>'"
        (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(answered(GOOD | {"relu": answer})))
    return course


def test_a_group_becomes_a_draft_of_a_known_wrong_answer(course):
    text = "\n".join(drafts(course, ASSIGNMENT, 3))
    assert "<!-- 3 students; fails: relu gave # -->" in text
    head = '````{code-cell}\n:wrong: relu\n:loses: 3\n:hint: "…?"\n'
    assert f"{head}\ndef relu(x):\n    return '``` --> <b>'\n````" in text
    assert "by ada" not in text
    assert "Only a course that is written in chapters" in text.splitlines()[0]
    (course / "chapters").mkdir()
    assert f"`grader check {ASSIGNMENT}` proves them" in next(drafts(course, ASSIGNMENT, 3))


def test_a_report_compares_with_the_one_before(course):
    read = lambda: json.loads(write_report(course, ASSIGNMENT).with_suffix(".json").read_text())  # noqa: E731
    assert read()["changes"] is None
    full = CellScore("test_relu", 3.0, 3.0, False, Status.COMPLETED)
    write_run(course, run("ada", [full]))
    write_run(course, run("new", [full]))
    changes = read()["changes"]
    assert (changes["up"], changes["down"], changes["new"]) == (1, 0, 1)
    assert changes["big"] == [{"student": "ada", "before": 0.0, "after": 3.0}]
    assert read()["changes"] == changes  # nothing was graded in between


def test_a_question_that_is_not_yet_read_by_a_human_is_no_broken_test(planted):
    """Who left it empty has 0 for it; who answered, no score yet."""
    answers = [
        CellScore("why", None if number % 2 else 0.0, 5.0, bool(number % 2), Status.COMPLETED)
        for number in range(500)
    ]
    runs = [
        run(one.student, [*(score for _, score in one.scores), why])
        for one, why in zip(planted, answers, strict=True)
    ]
    assert "why" not in {one["question"] for one in item_facts(runs, Ledger())}
    marks = {(one.student, ASSIGNMENT, "why"): 4.0 for one in runs[1::2]}
    assert "why" in {one["question"] for one in item_facts(runs, Ledger(marks))}
