"""What a hostile student process may send: no bytes crash, hang or mislead the judge's side."""

import sys

import numpy as np
import pytest
from crossing import array_bytes, encoded, listed, refuse

from grader.engine.wire.channel import WireError
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.hash_collisions import HashCollisions
from grader.engine.wire.random_state import RandomState
from grader.engine.wire.values import restore


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
    "a fraction out of a text": b"L" + encoded(("Fraction", "1e5")),
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
