"""The modules of the engine and of the library, and what each imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from repository import ROOT

LIBRARY = sorted((ROOT / "cs231nlib").rglob("*.py"))


def modules(root: Path) -> dict[str, Path]:
    """Name of each module below a folder `grader`, as "room/module", -> its file."""
    paths = sorted(path for path in root.rglob("*.py"))
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in paths}


MODULES = modules(ROOT / "grader")


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker looks at."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from running(child)


def imports(path: Path) -> set[str]:
    """Dotted names of the modules, and of what is taken from them, that a file imports at any depth."""
    names = set()
    for node in running(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def own_imports(path: Path) -> set[str]:
    """The grader's modules that a file imports, as "room/module"."""
    names = {name.replace(".", "/").removeprefix("grader/") for name in imports(path)}
    return names & MODULES.keys()


@cache
def reached(module: str) -> frozenset[str]:
    """The grader's modules that importing `module` may bring along."""
    own = own_imports(MODULES[module]) - {module}
    return frozenset({module}.union(*map(reached, own)))
