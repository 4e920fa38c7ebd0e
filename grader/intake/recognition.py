"""Which platform a download comes from, and so who sent which file of it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.intake.contents import Contents, Member
from grader.intake.platform_tables import TABLES
from grader.intake.platforms import Folders, Reader, SentFile, ZipCollect, canvas, moodle, readers
from grader.intake.roster import Roster


@dataclass(frozen=True)
class Download:
    """What of a download could be told apart; `strangers` are paths that name no student."""

    shape: str
    sent: tuple[SentFile, ...]
    strangers: tuple[str, ...] = ()


def recognise(contents: Contents, assignment: str, roster: Roster) -> Download:
    """Tell who sent what, by the shape that fits most of the download."""
    members = [member for member in contents.members if member.path.split("/")[-1] not in TABLES]
    tables = [member for member in contents.members if member.path.split("/")[-1] in TABLES]
    for depth in range(2):
        inner = [Member(_below(member.path, depth), member.read) for member in members]
        for shape, reader in readers(tables, contents.clones, assignment).items():
            download = _read(shape, inner, reader)
            if len(download.sent) > len(members) / 2:
                return download
    folders = [_read("folders", members, Folders(assignment, depth)) for depth in range(2)]
    return max(folders, key=lambda download: sum(roster.find(s.sender) is not None for s in download.sent))


def is_of_one_student(name: str, assignment: str) -> bool:
    """Whether a file of this name is what one student handed in, by the naming of a platform."""
    member = Member(name, bytes)
    return bool(ZipCollect(assignment)(member) or moodle(member) or canvas(member))


def _below(path: str, depth: int) -> str:
    return path.split("/", depth)[-1] if path.count("/") >= depth else path


def _read(shape: str, members: list[Member], reader: Reader) -> Download:
    read = [(member, reader(member)) for member in members]
    sent = tuple(one for _, found in read for one in found)
    return Download(shape, sent, tuple(member.path for member, found in read if not found))
