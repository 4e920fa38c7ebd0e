"""Is the checker itself right: never a false alarm, and no wrong gradient accepted?"""

import re

import numpy as np
import pytest

from cs231nlib.gradient_check import confirm, gradient
from cs231nlib.invariants import finite, shapes, unchanged


def network(rng):
    """A random two-layer ReLU network with softmax loss and L2: (loss(W1, b1, W2, b2), params, grads)."""
    n, d, h, c = rng.integers(2, 9, 4)
    params = [rng.normal(size=s) for s in ((d, h), (h,), (h, c), (c,))]
    y, reg = rng.integers(0, c, n), 0.1
    while True:  # away from the kinks
        X = rng.normal(size=(n, d))
        if np.abs(X @ params[0] + params[1]).min() > 1e-3:
            break

    def forward(W1, b1, W2, b2):
        hidden = np.maximum(X @ W1 + b1, 0)
        scores = hidden @ W2 + b2
        shifted = scores - scores.max(axis=1, keepdims=True)
        return hidden, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

    def loss(*params):
        return -forward(*params)[1][np.arange(n), y].mean() + reg / 2 * sum((W**2).sum() for W in params[::2])

    hidden, logs = forward(*params)
    dscores = np.exp(logs)
    dscores[np.arange(n), y] -= 1
    dscores /= n
    dhidden = dscores @ params[2].T * (hidden > 0)
    grads = [
        X.T @ dhidden + reg * params[0],
        dhidden.sum(0),
        hidden.T @ dscores + reg * params[2],
        dscores.sum(0),
    ]
    return loss, params, grads


def of_one(loss, params, i):
    return lambda p: loss(*params[:i], p, *params[i + 1 :])


def test_300_random_correct_gradients_are_never_refused():
    worst = 0.0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        loss, params, grads = network(rng)
        i = seed % 4
        report = gradient(of_one(loss, params, i), params[i], grads[i])
        assert report.verdict == "pass", (seed, str(report))
        worst = max(worst, report.norm_error)
    assert worst < 1e-8


@pytest.mark.parametrize(
    "spoil",
    [
        lambda g: 2 * g,
        lambda g: -g,
        lambda g: 0 * g,
        lambda g: g * 1.001,
        lambda g: g + 0.01 * np.abs(g).max() * (np.arange(g.size).reshape(g.shape) == g.size - 1),
        lambda g: g[::-1],
        lambda g: g.astype(int),
    ],
    ids=["double", "sign", "zero", "0.1 % off", "one entry 1 % off", "reversed", "integers"],
)
def test_wrong_gradients_are_always_refused(spoil):
    for seed in range(40):
        loss, params, grads = network(np.random.default_rng(seed))
        report = gradient(of_one(loss, params, 0), params[0], spoil(grads[0]))
        assert report.verdict == "fail", (seed, str(report))


def test_the_band_between_right_and_wrong_is_called_suspicious():
    x = np.linspace(1, 2, 5)
    verdicts = [
        gradient(lambda v: (v**2).sum(), x, 2 * x * (1 + e)).verdict for e in (1e-9, 1e-6, 1e-4, 1e-3)
    ]
    assert verdicts == ["pass", "suspicious", "suspicious", "fail"]


def test_the_report_points_at_the_worst_entry():
    x = np.arange(12.0).reshape(3, 4)
    wrong = 2 * x
    wrong[1, 2] = 99
    report = gradient(lambda v: (v**2).sum(), x, wrong)
    assert report.worst_index == (1, 2) and report.worst_pair == pytest.approx((99, 12))
    assert "at index (1, 2) yours is 99, the measured slope 12" in str(report)


@pytest.mark.parametrize("further", [(0, 0), (1, 2), (2, 3)])
def test_among_entries_as_far_off_rounding_does_not_choose(further):
    x, wrong = np.zeros((3, 4)), np.full((3, 4), 1.2)
    wrong[further] += 1e-12
    report = gradient(lambda v: v.sum(), x, wrong)
    assert report.worst_index == gradient(lambda v: v.sum(), x, np.full((3, 4), 1.3)).worst_index


def test_one_wrong_entry_among_ten_thousand_is_found():
    x = np.random.default_rng(0).normal(size=(100, 100))
    right, wrong = 2 * x, 2 * x
    wrong[3, 4] += 0.5
    assert gradient(lambda v: (v**2).sum(), x, right).verdict == "pass"
    report = gradient(lambda v: (v**2).sum(), x, wrong)
    assert report.verdict == "fail" and "others are not" in report.reason


