"""Containers out of the bytes of a message; each is known before its parts are, which may refer to it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from grader.engine.wire import tables
from grader.engine.wire.channel import WireError
from grader.engine.wire.mappings import ELSEWHERE, FACTORIES, MAPPINGS, fill

if TYPE_CHECKING:
    from grader.engine.wire.decoding import Decoder


def list_(decoder: Decoder, depth: int) -> list:
    result = decoder.remember([])
    result.extend(decoder.items(depth))
    return result


def dict_(decoder: Decoder, depth: int) -> dict:
    result = decoder.remember({})
    items = decoder.items(depth)
    result.update(zip(decoder.collisions.spread(items[::2]), items[1::2], strict=True))
    return result


def mapping(decoder: Decoder, depth: int) -> dict:
    name, tag = decoder.text(), decoder.next_tag()
    factory = decoder.part(depth + 1)
    if tag not in ELSEWHERE and not any(factory is known for known in FACTORIES):
        raise WireError("a forbidden factory")
    result = decoder.remember(MAPPINGS[name](factory))
    items = decoder.items(depth)
    fill(result, decoder.collisions.spread(items[::2]), items[1::2])
    return result


def deque_(decoder: Decoder, depth: int) -> deque:
    place, maxlen = decoder.reserve(), decoder.part(depth + 1)
    decoder.objects[place] = result = deque[Any](maxlen=maxlen)
    result.extend(decoder.items(depth))
    return result


def table(decoder: Decoder, depth: int) -> Any:
    place = decoder.reserve()
    decoder.objects[place] = tables.made(*decoder.part(depth + 1))
    return decoder.objects[place]


def set_(decoder: Decoder, depth: int) -> set:
    result = decoder.remember(set())
    result.update(decoder.collisions.spread(decoder.items(depth)))
    return result
