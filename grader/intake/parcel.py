"""Everything one student sent -> the files of one submission, in memory: unpacked, named, latest first.

The notebook that counts is the one sent last. Nothing sent is lost: earlier versions lie in earlier/, and
an archive that holds no notebook stays as it is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from nbformat import NotebookNode

from grader.intake.archives import open_zip
from grader.intake.canvas_names import by_both_names
from grader.intake.contents import FileRefused, Member
from grader.intake.quota import Quota
from grader.intake.sent_file import SentFile
from grader.intake.submissions import TIMESTAMP
from grader.plainfiles import is_ignored, shown
from grader.repair.identify import identify

MAX_NESTING = 2  # archives inside archives
MAX_NAMED = 5  # files in one note
LATE = "handed in late, the platform says; its download tells no time -- write it into timestamp.txt"
AGAIN = re.compile(r"(?:-\d+| ?\(\d+\))(?=\.ipynb$)")  # what platforms and browsers add to a second copy


@dataclass
class Parcel:
    """`files` by path, newest first; `refused` as (path, why); `notes` are lines for the instructor."""

    files: dict[str, bytes] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sent_at: datetime | None = None


def pack(sent: list[SentFile], notebooks: Mapping[str, NotebookNode], ignored: list[str]) -> Parcel:
    """Unpack, bound and name what a student sent (in order of sending) for these notebooks."""
    parcel, quota = Parcel(), Quota()
    for _, upload in groupby(by_both_names(sent), key=lambda one: (one.batch, one.order)):
        _add(parcel, list(upload), quota, notebooks, ignored)
    parcel.files = dict(reversed(parcel.files.items()))
    _name(parcel, notebooks)
    if parcel.sent_at:
        parcel.files[TIMESTAMP] = f"{parcel.sent_at:%Y-%m-%d %H:%M:%S} UTC\n".encode()
    return parcel


def _add(
    parcel: Parcel, upload: list[SentFile], quota: Quota, notebooks: Mapping, ignored: list[str]
) -> None:
    """Put one upload over what was sent before it."""
    files: dict[str, bytes] = {}
    has_notebook = any(one.path.endswith(".ipynb") for one in upload)
    for one in upload:
        member = Member(one.path, one.member.read)
        files |= dict(_opened(parcel, member, quota, 0 if has_notebook else MAX_NESTING))
        if one.is_late and LATE not in parcel.notes:
            parcel.notes.append(LATE)
        parcel.sent_at = max(filter(None, (parcel.sent_at, one.sent_at)), default=None)
    for path, data in _rooted(files, notebooks).items():
        if any(is_ignored(part, ignored) for part in path.split("/")):
            continue
        if path == TIMESTAMP and not any(one.is_nbgraders and one.path == TIMESTAMP for one in upload):
            parcel.refused.append((path, "the platform says when something was sent, not the student"))
        else:
            _put(parcel, _versionless(path, notebooks, files), data)


def _opened(parcel: Parcel, member: Member, quota: Quota, nesting: int) -> Iterator[tuple[str, bytes]]:
    """The files in a member: itself, or what it packs when there is a notebook in it."""
    try:
        data = quota.read(member)
        if nesting > 0 and member.path.lower().endswith(".zip"):
            trial = replace(quota)
            inner = dict(_unpacked(parcel, member.path, data, trial, nesting))
            quota.to_read = trial.to_read
            if any(path.endswith(".ipynb") for path in inner):
                quota.files, quota.size = trial.files, trial.size
                yield from inner.items()
                return
        quota.take(data)
        yield member.path, data
    except FileRefused as refused:
        parcel.refused.append((shown(member.path), str(refused)))


def _unpacked(
    parcel: Parcel, path: str, data: bytes, quota: Quota, nesting: int
) -> Iterator[tuple[str, bytes]]:
    with open_zip(io.BytesIO(data)) as contents:
        for name, why in contents.refused:
            parcel.refused.append((f"{shown(path)}/{name}" if name else shown(path), why))
        direct = any(member.path.endswith(".ipynb") for member in contents.members)
        for member in contents.members:
            yield from _opened(parcel, member, quota, 0 if direct else nesting - 1)


def _rooted(files: dict[str, bytes], notebooks: Mapping) -> dict[str, bytes]:
    """Paths as seen from the folder of the notebook; what lies outside of it keeps its path."""
    found = [path for path in files if path.endswith(".ipynb")]
    wanted = [
        path for path in found if AGAIN.sub("", path.split("/")[-1]).removesuffix(".ipynb") in notebooks
    ]
    nearest = min(wanted or found, key=lambda path: path.count("/"), default="")
    root = nearest[: nearest.rfind("/") + 1]
    inside = {path.removeprefix(root): data for path, data in files.items() if path.startswith(root)}
    return {path: data for path, data in files.items() if not path.startswith(root)} | inside


def _versionless(path: str, notebooks: Mapping, files: Mapping) -> str:
    """ps1-1.ipynb and ps1 (1).ipynb are ps1.ipynb sent again, unless that was sent with them."""
    plain = AGAIN.sub("", path)
    return plain if plain.removesuffix(".ipynb") in notebooks and plain not in files else path


def _put(parcel: Parcel, path: str, data: bytes) -> None:
    """Add a file; the version sent before it is kept in earlier/."""
    before = parcel.files.pop(path, None)
    if before is not None and before != data:
        number = sum(name.startswith("earlier/") for name in parcel.files) + 1
        parcel.files[f"earlier/{number}/{path}"] = before
        parcel.notes.append(f"{shown(path)} was sent more than once; the last one counts.")
    parcel.files[path] = data


def _name(parcel: Parcel, notebooks: Mapping[str, NotebookNode]) -> None:
    """Give each notebook its proper name, found by content where the name is another one."""
    current = {path: data for path, data in parcel.files.items() if not path.startswith("earlier/")}
    found = identify(current, notebooks)
    for name in notebooks:
        proper, path = f"{name}.ipynb", found.get(name)
        if path is None:
            parcel.notes.append(f"{proper} was not sent.")
        elif path != proper:
            if proper in parcel.files:
                parcel.files[f"earlier/other/{proper}"] = parcel.files.pop(proper)
            parcel.files[proper] = parcel.files.pop(path)
            parcel.notes.append(f"{shown(path)} was taken for {proper}, by what it holds.")
    parcel.notes += _not_counted([path for path in current if path not in found.values()], bool(found))


def _not_counted(paths: list[str], is_beside: bool) -> list[str]:
    """A note on the notebooks that lie beside those that count; on every file where none of them counts."""
    named = [shown(path) for path in sorted(paths) if path.endswith(".ipynb") or not is_beside]
    more = [f"{len(named) - MAX_NAMED} more"] if len(named) > MAX_NAMED else []
    return [f"sent, but not counted: {', '.join(named[:MAX_NAMED] + more)}"] if named else []
