"""Settings of the web site: `make site` builds it without asking the network for anything but MathJax."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent))
from docstrings import as_rst  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REPOSITORY = PROJECT["urls"]["Repository"]  # the only place that says where the project lives

project = "Neural networks, from a derivative to CIFAR-10"
author = "the authors of cs231n-course"
release = version = PROJECT["version"]
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
exclude_patterns = ["_build", "jupyter_execute"]
html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_js_files = ["names.js"]
html_theme_options = {
    "repository_url": REPOSITORY,
    "use_repository_button": True,
    "use_download_button": False,
    "home_page_in_toc": True,
    "show_toc_level": 2,
}
html_show_sourcelink = False
html_copy_source = False
templates_path = []

myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # docs/executed.py has done it
nb_ipywidgets_js = {}  # no widget lives without a kernel; the pictures that move bring their own few lines
mathjax_path = "mathjax/tex-mml-chtml.js"
# Cells of code are Python; a lexer's doubts about what a chapter shows are no fault of the page.
suppress_warnings = ["misc.highlighting_failure", "mystnb.unknown_mime_type"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"


def link_to_repository(app, name, source):
    """A link out of docs/ leads to the file in the repository, on any page."""
    out = re.escape("../" * (name.count("/") + 1))
    source[0] = re.sub(rf"\]\({out}([\w./-]+)", rf"]({REPOSITORY}/blob/main/\1", source[0])


def plain_text(app, what, name, obj, options, lines):
    """Docstrings are not reStructuredText."""
    lines[:] = as_rst(lines)


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", plain_text)
    app.connect("source-read", link_to_repository)
