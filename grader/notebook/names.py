"""The one reader of names: which ones a cell, or a statement of it, binds, reads and mentions.

Scopes are Python's: what a comprehension or an inner function binds stays inside, an assignment expression
leaves a comprehension, the name of `except ... as name` is gone after its block. What a statement binds
is said by `bindings`.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from grader.notebook.bindings import bound, locals_of, surely_bound
from grader.notebook.magics import python_in
from grader.notebook.syntax import MAX_PARSED, UNREADABLE, parse

KEPT = 64  # cells whose names are remembered: of a submission, most are those of the one before

_WORD = re.compile(r"[^\W\d]\w*")


def defined(source: str, *, imports: bool = True) -> list[str]:
    """The names that a cell binds at its top level, in order, each once; ANY among them for a star import."""
    body = (s for s in parse(source).body if imports or not isinstance(s, ast.Import | ast.ImportFrom))
    return list(dict.fromkeys(name for statement in body for name in bound(statement)))


@lru_cache(maxsize=KEPT)
def used(source: str) -> frozenset[str]:
    """The names that a cell needs from elsewhere: read in it, bound nowhere in it, not builtin."""
    body = parse(source).body
    bound_here = {name for statement in body for name in bound(statement)}
    return frozenset(free_in(body) - bound_here - set(vars(builtins)))


def called_name(func: ast.expr) -> str:
    """The name by which a function is called, without what it is taken of; "" where it has none."""
    return getattr(func, "attr", getattr(func, "id", ""))


def mentioned(source: str, *, most: int = MAX_PARSED) -> frozenset[str]:
    """Every name and attribute in a cell, in inner functions too.

    Of a cell that is no Python, or longer than `most` characters, all words.
    """
    return _mentioned(source) if len(source) <= most else frozenset(_WORD.findall(source))


@lru_cache(maxsize=KEPT)
def _mentioned(source: str) -> frozenset[str]:
    nodes = list(ast.walk(parse(source)))
    if len(nodes) <= 1:
        return frozenset(_WORD.findall(source))
    texts = (getattr(node, field, None) for node in nodes for field in ("id", "attr", "name", "module"))
    return frozenset(word for text in texts if isinstance(text, str) for word in text.split("."))


def read_ahead(source: str) -> None:
    """Find the names of a cell now, so that no process forked from this one does it again."""
    with suppress(*UNREADABLE):
        used(source)
        mentioned(source)


def free_in(body: Iterable[ast.stmt]) -> set[str]:
    """The names that statements, one after the other, read and do not surely bind before."""
    needed: set[str] = set()
    for node in reversed(list(body)):
        needed = (needed - surely_bound(node)) | free(node)
    return needed


def free(node: ast.AST) -> set[str]:
    """The names read below a node, but for those that are local to it or to something inside."""
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Store) else {node.id}
    if not node._fields or isinstance(node, ast.Constant):
        return set()
    if isinstance(node, ast.Call) and (text := python_in(node)) is not None:
        return free_in(parse(text).body) | {"get_ipython"}
    names = {name for _field, value in ast.iter_fields(node) for name in _free_below(value)}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return names | {node.target.id}
    return names - locals_of(node)


def _free_below(value: object) -> set[str]:
    if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
        return free_in(value)
    children = value if isinstance(value, list) else [value]
    return {name for child in children if isinstance(child, ast.AST) for name in free(child)}
