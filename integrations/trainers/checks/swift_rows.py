"""ms-swift, by the command that the profile prints, trains the answers and calls that `ms-swift` marks, and makes one step."""

import os
import shlex
from pathlib import Path
from typing import Any

from swift.pipelines.train.sft import SwiftSft

from checks.labels import IGNORED
from checks.lines import filled, limited, require_one_step
from checks.models import tokenizer
from checks.printed import training_lines
from checks.proof import json_lines, main, require
from checks.spoken import require_spoken, trained_texts

# What it cannot know of a tiny model; one step of all weights on a CPU; all rows, in their order.
OWN = "--model_type llama --template chatml --agent_template hermes --tuner_type full --torch_dtype float32".split()
LIMITED = "--max_steps 1 --gradient_accumulation_steps 1 --use_hf true --attn_impl eager".split()
UNCHANGED = "--split_dataset_ratio 0 --dataset_shuffle false".split()


def answers_of(messages: list[dict[str, Any]]) -> list[list[str]]:
    """What trains: the text and the calls of each answer with `loss`, in parts."""
    found: list[list[str]] = []
    before = ""
    for message in messages:
        is_answer = message["role"] in ("assistant", "tool_call")
        if is_answer and message["loss"]:
            if before not in ("assistant", "tool_call"):
                found.append([])
            if message["role"] == "assistant":
                found[-1].append(message["content"])
        before = message["role"]
    return found


def check(folder: Path) -> dict[str, Any]:
    """Rows, characters that train, and the loss of the step."""
    (lines,) = training_lines(folder, "ms-swift")
    text = "\n".join(line for line in filled(folder, lines["text"]).splitlines() if not line.startswith("#"))
    command = shlex.split(text)
    require(command[:2] == ["swift", "sft"], f"another command: {command[:2]}")
    before = Path.cwd()
    os.chdir(folder)
    try:
        with limited() as trained:
            pipeline = SwiftSft([*command[2:], *OWN, *LIMITED, *UNCHANGED])
            pipeline.run()
    finally:
        os.chdir(before)
    (trainer,) = trained
    chat = tokenizer(folder)
    records = json_lines(folder / "ms-swift" / "train.jsonl")
    rows = list(trainer.train_dataset)
    require(len(rows) == len(records), f"{len(rows)} rows of {len(records)}")
    count = 0
    for number, (row, record) in enumerate(zip(rows, records)):
        labels = [IGNORED if label is None else label for label in row["labels"]]
        count += require_spoken(f"row {number}", trained_texts(chat, row["input_ids"], labels), answers_of(record["messages"]))
    return {"rows": len(rows), "trained": count, "loss": require_one_step(trainer, folder)}


if __name__ == "__main__":
    main(check)
