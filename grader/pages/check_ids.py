"""A short name for each check, which a student can quote and the staff look up. It tells nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without what looks alike
LENGTH = 5  # 24 million: the checks of a course seldom meet


@dataclass(frozen=True)
class CheckIds:
    """The names of the checks of one notebook, the same for every student."""

    assignment: str
    notebook: str

    def of(self, grade_id: str, label: str) -> str:
        """Of the check `label` of a test cell; of the cell as a whole where `label` is empty."""
        text = "\0".join((self.assignment, self.notebook, grade_id, label))
        number, letters = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()), ""
        for _ in range(LENGTH):
            number, place = divmod(number, len(ALPHABET))
            letters += ALPHABET[place]
        return letters
