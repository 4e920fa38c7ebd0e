"""Errors that somebody on the staff must act on; the command line prints one line and exits with 2.

    GraderError
      CourseError          the instructor's material: names file, grade_id, remedy
      SandboxError         this machine cannot confine a process: refused, never downgraded in silence
      GradebookError       the gradebook is missing, locked, or of another schema
      ClusterError         the scheduler cannot be reached, or no worker there may grade
      FeedbackError        pages of some students could not be made: names them, and why

What a student can cause is a `Status`, not an error.
"""

import errno
from collections.abc import Iterable

FULL = {errno.ENOSPC, errno.EDQUOT}
CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_PLACE = {errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}


class GraderError(Exception):
    """Somebody on the staff must act; the message is one line that says what and how."""


class CourseError(GraderError):
    """The instructor's material is at fault."""

    def __init__(
        self,
        problem: str,
        *,
        file: object = "",
        line: int | None = None,
        grade_id: str = "",
        remedy: str = "",
    ):
        self.problem, self.file, self.line = problem, str(file), line
        self.grade_id, self.remedy = grade_id, remedy
        super().__init__(self._line())

    def _line(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [place and f"{place}:", self.grade_id and f"[{self.grade_id}]", self.problem]
        text = " ".join(part for part in parts if part)
        return f"{text} -- {self.remedy}" if self.remedy else text


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy for a word that nobody knows: the known one that was probably meant, or `otherwise`."""
    from difflib import get_close_matches  # for who mistyped alone

    close = get_close_matches(word, list(known), 1)
    return f"did you mean {close[0]}?" if close else otherwise


def stops_all(error: BaseException | None) -> bool:
    """Whether what was in the way of one file, a full disk say, is in the way of every other."""
    return isinstance(error, OSError) and error.errno in FULL | CLOSED | {errno.EIO}


def names_no_place(error: OSError) -> bool:
    """Whether a path is at fault, which somebody gave."""
    return error.errno in NO_PLACE and error.filename is not None


def explained(error: OSError, place: object = "") -> CourseError:
    """One line for the staff about a file or folder that cannot be read or written."""
    what, remedy = "written", "make it writable for this user"
    if error.errno in FULL:
        remedy = "free some space and do it again; what is written stays"
    elif error.errno in (errno.EACCES, errno.EPERM):
        what, remedy = "opened", "give this user the right to it"
    elif error.errno in NO_PLACE:
        what, remedy = "opened", "is this the path that you mean?"
    return CourseError(f"cannot be {what}: {error.strerror}", file=error.filename or place, remedy=remedy)


class SandboxError(GraderError):
    """This machine cannot confine a process."""


class GradebookError(GraderError):
    """The gradebook is missing, locked, or of another schema."""


class ClusterError(GraderError):
    """The scheduler of a cluster cannot be reached, or no worker there may grade."""


class FeedbackError(GraderError):
    """The pages of some students could not be made."""

    def __init__(self, reasons: dict[str, str]):
        those = "; ".join(f"{student} ({reason[:200]})" for student, reason in reasons.items())
        super().__init__(f"no feedback page for {those} -- all others are written; grade these with --force")
