"""What changed between two reports on an assignment, student by student."""

from __future__ import annotations

import json
from pathlib import Path

BIG = 0.1  # of all points: a change that somebody should look at


def changes_since(path: Path, facts: dict) -> dict | None:
    """The changes since the report whose JSON lies at `path`; None where there is none to compare with.

    Where nobody's points changed, those between that report and the one before it.
    """
    before = _read(path)
    if before is None:
        return None
    old = {one["student"]: one["points"] for one in before["students"]}
    new = {one["student"]: one["points"] for one in facts["students"]}
    moved = {who: (old.get(who), now) for who, now in new.items() if old.get(who) != now}
    if not moved:
        return before.get("changes")
    return {
        "up": sum(_rises(*pair) > 0 for pair in moved.values()),
        "down": sum(_rises(*pair) < 0 for pair in moved.values()),
        "new": sum(who not in old for who in moved),
        "big": [
            {"student": who, "before": was, "after": now}
            for who, (was, now) in moved.items()
            if who in old and (None in (was, now) or abs(now - was) >= BIG * facts["max_points"])
        ],
    }


def _rises(was: float | None, now: float | None) -> float:
    return 0.0 if was is None or now is None else now - was


def _read(path: Path) -> dict | None:
    try:
        found = json.loads(path.read_text())
        return found if {"student", "points"} <= set(found["students"][0]) else None
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None
