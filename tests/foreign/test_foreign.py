"""Courses of other people's habits: nbgrader's marks for reference, blank and poor answers."""

import json
from pathlib import Path

import pytest
from course_of_cases import GROUPS, NEEDS, STUDENTS, course, notebooks

from grader.grading.assignment import grade_assignment
from grader.records import Place

STOCK = json.loads((Path(__file__).parent / "stock_marks.json").read_text())
NAMES = [(group, name) for group in GROUPS for name in notebooks(group)]
BETTER = {}  # (notebook, student, grade_id) -> our mark, where docs/migrating.md says why it is better


@pytest.fixture(scope="module")
def gradings(tmp_path_factory):
    """group -> its GradingSummary; each is graded once."""
    made = {}

    def of(group):
        for module in NEEDS.get(group, ()):
            pytest.importorskip(module)
        if group not in made:
            made[group] = grade_assignment(course(tmp_path_factory.mktemp(group), group), group)
        return made[group]

    return of


def scores(summary, name):
    """student -> grade_id -> CellScore"""
    found = {run.student: [s for notebook, s in run.scores if notebook == name] for run in summary.runs}
    return {student: {score.grade_id: score for score in them} for student, them in found.items()}


@pytest.mark.parametrize("group, name", NAMES)
def test_the_marks_are_nbgraders_or_better(gradings, group, name):
    summary = gradings(group)
    for student, found in scores(summary, name).items():
        scored = {grade_id: score.auto_score for grade_id, score in found.items()}
        ours = {grade_id: score for grade_id, score in scored.items() if score is not None}
        stock = STOCK[group][name][student]
        assert ours == {key: BETTER.get((name, student, key), mark) for key, mark in stock.items()}, student


@pytest.mark.parametrize("group, name", NAMES)
def test_the_reference_earns_all_and_nobody_earns_more(group, name):
    """Of what is recorded: the cases would prove nothing if it were otherwise."""
    totals = {student: sum(STOCK[group][name][student].values()) for student in STUDENTS}
    assert totals["blank"] < totals["reference"] and totals["poor"] < totals["reference"]


@pytest.mark.parametrize("group", GROUPS)
def test_no_question_waits(gradings, group):
    assert gradings(group).not_graded == []


def test_what_runs_inside_is_told_in_each_record_and_in_the_survey(gradings):
    summary = gradings("state")
    where = {s.grade_id: s.where for s in scores(summary, "function_replaced")["poor"].values()}
    assert where == {"test1": Place.OUTSIDE, "test2": Place.INSIDE}
    assert summary.survey["function_replaced"].places == {"test2": Place.INSIDE}
