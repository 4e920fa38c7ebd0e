"""load_CIFAR10: the official layout, the cache beside it, and the stand-in when there is nothing."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from cs231nlib.batches import BATCH_FILES, load_CIFAR_batch, write_batch, write_meta
from cs231nlib.cifar import cifar10_status, load_CIFAR10
from cs231nlib.data_places import data_home, find_CIFAR10
from cs231nlib.image_grids import CIFAR10_NAMES
from cs231nlib.plain_pickle import BatchError
from cs231nlib.shape_pictures import draw_pictures
from cs231nlib.synthetic import SYNTHETIC_NAMES, is_synthetic, make_synthetic_CIFAR10

MAKER = Path(__file__).resolve().parents[3] / "shared" / "data" / "make_cifar10.py"


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """A working directory and a home without any data."""
    place = tmp_path / "course" / "work" / "deep" / "here" / "now"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CS231N_DATA", raising=False)
    return place


def write_data(root, n_each=20, seed=5):
    """A small data set under CIFAR-10's own folder and class names."""
    folder = Path(root) / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    for i, name in enumerate(BATCH_FILES):
        X, y = draw_pictures("train", i * n_each, (i + 1) * n_each, seed)
        write_batch(folder / name, name, X, y, ["x.png"] * n_each)
    write_meta(folder / "batches.meta", CIFAR10_NAMES)
    return folder


@pytest.fixture
def data(tmp_path):
    return write_data(tmp_path / "data")


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


def cache_of(data):
    (folder,) = data.glob("npy-*")
    return folder


def is_mapped(array):
    while array is not None:
        if isinstance(array, np.memmap):
            return True
        array = getattr(array, "base", None)
    return False


def test_the_cache_is_made_once_and_mapped(data):
    assert is_mapped(load_CIFAR10(data).X_train)
    files = {path: path.stat().st_mtime_ns for path in cache_of(data).iterdir()}
    assert {path.name for path in files} == {"X_train.npy", "y_train.npy", "X_test.npy", "y_test.npy"}
    load_CIFAR10(data)
    assert files == {path: path.stat().st_mtime_ns for path in cache_of(data).iterdir()}


def test_the_second_call_reads_the_cache_alone(data):
    load_CIFAR10(data)
    np.save(cache_of(data) / "y_test.npy", np.full(20, 3))
    assert load_CIFAR10(data).y_test.tolist() == [3] * 20


def test_what_a_student_writes_into_the_pictures_stays_in_memory(data):
    before = load_CIFAR10(data).X_train.copy()
    load_CIFAR10(data).X_train[:] = 0
    np.testing.assert_array_equal(load_CIFAR10(data).X_train, before)


def test_a_changed_batch_makes_the_cache_anew(data):
    old = load_CIFAR10(data), cache_of(data)
    X, y = draw_pictures("train", 500, 520)
    write_batch(data / "test_batch", "test_batch", X, y, ["x.png"] * 20)  # the same size
    np.testing.assert_array_equal(load_CIFAR10(data).X_test, X)
    assert cache_of(data) != old[1]
    assert not np.array_equal(old[0].X_test, X)  # a notebook that runs meanwhile keeps what it has


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", os.urandom(500)])
def test_a_damaged_cache_is_made_anew(data, damage):
    expected = load_CIFAR10(data).X_train.copy()
    (cache_of(data) / "X_train.npy").write_bytes(damage)
    np.testing.assert_array_equal(load_CIFAR10(data).X_train, expected)
    assert is_mapped(load_CIFAR10(data).X_train)


def test_a_cache_of_objects_is_not_unpickled(data):
    load_CIFAR10(data)
    np.save(cache_of(data) / "y_test.npy", np.array([print], object), allow_pickle=True)
    assert load_CIFAR10(data).y_test.dtype == np.int64


READ_ONLY = """
import os, sys
import numpy.random
from cs231nlib.cifar import load_CIFAR10
if os.geteuid() == 0:
    os.setuid(65534)
data = load_CIFAR10(sys.argv[1])
print(data.source, len(data.X_train), data.X_train.flags.writeable, os.listdir(sys.argv[1]))
"""


def test_a_data_folder_that_cannot_be_written_is_no_trouble():
    # as another user, in a folder open to all: root may write everywhere
    with tempfile.TemporaryDirectory() as place:
        data = write_data(place)
        os.chmod(place, 0o755)
        data.chmod(0o555)
        command = [sys.executable, "-c", READ_ONLY, str(data)]
        run = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        data.chmod(0o755)
    assert run.stdout.startswith("cifar10 100 True"), run.stderr
    assert "npy-" not in run.stdout


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
