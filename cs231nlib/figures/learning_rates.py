"""What the learning rate does: steps down a bowl, and the loss they leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from cs231nlib import look

STEPS = 30


@look.style()
def fig_learning_rates(rates: Sequence[float] = (0.02, 0.3, 1.9, 2.03)) -> Figure:
    """Gradient descent on the bowl w²/2 from w = 1, for several learning rates.

    On this bowl a step multiplies w by 1 − rate, so the pictures need no training. Returns a Figure.
    """
    fig = look.figure(look.WIDTH, 3.3)
    bowl, curves = fig.subplots(1, 2)
    around = np.linspace(-2, 2, 200)
    bowl.plot(around, around**2 / 2, color=look.LINE)
    for rate, colour, marker in zip(rates, look.CLASSES, look.MARKERS, strict=False):
        w = (1 - rate) ** np.arange(STEPS + 1.0)
        bowl.plot(w[:8], w[:8] ** 2 / 2, color=colour, marker=marker, ms=5, lw=1, alpha=0.85)
        curves.semilogy(w**2 / 2, color=colour, marker=marker, ms=5, markevery=5, label=f"{rate:g}")
    bowl.set(title="the first steps", xlabel="$w$", ylabel="loss", xlim=(-1.8, 1.8), ylim=(-0.05, 1.45))
    curves.set(title="the loss", xlabel="step", ylim=(1e-6, 20))
    bowl.legend(*curves.get_legend_handles_labels(), title="learning rate", ncols=2, loc="upper center")
    left = ", ".join(f"{rate:g} leaves {(1 - rate) ** (2 * STEPS) / 2:.2g}" for rate in rates)
    fig.alt = (
        f"Left, the first steps of gradient descent down a bowl; right, the loss over {STEPS} steps on a "
        f"logarithmic scale. It starts at 0.5; learning rate {left}."
    )
    return fig
