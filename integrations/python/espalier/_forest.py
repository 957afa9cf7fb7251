"""The rollouts of a log as a table: a row for each, with the columns of the workbench's rollout table."""

import csv
import json
import os
from typing import Any, Literal

from ._command import run

NONE_LEFT = 1  # the command's exit code where a filter, or the log, leaves no rollout
EXACT = 15  # digits of a whole number up to here are exact as a float, and fit 64 bits


def forest(path: str | os.PathLike[str], *more: str | os.PathLike[str], as_: Literal["pandas", "arrow"] = "pandas", where: str = "") -> Any:
    """Rollouts of files and folders, merged into one forest: key, task, id, reward, turns, calls, tokens, and what the log tells besides.

    as_: "pandas" gives a DataFrame, "arrow" a pyarrow Table. where: a filter as in docs/filter.md, such as `reward > 0`. Text stays
    text, what is unknown is missing, and sets, such as the tools of a rollout, are lists. Raises EspalierError with what the command
    says where a path cannot be read.
    """
    arguments = ["rollouts", *(os.fspath(each) for each in (path, *more)), *(["--where", where] if where else [])]
    text = run(*arguments, "--json", accepted=(0, NONE_LEFT)).decode("utf-8")
    rows = [json.loads(line, parse_int=_whole) for line in text.split("\n") if line]
    names = list(rows[0]) if rows else _names(arguments)
    columns = {name: [row[name] for row in rows] for name in names}
    if as_ == "arrow":
        import pyarrow

        return pyarrow.table(columns)
    import pandas

    return pandas.DataFrame(columns)


def _names(arguments: list[str]) -> list[str]:
    """Names of the columns where there are no rows: objects of JSON would have told them."""
    text = run(*arguments, "--csv", accepted=(0, NONE_LEFT)).decode("utf-8")
    # A program that cannot start ends with the same code, and without a line: then its words are raised.
    if not text:
        run(*arguments, "--csv")
    return ["key", *next(csv.reader([text.splitlines()[0]]), [])]


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= EXACT else float(digits)
