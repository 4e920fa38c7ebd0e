"""Rubrics: for each question what an answer may be like, in points and words, kept beside the course."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from grader.atomic import write_atomic
from grader.errors import CourseError

MOST = 9  # as many as there are keys
WORDS = 2_000
FOLDER = "rubrics"


def read_rubric(root: Path, assignment: str) -> dict[str, list[dict]]:
    """NOTEBOOK/grade_id -> [{"points": number, "text": comment}]. CourseError for a file that is none."""
    path = Path(root) / FOLDER / f"{assignment}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(question): [entry(one) for one in entries] for question, entries in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise CourseError(f"no rubric: {error}", file=path, remedy="mend it, or move it away") from error


def write_rubric(root: Path, assignment: str, rubric: dict[str, list[dict]]) -> None:
    path = Path(root) / FOLDER / f"{assignment}.json"
    write_atomic(path, json.dumps(rubric, indent=1, ensure_ascii=False))


def entry(fields: Any) -> dict:
    """One line of a rubric. Raises ValueError, TypeError or KeyError for what is none."""
    return {"points": finite(fields["points"]), "text": str(fields["text"])[:WORDS]}


def finite(number: Any) -> float:
    """Raises ValueError or TypeError for what is no number of points."""
    points = float(number)
    if not math.isfinite(points) or points < 0:
        raise ValueError("points are a number from 0 on")
    return points
