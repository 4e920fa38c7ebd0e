"""Unpack the archive of CIFAR-10, and nothing else that may be in it."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path

from cs231nlib.batches import BATCH_FILES, META_FILE
from cs231nlib.data_places import CIFAR10_FOLDER
from cs231nlib.plain_pickle import MAX_BYTES

NEEDED = (*BATCH_FILES, META_FILE)
EXPECTED = {f"{CIFAR10_FOLDER}/{name}": name for name in (*NEEDED, "readme.html")}


class ArchiveError(ValueError):
    """An archive that is not the one of CIFAR-10; the message names the file and the reason."""


def unpack_CIFAR10(archive: str | Path, root: str | Path) -> Path:
    """Unpack a cifar-10-python.tar.gz below root. Returns the Path of the folder with the batches.

    Only the expected files are taken, as plain files of bounded size; one unexpected name, link or size
    and nothing is kept. An older folder is replaced only when the new one is complete.
    Raises ArchiveError, or OSError if root cannot be written.
    """
    draft = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=root))
    try:
        _unpack(Path(archive), draft)
        target = Path(root) / CIFAR10_FOLDER
        shutil.rmtree(target, ignore_errors=True)
        draft.chmod(0o755)
        return draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _unpack(archive, draft):
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if not (member.isdir() and member.name == CIFAR10_FOLDER):
                    _take(archive, tar, member, draft)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise ArchiveError(f"{archive}: this is not a complete .tar.gz archive ({error}).") from None
    except OSError as error:
        if error.errno is not None:  # the disk, not the archive
            raise
        raise ArchiveError(f"{archive}: this is not a .tar.gz archive ({error}).") from None
    missing = [name for name in NEEDED if not (draft / name).is_file()]
    if missing:
        raise ArchiveError(f"{archive}: the archive lacks {', '.join(missing)}.")


def _take(archive, tar, member, draft):
    if member.name not in EXPECTED or not member.isreg() or member.size > MAX_BYTES:
        raise ArchiveError(f"{archive}: the archive holds {member.name!r}, which is not part of CIFAR-10.")
    if (draft / EXPECTED[member.name]).exists():
        raise ArchiveError(f"{archive}: the archive holds {member.name!r} twice.")
    with tar.extractfile(member) as source, (draft / EXPECTED[member.name]).open("wb") as copy:
        shutil.copyfileobj(source, copy)
