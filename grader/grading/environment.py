"""What of a machine decides marks: versions, and the text of our own code; compared with another's."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "matplotlib", "ipython", "nbgrader", "nbgrader-judge", "cs231n-course")
CODE = ("grader", "cs231nlib")  # whose very text counts, whatever version it claims to be


@cache
def environment() -> list[str]:
    """What of this machine's Python decides grades: its version, and those of its packages."""
    return [sys.version, *map(_version, PACKAGES)]


@cache
def versions() -> dict[str, str]:
    """What a grading runs with, for its record."""
    return {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


@cache
def needs() -> dict[str, str]:
    """What another machine must have to give the same marks: of Python the minor version."""
    minor = ".".join(platform.python_version_tuple()[:2])
    return versions() | {"python": minor} | {f"the code of {name}": _digest(name) for name in CODE}


def differences(theirs: Mapping[str, str]) -> str:
    """What is of another version here than with those whose `needs` these are, or nothing."""
    ours = needs()
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    return ", ".join(f"{name} is {ours.get(name, 'missing')}, not {theirs.get(name)}" for name in names)


def _version(package: str) -> str:
    """Empty where it is not installed: the engine may grade without the course that it was written for."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _digest(package: str) -> str:
    """Eight hexadecimal digits for the modules of a package; nothing where it is not installed."""
    found = importlib.util.find_spec(package)
    folders = list(found.submodule_search_locations or ()) if found else []
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in paths))
    return digest.hexdigest()[:8] if paths else "missing"
