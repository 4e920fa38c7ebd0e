"""Inputs that fuzzing found worth keeping: between them they cover each reader, or once broke one."""

import time
import zipfile
from pathlib import Path

import pytest
from fuzz_targets import TARGETS

SEEDS = Path(__file__).parent / "fuzz_seeds.zip"
SECONDS = 5.0  # for all of a reader's


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_reads_every_seed(name):
    with zipfile.ZipFile(SEEDS) as packed:
        seeds = [packed.read(path) for path in packed.namelist() if path.startswith(f"{name}/")]
    assert len(seeds) > 10
    started = time.process_time()
    for data in seeds:
        TARGETS[name](data)
    assert time.process_time() - started < SECONDS
