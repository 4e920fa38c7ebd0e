"""The rounds of a watch: look what arrived, grade it, tell the student."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import TYPE_CHECKING

from grader.cli.terminal import say, warn
from grader.errors import FeedbackError, GraderError
from grader.records import Status

if TYPE_CHECKING:
    from grader.books.runs import Run
    from grader.cli.journal import Journal
    from grader.course.directory import Course
    from grader.engine.judge.client import Judges
    from grader.engine.sandbox.zygote import Zygote
    from grader.intake.arrival import Arrival
    from grader.intake.arrivals import Arrivals

ATTEMPTS = "attempts.txt"
USED = (
    "What was handed in at {at} UTC waits: {most} a day are graded. It is graded tomorrow; nothing is lost.\n"
)
COUNTED = "Attempt {count} of {most} today was handed in at {at} UTC.\n"


class Rounds:
    """Rounds of looking and grading. attempts: that a student has a day; log: the journal of the course."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        arrivals: Arrivals,
        attempts: int | None,
        scheduler: str,
        log: Journal,
    ):
        self._course, self._assignment, self._arrivals = course, assignment, arrivals
        self._attempts, self._scheduler, self._log = attempts, scheduler, log
        self._said: set[str] = set()

    def run(self, every: float, once: bool) -> None:
        from grader.course.key import load_key
        from grader.engine.judge.client import Judges
        from grader.engine.sandbox.zygote import Zygote
        from grader.grading import assignment as _assignment  # noqa: F401  now, not when somebody waits
        from grader.pages import feedback as _feedback  # noqa: F401

        self._arrivals.look()
        while True:
            try:
                key = load_key(self._course, self._assignment)
                with Zygote(surroundings=key.surroundings) as zygote, Judges(key) as judges:  # both wait warm
                    while not (due := self._look(every)) and not once:
                        pass
                    problem = self._round(due, zygote, judges) if due else ""
            except GraderError as error:
                problem = str(error)
            if problem:
                self._tell(problem)
                time.sleep(every)
            elif once:
                return

    def _look(self, every: float) -> list[Arrival]:
        time.sleep(every)
        self._arrivals.look()
        for stranger in sorted(self._arrivals.strangers):
            self._tell(f"not taken: {stranger}: no student of that name")
        due = self._arrivals.due(self._attempts, date.today())
        for arrival in self._arrivals.waiting():
            if arrival not in due and self._tell(f"{arrival.student}: {arrival.entry} waits for tomorrow"):
                self._leave_word(arrival, USED)
        return due

    def _round(self, due: list[Arrival], zygote: Zygote, judges: Judges) -> str:
        """Grade what is due; why that was not possible, or nothing. What was begun is then done again."""
        self._arrivals.begin(due, date.today())
        try:
            taken = [arrival for arrival in due if self._take(arrival)]
            runs = self._grade(taken, zygote, judges) if taken else {}
        except GraderError as error:
            return str(error)
        for arrival in due:
            run = runs.get(arrival.student)
            self._leave_word(arrival, COUNTED)
            say(f"{datetime.now():%H:%M:%S} {arrival.student}: {run.label if run else 'nothing to grade'}")
        self._arrivals.finish([a for a in due if a not in taken or _is_final(runs.get(a.student))])
        return ""

    def _grade(self, taken: list[Arrival], zygote: Zygote, judges: Judges) -> dict[str, Run]:
        """The records of these students, whose pages are written. Raises GraderError."""
        from grader.grading.assignment import grade_assignment
        from grader.pages.feedback import write_feedback

        who = taken[0].student if len(taken) == 1 else "*"
        summary = grade_assignment(
            self._course.root,
            self._assignment,
            students=who,
            jobs=None,
            zygote=zygote,
            judges=judges,
            scheduler=self._scheduler,
            on_progress=self._log.progress,
            on_run=self._log.graded,
        )
        try:
            write_feedback(self._course.root, self._assignment, who)
        except FeedbackError as error:
            self._tell(str(error))
        return {run.student: run for run in summary.runs}

    def _take(self, arrival: Arrival) -> bool:
        """Put it into submitted/, if anything of it can be taken."""
        from grader.intake.arrival import owner_problem
        from grader.intake.one_student import collect_one

        path = self._arrivals.path(arrival)
        if arrival.is_nbgraders and (problem := owner_problem(path, arrival.student)):
            self._tell(f"{arrival.entry} {problem}")
        taken = collect_one(self._course, self._assignment, arrival.student, path, arrival.sent_at)
        for note in taken.notes:
            self._tell(f"{arrival.student}: {note}")
        return taken.is_there

    def _leave_word(self, arrival: Arrival, text: str) -> None:
        """Tell the student how many attempts are used, beside the pages of feedback."""
        from grader.atomic import write_atomic

        if self._attempts:
            count = self._arrivals.begun(arrival.student, date.today())
            word = text.format(at=arrival.at, most=self._attempts, count=count)
            place = self._course.folder("feedback", arrival.student, self._assignment)
            write_atomic(place / ATTEMPTS, word)

    def _tell(self, line: str) -> bool:
        """Say it once; whether this was the time."""
        if is_new := line not in self._said:
            self._said.add(line)
            warn(line)
        return is_new


def _is_final(run: Run | None) -> bool:
    """Whether another round would give nothing else."""
    from grader.grading.earlier_runs import MAX_FAILURES

    return run is not None and (run.status is not Status.NOT_GRADED or run.failures >= MAX_FAILURES)
