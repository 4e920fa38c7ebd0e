"""A real browser opens what is shown of a hostile submission: nothing of it runs or is loaded."""

import json

import nbformat
import pytest
from chromium import chromium
from harmful import HARMFUL
from nbformat.v4 import new_code_cell, new_markdown_cell
from small_course import GOOD, answered, submit, write_course
from test_formgrader import formgrader_page

from grader.grading.assignment import grade_assignment
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report

CALL = "top.HARM=1"
PAYLOADS = [text.replace("harm()", CALL).replace("//harm", "http://harm.test/x") for text in HARMFUL]
PAYLOADS += [
    f"<a href='java\tscript:{CALL}'>tab</a>",
    f"<a href='java\nscript:{CALL}'>newline</a>",
    f"<a href='\x01javascript:{CALL}'>control</a>",
    f"<a href='jAvAsCrIpT&colon;{CALL}'>entity</a>",
    f"<a href='&#106avascript&#x3a;{CALL}'>numbers</a>",
    f"[a](java\tscript:{CALL}) [b](<java\nscript:{CALL}>) [c](javascript&#58;{CALL})",
    f'![x](x"onerror="{CALL}) ![x](javascript:{CALL})',
    f"<svg><script>{CALL}</script><animate onbegin={CALL} attributeName=x dur=1s></svg>",
    f"<svg><a xlink:href='javascript:{CALL}'><text>a</text></a><use href='data:image/svg+xml,x'></svg>",
    f"<math href='javascript:{CALL}'><mi xlink:href='javascript:{CALL}'>a</mi></math>",
    f"<template><script>{CALL}</script></template><noscript><img src=x onerror={CALL}></noscript>",
    f"<noscript><p title='</noscript><img src=x onerror={CALL}>'>",
    "<base href='http://harm.test/'><a href='x'>a</a><img src='x.png'>",
    f"<button formaction='javascript:{CALL}'>a</button><input type=image src=x onerror={CALL}>",
    "<link rel=stylesheet href='http://harm.test/x'><style>*{background:url(http://harm.test/y)}</style>",
    f"<object data='javascript:{CALL}'></object><embed src='javascript:{CALL}'>",
    f"<video><source onerror={CALL}></video><audio src=x onerror={CALL}></audio>",
    f"</script><script>{CALL}</script><!--><img src=x onerror={CALL}>-->",
    f"</pre></textarea></title></style><img src=x onerror={CALL}>",
    f"<xmp><p title='</xmp><img src=x onerror={CALL}>'></xmp><plaintext>",
    f"<![CDATA[<img src=x onerror={CALL}>]]><?x <img src=x onerror={CALL}>?>",
    f"<body onload={CALL}><marquee onstart={CALL}>a</marquee><p onpointerenter={CALL} tabindex=1>a</p>",
    f"<iframe src='data:text/html,<script>{CALL}</script>'></iframe><portal src='http://harm.test'>",
    f"``` <img src=x onerror={CALL}>\n\n<{CALL}@x.y> <javascript:{CALL}> [r]: javascript:{CALL}\n\n[r]",
    f"$\\href{{javascript:{CALL}}}{{x}}$ $$<img src=x onerror={CALL}>$$",
]
NAME = f"<img src=x onerror={CALL}>"
SHOW = """
from IPython.display import HTML, Latex, Markdown, SVG, Javascript, display
text = {!r}
print(text); display(HTML(text), Markdown(text), Latex(text), Javascript(text))
display({{"image/svg+xml": text, "image/png": text, "text/plain": text}}, raw=True)
raise type("E" + text, (Exception,), {{}})(text)
"""
IS_ALIVE = """() => {
  const bad = (address) => /^(javascript|vbscript|data:(?!image.))/i.test(address || "");
  const all = [...document.querySelectorAll("*")];
  const alive = all.filter(e => [e.href, e.src, e.action, e.formAction, e.data].some(
      a => bad(a && a.baseVal !== undefined ? a.baseVal : String(a))));
  return [window.HARM || 0, alive.map(e => e.outerHTML.slice(0, 200))];
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """name -> HTML: feedback, report, formgrader."""
    course = write_course(tmp_path_factory.mktemp("hostile"))
    nb = answered(GOOD | {"why": "\n\n".join(PAYLOADS)})
    nb.cells += [new_markdown_cell(text) for text in PAYLOADS]
    nb.cells += [new_code_cell(SHOW.format(text)) for text in PAYLOADS]
    folder = submit(course, NAME, json.dumps(nb).encode()).parent
    (folder / f"{NAME}.txt").write_text("x")
    (run,) = grade_assignment(course, "ps").runs
    assert run.status == "completed", run
    write_feedback(course, "ps")
    executed = nbformat.read(course / "autograded" / NAME / "ps" / "ps.ipynb", as_version=4)
    return {
        "feedback": (course / "feedback" / NAME / "ps" / "ps.html").read_text(),
        "report": write_report(course, "ps").read_text(),
        "formgrader": formgrader_page(executed),
        "unclean": "<html><body>" + "\n".join(PAYLOADS),
    }


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


def opened(browser, page):
    """What a browser did that it should not: (script ran, elements alive, what was loaded, dialogs)."""
    tab, loaded, dialogs = browser.new_page(), [], []

    def answer(route):
        if route.request.url == "http://pages.test/page":
            route.fulfill(content_type="text/html", body=page)
        else:
            loaded.append(route.request.url)
            route.abort()

    tab.route("**/*", answer)
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.goto("http://pages.test/page", wait_until="load")
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.wait_for_timeout(300)
    ran, alive = tab.evaluate(IS_ALIVE)
    tab.close()
    return (
        ran,
        alive,
        [url for url in loaded if "harm.test" in url or url.endswith(("/x", "/x.png"))],
        dialogs,
    )


@pytest.mark.parametrize("name", ["feedback", "report", "formgrader"])
def test_nothing_of_a_hostile_submission_runs_or_is_loaded(pages, browser, name):
    assert len(PAYLOADS) > 30 and "HARM" in pages[name]
    assert opened(browser, pages[name]) == (0, [], [], [])


def test_the_browser_does_run_and_load_what_is_alive(pages, browser):
    ran, alive, loaded, _ = opened(browser, pages["unclean"])
    assert ran and alive and loaded
