"""What is in a folder or a zip archive, without trusting it: names, sizes, links, bombs.

Nothing is unpacked to disk. A member that cannot be taken is refused with a line; the others go on.
"""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from grader.intake.contents import Contents, FileRefused, Member
from grader.plainfiles import is_ignored, name_problem, read_plain, shown, walk

MAX_FILE = 64 << 20  # bytes of one unpacked file
MAX_MEMBERS = 100_000
MAX_NAME = 1_000  # characters; to compare names as Unicode does takes the square of their length
MAX_DIRECTORY = 16 << 20  # bytes of a zip's table of contents, which is read whole
MAX_RATIO = 300  # unpacked / packed, for a file of more than a megabyte: text reaches 50
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)


def open_download(path: Path) -> Contents:
    """The contents of a folder or a zip archive; a context manager, for its members are read later."""
    if path.is_dir():
        return _folder(path)
    try:
        return open_zip(open(path, "rb"))
    except OSError as error:
        return Contents(refused=[("", error.strerror or "cannot be read")])


def _folder(root: Path) -> Contents:
    notes: list[str] = []
    members = [Member(name, plain_member(path)) for name, path in walk(root, notes)]
    clones = {path.parent.name for depth in ("*", "*/*") for path in root.glob(f"{depth}/.git")}
    return Contents(members, [("", note) for note in notes], clones)


def plain_member(path: Path) -> Callable[[], bytes]:
    """How to read a file on disk as a member."""

    def read() -> bytes:
        data, problem = read_plain(path, MAX_FILE)
        if data is None:
            raise FileRefused(problem)
        return data

    return read


def open_zip(file: BinaryIO) -> Contents:
    """The contents of a zip archive."""
    try:
        _check_directory(file)
        archive = zipfile.ZipFile(file)
    except FileRefused as refused:
        return Contents(refused=[("", str(refused))])
    except DAMAGE:
        return Contents(refused=[("", "it is not a whole zip archive")])
    contents, taken = Contents(archive=archive), set[str]()
    for info in archive.infolist():
        _add(contents, archive, info, taken)
    return contents


def _check_directory(file: BinaryIO) -> None:
    """Refuse a table of contents that would fill the memory before a single member is seen."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    file.seek(0)
    end, end64 = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    listed = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    if listed == 0xFFFFFFFF and end64 >= 0:
        listed = int.from_bytes(tail[end64 + 40 : end64 + 48], "little")
    if listed > MAX_DIRECTORY:
        raise FileRefused("it has far too many members")


def _add(contents: Contents, archive: zipfile.ZipFile, info: zipfile.ZipInfo, taken: set[str]) -> None:
    if len(info.filename) > MAX_NAME:
        contents.refused.append((shown(info.filename[:MAX_NAME]), "its name is too long"))
        return
    path = _name(info)
    if path.endswith("/") or any(is_ignored(part) for part in path.split("/")):
        return
    problem = _problem(info, path, taken) if len(contents.members) < MAX_MEMBERS else "one of too many"
    if not problem:
        taken.update(_folded(path))
        contents.members.append(Member(path, lambda: _unpacked(archive, info)))
    else:
        contents.refused.append((shown(path), problem))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's path, in NFC and with "/"; names that lack the UTF-8 flag often are UTF-8 still."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return unicodedata.normalize("NFC", name.replace("\\", "/")).removeprefix("./")


def _problem(info: zipfile.ZipInfo, path: str, taken: set[str]) -> str:
    parts, mode = path.split("/"), info.external_attr >> 16
    if path.startswith("/") or ".." in parts or path[1:2] == ":":
        return "its path leads out of the archive"
    if not all(parts) or "." in parts:
        return "its path is not a plain one"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or a device"
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.compress_type not in METHODS:
        return "it is packed in an unusual way"
    if info.file_size > MAX_FILE:
        return f"it is larger than {MAX_FILE >> 20} MB"
    if info.file_size > 1 << 20 and info.file_size > MAX_RATIO * info.compress_size:
        return "it unpacks to far more than it should (a zip bomb)"
    if path.casefold() in taken or any(_clash(folded, taken) for folded in _folded(path)):
        return "another file has the same name"
    return name_problem(path)


def _folded(path: str) -> list[str]:
    """The path and, marked with a "/", the folders above it, as file systems that ignore case see them."""
    parts = path.casefold().split("/")
    return [path.casefold(), *("/".join(parts[:n]) + "/" for n in range(1, len(parts)))]


def _clash(folded: str, taken: set[str]) -> bool:
    """A file where a folder is, or a folder where a file is."""
    return folded + "/" in taken or (folded.endswith("/") and folded[:-1] in taken)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as file:
            data = file.read(MAX_FILE + 1)
    except DAMAGE as error:
        raise FileRefused("it is damaged") from error
    if len(data) > MAX_FILE:
        raise FileRefused(f"it is larger than {MAX_FILE >> 20} MB")
    return data
