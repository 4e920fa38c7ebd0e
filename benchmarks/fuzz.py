"""Guided by what they cover, a million odd inputs for each reader of what students made:

    pip install atheris
    python benchmarks/fuzz.py wire|outputs|reading|repair|archive|html [-runs=1000000] [FOLDER OF SEEDS]

A reader ends each in time, and raises nothing but what it says. What libFuzzer finds it writes into a file
`crash-...` or `timeout-...`, which belongs among the seeds of tests/test_fuzz_seeds.py. So far, on two
processors: 1,000,000 inputs for each reader; nothing was found.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
with atheris.instrument_imports(include=["grader"]):
    from fuzz_targets import TARGETS

import damaged

MAX_BYTES, SECONDS = 4096, 10


def seeds(name: str) -> list[bytes]:
    """Inputs from which mutation begins."""
    if name == "archive":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("a/ps1.ipynb", b"{}")
            file.writestr("ü.txt", b"x" * 50)
        return [packed.getvalue()]
    if name in ("reading", "repair"):
        whole = json.dumps({"cells": [dict(cell) for cell in damaged.SOURCE.cells][:3]}).encode()
        return [whole, whole[:-40], b'{"cells": [{"cell_type": "code", "source": ["x = 1\\n"]}]}']
    if name == "html":
        return [
            b"<a href='javascript:x'>a</a><!-- x --><script>y</script>&#60;",
            b"<table><tr><td colspan=2>",
        ]
    return [wire_seed()]


def wire_seed() -> bytes:
    import numpy as np

    from grader.engine.wire.encoding import Encoder

    encoder = Encoder(lambda value: (_ for _ in ()).throw(ValueError))
    encoder.add([1, 2.5, "x", b"y", {"k": (None, True)}, {1, 2}, np.arange(3.0), np.random.default_rng(0)])
    return b"".join(map(bytes, encoder.parts))


def main() -> None:
    name, *options = sys.argv[1:]
    folder = Path(next((o for o in options if not o.startswith("-")), f"/tmp/fuzz-{name}"))
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (folder / f"seed-{number}").write_bytes(data)
    given = [option for option in options if option.startswith("-")]
    arguments = [sys.argv[0], f"-max_len={MAX_BYTES}", f"-timeout={SECONDS}", *given, str(folder)]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
