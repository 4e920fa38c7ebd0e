"""What a test of another course must not do in the judge, where its text or its path may be the student's.

A query, an expression or a command that an answer gives would run here, beside the hidden tests, and a path
of an answer's would be written or deleted. A test whose reference does so runs inside, for it
cannot cross. Databases stay open to queries, but attach no other file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from grader.engine.judge.evaluators import guard_evaluators, is_allowed_pickle
from grader.engine.judge.student_errors import CannotCross
from grader.engine.sandbox import landlock

_RUNS = {"os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.system"}
_RUNS |= {"pty.spawn", "subprocess.Popen"}
_CHANGES = {"chmod", "chown", "link", "mkdir", "remove", "removexattr", "rename", "rmdir", "setxattr"}
_CHANGES |= {"symlink", "truncate", "utime"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_own: list[str] = []  # folders and files that tests may change
_tests: list[bool] = []  # not empty while one runs


def guard_deeds(instructors: str) -> None:
    """In the judge, beside the instructor's files: from now on tests run and change nothing else. Expressions
    that stand in the `instructors` own cells, answers aside, are evaluated."""
    _own.extend((os.path.realpath(os.getcwd()), os.path.realpath(tempfile.gettempdir()), os.devnull))
    sys.dont_write_bytecode = True
    for module in (sqlite3, sqlite3.dbapi2):
        vars(module)["connect"] = _closed(sqlite3.connect)
    guard_evaluators(instructors)
    sys.addaudithook(_hook)


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """While a test runs."""
    _tests.append(True)
    try:
        yield
    finally:
        _tests.pop()


def _hook(event: str, args: tuple) -> None:
    if not _tests:
        return
    if event in _RUNS:
        raise CannotCross(f"{event} in a test would run a command outside of the sandbox")
    if event == "pickle.find_class" and not is_allowed_pickle(sys._getframe(1)):
        raise CannotCross(f"a pickle that is no file would run here: it names {args[0]}.{args[1]}")
    if event.startswith("tempfile.mk"):
        _own.append(os.path.realpath(args[0]))
    else:
        for path in _changed(event, args):
            if not _is_own(path):
                raise CannotCross(
                    f"{event} in a test would change {os.fspath(path)!r}, outside of its folder"
                )


def _changed(event: str, args: tuple) -> tuple:
    """The paths that an event is about to change; what a descriptor of a folder leads to was asked before."""
    if event == "open":
        return args[:1] if args[2] & _WRITING else ()
    if event == "shutil.rmtree" or (event == "sqlite3.connect" and not landlock.abi()):
        return args[:1]  # a database that the kernel keeps from changes can be read
    module, _, name = event.partition(".")
    if module != "os" or name not in _CHANGES:
        return ()
    return args[:2] if name in ("rename", "link", "symlink") else args[:1]


def _is_own(path: Any) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return True
    text = os.fsdecode(path)
    real = os.path.realpath(text)
    return text in ("", ":memory:") or any(real == own or real.startswith(own + os.sep) for own in _own)


def _closed(connect: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
    @wraps(connect)
    def connected(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.set_authorizer(_authorized)
        return connection

    return connected


def _authorized(action: int, name: str | None, *_more: Any) -> int:
    """For SQLite: no database but an own one is attached; VACUUM attaches one without a name."""
    allowed = action != sqlite3.SQLITE_ATTACH or (name is not None and _is_own(name))
    return sqlite3.SQLITE_OK if allowed and not str(name).startswith("file:") else sqlite3.SQLITE_DENY
