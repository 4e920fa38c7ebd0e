"""A place in the bytes of one message; nothing is read beyond their end."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from grader.engine.wire.channel import WireError
from grader.engine.wire.values import MAX_INT_BYTES

U32 = struct.Struct("<I")
_u32 = U32.unpack_from


class Cursor:
    """Reads `data` from its beginning. Raises WireError, or struct.error, where it ends too early."""

    def __init__(self, data: bytes | bytearray):
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes | bytearray:
        if count > len(self.data) - self.at:
            raise WireError("a message ended too early")
        start, self.at = self.at, self.at + count
        return self.data[start : self.at]

    def unpack(self, form: struct.Struct) -> tuple:
        start, self.at = self.at, self.at + form.size
        return form.unpack_from(self.data, start)

    def block(self) -> bytes | bytearray:
        data, start = self.data, self.at + 4
        self.at = end = start + _u32(data, self.at)[0]
        if end > len(data):
            raise WireError("a message ended too early")
        return data[start:end]

    def next_tag(self) -> bytes:
        """What kind of value comes next."""
        return bytes(self.data[self.at : self.at + 1])

    def text(self, _depth: int = 0) -> str:
        data, start = self.data, self.at + 4  # as in `block`: there is a text in every message
        self.at = end = start + _u32(data, self.at)[0]
        if end > len(data):
            raise WireError("a message ended too early")
        return data[start:end].decode("utf-8", "surrogatepass")

    def integer(self, _depth: int) -> int:
        block = self.block()
        if len(block) > MAX_INT_BYTES:
            raise WireError("an integer is too large")
        return int.from_bytes(block, "little", signed=True)


def number(form: struct.Struct) -> Callable[[Cursor, int], Any]:
    size, unpack = form.size, form.unpack_from

    def read(cursor: Cursor, _depth: int) -> Any:
        start, cursor.at = cursor.at, cursor.at + size
        return unpack(cursor.data, start)[0]

    return read
