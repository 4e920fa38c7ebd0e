"""Calls to the workers of a cluster, each to one of them by its address. A call is a future of Dask's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from grader.errors import ClusterError

ANSWER_SECONDS = 60.0  # for the bytes of an answer that is there
GONE = "the scheduler {address} is gone, or was started anew -- the same command again goes on from here"


class WorkerCalls:
    """The calls of one grading. `client` is Dask's, connected to the scheduler at `address`."""

    def __init__(self, client: Any, address: str, equipment: bytes):
        self._client, self.address, self._equipment = client, address, equipment
        self._token = uuid4().hex
        self._shared: Any = None  # the future of the equipment, which the workers pass on to each other
        self._open: set[Any] = set()  # Dask drops a call whose future nobody holds
        self._ended: SimpleQueue[Any] = SimpleQueue()

    def workers(self) -> dict[str, int]:
        """Address -> threads of each worker that the scheduler knows. Raises ClusterError when it is gone."""
        try:
            if self._client.status == "running":
                return self._client.nthreads()
        except (OSError, TimeoutError):
            pass
        raise self.gone()

    def gone(self) -> ClusterError:
        return ClusterError(GONE.format(address=self.address))

    def name_of(self, worker: str) -> str:
        """What its owner calls a worker, and its address."""
        known = self._client.scheduler_info()["workers"].get(worker, {})
        return f"{known.get('name', '')} {worker}".strip()

    def equipment(self) -> Any:
        """What every worker needs for this grading, as an argument of a call."""
        if self._shared is None or self._shared.status not in ("pending", "finished"):
            self._shared = self._client.scatter(self._equipment, hash=False)
        return self._shared

    def call(self, worker: str, function: Callable, *arguments: Any) -> Any:
        """Have `function(token, *arguments)` run at a worker; `ended` tells of it."""
        name = f"grader-{function.__name__}-{uuid4().hex}"  # no student's name on a dashboard
        place = {"workers": [worker], "pure": False, "key": name}
        future = self._client.submit(function, self._token, *arguments, **place)
        self._open.add(future)
        future.add_done_callback(self._ended.put)
        return future

    def ended(self, seconds: float) -> Iterator[Any]:
        """The calls that have ended; waits for `seconds` at most."""
        with contextlib.suppress(Empty):
            call = self._ended.get(timeout=seconds)
            while True:
                self._open.discard(call)
                yield call
                call = self._ended.get_nowait()


def answer_of(call: Any) -> bytes | str:
    """What an ended call returned, or in a text why it did not."""
    try:
        return call.result(timeout=ANSWER_SECONDS)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
