"""The pages and answers of the marking server: who may come in, and what each address gives."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files

from tornado.web import HTTPError

from grader.books.by_hand import give_mark
from grader.errors import GraderError
from grader.marking.page import COOKIE, MarkingHandler
from grader.marking.rubric import MOST, WORDS, entry, finite, read_rubric, write_rubric
from grader.pages.jinja import page_environment
from grader.pages.student_html import CODE_STYLE


class StartHandler(MarkingHandler):
    """The whole page; what it shows comes by the handlers below."""

    def get(self) -> None:
        if self.get_query_argument("token", ""):
            self.set_cookie(COOKIE, self.token, httponly=True, samesite="Strict")
            self.redirect("/")
            return
        page = page_environment().get_template("marking.html.j2")
        assignment = self.piles.key.assignment
        self.finish(page.render(assignment=assignment, token=self.token, code_style=CODE_STYLE, most=MOST))


class ScriptHandler(MarkingHandler):
    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(files("grader.pages").joinpath("templates", "marking.js").read_bytes())


class QuestionsHandler(MarkingHandler):
    def get(self) -> None:
        questions = self.piles.refresh().manual_questions()
        asked = [self.piles.asked(one.notebook, one.grade_id) for one in questions]
        told = [asdict(one) | {"asked": text} for one, text in zip(questions, asked, strict=True)]
        self.finish({"questions": told})


class PileHandler(MarkingHandler):
    """The answers to a question by number, without a name, and the rubric."""

    def get(self) -> None:
        notebook, grade_id = self.question()
        students = self.piles.refresh().students(notebook, grade_id)
        marked = {one: self.piles.is_marked(name, notebook, grade_id) for one, name in students.items()}
        rubric = read_rubric(self.piles.course.root, self.piles.key.assignment)
        self.finish({"marked": marked, "rubric": rubric.get(f"{notebook}/{grade_id}", [])})


class AnswerHandler(MarkingHandler):
    """One answer: shown, and marked."""

    def get(self) -> None:
        place = self._place()
        ledger = self.piles.ledger
        given = {"points": ledger.by_hand.get(place), "comment": ledger.comments.get(place, "")}
        self.finish({"html": self.piles.html(*place)} | given)

    def post(self) -> None:
        place, mark = self._place(), self.body()
        worth = self.piles.worth(*place[1:])
        try:
            points, comment = finite(mark["points"]), str(mark.get("comment") or "")[:WORDS]
        except (ValueError, TypeError, KeyError):
            raise HTTPError(400, reason="Points are a number") from None
        if points > worth:
            raise HTTPError(400, reason=f"This question is worth {worth:g} points")
        there = self.piles.refresh().ledger.by_hand.get(place)
        if mark.get("seen", there) != there:
            raise HTTPError(409, reason="Somebody else has marked this answer meanwhile; here is their mark")
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


class RubricHandler(MarkingHandler):
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
    "/": StartHandler,
    "/marking.js": ScriptHandler,
    "/questions": QuestionsHandler,
    "/pile": PileHandler,
    "/answer": AnswerHandler,
    "/rubric": RubricHandler,
}
