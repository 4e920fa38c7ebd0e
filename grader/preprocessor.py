"""The executor as an nbgrader preprocessor, for `nbgrader autograde` and formgrader's Autograde button.

    c.Autograde.autograde_preprocessors = [
        "grader.preprocessor.ExecuteSandboxed", "nbgrader.preprocessors.IgnorePattern", ...
    ]

It takes the place of nbgrader's Execute: outputs and scores come from the sandbox and the judge, and
nbgrader's own steps read them from the notebook as ever.
"""

from __future__ import annotations

import atexit
import functools
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Integer

from grader.execute import execute
from grader.grade import submission_seed
from grader.key import load_key
from grader.records import AnswerKey, Limits, Status
from grader.submissions import read_folder
from grader.zygote import Zygote


class NotGraded(Exception):
    """This machine could not grade the submission; nbgrader reports it and gives no score."""


class ExecuteSandboxed(NbGraderPreprocessor):
    """Runs the student's cells in the sandbox and the test cells in the judge."""

    cell_seconds = Float(Limits.cell_seconds, help="Time for one cell.").tag(config=True)
    notebook_seconds = Float(Limits.notebook_seconds, help="Time for one notebook.").tag(config=True)
    memory_mb = Integer(Limits.memory_mb, help="Memory for one submission.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Run a sanitised notebook. Raises NotGraded, CourseError or SandboxError when it cannot be."""
        course, whose = CourseDirectory(config=self.config), resources["nbgrader"]
        key = _key(course.root, whose["assignment"])
        files, _notes = read_folder(Path(resources["metadata"]["path"]), course)
        seed = submission_seed(self._salt(course), whose["assignment"], whose["student"])
        run = execute(_zygote(), key, whose["notebook"], nb, self._limits(), seed=seed, files=files)
        if run.status is Status.NOT_GRADED:
            raise NotGraded(run.detail)
        return run.notebook, resources

    def _salt(self, course: CourseDirectory) -> str:
        chosen = self.config.Grader.get("salt") if "Grader" in self.config else None
        return str(chosen or course.course_id)

    def _limits(self) -> Limits:
        return Limits(self.cell_seconds, self.notebook_seconds, self.memory_mb)


@functools.cache
def _zygote() -> Zygote:
    """One warm process for all notebooks that this nbgrader process grades."""
    zygote = Zygote()
    atexit.register(zygote.close)
    return zygote


@functools.lru_cache(maxsize=1)
def _key(root: str, assignment: str) -> AnswerKey:
    return load_key(Path(root), assignment)
