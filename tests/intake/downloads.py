"""Archives as students and platforms make them, and what collecting made of them."""

import io
import zipfile

from damaged import as_bytes, submission

ROSTER = """id,first_name,last_name,email,lms_user_id
alice,Alice,Liddell,alice@example.org,101
bob,Bob,O'Neill Smith,bob@example.org,102
jose,José,Ñandú,jose@example.org,103
"""


NOTEBOOK = as_bytes(submission())


OTHER = as_bytes(submission() | {"metadata": {"version": 2}})


def zipped(files, **options):
    """A zip archive of name -> bytes (or a ZipInfo -> bytes) as bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return file.getvalue()


def submitted(course):
    """Everything below submitted/ by relative path."""
    root = course / "submitted"
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def outcomes(intake):
    return {entry.student: entry.outcome for entry in intake.collected}
