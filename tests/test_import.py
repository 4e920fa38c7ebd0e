"""`import grader` is for other people's programs, too: it gives five names and changes nothing."""

import subprocess
import sys

import pytest

import grader


def fresh(program: str) -> str:
    """What a new process prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_importing_it_loads_none_of_its_rooms_and_no_library():
    program = "import sys, importlib, typing; before = set(sys.modules); import grader; "
    assert fresh(program + "print(set(sys.modules) - before)") == "{'grader'}"


@pytest.mark.parametrize("module", ["setuptools.archive_util", "jsonschema", "rfc3987_syntax", "isoduration"])
def test_what_others_import_after_it_is_whole(module):
    program = f"import grader; grader.grade_assignment; import {module} as m; print(m.__file__ is not None)"
    assert fresh(program) == "True"


@pytest.mark.parametrize("name", grader.__all__)
def test_each_of_its_names_says_how_to_use_it(name):
    assert len(getattr(grader, name).__doc__) > 40


def test_another_name_is_an_error():
    with pytest.raises(AttributeError, match="grade_everything"):
        grader.grade_everything  # noqa: B018
