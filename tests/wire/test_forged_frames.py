"""What a hostile student process may send: no bytes crash, hang or mislead the judge's side."""

import contextlib
import socket
import struct
import subprocess
import sys
import time
import tracemalloc

import numpy as np
import pytest
from crossing import encoded, listed, refuse
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.engine.judge.handles import Handle
from grader.engine.judge.link import Link
from grader.engine.judge.student_errors import StudentGone
from grader.engine.wire.admission import admitted
from grader.engine.wire.channel import MAX_FRAME, Channel, WireError
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.hash_collisions import HashCollisions
from grader.engine.wire.random_state import RandomState
from grader.engine.wire.values import restore


def array_bytes(dtype: bytes, *shape: int, data: bytes = b"") -> bytes:
    """An array as it travels, with whatever shape it claims."""
    layout = struct.pack(f"<BB{len(shape)}Q", 0, len(shape), *shape)
    return b"a" + struct.pack("<I", len(dtype)) + dtype + layout + struct.pack("<I", len(data)) + data


def alike(tag: bytes, *between: bytes) -> bytes:
    """Keys of one hash: looking up each among the others would take the square of their number."""
    return listed(
        tag, *(part for n in range(5000) for part in (encoded(n * sys.hash_info.modulus), *between))
    )


def displaced(generator, position: int) -> bytes:
    """A generator that would go on with what lies elsewhere in memory."""
    if isinstance(generator, np.random.RandomState):
        name, words, _, *gauss = generator.get_state()
        return b"S" + encoded((name, words, position, *gauss))
    state = generator.bit_generator.state
    (state["state"] if "pos" in state["state"] else state)[MOVED[state["bit_generator"]]] = position
    return b"G" + encoded(state)


ONE_ROW = ("RangeIndex", 0, 1, 1, None)
MOVED = {"MT19937": "pos", "Philox": "buffer_pos"}


FORGED = {
    "keys of one hash": alike(b"{", b"N"),
    "items of one hash": alike(b"<"),
    "frozen items of one hash": alike(b">"),
    "a twister before its words": displaced(np.random.Generator(np.random.MT19937(1)), -900),
    "a twister behind its words": displaced(np.random.Generator(np.random.MT19937(1)), 625),
    "a Philox outside of its buffer": displaced(np.random.Generator(np.random.Philox(1)), -9),
    "a RandomState outside of its words": displaced(np.random.RandomState(1), 1 << 27),
    "a state whose position is no number": displaced(np.random.RandomState(1), 2.0),
    "an array larger than its data": array_bytes(b"<f8", 1 << 40, data=b"12345678"),
    "an object array": array_bytes(b"|O", 1, data=b"12345678"),
    "a dtype with fields": array_bytes(b"f4,O", 1, data=b"12345678"),
    "dimensions that overflow": array_bytes(b"<f8", 1 << 63, 2),
    "more dimensions than NumPy has": array_bytes(b"<f8", *[1] * 200, data=b"12345678"),
    "countless empty strings": array_bytes(b"<U0", 1 << 40),
    "a list longer than the message": b"[\xff\xff\xff\xff",
    "a reference to nothing": b"r\x05\0\0\0",
    "an unknown name": b"n\x06\0\0\0system",
    "an unhashable key": b"{\x02\0\0\0[\0\0\0\0N",
    "a key without a value": b"{\x01\0\0\0N",
    "a view of no array": b"v\0\0\0\0\x03\0\0\0<f8(\x03\0\0\0NNN",
    "an array of objects": b"L" + encoded(("array", "O", b"12345678")),
    "an array as long as a number says": b"L" + encoded(("array", "d", 1 << 40)),
    "a pattern too long": b"L" + encoded(("pattern", "(" * 2_000, 0)),
    "a chain of what is no dict": b"L" + encoded(("ChainMap", [1])),
    "a wrapper of another kind": b"L" + encoded(("UserString", [1])),
    "a class of a class of tables": b"P" + encoded(("own", "A", ("own", "A", ("Series", [], (), None)))),
    "a class whose name is none": b"P" + encoded(("own", "a b", ("array", np.zeros(1)))),
    "codes of no category": b"P" + encoded(("array", ("category", np.array([7]), ONE_ROW, False))),
    "a level that is missing": b"P" + encoded(("MultiIndex", [ONE_ROW], [np.array([5])], [None])),
    "a frequency that is none": b"P" + encoded(("DatetimeIndex", np.zeros(2, "M8[s]"), "x" * 99, None)),
    "text that is not UTF-8": b"s\x01\0\0\0\xff",
    "nothing": b"",
    "an unknown tag": b"\x80N",
}  # fmt: skip


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_forged_values(data):
    with pytest.raises(WireError):
        Decoder(data, refuse).value()


def test_only_two_values_are_boolean():
    data = bytearray(array_bytes(b"|b1", 3, data=b"\0\2\xff"))
    assert Decoder(data, refuse).value().view(np.uint8).tolist() == [0, 1, 1]
    with pytest.raises(WireError, match="True"):
        Decoder(
            bytearray(b"v\0\0\0\0\x03\0\0\0|b1" + encoded((0, (8,), (1,)))), refuse, [np.arange(8.0)]
        ).value()


def test_the_random_state_is_no_window_into_memory():
    words, state = np.zeros(624, np.uint32), np.random.get_state()
    for position in (-900, 625, 1 << 27, 1.0, None, "1"):
        with pytest.raises(WireError):
            RandomState().set(((words, position, 0, 0.0), None))
    np.testing.assert_array_equal(np.random.get_state()[1], state[1])


@pytest.mark.parametrize("position", [{"pos": 5000}, {"pos": -1}])
def test_the_place_of_one_generator_does_not_pass_for_that_of_another(position):
    generator = np.random.Generator(np.random.MT19937(0))
    state = generator.bit_generator.state
    state["state"] |= position
    with pytest.raises(WireError):
        restore(generator, state | {"buffer_pos": 0}, HashCollisions())


@pytest.mark.parametrize(
    "layout",
    [
        (0, (9,), (8,)),
        (-8, (2,), (8,)),
        (0, (2,), (1 << 60,)),
        (8, (2,), (-16,)),
        (0, (1 << 40,), (0,)),
        (0, (np.int8(100),) * 8, (0,) * 8),
    ],
)
def test_a_view_stays_within_its_array(layout):
    encoder = Encoder(refuse)
    encoder.add(layout)
    data = b"v\0\0\0\0\x03\0\0\0<f8" + b"".join(encoder.parts)
    with pytest.raises(WireError):
        Decoder(data, refuse, [np.arange(8.0)]).value()


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
