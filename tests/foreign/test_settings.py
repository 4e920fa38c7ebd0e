"""Settings and surroundings of real courses: long cells, large files, marks of an old nbgrader."""

import json

from foreign_course import ASSIGNMENT, grade, points, write

from grader.course.directory import open_course
from grader.course.key import load_key


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
