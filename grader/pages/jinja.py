"""The doorway to Jinja: what a template is given is escaped, and what it was not given is an error."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def page_environment() -> Environment:
    """For the templates of this room; filters and globals are each page's own."""
    loader = PackageLoader("grader.pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
