"""The cache of arrays beside the batches: made once, mapped, made anew when anything is wrong with it."""

import os
import subprocess
import sys
import tempfile

import numpy as np
import pytest
from small_cifar import is_mapped, write_data

from cs231nlib.batches import write_batch
from cs231nlib.cifar import load_CIFAR10
from cs231nlib.shape_pictures import draw_pictures

pytestmark = pytest.mark.usefixtures("nowhere")


def cache_of(data):
    (folder,) = data.glob("npy-*")
    return folder


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
