"""Espalier in Python: the workbench beside a session or inside a notebook, and a log's rollouts as a table.

All of it runs the `espalier` command, which needs Node 20.19 or newer: the wheel brings the command and the page.
"""

from ._command import EspalierError, command
from ._forest import forest
from ._view import View, show, view

__all__ = ["EspalierError", "View", "command", "forest", "show", "view"]
