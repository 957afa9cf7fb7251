"""Check of `show` in a kernel, run by test/trainers/notebook.test.ts: `python notebook.py LOG` prints one JSON object."""

import json
import sys

import nbformat
from nbclient import NotebookClient

SHOW = """
import urllib.request
import espalier
shown = espalier.show({log!r}, height=400)
shown
"""
# From the kernel's own machine, as the browser of a notebook on it.
ASK = """
with urllib.request.urlopen(shown.address) as answer:
    print(answer.status, answer.headers["Content-Security-Policy"].rsplit(";", 1)[-1].strip())
shown.view.close()
"""
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def main(log: str) -> None:
    cells = [nbformat.v4.new_code_cell(SHOW.format(log=log)), nbformat.v4.new_code_cell(ASK)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3", store_widget_state=True).execute()
    data = next(output["data"] for output in cells[0].outputs if "data" in output)
    state = notebook.metadata["widgets"][STATE]["state"][data[VIEW]["model_id"]]["state"]
    print(
        json.dumps(
            {
                "kinds": sorted(data),
                "address": state["address"],
                "height": state["height"],
                "frame": 'createElement("iframe")' in state["_esm"],
                "answer": "".join(output.get("text", "") for output in cells[1].outputs).strip(),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
