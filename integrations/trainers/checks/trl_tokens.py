"""
TRL's SFTTrainer, run by the lines that the profile prints, and transformers' Trainer train exactly what `trl-tokens` marks: labels
position by position, the loss of a batch, one step of the optimiser.
"""

import math
from pathlib import Path
from typing import Any

import torch
from transformers import DataCollatorForSeq2Seq, Trainer, TrainingArguments

from checks.labels import mean_loss, require_same_labels
from checks.lines import LIMITS, limited, require_one_step, run_script, training_lines
from checks.proof import expected, json_lines, main, require


def require_batch_loss(trainer: Trainer, rows: list[dict[str, Any]]) -> None:
    """The trainer's own collator and loss over rows of several lengths come to the mean over their labelled positions."""
    batch = trainer.data_collator([trainer.train_dataset[number] for number in range(len(rows))])
    trainer.model.eval()
    with torch.no_grad():
        loss = float(trainer.compute_loss(trainer.model, dict(batch)))
    wanted = mean_loss(trainer.model, rows)
    require(math.isclose(loss, wanted, rel_tol=1e-4), f"a batch has the loss {loss}, its labelled positions {wanted}")


def check(folder: Path) -> dict[str, Any]:
    """Rows, positions that train, and the loss of each trainer's step."""
    reference = expected(folder)
    rows = json_lines(folder / "trl-tokens" / "train.jsonl")
    (lines,) = training_lines(folder, "trl-tokens")
    sft = run_script(folder, lines["text"])
    trained = require_same_labels(list(sft.train_dataset), reference)
    require_batch_loss(sft, rows[:3])
    found = {"rows": len(rows), "trained": trained, "trl": require_one_step(sft, folder)}

    collator = DataCollatorForSeq2Seq(sft.processing_class, label_pad_token_id=-100)
    with limited():
        settings = TrainingArguments(output_dir=str(folder / "out"), **LIMITS)
        model = type(sft.model).from_pretrained(sft.model.name_or_path)
        plain = Trainer(model, settings, data_collator=collator, train_dataset=sft.train_dataset)
        plain.train()
    require_batch_loss(plain, rows[:3])
    return found | {"transformers": require_one_step(plain, folder)}


if __name__ == "__main__":
    main(check)
