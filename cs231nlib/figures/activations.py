"""Activation functions and their slopes."""

import numpy as np

from cs231nlib import look

NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky": "leaky ReLU, a = 0.1"}
WORDS = {
    "sigmoid": "The sigmoid climbs in an S from 0 to 1; its derivative is a bump of height 0.25 at 0.",
    "tanh": "tanh climbs in an S from −1 to 1; its derivative is a bump of height 1 at 0.",
    "relu": "ReLU is 0 up to 0, then the line z; its derivative jumps from 0 to 1.",
    "leaky": "Leaky ReLU has slope 0.1 up to 0, then slope 1; its derivative jumps from 0.1 to 1.",
}


@look.style()
def fig_relu(kind="relu"):
    """ReLU ("relu"), or sigmoid, tanh, ReLU and leaky ReLU ("all"): the function and its derivative.

    kind: also one of "sigmoid", "tanh", "leaky". Returns a Figure.
    """
    kinds = tuple(NAMES) if kind == "all" else (kind,)
    fig = look.figure(look.WIDTH, 4.9 if kind == "all" else 2.9)
    fig.alt = f"Functions of z and their derivatives: {' '.join(WORDS[each] for each in kinds)}"
    if kind == "all":
        for ax, each in zip(fig.subplots(2, 2).flat, kinds, strict=True):
            _both(ax, each)
        fig.axes[0].legend(loc="upper left")
    else:
        _alone(fig, kind)
    return fig


def _alone(fig, kind):
    left, right = fig.subplots(1, 2)
    pieces, slopes = _curves(kind)
    _draw(left, pieces, look.FORWARD, NAMES[kind])
    _draw(right, slopes, look.BACKWARD, f"derivative of {NAMES[kind]}")
    if len(slopes) == 2:  # the slope jumps at 0, and the course takes the value on the left
        for (_, height), fill in zip(slopes, (look.BACKWARD, "white"), strict=True):
            right.plot(0, height[0], "o", ms=7, mfc=fill, mec=look.BACKWARD, mew=1.8)


def _both(ax, kind):
    pieces, slopes = _curves(kind)
    _draw(ax, pieces, look.FORWARD, NAMES[kind], label="value")
    _draw(ax, slopes, look.BACKWARD, NAMES[kind], label="derivative", lw=1.8, ls=(0, (4, 1.6)))


def _draw(ax, pieces, colour, title, label=None, **line):
    for z, height in pieces:
        ax.plot(z, height, color=colour, label=label, **line)
        label = None
    ax.axhline(0, color=look.LINE, lw=0.9, zorder=0)
    ax.axvline(0, color=look.LINE, lw=0.9, zorder=0)
    ax.set(title=title, xlim=(-4, 4), xlabel="$z$")


def _curves(kind):
    """The function and its derivative, each as a list of continuous pieces (z, height)."""
    if kind in ("relu", "leaky"):
        low = 0.0 if kind == "relu" else 0.1
        left, right = np.array([-4.0, 0.0]), np.array([0.0, 4.0])
        value = [(np.array([-4.0, 0.0, 4.0]), np.array([-4 * low, 0.0, 4.0]))]
        return value, [(left, np.full(2, low)), (right, np.ones(2))]
    z = np.linspace(-4, 4, 401)
    t = np.tanh(z) if kind == "tanh" else np.tanh(z / 2)
    if kind == "tanh":
        return [(z, t)], [(z, 1 - t**2)]
    return [(z, (1 + t) / 2)], [(z, (1 - t**2) / 4)]
