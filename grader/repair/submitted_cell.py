"""A cell as a student's file has it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SubmittedCell:
    """A cell as the student's file has it. `grade_id` and `cell_id` are claims ("" when there is none)."""

    kind: str  # code, markdown, raw
    source: str
    grade_id: str = ""
    cell_id: str = ""
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)
