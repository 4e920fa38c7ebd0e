"""A course directory to try everything in, beside the real one: the same chapters, a made-up class."""

import os
from pathlib import Path

from grader.course.build import build
from grader.course.directory import open_course
from grader.course.release import release
from grader.intake.submissions import list_submissions
from grader.rehearsal.cohort import make_cohort

SHARED = ("chapters", "nbgrader_config.py")


def prepare(course_dir: Path, demo_dir: Path, assignment: str, count: int) -> None:
    """Build all chapters into `demo_dir` and hand in `count` submissions of one.

    What is there already stays: a second run finds the same class.
    """
    demo_dir.mkdir(parents=True, exist_ok=True)
    for name in SHARED:
        _link(course_dir / name, demo_dir / name)
    build(demo_dir)
    release(demo_dir, assignment)
    if not list_submissions(open_course(demo_dir), assignment):
        make_cohort(demo_dir, assignment, count)


def _link(target: Path, link: Path) -> None:
    if not link.is_symlink():
        link.symlink_to(os.path.relpath(target.resolve(), link.parent.resolve()))
