"""The connection to an nbgrader gradebook, and whether its tables are those of this nbgrader."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import nbgrader
from nbgrader.api import Base
from sqlalchemy import URL, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from grader.errors import GradebookError

if TYPE_CHECKING:
    from grader.course.directory import Course

LOCK_SECONDS = 60.0  # for somebody else's transaction, or a server that is away, to come to an end
REVISION = re.compile(r"^(down_)?revision = ['\"](\w+)", re.MULTILINE)
LOCKED = "55P03"  # what PostgreSQL calls a lock that was not given in time
NO_DRIVER = (
    "{place}: {error} -- for PostgreSQL: pip install 'nbgrader-judge[postgres]', "
    "and a db_url that begins with postgresql+psycopg://"
)


def connect(db_url: str, *, read_only: bool = False) -> Engine:
    """An engine on the gradebook at `db_url`, made with nbgrader's tables where there is none.

    With `read_only` a missing SQLite gradebook is an empty one in memory. Waits up to LOCK_SECONDS for
    somebody else's transaction. GradebookError: the tables are those of another nbgrader, or a driver is
    missing.
    """
    url = make_url(db_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    if read_only and is_sqlite and not Path(url.database or "").is_file():
        engine = create_engine("sqlite://")
        Base.metadata.create_all(engine)
        return engine
    engine = _engine(url)
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


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return create_engine(url, connect_args={"timeout": LOCK_SECONDS})
        waits = {"options": f"-c lock_timeout={int(LOCK_SECONDS * 1000)}"}
        known = waits if url.get_backend_name() == "postgresql" else {}
        return create_engine(url, pool_pre_ping=True, connect_args=known)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        place = url.render_as_string(hide_password=True)
        raise GradebookError(NO_DRIVER.format(place=place, error=error)) from error


def _create(engine: Engine) -> None:
    """All tables or none, also where somebody ends us in between."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # whose driver begins no transaction for tables by itself
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": _head()})


def _head() -> str:
    """The revision of nbgrader's schema that no other follows; alembic would take 0.2 s to say so."""
    versions = Path(nbgrader.__file__).parent / "alembic" / "versions"
    told = [found.groups() for file in versions.glob("*.py") for found in REVISION.finditer(file.read_text())]
    (head,) = {name for word, name in told if not word} - {name for word, name in told if word}
    return head


def _check_schema(engine: Engine, tables: set[str]) -> None:
    inspector = inspect(engine)
    for name, table in Base.metadata.tables.items():
        have = {column["name"] for column in inspector.get_columns(name)} if name in tables else set()
        if not set(table.columns.keys()) <= have:
            place = engine.url.render_as_string(hide_password=True)
            remedy = "run `nbgrader db upgrade` in the course directory"
            raise GradebookError(f"{place} has no {name} as this nbgrader knows it -- {remedy}")


REMEDIES = {
    "connect": "see that its server runs and can be reached, then grade again; what is recorded stays",
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
        place = Path(make_url(course.db_url).database or "").name
        reason = str(error.orig).partition("\n")[0]
        remedy = next((remedy for word, remedy in REMEDIES.items() if word in reason), DAMAGED)
        raise GradebookError(f"{place}: {reason} -- {remedy}") from error


def is_away(error: BaseException | None) -> bool:
    """Whether a server did not answer; an SQLite file that cannot be read will not come back by itself."""
    if not isinstance(error, OperationalError) or isinstance(error.orig, sqlite3.Error):
        return False
    return getattr(error.orig, "sqlstate", None) != LOCKED


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
