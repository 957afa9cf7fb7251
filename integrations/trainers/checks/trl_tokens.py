"""
TRL's SFTTrainer and transformers' Trainer, run by the lines that the profile prints, train exactly what `trl-tokens` marks, in rows of
one record and of several: labels position by position, the loss of a batch, one step of the optimiser.
"""

import math
from pathlib import Path
from typing import Any, Sequence

import torch
from transformers import Trainer

from checks.labels import IGNORED, expected_labels, require_same_labels, unpacked
from checks.lines import require_one_step, run_script
from checks.printed import training_lines
from checks.proof import expected, main, require


def mean_loss(model: torch.nn.Module, rows: Sequence[dict[str, Any]]) -> float:
    """Mean negative log-likelihood over the labelled positions of all rows, each row alone: what a trainer's batch must come to."""
    total, count = 0.0, 0
    with torch.no_grad():
        for row in rows:
            ids, labels = torch.tensor([row["input_ids"]]), torch.tensor(row["labels"])
            logits = model(input_ids=ids).logits[0, :-1].double()
            total += torch.nn.functional.cross_entropy(logits, labels[1:], ignore_index=IGNORED, reduction="sum").item()
            count += int((labels[1:] != IGNORED).sum())
    return total / count


def require_batch_loss(trainer: Trainer, numbers: Sequence[int], records: Sequence[dict[str, Any]]) -> None:
    """The trainer's own batch of these rows has the mean loss over the labelled positions of their records, each seen alone."""
    batch = trainer.data_collator([trainer.train_dataset[number] for number in numbers])
    trainer.model.eval()
    with torch.no_grad():
        loss = float(trainer.compute_loss(trainer.model, dict(batch)))
    wanted = mean_loss(trainer.model, records)
    require(math.isclose(loss, wanted, rel_tol=1e-4), f"a batch has the loss {loss}, its records {wanted}")


def as_packed(record: dict[str, Any]) -> dict[str, Any]:
    """A record of the reference inside a packed row: nothing predicts its first token."""
    return {"input_ids": record["input_ids"], "labels": [IGNORED, *expected_labels(record)[1:]]}


def check(folder: Path) -> dict[str, Any]:
    """Rows, positions that train, and the loss of each trainer's step."""
    reference = expected(folder)
    found: dict[str, Any] = {}
    for lines in training_lines(folder, "trl-tokens"):
        trainer = run_script(folder, lines["text"])
        rows = list(trainer.train_dataset)
        found["rows"] = len(rows)
        if "seq_lengths" in rows[0]:
            # Packing puts records into another order.
            read = sorted(unpacked(rows), key=str)
            require(read == sorted(map(as_packed, reference), key=str), "the packed records are not those of the reference")
            found["trained"] = sum(label != IGNORED for record in read for label in record["labels"])
            require_batch_loss(trainer, [0], unpacked(rows[:1]))
        else:
            found["trained"] = require_same_labels(rows, reference)
            # Rows of several lengths, where the trainer's collator pads.
            numbers = [0, 1, 2] if lines["trainer"] == "TRL" else [0]
            require_batch_loss(trainer, numbers, [rows[number] for number in numbers])
        found[lines["trainer"]] = require_one_step(trainer, folder)
    return found


if __name__ == "__main__":
    main(check)
