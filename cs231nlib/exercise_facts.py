"""What the release says of the exercises to the page where the student sits: `hints/`, a file a chapter."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "hints"


@dataclass(frozen=True)
class ExerciseFacts:
    """What the release says of an exercise: digests, names, hints, marks of its known mistakes."""

    chapter: str
    name: str
    facts: dict


@functools.cache
def course() -> dict[str, dict[str, ExerciseFacts]]:
    """chapter -> name -> the ExerciseFacts, in the order of the course."""
    files = sorted(FOLDER.glob("*.json"))
    facts = {file.stem: json.loads(file.read_text(encoding="utf-8"))["exercises"] for file in files}
    return {
        chapter: {n: ExerciseFacts(chapter, n, one) for n, one in by.items()} for chapter, by in facts.items()
    }


def all_exercises() -> dict[str, ExerciseFacts]:
    """name -> the ExerciseFacts of every chapter."""
    return {name: exercise for by in course().values() for name, exercise in by.items()}
