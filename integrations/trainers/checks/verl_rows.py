"""
verl's trainer of conversations, by the settings that the profile prints, reads `verl-sft` by the class beside it and trains the
answers that are marked, with the line break behind each; its data set for reinforcement learning takes the prompts of `verl-rl`.
"""

import os
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_module
from verl.trainer.sft_trainer import create_sft_dataset
from verl.utils.dataset.rl_dataset import RLHFDataset

from checks.answers import marked, require_rows
from checks.labels import IGNORED
from checks.lines import filled
from checks.models import tokenizer
from checks.printed import flags, training_lines
from checks.proof import expected, json_lines, main, require


def check_sft(folder: Path) -> dict[str, Any]:
    """The settings are composed as verl's command does, and its own function makes the data set."""
    (lines,) = training_lines(folder, "verl-sft")
    given = flags(filled(folder, lines["text"]))
    with initialize_config_module("verl.trainer.config", version_base=None):
        overrides = [f"{name}={value}" for name, value in given.items() if not name.startswith(("standalone", "nproc"))]
        settings = compose("sft_trainer_engine", overrides=[*overrides, "data.pad_mode=no_padding"])
    before = Path.cwd()
    os.chdir(folder)
    try:
        rows = create_sft_dataset(settings.data.train_files, settings.data, tokenizer(Path()), None)
    finally:
        os.chdir(before)
    read = []
    for number in range(len(rows)):
        row = rows[number]
        ids, mask = row["input_ids"].tolist(), row["loss_mask"].tolist()
        read.append({"input_ids": ids, "labels": [token if train else IGNORED for token, train in zip(ids, mask)]})
    return {"rows": len(read), "trained": require_rows(read, marked(expected(folder), behind=1), behind=1)}


def check_rl(folder: Path) -> dict[str, Any]:
    """Every task once, with a prompt that begins one of its records but for the tools."""
    settings = {"cache_dir": str(folder / "cache"), "max_prompt_length": 32768, "return_raw_chat": True}
    rows = RLHFDataset(str(folder / "verl-rl" / "train.parquet"), tokenizer(folder), settings)
    said = [record["messages"] for record in json_lines(folder / "messages.jsonl")]
    for number in range(len(rows)):
        row = rows[number]
        prompt = [(message["role"], message["content"]) for message in row["raw_prompt"]]
        begun = any(prompt == [(message["role"], message["content"]) for message in one[: len(prompt)]] for one in said)
        require(begun, f"row {number}: no record begins with its prompt")
        require(row["reward_model"]["ground_truth"] == "", f"row {number} has a ground truth")
    indices = {rows[number]["extra_info"]["index"] for number in range(len(rows))}
    require(indices == {record["task"] for record in expected(folder)}, "the rows are not those of the tasks")
    return {"rows": len(rows)}


def check(folder: Path) -> dict[str, Any]:
    """By profile: rows, and positions that train."""
    return {"verl-sft": check_sft(folder), "verl-rl": check_rl(folder)}


if __name__ == "__main__":
    main(check)
