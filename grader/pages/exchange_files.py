"""What `nbgrader release_feedback` wants beside the pages: the time of handing in, the exchange's secret."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from grader.atomic import write_atomic
from grader.intake.submissions import TIMESTAMP
from grader.plainfiles import read_plain

SECRET = "submission_secret.txt"
MOST = 1000  # bytes of either


def keep_for_exchange(submitted: Path, place: Path) -> None:
    """Put both files into `place`, where they are not yet.

    Who handed in some other way gets a secret that nobody knows, for with a known one others could fetch it.
    """
    for name in (TIMESTAMP, SECRET):
        there, _ = read_plain(place / name, MOST)
        sent, _ = read_plain(submitted / name, MOST)
        otherwise = there or secrets.token_hex(64).encode() if name == SECRET else b""
        wanted = sent or otherwise
        if wanted != there:
            with contextlib.suppress(OSError):
                write_atomic(place / name, wanted)
