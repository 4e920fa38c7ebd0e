"""What the evening costs when the class is large: `grader export` for 2,000 students of seven questions.

python benchmarks/evening.py [--students 2000]
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Grade, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from nbgrader.api import Gradebook as Nbgrader

from grader.books.gradebook import Gradebook
from grader.cli import main
from grader.course.directory import open_course
from grader.course.key import load_key

QUESTIONS = 7


def course_of(root: Path, students: int) -> Path:
    """A course whose gradebook has a grade for every question of every student."""
    source = root / "source" / "ps"
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    cells = [_test(number) for number in range(QUESTIONS)]
    (source / "ps.ipynb").write_text(json.dumps(new_notebook(cells=cells)))
    with Gradebook(open_course(root), load_key(open_course(root), "ps")) as book:
        book.store_key()
    with Nbgrader(f"sqlite:///{root}/gradebook.db") as book:
        assignment = book.find_assignment("ps")
        (notebook,) = assignment.notebooks
        tests = [cell.id for cell in notebook.grade_cells]
        rows = [row for number in range(students) for row in _rows(number, assignment.id, notebook.id, tests)]
        book.db.bulk_save_objects(rows)
        book.db.commit()
    for number in range(students):
        (root / "submitted" / f"s{number:05}" / "ps").mkdir(parents=True)
    return root


def _test(number: int):
    grading = {"grade": True, "grade_id": f"q{number}", "locked": True, "points": 3, "schema_version": 3}
    return new_code_cell("assert True", metadata={"nbgrader": grading | {"solution": False, "task": False}})


def _rows(number: int, assignment: str, notebook: str, tests: list[str]):
    handed, part = new_uuid(), new_uuid()
    yield Student(id=f"s{number:05}", first_name="Ada", last_name=f"Number {number}")
    yield SubmittedAssignment(id=handed, assignment_id=assignment, student_id=f"s{number:05}")
    yield SubmittedNotebook(id=part, assignment_id=handed, notebook_id=notebook)
    for test in tests:
        yield Grade(id=new_uuid(), cell_id=test, notebook_id=part, auto_score=2.0, needs_manual_grade=False)


def run(words: list[str]) -> float:
    """Seconds of the command."""
    started = time.perf_counter()
    main(words, standalone_mode=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=2000)
    wanted = parser.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory() as place:
        course = course_of(Path(place), wanted.students)
        for layout in ("csv", "long", "moodle"):
            file = Path(place) / "out.csv"
            seconds = run(["export", "ps", "--to", layout, "--course-dir", str(course), "-o", str(file)])
            print(f"export --to {layout}: {seconds:.1f} s, {file.stat().st_size / 1e6:.1f} MB")
