"""Wrong answers of a class: known mistakes with an example each, and groups that no known one explains."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pygments.lexers import PythonLexer
from pygments.token import Comment, String

from grader.answer_key import AnswerKey
from grader.books.runs import Run
from grader.bounds import BoundExceeded, bounded
from grader.pages.student_html import plain
from grader.records import CellScore, Status

NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e[+-]?\d+)?")
UNSTARTED = re.compile(r"NotImplementedError|not started")
MOST_GROUPS = 20
EXAMPLE = 5_000  # characters; a longer answer is no example, for half of one is no Python
BLOCK_END = re.compile(r"(\n[ \t].*)\n(?=\S)")
SECONDS = 1.0
Answer = Callable[[str, str, str], str]  # student, notebook, grade_id of a test -> what was answered
Sign = tuple[str, str, tuple[str, ...], str]  # notebook, grade_id, failed checks, first message


@dataclass(frozen=True)
class FailureGroup:
    """Answers that fail alike and got no hint. `loses` is what most of them lost; `example`: one, unnamed."""

    notebook: str
    question: str
    checks: tuple[str, ...]
    message: str
    count: int
    loses: float
    example: str = field(repr=False)


def no_answer(_student: str, _notebook: str, _grade_id: str) -> str:
    """For who has no answers at hand."""
    return ""


def groups(runs: Iterable[Run], answer: Answer) -> list[FailureGroup]:
    """What went wrong alike and is explained by no known mistake, most frequent first."""
    alike: dict[Sign, list[tuple[str, CellScore]]] = defaultdict(list)
    for run in runs:
        for notebook, score in run.scores:
            if not run.is_blank and _is_unexplained(score):
                alike[_sign(notebook, score)].append((run.student, score))
    largest = sorted(alike.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:MOST_GROUPS]
    return [_group(sign, members, answer) for sign, members in largest]


def _is_unexplained(score: CellScore) -> bool:
    lost = score.auto_score is not None and score.auto_score < score.max_score
    failed = [check.message for check in score.checks if not check.passed] or [score.cause]
    has_begun = any(failed) and not UNSTARTED.search(failed[0])
    recognised = score.hint and score.hint not in {check.nudge for check in score.checks}
    return lost and has_begun and not recognised and score.status is Status.COMPLETED


def _sign(notebook: str, score: CellScore) -> Sign:
    """How an answer failed, the same for all that fail alike: numbers, which differ by seed, do not count."""
    failed = [check for check in score.checks if not check.passed]
    message = failed[0].message if failed else score.cause
    return notebook, score.grade_id, tuple(c.label for c in failed), NUMBER.sub("#", plain(message, 500))


def _group(sign: Sign, members: list[tuple[str, CellScore]], answer: Answer) -> FailureGroup:
    notebook, grade_id, checks, message = sign
    lost = Counter(score.max_score - (score.auto_score or 0.0) for _, score in members)
    example = _example(answer, ((who, notebook, grade_id) for who, _ in members))
    return FailureGroup(notebook, grade_id, checks, message, len(members), lost.most_common(1)[0][0], example)


def mistakes(key: AnswerKey, runs: Iterable[Run], answer: Answer) -> list[dict]:
    """Each known-wrong answer, how many students gave it, and one of theirs; the most frequent first."""
    who: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for run in runs:
        for notebook, score in run.scores:
            if score.hint:
                who[score.grade_id, score.hint].append((run.student, notebook))
    hints = [(grade_id, one.hint) for grade_id, ones in key.mistakes.items() for one in ones]
    counts = [
        {
            "question": q,
            "hint": hint,
            "count": len(who.get((q, hint), ())),
            "example": _example(
                answer, ((student, notebook, q) for student, notebook in who.get((q, hint), ()))
            ),
        }
        for q, hint in dict.fromkeys([*hints, *who])
    ]
    return sorted(counts, key=lambda mistake: -mistake["count"])


def _example(answer: Answer, places: Iterable[tuple[str, str, str]]) -> str:
    """The first of these answers that can be shown without a name; "" if none can."""
    return next(filter(None, (unnamed(answer(*place)) for place in places)), "")


def unnamed(source: str) -> str:
    """An answer without its comments and docstrings, in which students write their names; "" if too long."""
    if len(source) > EXAMPLE:
        return ""
    try:
        with bounded(SECONDS):
            tokens = list(PythonLexer(stripnl=False).get_tokens(source))
            text = _without_names(tokens, "")
            return text if _is_python(text) else _without_names(tokens, "...")
    except (BoundExceeded, RecursionError, MemoryError):
        return ""


def _without_names(tokens: list, docstring: str) -> str:
    parts = (docstring if kind in String.Doc else part for kind, part in tokens if kind not in Comment)
    lines = [line.rstrip() for line in "".join(parts).splitlines() if line.strip()]
    return BLOCK_END.sub(r"\1\n\n\n", "\n".join(lines))


def _is_python(text: str) -> bool:
    """Not so for a function that held a docstring alone."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
