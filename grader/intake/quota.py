"""How much one student may send."""

from __future__ import annotations

from dataclasses import dataclass

from grader.intake.contents import FileRefused, Member

MAX_FILES = 5_000
MAX_TOTAL = 56 << 20  # bytes, unpacked
MAX_READ = 512 << 20  # bytes, with archives that turn out to hold no notebook
TOO_MUCH = "there are too many files, or too large ones"


@dataclass
class Quota:
    """What a student may still send, and how much of it may still be read to look for a notebook."""

    files: int = MAX_FILES
    size: int = MAX_TOTAL
    to_read: int = MAX_READ

    def read(self, member: Member) -> bytes:
        if self.to_read <= 0:
            raise FileRefused(TOO_MUCH)
        data = member.read()
        self.to_read -= len(data)
        return data

    def take(self, data: bytes) -> None:
        if self.files <= 0 or len(data) > self.size:
            raise FileRefused(TOO_MUCH)
        self.files, self.size = self.files - 1, self.size - len(data)
