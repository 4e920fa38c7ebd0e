"""A small assignment, a good submission of it, and ways in which submissions get damaged.

Everything is plain data, so that a test can say what it breaks; `points` runs a notebook the simple way.
"""

import copy
import json

from nbformat import from_dict

ANSWERS = {
    "double": "def double(x):\n    # STUDENT double\n    return 2 * x",
    "shout": "def _loud(s):\n    return s.upper()\n\n"
    "def shout(s):\n    # STUDENT shout\n    return _loud(s) + '!'",
    "Box": "class Box:\n    # STUDENT Box\n    def __init__(self, size):\n        self.size = size\n\n"
    "    def volume(self):\n        return self.size ** 3",
}
HEADS = {"double": "def double(x):", "shout": "def shout(s):", "Box": "class Box:"}
WHY = "STUDENT why: the volume grows with the cube."
PLAIN = [
    ("intro", "markdown", "# Boxes\n\nThree functions and a question."),
    ("demo", "code", "scale = 10\nscale"),
]


def mark(grade_id, **flags):
    """nbgrader's metadata of a cell."""
    marks = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**marks, "grade_id": grade_id, **flags}}


def cell(kind, source, cell_id, metadata=None):
    made = {"cell_type": kind, "id": cell_id, "metadata": metadata or {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def solution(name):
    """The instructor's cell; its body need not work, for repair never runs anything."""
    return f"{HEADS[name]}\n    ### BEGIN SOLUTION\n    REFERENCE = 1\n    ### END SOLUTION"


def stub(name):
    """The same cell as students get it."""
    return f"{HEADS[name]}\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def tests_of(name, hidden=True):
    lines = {
        "double": ("assert double(4) == 8", "assert double(-1) == -2"),
        "shout": ("assert shout('a') == 'A!'", "assert shout('') == '!'"),
        "Box": ("assert Box(2).volume() == 8", "assert Box(3).size == 3"),
    }[name]
    shown = f"# tests of {name}\n{lines[0]}"
    return f"{shown}\n### BEGIN HIDDEN TESTS\n{lines[1]}\n### END HIDDEN TESTS" if hidden else shown


def _notebook(answer, why, hidden):
    cells = [cell(kind, source, name) for name, kind, source in PLAIN]
    cells.insert(1, cell("code", "import math\nLIMIT = 3", "setup", mark("setup", locked=True)))
    for name in ANSWERS:
        cells.append(cell("markdown", f"## {name}\n\nWrite `{name}` as the text above says.", f"ask-{name}"))
        cells.append(cell("code", answer(name), f"c-{name}", mark(name, solution=True)))
        tested = mark(f"test_{name}", grade=True, locked=True, points=2)
        cells.append(cell("code", tests_of(name, hidden), f"t-{name}", tested))
    cells.append(cell("markdown", "## Why\n\nHow does the volume grow?", "ask-why"))
    cells.append(cell("markdown", why, "c-why", mark("why", grade=True, solution=True, points=2)))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}


SOURCE = from_dict(_notebook(solution, "YOUR ANSWER HERE", hidden=True))


def submission():
    """A good submission as plain JSON data, with two cells of the student's own."""
    nb = copy.deepcopy(_notebook(ANSWERS.get, WHY, hidden=False))
    nb["cells"].insert(5, cell("code", "mine = 'STUDENT own'", "own-1"))
    nb["cells"].insert(9, cell("markdown", "STUDENT note", "own-2"))
    return nb


def at(nb, cell_id):
    """The position of a cell."""
    return next(i for i, c in enumerate(nb["cells"]) if c.get("id") == cell_id)


def as_bytes(nb):
    return json.dumps(nb, indent=1, ensure_ascii=False).encode()


def points(nb):
    """grade_id of each test cell -> whether it passes, all cells run in one namespace, errors ignored."""
    space, passed = {}, {}
    for made in (c for c in nb.cells if c.cell_type == "code"):
        try:
            exec(made.source, space)
            worked = True
        except Exception:
            worked = False
        if made.metadata.get("nbgrader", {}).get("grade"):
            passed[made.metadata.nbgrader.grade_id] = worked
    return passed


def answer(nb, grade_id):
    """The text of an answer in a repaired notebook."""
    return next(c.source for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
