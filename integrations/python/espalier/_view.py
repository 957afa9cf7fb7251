"""The workbench: served from this process, opened in a browser or shown in a notebook."""

import atexit
import os
import re
import subprocess
import threading
from typing import Any

from ._command import EspalierError, command

# Pages of this machine may show the workbench inside of them; VS Code's notebooks have an origin of their own kind.
NOTEBOOKS = ("http://localhost:*", "http://127.0.0.1:*", "vscode-webview:")
SECONDS = 60

_ESM = """
export default {
  render({ model, el }) {
    const frame = document.createElement("iframe");
    frame.title = "Espalier";
    frame.src = model.get("address");
    frame.style.cssText = `width: 100%; height: ${model.get("height")}px; border: 1px solid #8884; border-radius: 4px`;
    el.append(frame);
    return () => frame.remove();
  },
};
"""


class View:
    """A running `espalier view`. `address` is where it is, with its token; `close()` ends it, as does the end of this process."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.address = address
        self._process = process
        atexit.register(self.close)

    def close(self) -> None:
        """Ends the server; what is open in the page stays until it is left."""
        atexit.unregister(self.close)
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(10)

    def __repr__(self) -> str:
        return f"View({self.address})"

    def __enter__(self) -> "View":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def view(
    path: str | os.PathLike[str],
    *more: str | os.PathLike[str],
    follow: bool = False,
    browser: bool = True,
    port: int = 0,
    origins: tuple[str, ...] = (),
) -> View:
    """Opens files and folders in the workbench.

    follow: reads on as they grow. browser: opens it in a browser, where there is one. port: 0 takes a free one. origins: pages that
    may show it inside of them. Raises EspalierError where a path cannot be read.
    """
    arguments = ["view", *map(os.fspath, (path, *more)), "--port", str(port)]
    arguments += ["--follow"] if follow else []
    arguments += [] if browser else ["--no-open"]
    for origin in origins:
        arguments += ["--embed", origin]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([*command(), *arguments], text=True, **pipes)
    late = threading.Timer(SECONDS, process.kill)
    late.start()
    try:
        for line in process.stdout or ():
            found = re.search(r"Espalier is at (\S+)", line)
            if found:
                # Its further words are read, so that it never waits for a reader.
                for stream in (process.stdout, process.stderr):
                    threading.Thread(target=lambda s=stream: [None for _ in s or ()], daemon=True).start()
                return View(process, found.group(1))
        process.wait()
        raise EspalierError((process.stderr.read() if process.stderr else "").strip() or "espalier view did not start")
    finally:
        late.cancel()


def show(
    path: str | os.PathLike[str],
    *more: str | os.PathLike[str],
    height: int = 720,
    follow: bool = False,
    origins: tuple[str, ...] = NOTEBOOKS,
) -> Any:
    """The workbench as a notebook's widget (needs anywidget). The browser must reach this machine's 127.0.0.1, if need be by `ssh -L`.

    origins: of the notebook's page, where that is not of this machine. The widget's `view` ends the server by `view.close()`.
    """
    import anywidget
    import traitlets

    class Espalier(anywidget.AnyWidget):  # type: ignore[misc]
        _esm = _ESM
        address = traitlets.Unicode("").tag(sync=True)
        height = traitlets.Int(720).tag(sync=True)
        view: Any = None

    opened = view(path, *more, follow=follow, browser=False, origins=origins)
    widget = Espalier(address=f"{opened.address}&mode=embedded", height=height)
    widget.view = opened
    return widget
