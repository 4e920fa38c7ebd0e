"""The course's only configuration: read by `grader` and by stock `nbgrader` commands alike."""

c = get_config()  # noqa: F821  (nbgrader defines it)

c.CourseDirectory.course_id = "cs231n"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.md", "chapters", "runs"]
c.Execute.timeout = 12  # seconds for one cell; what exercises ask for takes less than two
c.Autograde.autograde_preprocessors = [
    "grader.preprocessor.ExecuteSandboxed",  # in the place of nbgrader's Execute; the others are its own
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.ClearSolutions.code_stub = {
    "python": "# YOUR CODE HERE\nraise NotImplementedError(\"not started\")",
}
c.Grader.library = "mynet"  # the module of all answers so far, which later chapters import from
c.Grader.hints = "../cs231nlib/hints"  # what the notebooks know of their exercises, made with the release
c.Grader.first_cell = """\
# Set-up: on Colab and the like, fetch what the chapters import. Where it is here already, nothing happens.
try:
    import cs231nlib
except ModuleNotFoundError:
    %pip install --quiet --no-deps cs231n-course nbgrader-judge imageio"""
c.Grader.last_cell = """\
# Before you hand in: save this notebook, then run this cell. It tells what is missing.
from cs231nlib.progress import look_over

look_over("{name}.ipynb")"""
