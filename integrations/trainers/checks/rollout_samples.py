"""torch loads the rollouts of slime and miles without importing anything, and their samples train what the export says."""

from pathlib import Path
from typing import Any

import torch

from checks.proof import expected, main, require


def samples(path: Path) -> list[dict[str, Any]]:
    """The samples of one file."""
    return torch.load(path, weights_only=True)["samples"]


def check(folder: Path) -> dict[str, Any]:
    """Samples and trained tokens, the same for both trainers."""
    found = [sorted((folder / f"{name}-rollouts").glob("*.pt")) for name in ("slime", "miles")]
    read, other = ([sample for path in paths for sample in samples(path)] for paths in found)
    require(read == other, "the samples of slime and of miles differ")
    reference = expected(folder)
    require(len(read) == len(reference), f"{len(read)} samples of {len(reference)}")
    trained = 0
    for sample, row in zip(read, reference):
        tokens, length = sample["tokens"], sample["response_length"]
        require(tokens == row["input_ids"][: len(tokens)], f"{row['rollout']}: other tokens")
        mask = [0] * (len(tokens) - length) + sample["loss_mask"]
        marks = [int(weight > 0) for weight in row["weight"]]
        require(mask == marks[: len(mask)] and not any(marks[len(mask) :]), f"{row['rollout']}: another mask")
        require(len(sample["rollout_log_probs"]) == length, f"{row['rollout']}: {len(sample['rollout_log_probs'])} log-probs")
        require(isinstance(sample["reward"], float), f"reward {sample['reward']!r}")
        trained += sum(mask)
    return {"samples": len(read), "trained": trained}


if __name__ == "__main__":
    main(check)
