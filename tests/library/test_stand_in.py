"""The SYNTHETIC stand-in: announced, told from real pictures, written only when asked for."""

import numpy as np
import pytest
from small_cifar import is_mapped

from cs231nlib.batches import BATCH_FILES
from cs231nlib.cifar import cifar10_status, load_CIFAR10
from cs231nlib.image_grids import CIFAR10_NAMES
from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import SYNTHETIC_NAMES, is_synthetic, make_synthetic_CIFAR10

pytestmark = pytest.mark.usefixtures("nowhere")


def test_the_stand_in_is_announced_in_one_sentence_and_named_by_its_own_classes(tmp_path, capsys):
    loaded = load_CIFAR10(tmp_path / "mine")
    out = capsys.readouterr()
    assert out.out.count("\n") == 1 and "SYNTHETIC" in out.out and "download_CIFAR10()" in out.out
    assert out.err == ""
    assert loaded.source == "synthetic" and loaded.names == SYNTHETIC_NAMES
    assert not set(loaded.names) & set(CIFAR10_NAMES)
    assert len(loaded.X_train) == 10_000 and len(loaded.X_test) == 2_000
    assert loaded.root == tmp_path / "mine" / "synthetic-10-batches-py"
    assert {path.name for path in loaded.root.iterdir() if path.is_file()} == {*BATCH_FILES, "batches.meta"}
    assert is_mapped(load_CIFAR10(tmp_path / "mine").X_train)
    assert load_CIFAR10(tmp_path / "mine", n_train=50).root == loaded.root
    assert not cifar10_status(tmp_path / "mine").found


def test_the_folder_of_a_stand_in_is_never_taken_for_cifar10(tmp_path, capsys):
    folder = make_synthetic_CIFAR10(tmp_path, 100, 20)
    assert not cifar10_status(folder).found
    with pytest.raises(FileNotFoundError):
        load_CIFAR10(folder, allow_synthetic=False)
    for root in (folder, tmp_path):
        loaded = load_CIFAR10(root)
        assert loaded.source == "synthetic" and len(loaded.X_train) == 100 and loaded.root == folder
    assert load_CIFAR10(folder, n_train=5_000).root == folder  # replaced by a larger one
    assert "SYNTHETIC" in capsys.readouterr().out


def test_a_few_stand_in_pictures_are_drawn_without_writing_anything(nowhere, tmp_path):
    loaded = load_CIFAR10(n_train=200)
    assert loaded.root is None and len(loaded.X_train) == len(loaded.X_test) == 200
    assert not (tmp_path / "home").exists() and not list(nowhere.iterdir())


def test_a_few_are_those_that_the_files_would_give(tmp_path):
    drawn = load_CIFAR10(tmp_path, n_train=150, n_test=30, seed=3)
    make_synthetic_CIFAR10(tmp_path)
    filed = load_CIFAR10(tmp_path, n_train=150, n_test=30, seed=3)
    assert drawn.root is None and filed.root is not None
    for one, other in zip(drawn, filed, strict=True):
        np.testing.assert_array_equal(one, other)


def test_where_nothing_can_be_written_many_are_drawn_too(tmp_path):
    (tmp_path / "file").write_text("")
    loaded = load_CIFAR10(tmp_path / "file" / "below", n_train=9_000)
    assert loaded.root is None and len(loaded.X_train) == 9_000


def test_a_larger_stand_in_is_written_when_it_is_asked_for(tmp_path):
    assert len(load_CIFAR10(tmp_path, n_train=4_000).X_train) == 4_000
    assert len(load_CIFAR10(tmp_path, n_train=11_000).X_train) == 11_000
    with pytest.raises(ValueError, match="1 to 50000"):
        load_CIFAR10(tmp_path, n_train=50_001)


def test_the_stand_in_can_be_forbidden(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"download_CIFAR10\(\)"):
        load_CIFAR10(tmp_path, allow_synthetic=False)


def test_a_stand_in_that_was_interrupted_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("cs231nlib.synthetic.write_meta", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_synthetic_CIFAR10(tmp_path, 100, 10)
    assert list(tmp_path.glob("*synthetic*")) == []


def test_pictures_of_the_stand_in_can_be_told_from_others():
    X, _ = draw_pictures("test", 0, 60)
    noise = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 3)).astype(np.uint8)
    for version in (
        X,
        X[:1],
        X[::3],
        X[:, :, ::-1],
        X.astype(np.float32),
        X / 255,
        np.concatenate([noise, X[:1]]),
    ):
        assert is_synthetic(version)
    for other in (noise, X - X.mean(), X ^ 1, X[:0], X[0], X * np.nan):
        assert not is_synthetic(other)


def test_the_stand_in_is_the_same_each_time_and_every_class_looks_different():
    X, y = draw_pictures("train", 0, 1000)
    np.testing.assert_array_equal(draw_pictures("train", 150, 350)[0], X[150:350])
    assert not np.array_equal(draw_pictures("test", 0, 100)[0], X[:100])
    assert not np.array_equal(draw_pictures("train", 0, 100, seed=1)[0], X[:100])
    assert np.bincount(y, minlength=10).min() > 60
    hbars, vbars = (np.abs(np.diff(X[y == c].astype(float).mean(-1), axis=1)).mean() for c in (6, 7))
    assert hbars > vbars  # brightness changes down the picture for one, across it for the other
