"""Two questions, half and whole, and what a class earns in them."""

from foreign_course import ASSIGNMENT, hand_in

from grader.grading.assignment import grade_assignment

HALF = "#% solution\ndef half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n"
WHOLE = "#% solution\ndef whole(x):\n    ### BEGIN SOLUTION\n    return int(x)\n    ### END SOLUTION\n"
WHOLE_TESTED = f"{WHOLE}#% test 1\nassert whole(2.5) == 2\n"
SOURCE = "import inspect\nassert 'import' not in inspect.getsource(half) and half.__code__.co_argcount == 1\n"


def graded(course, answers=None):
    hand_in(course, {"reference": None, "blank": {}, **(answers or {})})
    summary = grade_assignment(course, ASSIGNMENT)
    marks = {run.student: [score.auto_score for _, score in run.scores] for run in summary.runs}
    return summary, marks