def test_x_stays_and_f_may_do_what_it_likes_with_its_copy():
    x, kept = np.ones(3), []

    def greedy(v):
        kept.append(v)
        value = float((v**2).sum())
        v[:] = np.nan
        return value

    assert gradient(greedy, x, 2 * x).verdict == "pass" and (x == 1).all()
    assert gradient(lambda v: v * v, 3, 6.0).verdict == "pass"
    assert (
        gradient(lambda v: (v**2).sum(), np.ones(3, np.float32), np.full(3, 2, np.float32)).verdict == "pass"
    )


@pytest.mark.parametrize(
    ("f", "analytic", "reason"),
    [
        (np.sum, np.ones((1, 3)), r"shape \(1, 3\), its variable \(3,\)"),
        (np.sum, np.array([1, np.nan, 1]), "nan or infinite"),
        (np.sum, np.array(["1", "1", "1"]), "not numbers"),
        (lambda v: np.log(-v).sum(), np.ones(3), "not finite close to x"),
    ],
)
def test_what_cannot_be_compared_is_a_failed_report(f, analytic, reason):
    with np.errstate(all="ignore"):
        report = gradient(f, np.ones(3), analytic)
    assert report.verdict == "fail" and report.norm_error == np.inf
    assert re.search(reason, report.reason)


def test_a_function_with_many_results_has_no_gradient():
    with pytest.raises(ValueError, match="one number"):
        gradient(lambda v: v, np.ones(3), np.ones(3))


def test_confirm_is_silent_about_a_right_gradient_and_names_a_wrong_one():
    x = np.array([0.5, -2.0])
    confirm("dx", lambda x: (x**2).sum(), x, 2 * x)
    with pytest.raises(AssertionError, match=r"^dx: relative error"):
        confirm("dx", lambda x: (x**2).sum(), x, x)
    with pytest.raises(AssertionError, match=r"^dx should be an array, but is a list of 2 things"):
        confirm("dx", lambda x: (x**2).sum(), x, [1.0, -4.0])
    with pytest.raises(AssertionError, match=r"^dx: the gradient has shape \(1, 2\)"):
        confirm("dx", lambda x: (x**2).sum(), x, 2 * x[None])


def test_confirm_lets_pass_what_is_nearer_to_0_than_can_be_measured():
    flat = lambda x: 100 + 1e-12 * x.sum()  # noqa: E731
    x = np.ones(3)
    assert gradient(flat, x, np.full(3, 1e-12)).verdict == "fail"
    confirm("dx", flat, x, np.full(3, 1e-12))
    with pytest.raises(AssertionError):
        confirm("dx", flat, x, np.full(3, 1e-6))


def test_confirm_does_not_excuse_the_entries_it_did_not_probe():
    x = np.linspace(1, 2, 10_000)
    wrong = np.zeros_like(x)
    wrong[x > 1.999] = 1  # so few that most sets of 200 miss them
    with pytest.raises(AssertionError):
        confirm("dx", lambda x: 0.0 * x.sum(), x, wrong)


def test_shapes_names_every_misfit():
    shapes(dW=(np.ones((4, 5)), (4, 5)), db=(np.ones(5), (5,)))
    with pytest.raises(AssertionError, match=r"db has shape \(1, 5\); expected \(5,\); dx has"):
        shapes(dW=(np.ones((4, 5)), (4, 5)), db=(np.ones((1, 5)), (5,)), dx=(2.0, (3,)))


def test_finite_says_what_and_where():
    finite(a=np.ones(3), b=1.0)
    with pytest.raises(AssertionError, match=r"b holds 2 nan or infinite numbers, the first at \(0, 1\)"):
        finite(a=np.ones(3), b=np.array([[0, np.nan], [np.inf, 0]]))


def test_unchanged_sees_one_bit():
    x, W = np.ones(3), np.ones((2, 2))
    with unchanged(x, W=W):
        x + 1
    for spoil, name in (
        (lambda: x.__setitem__(0, -0.0), "argument 1"),
        (lambda: W.__imul__(1 + 2**-52), "W"),
    ):
        with pytest.raises(AssertionError, match=f"{name} was changed in place"), unchanged(x, W=W):
            spoil()
