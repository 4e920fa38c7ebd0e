"""Containers into the bytes of a message, whatever their subclass makes of being looked through."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from grader.engine.wire.library_values import parts
from grader.engine.wire.mappings import Asking

if TYPE_CHECKING:
    from grader.engine.wire.encoding import Encoder


def list_(encoder: Encoder, value: list, depth: int) -> None:
    if not encoder.seen(value):
        encoder.items(b"[", list.__iter__(value), list.__len__(value), depth)


def dict_(encoder: Encoder, value: dict, depth: int) -> None:
    if not encoder.seen(value):
        items = [part for item in dict.items(value) for part in item]
        encoder.items(b"{", items, len(items), depth)


def mapping(encoder: Encoder, value: dict, depth: int) -> None:
    """A Counter, OrderedDict or defaultdict; a factory that is no plain type is called where it is."""
    _mapping(encoder, value, type(value).__name__, getattr(value, "default_factory", None), depth)


def kin(encoder: Encoder, value: dict, depth: int) -> None:
    """A dict of somebody's own class: what it says of missing keys is asked where it is."""
    if hasattr(type(value), "__missing__"):
        _mapping(encoder, value, Asking.__name__, value.__missing__, depth)  # type: ignore[attr-defined]
    else:
        dict_(encoder, value, depth)


def _mapping(encoder: Encoder, value: dict, name: str, factory: Any, depth: int) -> None:
    if not encoder.seen(value):
        items = [part for item in dict.items(value) for part in item]
        encoder.text(b"D", name)
        encoder.add(factory, depth + 1)
        encoder.items(b"", items, len(items), depth)


def deque_(encoder: Encoder, value: deque, depth: int) -> None:
    if not encoder.seen(value):
        encoder.parts.append(b"Q")
        encoder.add(value.maxlen, depth + 1)
        encoder.items(b"", list(value), len(value), depth)


def table(encoder: Encoder, value: Any, depth: int, *, content: tuple) -> None:
    if not encoder.seen(value):
        encoder.parts.append(b"P")
        encoder.add(content, depth + 1)


def library(encoder: Encoder, value: Any, depth: int) -> None:
    encoder.parts.append(b"L")
    encoder.add(parts(value), depth + 1)


def set_(encoder: Encoder, value: set, depth: int) -> None:
    if not encoder.seen(value):
        encoder.items(b"<", list(value), len(value), depth)
