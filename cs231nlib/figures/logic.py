"""What one step neuron can say about the four corners of a square, and what a layer before it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
SIDE = np.linspace(-0.6, 1.6, 221)
OFF, ON, SPREAD = "#F2F4F6", "#D6E8F4", 0.1


@look.style()
def fig_gates_of(neurons: Mapping[str, tuple], tables: Mapping[str, Sequence[int]]) -> Figure:
    """The half-plane of each neuron and the corners, filled where the gate should be on.

    neurons: name -> (w (2,), b). tables: name -> four 0 or 1, in the order of CORNERS. Returns a Figure.
    """
    alt = f"The corners of a square, for {', '.join(neurons)}, and the half-plane where the neuron is on."
    fig = look.figure(look.WIDTH, 2.7, alt=alt)
    for ax, (name, (w, b)) in zip(fig.subplots(1, len(neurons)), neurons.items(), strict=True):
        _half_plane(ax, w, b)
        _corners(ax, tables[name])
        ax.set(title=name, xlabel="$x_1$")
    fig.axes[0].set_ylabel("$x_2$")
    return fig


@look.style()
def fig_best_of_all(tables: Mapping[str, Sequence[int]]) -> Figure:
    """For every step neuron, a direction of w and a bias: how many corners of each gate it gets right.

    tables: name -> four 0 or 1. Returns a Figure.
    """
    angle, b = np.linspace(0, 360, 241), np.linspace(-1.7, 1.7, 201)
    w = np.stack([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    sums = (CORNERS @ w)[:, None, :] + b[:, None]
    best = {name: int(_right(sums, table).max()) for name, table in tables.items()}
    words = ", ".join(f"{name} {right}" for name, right in best.items())
    fig = look.figure(look.WIDTH, 3.0, alt=f"Maps of all step neurons. Most corners right of 4: {words}.")
    axes = fig.subplots(1, len(tables), sharey=True)
    for ax, (name, table) in zip(axes, tables.items(), strict=True):
        counts = ax.pcolormesh(angle, b, _right(sums, table), cmap="cividis", vmin=0, vmax=4, rasterized=True)
        ax.set(title=f"{name}: at best {best[name]} of 4", xlabel="direction of w (°)")
        ax.set_xticks((0, 90, 180, 270, 360))
    axes[0].set_ylabel("bias b")
    fig.colorbar(counts, ax=axes, label="corners right", ticks=range(5), boundaries=np.arange(-0.5, 5))
    return fig


@look.style()
def fig_hidden_plane(net: tuple, table: Sequence[int]) -> Figure:
    """A net of step neurons, two hidden and one output: its inputs (left) and what the output sees (right).

    net: (W1 (2, 2), b1 (2,), W2 (2,), b2). table: four 0 or 1, what should be on. Returns a Figure.
    """
    W1, b1, W2, b2 = (np.asarray(array, float) for array in net)
    alt = "Left, the corners and the lines of two hidden neurons. Right, where these move the corners."
    fig = look.figure(look.WIDTH, 3.3, alt=alt)
    left, right = fig.subplots(1, 2)
    plane = np.stack(np.meshgrid(SIDE, SIDE), axis=-1)
    on = _on(_on(plane @ W1 + b1) @ W2.ravel() + b2)
    left.contourf(SIDE, SIDE, on, levels=(-0.5, 0.5, 1.5), colors=(OFF, ON))
    for j in range(2):
        border = plane @ W1[:, j] + b1[j]
        left.contour(SIDE, SIDE, border, levels=(0,), colors=look.INK, linestyles="--")
    _corners(left, table)
    left.set(title="the inputs", xlabel="$x_1$", ylabel="$x_2$")
    _half_plane(right, W2.ravel(), float(b2.squeeze()))
    _moved(right, _on(CORNERS @ W1 + b1), table)
    right.set(title="what the output neuron sees", xlabel="$h_1$", ylabel="$h_2$")
    return fig


def _right(sums, table):
    return np.sum((sums > 0) == np.array(table)[:, None, None], axis=0)


def _on(z):
    return (z > 0) * 1.0


def _half_plane(ax, w, b):
    z = w[0] * SIDE[None, :] + w[1] * SIDE[:, None] + b
    ax.contourf(SIDE, SIDE, z, levels=(-np.inf, 0, np.inf), colors=(OFF, ON))
    if z.min() < 0 < z.max():
        ax.contour(SIDE, SIDE, z, levels=(0,), colors=look.INK, linewidths=2)
    ax.set(aspect="equal", xticks=(0, 1), yticks=(0, 1))


def _corners(ax, table):
    """Each corner, with a square around it for inputs that are a little off."""
    box = SPREAD * np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])
    for (x, y), on in zip(CORNERS, table, strict=True):
        ax.plot(x + box[0], y + box[1], color=look.PENCIL, lw=1)
        _dot(ax, x, y, on)
    ax.set(aspect="equal", xticks=(0, 1), yticks=(0, 1))


def _moved(ax, hidden, table):
    """Where the corners have gone; those that meet share a label."""
    names: dict[tuple, list[str]] = {}
    for (x, y), (h1, h2), on in zip(CORNERS, hidden, table, strict=True):
        names.setdefault((h1, h2), []).append(f"({x:g}, {y:g})")
        _dot(ax, h1, h2, on)
    for (h1, h2), words in names.items():
        ax.text(h1, h2 + 0.14, " ".join(words), ha="center", fontsize=9)


def _dot(ax, x, y, on):
    ax.plot(x, y, "o", ms=7, mec=look.BLUE, mfc=look.BLUE if on else "white", mew=1.8)
