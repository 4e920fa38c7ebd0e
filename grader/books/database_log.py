"""How an SQLite gradebook is logged while a batch writes: others read, and humans mark, meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from grader.books import database

LOG_SECONDS = 1.0  # to change the kind of the log: it will do as it is
SHARED = {"nfs", "nfs4", "cifs", "smb3", "9p", "afs", "ceph", "lustre", "fuse.sshfs", "fuse.glusterfs"}


@contextlib.contextmanager
def logged_ahead(engine: Engine) -> Iterator[None]:
    """Let others read an SQLite gradebook, and a human write between two transactions, while we write.

    Afterwards the file is a plain one again, which can be copied and read where nobody may write. Nothing
    changes for a server, or on a file system that several machines share, where such a log is not safe.
    """
    place = engine.url.database
    ours = engine.url.get_backend_name() == "sqlite" and place and _file_system(Path(place)) not in SHARED
    if ours:
        _set_log(engine, "WAL")
    try:
        yield
    finally:
        if ours:
            _set_log(engine, "DELETE")


def _set_log(engine: Engine, kind: str) -> None:
    with engine.connect() as connection:
        _wait(connection, LOG_SECONDS)
        with contextlib.suppress(DatabaseError):  # somebody has it open
            connection.exec_driver_sql(f"PRAGMA journal_mode={kind}").all()
        _wait(connection, database.LOCK_SECONDS)


def _wait(connection: Connection, seconds: float) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(seconds * 1000)}").all()


def _file_system(path: Path) -> str:
    """The kind of the file system that holds `path`, "" where nobody tells."""
    kinds = {}
    with contextlib.suppress(OSError, UnicodeDecodeError):
        kinds = {
            words[1]: words[2] for words in map(str.split, Path("/proc/mounts").read_text().splitlines())
        }
    return next((kinds[str(place)] for place in path.resolve().parents if str(place) in kinds), "")
