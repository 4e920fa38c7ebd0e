"""What is kept of a cell's outputs: well formed, and bounded in size and number."""

import json

import numpy as np
import pytest

from grader.engine.wire.admission import admitted
from grader.engine.wire.outputs import MAX_OUTPUTS, OutputCapture

ROOM = 100_000


class Answering:
    """An object of the student's, which answers for itself whatever it is asked."""

    def fail(self, *_args):
        raise RuntimeError("asked")

    __getitem__ = __getattr__ = __iter__ = __eq__ = fail
    __hash__ = object.__hash__

    def __repr__(self):
        return "Answering()"  # the name of a test must not differ between processes


CLAIMS = [
    None, 5, [None], [{}], [{"output_type": "stream"}],
    [{"output_type": "stream", "name": "stdout", "text": 5}],
    [{"output_type": "display_data", "data": {"text/plain": ["x"]}}], [{"output_type": "error"}],
    [{"output_type": "display_data", "data": {"application/javascript": "alert(1)"}}],
    [{"output_type": "display_data", "data": {"application/vnd.nbgrader-judge.grade+json": "[]"}}],
    [{"output_type": "execute_result", "data": {}, "execution_count": float("inf")}],
    [Answering()], [{"output_type": Answering()}], [{"output_type": "display_data", "data": Answering()}],
    [{"output_type": "error", "ename": "E", "evalue": "", "traceback": Answering()}],
    [{"output_type": "display_data", "data": {Answering(): "x"}}], [np.zeros(2)],
]  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_malformed_outputs_are_dropped(claim):
    outputs, _ = admitted(claim, ROOM)
    assert all(output["data"] == {} for output in outputs)


def test_the_number_of_a_cell_can_be_written_down():
    claim = {"output_type": "execute_result", "data": {}, "execution_count": 10**9000}
    json.dumps(admitted([claim], ROOM))


def test_a_capture_starts_anew():
    capture = OutputCapture(max_chars=5)
    capture.stream("stdout", "123456789")
    assert capture.take() == ([{"output_type": "stream", "name": "stdout", "text": "12345"}], True)
    capture.start()
    capture.stream("stdout", "12345")
    assert capture.take()[1] is False


def test_errors_are_bounded_in_size_and_number():
    claim = {"output_type": "error", "ename": "E", "evalue": "m" * 9000, "traceback": ["\n" * 99_000]}
    outputs, dropped = admitted([claim] * MAX_OUTPUTS, ROOM)
    assert dropped and len(json.dumps(outputs)) < 3 * ROOM  # a line end takes two characters there
    assert sum(len(output["traceback"]) for output in outputs) <= MAX_OUTPUTS
    outputs, dropped = admitted([claim] * 2, 0)
    assert dropped and len(outputs) == 1 and outputs[0]["evalue"]
    assert admitted([{"output_type": "display_data", "data": {}}], 0) == ([], True)


def test_a_last_value_and_an_error_outlive_a_flood():
    capture = OutputCapture(max_chars=1000)
    for n in range(MAX_OUTPUTS + 5):
        capture.display({"text/plain": "7"}, kind="execute_result", execution_count=n)
    capture.stream("stdout", "x" * 2000)
    capture.display({"text/plain": "0.5", "text/html": "<b>0.5</b>"}, kind="execute_result")
    kept, overflowed = capture.take()
    assert overflowed and len(kept) == MAX_OUTPUTS and kept[-1]["data"] == {"text/plain": "0.5"}
    capture.outputs = kept
    capture.error("ValueError", "late", [])
    assert capture.outputs[-1]["output_type"] == "error" and len(capture.outputs) == MAX_OUTPUTS
