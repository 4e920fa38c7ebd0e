"""The wire: what crosses comes back exactly; no byte sequence crashes, hangs or takes more than its bound."""

import math
import os
import sys

import numpy as np
import pytest
from crossing import encoded, listed, refuse

from grader.engine.wire.arrays import expect_masks
from grader.engine.wire.channel import WireError
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.hash_collisions import HashCollisions
from grader.engine.wire.values import MAX_DEPTH, restore


def across(value, known=(), there=()):
    encoder = Encoder(refuse, known)
    encoder.add(value)
    return Decoder(bytearray(b"".join(encoder.parts)), refuse, there).value()


PLAIN = [
    None, True, 3, -(2**70), 2**64, 1.5, math.inf, 1j, "é\ud800", "", b"\0", (1, [2, {3: "x"}]), {1, 2},
    frozenset("a"),
    slice(1, None, 2), range(3), Ellipsis, np.float64, np.exp, float, np.dtype("f4"), np.float32(2), np.True_,
    np.int8(-1), np.str_("a"), np.datetime64("2020-01-02"),
]  # fmt: skip


ARRAYS = [
    np.arange(6).reshape(2, 3), np.asfortranarray(np.ones((2, 3))), np.array(5.0), np.zeros((0, 3)),
    np.array(["a", "bc"]), np.array([1, 2, 3])[::-1], np.array([np.nan, np.inf]), np.array([True]),
    np.zeros(3, np.complex64), np.array(b"x"), np.array("2020-01-02", "M8[D]"),
    np.broadcast_to(np.arange(3), (2, 3)), np.array(["", ""]),
]  # fmt: skip


IN_PARTS = [
    np.array([1, "a", None, [2, 3]], dtype=object), np.empty((0, 2), object), np.array({}, object),
    np.ma.array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]], fill_value=7), np.ma.array([1.5]), np.ma.masked,
    np.array([(1, 2.5, "x")], "i4,f8,U3"), np.rec.array([(1, True)], names="n,b"), np.zeros(2, "i4,(2,3)f8"),
    np.array([(1, 2.5)], "i4,f8")[0], np.array([[1, 2], [3, 4]]).view(np.matrix),
]  # fmt: skip


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values(value):
    result = across(value)
    assert type(result) is type(value)
    assert result == value


@pytest.mark.parametrize("value", ARRAYS, ids=repr)
def test_arrays(value):
    result = across(value)
    assert type(result) is np.ndarray and result.flags.writeable
    assert result.dtype == value.dtype
    np.testing.assert_array_equal(result, value)


@pytest.mark.parametrize("value", IN_PARTS, ids=repr)
def test_arrays_of_objects_with_a_mask_or_with_fields(value):
    result = across([value])[0]
    assert type(result) is type(value) and result.dtype == value.dtype and result.shape == value.shape
    assert repr(result) == repr(value)


def test_masked_entries_are_nan_where_nobody_expects_any():
    whole, part, one = np.ma.array([1, 2]), np.ma.array([1, 2], mask=[0, 1]), np.ma.masked
    expect_masks(False)
    try:
        got = [across([value])[0] for value in (whole, part, one)]
    finally:
        expect_masks(True)
    assert type(got[0]) is np.ma.MaskedArray
    assert all(type(value) is np.ndarray for value in got[1:])
    np.testing.assert_equal(got[1:], [[1, np.nan], np.nan])


def test_subclasses_cross_as_what_they_derive_from():
    class Liar(np.ndarray):
        def __eq__(self, other):
            return True

    class Number(float):
        def __eq__(self, other):
            return True

    assert type(across(np.zeros(2).view(Liar))) is np.ndarray
    assert type(across(Number(2))) is float and across(Number(2)) == 2.0
    assert type(across([Number(1)])[0]) is float


@pytest.mark.parametrize(
    "value",
    [
        object(), lambda: 0, np.array([object()]), 1 << 100_000, os,
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_does_not_cross_says_so(value):
    with pytest.raises(WireError):
        across(value)


def test_nesting_is_bounded():
    deep = []
    for _ in range(MAX_DEPTH - 2):
        deep = [deep]
    assert across(deep) == deep
    with pytest.raises(WireError, match="deep"):
        across([[[deep]]])


def test_identity_within_a_message():
    shared = [1]
    first, second, array, view = across([shared, shared, (x := np.arange(4.0)), x[1:3]])
    assert first is second
    assert np.shares_memory(array, view)
    view[0] = 9
    assert array[1] == 9


def test_references_to_the_arguments_of_a_call():
    mine, theirs = np.arange(10.0), np.arange(10.0)
    assert across(mine, [mine], [theirs]) is theirs
    assert np.shares_memory(across(mine[::-2], [mine], [theirs]), theirs)
    np.testing.assert_array_equal(across(mine[::-2], [mine], [theirs]), mine[::-2])
    assert not np.shares_memory(across(mine.copy(), [mine], [theirs]), theirs)


def test_generators_cross_with_their_state():
    for generator in (np.random.default_rng(3), np.random.Generator(np.random.MT19937(3))):
        generator.random()
        assert across(generator).random() == generator.random()
    legacy = np.random.RandomState(3)
    legacy.randn()
    assert across(legacy).randn() == legacy.randn()


@pytest.mark.parametrize(
    ("target", "contents", "expected"),
    [
        ([1], (2, 3), [2, 3]), ({1: 2}, (3, 4), {3: 4}), ({1}, (2,), {2}),
        (np.zeros(2), np.ones(2), np.ones(2)), (np.zeros(4), np.ones((2, 2)), np.ones((2, 2))),
    ],
)  # fmt: skip
def test_restore(target, contents, expected):
    restore(target, contents, HashCollisions())
    np.testing.assert_equal(target, expected)


@pytest.mark.parametrize("target", [{}, set()], ids=str)
def test_keys_of_one_hash_are_no_change_in_place(target):
    with pytest.raises(WireError, match="hash"):
        restore(target, tuple(n * sys.hash_info.modulus for n in range(5000)), HashCollisions())


def test_contents_are_told_one_by_one():
    with pytest.raises(WireError, match="contents"):
        restore([], range(1 << 40), HashCollisions())


def test_an_array_keeps_its_size_and_dtype_in_place():
    with pytest.raises(WireError, match="size"):
        restore(np.zeros(2), np.zeros(3), HashCollisions())
    with pytest.raises(WireError, match="size"):
        restore(np.zeros((2, 2)).T, np.zeros(4), HashCollisions())  # its shape cannot change where it lies
    with pytest.raises(WireError, match="dtype"):
        restore(np.zeros(2), np.zeros(2, int), HashCollisions())


def nest(tags: bytes, which: int) -> bytes:
    """One of many keys of one hash, made of 40 such keys; no container has many of them itself."""
    if not tags:
        return encoded(which * sys.hash_info.modulus)
    parts = [nest(tags[1:], n) for n in (*range(39), 1000 + which)]
    return listed(tags[:1], *parts)


@pytest.mark.parametrize("tags", [b">>", b">(", b"(>"])
@pytest.mark.parametrize("outer", [b"<", b">", b"{"])
def test_nested_keys_of_one_hash(tags, outer):
    keys = [nest(tags, n) for n in range(40)]
    data = listed(outer, *(part for key in keys for part in ([key, b"N"] if outer == b"{" else [key])))
    with pytest.raises(WireError, match="same hash"):
        Decoder(data, refuse).value()


def test_a_few_honest_keys_share_a_hash():
    corners = {tuple(n) for n in np.stack(np.meshgrid(*[[-1, -2]] * 7), -1).reshape(-1, 7).tolist()}
    assert across(corners) == corners
