"""Frames between the judge and a student's process: length-prefixed and bounded, data and nothing else.

A frame is a 4-byte little-endian length and a body of that many bytes; the body is one value in the
encoding of `values`. Neither side pickles, evaluates or imports what it reads. What a peer claims is checked
before it is believed: a length above `MAX_FRAME` is refused before anything is allocated for it.
"""

from __future__ import annotations

import array
import socket
import struct
import time
from collections.abc import Callable

MAX_FRAME = 64 << 20  # bytes of one message
_LENGTH = struct.Struct("<I")
_CHUNK = 1 << 16
TOLERANCE_SECONDS = 0.05  # by which a wait may outlast its deadline; to set it anew is a system call
_BUFFER = 4 << 20  # asked for; the kernel may give less


class WireError(Exception):
    """The other side sent, or was to be sent, what the wire does not carry."""


class WireClosed(WireError):
    """The other side is gone."""


class WireTimeout(WireError):
    """The other side did not answer in time."""


class Channel:
    """Frames over a stream socket. `deadline` (time.monotonic) bounds each wait; None waits for ever.

    `extended` is asked for another one when it has come, and may give the same again.
    """

    def __init__(self, sock: socket.socket):
        self.sock, self._timeout = sock, 0.0
        self.deadline: float | None = None
        self.extended: Callable[[], float] | None = None
        self._buffer = bytearray()

    def send(self, parts: list[bytes | memoryview]) -> None:
        """Send one frame made of `parts`. Raises WireError when it is too large, WireClosed, WireTimeout."""
        size = sum(map(len, parts))
        if size > MAX_FRAME:
            raise WireError(
                f"{size >> 20} MB at once are more than the {MAX_FRAME >> 20} MB that can be checked"
            )
        if size < _CHUNK:
            self._send(b"".join((_LENGTH.pack(size), *parts)))
            return
        for part in (_LENGTH.pack(size), *parts):
            self._send(part)

    def receive(self) -> bytes | bytearray:
        """The body of the next frame. Raises WireError when it is too large, WireClosed, WireTimeout."""
        if not self._buffer:  # mostly one frame comes, and comes whole
            data = self._arrived(self._within_deadline(self.sock.recv, _CHUNK))
            if len(data) >= _LENGTH.size and len(data) == _LENGTH.size + _LENGTH.unpack_from(data)[0]:
                return data[_LENGTH.size :]
            self._buffer += data
        self._fill(_LENGTH.size)
        (size,) = _LENGTH.unpack_from(self._buffer)
        if size > MAX_FRAME:
            raise WireError(f"a message of {size} bytes was announced")
        if len(self._buffer) < _LENGTH.size + size:
            return self._long_body(size)
        body = self._buffer[_LENGTH.size : _LENGTH.size + size]
        del self._buffer[: _LENGTH.size + size]
        return body

    def close(self) -> None:
        self.sock.close()

    def _send(self, data: bytes | memoryview) -> None:
        sent = self._within_deadline(self.sock.send, data)
        while sent < len(data):
            sent += self._within_deadline(self.sock.send, memoryview(data)[sent:])

    def _fill(self, wanted: int) -> None:
        while len(self._buffer) < wanted:
            self._buffer += self._arrived(self._within_deadline(self.sock.recv, _CHUNK))

    def _long_body(self, size: int) -> bytearray:
        """The rest of a body that did not come whole, read straight into its place."""
        body = bytearray(size)
        got = len(self._buffer) - _LENGTH.size
        body[:got] = self._buffer[_LENGTH.size :]
        self._buffer.clear()
        view = memoryview(body)
        while got < size:
            got += self._arrived(self._within_deadline(self.sock.recv_into, view[got:]))
        return body

    def _arrived(self, data):
        if not data:
            raise WireClosed("the process at the other end is gone")
        return data

    def _within_deadline(self, operation, *args):
        while True:
            if self.deadline is not None:
                left = self._left(self.deadline)
                if not left <= self._timeout < left + TOLERANCE_SECONDS:
                    self._set_timeout(left)
            try:
                return operation(*args)
            except (TimeoutError, BlockingIOError):
                continue  # it was over, or may be extended
            except OSError as error:
                raise WireClosed(f"the process at the other end is gone ({error.strerror})") from None

    def _left(self, deadline: float) -> float:
        """Seconds to the deadline. Raises WireTimeout when it has come."""
        left = deadline - time.monotonic()
        if left <= 0 and self.extended:
            self.deadline = self.extended()
            left = self.deadline - time.monotonic()
        if left <= 0:
            raise WireTimeout("no answer in time")
        return left

    def _set_timeout(self, seconds: float) -> None:
        """Let the kernel bound each wait: Python's own time-out takes a second system call each time."""
        self._timeout = seconds
        timeval = struct.pack("@ll", *divmod(int(seconds * 1e6) + 1, 1_000_000))  # 0 would be for ever
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.sock.setsockopt(socket.SOL_SOCKET, option, timeval)


def connected_pair() -> tuple[socket.socket, socket.socket]:
    """Two joined sockets with room for large messages, which a student's process may not give to its own."""
    pair = socket.socketpair()
    for sock in pair:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    return pair


def send_socket(over: socket.socket, passed: socket.socket, note: bytes = b"+") -> None:
    """Hand a socket to the process at the other end of `over`, with a one-byte note."""
    over.sendmsg([note], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [passed.fileno()]))])


def receive_socket(over: socket.socket) -> tuple[bytes, socket.socket | None]:
    """The note and the socket that `send_socket` handed over; the note is empty at the end of the stream.

    A peer that died with something unread resets the stream, which is an end, too.
    """
    try:
        note, ancillary, _flags, _address = over.recvmsg(1, socket.CMSG_SPACE(array.array("i").itemsize))
    except ConnectionResetError:
        return b"", None
    fds = array.array("i")
    for _level, kind, data in ancillary:
        if kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return note, socket.socket(fileno=fds[0]) if fds else None
