"""The page for marking by hand, on this machine alone and for who has the token: no kernel, no files."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from grader.marking.handlers import HANDLERS
from grader.marking.page import HOST
from grader.marking.pile import Piles

MAX_BODY = 1 << 20


def serve(piles: Piles, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is told the address with its token. Port 0 is any free one."""

    async def run() -> None:
        token = secrets.token_urlsafe(32)
        known = {"piles": piles, "token": token}
        application = Application([(path, handler, known) for path, handler in HANDLERS.items()])
        server = HTTPServer(application, max_body_size=MAX_BODY)
        sockets = bind_sockets(port, HOST)
        server.add_sockets(sockets)
        ready(f"http://{HOST}:{sockets[0].getsockname()[1]}/?token={token}")
        await asyncio.Event().wait()

    asyncio.run(run())
