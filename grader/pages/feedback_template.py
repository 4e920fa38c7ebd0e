"""Makes the feedback of one student after the other; what their pages have in common is made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup
from nbformat import NotebookNode

from grader.answer_key import AnswerKey
from grader.books.ledger import Ledger
from grader.books.runs import Run
from grader.notebook.cells import visible_source
from grader.pages.account import accounts
from grader.pages.jinja import Environment, page_environment
from grader.pages.output_html import outputs_html
from grader.pages.page_budget import PageBudget
from grader.pages.plain_feedback import as_json, as_markdown
from grader.pages.student_html import CODE_STYLE, code_html, inline_html, markdown_html, plain, told_html
from grader.points import points_text

PAGES_BYTES = 4 << 20  # for all pages of one submission


class FeedbackTemplate:
    """The template, compiled, and the tests that students may see, in colours."""

    def __init__(self, key: AnswerKey, ledger: Ledger):
        self._key, self._ledger = key, ledger
        cells = (cell for nb in key.notebooks.values() for cell in nb.cells if cell.cell_type == "code")
        sources = {visible_source(c.source) for c in cells if c.metadata.get("nbgrader", {}).get("grade")}
        self._coloured = {source: Markup(code_html(source)) for source in sources}
        self._template = self._environment().get_template("feedback.html.j2")

    def pages(self, run: Run, autograded: Path) -> dict[str, str]:
        """file name -> its content: for each notebook a page, and the same as Markdown and as JSON."""
        made = {}
        for account in accounts(self._key, run, autograded, self._ledger):
            cell_html = cell_renderer(PageBudget(PAGES_BYTES // len(run.notebooks)))
            page = self._template.render(it=account, run=run, cell_html=cell_html)
            made[f"{account.notebook}.html"] = page
            made[f"{account.notebook}.md"] = as_markdown(account)
            made[f"{account.notebook}.json"] = as_json(account)
        return made

    def _environment(self) -> Environment:
        environment = page_environment()
        environment.globals |= {"code_style": Markup(CODE_STYLE), "code_html": self._code_html}
        environment.filters |= {
            "number": lambda points: points_text(points),
            "plain": lambda text: plain(text, 500),
            "inline": lambda text: Markup(inline_html(text)),
            "told": lambda text: Markup(told_html(text)),
        }
        return environment

    def _code_html(self, source: str) -> Markup:
        return self._coloured.get(source) or Markup(code_html(source))


def cell_renderer(budget: PageBudget) -> Callable[[NotebookNode], Markup]:
    """A function from a cell of the student's to its HTML, as long as there is room on the page."""

    def render(cell: NotebookNode) -> Markup:
        if cell.cell_type != "code":
            return Markup(budget.take(markdown_html, cell.source))
        return Markup(budget.take(code_html, cell.source) + budget.take(outputs_html, cell.outputs))

    return render
