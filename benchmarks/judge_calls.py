"""What a call from a test into student code costs: `python benchmarks/judge_calls.py`.

Median and 90th percentile of the wall time, measured in the judge's place, with a real student process in the
best sandbox of this machine. The last line is a floor: one byte there and back over a socket pair.
"""

from __future__ import annotations

import os
import socket
import statistics
import time

import numpy as np

from grader.engine.judge.link import Link
from grader.engine.sandbox.zygote import Zygote
from grader.engine.wire.channel import Channel
from grader.records import Limits

STUDENT = """
import numpy as np
def add(a, b): return a + b
def double(x): return 2 * x
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in range(x.size):
        step = np.zeros_like(x)
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / (2 * h)
    return grad
def draw(n): return np.random.randn(n)
class Layer:
    p = 0.5
"""


def measure(name: str, call, repeat: int, goal: str = "") -> None:
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    seconds.sort()
    median, high = statistics.median(seconds) * 1e3, seconds[int(repeat * 0.9)] * 1e3
    print(f"{name:44} {median:9.3f} ms {high:9.3f} ms   {goal}")


def echo_floor() -> None:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        while data := theirs.recv(1):
            theirs.send(data)
        os._exit(0)

    def call():
        ours.send(b"x")
        ours.recv(1)

    theirs.close()
    measure("a byte there and back", call, 2000)
    ours.close()
    os.waitpid(pid, 0)


def main() -> None:
    with Zygote() as zygote, zygote.start({}, Limits()) as student:
        link = Link(Channel(student.sock))
        link.start_cell(time.monotonic() + 100)
        link.run_cell(STUDENT, 1, 1000)
        names = link.names(["add", "double", "numerical_gradient", "draw", "Layer"])
        add, double, gradient, draw, layer = names.values()
        small, large, x = np.arange(5.0), np.zeros(1 << 17), np.linspace(-1, 1, 50)
        print(f"{'':44} {'median':>12} {'90 %':>12}   goal")
        measure("add(1, 2)", lambda: add(1, 2), 2000, "< 0.3 ms")
        measure("double(an array of 5)", lambda: double(small), 2000, "< 0.3 ms")
        measure("an attribute", lambda: layer.p, 1000, "< 0.3 ms")
        measure("draw(5), the global random state changes", lambda: draw(5), 500)
        measure("double(an array of 1 MB), 1 MB back", lambda: double(large), 60, "< 6 ms")
        measure("numerical_gradient of the test's f, 50 x", lambda: gradient(np.sum, x), 40, "< 20 ms")
        own = lambda v: float((v**2).sum())  # noqa: E731
        measure("the same, f squares", lambda: gradient(own, x), 40, "< 20 ms")
    echo_floor()


if __name__ == "__main__":
    main()
