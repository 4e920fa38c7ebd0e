"""The tables of a gradebook that did not exist: all of them, or none."""

import signal
import subprocess
import sys
from pathlib import Path

import nbgrader
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from grader.books.database import connect

ENDED = """
import os, signal, sys
from nbgrader.api import Base
from sqlalchemy import event
from grader.books.database import connect

@event.listens_for(list(Base.metadata.sorted_tables)[3], "after_create")
def end(*_told, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

connect(sys.argv[1])
"""


def test_whoever_is_killed_while_it_is_made_leaves_no_half_of_it(tmp_path):
    url = f"sqlite:///{tmp_path}/gradebook.db"
    assert subprocess.run([sys.executable, "-c", ENDED, url]).returncode == -signal.SIGKILL
    tables = inspect(connect(url)).get_table_names()
    assert {"assignment", "grade", "alembic_version"} <= set(tables)


def test_a_new_one_is_of_the_revision_that_alembic_takes_for_the_last(tmp_path):
    last = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
    with connect(f"sqlite:///{tmp_path}/gradebook.db").connect() as rows:
        assert rows.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [last]
