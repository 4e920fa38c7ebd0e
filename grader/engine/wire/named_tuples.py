"""Named tuples: a class of the same name and fields is made on this side, from bounded words."""

from __future__ import annotations

import functools
import keyword
from collections import namedtuple

from grader.engine.wire.channel import WireError

MAX_FIELDS = 100


def is_bare_record(kind: type) -> bool:
    """Whether a class is a named tuple and nothing more: it has no method of somebody's own."""
    fields = getattr(kind, "_fields", ())
    return kind.__mro__[1:] == (tuple, object) and vars(kind).keys() <= _OF_RECORDS.union(fields)


@functools.lru_cache(maxsize=256)
def record(name: str, fields: tuple[str, ...]) -> type[tuple]:
    words = (name, *fields)
    if len(fields) > MAX_FIELDS or any(type(w) is not str or keyword.iskeyword(w) for w in words):
        raise WireError("no names of fields")
    if not all(word.isidentifier() and len(word) <= MAX_FIELDS for word in words):
        raise WireError("no names of fields")
    return namedtuple(name, fields)


_OF_STATEMENTS = """
annotations annotate annotate_func annotations_cache classdictcell firstlineno orig_bases static_attributes
"""
_OF_RECORDS = {*vars(record("Record", ())), *(f"__{name}__" for name in _OF_STATEMENTS.split())}
