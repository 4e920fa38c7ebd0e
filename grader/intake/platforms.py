"""The shapes in which learning platforms hand out submissions: who sent which file, and in which order.

Only what the platform itself wrote is read: the first part of a path, or its table of submissions. What
follows is the student's, and may look like anything.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

from grader.intake.canvas_names import canvas_names
from grader.intake.contents import Member
from grader.intake.platform_tables import content, mapping, table_of, utc, yaml_of
from grader.intake.roster import Sender
from grader.intake.sent_file import SentFile

# Last name and first name in one word; "LATE"; the ids of user and attachment; the student's file name. Who
# is anonymous has no name and a code of letters and digits; what was typed has no attachment.
CANVAS = re.compile(
    r"(?:(?=(?:LATE_)?anon_)|(?P<name>[^/]+?)_)(?P<late>LATE_)?(?P<id>\d+|anon_(?=\d*[A-Za-z])[A-Za-z\d]{5})"
    r"_(?:(?P<order>\d+)_(?P<path>[^/]+)|(?P<typed>(?:text|link)\.html))",
    re.DOTALL,
)
MOODLE = re.compile(
    r"(?P<name>[^/]+?)_\d+_assignsubmission_(?:file|onlinetext)_?(?:/?(?P<path>.+))", re.DOTALL
)
GRADESCOPE = re.compile(r"(?P<entry>submission_\d+)/(?P<path>.+)", re.DOTALL)
NBGRADER = r"{}_(?P<id>[^/]+?)_attempt_(?P<time>\d{{4}}(?:-\d\d){{5}})_(?P<path>[^/]+)"  # zip_collect
CLONE = re.compile(r"(?P<folder>[^/]+)/(?P<path>.+)", re.DOTALL)

Reader = Callable[[Member], list[SentFile]]  # one for each student who handed the file in


def readers(tables: list[Member], clones: set[str], assignment: str) -> dict[str, Reader]:
    return {
        "nbgrader": ZipCollect(assignment),
        "gradescope": Gradescope(tables),
        "moodle": moodle,
        "canvas": canvas,
        "github": Clones(tables, clones, assignment),
    }


def canvas(member: Member) -> list[SentFile]:
    if not (match := CANVAS.fullmatch(member.path)):
        return []
    sender = Sender((match["id"],), name=match["name"] or "")
    path, also = canvas_names(match["typed"] or match["path"])
    order = int((match["order"] or "0")[:18])
    return [SentFile(sender, path, member, order, is_late=bool(match["late"]), also=also)]


def moodle(member: Member) -> list[SentFile]:
    match = MOODLE.fullmatch(member.path)
    return [SentFile(Sender(name=match["name"]), match["path"], member)] if match else []


class ZipCollect:
    """ASSIGNMENT_STUDENT_attempt_2026-01-31-10-00-00_FILE, the naming of nbgrader's zip_collect."""

    def __init__(self, assignment: str):
        self._pattern = re.compile(NBGRADER.format(re.escape(assignment)), re.DOTALL)

    def __call__(self, member: Member) -> list[SentFile]:
        if not (match := self._pattern.fullmatch(member.path)):
            return []
        try:
            sent_at = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S")
        except ValueError:
            return []
        order = int(sent_at.replace(tzinfo=UTC).timestamp())
        return [SentFile(Sender((match["id"],)), match["path"], member, order, sent_at)]


class Gradescope:
    """submission_123/FILE, with submission_metadata.yml beside saying who and when."""

    def __init__(self, tables: list[Member]):
        table = table_of(tables, "submission_metadata.yml")
        self._table = mapping(yaml_of(table)) if table else {}

    def __call__(self, member: Member) -> list[SentFile]:
        match = GRADESCOPE.fullmatch(member.path)
        if not match:
            return []
        entry = mapping(self._table.get(match["entry"]))
        sent_at, who = utc(entry.get(":created_at")), entry.get(":submitters")
        senders = [self._sender(mapping(one)) for one in who] if isinstance(who, list) else []
        return [SentFile(sender, match["path"], member, 0, sent_at) for sender in senders]

    def _sender(self, who: dict) -> Sender:
        ids = (str(who[":sid"]),) if who.get(":sid") else ()
        return Sender(ids, str(who.get(":email") or ""), str(who.get(":name") or ""))


class Clones:
    """Git clones named ASSIGNMENT-USER; classroom_roster.csv beside them translates GitHub's names."""

    def __init__(self, members: list[Member], clones: set[str], assignment: str):
        self._clones, self._prefix = clones, f"{assignment}-"
        tables = [member for member in members if member.path == "classroom_roster.csv"]
        rows = (
            csv.DictReader(io.StringIO(content(tables[0]).decode("utf-8-sig", "replace"))) if tables else ()
        )
        self._names = {row.get("github_username"): row.get("identifier") or "" for row in rows}

    def __call__(self, member: Member) -> list[SentFile]:
        match = CLONE.fullmatch(member.path)
        if not match or match["folder"] not in self._clones:
            return []
        return [SentFile(Sender(self._ids(match["folder"])), match["path"], member)]

    def _ids(self, folder: str) -> tuple[str, ...]:
        """The one user of that name; all that may be one when the folder is not called ASSIGNMENT-..."""
        if folder.startswith(self._prefix):
            user = folder.removeprefix(self._prefix)
            return (self._names.get(user) or user,)
        parts = folder.split("-")
        users = ("-".join(parts[n:]) for n in range(1, len(parts)))
        return tuple(self._names.get(user) or user for user in users)


class Folders:
    """STUDENT/FILE, STUDENT/ASSIGNMENT/FILE (nbgrader's own), or files named STUDENT.ipynb."""

    def __init__(self, assignment: str, depth: int):
        self._assignment, self._depth = assignment, depth

    def __call__(self, member: Member) -> list[SentFile]:
        parts = member.path.split("/")
        at = parts.index(self._assignment, 1) if self._assignment in parts[1:-1] else self._depth + 1
        if len(parts) > at:
            own = parts[at] == self._assignment and len(parts) > at + 1
            inner = "/".join(parts[at + own :])
            return [SentFile(Sender((parts[at - 1],)), inner, member, is_nbgraders=own)]
        stem = parts[-1].rsplit(".", 1)[0]  # a name only, for a roster to know
        return [SentFile(Sender(name=stem), parts[-1], member)] if len(parts) == at else []
