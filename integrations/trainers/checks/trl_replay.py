"""TRL's GRPOTrainer, by the lines that `trl-grpo-replay` prints, makes one step on the recorded answers and generates nothing."""

from pathlib import Path
from typing import Any

from checks.lines import require_one_step, run_script
from checks.printed import training_lines
from checks.proof import expected, main, require


def check(folder: Path) -> dict[str, Any]:
    """Rows, positions that train, groups; `loss` is that of the step, which may be of either sign."""
    (lines,) = training_lines(folder, "trl-grpo-replay")
    trainer = run_script(folder, lines["text"])
    rows, reference = list(trainer.train_dataset), expected(folder)
    require(len(rows) == len(reference), f"{len(rows)} rows of {len(reference)} records")
    trained = 0
    for number, (row, record) in enumerate(zip(rows, reference)):
        start = len(row["prompt_ids"])
        ids = row["prompt_ids"] + row["completion_ids"]
        require(ids == record["input_ids"][: len(ids)], f"row {number} has other ids")
        mask = [0] * start + row["loss_mask"] + [0] * (len(record["weight"]) - len(ids))
        require(mask == [int(weight > 0) for weight in record["weight"]], f"row {number} trains other tokens")
        lists = (row["loss_mask"], row["old_log_probs"], row["advantage"])
        require(all(len(one) == len(row["completion_ids"]) for one in lists), f"row {number} has lists of several lengths")
        untrained = (value for trains, value in zip(row["loss_mask"], row["advantage"]) if not trains)
        require(not any(untrained), f"row {number} has advantages where nothing trains")
        trained += sum(row["loss_mask"])
    loss = require_one_step(trainer, folder, least=float("-inf"))
    return {"rows": len(rows), "trained": trained, "groups": len({row["group_id"] for row in rows}), "loss": loss}


if __name__ == "__main__":
    main(check)
