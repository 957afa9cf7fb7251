"""Atropos' API takes the groups of `atropos` as the printed lines send them, and gives a trainer the tokens that the export marks."""

import os
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from atroposlib.api.server import app
from fastapi.testclient import TestClient

from checks.labels import IGNORED, expected_labels
from checks.printed import training_lines
from checks.proof import expected, main, require


def fetched(folder: Path) -> list[dict[str, Any]]:
    """Runs the printed lines against the API, and fetches batches of one sequence from it as a trainer does."""
    api = TestClient(app)
    trainer = {"wandb_group": "", "wandb_project": "", "batch_size": 1, "max_token_len": 1 << 20}
    trainer |= {"checkpoint_dir": "", "save_checkpoint_interval": 0, "starting_step": 0, "num_steps": 1}
    require(api.post("/register", json=trainer).status_code == 200, "the API takes no trainer")
    (lines,) = training_lines(folder, "atropos")
    before = Path.cwd()
    os.chdir(folder)
    try:
        with patch("requests.post", lambda address, json: api.post(urlsplit(address).path, json=json)):
            exec(compile(lines["text"], lines["fileName"], "exec"), {"__name__": "__main__"})
    finally:
        os.chdir(before)
    return list(app.state.queue)


def check(folder: Path) -> dict[str, Any]:
    """Groups, sequences, positions that train."""
    groups = fetched(folder)
    reference = {}
    for record in expected(folder):
        # Nothing predicts the first token.
        reference[tuple(record["input_ids"])] = [IGNORED, *expected_labels(record)[1:]]
    seen = trained = 0
    for number, group in enumerate(groups):
        size = len(group["tokens"])
        require(size == len(group["masks"]) == len(group["scores"]) == len(group["advantages"]), f"group {number} has several sizes")
        for ids, mask, advantages in zip(group["tokens"], group["masks"], group["advantages"]):
            require(mask == reference.get(tuple(ids)), f"group {number} has a sequence with another mask")
            require(len(advantages) == len(ids), f"group {number} has {len(advantages)} advantages of {len(ids)} tokens")
            seen += 1
            trained += sum(label != IGNORED for label in mask)
    return {"groups": len(groups), "sequences": seen, "trained": trained}


if __name__ == "__main__":
    main(check)
