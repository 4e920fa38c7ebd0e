"""A student's file that Python takes for a module which the notebooks need: `numpy.py` beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

NEEDED = {"numpy": "NumPy", "matplotlib": "Matplotlib", "IPython": "IPython", "ipywidgets": "ipywidgets"}
HIDDEN = (
    "You have a file {file} here, which hides {module}: Python finds yours first. Give your file another "
    "name, then restart this notebook's kernel and run the cells again."
)


def refuse_hiding(folder: Path) -> None:
    """ImportError, in a student's words, where a file in `folder` stands for a module that is needed."""
    for name, file in _taken(folder):
        module = NEEDED.get(name, f"Python's own module {name}")
        raise ImportError(HIDDEN.format(file=file.relative_to(folder), module=module), name=name)


def _taken(folder: Path) -> Iterator[tuple[str, Path]]:
    """(module, file) of what was loaded from `folder`, or would be."""
    packages = (folder / name / "__init__.py" for name in NEEDED)
    for name, file in [
        *((path.stem, path) for path in folder.glob("*.py")),
        *zip(NEEDED, packages, strict=True),
    ]:
        if (name in NEEDED or name in sys.stdlib_module_names) and _origin(name) == file.resolve():
            yield name, file


def _origin(name: str) -> Path | None:
    """The file that a module was loaded from, or would be."""
    module = sys.modules.get(name)
    try:
        spec = module.__spec__ if module else find_spec(name)
    except (ValueError, ImportError):
        return None
    return Path(spec.origin).resolve() if spec and spec.origin and spec.has_location else None
