"""A channel of the judge's, and the bare socket at its other end."""

import socket

import pytest

from grader.engine.wire.channel import Channel


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    yield Channel(ours), theirs
    ours.close()
    theirs.close()
