"""The marks of other people's assignments: stock `nbgrader autograde` and this grader, cell by cell.

    python benchmarks/stock_marks.py FOLDER [--students 6] [--only NAME ...]

FOLDER holds a folder per assignment: source notebooks with their solutions, and whatever lies beside them.
The class is made: the blank release, the reference, the reference among cells of the student's own, the
reference written otherwise, and students who each spoil some answers (one expression changed, a return of
None, a syntax error, an answer left blank), drawn from their number. Said are the marks that are equal,
different (each by name) and refused: here nobody got a mark.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook

from grader.grading.assignment import grade_assignment
from grader.notebook.cells import python

BIN = Path(sys.executable).parent
ENVIRONMENT = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "public"\n'
NAME = "ps"
Marks = dict[tuple[str, str, str], float | None]  # (student, notebook, grade_id) -> the mark


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=6, help="how many spoil some answers")
    parser.add_argument("--only", nargs="*", help="names of assignments")
    chosen = parser.parse_args()
    print(
        f"{'assignment':24}{'cells':>6}{'marks':>7}{'equal':>7}{'different':>11}{'refused':>9}{'inside':>8}"
    )
    for source in sorted(path for path in chosen.folder.iterdir() if path.is_dir()):
        if not chosen.only or source.name in chosen.only:
            with tempfile.TemporaryDirectory() as scratch:
                compare(source, Path(scratch), chosen.students)


def compare(source: Path, scratch: Path, count: int) -> None:
    """Grade one assignment with both graders and print what came out."""
    ours = make_course(source, scratch / "ours", count)
    theirs = marks_of_stock(shutil.copytree(ours, scratch / "stock"))
    summary = grade_assignment(ours, NAME)
    found = {(run.student, name, s.grade_id): s.auto_score for run in summary.runs for name, s in run.scores}
    inside = sum(len(tests.places) for tests in summary.survey.values())
    refused = [key for key in theirs if found.get(key) is None]
    different = [key for key in theirs if key not in refused and found[key] != theirs[key]]
    cells = len({key[1:] for key in theirs})
    equal = len(theirs) - len(different) - len(refused)
    counts = f"{len(theirs):7}{equal:7}{len(different):11}{len(refused):9}{inside:8}"
    print(f"{source.name:24}{cells:6}{counts}", flush=True)
    for key in different + refused:
        print(f"    {' '.join(key)}: nbgrader {theirs[key]}, here {found.get(key)}")


def make_course(source: Path, course: Path, count: int) -> Path:
    """A course with the assignment, released by nbgrader, and the class's submissions."""
    shutil.copytree(source, course / "source" / NAME)
    (course / "nbgrader_config.py").write_text(CONFIG)
    nbgrader(course, "update", ".")
    nbgrader(course, "generate_assignment", NAME)
    names = ["blank", "busy", "otherwise", "reference", *(f"spoilt{n}" for n in range(count))]
    for student in names:
        folder = shutil.copytree(course / "release" / NAME, course / "submitted" / student / NAME)
        for path in folder.glob("*.ipynb"):
            path.write_text(json.dumps(answered(path, course / "source" / NAME / path.name, student)))
    return course


def answered(released: Path, source: Path, student: str) -> dict:
    """The release with the student's answers."""
    nb, reference = (json.loads(path.read_text()) for path in (released, source))
    right = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in reference["cells"]}
    draw = random.Random(f"{student} {released.name}")
    for cell in [cell for cell in nb["cells"] if cell["cell_type"] == "code"]:
        marks = cell["metadata"].get("nbgrader", {})
        if student == "busy" and not marks.get("locked") and not marks.get("grade"):
            own: dict = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
            nb["cells"].insert(nb["cells"].index(cell) + 1, own | {"source": "tried = 1\nprint(tried)"})
        if marks.get("solution"):
            text = "".join(right[marks["grade_id"]]["source"])
            answer = "\n".join(line for line in text.splitlines() if " SOLUTION" not in line)
            cell["source"] = HABITS[student.rstrip("0123456789")](answer, "".join(cell["source"]), draw)
    return nb


def spoilt(answer: str, stub: str, draw: random.Random) -> str:
    """The answer with one of the usual faults, or, half of the time, with none."""
    kind = draw.choice(["right"] * 4 + ["changed"] * 3 + ["none", "blank", "syntax"])
    if kind == "changed":
        return changed(answer, draw)
    if kind == "none":
        return rewritten(answer, lambda node: ast.Return(ast.Constant(None)), ast.Return)
    return {"right": answer, "blank": stub, "syntax": f"{answer}\nif True print("}[kind]


def changed(answer: str, draw: random.Random) -> str:
    """The answer with one number, text, comparison or operator another one."""
    try:
        tree = ast.parse(python(answer))
    except SyntaxError:
        return answer
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.Constant, ast.BinOp, ast.Compare))]
    if not nodes:
        return answer
    node = draw.choice(nodes)
    if isinstance(node, ast.BinOp):
        node.op = draw.choice([ast.Add(), ast.Sub(), ast.Mult()])
    elif isinstance(node, ast.Compare):
        node.ops[0] = draw.choice([ast.Lt(), ast.GtE(), ast.Eq(), ast.NotEq()])
    else:
        node.value = node.value + draw.choice("x .") if isinstance(node.value, str) else 2
    return ast.unparse(tree)


def otherwise(answer: str, stub: str, draw: random.Random) -> str:
    """The same answer in another hand: its functions are called through one that takes anything."""
    try:
        functions = [n.name for n in ast.parse(python(answer)).body if isinstance(n, ast.FunctionDef)]
    except SyntaxError:
        return answer
    wraps = (f"_{name} = {name}\ndef {name}(*a, **k):\n    return _{name}(*a, **k)" for name in functions)
    return "\n".join([answer, *wraps])


def rewritten(answer: str, new, kind: type[ast.AST]) -> str:
    """The answer with each node of this kind replaced."""

    class Mutation(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new(node) if isinstance(node, kind) else self.generic_visit(node)

    try:
        return ast.unparse(ast.fix_missing_locations(Mutation().visit(ast.parse(python(answer)))))
    except SyntaxError:
        return answer


def marks_of_stock(course: Path) -> Marks:
    nbgrader(course, "autograde", NAME)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        handed_in = list(book.assignment_submissions(NAME))
        grades = ((s.student.id, nb.name, g) for s in handed_in for nb in s.notebooks for g in nb.grades)
        return {(who, nb, g.cell.name): g.auto_score for who, nb, g in grades if g.auto_score is not None}


def nbgrader(course: Path, *step: str) -> None:
    command = [str(BIN / "nbgrader"), *step]
    done = subprocess.run(command, cwd=course, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode and step[0] != "autograde":  # a submission that stock cannot grade is left out
        raise SystemExit(done.stderr)


HABITS = {
    "blank": lambda answer, stub, draw: stub,
    "busy": lambda answer, stub, draw: answer + "\nprint('done')",
    "reference": lambda answer, stub, draw: answer,
    "otherwise": otherwise,
    "spoilt": spoilt,
}

if __name__ == "__main__":
    main()
