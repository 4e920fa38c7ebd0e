"""CIFAR-10's own layout, small: as files and as the archive; and a place without any."""

import hashlib
import tarfile

import pytest
from small_cifar import pack, write_data


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A working directory and a home without any data."""
    place = tmp_path / "course" / "work" / "deep" / "here" / "now"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CS231N_DATA", raising=False)
    return place


@pytest.fixture
def data(tmp_path):
    return write_data(tmp_path / "data")


@pytest.fixture(scope="session")
def members(tmp_path_factory):
    """The members of the archive: (name, bytes or TarInfo)."""
    folder = write_data(tmp_path_factory.mktemp("batches"))
    top = tarfile.TarInfo(folder.name)
    top.type = tarfile.DIRTYPE
    files = [(f"{folder.name}/{path.name}", path.read_bytes()) for path in sorted(folder.iterdir())]
    return [(top.name, top), *files]


@pytest.fixture(scope="session")
def archive(members, tmp_path_factory):
    return pack(tmp_path_factory.mktemp("archive") / "cifar-10-python.tar.gz", members)


@pytest.fixture(scope="session")
def md5(archive):
    return hashlib.md5(archive).hexdigest()
