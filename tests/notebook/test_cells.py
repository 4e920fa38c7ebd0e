"""The parts of a test cell, told by the numbers that Python gives to its lines."""

from grader.notebook.cells import hidden_lines, visible_source

HIDDEN = '### BEGIN HIDDEN TESTS\nassert f("")\n### END HIDDEN TESTS\n'
TEST = f'text = "a\x0cb\u2028c"\nassert f(text)\n{HIDDEN}x = 1'


def test_what_ends_no_line_for_python_ends_none_here():
    assert list(hidden_lines(TEST)) == [3, 4, 5]
    assert visible_source(TEST) == TEST.replace(HIDDEN, "")
