"""
TRL's GRPOTrainer, run by the lines that the profile prints, trains on the recorded completions: what it is given is what the file says,
its loss is that of GRPO with the file's log-probs and weighted advantages, and one step of the optimiser changes the model.
"""

from pathlib import Path
from typing import Any

import torch

from checks.lines import run_script, weights_of
from checks.models import tiny_model, tokenizer
from checks.printed import training_lines
from checks.proof import json_lines, main, require

# GRPOConfig's default for `epsilon`.
CLIP = 0.2


def replayed_loss(model: torch.nn.Module, rows: list[dict[str, Any]]) -> float:
    """The clipped loss of GRPO over rows, each alone, divided by the tokens that train."""
    total, trained = 0.0, 0
    for row in rows:
        ids = torch.tensor([row["prompt_ids"] + row["completion_ids"]])
        with torch.no_grad():
            logits = model(ids).logits[0, :-1].log_softmax(-1)
        own = logits.gather(-1, ids[0, 1:, None])[len(row["prompt_ids"]) - 1 :, 0]
        ratio = (own - torch.tensor(row["old_log_probs"])).exp()
        advantage, mask = torch.tensor(row["advantage"]), torch.tensor(row["loss_mask"])
        loss = -torch.minimum(ratio * advantage, ratio.clamp(1 - CLIP, 1 + CLIP) * advantage)
        total += float((loss * mask).sum())
        trained += int(mask.sum())
    return total / trained


def check(folder: Path) -> dict[str, Any]:
    """Rows, trained tokens, and the loss of a batch."""
    rows = json_lines(folder / "trl-grpo-replay" / "train.jsonl")
    (lines,) = training_lines(folder, "trl-grpo-replay")
    trainer = run_script(folder, lines["text"])
    require(trainer.state.global_step == 1, f"{trainer.state.global_step} steps")
    before = tiny_model(len(tokenizer(folder)))
    require(not torch.equal(weights_of(before), weights_of(trainer.model)), "the model is what it was")
    batch = trainer._generate_and_score_completions(rows[:2])
    for i, row in enumerate(rows[:2]):
        length = len(row["completion_ids"])
        require(batch["completion_ids"][i, :length].tolist() == row["completion_ids"], f"row {i}: other completion")
        require(batch["tool_mask"][i].tolist() == row["loss_mask"] + [0] * (batch["tool_mask"].shape[1] - length), f"row {i}: another mask")
        prompt = batch["prompt_ids"][i][batch["prompt_mask"][i].bool()].tolist()
        require(prompt == row["prompt_ids"], f"row {i}: another prompt")
    trainer.model.eval()
    with torch.no_grad():
        found = float(trainer._compute_loss(trainer.model, batch))
    wanted = replayed_loss(trainer.model, rows[:2])
    require(abs(found - wanted) < 1e-4 * max(1.0, abs(wanted)), f"loss {found}, not {wanted}")
    return {"rows": len(rows), "trained": sum(sum(row["loss_mask"]) for row in rows), "loss": found}


if __name__ == "__main__":
    main(check)
