"""What a solution cell gives beside the answer: a student who deletes those lines loses nothing by it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from grader.notebook.dependencies import Statement, statements
from grader.notebook.syntax import UNREADABLE

MAX_ANSWER = 20_000  # characters: the parser takes the square of an odd text
_BEGIN, _END = "BEGIN SOLUTION", "END SOLUTION"  # anywhere in a line, as for nbgrader


def with_given(answer: str, solution: str) -> str:
    """The student's `answer` and, after it, those given lines of the instructor's `solution` cell whose names
    it no longer binds. An answer that is no plain Python comes back as it is."""
    missing = _given(solution)
    if not missing or len(answer) > MAX_ANSWER:
        return answer
    try:
        bound = {name for statement in statements(ast.parse(answer)) for name in statement.binds}
    except UNREADABLE:
        return answer
    needed = [ast.unparse(statement.node) for statement in missing if not statement.binds & bound]
    return "\n".join([answer, *needed]) if needed else answer


def without_markers(solution: str) -> str:
    """The instructor's solution cell as a student would hand it in."""
    return "\n".join(line for line in solution.split("\n") if _BEGIN not in line and _END not in line)


@lru_cache(maxsize=256)
def _given(solution: str) -> tuple[Statement, ...]:
    """The imports and assignments of a solution cell that stand outside of its markers."""
    try:
        tree = ast.parse(solution)
    except SyntaxError:
        return ()
    answers = set(_answer_lines(solution))
    kept = (s for s in statements(tree) if isinstance(s.node, (ast.Import, ast.ImportFrom, ast.Assign)))
    return tuple(s for s in kept if s.node.lineno not in answers) if answers else ()


def _answer_lines(solution: str) -> Iterator[int]:
    inside = False
    for number, line in enumerate(solution.split("\n"), 1):
        inside = _BEGIN in line or (inside and _END not in line)
        if inside:
            yield number
