"""A course of one assignment, its roster, and downloads for it."""

import damaged
import nbformat
import pytest
from downloads import ROSTER, zipped

from grader.intake.roster import read_students, roster_of


@pytest.fixture
def course(tmp_path):
    source = tmp_path / "course" / "source" / "ps1"
    source.mkdir(parents=True)
    nbformat.write(damaged.SOURCE, source / "ps1.ipynb")
    return tmp_path / "course"


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "students.csv"
    path.write_text(ROSTER, encoding="utf-8-sig")
    return roster_of(read_students(path))


@pytest.fixture
def download(tmp_path):
    """Put files into a folder, or into a zip when the name says so, and return its path."""

    def make(name, files):
        path = tmp_path / name
        if name.lower().endswith(".zip"):
            path.write_bytes(zipped(files))
            return path
        for inner, data in files.items():
            (path / inner).parent.mkdir(parents=True, exist_ok=True)
            (path / inner).write_bytes(data)
        return path

    return make
