"""The files of a submission on their way into the sandbox."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping


def _checked(name: str) -> str:
    if name.startswith("/") or ".." in name.split("/") or "\0" in name:
        raise ValueError(f"a file name leaves the working directory: {name!r}")
    return name


def payload_of(files: Mapping[str, bytes]) -> int:
    """A descriptor with an index line and the contents; read only inside the sandbox, never by the zygote.

    The zygote's memory is inherited by later students, so a submission's bytes must not pass through it.
    """
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("files")
    else:
        with tempfile.TemporaryFile() as file:
            fd = os.dup(file.fileno())
    index = [[_checked(name), len(data)] for name, data in files.items()]
    with open(fd, "wb", closefd=False) as file:
        file.write(json.dumps(index).encode() + b"\n")
        file.writelines(files.values())
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
