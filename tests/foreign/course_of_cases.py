"""Small courses of other people's habits, written as text; submissions to them.

A file of cases/ is an assignment. `#### name: what` begins a notebook, `#### name (schema 1): what` one with
the metadata of an old nbgrader; its cells are those of `foreign_course`, and `#% poor` is an answer that
deserves less than the solution above it. What lies in beside/ lies beside every notebook.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path

from foreign_course import BASE, MARK, notebook

from grader.course.release import release

HERE = Path(__file__).parent
CASES = HERE / "cases"
GROUPS = sorted(path.stem for path in CASES.glob("*.cells"))
STUDENTS = ("blank", "poor", "reference", "wrapped")
NEEDS = {"libraries": ("pandas", "sklearn")}
HEAD = re.compile(r"(?P<name>\w+)(?: \(schema (?P<schema>\d)\))?:")


def notebooks(group: str) -> dict[str, tuple[int, str]]:
    """name -> the schema of its metadata, and the text of its cells."""
    text = (CASES / f"{group}.cells").read_text()
    parts = (part.partition("\n") for part in re.split(r"^#### ", text, flags=re.MULTILINE)[1:])
    heads = [(HEAD.match(head), body) for head, _, body in parts]
    return {head["name"]: (int(head["schema"] or 3), body) for head, body in heads}


def course(root: Path, group: str) -> Path:
    """A course in `root`: assignment `group` with a notebook for each case, and all submissions."""
    (root / "nbgrader_config.py").write_text(BASE)
    texts = notebooks(group)
    sources = {name: _source(text) for name, (_schema, text) in texts.items()}
    _put(root / "source" / group, sources)
    released = release(root, group)
    stubs = {name: json.loads((released / f"{name}.ipynb").read_text()) for name in texts}
    for student in STUDENTS:
        given = {name: _answered(stubs[name], sources[name], student) for name in texts}
        _put(root / "submitted" / student / group, given)
    for name, (schema, _text) in texts.items():
        for path in root.glob(f"s*/**/{name}.ipynb") if schema < 3 else ():
            path.write_text(json.dumps(_aged(json.loads(path.read_text()), schema)))
    return root


def _source(text: str):
    nb = notebook(text)
    for cell in nb.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            magic, rest = re.match(r"(%%.*\n)?([\s\S]*)", cell.source).groups("")  # it stands first
            cell.source = f"{magic}### BEGIN SOLUTION\n{rest}\n### END SOLUTION"
    return nb


def _put(folder: Path, nbs: dict) -> None:
    shutil.copytree(HERE / "beside", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, nb in nbs.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(nb))


def _answered(stub: dict, source, student: str) -> dict:
    """The release, with the answers of `student`."""
    nb = json.loads(json.dumps(stub))
    for cell, right in zip(nb["cells"], source.cells, strict=True):
        if right.metadata.get("nbgrader", {}).get("solution") and student != "blank":
            answer = MARK.sub("", right.source + "\n").rstrip("\n")
            poor = right.metadata.get("poor", answer)
            cell["source"] = {"poor": poor, "wrapped": _wrapped(answer)}.get(student, answer)
    return nb


def _wrapped(source: str) -> str:
    """The answer with all that its functions return in a list; what is no plain Python as it is."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and node.value:
            node.value = ast.List([node.value], ast.Load())
    return ast.unparse(ast.fix_missing_locations(tree))


def _aged(nb: dict, schema: int) -> dict:
    """The notebook as an nbgrader of that time wrote it: no ids, and marks that mean nothing."""
    nb["nbformat_minor"] = 2
    for cell in nb["cells"]:
        cell.pop("id", None)
        marks = {"grade": False, "solution": False} | cell["metadata"].get("nbgrader", {})
        marks |= {"schema_version": schema, "locked": False}
        cell["metadata"]["nbgrader"] = {key: value for key, value in marks.items() if key != "task"}
    return nb
