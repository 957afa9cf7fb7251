"""Finds and runs the `espalier` command."""

import os
import shutil
import subprocess
from pathlib import Path

PACKAGE = Path(__file__).parent / "package"  # in a wheel: bin/, dist/ and dist-cli/ of the Node package


class EspalierError(RuntimeError):
    """What the command said where it did not do what it was asked for."""


def command() -> list[str]:
    """The command as a list of arguments: `ESPALIER_COMMAND`, else that of the wheel, else `espalier` on the PATH."""
    named = os.environ.get("ESPALIER_COMMAND")
    if named:
        return named.split(os.pathsep)
    if (PACKAGE / "bin" / "espalier.mjs").exists():
        node = shutil.which("node")
        if node is None:
            raise EspalierError("Node is not installed: Espalier needs version 20.19 or newer, from https://nodejs.org")
        return [node, str(PACKAGE / "bin" / "espalier.mjs")]
    found = shutil.which("espalier")
    if found is None:
        raise EspalierError("no espalier command: install the wheel, or the Node package, or set ESPALIER_COMMAND")
    return [found]


def run(*arguments: str, accepted: tuple[int, ...] = (0,)) -> bytes:
    """Runs the command. Returns its standard output; raises EspalierError with its words where it ends with another code than these."""
    done = subprocess.run([*command(), *arguments], capture_output=True, check=False)
    if done.returncode not in accepted:
        raise EspalierError(done.stderr.decode("utf-8", "replace").strip() or f"espalier ended with {done.returncode}")
    return done.stdout
