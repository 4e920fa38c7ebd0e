"""Settings and surroundings of real courses: long cells, large files, marks of an old nbgrader."""

import json
import subprocess
import sys
import sysconfig

import pytest
from foreign_course import ASSIGNMENT, grade, points, write

from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError


def test_a_file_larger_than_a_message_lies_beside_the_notebook_on_both_sides(tmp_path):
    text = """
#% solution
### BEGIN SOLUTION
with open("large.bin", "rb") as file:
    file.seek(-3, 2)
    end = file.read()
### END SOLUTION
#% test 1
import os
assert end == open("large.bin", "rb").read()[-3:] == b"end" and os.path.getsize("empty.txt") == 0
"""
    large = bytes(70 << 20) + b"end"
    course = write(tmp_path, text, files={"large.bin": large, "empty.txt": b""})
    runs = grade(course, {"near": {"solution1": "end = b'END'"}})
    assert {name: points(run) for name, run in runs.items()} == {"reference": [1], "blank": [0], "near": [0]}


def test_marks_that_an_old_nbgrader_left_on_plain_cells_mean_nothing(tmp_path):
    course = write(
        tmp_path, "#% plain\na = 1\n#% plain\nb = 2\n#% solution\nc = 3\n#% test 1\nassert c == 3\n"
    )
    path = course / "source" / ASSIGNMENT / "nb.ipynb"
    nb = json.loads(path.read_text())
    for cell in nb["cells"][:2]:
        cell["metadata"]["nbgrader"] = {
            "schema_version": 3,
            "grade": False,
            "solution": False,
            "locked": False,
        }
    for cell in nb["cells"][2:]:
        del cell["metadata"]["nbgrader"]["schema_version"], cell["metadata"]["nbgrader"]["task"]
    path.write_text(json.dumps(nb))
    cells = load_key(open_course(course), ASSIGNMENT).notebooks["nb"].cells
    assert ["nbgrader" in cell.metadata for cell in cells] == [False, False, True, True]


def test_what_the_notebooks_import_is_loaded_once_and_a_module_beside_them_is_not_the_machines(tmp_path):
    text = """
#% plain
import colorsys, wave as w
from xml.dom import minidom
import nowhere_to_be_found
import calendar
#% solution
### BEGIN SOLUTION
import sys
seen = [name for name in ("colorsys", "wave", "xml.dom", "calendar", "chunk") if name in sys.modules]
### END SOLUTION
#% test 1
assert seen == ["colorsys", "wave", "xml.dom"], seen
"""
    course = write(
        tmp_path, text.replace("import nowhere_to_be_found\n", ""), files={"calendar.py": b"x = 1"}
    )
    key = load_key(open_course(course), ASSIGNMENT)
    assert key.surroundings.preload == ("colorsys", "wave", "xml.dom", "sys")
    (course / "nbgrader_config.py").open("a").write("c.Grader.preload = ['chunk']\n")
    assert load_key(open_course(course), ASSIGNMENT).surroundings.preload == ("chunk",)


def test_shared_data_is_there_to_read_on_both_sides_and_is_not_copied(tmp_path):
    text = """
#% solution
### BEGIN SOLUTION
number = int(open("tables/one.txt").read())
try:
    open("tables/two.txt", "w")
except OSError:
    written = False
### END SOLUTION
#% test 1
assert number == int(open("tables/one.txt").read()) == 41 and written is False
"""
    course = write(tmp_path, text, 'c.Grader.data = "tables"\n')
    (course / "tables").mkdir()
    (course / "tables" / "one.txt").write_text("41")
    runs = grade(course, {"near": {"solution1": "number, written = 42, False"}})
    assert {name: points(run) for name, run in runs.items()} == {"reference": [1], "blank": [0], "near": [0]}
    assert not list((course / "autograded").rglob("one.txt"))


def test_students_code_runs_in_the_courses_own_python(tmp_path):
    """An environment of its own, which sees the packages of this one but not the grader."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "theirs"], check=True)
    (site,) = (tmp_path / "theirs" / "lib").glob("python*/site-packages")
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    text = """
#% solution
### BEGIN SOLUTION
import sys
where = sys.prefix
### END SOLUTION
#% test 1
assert where.endswith("theirs"), where
"""
    course = write(tmp_path, text, f"c.Grader.python = {str(tmp_path / 'theirs/bin/python')!r}\n")
    assert {name: points(run) for name, run in grade(course, {}).items()} == {"reference": [1], "blank": [0]}


@pytest.mark.parametrize("line", ['c.Grader.data = "nowhere"', 'c.Grader.python = "/bin/false"'])
def test_surroundings_that_are_not_there_are_named(tmp_path, line):
    course = write(tmp_path, "#% solution\nc = 3\n#% test 1\nassert c == 3\n", line + "\n")
    with pytest.raises(CourseError, match=r"nbgrader_config.py: c.Grader.\w+ is"):
        load_key(open_course(course), ASSIGNMENT)
