"""load_CIFAR10: the official layout, the cache beside it, and the stand-in when there is nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_cifar import write_data

from cs231nlib.batches import BATCH_FILES, load_CIFAR_batch
from cs231nlib.cifar import cifar10_status, load_CIFAR10
from cs231nlib.data_places import data_home, find_CIFAR10
from cs231nlib.image_grids import CIFAR10_NAMES
from cs231nlib.plain_pickle import BatchError
from cs231nlib.synthetic import is_synthetic, make_synthetic_CIFAR10

pytestmark = pytest.mark.usefixtures("nowhere")

MAKER = Path(__file__).resolve().parents[3] / "shared" / "data" / "make_cifar10.py"


def test_it_unpacks_as_the_first_course_notebook_did(data):
    Xtr, Ytr, Xte, Yte = load_CIFAR10(str(data))
    assert Xtr.shape == (100, 32, 32, 3) and Xte.shape == (20, 32, 32, 3)
    assert Xtr.dtype == Xte.dtype == np.uint8 and Ytr.dtype == Yte.dtype == np.int64
    assert Ytr.shape == (100,) and Yte.shape == (20,)
    expected = [load_CIFAR_batch(data / name) for name in BATCH_FILES]
    np.testing.assert_array_equal(Xtr, np.concatenate([X for X, _ in expected[:5]]))
    np.testing.assert_array_equal(Ytr, np.concatenate([y for _, y in expected[:5]]))
    np.testing.assert_array_equal(Xte, expected[5][0])


def test_the_data_set_says_what_it_is(data, capsys):
    loaded = load_CIFAR10(data)
    assert loaded.source == "cifar10" and loaded.names == CIFAR10_NAMES and loaded.root == data
    assert "100 training and 20 test" in repr(loaded) and len(repr(loaded)) < 300
    assert capsys.readouterr().out == ""


def test_the_folder_or_the_one_around_it_will_do(data):
    for root in (data, data.parent, str(data.parent)):
        assert load_CIFAR10(root).root == data


def test_it_is_found_in_the_documented_places(nowhere, tmp_path, monkeypatch):
    for place in (
        tmp_path / "home/.cache/cs231nlib",
        nowhere.parents[2] / "data",
        nowhere.parent / "data",
        nowhere / "data",
        tmp_path / "elsewhere",
    ):
        if place.name == "elsewhere":
            monkeypatch.setenv("CS231N_DATA", str(place))
        folder = write_data(place)
        assert find_CIFAR10() == folder  # each is preferred to the ones before
    assert data_home() == tmp_path / "elsewhere"


def test_a_part_of_the_pictures_is_the_same_part_for_the_same_seed(data):
    full, one, again, other = (load_CIFAR10(data, **kw) for kw in ({}, PART, PART, {**PART, "seed": 8}))
    assert one.X_train.shape[0] == 30 and one.X_test.shape[0] == 5
    np.testing.assert_array_equal(one.X_train, again.X_train)
    assert not np.array_equal(one.X_train, other.X_train)
    starts = [i for i in range(71) if np.array_equal(full.X_train[i : i + 30], one.X_train)]
    assert len(starts) == 1
    np.testing.assert_array_equal(full.y_train[starts[0] : starts[0] + 30], one.y_train)
    assert len(load_CIFAR10(data, n_train=7).X_test) == 7
    assert len(load_CIFAR10(data, n_train=70).X_test) == 20


PART = {"n_train": 30, "n_test": 5, "seed": 7}


@pytest.mark.parametrize("wanted", [{"n_train": 101}, {"n_test": 21}, {"n_train": 0}, {"n_test": -1}])
def test_more_pictures_than_there_are_is_an_error_with_the_limit(data, wanted):
    with pytest.raises(ValueError, match=rf"{next(iter(wanted))} is .* 1 to"):
        load_CIFAR10(data, **wanted)


@pytest.mark.parametrize("dtype", [np.float32, float])
def test_other_number_types_are_copies(data, dtype):
    assert load_CIFAR10(data, dtype=dtype).X_train.dtype == dtype
    np.testing.assert_array_equal(load_CIFAR10(data, dtype=dtype).X_test, load_CIFAR10(data).X_test)


@pytest.mark.parametrize("name", [*BATCH_FILES, "batches.meta"])
def test_a_missing_file_is_named(data, name):
    (data / name).unlink()
    with pytest.raises(BatchError, match=rf"{name}: this file is missing; download it again"):
        load_CIFAR10(data)


def test_a_truncated_batch_is_named_also_when_a_cache_of_the_whole_one_is_there(data):
    load_CIFAR10(data)
    os.truncate(data / "data_batch_3", 5000)
    with pytest.raises(BatchError, match="data_batch_3: it is damaged or incomplete"):
        load_CIFAR10(data)
    assert not list(data.glob(".npy-draft*"))


def test_the_status_says_what_is_there(data, tmp_path):
    status = cifar10_status(data)
    assert status.found and status.n_images == 120 and not status.md5_ok and status.path == data
    assert "not the official" in status.advice
    nothing = cifar10_status(tmp_path / "empty")
    assert not nothing.found and nothing.path is None and "download_CIFAR10()" in nothing.advice
    os.truncate(data / "data_batch_3", 5000)
    assert not cifar10_status(data).found and "data_batch_3" in cifar10_status(data).advice


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    if not MAKER.is_file():
        pytest.skip(f"NO REAL PICTURES: {MAKER} is not there, so the loader met drawn ones alone")
    root = tmp_path_factory.mktemp("real")
    command = [sys.executable, MAKER, root, "--train", "500", "--test", "100", "--tar"]
    subprocess.run(command, check=True, timeout=60)
    return root


def test_real_pictures_load(real, capsys):
    loaded = load_CIFAR10(real)
    assert loaded.source == "cifar10" and loaded.names == CIFAR10_NAMES
    assert loaded.X_train.shape == (500, 32, 32, 3) and len(loaded.X_test) == 100
    assert not is_synthetic(loaded.X_train[:1]) and capsys.readouterr().out == ""
    neighbours = np.abs(np.diff(loaded.X_train.astype(int), axis=2)).mean()
    assert neighbours < 20  # rows, columns and channels are where they belong: real pictures are smooth
    assert np.bincount(loaded.y_train, minlength=10).min() > 20


def test_real_pictures_load_as_everybody_elses_loader_reads_them(real):
    import pickle

    with (real / "cifar-10-batches-py" / "data_batch_1").open("rb") as file:
        content = pickle.load(file, encoding="latin1")
    X, y = load_CIFAR_batch(real / "cifar-10-batches-py" / "data_batch_1")
    np.testing.assert_array_equal(X[:, :, :, 2].reshape(100, -1), content["data"][:, 2048:])
    assert y.tolist() == content["labels"]


def test_real_data_win_over_a_stand_in_that_is_there_too(real, tmp_path):
    root = tmp_path / "both"
    make_synthetic_CIFAR10(root, 100, 20)
    shutil.copytree(real / "cifar-10-batches-py", root / "cifar-10-batches-py")
    assert load_CIFAR10(root).source == "cifar10"
