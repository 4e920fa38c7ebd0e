"""The ladder of the capstone: steps for each source of pictures, and which pictures are asked."""

import contextlib

import numpy as np
import pytest
from small_cifar import write_data

from cs231nlib.batches import BATCH_FILES, write_batch
from cs231nlib.cifar import load_CIFAR10
from cs231nlib.grading import Grade, NotGraded
from cs231nlib.ladder import (
    SETTINGS,
    SOURCES,
    asked_pictures,
    check_settings,
    percent_right,
    steps,
    test_pictures,
    to_hand_in,
)

RUNGS = ("softmax", "two_layer", "regularized")


@pytest.mark.parametrize("source", SOURCES)
def test_steps_rise_within_a_rung_and_from_rung_to_rung(source):
    table = np.array([steps(source, rung) for rung in RUNGS])
    assert table.shape == (3, 5)
    assert (np.diff(table) > 0).all()
    assert (np.diff(table[:, -1]) > 0).all()
    assert 10 < table.min() < table.max() < 100


@pytest.mark.parametrize(("source", "rung"), [("mnist", "softmax"), ("cifar10", "deep")])
def test_there_are_no_other_steps(source, rung):
    with pytest.raises(ValueError, match="no steps"):
        steps(source, rung)


def test_the_stand_ins_pictures_are_those_of_a_student(tmp_path):
    X, y = test_pictures("synthetic")
    data = load_CIFAR10(tmp_path, n_train=5000, n_test=len(X))
    assert np.array_equal(X, data.X_test) and np.array_equal(y, data.y_test)


def test_without_cifar10_a_net_that_learned_from_it_is_not_graded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CS231N_DATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    grade = Grade(points=1)
    with pytest.raises(NotGraded, match="CIFAR-10 was not found"), grade("asks", 1):
        test_pictures("cifar10")
    with pytest.raises(ValueError, match="source"):
        test_pictures("mnist")


def test_a_students_own_copy_asks_about_val_and_grading_about_test(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CS231N_DATA", str(tmp_path))
    net = {"source": "synthetic", "pictures": 300, "val": np.array([5, 299])}
    data = load_CIFAR10(tmp_path, n_train=300, n_test=1)
    X, y, part = asked_pictures(net)
    assert (
        part == "val"
        and np.array_equal(X, data.X_train[[5, 299]])
        and np.array_equal(y, data.y_train[[5, 299]])
    )
    with pytest.raises(ValueError, match=r"[tT]rain it again"):
        asked_pictures(net | {"source": "cifar10"})
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert asked_pictures(net)[2] == "test"


def test_a_linear_rung_takes_no_hidden_layer():
    net = dict.fromkeys(("source", "mean", "std", "W1", "b1", "W2", "b2"), 0)
    with pytest.raises(AssertionError, match="layers of another rung"):
        percent_right("softmax", net, None, 0)
    with pytest.raises(AssertionError, match="holds no mean, std"):
        percent_right("softmax", {"source": 0, "W1": 0, "b1": 0}, None, 0)


@pytest.mark.parametrize(("rung", "asked"), [("depth", 2000), ("regularized", 10_000)])
def test_a_deep_net_is_asked_about_so_many_that_one_by_one_ends_in_time(tmp_path, monkeypatch, rung, asked):
    folder, name = write_data(tmp_path), BATCH_FILES[-1]
    black = np.zeros((10_000, 32, 32, 3), np.uint8)
    write_batch(folder / name, name, black, np.zeros(len(black), int), ["x.png"] * len(black))
    monkeypatch.setenv("CS231N_DATA", str(tmp_path))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    net, seen = dict.fromkeys(("mean", "std", "W1", "b1", "W2", "W3"), 0) | {"source": "cifar10"}, []
    percent_right(rung, net, lambda net, X: seen.append(len(X)) or np.zeros(len(X)), 0)
    assert sum(seen) == asked


def test_missing_files_are_named(tmp_path, capsys):
    (tmp_path / "softmax.npz").write_bytes(b"1" * 200_000)
    assert to_hand_in(tmp_path) == ["two_layer.npz", "regularized.npz"]
    assert "0.2 MB" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [({"step": "momentum"}, "no function"), ({"hidden": 5}, "another rung"), ({"lr": None}, "")],
)
def test_settings_that_cannot_make_the_net_are_told(change, said):
    chosen = dict.fromkeys(SETTINGS, 1) | {"hidden": 0, "step": len}
    check_settings("softmax", chosen)
    del chosen["batch"]
    with pytest.raises(AssertionError, match="lacks the key batch"):
        check_settings("softmax", chosen)
    with pytest.raises(AssertionError, match=said) if said else contextlib.nullcontext():
        check_settings("softmax", chosen | {"batch": 1} | change)
