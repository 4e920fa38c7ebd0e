"""Before anybody is graded: the reference and the blank release, run as if students had handed them in.

The reference must earn everything and the blank release nothing. A test whose reference fails outside of
the student's process, or that pays for a blank answer there, runs inside; a question where that does not
help either is held back for all, or, where nbgrader itself would pay, named. Nothing is paid in silence.
A test that does better inside (see `comparison`), or that makes what a test inside needs, runs there, too.
"""

from __future__ import annotations

from nbformat import NotebookNode

from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.grading.comparison import better_inside
from grader.grading.survey_record import NotebookSurvey, Survey
from grader.grading.tryout import Tryout, raised, reached, shortfall
from grader.notebook.aftermath import feeders
from grader.notebook.planner import make_plan
from grader.records import USUAL, CellScore, Execution, Limits, Place

MAX_RUNS = 20  # of one notebook
BLANK_PAID = "a blank answer earns {points:g} of {of:g} points"
AS_STOCK = ", as it does in nbgrader"
BLANK_HELD = "outside of the student's process a blank answer earns points, and inside "
AUTHOR = "the course says so"
SHORT = "outside, {why}"
FEEDS = "it makes what a test inside uses"
_NEXT = {Place.OUTSIDE: Place.INSIDE, Place.INSIDE: Place.STRICT}


def survey(zygote: Zygote, judges: Judges, limits: Limits) -> Survey:
    """Try all notebooks of the key."""
    return {name: _Search(zygote, judges, limits, name).found() for name in judges.key.notebooks}


class _Search:
    """Where each test of a notebook runs: `places` grow until reference and blank earn what they should."""

    def __init__(self, zygote: Zygote, judges: Judges, limits: Limits, name: str):
        self.tryout = Tryout(zygote, judges, limits, name)
        self.chosen = judges.key.places.get(name, {})
        self.places: dict[str, Place] = dict(self.chosen)
        self.free = judges.key.whole  # a course with chapters has its tests proven by `grader check`
        self.plan = make_plan(self.tryout.reference, whole=self.free)
        self.held: dict[str, str] = {}
        self.reached = False  # whether the reference has run once where it may read everything
        self.partial: dict[str, str] = {}  # grade_id -> what the reference earns by the test's own number
        self.reasons = {g: AUTHOR for g, place in self.chosen.items() if place is not Place.OUTSIDE}

    def found(self) -> NotebookSurvey:
        run = self._reference()
        if self._compare(run):
            run = self._reference()
        payers = self._payers()
        while [score for score in payers if self._move(score, self._payment(score))]:
            self._reference(BLANK_HELD)
            payers = self._payers()
        paid = {score.grade_id: self._payment(score) for score in payers}
        places = self.tryout.seen | self.places
        seen = {name: self.plan.tests[name].idiom for name in self.tryout.seen}
        reach = self.tryout.reach
        notes = *(f"{name}: {told}" for name, told in self.partial.items()), *raised(run), *reached(reach)
        return NotebookSurvey(places, self.held, paid, notes, self.reasons | seen, reach)

    def _reference(self, why: str = "") -> Execution:
        """Run the reference until it earns all that it can: a test that fails outside runs inside."""
        while True:
            run, scores = self._run(self.tryout.reference)
            short = [score for score in scores if score.auto_score != score.max_score]
            outside = [score for score in short if self._where(score) is Place.OUTSIDE]
            if outside and self._reach_more(outside):
                continue
            moved = [score for score in outside if self._move(score, shortfall(score, run))]
            if not moved and not self._feed():
                lost = {s.grade_id: shortfall(s, run) for s in short}
                self.partial = {s.grade_id: lost[s.grade_id] for s in short if self._gives_part(s)}
                self.held |= {g: why + told for g, told in lost.items() if g not in self.partial}
                return run

    def _reach_more(self, short: list[CellScore]) -> bool:
        """Let the tests read what the reference's do where they may read everything, if one of `short` earns
        all its points by that; whether there is such a thing."""
        if not self.free or self.reached:
            return False
        self.reached = True
        run, scores = self.tryout.run(self.tryout.reference, self.places, everything=True)
        full = {score.grade_id for score in scores if score.auto_score == score.max_score}
        if full & {score.grade_id for score in short}:
            self.tryout.reach = run.reach
        return self.tryout.reach != USUAL

    def _gives_part(self, score: CellScore) -> bool:
        """Whether a test came to its end and gave the reference a part of its points by its last value."""
        inside = self.free and self._where(score) is not Place.OUTSIDE
        return inside and bool(score.auto_score) and not (score.cause or score.detail)

    def _feed(self) -> bool:
        """Let the tests run inside that make what tests inside need; whether there are more of them."""
        places = self.tryout.seen | self.places
        inside = {name for name, place in places.items() if place is not Place.OUTSIDE}
        found = feeders(self.plan, inside) - self.chosen.keys() if self.free and inside else set()
        self.places |= dict.fromkeys(found, Place.INSIDE)
        self.reasons |= dict.fromkeys(found, FEEDS)
        return bool(found)

    def _compare(self, run: Execution) -> bool:
        """Let the tests run inside that do better there; whether there are any."""
        if not self.free:
            return False
        open_ = {v.grade_id for v in run.verdicts.values() if v.where is Place.OUTSIDE}
        open_ -= self.chosen.keys() | self.held.keys()
        found = better_inside(self.tryout, run, self.places, open_)
        self.places |= dict.fromkeys(found, Place.INSIDE)
        self.reasons |= found
        return bool(found)

    def _payers(self) -> list[CellScore]:
        """The tests in which the blank release earns points."""
        return [score for score in self._run(self.tryout.blank)[1] if score.auto_score]

    def _run(self, nb: NotebookNode) -> tuple[Execution, list[CellScore]]:
        run, scores = self.tryout.run(nb, self.places)
        return run, [score for score in scores if score.grade_id not in self.held]

    def _move(self, score: CellScore, why: str) -> bool:
        """Let a test run where it can be less mistaken; False where there is no such place."""
        now = self._where(score)
        if not self.free or score.grade_id in self.chosen or now not in _NEXT:
            return False
        self.places[score.grade_id] = _NEXT[now]
        self.reasons.setdefault(score.grade_id, SHORT.format(why=why))
        return True

    def _where(self, score: CellScore) -> Place:
        return self.places.get(score.grade_id, score.where)

    def _payment(self, score: CellScore) -> str:
        told = BLANK_PAID.format(points=score.auto_score, of=score.max_score)
        return told + AS_STOCK if self._where(score) is Place.STRICT else told
