"""The strokes all diagrams share: a unit, an arrow, a connection."""

from matplotlib.patches import Circle, FancyArrowPatch

from cs231nlib import look


def unit(ax, centre, radius, edge=look.INK, fill="white", **style):
    """A neuron, an operation or an input: a filled circle. Returns the patch."""
    return ax.add_patch(Circle(centre, radius, fc=fill, ec=edge, zorder=3, **{"lw": 1.8, **style}))


def arrow(ax, start, end, colour=look.PENCIL, gap=0.0, **style):
    """An arrow between two points; `gap` (points) keeps its ends clear of what they point at."""
    style = {"arrowstyle": "-|>", "mutation_scale": 14, "lw": 1.8, "zorder": 2, **style}
    return ax.add_patch(FancyArrowPatch(start, end, color=colour, shrinkA=gap, shrinkB=gap, **style))


def wire(ax, start, end, colour=look.LINE, **style):
    """A plain connection between two units, drawn below them."""
    ax.plot(*zip(start, end, strict=True), color=colour, zorder=1, **{"lw": 1.1, **style})


def number(value):
    """A value as a student would write it: at most four significant digits, a true minus sign."""
    text = f"{value:.4g}"
    return text.replace("-", "−")
