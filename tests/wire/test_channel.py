"""Frames over a socket: whole, in order, by the deadline; and what the end of either side means."""

import socket
import struct
import time

import pytest
from crossing import refuse
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.engine.wire.channel import (
    Channel,
    WireClosed,
    WireError,
    WireTimeout,
    connected_pair,
    receive_socket,
)
from grader.engine.wire.decoding import Decoder


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_hang_or_crash_a_channel(data):
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    channel.deadline = time.monotonic() + 5
    theirs.sendall(data)
    theirs.close()
    try:
        while True:
            Decoder(channel.receive(), refuse).value()
    except WireError:
        pass
    assert time.monotonic() < channel.deadline
    ours.close()


def test_silence_ends_at_the_deadline(ends):
    channel, theirs = ends
    theirs.sendall(struct.pack("<I", 10) + b"half")
    channel.deadline = time.monotonic() + 0.05
    with pytest.raises(WireTimeout):
        channel.receive()


def test_the_other_end_gone(ends):
    channel, theirs = ends
    theirs.close()
    with pytest.raises(WireClosed):
        channel.receive()


def test_frames_arrive_whole_and_in_order(ends):
    channel, theirs = ends
    frames = [b"", b"x", bytes(range(256)) * 300, b"last"]
    theirs.sendall(b"".join(struct.pack("<I", len(frame)) + frame for frame in frames))
    assert [bytes(channel.receive()) for _ in frames] == frames


@pytest.mark.parametrize("unread", [b"", b"+"])
def test_a_peer_that_died_hands_over_nothing(unread):
    """With something unread the kernel resets the stream instead of ending it."""
    ours, theirs = connected_pair()
    if unread:
        ours.send(unread)
    theirs.close()
    with ours:
        assert receive_socket(ours) == (b"", None)
