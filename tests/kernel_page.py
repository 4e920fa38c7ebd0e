"""A page in front of a kernel: it runs cells and says which, as JupyterLab does."""

import contextlib

from jupyter_client.manager import start_new_kernel


@contextlib.contextmanager
def kernel_page(folder):
    """Gives run(cell's id, source): what was printed, shown as HTML or as a traceback, and the error that
    stops the page, or None."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))

    def run(cell, source):
        asked = client.session.msg("execute_request", {"code": source}, metadata={"cellId": cell})
        client.shell_channel.send(asked)
        printed = ""
        while (found := _answer(client.get_iopub_msg, asked))["content"] != {"execution_state": "idle"}:
            shown = [found["content"].get("text", ""), *found["content"].get("traceback", ())]
            printed += "".join(shown) + found["content"].get("data", {}).get("text/html", "")
        return printed, _answer(client.get_shell_msg, asked)["content"].get("ename")

    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _answer(get, asked):
    while (found := get(timeout=30))["parent_header"].get("msg_id") != asked["header"]["msg_id"]:
        pass
    return found
