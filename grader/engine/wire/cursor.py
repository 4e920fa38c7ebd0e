"""A place in the bytes of one message; nothing is read beyond their end."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from grader.engine.wire.channel import WireError
from grader.engine.wire.values import MAX_INT_BYTES

U32 = struct.Struct("<I")


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
        start = self.at + 4
        self.at = end = start + U32.unpack_from(self.data, self.at)[0]
        if end > len(self.data):
            raise WireError("a message ended too early")
        return self.data[start:end]

    def next_tag(self) -> bytes:
        """What kind of value comes next."""
        return bytes(self.data[self.at : self.at + 1])

    def text(self, _depth: int = 0) -> str:
        return self.block().decode("utf-8", "surrogatepass")

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
