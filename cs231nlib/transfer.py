"""One connection to a mirror: what is missing of a file is appended to it."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

from cs231nlib.pace import Pace

MAX_BYTES = 200_000_000  # the archive has 170.5 million
CHUNK = 1 << 16


class MirrorError(Exception):
    """This mirror cannot give us the archive; the message says why."""


def size_of(path: Path) -> int:
    """Bytes; 0 where there is no file."""
    return path.stat().st_size if path.exists() else 0


def transfer(url: str, part: Path, timeout: float, pace: Pace) -> bool:
    """One connection: append to `part` what is missing. Returns whether it is complete."""
    offset = size_of(part)
    wanted = {"Range": f"bytes={offset}-"} if offset else {}
    request = urllib.request.Request(url, headers={"User-Agent": "cs231nlib", **wanted})
    try:
        response = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is missing, or what is there is too long: the sum will tell
            return True
        raise
    with response:
        offset, total = _span(response, offset)
        with part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            file.truncate()
            done = _copy(response, file, offset, total, pace)
    return done == total if total is not None else True


def _span(response, offset):
    """Where the bytes of this answer start, and the length of the whole if the server says so."""
    words = response.headers.get("Content-Range", "").replace("-", " ").replace("/", " ").split()
    if response.status == 206 and len(words) == 4 and words[1] == str(offset) and words[3].isdecimal():
        return offset, int(words[3])
    if response.status == 206:
        raise MirrorError("the server sends another part than the one asked for")
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _copy(response, file, done, total, pace):
    pace.start(done)
    while chunk := _read(response):
        done += len(chunk)
        if done > MAX_BYTES:
            raise MirrorError(f"more than {MAX_BYTES // 10**6} MB came, and the archive is smaller")
        file.write(chunk)
        pace.tell(done, total)
    return done


def _read(response):
    try:
        return response.read1(CHUNK)  # what has come, instead of waiting for a full chunk
    except OSError as error:  # of the network, not of the disk
        raise ConnectionError(str(error)) from None
