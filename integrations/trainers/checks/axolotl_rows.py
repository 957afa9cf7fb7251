"""axolotl, by the settings that its profiles print, trains what the export marks, and makes one step."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

import transformers
from axolotl.cli.args import TrainerCliArgs
from axolotl.cli.config import load_cfg
from axolotl.common.datasets import load_datasets
from axolotl.train import train
from datasets import Dataset

from checks.answers import answers, require_rows
from checks.labels import IGNORED, expected_labels
from checks.lines import LARGEST_BATCH, filled, limited, require_one_step
from checks.printed import training_lines
from checks.proof import expected, json_lines, main, require

# One step on a CPU, in float32.
LIMITED = {
    "max_steps": 1,
    "gradient_accumulation_steps": LARGEST_BATCH,
    "bf16": False,
    "fp16": False,
    "tf32": False,
}


@contextmanager
def in_one_process() -> Iterator[None]:
    """axolotl maps in processes of their own, each of which takes a minute to import it."""
    own = {name: getattr(Dataset, name) for name in ("map", "filter", "save_to_disk")}
    for name, method in own.items():
        setattr(Dataset, name, lambda rows, *given, _method=method, **named: _method(rows, *given, **named | {"num_proc": None}))
    try:
        yield
    finally:
        for name, method in own.items():
            setattr(Dataset, name, method)


def run_axolotl(folder: Path, text: str) -> tuple[list[dict[str, Any]], transformers.Trainer]:
    """
    Loads the printed YAML with LIMITED, and runs what `axolotl preprocess` and `axolotl train` call, in the folder.

    Returns the rows that axolotl would train on, in its order, and its trainer after the step.
    """
    before = Path.cwd()
    os.chdir(folder)
    try:
        Path("axolotl.yaml").write_text(filled(Path(), text), encoding="utf-8")
        settings = load_cfg("axolotl.yaml", **LIMITED)
        with in_one_process():
            prepared = load_datasets(cfg=settings, cli_args=TrainerCliArgs())
        rows = list(prepared.train_dataset)
        with limited() as trained:
            train(cfg=settings, dataset_meta=prepared)
    finally:
        os.chdir(before)
    (trainer,) = trained
    return rows, trainer


def cut(record: dict[str, Any], labels: list[int]) -> dict[str, Any]:
    """A record up to its last label."""
    end = max(position for position, label in enumerate(labels) if label != IGNORED) + 1
    return {"input_ids": record["input_ids"][:end], "labels": labels[:end]}


def wanted_tokens(folder: Path) -> list[dict[str, Any]]:
    """Every token that the reference trains."""
    return [cut(record, expected_labels(record)) for record in expected(folder)]


def wanted_chat(folder: Path) -> list[dict[str, Any]]:
    """Whole answers by the larger part of them that is new; of those with `train_detail`, the tokens that the reference trains."""
    rows, reference = json_lines(folder / "axolotl-chat" / "train.jsonl"), expected(folder)
    require(len(rows) == len(reference), f"{len(rows)} rows of {len(reference)} records")
    wanted = []
    for number, (row, record, own) in enumerate(zip(rows, reference, answers(reference))):
        labels, exact = [IGNORED] * len(record["input_ids"]), expected_labels(record)
        said = [message for message in row["messages"] if message["role"] == "assistant"]
        for message, answer in zip(said, own):
            span = slice(answer.start, answer.end)
            is_part = "train_detail" in message
            require(is_part or message["train"] == answer.trains, f"row {number} marks an answer by {message['train']}")
            if message["train"]:
                labels[span] = exact[span] if is_part else record["input_ids"][span]
        wanted.append(cut(record, labels))
    return wanted


WANTED: dict[str, Callable[[Path], list[dict[str, Any]]]] = {"axolotl-tokens": wanted_tokens, "axolotl-chat": wanted_chat}


def check(folder: Path) -> dict[str, Any]:
    """By profile of the folder: rows, positions that train, and the loss of the step."""
    found = {}
    for profile in (name for name in WANTED if (folder / name).exists()):
        lines = training_lines(folder, profile)[0]
        rows, trainer = run_axolotl(folder, lines["text"])
        # axolotl shuffles what it loads. Rows of tokens go on behind the last answer that trains.
        in_order = sorted(rows, key=lambda row: list(row["input_ids"]))
        wanted = sorted(WANTED[profile](folder), key=lambda record: record["input_ids"])
        trained = require_rows(in_order, wanted, tail=max(len(row["input_ids"]) for row in rows))
        found[profile] = {"rows": len(rows), "trained": trained, "loss": require_one_step(trainer, folder)}
    return found


if __name__ == "__main__":
    main(check)
