"""Nonsense in frames, drawn at random: none crashes, hangs or misleads the judge, or fills its memory."""

import contextlib
import socket
import struct
import subprocess
import sys
import time
import tracemalloc

import numpy as np
import pytest
from crossing import array_bytes, encoded, listed, refuse
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.engine.judge.handles import Handle
from grader.engine.judge.link import Link
from grader.engine.judge.student_errors import StudentGone
from grader.engine.wire.admission import admitted
from grader.engine.wire.channel import MAX_FRAME, Channel, WireError
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_the_decoder(data):
    check_bounded(data)


PARTS = st.one_of(
    st.sampled_from(
        [b"N", b"T", b".", encoded("result"), encoded("MT19937"), encoded("pos"), encoded("state")]
    ),
    st.sampled_from([encoded(np.random.default_rng(1)), encoded(np.random.RandomState(1))]),
    st.one_of(st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=3)).map(encoded),
    st.builds(
        lambda dtype, shape, data: array_bytes(dtype, *shape, data=data),
        st.sampled_from([b"|b1", b"<f8", b"|u1", b"<U1", b"<M8[s]", b"|S0", b"<c16"]),
        st.lists(st.integers(0, 4), max_size=3),
        st.binary(max_size=16),
    ),
    st.builds(lambda n: b"r" + struct.pack("<I", n), st.integers(0, 6)),
    st.builds(
        lambda n, dtype, layout: b"v" + struct.pack("<I", n) + struct.pack("<I", 3) + dtype + encoded(layout),
        st.integers(0, 3),
        st.sampled_from([b"|b1", b"<f8", b"<U1"]),
        st.tuples(*[st.one_of(st.integers(-9, 70), st.lists(st.integers(-9, 70), max_size=2))] * 3),
    ),
)


VALUES = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.builds(
            lambda tag, items: listed(tag, *items),
            st.sampled_from([b"(", b"[", b"{", b"<", b">", b":", b"R"]),
            st.lists(inner, max_size=6),
        ),
        st.builds(
            lambda tag, item: tag + item, st.sampled_from([b"G", b"S", b"h", b"k", b"L", b"D", b"Q"]), inner
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_no_well_formed_nonsense_crashes_the_decoder(data):
    """Random bytes hardly ever get past the first tag: these do."""
    check_bounded(bytearray(data))


KINDS = st.sampled_from(["result", "raised", "call", "returned", ""]).map(encoded)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(VALUES, st.builds(lambda *p: listed(b"(", *p), KINDS, *[VALUES] * 4)), max_size=4))
def test_no_messages_break_the_judge(frames):
    """A call ends with a value, an exception of the student's or the loss of the student: never otherwise."""
    ours, theirs = socket.socketpair()
    link = Link(Channel(ours), [len])
    link.start_cell(time.monotonic() + 5)
    theirs.sendall(b"".join(struct.pack("<I", len(frame)) + frame for frame in frames))
    theirs.shutdown(socket.SHUT_WR)
    before = np.random.get_state()
    with ours, theirs, contextlib.suppress(Exception, StudentGone):
        admitted(link.run_cell("", 1, 100)[1], 100)
        link.call(Handle(link, 1, "function", "f"), ([1], np.zeros(2)), {})
    np.random.rand()
    np.random.set_state(before)
    assert time.monotonic() < link.channel.deadline


@pytest.mark.parametrize("place", range(5))
def test_what_the_test_writes_into_its_arguments_stays_here(place):
    ours, theirs = socket.socketpair()
    link, argument = Link(Channel(ours)), np.zeros(2)
    link.start_cell(time.monotonic() + 5)
    fields = listed(b"(", encoded("result"), *map(encoded, [(), (), None, 7, False]))
    frame = fields + b"r" + struct.pack("<I", place)  # one of the objects of the call is the argument
    theirs.sendall(struct.pack("<I", len(frame)) + frame)
    with ours, theirs, contextlib.suppress(StudentGone):
        link.call(Handle(link, 1, "function", "f"), (argument,), {})
    argument += 1000
    assert not list(link._fetched.edited())


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_damage_to_a_real_message_crashes_the_decoder(damage):
    encoder = Encoder(refuse)
    encoder.add(("result", [np.arange(5.0), {"a": (1, "x")}], np.random.default_rng(0), {1, 2}, 2.5, b"raw"))
    data = bytearray(b"".join(encoder.parts))
    for place, value in damage:
        data[place % len(data)] = value
    check_bounded(bytes(data))


def check_bounded(data: bytes) -> None:
    """Decoding ends soon, with a value or a WireError, and takes little memory for a little message."""
    tracemalloc.start()
    started = time.process_time()
    try:
        Decoder(data, refuse, [np.arange(8.0), [1]]).value()
    except WireError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 1 << 20
    assert time.process_time() - started < 5


def test_an_announced_giant_is_refused_before_it_is_allocated(ends):
    channel, theirs = ends
    theirs.sendall(struct.pack("<I", MAX_FRAME + 1))
    with pytest.raises(WireError, match="announced"):
        channel.receive()


def test_a_hostile_message_takes_no_more_memory_than_its_bound():
    """The costliest message: as many empty containers as one may hold."""
    script = (
        "import resource; from grader.engine.wire.decoding import *\n"
        "from grader.engine.wire.channel import *\n"
        "limit = 400 << 20; resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "data = b'[' + (60 << 20).to_bytes(4, 'little') + b'{\\0\\0\\0\\0' * (12 << 20)\n"
        "try: Decoder(data, None).value()\n"
        "except WireError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert "too many parts" in done.stdout, done.stderr
