"""Activation functions and their slopes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look

NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky": "leaky ReLU, a = 0.1"}
WORDS = {
    "sigmoid": "The sigmoid climbs in an S from 0 to 1; its derivative is a bump of height 0.25 at 0.",
    "tanh": "tanh climbs in an S from −1 to 1; its derivative is a bump of height 1 at 0.",
    "relu": "ReLU is 0 up to 0, then the line z; its derivative jumps from 0 to 1.",
    "leaky": "Leaky ReLU has slope 0.1 up to 0, then slope 1; its derivative jumps from 0.1 to 1.",
}
DASHES = ("-", "--", "-.", ":")


@look.style()
def fig_relu(kind: str = "relu") -> Figure:
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


@look.style()
def fig_tails(ways: Mapping[str, Callable]) -> Figure:
    """Sigmoids far to the left on a logarithmic scale, where the exact one is a straight line.

    ways: name -> function of z (500,); a line ends where its value is exactly 0. Returns a Figure.
    """
    alt = "Sigmoids on a logarithmic scale, z from −760 to 0; the exact one is straight to the end."
    fig = look.figure(look.WIDTH, 3.2, alt=alt)
    ax = fig.subplots()
    z = np.linspace(-760, 0, 500)
    with np.errstate(all="ignore"):
        for (name, way), colour, dashes in zip(ways.items(), look.CLASSES, DASHES, strict=False):
            width, height = 7 if dashes == "-" else 2.5, way(z)
            ax.semilogy(z, np.ma.masked_equal(height, 0), color=colour, ls=dashes, lw=width, label=name)
            end = np.argmax(height > 0)
            if dashes != "-" and end:
                ax.plot(z[end], height[end], "X", color=colour, ms=11, mec="white")
    ax.lines[0].set_alpha(0.35)
    ax.set(xlabel="$z$", ylabel="σ(z)", title="where a line ends, the computer says exactly 0")
    ax.legend(loc="lower right")
    return fig


@look.style()
def fig_saturation(z: np.ndarray, gradients: np.ndarray) -> Figure:
    """A histogram of pre-activations z, and one of the gradients they pass back. Returns a Figure."""
    mean = gradients.mean()
    words = f"Left, a histogram of z, {z.std():.1f} wide. Right, the derivatives there, mean {mean:.3f}."
    fig = look.figure(look.WIDTH, 2.9, alt=words)
    left, right = fig.subplots(1, 2)
    left.hist(z, bins=np.linspace(-20, 20, 81), color=look.FORWARD)
    left.set(
        xlabel="$z$", ylabel="how many", xlim=(-20, 20), ylim=(0, 800), title=f"spread of z: {z.std():.1f}"
    )
    right.hist(gradients, bins=np.linspace(0, 0.25, 26), color=look.BACKWARD)
    right.set(xlabel="σ′(z)", xlim=(0, 0.26), ylim=(0, 2000))
    right.set_title(f"mean {mean:.3f};  {mean:.3f}¹⁰ = {mean**10:.0e}")
    return fig


@look.style()
def fig_dead(outputs: np.ndarray, dead: np.ndarray) -> Figure:
    """The outputs (N, H) of a layer, dark where 0, a cross above each dead neuron. Returns a Figure.

    dead: (H,) bool.
    """
    alt = f"Outputs of {len(dead)} neurons; {sum(dead)} columns are dark from top to bottom."
    fig = look.figure(look.WIDTH, 3.4, alt=alt)
    ax = fig.subplots()
    ax.imshow(outputs, vmin=0, vmax=5, aspect="auto", interpolation="nearest")
    places = np.flatnonzero(dead)
    ax.plot(places, np.full(len(places), -1.5), "x", color=look.VERMILLION, ms=5, mew=1.5, clip_on=False)
    title = f"{len(places)} of {len(dead)} neurons are dead: {len(places) / len(dead):.0%}"
    ax.set(xlabel="neuron", ylabel="example", xlim=(-0.5, len(dead) - 0.5), ylim=(len(outputs) - 0.5, -2.5))
    ax.set_title(title)
    return fig
