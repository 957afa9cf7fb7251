"""The rollouts of a log as a table: a row for each, with the columns of the workbench's rollout table."""

import csv
import io
import os
from typing import Any, Literal

from ._command import run


def forest(path: str | os.PathLike[str], *more: str | os.PathLike[str], as_: Literal["pandas", "arrow"] = "pandas", where: str = "") -> Any:
    """Rollouts of files and folders, merged into one forest: task, id, reward, turns, calls, tokens, and what the log tells besides.

    as_: "pandas" gives a DataFrame, "arrow" a pyarrow Table. where: a filter as in docs/filter.md, such as `reward > 0`.
    Raises EspalierError with what the command says where a path cannot be read.
    """
    paths = [os.fspath(each) for each in (path, *more)]
    text = run("rollouts", *paths, "--csv", *(["--where", where] if where else [])).decode("utf-8")
    if as_ == "arrow":
        return _arrow(text)
    import pandas

    return pandas.read_csv(io.StringIO(text))


def _arrow(text: str) -> Any:
    import pyarrow
    import pyarrow.csv

    if not any(csv.reader(io.StringIO(text))):
        return pyarrow.table({})
    return pyarrow.csv.read_csv(io.BytesIO(text.encode("utf-8")))
