"""The connection to an nbgrader gradebook, and whether its tables are those of this nbgrader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import nbgrader
from nbgrader.api import Base
from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from sqlalchemy.orm import Session

from grader.errors import GradebookError

if TYPE_CHECKING:
    from grader.course.directory import Course

LOCK_SECONDS = 60.0


def connect(db_url: str, *, read_only=False) -> Engine:
    """An engine on the gradebook at `db_url`, made with nbgrader's tables where there is none.

    With `read_only` a missing SQLite gradebook is an empty one in memory. Waits up to LOCK_SECONDS for
    somebody else's transaction. GradebookError: the tables are those of another nbgrader.
    """
    url = make_url(db_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    if read_only and is_sqlite and not Path(url.database or "").is_file():
        engine = create_engine("sqlite://")
        Base.metadata.create_all(engine)
        return engine
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS} if is_sqlite else {})
    tables = set(inspect(engine).get_table_names())
    if not tables & set(Base.metadata.tables):
        _create(engine)
    else:
        _check_schema(engine, tables)
    return engine


def database_file(db_url: str) -> Path | None:
    """The file of an SQLite gradebook; None where a server keeps it."""
    url = make_url(db_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _create(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": _head()})


def _head() -> str | None:
    """The revision of nbgrader's schema, read without the process that nbgrader starts for it."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()


def _check_schema(engine: Engine, tables: set[str]) -> None:
    inspector = inspect(engine)
    for name, table in Base.metadata.tables.items():
        have = {column["name"] for column in inspector.get_columns(name)} if name in tables else set()
        if not set(table.columns.keys()) <= have:
            place = engine.url.render_as_string(hide_password=True)
            remedy = "run `nbgrader db upgrade` in the course directory"
            raise GradebookError(f"{place} has no {name} as this nbgrader knows it -- {remedy}")


REMEDIES = {
    "lock": "close what holds it (formgrader, another run)",
    "full": "free some space on its disk and grade again; what is recorded stays",
    "disk I/O": "free some space on its disk, or look after the disk, and grade again",
    "readonly": "make it, and the folder that holds it, writable for this user",
    "unable to open": "make it, and the folder that holds it, writable for this user",
}
DAMAGED = "restore a copy of it, or move it away and grade anew"


@contextmanager
def database_errors(course: Course) -> Iterator[None]:
    """Turn what the database says into one line for the staff."""
    try:
        yield
    except (DataError, IntegrityError):
        raise  # one submission's fault, not the database's
    except DatabaseError as error:
        place = Path(course.db_url.removeprefix("sqlite:///")).name
        reason = str(error.orig).splitlines()[0]
        remedy = next((remedy for word, remedy in REMEDIES.items() if word in reason), DAMAGED)
        raise GradebookError(f"{place}: {reason} -- {remedy}") from error


@contextmanager
def reading(course: Course) -> Iterator[Session]:
    """The course's gradebook, only to be read. Raises GradebookError as the Gradebook does."""
    with _session(course, read_only=True) as session:
        yield session


@contextmanager
def writing(course: Course) -> Iterator[Session]:
    """The course's gradebook in one transaction, undone where it raises. Raises GradebookError, too."""
    with _session(course, read_only=False) as session, session.begin():
        yield session


@contextmanager
def _session(course: Course, *, read_only: bool) -> Iterator[Session]:
    with database_errors(course):
        engine = connect(course.db_url, read_only=read_only)
        try:
            with Session(engine) as session:
                yield session
        finally:
            engine.dispose()
