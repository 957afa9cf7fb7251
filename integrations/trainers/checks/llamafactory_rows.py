"""LLaMA-Factory, by the settings that the profile prints, trains all answers of `llamafactory` (v0), and makes one step."""

import importlib.machinery
import os
import sys
import types
from pathlib import Path
from typing import Any

import yaml

# Sounds are never read here, and its loader of them has no use without torchaudio.
sys.modules["torchaudio"] = types.ModuleType("torchaudio")
sys.modules["torchaudio"].__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)

from llamafactory.hparams import get_train_args  # noqa: E402
from llamafactory.train.sft.workflow import run_sft  # noqa: E402

from checks.lines import filled, limited, require_one_step  # noqa: E402
from checks.models import tokenizer  # noqa: E402
from checks.printed import training_lines  # noqa: E402
from checks.proof import json_lines, main, require  # noqa: E402
from checks.spoken import require_spoken, trained_texts  # noqa: E402


def answer_of(turn: dict[str, str]) -> list[str]:
    """A text as it is; of calls, what no template may change: nothing but that there is one."""
    return [turn["value"]] if turn["from"] == "gpt" and "<tool_call>" not in turn["value"] else []


def check(folder: Path) -> dict[str, Any]:
    """Rows, characters that train, and the loss of the step."""
    lines = training_lines(folder, "llamafactory")[0]
    settings = yaml.safe_load(filled(folder, lines["text"])) | {"overwrite_cache": True}
    before = Path.cwd()
    os.chdir(folder)
    try:
        with limited() as trained:
            model, data, training, finetuning, generating = get_train_args(settings)
            run_sft(model, data, training, finetuning, generating)
    finally:
        os.chdir(before)
    (trainer,) = trained
    chat = tokenizer(folder)
    records = json_lines(folder / "llamafactory" / "train.jsonl")
    rows = list(trainer.train_dataset)
    require(len(rows) == len(records), f"{len(rows)} rows of {len(records)}")
    count = 0
    for number, (row, record) in enumerate(zip(rows, records)):
        wanted = [answer_of(turn) for turn in record["conversations"] if turn["from"] in ("gpt", "function_call")]
        count += require_spoken(f"row {number}", trained_texts(chat, row["input_ids"], row["labels"]), wanted)
    return {"rows": len(rows), "trained": count, "loss": require_one_step(trainer, folder)}


if __name__ == "__main__":
    main(check)
