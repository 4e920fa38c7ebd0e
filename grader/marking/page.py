"""What all handlers of the marking server share: who may come in, and what a page may do."""

from __future__ import annotations

import hmac
import json

from tornado.web import HTTPError, RequestHandler

from grader.marking.pile import Piles

HOST = "127.0.0.1"
COOKIE = "grader-marking"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class MarkingHandler(RequestHandler):
    """What all handlers share: who may come in, and what a page may do."""

    def initialize(self, piles: Piles, token: str) -> None:
        self.piles, self.token = piles, token

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> None:
        """The host is compared against rebinding of names, the cookie against every other page."""
        if self.request.host.partition(":")[0] not in (HOST, "localhost"):
            raise HTTPError(403)
        shown = self.get_query_argument("token", "") or self.get_cookie(COOKIE, "") or ""
        if not hmac.compare_digest(shown.encode(), self.token.encode()):
            raise HTTPError(403, reason="Open the address that grader mark printed")
        if self.request.method == "POST" and self.request.headers.get("X-Marking") != self.token:
            raise HTTPError(403)

    def write_error(self, status_code: int, **_kwargs: object) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self._reason)

    def question(self) -> tuple[str, str]:
        """Notebook and grade_id that the request names; 404 for what is no question."""
        asked = (self.get_query_argument("notebook", ""), self.get_query_argument("grade_id", ""))
        if asked not in [(one.notebook, one.grade_id) for one in self.piles.manual_questions()]:
            raise HTTPError(404)
        return asked

    def body(self) -> dict:
        try:
            fields = json.loads(self.request.body)
        except ValueError:
            raise HTTPError(400) from None
        if not isinstance(fields, dict):
            raise HTTPError(400)
        return fields
