"""Tests that prove nothing outside of the student's process, where what they look for can never be seen.

A doctest finds no examples in the judge, a magic swallows what goes wrong, a name that only plain cells bind
is never changed there, what stays with the student is no instance of any class that the judge knows, and a
function that the test takes away from a module is still there for the student. The judge's silence is no
proof, so such cells run where the student's code is.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Set

from grader.notebook.dependencies import Statement
from grader.notebook.names import called_name

_MAGIC = re.compile(r"\A\s*%%(\w+)")
_HARMLESS = frozenset(("time", "timeit"))
_STREAMS = frozenset(("sys", "builtins"))  # whose streams and `input` the judge shares with the student
_SETTERS = frozenset(("setattr", "delattr", "patch", "object", "dict"))  # of Python and of `mock.patch`
_LIMITS = frozenset(("setrecursionlimit", "setrlimit"))  # of the process that calls them
_RULES = _LIMITS | {"errstate", "seterr"}
_READERS = frozenset(("doctest", "tracemalloc", "gc"))  # modules that look at the process they run in


def idiom(source: str, body: Iterable[Statement], given: Set[str], imported: Set[str]) -> str:
    """What in a test cell could not be seen from outside, in words; empty when nothing was found.

    given: the names to which plain cells give data; imported: those that an import binds.
    """
    magic = _MAGIC.match(source)
    if magic and magic[1] not in _HARMLESS:
        return f"%%{magic[1]}"
    nodes = [node for statement in body for node in ast.walk(statement.node)]
    if not nodes and source.strip():
        return "no plain Python"
    readers = _READERS & _names(nodes)
    own = {name for statement in body for name in statement.binds}
    asserted = (_names(ast.walk(node.test)) for node in nodes if isinstance(node, ast.Assert))
    if not readers and any(names and names <= given - own for names in asserted):
        return "a name of a plain cell that should not have changed"
    if any(map(_denies_a_class, nodes)):
        return "an object that should not be of a class"
    changed = {name for node in nodes for name in _changed_in(node, imported - _STREAMS)}
    if changed:
        return f"a change in {min(changed)}"
    return " ".join(sorted(readers))


def _denies_a_class(node: ast.AST) -> bool:
    """Whether it says `not isinstance(…)`."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="isinstance"))):
            return True
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="isinstance")), comparators=[ast.Constant(value=False)]
        ):
            return True
    return isinstance(node, ast.Attribute) and node.attr == "assertNotIsInstance"


def _changed_in(node: ast.AST, imported: Set[str]) -> Set[str]:
    """What it changes of the process: a function of an imported name (`np.dot = None`), or a rule."""
    match node:
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
            return imported & {_root(value)}
        case ast.Call(func=func, args=[ast.Constant(value=str(text)), *_]) if called_name(func) == "patch":
            return {text.partition(".")[0]} - _STREAMS
        case ast.Call(func=func, args=[value, *_]) if called_name(func) in _SETTERS:
            return imported & {_root(value)}
        case ast.Call(func=func, keywords=words) if (name := called_name(func)) in _RULES:
            return {name} if name in _LIMITS or any(map(_raises, words)) else frozenset()
        case ast.Subscript(value=ast.Attribute(attr="modules"), ctx=ast.Store() | ast.Del()):
            return {"sys.modules"}
    return frozenset()


def _raises(word: ast.keyword) -> bool:
    """Whether NumPy is told to raise; where it is told to ignore something, a test is content with more."""
    return isinstance(word.value, ast.Constant) and word.value.value == "raise"


def _root(value: ast.expr) -> str:
    """The name that attributes are taken of."""
    while isinstance(value, ast.Attribute):
        value = value.value
    return getattr(value, "id", "")


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name)} - vars(builtins).keys()
