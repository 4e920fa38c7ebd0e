"""Is a gate made of neurons that are on or off right, and what to ask if not? For the tests of chapter 03."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from cs231nlib.expectations import Mistake

XOR = 0, 1, 1, 0

ORIGIN = (
    "At {place} the weights have no say: the sum is b alone, here {total}, and the neuron is {state}."
    " Which sign must b have for {name}?"
)
BOTH = (
    "At {place} the sum is both weights and b, here {total}, and {name} should be {right} there."
    " Are the weights too weak or too strong for this b, or have they the wrong sign?"
)
ONE = (
    "At {place} the sum is one weight and b, here {total}, and {name} should be {right} there."
    " What must one weight alone be able to do, and what not, with this b?"
)
BESIDE = (
    "A little beside a corner, at {place}, the sum is {total}, on the wrong side for {name}."
    " How far from 0 is your sum at each corner, and which b would leave room on both sides?"
)
ALIKE = (
    "For the inputs {} and {} your hidden neurons give the same answer, {}, and XOR is different there:"
    " whatever the output makes of it, one of the two comes out wrong."
    " Which question could a hidden neuron ask that tells them apart?"
)
ONE_INPUT_EACH = (
    "Your hidden neurons give four different answers, as the inputs themselves do: each looks at one input"
    " alone, and the output faces the old problem, which no single neuron can solve."
    " Which question about both inputs at once could one of them ask?"
)
OUTPUT = (
    "Your hidden neurons tell apart what has to be told apart. For {x} they say {h}, and the output is"
    " {state}, where XOR is {right}. Put {h} into `h @ W2 + b2` by hand: which number of it {does}?"
)


def check_gate(name: str, x: np.ndarray, z: float, on: int) -> None:
    """Mistake, unless a neuron is on (1) or off (0) as it should be.

    name: of the gate. x: the input, (2,). z: the weighted sum there, above 0 where the neuron is on.
    """
    if (z > 0) == bool(on):
        return
    state, right = ("off", "on") if on else ("on", "off")
    place, total = f"({x[0]:g}, {x[1]:g})", f"{z:.6g}"
    at_corner = {(0, 0): ORIGIN, (1, 1): BOTH, (0, 1): ONE, (1, 0): ONE}
    ask = at_corner.get(tuple(x), BESIDE).format_map(locals())
    said = f"{name} at {place}: w @ x + b = {total}, so the neuron is {state}, but should be {right}."
    raise Mistake(said, ask)


def check_xor(X: np.ndarray, h: np.ndarray, out: np.ndarray) -> None:
    """Mistake, unless a net of neurons that are on (1) or off (0) answers as XOR does.

    X: inputs at or beside (0, 0), (0, 1), (1, 0), (1, 1), in this order, (4, 2). h: what each of the k hidden
    neurons answers, (4, k). out: the net's answers, (4,).
    """
    if not np.array_equal(out, XOR):
        rows = (f"\n  {x} -> hidden {a} -> {b:g}" for x, a, b in zip(X, h, out, strict=False))
        ask = _ask_about_layer(X, h, out) if np.shape(out) == (4,) else ""
        raise Mistake(f"XOR should be 0 1 1 0. Your net says{''.join(rows)}", ask)


def _ask_about_layer(X: np.ndarray, h: np.ndarray, out: np.ndarray) -> str:
    """The question about the layer that is to blame."""
    for i, j in combinations(range(4), 2):
        if XOR[i] != XOR[j] and np.array_equal(h[i], h[j]):
            return ALIKE.format(X[i], X[j], h[i])
    if np.shape(h) == (4, 2) and len(np.unique(h, axis=0)) == 4:
        return ONE_INPUT_EACH
    at = int(np.argmax(out != np.array(XOR)))
    state, right = ("off", "on") if XOR[at] else ("on", "off")
    does = "keeps the sum from coming over 0" if XOR[at] else "carries the sum over 0"
    return OUTPUT.format(x=X[at], h=h[at], state=state, right=right, does=does)
