"""The plots: they show what they say, nothing is cut off, and the stand-in is called SYNTHETIC."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from cs231nlib import look
from cs231nlib.decision_boundary import plot_decision_boundary
from cs231nlib.image_grids import CIFAR10_NAMES
from cs231nlib.layer_histograms import plot_hist_per_layer
from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import SYNTHETIC_NAMES
from cs231nlib.toydata import make_spiral
from cs231nlib.visualize import (
    plot_confusion,
    plot_history,
    plot_misclassified,
    show_images,
    show_weights,
    visualize_CIFAR,
)

DRAWN, LABELS = draw_pictures("train", 0, 120)
PHOTOS = DRAWN ^ 1  # without the mark: as good as any other pictures
WEIGHTS = np.random.default_rng(0).normal(size=(3072, 10))
HISTORY = {"loss": np.linspace(2, 1, 700), "train_acc": [0.1, 0.3, 0.4], "val_acc": [0.1, 0.2, 0.3]}
CONFUSION = np.random.default_rng(0).integers(0, 900, (10, 10))
GUESS, SURE = (LABELS + (np.arange(120) % 3 == 0)) % 10, np.linspace(0, 1, 120)
LAYERS = [np.random.default_rng(i).normal(0, 0.5**i, (40, 30)) for i in range(5)]


def plots(stand_in):
    """Every plot once, of the stand-in or of other data."""
    X, names = (DRAWN, SYNTHETIC_NAMES) if stand_in else (PHOTOS, CIFAR10_NAMES)
    source = "synthetic" if stand_in else "cifar10"
    return {
        "visualize_CIFAR": visualize_CIFAR(X, LABELS, rng=0),
        "visualize_CIFAR, named": visualize_CIFAR(X / 2, LABELS, names=names, samples_per_class=2),
        "show_images": show_images(X[:20], titles=[names[c] for c in LABELS[:20]]),
        "show_images, few": show_images(X[:2] / 255, title="Two"),
        "show_weights": show_weights(WEIGHTS, names=names),
        "show_weights, unnamed": show_weights(WEIGHTS, source=source),
        "plot_misclassified": plot_misclassified(X, LABELS, GUESS, SURE),
        "plot_misclassified, k=1": plot_misclassified(X / 2, LABELS, GUESS, SURE, k=1, source=source),
        "plot_history": plot_history(HISTORY, source=source),
        "plot_confusion": plot_confusion(CONFUSION, names),
        "plot_hist_per_layer": plot_hist_per_layer(LAYERS, source=source),
    }


STAND_IN, OTHER = plots(True), plots(False)


def visible(fig):
    """The texts of a figure that are drawn: ticks beyond the axes have labels too, which are not."""
    fig.draw_without_rendering()
    beyond = set()
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
            beyond |= {label for place, label in ticks if not low <= place <= high}
    return [t for t in fig.findobj(Text) if t.get_visible() and t.get_text() and t not in beyond]


def words(fig):
    return [text.get_text() for text in fig.findobj(Text) if text.get_visible() and text.get_text()]


@pytest.mark.parametrize("name", STAND_IN)
def test_plots_of_the_stand_in_say_so_and_others_do_not(name):
    assert sum("SYNTHETIC" in word for word in words(STAND_IN[name])) == 1
    assert not any("SYNTHETIC" in word for word in words(OTHER[name]))


@pytest.mark.parametrize("name", STAND_IN)
def test_no_word_is_cut_off_or_too_small(name):
    fig = STAND_IN[name]
    for text in visible(fig):
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.y0 >= 0, text
        assert box.x1 <= fig.bbox.x1 and box.y1 <= fig.bbox.y1, text
        assert text.get_fontsize() >= 9


@pytest.mark.parametrize("name", STAND_IN)
def test_titles_do_not_lie_on_each_other(name):
    fig = STAND_IN[name]
    fig.draw_without_rendering()
    titles = [ax.title for ax in fig.axes if ax.get_title()] + ([fig._suptitle] if fig._suptitle else [])
    boxes = [title.get_window_extent() for title in titles]
    for i, box in enumerate(boxes):
        assert not any(box.shrunk(0.9, 0.9).overlaps(other) for other in boxes[:i]), titles[i]


@pytest.mark.parametrize("name", STAND_IN)
def test_a_plot_shows_itself_and_leaves_the_readers_settings_alone(name):
    before = dict(matplotlib.rcParams)
    fig = plots(True)[name] if name == "plot_history" else STAND_IN[name]
    assert isinstance(fig, Figure) and fig.get_figwidth() <= look.WIDTH
    bundle, _ = fig._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG") and len(bundle["image/png"]) > 3000
    assert plt.get_fignums() == [] and dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("name", STAND_IN)
def test_a_plot_says_in_words_what_it_shows(name):
    assert STAND_IN[name].alt.count("SYNTHETIC") == 1
    assert OTHER[name].alt.endswith(".") and "SYNTHETIC" not in OTHER[name].alt


def test_the_words_hold_the_numbers_of_the_picture():
    assert "val_acc from 0.1 to 0.3" in OTHER["plot_history"].alt
    assert "loss from 5 to 4, lowest 1" in plot_history({"loss": [5, 1, 4]}).alt
    confused = plot_confusion([[5, 1], [0, 7]], ["cat", "dog"]).alt
    assert "13 examples: 12 on the diagonal" in confused and confused.endswith("cat said to be dog, 1 of 6.")
    assert plot_confusion(np.eye(2), ["cat", "dog"]).alt.endswith("none is wrong.")
    assert "; and 7 more" in show_images(PHOTOS[:31], titles=range(31)).alt
    X, y = make_spiral(n=50)
    nearest = plot_decision_boundary(lambda P: y[np.linalg.norm(P[:, None] - X, axis=2).argmin(1)], X, y, 60)
    left = plot_decision_boundary(lambda P: np.zeros(len(P)), X, y, 60)
    assert "100% of them" in nearest.alt and "33% of them" in left.alt and "of 1 class," in left.alt


def cells(fig, samples, classes=10, side=34):
    sheet = np.asarray(fig.axes[0].images[0].get_array())
    padded = np.pad(sheet, ((0, 2), (0, 2), (0, 0)))
    return padded.reshape(classes, side, samples, side, 3).swapaxes(1, 2)[:, :, :32, :32]


def test_every_row_shows_different_pictures_of_its_class():
    shown = cells(visualize_CIFAR(PHOTOS, LABELS, samples_per_class=4, rng=1), samples=4)
    for c in range(10):
        found = [np.flatnonzero((picture == PHOTOS).all((1, 2, 3))) for picture in shown[c]]
        assert all(len(at) == 1 and LABELS[at[0]] == c for at in found)
        assert len({at[0] for at in found}) == 4


def test_the_choice_follows_the_seed():
    one, again, other = (cells(visualize_CIFAR(PHOTOS, LABELS, 4, rng=seed), 4) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_class_without_pictures_leaves_its_row_white():
    here = LABELS != 3
    shown = cells(visualize_CIFAR(PHOTOS[here], LABELS[here], 4), 4)
    assert (shown[3] == 255).all() and not (shown[4] == 255).all()


def test_it_can_draw_into_given_axes():
    fig, axes = plt.subplots(1, 2)
    try:
        assert visualize_CIFAR(DRAWN, LABELS, ax=axes[1]) is fig
        assert axes[1].images and not axes[0].images and "SYNTHETIC" in axes[1].get_title()
        assert plot_decision_boundary(lambda P: P[:, 0] > 0, *make_spiral(), steps=20, ax=axes[0]) is fig
    finally:
        plt.close(fig)


def test_pictures_may_be_bytes_or_floats_alone_or_grey():
    expected = np.asarray(show_images(PHOTOS[:1]).axes[0].images[0].get_array())
    for X in (PHOTOS[0], PHOTOS[:1].astype(float), PHOTOS[:1] / 255):
        shown = np.asarray(show_images(X).axes[0].images[0].get_array())
        assert np.abs(shown.astype(int) - expected).max() <= 1
    assert len(show_images(PHOTOS[:7, :, :, 0], cols=3).axes) == 7


def test_zero_is_the_middle_of_the_weights_and_each_unit_fills_the_scale():
    W = np.zeros((12, 3))
    W[0, 0], W[5, 1] = 4, -0.5
    images = [np.asarray(ax.images[0].get_array()) for ax in show_weights(W, shape=(2, 2, 3)).axes]
    assert images[0][0, 0, 0] == 1 and images[1].ravel()[5] == 0
    assert (images[2] == 0.5).all() and np.count_nonzero(images[0] != 0.5) == 1


def test_a_long_series_is_smoothed_and_a_short_one_is_not():
    loss, accuracy = plot_history(HISTORY).axes
    assert len(loss.lines) == 2 and len(accuracy.lines) == 2
    assert accuracy.lines[0].get_ydata().tolist() == [0.1, 0.3, 0.4]
    assert {line.get_color() for line in accuracy.lines} == {look.BLUE, look.VERMILLION}
    assert len({str(line.get_linestyle()) for line in accuracy.lines}) == 2  # readable without colour
    assert loss.get_xlabel() == "step" and accuracy.get_xlabel() == "epoch"


def test_a_confusion_matrix_shows_every_count():
    fig = plot_confusion([[5, 1], [0, 7]], ["cat", "dog"])
    assert {"5", "1", "0", "7", "cat", "dog"} <= set(words(fig))
    shares = np.asarray(fig.axes[0].images[0].get_array())
    np.testing.assert_allclose(shares, [[5 / 6, 1 / 6], [0, 1]])


def test_the_surest_mistakes_come_first():
    p = np.zeros((120, 10))
    p[np.arange(120), GUESS] = SURE
    for confidence in (SURE, p):
        fig = plot_misclassified(PHOTOS, LABELS, GUESS, confidence, k=2)
        assert len(fig.axes) == 2
        worst = 117  # the last one that is wrong
        np.testing.assert_array_equal(fig.axes[0].images[0].get_array(), PHOTOS[worst])
        assert f"{CIFAR10_NAMES[GUESS[worst]]} {SURE[worst]:.0%}" in words(fig)


def test_regions_are_those_of_the_classifier():
    X, y = make_spiral(n=20)
    seen = []
    fig = plot_decision_boundary(lambda P: seen.append(P) or (P[:, 0] > 0).astype(int), X, y, steps=50)
    assert len(seen) == 1 and seen[0].shape == (2500, 2) and seen[0].dtype == np.float64
    low, high = seen[0].min(0), seen[0].max(0)
    assert (low < X.min(0)).all() and (high > X.max(0)).all()
    assert {"class 0", "class 1", "class 2"} <= set(words(fig))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: visualize_CIFAR(PHOTOS, LABELS[:5]), "120 pictures and 5 labels"),
        (lambda: show_images(np.zeros(5)), "shape"),
        (lambda: show_weights(WEIGHTS[:-1]), "3072 rows"),
        (lambda: plot_history({}), "empty"),
        (lambda: plot_confusion(np.zeros((3, 3)), ["a"]), "shape"),
        (lambda: plot_misclassified(PHOTOS, LABELS, LABELS, SURE), "every prediction is right"),
    ],
)
def test_what_cannot_be_plotted_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()
