"""Batches that are damaged or set a trap: refused with a clear message, and nothing runs."""

import os
import pickle
import struct

import numpy as np
import pytest

from cs231nlib.batches import load_CIFAR_batch, read_names, read_rows, write_batch, write_meta
from cs231nlib.plain_pickle import BatchError, read_pickle
from cs231nlib.shape_pictures import draw_pictures


@pytest.fixture
def batch(tmp_path):
    X, y = draw_pictures("train", 0, 20)
    write_batch(tmp_path / "data_batch_1", "training batch 1 of 5", X, y, [f"{i}.png" for i in range(20)])
    return tmp_path / "data_batch_1", X, y


def refuse(path, content, *words):
    path.write_bytes(content)
    with pytest.raises(BatchError) as refused:
        load_CIFAR_batch(path)
    for word in (str(path), "download_CIFAR10()", *words):
        assert word in str(refused.value)


def test_a_written_batch_is_read_back(batch):
    path, X, y = batch
    pictures, labels = load_CIFAR_batch(path)
    assert pictures.dtype == np.uint8 and labels.dtype == np.int64
    np.testing.assert_array_equal(pictures, X)
    np.testing.assert_array_equal(labels, y)


def test_the_batch_is_the_one_that_everybody_elses_loader_reads(batch):
    path, X, y = batch
    content = pickle.loads(path.read_bytes(), encoding="latin1")
    assert content["labels"] == y.tolist() and content["data"].dtype == np.uint8
    assert content["data"].shape == (20, 3072) and content["filenames"][3] == "3.png"
    red, green = content["data"][7, :1024], content["data"][7, 1024:2048]
    np.testing.assert_array_equal(red, X[7, :, :, 0].ravel())
    np.testing.assert_array_equal(green, X[7, :, :, 1].ravel())


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_batches_pickled_anew_by_python_3_are_read(tmp_path, protocol):
    rows = np.arange(3 * 3072).reshape(3, 3072).astype(np.uint8)
    path = tmp_path / "data_batch_1"
    path.write_bytes(pickle.dumps({"data": rows, "labels": [1, 2, 3]}, protocol=protocol))
    if protocol in (3, 4):
        np.testing.assert_array_equal(read_rows(path)[0], rows)
    else:  # these protocols need further functions to hold bytes
        with pytest.raises(BatchError):
            read_rows(path)


def test_names_are_read_and_have_to_be_ten(tmp_path):
    write_meta(tmp_path / "batches.meta", list("abcdefghij"), seed=3)
    assert read_names(tmp_path / "batches.meta") == tuple("abcdefghij")
    assert read_pickle(tmp_path / "batches.meta")["seed"] == 3
    write_meta(tmp_path / "batches.meta", ["a"])
    with pytest.raises(BatchError, match="ten class names"):
        read_names(tmp_path / "batches.meta")


class Trap:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(6))
def test_a_booby_trapped_batch_is_refused_and_does_not_run(tmp_path, protocol):
    flag = tmp_path / "ran"
    for trap in (Trap(os.mkdir, str(flag)), Trap(eval, f"__import__('os').mkdir({str(flag)!r})")):
        content = pickle.dumps({"data": trap, "labels": [1]}, protocol=protocol)
        refuse(tmp_path / "data_batch_1", content, "asks for", "nothing was run")
    assert not flag.exists()


@pytest.mark.parametrize(
    "name", ["numpy.core.multiarray\nscalar", "numpy\nload", "numpy\nndarray.__reduce__", "builtins\ngetattr"]
)
def test_names_next_to_the_allowed_ones_are_refused(tmp_path, name):
    refuse(tmp_path / "data_batch_1", b"\x80\x02c" + name.encode() + b"\n.", "asks for")


def test_the_stand_ins_for_the_allowed_names_cannot_be_changed_by_a_batch(tmp_path, batch):
    change = b"\x80\x02cnumpy\ndtype\n" + b"N}U\x08__init__K\x01s\x86b."  # BUILD with a slot state
    refuse(tmp_path / "other", change)
    load_CIFAR_batch(batch[0])


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02}r" + struct.pack("<I", 2**31) + b".",  # a memo of 2^31 places
        b"\x80\x02]" + b"2" * 40 + b".",  # the same thing over and over
        b"\x80\x02" + b"]" * 500_000 + b".",
        b"\x80\x02)q\x00"
        + b"h\x00h\x00\x86q\x00" * 40
        + b"}h\x00K\x01s.",  # a key that takes 2^40 steps to hash
    ],
    ids=["memo", "dup", "long", "nested"],
)
def test_structures_that_would_exhaust_the_machine_are_refused_before_they_are_built(tmp_path, content):
    refuse(tmp_path / "data_batch_1", content, "complicated")


def test_an_array_that_claims_to_be_huge_takes_no_memory(batch):
    path, *_ = batch
    content = path.read_bytes().replace(struct.pack("<i", 3072), struct.pack("<i", 2**31 - 1))
    refuse(path, content, "rows of 3072 bytes")


def test_arrays_of_objects_are_refused(tmp_path):
    array = np.array([None, 1], object)
    refuse(tmp_path / "b", pickle.dumps({"data": array, "labels": [1, 2]}, protocol=4), "numbers of type")


@pytest.mark.parametrize("keep", [0, 1, 50, 30_000, -1])
def test_a_truncated_batch_names_the_file_and_what_to_do(batch, keep):
    path, *_ = batch
    refuse(path, path.read_bytes()[:keep], "damaged or incomplete")


def test_a_file_larger_than_any_batch_is_not_even_opened(tmp_path):
    with (tmp_path / "data_batch_1").open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(BatchError, match="larger than"):
        load_CIFAR_batch(tmp_path / "data_batch_1")


def test_a_missing_batch_a_folder_and_a_pipe_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "data_batch_9", tmp_path, tmp_path / "pipe"):
        with pytest.raises(BatchError, match="missing"):
            load_CIFAR_batch(path)


@pytest.mark.parametrize(
    "labels", [[10], [-1], [True], ["1"], [[1]], [1.0], [2**70], [], [1, 2], None, 3], ids=repr
)
def test_labels_have_to_be_class_numbers(tmp_path, labels):
    rows = np.zeros((1, 3072), np.uint8)
    path = tmp_path / "data_batch_1"
    refuse(path, pickle.dumps({"data": rows, "labels": labels}, protocol=4), "label")
    path.write_bytes(pickle.dumps({"data": rows, "labels": [9]}, protocol=4))
    assert load_CIFAR_batch(path)[1].tolist() == [9]


@pytest.mark.parametrize(
    "content", [[1], {}, {"data": 1, "labels": []}, {"data": np.zeros((1, 3071), np.uint8), "labels": [1]}]
)
def test_other_pickles_are_not_batches(tmp_path, content):
    refuse(tmp_path / "data_batch_1", pickle.dumps(content, protocol=4))
