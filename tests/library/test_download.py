"""download_CIFAR10 against a server that drops, stalls, corrupts, dawdles and lies."""

import hashlib
import http.server
import io
import tarfile
import threading
import time

import numpy as np
import pytest

from cs231nlib import download, pace, transfer
from cs231nlib.archive import ArchiveError, unpack_CIFAR10
from cs231nlib.batches import BATCH_FILES, write_batch, write_meta
from cs231nlib.cifar import load_CIFAR10
from cs231nlib.download import DownloadError, download_CIFAR10
from cs231nlib.image_grids import CIFAR10_NAMES
from cs231nlib.shape_pictures import draw_pictures


def pack(path, members):
    """A .tar.gz of (name, bytes or TarInfo); returns its bytes."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
            tar.addfile(info, io.BytesIO(content) if isinstance(content, bytes) else None)
    return path.read_bytes()


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batches")
    for i, name in enumerate(BATCH_FILES):
        X, y = draw_pictures("train", i * 20, (i + 1) * 20, seed=5)
        write_batch(folder / name, name, X, y, ["x.png"] * 20)
    write_meta(folder / "batches.meta", CIFAR10_NAMES)
    top = tarfile.TarInfo("cifar-10-batches-py")
    top.type = tarfile.DIRTYPE
    files = [(f"cifar-10-batches-py/{path.name}", path.read_bytes()) for path in sorted(folder.iterdir())]
    return [(top.name, top), *files]


@pytest.fixture(scope="module")
def archive(members, tmp_path_factory):
    return pack(tmp_path_factory.mktemp("archive") / "cifar-10-python.tar.gz", members)


@pytest.fixture(scope="module")
def md5(archive):
    return hashlib.md5(archive).hexdigest()


class Mirror(http.server.BaseHTTPRequestHandler):
    """Serves the archive; the first word of the path says how badly."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        body, manner = self.server.archive, self.path.strip("/").split("/")[0]
        self.server.requests.append((manner, self.headers.get("Range")))
        if manner == "gone":
            return self.send_error(404)
        if manner == "elsewhere":
            return self.redirect("file:///etc/hostname")
        if manner == "moved":
            return self.redirect("/good")
        if manner == "corrupt":
            body = body[:1000] + bytes([body[1000] ^ 1]) + body[1001:]
        if manner == "other":
            body = b"<html>please log in to the network</html>"
        start = self.start(manner)
        if start >= len(body):
            return self.send_error(416)
        self.head(manner, start, len(body))
        self.send(manner, body[start:])

    def start(self, manner):
        wanted = self.headers.get("Range")
        ignore = wanted is None or manner == "norange"
        return 0 if ignore else int(wanted.removeprefix("bytes=").rstrip("-"))

    def head(self, manner, start, length):
        self.send_response(206 if start else 200)
        if start:
            shift = 7 if manner == "shifted" else 0
            self.send_header("Content-Range", f"bytes {start + shift}-{length - 1}/{length}")
        if manner not in ("nolength", "endless"):
            self.send_header("Content-Length", str(length - start))
        self.end_headers()

    def send(self, manner, body):
        if manner in ("drop", "norange", "stall", "shifted"):
            first = manner != "norange" or len(self.server.requests) == 1
            self.wfile.write(body[: self.server.piece] if first else body)
            if manner == "stall":
                self.server.release.wait(5)
        elif manner == "dead":
            self.server.release.wait(5)
        elif manner == "slow":
            while body and not self.server.release.wait(0.02):
                self.wfile.write(body[:200])
                body = body[200:]
        elif manner == "endless":
            while not self.server.release.is_set():
                self.wfile.write(bytes(1 << 16))
        else:
            self.wfile.write(body)

    def redirect(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # the client hung up, as it should


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
