"""An IPython shell that records what it displays and sends it nowhere: no ZMQ, history or thread."""

from __future__ import annotations

import atexit
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from grader.engine.wire.admission import clean
from grader.engine.wire.outputs import MAX_MESSAGE, OutputCapture


class Publisher(DisplayPublisher):
    """`display(...)` goes to the capture."""

    def __init__(self, capture: OutputCapture, **kwargs: Any):
        super().__init__(**kwargs)
        self.capture = capture

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
        self.capture.display(data, metadata)

    def clear_output(self, wait=False):
        self.capture.start()


class ResultHook(DisplayHook):
    """The value of a cell's last expression goes to the capture."""

    capture: OutputCapture

    def write_output_prompt(self):
        """The prompt is the notebook's business."""

    def write_format_data(self, format_dict, md_dict=None):
        self.capture.display(format_dict, md_dict, "execute_result", execution_count=self.prompt_count)

    def finish_displayhook(self):
        """Nothing to flush."""


class CapturingShell(InteractiveShell):
    """An InteractiveShell whose outputs go to `capture`."""

    displayhook: ResultHook
    displayhook_class = ResultHook
    results = 0  # how many values of cells are kept, for `_` and `Out`
    publisher_class = Publisher

    def __init__(self, **kwargs):
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.cache_size = self.results
        super().__init__(config=config, **kwargs)
        atexit.unregister(self.atexit_operations)
        for kind in (CapturingShell, InteractiveShell):  # what get_ipython() gives
            setattr(kind, "_instance", self)  # noqa: B010

    def init_display_pub(self):
        self.capture = OutputCapture()
        self.display_pub = self.publisher_class(self.capture, parent=self)

    def init_displayhook(self):
        super().init_displayhook()
        self.displayhook.capture = self.capture

    def enable_gui(self, gui=None):
        """There is no window system."""

    def enable_matplotlib(self, gui=None):
        """`%matplotlib anything` changes nothing."""
        return "inline", "module://matplotlib_inline.backend_inline"

    def _showtraceback(self, etype, evalue, stb):
        self.capture.error(etype.__name__, message_of(evalue), list(stb))


def message_of(error: BaseException) -> str:
    """The message of an exception, also of one that cannot tell it."""
    try:
        return clean(str(error)[:MAX_MESSAGE])
    except BaseException:
        return "(the exception has no readable message)"
