"""Pickle files that hold plain data only, read without trusting them.

A pickle is a small program, so reading one can run anything. Here it can build lists, dicts, strings,
numbers and plain arrays: the three names that NumPy's pickles need stand for harmless classes of this
module, every other name is refused. (The restriction by `find_class` is the one the documentation of the
module pickle describes; the opcodes are bounded before any of them runs.)
"""

from __future__ import annotations

import pickle
import pickletools
from pathlib import Path
from typing import Any

import numpy as np

MAX_BYTES = 100_000_000  # a batch of CIFAR-10 has 31 million
MAX_STEPS = 400_000  # opcodes; a batch of CIFAR-10 has about 50 thousand
MAX_REFERENCES = 32  # repeated references can grow a structure exponentially
DTYPES = {"u1": np.uint8, "|u1": np.uint8, "i8": np.int64, "<i8": np.int64}


class BatchError(ValueError):
    """A data file that cannot be used; the message names it and says what to do."""

    def __init__(
        self, path: str | Path, problem: str, remedy: str = "download it again with download_CIFAR10()"
    ) -> None:
        super().__init__(f"{path}: {problem}; {remedy}.")


def read_pickle(path: str | Path) -> dict[str, Any]:
    """The dict pickled in a file, keys as str; BatchError for anything dangerous, damaged or too large."""
    path = Path(path)
    if not path.is_file():
        raise BatchError(path, "this file is missing")
    if path.stat().st_size > MAX_BYTES:
        raise BatchError(path, f"it is larger than {MAX_BYTES // 10**6} MB, which no CIFAR-10 batch is")
    try:
        content = _load(path)
    except PermissionError:
        raise BatchError(path, "you may not read this file", "ask for permission or copy it") from None
    except _ForeignObject as refused:
        raise BatchError(path, f"it asks for {refused}, which no picture needs; nothing was run") from None
    except Exception as error:  # a damaged pickle can raise nearly every exception there is
        raise BatchError(path, f"it is damaged or incomplete ({type(error).__name__}: {error})") from None
    if not isinstance(content, dict):
        raise BatchError(path, "it does not hold a CIFAR-10 batch")
    return {as_text(key): _plain(value) for key, value in content.items()}


def _load(path):
    with path.open("rb") as file:
        _check_steps(file)
        file.seek(0)
        return _PlainUnpickler(file, encoding="bytes").load()


class _ForeignObject(Exception):
    """Something that no batch of pictures needs."""


def _check_steps(file):
    """Read the opcodes without running them and refuse what would exhaust memory or time."""
    references = 0
    for step, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        references += "GET" in opcode.name or opcode.name == "DUP"
        slot = int(argument or 0) if opcode.name.endswith("PUT") else 0
        if step > MAX_STEPS or references > MAX_REFERENCES or slot > MAX_STEPS:
            raise _ForeignObject("a far more complicated structure")


class _Array:
    """Collects the state of a pickled array; `values` checks it against the bytes that came."""

    __slots__ = ("state",)

    def __init__(self, *_):
        self.state: Any = None

    def __setstate__(self, state):
        self.state = state

    def values(self):
        _, shape, dtype, fortran, raw = self.state
        return np.frombuffer(raw, dtype.kind).reshape(shape, order="F" if fortran else "C")


class _Dtype:
    """Stands for one of the few number types a batch may hold."""

    __slots__ = ("kind",)

    def __init__(self, name, *_):
        name = as_text(name)
        if name not in DTYPES:
            raise _ForeignObject(f"numbers of type {name!r}")
        self.kind = DTYPES[name]

    def __setstate__(self, state):
        if as_text(state[1]) not in ("|", "<"):
            raise _ForeignObject("numbers of foreign byte order")


class _PlainUnpickler(pickle.Unpickler):
    """Knows the names in NumPy's pickles, as stand-ins of this module, and no other."""

    NAMES = {  # noqa: RUF012
        ("numpy.core.multiarray", "_reconstruct"): _Array,
        ("numpy._core.multiarray", "_reconstruct"): _Array,
        ("numpy", "ndarray"): "ndarray",
        ("numpy", "dtype"): _Dtype,
    }

    def find_class(self, module, name):
        if (module, name) not in self.NAMES:
            raise _ForeignObject(f"{module}.{name}")
        return self.NAMES[module, name]


def as_text(value: Any) -> Any:
    """A Python 2 string as str; anything else as it is."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _plain(value):
    """Arrays for their stand-ins (None for one that does not fit its bytes); the rest as it is."""
    try:
        return value.values() if isinstance(value, _Array) else value
    except (TypeError, ValueError, AttributeError):
        return None
