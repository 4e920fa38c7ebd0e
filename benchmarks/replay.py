"""Whether `grader explain --replay` says the same of each lost check as the record does, chapter by chapter.

python benchmarks/replay.py [--checks 100] [--students 4]
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.books.run_files import read_runs
from grader.course.build import build
from grader.grading.assignment import grade_assignment
from grader.grading.replay import replay
from grader.pages.explain import GradedCell, compare
from grader.rehearsal.cohort import make_cohort

COURSE = Path(__file__).resolve().parents[1] / "course"
PLANTED = 5  # members of a made-up class that time out, crash, or hand in nothing that runs
SAME = "  replayed: the same points, the same words"


def classes(root: Path, students: int) -> Iterator[tuple[str, Path]]:
    """(chapter, course) once a small made-up class of the chapter is graded."""
    shutil.copytree(COURSE / "chapters", root / "chapters")
    shutil.copy(COURSE / "nbgrader_config.py", root)
    for path in sorted((root / "chapters").glob("[0-9]*.md")):
        build(root, path.stem)
        for member in make_cohort(root, path.stem, PLANTED + students, seed=16)[:PLANTED]:
            shutil.rmtree(root / "submitted" / member.student)
        grade_assignment(root, path.stem, jobs=2)
        yield path.stem, root


def lost(root: Path, assignment: str) -> Iterator[tuple[int, list[str]]]:
    """For each question of which something was lost: how many checks, and what its replay says."""
    for run in read_runs(root, assignment):
        graded, unchanged = replay(root, run)
        for notebook, score in run.scores:
            failed = sum(not check.passed for check in score.checks)
            if score.auto_score is not None and score.auto_score < score.max_score:
                yield max(failed, 1), compare(GradedCell(run, notebook, score), graded, unchanged=unchanged)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=100, help="stop once so many were compared")
    parser.add_argument("--students", type=int, default=4, help="in each chapter")
    options = parser.parse_args()
    seen = same = 0
    with tempfile.TemporaryDirectory() as folder:
        for chapter, root in classes(Path(folder), options.students):
            for checks, told in lost(root, chapter):
                seen, same = seen + checks, same + checks * (told == [SAME])
                if told != [SAME]:
                    print("\n".join([chapter, *told]))
            print(f"{chapter}: {same} of {seen} lost checks replayed with the same words", flush=True)
            if seen >= options.checks:
                break


if __name__ == "__main__":
    main()
