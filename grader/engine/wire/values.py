"""How a Python value becomes bytes and comes back: exact plain types, bounded, never pickled.

By value: None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice, range,
NumPy arrays and scalars, random generators with their state, values of the standard library
(`library_values`) and pandas' tables (`tables`, `columns`). By name: the
types and ufuncs of `NAMED`. Everything else goes through the `export` hook of the side that encodes and the
`admit` hook of the side that decodes: handles of student objects, callbacks into the judge.

A subclass of a plain type crosses as the plain type: an ndarray subclass loses its overridden comparisons,
a float subclass its __eq__. Only where its class has the name of one that the course itself defines
(`class Stack(list)`) is such a value an object like any other, and stays. Objects that can change keep their
identity within a message, and a reply may refer to the objects of the call it answers ("returns the same
object", views into an argument).
"""

from __future__ import annotations

import re
from collections import deque
from typing import Any, Literal

import numpy as np

from grader.engine.wire import tables
from grader.engine.wire.channel import WireError
from grader.engine.wire.hash_collisions import HashCollisions
from grader.engine.wire.mappings import fill

Order = Literal["C", "F"]  # of an array's entries in memory

GENERATORS = (np.random.Generator, np.random.RandomState)
MAX_DEPTH = 60
MAX_NODES = 400_000  # values in one message
MAX_INT_BYTES = 8192
MAX_NDIM = 64  # NumPy's own limit
DTYPE = re.compile(r"[<>|=]?(?:[biufc]\d{1,2}|[SU]\d{1,7}|[mM]8(?:\[\d{0,6}[A-Za-z]{1,2}\])?)\Z")
_UFUNCS = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "exp",
    "log",
    "sin",
    "cos",
    "tanh",
    "maximum",
    "minimum",
    "sqrt",
    "square",
    "absolute",
    "sign",
]
NAMED: dict[str, Any] = {
    t.__name__: t
    for t in (
        int,
        float,
        complex,
        bool,
        str,
        bytes,
        list,
        tuple,
        dict,
        set,
        np.ndarray,
        *np.sctypeDict.values(),
    )
}
NAMED |= {f"np.{name}": getattr(np, name) for name in _UFUNCS}
# A class that defines none of these has object's own: the same over here.
NAMED |= {
    f"object.__{name}__": getattr(object, f"__{name}__")
    for name in ("init", "new", "eq", "ne", "repr", "str", "hash")
}
NAME_OF = {id(value): name for name, value in NAMED.items()}
BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def bit_state(generator: Any) -> Any:
    """The state of a Generator or RandomState as plain data."""
    if isinstance(generator, np.random.RandomState):
        return generator.get_state()
    return _plain(generator.bit_generator.state)


def _plain(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _plain(value) for key, value in state.items()}
    return state.item() if isinstance(state, np.generic) else state


def put_state(generator: Any, state: Any) -> None:
    """Give a generator a claimed state. Raises WireError for a position outside of the generator's words:
    NumPy takes it as it is, and would go on with whatever lies there in memory."""
    if type(state) is tuple:
        positions = [(state[2], 624)]
    elif type(state) is dict and type(state["state"]) is dict:
        positions = [(state["state"].get("pos", 0), 624), (state.get("buffer_pos", 0), 4)]
    else:
        raise WireError("no state of a generator")
    if any(type(position) is not int or not 0 <= position <= words for position, words in positions):
        raise WireError("no state of a generator")
    if isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    else:
        generator.bit_generator.state = state


def restore(target: Any, contents: Any, collisions: HashCollisions) -> None:
    """Bring an in-place change into `target`; `collisions` are those of its message.

    Raises WireError when its dtype or size changed, and for contents that `Encoder.contents` does not tell.
    """
    if isinstance(target, np.ndarray):
        if not isinstance(contents, np.ndarray) or contents.dtype != target.dtype:
            raise WireError("an array changed its dtype in place")
        _reshape(target, contents.shape)
        np.copyto(target, contents)
        if isinstance(target, np.ma.MaskedArray):
            target.mask = np.ma.getmask(contents)
    elif isinstance(target, GENERATORS):
        put_state(target, contents)
    elif tables.is_table(target):
        tables.restore(target, contents)
    elif type(contents) is not tuple:
        raise WireError("no contents of a container")
    elif isinstance(target, dict):
        target.clear()
        fill(target, collisions.spread(contents[::2]), contents[1::2])
    elif isinstance(target, list):
        target[:] = contents
    elif isinstance(target, deque):
        target.clear()
        target.extend(contents)
    elif isinstance(target, set):
        target.clear()
        target.update(collisions.spread(contents))


def _reshape(array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape == shape:
        return
    try:
        array.shape = shape
    except (AttributeError, ValueError):
        raise WireError("an array changed its size in place") from None
