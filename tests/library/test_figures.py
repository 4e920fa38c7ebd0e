"""Are the pictures the committed ones, byte for byte, and can all their words be read?"""

import itertools
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

from cs231nlib import figures, look
from cs231nlib.figures.__main__ import drawings

ASSETS = Path(__file__).parents[2] / "assets"
VARIANTS = {
    "chain": {"x": 3.0},
    "covariance": {"cov": ((1, -0.5), (-0.5, 2))},
    "dropout": {"keep": 0.8},
    "gates": {"x": -4.0, "y": 12.5},
    "half_plane": {"w": (0.0, 0.0), "points": [[0, 1], [1, 0]], "labels": [0, 1]},
    "l2": {"decay": (3.0,)},
    "learning_rates": {"rates": (0.1, 1.0)},
    "neural_nets": {"sizes": ((3, 5, 2),)},
    "normalization": {"seed": 1},
    "overfitting": {"hidden": (2,)},
    "product": {"x": -1.0},
    "relu": {"kind": "all"},
    "secant": {"h": 0.5, "kind": "forward"},
    "shape_flow": {"sizes": (3072, 512, 256, 10), "n": 64},
}


@pytest.fixture(scope="module")
def drawn():
    return dict(drawings())


def texts(fig):
    """Every visible text of a figure with the rectangle it takes."""
    renderer = fig.canvas.get_renderer()
    fig.draw(renderer)
    unused = {label for ax in fig.axes for axis in (ax.xaxis, ax.yaxis) for label in beyond(axis)}
    found = [t for t in fig.findobj(matplotlib.text.Text) if t.get_visible() and t.get_text().strip()]
    return [(t.get_text(), t.get_window_extent(renderer)) for t in found if t not in unused]


def beyond(axis):
    """Tick labels outside the view, which matplotlib keeps but does not draw."""
    low, high = sorted(axis.get_view_interval())
    ticks = zip(axis.get_major_ticks(), axis.get_majorticklocs(), strict=True)
    return [tick.label1 for tick, place in ticks if not low <= place <= high]


def clashes(fig):
    """Texts that lie on each other or leave the paper."""
    boxes = [(text, box.padded(-0.5)) for text, box in texts(fig)]
    outside = [text for text, box in boxes if not fig.bbox.padded(1).fully_containsx(box.x0)]
    outside += [text for text, box in boxes if not fig.bbox.padded(1).fully_containsx(box.x1)]
    outside += [text for text, box in boxes if box.y0 < -1 or box.y1 > fig.bbox.y1 + 1]
    return outside + [(a, b) for (a, s), (b, t) in itertools.combinations(boxes, 2) if s.overlaps(t)]


def test_a_fresh_interpreter_draws_the_committed_bytes(tmp_path):
    subprocess.run([sys.executable, "-m", "cs231nlib.figures", tmp_path], check=True, timeout=120)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in ASSETS.iterdir() if path.suffix in (".png", ".svg"))
    changed = [name for name in names if (tmp_path / name).read_bytes() != (ASSETS / name).read_bytes()]
    assert not changed, f"drawn differently than committed: {changed}; if that is meant, run `make figures`"


def test_the_readers_own_style_neither_changes_a_figure_nor_is_changed():
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "black", "figure.dpi": 31}):
        before = dict(matplotlib.rcParams)
        assert look.png(figures.fig_relu(), dpi=200) == (ASSETS / "relu.png").read_bytes()
        assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("name", VARIANTS)
def test_another_argument_draws_another_picture(name):
    fig = getattr(figures, f"fig_{name}")(**VARIANTS[name])
    assert look.svg(fig) != (ASSETS / f"{name}.svg").read_bytes()
    assert not clashes(fig)


def test_no_text_lies_on_another_or_leaves_the_paper(drawn):
    assert {name: found for name, fig in drawn.items() if (found := clashes(fig))} == {}


def test_every_picture_says_in_words_what_it_shows(drawn):
    silent = [name for name, fig in drawn.items() if len(fig.alt.split()) < 8 or not fig.alt.endswith(".")]
    assert silent == []


def test_the_words_follow_the_picture():
    assert (
        "q = 4 leaves it" in figures.fig_chain(3, 1, 2).alt
        and "4 at z, 2 at q" in figures.fig_chain(3, 1, 2).alt
    )
    assert "Backward" not in figures.fig_chain(show_grad=False).alt
    assert "multiply gives −12 and passes back −8 and 6" in figures.fig_gates(3, -4, 2).alt
    assert "1 of them are crossed" in figures.fig_dropout(keep=0.8, seed=3, sizes=(2, 6, 2)).alt
    assert "tanh" in figures.fig_relu("all").alt and "tanh" not in figures.fig_relu().alt


def test_overlapping_text_would_be_seen():
    with look.style():
        fig, ax = look.canvas(4, 2, 4)
        ax.text(1, 1, "first")
        ax.text(1.1, 1, "second")
        ax.text(3.8, 0.2, "too far right")
    assert clashes(fig) == ["too far right", ("first", "second")]


@pytest.mark.parametrize(
    ("numbers", "labels"),
    [
        ((-2, 5, -4), ["−2", "5", "−4", "3", "−12", "−4", "−4", "3", "−4", "1"]),
        ((1, 1, 1), list("1112211211")),
    ],
)
def test_chain_shows_values_and_gradients(numbers, labels):
    shown = [text for text, _ in texts(figures.fig_chain(*numbers))]
    assert [text for text in shown if text.strip("−").isdigit()] == labels


def test_parameters_are_counted(drawn):
    shown = [text for text, _ in texts(drawn["neural_nets"])]
    assert {"20 weights + 6 biases", "26 parameters", "32 weights + 9 biases", "41 parameters"} <= set(shown)


def test_more_hidden_units_fit_the_noise_better(drawn):
    axes = drawn["overfitting"].axes
    right = [int(ax.get_xlabel().split()[0]) for ax in axes]
    assert right == sorted(right) and right[0] <= 92 and right[-1] == 100


def test_regularisation_lets_go_of_the_noise(drawn):
    right = [int(ax.get_xlabel().split()[0]) for ax in drawn["l2"].axes]
    assert right[0] == 100 and right[-1] < 92 and right == sorted(right, reverse=True)


def test_gates_pass_on_what_they_should():
    shown = [text for text, _ in texts(figures.fig_gates(3, -4, 2))]
    numbers = [text.replace("−", "-") for text in shown if text.strip("−").isdigit()]
    assert " ".join(numbers) == "3 2 -4 2 -1 2 3 -8 -4 6 -12 2 3 2 -4 0 3 2"


def test_dropout_crosses_out_what_the_caption_says(drawn):
    crosses = [line for line in drawn["dropout"].axes[0].lines if line.get_linewidth() == 2]
    assert len(crosses) == 2 * 6
    assert "one training step: 6 of 12 hidden units" in [text for text, _ in texts(drawn["dropout"])]
