"""Plain data as Python 2 pickled it: what a batch file of CIFAR-10 holds, byte for byte."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np


def dumps(content: Mapping[str, Any]) -> bytes:
    """The bytes of a dict of str, int, lists and (n,m) uint8 arrays as Python 2 pickles it, protocol 2."""
    return pickle.PROTO + b"\2" + _opcodes(content) + pickle.STOP


def _opcodes(value):
    if isinstance(value, dict):
        pairs = b"".join(_opcodes(k) + _opcodes(v) for k, v in value.items())
        return pickle.EMPTY_DICT + pickle.MARK + pairs + pickle.SETITEMS
    if isinstance(value, list):
        return pickle.EMPTY_LIST + pickle.MARK + b"".join(map(_opcodes, value)) + pickle.APPENDS
    if isinstance(value, int):
        return pickle.BININT + struct.pack("<i", value)
    if isinstance(value, np.ndarray):
        return _array_opcodes(value)
    raw = value.encode() if isinstance(value, str) else value
    if len(raw) < 256:
        return pickle.SHORT_BINSTRING + bytes([len(raw)]) + raw
    return pickle.BINSTRING + struct.pack("<i", len(raw)) + raw


def _array_opcodes(array):
    """NumPy's recipe: _reconstruct(ndarray, (0,), 'b'), then the state (1, shape, dtype, False, bytes)."""
    empty = _opcodes(0) + pickle.TUPLE1 + _opcodes("b") + pickle.TUPLE3 + pickle.REDUCE
    dtype = pickle.GLOBAL + b"numpy\ndtype\n" + _opcodes("u1") + _opcodes(0) + _opcodes(1) + pickle.TUPLE3
    order = _opcodes(3) + _opcodes("|") + pickle.NONE * 3 + _opcodes(-1) * 2 + _opcodes(0)
    shape = pickle.MARK + b"".join(map(_opcodes, array.shape)) + pickle.TUPLE
    return b"".join(
        (
            pickle.GLOBAL + b"numpy.core.multiarray\n_reconstruct\n",
            pickle.GLOBAL + b"numpy\nndarray\n" + empty + pickle.MARK + _opcodes(1) + shape,
            dtype + pickle.REDUCE + pickle.MARK + order + pickle.TUPLE + pickle.BUILD,
            pickle.NEWFALSE + _opcodes(array.tobytes()) + pickle.TUPLE + pickle.BUILD,
        )
    )
