"""Checks of the package, run by test/trainers/python-package.test.ts: `python package.py LOG NAMED` prints one JSON object."""

import json
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import espalier


def main(log: str, named: str) -> None:
    found: dict[str, object] = {"at": str(Path(espalier.__file__).parent)}
    with espalier.view(log, browser=False, origins=("http://localhost:*",)) as opened:
        base, token = opened.address.split("?view=")
        with urllib.request.urlopen(f"{base}files/{token}/") as answer:
            found["files"] = [each["name"] for each in json.load(answer)["files"]]
        with urllib.request.urlopen(base) as answer:
            found["policy"] = answer.headers["Content-Security-Policy"].rsplit(";", 1)[-1].strip()
    try:
        urllib.request.urlopen(base, timeout=5)
        found["ended"] = False
    except OSError:
        found["ended"] = True
    try:
        espalier.view("/nowhere/at/all.jsonl", browser=False)
    except espalier.EspalierError as error:
        found["refused"] = str(error)
    if find_spec("pandas"):
        table = espalier.forest(log)
        found["pandas"] = [len(table), float(table["reward"].sum())]
        found["where"] = len(espalier.forest(log, where="reward > 0.5"))
        none = espalier.forest(log, where="reward > 1000")
        found["none"] = [len(none), sorted({"id", "reward"} - set(none.columns))]
        found["ids"] = list(espalier.forest(named)["id"])
    if find_spec("pyarrow"):
        found["arrow"] = espalier.forest(log, as_="arrow").num_rows
        none = espalier.forest(log, as_="arrow", where="reward > 1000")
        found["arrowNone"] = [none.num_rows, "reward" in none.column_names]
        found["arrowIds"] = espalier.forest(named, as_="arrow")["id"].to_pylist()
    if find_spec("anywidget"):
        widget = espalier.show(log, height=400)
        found["widget"] = [widget.height, "mode=embedded" in widget.address]
        widget.view.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
