"""What the tests of the wire send across, and how they compare what arrives."""

import struct

from grader.engine.wire.channel import WireError
from grader.engine.wire.encoding import Encoder


def refuse(*value):
    raise WireError(f"{value} does not cross")


def listed(tag: bytes, *items: bytes) -> bytes:
    """A container as it travels."""
    return tag + struct.pack("<I", len(items)) + b"".join(items)


def encoded(value) -> bytes:
    encoder = Encoder(refuse)
    encoder.add(value)
    return b"".join(encoder.parts)


def array_bytes(dtype: bytes, *shape: int, data: bytes = b"") -> bytes:
    """An array as it travels, with whatever shape it claims."""
    layout = struct.pack(f"<BB{len(shape)}Q", 0, len(shape), *shape)
    return b"a" + struct.pack("<I", len(dtype)) + dtype + layout + struct.pack("<I", len(data)) + data
