"""The lines that a profile says train on its files, run as the export dialog prints them, for one step of a tiny random model."""

import math
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import torch
import transformers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerBase

from checks.models import tiny_model, tokenizer
from checks.proof import require


def model_folder(folder: Path) -> Path:
    """A tiny random model with the tokenizer of the export, saved as `from_pretrained` wants it. Made once."""
    saved = folder / "tiny-model"
    if not saved.exists():
        chat: PreTrainedTokenizerBase = tokenizer(folder)
        model = tiny_model(len(chat))
        model.config.eos_token_id = model.generation_config.eos_token_id = chat.eos_token_id
        model.config.pad_token_id = model.generation_config.pad_token_id = chat.pad_token_id
        model.save_pretrained(saved)
        chat.save_pretrained(saved)
    return saved


def filled(folder: Path, text: str) -> str:
    """The lines with MODEL filled in."""
    return text.replace("MODEL", str(model_folder(folder).resolve()))


# On CPUs, in float32, one step; the printed lines leave these to the trainer, whose defaults are for GPUs.
LIMITS: dict[str, Any] = {
    "use_cpu": True,
    "bf16": False,
    "max_steps": 1,
    "save_strategy": "no",
    "report_to": [],
    "disable_tqdm": True,
}
LARGEST_BATCH = 2


@contextmanager
def limited() -> Iterator[list[transformers.Trainer]]:
    """While it lasts, settings of transformers' Trainer and of what is built on it have LIMITS. Gives those trained."""
    trained: list[transformers.Trainer] = []
    settle, train = transformers.TrainingArguments.__post_init__, transformers.Trainer.train

    def settle_within_limits(settings: transformers.TrainingArguments) -> None:
        for name, value in LIMITS.items():
            setattr(settings, name, value)
        settings.per_device_train_batch_size = min(settings.per_device_train_batch_size, LARGEST_BATCH)
        settle(settings)

    def train_and_keep(trainer: transformers.Trainer, *given: Any, **named: Any) -> Any:
        trained.append(trainer)
        return train(trainer, *given, **named)

    transformers.TrainingArguments.__post_init__, transformers.Trainer.train = settle_within_limits, train_and_keep
    try:
        yield trained
    finally:
        transformers.TrainingArguments.__post_init__, transformers.Trainer.train = settle, train


def run_script(folder: Path, text: str) -> transformers.Trainer:
    """
    Runs a Python script in the folder, as it is printed but for MODEL, LIMITS and batches of at most LARGEST_BATCH rows.
    Returns its trainer, after the step.
    """
    before = Path.cwd()
    os.chdir(folder)
    try:
        with limited() as trained:
            exec(compile(filled(folder, text), "train.py", "exec"), {"__name__": "__main__"})
    finally:
        os.chdir(before)
    (trainer,) = trained
    return trainer


def weights_of(model: torch.nn.Module) -> torch.Tensor:
    """All parameters, one behind the other."""
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


def require_one_step(trainer: transformers.Trainer, folder: Path) -> float:
    """One step was made, its loss is a number, and the model is no longer what it was. Returns the loss."""
    require(trainer.state.global_step == 1, f"{trainer.state.global_step} steps")
    loss = trainer.state.log_history[-1]["train_loss"]
    require(math.isfinite(loss) and loss > 0, f"loss {loss}")
    before = AutoModelForCausalLM.from_pretrained(model_folder(folder), dtype=torch.float32)
    require(not torch.equal(weights_of(before), weights_of(trainer.model)), "the model is what it was")
    return loss
