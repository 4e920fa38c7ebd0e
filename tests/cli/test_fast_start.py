"""What a command leaves out when it imports nbgrader is there as soon as somebody uses it."""

import subprocess
import sys
from textwrap import dedent

LEAN = "from grader.cli.fast_start import import_nbgrader; import_nbgrader()\n"
LEFT_OUT = (
    "setuptools",
    "soupsieve.css_parser",
    "bleach.linkifier",
    "jupyter_server",
    "requests",
    "nbconvert.filters",
    "nbconvert.exporters.html",
    "nbclient",
    "nbgrader.preprocessors.execute",
    "nbgrader.server_extensions.formgrader",
    "numpy",
)


def fresh(program: str) -> str:
    """What a new process prints."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_grading_imports_nothing_of_what_is_left_out():
    modules = "sys, grader.grading.assignment, grader.course.chapter"
    loaded = f"import {modules}; print([m for m in {LEFT_OUT} if m in sys.modules])"
    assert fresh(LEAN + loaded) == "[]"
    assert fresh(f"import grader.grading.workers, {loaded[7:]}") == str(list(LEFT_OUT))  # the near miss


def test_all_of_it_works_when_it_is_used(tmp_path):
    program = LEAN + dedent(f"""
        import grader.grading.assignment, zipfile
        from nbgrader.auth import jupyterhub
        from nbgrader.server_extensions import formgrader
        from nbgrader.utils import unpack_archive

        zipfile.ZipFile({str(tmp_path / "a.zip")!r}, "w").writestr("inside", "x")
        unpack_archive({str(tmp_path / "a.zip")!r}, {str(tmp_path)!r})
        import bs4, requests, setuptools.archive_util, soupsieve

        print(bs4.BeautifulSoup("<p class=a>x</p>", "html.parser").select("p.a")[0].text)
        print(jupyterhub.requests.request is requests.request, callable(requests.get))
        print(callable(formgrader.load_jupyter_server_extension), soupsieve.__version__ > "2")

        import jupytext
        from nbconvert import HTMLExporter
        from nbconvert.filters import clean_html
        from nbconvert.preprocessors.sanitize import SanitizeHTML
        from nbformat.v4 import new_markdown_cell, new_notebook

        page, _ = HTMLExporter(sanitize_html=True).from_notebook_node(
            new_notebook(cells=[new_markdown_cell("<b onclick=x()>bold</b>")])
        )
        print("onclick" in page, "<b>bold</b>" in page, clean_html("<i>y</i>"))
        print(type(jupytext.TextFileContentsManager()).__name__)

        from nbgrader.preprocessors import ClearOutput, Execute, NbGraderPreprocessor, clearoutput
        from nbconvert.preprocessors import ClearOutputPreprocessor, ExecutePreprocessor

        print(issubclass(Execute, NbGraderPreprocessor) and issubclass(Execute, ExecutePreprocessor))
        print(clearoutput.ClearOutput is ClearOutput and issubclass(ClearOutput, ClearOutputPreprocessor))
    """)
    used = fresh(program).split()
    assert used == [
        *["x", "True", "True", "True", "True", "False", "True", "<i>y</i>"],
        *["SyncJupytextContentsManager", "True", "True"],
    ]
    assert (tmp_path / "inside").read_text() == "x"
