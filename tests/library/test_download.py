"""download_CIFAR10 against a server that drops, stalls, corrupts, dawdles and lies."""

import hashlib
import threading
import time

import numpy as np
import pytest
from mirror import Mirror, Server

from cs231nlib import download, pace, transfer
from cs231nlib.cifar import load_CIFAR10
from cs231nlib.download import DownloadError, download_CIFAR10
from cs231nlib.shape_pictures import draw_pictures


@pytest.fixture
def server(archive, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "PAUSE", 0.01)
    with Server(("127.0.0.1", 0), Mirror) as server:
        server.archive, server.requests, server.piece = archive, [], len(archive) // 4 + 1
        server.release = threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


def fetch(server, root, *manners, md5, **more):
    mirrors = [f"{server.url}/{manner}" for manner in manners]
    return download_CIFAR10(root, mirrors, **{"timeout": 0.3, "min_rate": 0, "md5": md5, **more})


def manners(server):
    return [manner for manner, _ in server.requests]


def test_a_download_is_unpacked_and_can_be_loaded(server, tmp_path, md5, capsys):
    folder = fetch(server, tmp_path / "new" / "place", "good", md5=md5)
    out = capsys.readouterr().out
    assert folder == tmp_path / "new" / "place" / "cifar-10-batches-py"
    assert " MB/s, 0 min 00 s left" in out and str(folder) in out
    loaded = load_CIFAR10(folder.parent)
    np.testing.assert_array_equal(loaded.X_test, draw_pictures("train", 100, 120, seed=5)[0])
    assert [path.name for path in folder.parent.iterdir()] == ["cifar-10-batches-py"]
    assert loaded.source == "cifar10"


@pytest.mark.parametrize("manner", ["drop", "stall"])
def test_a_connection_that_breaks_off_or_stalls_is_resumed_where_it_was(server, tmp_path, md5, manner):
    fetch(server, tmp_path, manner, md5=md5)
    starts = [wanted for _, wanted in server.requests]
    assert starts == [None] + [f"bytes={i * server.piece}-" for i in (1, 2, 3)]


def test_a_later_call_goes_on_from_what_an_earlier_one_left(server, tmp_path, md5, archive):
    (tmp_path / "cifar-10-python.tar.gz.part").write_bytes(archive[:5000])
    fetch(server, tmp_path, "good", md5=md5)
    assert server.requests == [("good", "bytes=5000-")]


def test_a_complete_part_is_not_fetched_again(server, tmp_path, md5, archive):
    (tmp_path / "cifar-10-python.tar.gz.part").write_bytes(archive)
    fetch(server, tmp_path, "good", md5=md5)
    assert server.requests == [("good", f"bytes={len(archive)}-")]


@pytest.mark.parametrize("left", [b"\0" * 5000, b"\0" * 10_000_000], ids=["wrong", "too long"])
def test_remains_that_do_not_fit_are_thrown_away(server, tmp_path, md5, left):
    (tmp_path / "cifar-10-python.tar.gz.part").write_bytes(left)
    fetch(server, tmp_path, "good", md5=md5)
    assert server.requests == [("good", f"bytes={len(left)}-"), ("good", None)]


def test_a_server_that_ignores_the_range_is_read_from_the_start(server, tmp_path, md5):
    fetch(server, tmp_path, "norange", md5=md5)
    assert server.requests == [("norange", None), ("norange", f"bytes={server.piece}-")]


def test_a_server_that_does_not_tell_the_length_is_fine(server, tmp_path, md5):
    assert fetch(server, tmp_path, "nolength", md5=md5).is_dir()


def test_a_redirect_is_followed(server, tmp_path, md5):
    assert fetch(server, tmp_path, "moved", md5=md5).is_dir()


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        ("corrupt", "MD5"),
        ("other", "MD5"),
        ("gone", "404"),
        ("dead", "times in a row"),
        ("shifted", "another part"),
        ("elsewhere", "302"),
    ],
)
def test_a_bad_mirror_is_given_up_for_the_next(server, tmp_path, md5, manner, reason):
    with pytest.raises(DownloadError) as error:
        fetch(server, tmp_path / "a", manner, md5=md5)
    assert reason in str(error.value) and "mirrors=" in str(error.value)
    assert not (tmp_path / "a" / "cifar-10-batches-py").exists()
    assert fetch(server, tmp_path / "b", manner, "good", md5=md5).is_dir()
    assert manners(server)[-1] == "good" and len(server.requests) < 12


def test_a_mirror_that_corrupts_is_not_believed_however_often_it_breaks_off(server, tmp_path, archive):
    with pytest.raises(DownloadError, match="MD5"):
        fetch(server, tmp_path, "drop", md5="0" * 32)
    assert len(server.requests) == 4


def test_a_slow_mirror_is_given_up_with_advice_and_nothing_is_lost(server, tmp_path, md5, monkeypatch):
    monkeypatch.setattr(pace, "JUDGE_AFTER", 0.3)
    with pytest.raises(DownloadError, match=r"too slow: .* kB/s, .* left") as error:
        fetch(server, tmp_path, "slow", md5=md5, min_rate=200_000)
    assert "min_rate=0" in str(error.value)
    kept = (tmp_path / "cifar-10-python.tar.gz.part").stat().st_size
    assert kept > 0
    fetch(server, tmp_path, "slow", "good", md5=md5, min_rate=200_000)
    assert int(server.requests[-1][1][6:-1]) >= kept


def test_a_server_that_never_ends_is_cut_off(server, tmp_path, md5, monkeypatch):
    monkeypatch.setattr(transfer, "MAX_BYTES", 3_000_000)
    with pytest.raises(DownloadError, match="more than 3 MB"):
        fetch(server, tmp_path, "endless", md5=md5)


def test_without_a_network_it_gives_up_soon(tmp_path, monkeypatch, md5):
    monkeypatch.setattr(download, "PAUSE", 0.01)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    start = time.monotonic()
    with pytest.raises(DownloadError, match="no connection"):
        download_CIFAR10(tmp_path, ["http://127.0.0.1:9/x"], md5=md5)
    assert time.monotonic() - start < 10


def test_a_local_archive_will_do_and_is_kept(tmp_path, archive, md5):
    path = tmp_path / "from a usb stick.tgz"
    path.write_bytes(archive)
    for mirrors in (path, str(path), [tmp_path / "missing.tgz", path]):
        assert download_CIFAR10(tmp_path / "data", mirrors, md5=md5).is_dir()
    assert path.read_bytes() == archive


def test_a_damaged_local_archive_is_refused(tmp_path, archive):
    (tmp_path / "cut.tgz").write_bytes(archive[:-100])
    with pytest.raises(DownloadError, match="MD5"):
        download_CIFAR10(tmp_path / "data", tmp_path / "cut.tgz")


def test_official_batches_are_left_alone_and_damaged_ones_replaced(
    server, tmp_path, md5, monkeypatch, members, capsys
):
    sums = {name.split("/")[1]: hashlib.md5(body).hexdigest() for name, body in members[1:]}
    monkeypatch.setattr("cs231nlib.batches.BATCH_MD5", sums)
    folder = fetch(server, tmp_path, "good", md5=md5)
    fetch(server, tmp_path, "good", md5=md5)
    assert len(server.requests) == 1 and "already" in capsys.readouterr().out
    (folder / "data_batch_2").write_bytes(b"damaged")
    fetch(server, tmp_path, "good", md5=md5)
    assert len(server.requests) == 2 and len(load_CIFAR10(tmp_path).X_train) == 100
