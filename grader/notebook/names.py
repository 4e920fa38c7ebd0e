"""The one reader of names: which ones a cell, or a statement of it, binds, reads and mentions.

Scopes are Python's: what a comprehension or an inner function binds stays inside, an assignment expression
leaves a comprehension, the name of `except ... as name` is gone after its block. The text is parsed and never
compiled or run, so it may be a student's.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache

from grader.notebook.magics import magic_of, python_in, without_magics

MAX_PARSED = 100_000  # characters of a student's: Python's parser takes the square of an f-string's length
KEPT = 64  # cells whose names are remembered: of a submission, most are those of the one before
ANY = "*"  # what `from module import *` and `%run` bind: nobody can tell
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what parsing may raise

_WORD = re.compile(r"[^\W\d]\w*")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_INNER = (*_SCOPES, ast.Lambda, *_COMPREHENSIONS)
_SURE = (*_SCOPES, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)


def parse(source: str) -> ast.Module:
    """The tree of a cell, its magics opened; an empty one for what is no Python or too long."""
    if len(source) <= MAX_PARSED:
        for text in (source, without_magics(source)):
            try:
                return ast.parse(text)
            except UNREADABLE:
                continue
    return ast.Module(body=[], type_ignores=[])


def defined(source: str, *, imports: bool = True) -> list[str]:
    """The names that a cell binds at its top level, in order, each once; ANY among them for a star import."""
    body = (s for s in parse(source).body if imports or not isinstance(s, ast.Import | ast.ImportFrom))
    return list(dict.fromkeys(name for statement in body for name in _bound(statement)))


@lru_cache(maxsize=KEPT)
def used(source: str) -> frozenset[str]:
    """The names that a cell needs from elsewhere: read in it, bound nowhere in it, not builtin."""
    body = parse(source).body
    bound_here = {name for statement in body for name in _bound(statement)}
    return frozenset(free_in(body) - bound_here - set(vars(builtins)))


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


def bound(node: ast.stmt) -> frozenset[str]:
    """The names to which a statement gives a value that outlasts it."""
    return frozenset(_bound(node))


def surely_bound(node: ast.stmt) -> frozenset[str]:
    """The names that have a new value whenever the statement has run."""
    return bound(node) if isinstance(node, _SURE) else frozenset()


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
    if (text := python_in(node)) is not None:
        return free_in(parse(text).body) | {"get_ipython"}
    names = {name for _field, value in ast.iter_fields(node) for name in _free_below(value)}
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return names | {node.target.id}
    return names - _locals(node)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement that belong to its own scope; of inner scopes only the top."""
    waiting = [node]  # no recursion: a student's expression may be nested deeper than Python can call
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _INNER):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def alias_name(alias: ast.alias) -> str:
    """The name that an import binds."""
    return (alias.asname or alias.name).split(".")[0]


def _free_below(value: object) -> set[str]:
    if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
        return free_in(value)
    children = value if isinstance(value, list) else [value]
    return {name for child in children if isinstance(child, ast.AST) for name in free(child)}


def _bound(statement: ast.stmt) -> Iterator[str]:
    for node in own_nodes(statement):
        if isinstance(node, _COMPREHENSIONS):
            yield from (n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
        elif (text := python_in(node)) is not None:
            yield from (name for inner in parse(text).body for name in _bound(inner))
        yield from _bound_by(node)


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from map(alias_name, names)
        case ast.Call() if (magic := magic_of(node)) and magic[0] in ("capture", "run", "pylab"):
            yield from [magic[1].split()[-1]] if magic[0] == "capture" and magic[1] else []
            yield from [ANY] if magic[0] != "capture" else []
        case _ if isinstance(node, _SCOPES):
            yield node.name


def _locals(node: ast.AST) -> set[str]:
    """What is bound for the inside of a node alone."""
    if isinstance(node, ast.For | ast.AsyncFor):
        return _stored([node.target])
    if isinstance(node, ast.With | ast.AsyncWith):
        return _stored([item.optional_vars for item in node.items if item.optional_vars])
    if isinstance(node, ast.ExceptHandler):
        return {node.name} if node.name else set()
    if not isinstance(node, _INNER) or isinstance(node, ast.ClassDef):
        return set()
    inner = [n for child in ast.iter_child_nodes(node) for n in own_nodes(child)]
    names = {name for n in inner for name in _bound_by(n)} | {n.arg for n in inner if isinstance(n, ast.arg)}
    shared = {name for n in inner if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names}
    return names - shared


def _stored(targets: Iterable[ast.AST]) -> set[str]:
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
