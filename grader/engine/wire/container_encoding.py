"""Containers into the bytes of a message, whatever their subclass makes of being looked through."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from grader.engine.wire.library_values import FACTORIES, parts

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
    """A Counter, OrderedDict or defaultdict; the last with a factory of the student's is a plain dict."""
    factory = getattr(value, "default_factory", None)
    if not any(factory is known for known in FACTORIES):
        dict_(encoder, value, depth)
    elif not encoder.seen(value):
        items = [part for item in dict.items(value) for part in item]
        encoder.text(b"D", type(value).__name__)
        encoder.add(factory, depth + 1)
        encoder.items(b"", items, len(items), depth)


def deque_(encoder: Encoder, value: deque, depth: int) -> None:
    if not encoder.seen(value):
        encoder.parts.append(b"Q")
        encoder.add(value.maxlen, depth + 1)
        encoder.items(b"", list(value), len(value), depth)


def table(encoder: Encoder, value: Any, depth: int, *, told: tuple) -> None:
    if not encoder.seen(value):
        encoder.parts.append(b"P")
        encoder.add(told, depth + 1)


def library(encoder: Encoder, value: Any, depth: int) -> None:
    encoder.parts.append(b"L")
    encoder.add(parts(value), depth + 1)


def set_(encoder: Encoder, value: set, depth: int) -> None:
    if not encoder.seen(value):
        encoder.items(b"<", list(value), len(value), depth)
