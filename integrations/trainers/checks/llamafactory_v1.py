"""LLaMA-Factory's version 1, by the settings that the profile prints: its renderer gives each answer of `llamafactory` its weight."""

import json
import math
import os
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from llamafactory.v1.config import get_args
from llamafactory.v1.core.data_engine import DataEngine
from llamafactory.v1.core.utils.rendering import Renderer

from checks.lines import filled
from checks.models import tokenizer
from checks.printed import training_lines
from checks.proof import json_lines, main, require
from checks.spoken import require_spoken


def parts_of(message: dict[str, Any]) -> list[str]:
    """What an answer says, and the names of the functions that it calls; thoughts are shown where the template of the model does."""
    text = [part["value"] for part in message["content"] if part["type"] == "text"]
    return text + [json.loads(part["value"])["name"] for part in message["content"] if part["type"] == "tool_call"]


def check(folder: Path) -> dict[str, Any]:
    """Rows, and characters that train."""
    lines = training_lines(folder, "llamafactory")[1]
    before = Path.cwd()
    os.chdir(folder)
    try:
        model, data, *_ = get_args(yaml.safe_load(filled(Path(), lines["text"])))
        engine = DataEngine(data.train_dataset)
        rows = [engine[number] for number in range(len(engine))]
    finally:
        os.chdir(before)
    chat = tokenizer(folder)
    renderer = Renderer(model.template, chat)
    records = json_lines(folder / "llamafactory" / "train.jsonl")
    require(len(rows) == len(records), f"{len(rows)} rows of {len(records)}")
    trained = 0
    for number, (row, record) in enumerate(zip(rows, records)):
        (made,) = renderer.process_samples([row])
        weighted = groupby(zip(made["input_ids"], made["loss_weights"]), lambda pair: pair[1])
        found = [(weight, chat.decode([token for token, _ in pairs])) for weight, pairs in weighted if weight > 0]
        answers = [message for message in record["messages"] if message.get("loss_weight", 0) > 0]
        trained += require_spoken(f"row {number}", [text for _, text in found], [parts_of(message) for message in answers])
        for (weight, _), message in zip(found, answers):
            require(math.isclose(weight, message["loss_weight"]), f"row {number} has the weight {weight}, not {message['loss_weight']}")
    return {"rows": len(rows), "trained": trained, "template": model.template}


if __name__ == "__main__":
    main(check)
