"""An archive with anything unexpected is refused whole."""

import tarfile

import pytest
from small_cifar import pack

from cs231nlib.archive import ArchiveError, unpack_CIFAR10


def link(name, target):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return name, info


def huge(name):
    info = tarfile.TarInfo(name)
    info.size = 10**12
    return name, info


@pytest.mark.parametrize(
    "trap",
    [
        ("../evil", b"x"),
        ("/tmp/evil", b"x"),
        ("cifar-10-batches-py/../../evil", b"x"),
        ("cifar-10-batches-py/sitecustomize.py", b"x"),
        ("cifar-10-batches-py/./data_batch_1", b"x"),
        link("cifar-10-batches-py/data_batch_1", "/etc/passwd"),
        link("cifar-10-batches-py", "/tmp"),
        huge("cifar-10-batches-py/readme.html"),
    ],
    ids=lambda trap: trap[0],
)
def test_an_archive_with_anything_unexpected_is_refused_whole(tmp_path, members, trap):
    root = tmp_path / "root"
    root.mkdir()
    for i, content in enumerate(([trap, *members], [*members, trap])):
        pack(tmp_path / f"{i}.tgz", content)
        with pytest.raises(ArchiveError, match="not part of CIFAR-10"):
            unpack_CIFAR10(tmp_path / f"{i}.tgz", root)
    assert list(root.iterdir()) == [] and not list(tmp_path.glob("evil"))


def test_an_archive_with_a_file_twice_lacking_one_or_cut_off_is_refused(tmp_path, members, archive):
    pack(tmp_path / "lacking.tgz", members[:-1])
    with pytest.raises(ArchiveError, match="lacks test_batch"):
        unpack_CIFAR10(tmp_path / "lacking.tgz", tmp_path)
    pack(tmp_path / "twice.tgz", [*members, members[1]])
    with pytest.raises(ArchiveError, match="twice"):
        unpack_CIFAR10(tmp_path / "twice.tgz", tmp_path)
    for name, content in (("cut", archive[:-5000]), ("text", b"hello"), ("empty", b"")):
        (tmp_path / f"{name}.tgz").write_bytes(content)
        with pytest.raises(ArchiveError, match=name):
            unpack_CIFAR10(tmp_path / f"{name}.tgz", tmp_path)
    assert not list(tmp_path.glob("*batches*")) and not list(tmp_path.glob(".unpacking*"))
