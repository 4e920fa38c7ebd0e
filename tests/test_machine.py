"""How many processors this process may use, by its control groups."""

import os

from grader import machine


def test_a_quota_counts_by_its_own_period(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "GROUPS", tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8))
    for folder in (tmp_path, tmp_path / "cpu"):  # as either version of them has it
        folder.mkdir(exist_ok=True)
        (folder / "cpu.max").write_text("max 100000\n")
        (folder / "cpu.cfs_quota_us").write_text("100000\n")
        (folder / "cpu.cfs_period_us").write_text("50000\n")
    assert machine.processors() == 2
