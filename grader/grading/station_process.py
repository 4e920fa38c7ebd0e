"""The life of a station: the process that grades at a worker of a cluster, one request after the other."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from multiprocessing.connection import Connection

from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import GraderError, SandboxError
from grader.grading.reading import reader_of
from grader.grading.reply import Reply, to_bytes
from grader.grading.station import IDLE_SECONDS, STARTED
from grader.grading.submission import grade_submission
from grader.grading.survey import survey


def serve(pipe: Connection) -> None:
    """Answer what comes down the pipe until it closes; the first message is the key and the limits.

    Those who send command us, so what they send is a pickle. What goes back is a `Reply`.
    """
    key, limits = pickle.loads(pipe.recv_bytes())
    try:
        with Zygote(None, key.surroundings) as zygote, Judges(key) as judges, reader_of(key) as reader:
            pipe.send_bytes(STARTED)
            for submission, seed, earlier, known in _requests(pipe):
                if submission is None:
                    reply = Reply(survey=survey(zygote, judges, limits))
                else:
                    how = {"seed": seed, "survey": known, "earlier": earlier}
                    graded = grade_submission(zygote, judges, submission, limits, reader, **how)
                    reply = Reply(graded=graded)
                pipe.send_bytes(to_bytes(reply))
    except GraderError as error:
        pipe.send_bytes(to_bytes(_excuse(error)))
    except Exception as error:  # whatever it is, it is our fault: somebody tries once more
        pipe.send_bytes(to_bytes(Reply(failure=f"{type(error).__name__}: {error}"[:500])))


def _excuse(error: GraderError) -> Reply:
    return Reply(refusal=str(error)) if isinstance(error, SandboxError) else Reply(blame=str(error))


def _requests(pipe: Connection) -> Iterator[tuple]:
    """(submission, seed, what is on record, survey); without a submission the survey is asked for."""
    while pipe.poll(IDLE_SECONDS):
        try:
            yield pickle.loads(pipe.recv_bytes())
        except EOFError:
            return
