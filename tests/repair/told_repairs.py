"""A submission of the boxes assignment, its repair, and what the student is told of it."""

from damaged import SOURCE, as_bytes, submission

from grader.repair.repair import repair

ALL = {"test_double": True, "test_shout": True, "test_Box": True}


def repaired(nb):
    return repair(nb if isinstance(nb, bytes) else as_bytes(nb), SOURCE, "boxes")


def told(result):
    return [(entry.grade_id, entry.what) for entry in result.repairs]


GOOD = as_bytes(submission())
