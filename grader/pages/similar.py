"""The page of answers that are too alike, side by side: evidence for a conversation, not a verdict."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from grader.atomic import write_atomic
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.intake.submissions import list_submissions
from grader.pages.jinja import page_environment
from grader.pages.student_html import plain
from grader.similarity.answers import Answer, known_prints, read_answers
from grader.similarity.dolos import write_dolos
from grader.similarity.pairs import Match, Pair, Pairs, find_pairs

MOST = 200  # pairs on the page
LEAST_SHARE = 0.2  # of an answer, to be shown side by side


@dataclass(frozen=True)
class SimilarityReport:
    """What `write_similar` found and where it lies; `shown` of the pairs are on the page."""

    page: Path
    pairs: Pairs
    shown: int


def write_similar(course_dir: Path, assignment: str, dolos: Path | None = None) -> SimilarityReport:
    """Write report/ASSIGNMENT-similar.html and .json, and a zip for Dolos where one is wanted.

    Raises CourseError where nothing is graded yet.
    """
    course = open_course(course_dir)
    key = load_key(course, assignment)
    answers = list(read_answers(course, key, list_submissions(course, assignment)))
    if not answers:
        raise CourseError("no answer to compare", file=assignment, remedy="run `grader grade` first")
    if dolos:
        write_dolos(dolos, answers)
    known = known_prints(key)
    pairs = find_pairs({(one.student, one.question): one.prints for one in answers}, known)
    chosen = pairs.worth_a_look[:MOST]
    page = Path(course_dir) / "report" / f"{assignment}-similar.html"
    write_atomic(page.with_suffix(".json"), json.dumps(_facts(pairs), indent=1))
    write_atomic(page, _page(assignment, pairs, chosen, answers, known))
    return SimilarityReport(page, pairs, len(chosen))


def _facts(pairs: Pairs) -> dict:
    """The same for other programs."""
    return {
        "line": pairs.line,
        "students": pairs.students,
        "pairs": [
            {
                "students": pair.students,
                "bits": round(pair.bits, 1),
                "questions": {match.question: round(match.share, 3) for match in pair.matches},
            }
            for pair in pairs.worth_a_look
        ],
    }


def _page(
    assignment: str, pairs: Pairs, chosen: list[Pair], answers: Iterable[Answer], known: Mapping
) -> str:
    environment = page_environment()
    environment.filters["plain"] = lambda text: plain(text, 200)
    by_place = {(one.student, one.question): one for one in answers}
    entries = [(pair, [_both(pair, match, by_place, known) for match in _matches(pair)]) for pair in chosen]
    template = environment.get_template("similar.html.j2")
    return template.render(assignment=assignment, pairs=pairs, entries=entries)


def _matches(pair: Pair) -> list[Match]:
    return [match for match in pair.matches if match.share >= LEAST_SHARE] or list(pair.matches[:1])


def _both(pair: Pair, match: Match, by_place: Mapping, known: Mapping) -> tuple[Match, list[Markup]]:
    both = [by_place[student, match.question] for student in pair.students]
    common = set(both[0].prints) & set(both[1].prints) - known.get(match.question, set())
    return match, [_markup(answer, common) for answer in both]


def _markup(answer: Answer, common: set[int]) -> Markup:
    """The answer with what both have in <mark>; all of it escaped."""
    pieces, at = [], 0
    for start, end in _merge(sorted(answer.prints[one] for one in common)):
        pieces += [_safe(answer.source[at:start]), f"<mark>{_safe(answer.source[start:end])}</mark>"]
        at = end
    return Markup("".join([*pieces, _safe(answer.source[at:])]))


def _merge(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _safe(text: str) -> str:
    return html.escape(plain(text))
