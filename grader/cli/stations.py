"""The command that a worker of a cluster starts; nobody types it."""

from __future__ import annotations

from multiprocessing.connection import Connection

import click

from grader.cli.commands import main


@main.command(hidden=True)
@click.argument("pipe", type=int)
def station(pipe):
    """Grade what comes through the open socket with this number."""
    from grader.grading.station_process import serve

    serve(Connection(pipe))
