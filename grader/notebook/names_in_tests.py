"""Names of a test that runs among the student's: which of them mean what they meant to its author.

A test inside the student's process looks its names up among the student's own. What it says by a builtin, by
an import of the instructor's or by a function that plain cells define for tests alone is not the student's to
redefine, and a variable that no other cell of the instructor's mentions is the test's alone.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from types import BuiltinFunctionType

from grader.notebook.bindings import ANY, alias_name, bound, bound_below
from grader.notebook.dependencies import Statement
from grader.notebook.plain_helpers import helpers

Import = tuple[str, str]  # a module, and what of it; nothing for the module itself
HELPER = ""  # in the place of the module: a function, by its source

# A course may put its own in the place of the first four; `super` must stand in the text to work.
_NEVER = frozenset(("input", "print", "open", "help", "super"))
# Who asks for names by their text finds them as they are written.
_DYNAMIC = frozenset("eval exec globals locals vars dir get_ipython inspect sys nonlocal".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class TestNames:
    """given: what stands for a name that the instructor imported, that is builtin or a helper. own: the
    variables that are the test's alone."""

    __test__ = False

    given: dict[str, Import] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


NO_NAMES = TestNames()


class NamesOfTests:
    """Finds them for the tests of a notebook, of which `sources` are the cells and `parsed` their statements,
    each of a cell of one of the `kinds`."""

    def __init__(
        self, sources: Iterable[str], kinds: Iterable[str], parsed: Iterable[Sequence[Statement]]
    ) -> None:
        self._cells_with = Counter(word for source in sources for word in set(_WORD.findall(source)))
        cells = list(zip(kinds, parsed, strict=True))
        self._helpers = helpers(cells)
        self._given = _given(cells) | {n: (HELPER, ast.unparse(f)) for n, f in self._helpers.items()}

    def of(self, body: Sequence[Statement]) -> TestNames:
        """Those of one test cell."""
        nodes = [node for statement in body for node in ast.walk(statement.node)]
        used = _mentioned(nodes)
        elsewhere = {name for statement in body for name in bound_below(statement.node)}
        given = {name: self._given[name] for name in sorted(self._with_helpers(used) - elsewhere)}
        return TestNames(given, frozenset() if used & _DYNAMIC else self._own(body, nodes))

    def _with_helpers(self, used: Set[str]) -> Set[str]:
        """What has a meaning of `used` and of what the helpers among it use."""
        found, waiting = set[str](), set(used) & self._given.keys()
        while waiting:
            found |= waiting
            inner = (ast.walk(self._helpers[name]) for name in waiting & self._helpers.keys())
            waiting = set().union(*map(_mentioned, inner)) & self._given.keys() - found
        return found

    def _own(self, body: Sequence[Statement], nodes: list[ast.AST]) -> frozenset[str]:
        stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        alone = {name for s in body for name in s.binds & stored if self._cells_with[name] == 1}
        other = set().union(*(_bound_otherwise(node) for node in nodes))
        said = {word for s in body for text in _texts(s.node) for word in _WORD.findall(text)}
        return frozenset(name for name in alone - other - said if not name.startswith("_"))


def _mentioned(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _given(cells: list[tuple[str, Sequence[Statement]]]) -> dict[str, Import]:
    """name -> what it is, of the builtins and imports that no cell of the instructor's calls otherwise."""
    taken = {name for _kind, body in cells for s in body if not s.is_import for name in s.binds}
    imports: dict[str, set[Import]] = {}
    for kind, body in cells:
        for name, what in imported(s.node for s in body if s.is_import):
            imports.setdefault(name, set()).add(("", "") if kind == "solution" else what)
    single = {name: what for name, (what, *more) in imports.items() if what[0] and not more}
    plain = {} if ANY in imports.keys() | taken else {name: ("builtins", name) for name in _builtin_names()}
    free = {name: what for name, what in plain.items() if name not in imports}
    return {name: what for name, what in (free | single).items() if name not in taken}


def _builtin_names() -> Iterator[str]:
    """Functions and types, but for exceptions: those may be a student's own."""
    for name, value in vars(builtins).items():
        exception = isinstance(value, type) and issubclass(value, BaseException)
        if isinstance(value, BuiltinFunctionType | type) and not exception and name not in _NEVER:
            yield name


def imported(statements: Iterable[ast.AST]) -> Iterator[tuple[str, Import]]:
    """(name, what it stands for) of all that these import."""
    for node in statements:
        for alias in getattr(node, "names", ()):
            if isinstance(node, ast.Import):
                yield alias_name(alias), (alias.name if alias.asname else alias_name(alias), "")
            elif isinstance(node, ast.ImportFrom):
                yield alias_name(alias), (node.module or "", alias.name)


def _bound_otherwise(node: ast.AST) -> Set[str]:
    """What a node binds that cannot have another name: attributes of a class, arguments, what is imported or
    defined."""
    match node:
        case ast.ClassDef(name=name, body=body):
            return {name} | {inner for statement in body for inner in bound(statement)}
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name}
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return {name}
        case ast.arg(arg=name) | ast.MatchMapping(rest=str(name)):
            return {name}
        case ast.Import() | ast.ImportFrom():
            return {alias_name(alias) for alias in node.names}
        case ast.Nonlocal(names=names):
            return set(names)
    return set()


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts below a node, but for messages: one may be read as code, as in `df.query("a > @limit")`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    printed = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    for child in () if printed else ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Assert) and child is node.msg):
            yield from _texts(child)
