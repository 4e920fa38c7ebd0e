"""What a test is made to run past all guards changes no file but temporary ones of the judge's own."""

from pathlib import Path

import pytest
from foreign_course import grade, points, write
from repository import ROOT

from grader.engine.sandbox import landlock
from grader.records import Place

TEXT = """
#% plain
import ctypes
#% solution
### BEGIN SOLUTION
x = 1
### END SOLUTION
#% test 1
made = ctypes.CDLL(None).creat({path!r}.encode(), 0o600)
open("kept.txt", "w").write("x")
assert x == 1 and made < 0
"""


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no landlock")
def test_the_kernel_keeps_the_judge_from_files_that_are_not_its_own(tmp_path):
    outside = Path(ROOT, ".written_by_a_test")
    outside.unlink(missing_ok=True)
    runs = grade(write(tmp_path, TEXT.format(path=str(outside))), {})
    assert not outside.exists()
    (score,) = [score for _, score in runs["reference"].scores]
    assert (points(runs["reference"]), score.where) == ([1], Place.OUTSIDE)
