"""The toy data sets: shapes, dtypes, reproducible, and shaped as their names say."""

import numpy as np
import pytest

from cs231nlib.toydata import (
    make_gaussian_cloud,
    make_moons,
    make_noisy_regions,
    make_spiral,
    true_border,
)

LABELLED = [
    (make_spiral, {"n": 30, "classes": 4}, 120, 4),
    (make_moons, {"n": 25}, 50, 2),
    (make_noisy_regions, {"n": 40}, 40, 2),
]


@pytest.mark.parametrize(("make", "arguments", "n", "classes"), LABELLED)
def test_points_and_classes(make, arguments, n, classes):
    X, y = make(**arguments, rng=1)
    assert X.shape == (n, 2) and X.dtype == np.float64
    assert y.shape == (n,) and y.dtype == np.int64
    assert set(y) == set(range(classes))
    assert np.isfinite(X).all() and np.abs(X).max() < 3


@pytest.mark.parametrize("make", [make_spiral, make_moons, make_noisy_regions, make_gaussian_cloud])
def test_a_seed_or_a_generator_decides_the_points(make):
    def points(rng):
        result = make(rng=rng)
        return result[0] if isinstance(result, tuple) else result

    np.testing.assert_array_equal(points(3), points(np.random.default_rng(3)))
    assert not np.array_equal(points(3), points(4))
    rng = np.random.default_rng(3)
    assert not np.array_equal(points(rng), points(rng))


@pytest.mark.parametrize("make", [make_spiral, make_moons])
def test_the_examples_come_shuffled(make):
    _, y = make(n=50)
    assert (np.diff(y) != 0).sum() > 20


def test_spiral_arms_wind_outwards_and_are_the_same_up_to_a_turn():
    X, y = make_spiral(n=60, classes=3, noise=0.0)
    arms = []
    for c in range(3):
        arm = X[y == c]
        arms.append(arm[np.argsort(np.hypot(*arm.T))])
    radius = np.hypot(*arms[0].T)
    assert radius[0] == pytest.approx(0.02) and radius[-1] == pytest.approx(1)
    turn = 2 * np.pi / 3
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    np.testing.assert_allclose(arms[0] @ rotation, arms[1], atol=1e-12)
    winding = np.unwrap(np.arctan2(*arms[0].T))
    assert winding[-1] - winding[0] == pytest.approx(4 * 0.98)


def test_a_line_cannot_separate_the_spirals_but_neighbours_can():
    X, y = make_spiral()
    ones = np.column_stack([X, np.ones(len(X))])
    weights, *_ = np.linalg.lstsq(ones, np.eye(3)[y], rcond=None)
    assert ((ones @ weights).argmax(1) == y).mean() < 0.65
    distance = ((X[:, None] - X[None]) ** 2).sum(-1) + 1e9 * np.eye(len(X))
    assert (y[distance.argmin(1)] == y).mean() > 0.85


def test_moons_without_noise_are_two_half_circles():
    X, y = make_moons(n=40, noise=0.0)
    upper, lower = X[y == 0], X[y == 1] - [1.0, 0.5]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*lower.T), 1)
    assert (upper[:, 1] >= 0).all() and (lower[:, 1] <= 0).all()


def test_flip_is_the_share_of_wrong_labels():
    X, clean = make_noisy_regions(n=20_000, flip=0.0, rng=2)
    again, noisy = make_noisy_regions(n=20_000, flip=0.12, rng=2)
    np.testing.assert_array_equal(X, again)
    assert (clean != noisy).mean() == pytest.approx(0.12, abs=0.012)
    assert np.array_equal(clean, X[:, 1] > true_border(X[:, 0]))


def test_the_border_waves():
    np.testing.assert_allclose(
        true_border(np.array([0, 0.1, -0.3])), [0, 0.45 * np.sin(0.5), -0.45 * np.sin(1.5)]
    )


def test_the_cloud_has_the_moments_it_was_given():
    X = make_gaussian_cloud(n=40_000, mean=(5, -1), cov=((2.0, 0.9), (0.9, 1.0)))
    assert X.shape == (40_000, 2) and X.dtype == np.float64
    np.testing.assert_allclose(X.mean(0), (5, -1), atol=0.05)
    np.testing.assert_allclose(np.cov(X.T), ((2.0, 0.9), (0.9, 1.0)), atol=0.08)
    assert abs(make_gaussian_cloud().mean(0)).min() > 1  # the default is off the centre


@pytest.mark.parametrize(
    "call",
    [
        lambda: make_spiral(n=0),
        lambda: make_spiral(classes=0),
        lambda: make_moons(noise=-0.1),
        lambda: make_noisy_regions(flip=1.2),
        lambda: make_gaussian_cloud(n=0),
    ],
)
def test_senseless_sizes_are_refused(call):
    with pytest.raises(ValueError):
        call()
