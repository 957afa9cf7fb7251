"""
The tinker cookbook, by the lines that the profile prints up to its training on a server, trains the messages that are marked. Its
renderer for a model that it does not know is the plainest, role_colon.
"""

import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tinker_cookbook import model_info
from tinker_cookbook.supervised import train

from checks.labels import IGNORED
from checks.lines import filled
from checks.models import tokenizer
from checks.printed import training_lines
from checks.proof import json_lines, main, require
from checks.spoken import require_spoken, trained_texts


def rows_of(folder: Path) -> list[Any]:
    """What the printed lines would train on, unshuffled."""
    settings = []

    async def keep(given: train.Config) -> None:
        settings.append(given)

    (lines,) = training_lines(folder, "tinker")
    text = filled(folder, lines["text"])
    before = Path.cwd()
    os.chdir(folder)
    try:
        known = patch.object(model_info, "get_recommended_renderer_name", lambda _: "role_colon")
        with known, patch.object(train, "main", keep):
            exec(compile(text, lines["fileName"], "exec"), {"__name__": "__main__"})
        (given,) = settings
        builder = given.dataset_builder
        rows, _ = type(builder)(**{name: getattr(builder, name) for name in ("common_config", "file_path")}, shuffle_seed=None)()
        return [datum for number in range(len(rows)) for datum in rows.get_batch(number)]
    finally:
        os.chdir(before)


def check(folder: Path) -> dict[str, Any]:
    """Rows, and characters that train."""
    chat = tokenizer(folder)
    records = json_lines(folder / "tinker" / "train.jsonl")
    rows = rows_of(folder)
    require(0 < len(rows) <= len(records), f"{len(rows)} rows of {len(records)}")
    trained = 0
    for number, (row, record) in enumerate(zip(rows, records)):
        targets = [int(token) for token in row.loss_fn_inputs["target_tokens"].data]
        weights = row.loss_fn_inputs["weights"].data
        labels = [token if weight > 0 else IGNORED for token, weight in zip(targets, weights)]
        wanted = [[message["content"]] for message in record["messages"] if message["trainable"]]
        trained += require_spoken(f"row {number}", trained_texts(chat, targets, labels), wanted)
    return {"rows": len(rows), "trained": trained}


if __name__ == "__main__":
    main(check)
