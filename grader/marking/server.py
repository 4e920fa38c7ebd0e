"""The page for marking by hand, on this machine alone and for who has the token: no kernel, no files."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from grader.books.by_hand import give_mark
from grader.errors import GraderError
from grader.marking.pile import Piles
from grader.marking.rubric import MOST, WORDS, entry, finite, read_rubric, write_rubric
from grader.pages.jinja import page_environment
from grader.pages.student_html import CODE_STYLE

HOST = "127.0.0.1"
COOKIE = "grader-marking"
MAX_BODY = 1 << 20
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Page(RequestHandler):
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

    def write_error(self, status_code: int, **_kwargs) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}")

    def question(self) -> tuple[str, str]:
        """Notebook and grade_id that the request names; 404 for what is no question."""
        asked = (self.get_query_argument("notebook", ""), self.get_query_argument("grade_id", ""))
        if asked not in [(one.notebook, one.grade_id) for one in self.piles.questions()]:
            raise HTTPError(404)
        return asked

    def body(self) -> dict:
        try:
            told = json.loads(self.request.body)
        except ValueError:
            raise HTTPError(400) from None
        if not isinstance(told, dict):
            raise HTTPError(400)
        return told


class Start(Page):
    """The whole page; what it shows comes by the handlers below."""

    def get(self) -> None:
        if self.get_query_argument("token", ""):
            self.set_cookie(COOKIE, self.token, httponly=True, samesite="Strict")
            self.redirect("/")
            return
        page = page_environment().get_template("marking.html.j2")
        assignment = self.piles.key.assignment
        self.finish(page.render(assignment=assignment, token=self.token, code_style=CODE_STYLE, most=MOST))


class Script(Page):
    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(files("grader.pages").joinpath("templates", "marking.js").read_bytes())


class Questions(Page):
    def get(self) -> None:
        self.finish({"questions": [asdict(one) for one in self.piles.refresh().questions()]})


class Pile(Page):
    """The answers to a question by number, without a name, and the rubric."""

    def get(self) -> None:
        notebook, grade_id = self.question()
        students = self.piles.students(notebook, grade_id)
        marked = {one: self.piles.is_marked(name, notebook, grade_id) for one, name in students.items()}
        rubric = read_rubric(self.piles.course.root, self.piles.key.assignment)
        self.finish({"marked": marked, "rubric": rubric.get(f"{notebook}/{grade_id}", [])})


class Answer(Page):
    """One answer: shown, and marked."""

    def get(self) -> None:
        place = self._place()
        ledger = self.piles.ledger
        given = {"points": ledger.by_hand.get(place), "comment": ledger.comments.get(place, "")}
        self.finish({"html": self.piles.html(*place)} | given)

    def post(self) -> None:
        place, told = self._place(), self.body()
        worth = self.piles.worth(*place[1:])
        try:
            points, comment = finite(told["points"]), str(told.get("comment") or "")[:WORDS]
        except (ValueError, TypeError, KeyError):
            raise HTTPError(400, reason="Points are a number") from None
        if points > worth:
            raise HTTPError(400, reason=f"This question is worth {worth:g}")
        try:
            known = give_mark(self.piles.course, self.piles.key.assignment, place, points, comment)
        except GraderError as error:
            raise HTTPError(503, reason="The gradebook is busy or cannot be written") from error
        if not known:
            raise HTTPError(404)
        self.piles.refresh()
        self.finish({"points": points})

    def _place(self) -> tuple[str, str, str]:
        notebook, grade_id = self.question()
        students = self.piles.students(notebook, grade_id)
        number = self.get_query_argument("number", "")
        if number not in students:
            raise HTTPError(404)
        return students[number], notebook, grade_id


class Rubric(Page):
    """The whole rubric of a question, put in the place of what there was."""

    def post(self) -> None:
        notebook, grade_id = self.question()
        root, assignment = self.piles.course.root, self.piles.key.assignment
        try:
            entries = [entry(one) for one in self.body()["rubric"][:MOST]]
        except (ValueError, TypeError, KeyError):
            raise HTTPError(400, reason="A line of a rubric is points and words") from None
        rubric = read_rubric(root, assignment) | {f"{notebook}/{grade_id}": entries}
        write_rubric(root, assignment, rubric)
        self.finish({"rubric": entries})


HANDLERS = {
    "/": Start,
    "/marking.js": Script,
    "/questions": Questions,
    "/pile": Pile,
    "/answer": Answer,
    "/rubric": Rubric,
}


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
