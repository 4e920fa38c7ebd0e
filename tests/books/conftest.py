"""A course of one assignment, built for one test."""

import pytest
from small_course import write_course


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path)
