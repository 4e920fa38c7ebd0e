"""docs/architecture.md is true: each file it names is there, each message of the wire is in its table."""

import re

import pytest
from repository import ROOT

from grader.engine.student.server import Server

MAP = (ROOT / "docs" / "architecture.md").read_text()
FOLDERS = ("", "course", "grader", "grader/engine/judge", "grader/engine/wire", "docs")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"[\w./]+\.(?:py|j2|md)\b", MAP))))
def test_the_map_names_files_that_are_there(name):
    assert any((ROOT / folder / name).is_file() for folder in FOLDERS), name


@pytest.mark.parametrize("room", sorted(set(re.findall(r"^\| `([\w/]+)/` \|", MAP, re.MULTILINE))))
def test_the_map_names_rooms_that_are_there(room):
    assert (ROOT / "grader" / room / "__init__.py").is_file()


def test_the_map_names_every_room():
    rooms = {
        path.parent.relative_to(ROOT / "grader").as_posix() for path in (ROOT / "grader").rglob("__init__.py")
    }
    assert {room for room in rooms - {".", "engine"} if f"`{room}/`" not in MAP} == set()


def test_every_operation_of_the_wire_is_in_the_table():
    operations = {name.removeprefix("on_") for name in vars(Server) if name.startswith("on_")}
    link = (ROOT / "grader" / "engine" / "judge" / "link.py").read_text()
    operations |= set(re.findall(r'_(?:demand\(\d, |use\()"(\w+)"', link))  # `back` is heard elsewhere
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", MAP, re.MULTILINE)
    assert operations == {name.strip("` ") for row in rows for name in row.split(",")}
