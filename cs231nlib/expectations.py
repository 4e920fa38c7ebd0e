"""What a test says of a result: `expect` compares it, `unpack` takes it apart, both in a student's words."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from sys import _getframe
from types import FrameType
from typing import Any

import numpy as np

from cs231nlib import diagnosis
from cs231nlib.words import kind_of, number
from grader.notebook.evidence import is_unread

NUMBERS = "biufc"  # kinds of dtype
_faults: list[str] | None = None  # of kind, in the check that runs now


class Mistake(AssertionError):
    """What a check says of a mistake that it knows.

    ask: the question for whoever made it, "" for none.
    """

    def __init__(self, message: str, ask: str):
        super().__init__(message)
        self.ask = ask


@contextlib.contextmanager
def collecting(faults: list[str]) -> Iterator[None]:
    """Meanwhile a list where an array should be is noted in `faults`, once its numbers are right."""
    global _faults
    before, _faults = _faults, faults
    try:
        yield
    finally:
        _faults = before


def unpack(what: str, got: Any, *names: str, alike: bool = False) -> tuple | list:
    """`got`, once it is known to be a tuple or list of as many things as `names`.

    what: the call, for the message: "softmax_loss(scores, y)". names: what it should hold, in this order.
    alike: all of them have one shape, so that an array of them will do as well.
    Raises AssertionError with a sentence for the student.
    """
    _assert_returned(what, got)
    if alike and isinstance(got, np.ndarray) and got.ndim and len(got) == len(names):
        got = list(got)
    several = isinstance(got, tuple | list)
    came = f"{len(got)} things" if several else kind_of(got)
    fits = several and len(got) == len(names)
    assert fits, f"{what} should be {' and '.join(names)}, but is {came}."
    return got


def expect(
    what: str, got: Any, wanted: Any, *, rtol: float = 1e-7, atol: float = 1e-9, dtype: Any = None
) -> None:
    """Assert that `got` is what `wanted` is: kind, shape, dtype (when given), finite, values.

    what: how the student would write it, for the message: "relu(z)".
    wanted: a number or an array. Raises AssertionError with a sentence for the student. A list of the right
    numbers costs an exercise one check, not all.
    """
    wanted = np.asarray(wanted)
    got, fault = as_array(what, got, wanted)
    if fault and dtype is not None:
        note_fault(fault)
        raise AssertionError(fault)
    if got.shape != wanted.shape:
        should = f"have {wanted.shape}" if wanted.ndim else "be one number"
        about = diagnosis.of_shape(got, wanted, diagnosis.given_in(what, _getframe(1)))
        raise AssertionError(f"{what} has shape {got.shape}, but should {should}. {about}".rstrip())
    if dtype is not None:
        assert got.dtype == dtype, f"{what} has dtype {got.dtype}, but should have {np.dtype(dtype)}."
    if not _surely_close(got, wanted, rtol, atol):
        close = np.isclose(got, wanted, rtol=rtol, atol=atol, equal_nan=True)
        if not close.all():
            about = "" if is_unread() else _remark(what, got, wanted, _getframe(1))
            raise AssertionError(f"{_worst(what, got, wanted, close, atol)} {about}".rstrip())
    if fault:
        note_fault(fault)


def _remark(what: str, got: np.ndarray, wanted: np.ndarray, frame: FrameType) -> str:
    return diagnosis.of_values(got, wanted, diagnosis.given_in(what, frame))


def note_fault(fault: str) -> None:
    """Let a fault of kind cost the exercise a check; outside of a Grade, this one."""
    assert _faults is not None, fault
    _faults.append(fault)


def as_array(what: str, got: Any, wanted: np.ndarray) -> tuple[np.ndarray, str]:
    """`got` as an array to compare with `wanted`, and what is wrong with its kind, or "".

    Raises AssertionError for what holds no numbers, or is nothing like `wanted`.
    """
    _assert_returned(what, got)
    fault = ""
    if wanted.ndim and not isinstance(got, np.ndarray):
        fault = f"{what} should be an array, but is {kind_of(got)}."
        assert isinstance(got, list | tuple), fault
    elif not wanted.ndim:
        fine = np.isscalar(got) or isinstance(got, np.ndarray)
        assert fine, f"{what} should be a single number, but is {kind_of(got)}."
    array = _of_numbers(got)
    if array is None:
        raise AssertionError(fault or f"{what} should hold numbers, but is {kind_of(got)}.")
    if isinstance(got, np.ndarray) and got.dtype.kind == "O":
        fault = f"{what} should be an array of numbers, but is {kind_of(got)}."
    return array, fault


def _surely_close(got: np.ndarray, wanted: np.ndarray, rtol: float, atol: float) -> bool:
    """True spares the slow np.isclose, which decides all else: infinities, NaN, whole numbers, the limit."""
    if got.dtype.kind != "f" or wanted.dtype.kind != "f":
        return False
    with np.errstate(all="ignore"):
        return bool((np.abs(got - wanted) < atol + rtol * np.abs(wanted)).all())


def _of_numbers(got: Any) -> np.ndarray | None:
    """`got` as an array of numbers; None when it holds something else, or rows of different lengths."""
    try:
        array = np.asarray(got)
        array = array.astype(np.float64) if array.dtype.kind == "O" else array
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in NUMBERS else None


def _assert_returned(what: str, got: Any) -> None:
    assert got is not None, f"{what} is None. Is there a `return` on every path?"


def _worst(what: str, got: np.ndarray, wanted: np.ndarray, close: np.ndarray, atol: float) -> str:
    where = tuple(int(i) for i in np.argwhere(~close)[0])
    place = f"[{', '.join(map(str, where))}]" if where else ""
    place = f" at {place}" if place and not _is_code(what) else place
    bad = int((~close).sum())
    count = f" {bad} of {close.size} values differ." if close.size > 1 else ""
    one, other = wanted[where].item(), got[where].item()
    texts = ((number(one, atol, n), number(other, atol, n)) for n in range(6, 18))
    should, came = next((pair for pair in texts if pair[0] != pair[1]), (repr(one), repr(other)))
    return f"{what}{place} should be {should}, but is {came}.{count}"


@functools.lru_cache(maxsize=256)
def _is_code(what: str) -> bool:
    try:
        compile(what, "what", "eval")
    except SyntaxError:
        return False
    return True
