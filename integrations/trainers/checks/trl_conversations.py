"""
TRL, run by the lines that the profiles print, on conversations: `trl-messages` trains all answers, `trl-prompt-completion` those that
are marked, `trl-dpo` has prompts and continuations of the log. One step each.
"""

from pathlib import Path
from typing import Any, Callable

from transformers import Trainer

from checks.answers import answers, labelled, require_rows, whole
from checks.lines import require_one_step, run_script
from checks.printed import training_lines
from checks.proof import expected, main, require


def collated(trainer: Trainer) -> list[dict[str, Any]]:
    """Each row alone, as the trainer's collator gives it to the model."""
    batches = (trainer.data_collator([row]) for row in trainer.train_dataset)
    return [{"input_ids": batch["input_ids"][0].tolist(), "labels": batch["labels"][0].tolist()} for batch in batches]


def check_messages(trainer: Trainer, reference: list[dict[str, Any]]) -> dict[str, Any]:
    """Every answer up to the last one that trains is trained."""
    wanted = whole(reference)
    return {"rows": len(wanted), "trained": require_rows(collated(trainer), wanted)}


def check_prompt_completion(trainer: Trainer, reference: list[dict[str, Any]]) -> dict[str, Any]:
    """A row for each run of answers that train, and exactly those train."""
    wanted = []
    for record, own in zip(reference, answers(reference)):
        run = []
        for answer in own:
            if answer.trains:
                run.append(answer)
            elif run:
                wanted.append(labelled(record, run))
                run = []
        if run:
            wanted.append(labelled(record, run))
    return {"rows": len(wanted), "trained": require_rows(collated(trainer), wanted)}


def check_dpo(trainer: Trainer, reference: list[dict[str, Any]]) -> dict[str, Any]:
    """Prompt and side together begin a record of the reference, and an answer begins where the sides do."""
    prefixes: dict[int, int] = {}
    begins: set[int] = set()
    for record, own in zip(reference, answers(reference)):
        starts = {answer.start for answer in own}
        prefix = 0
        for position, token in enumerate(record["input_ids"]):
            if position in starts:
                begins.add(prefix)
            prefix = hash((prefix, token))
            prefixes[prefix] = position
    for number, row in enumerate(trainer.train_dataset):
        ends = []
        for side in ("chosen_ids", "rejected_ids"):
            prefix = 0
            for token in row["prompt_ids"]:
                prefix = hash((prefix, token))
            require(prefix in begins, f"pair {number}: no answer begins where its prompt ends")
            before = prefix
            for token in row[side]:
                before, prefix = prefix, hash((prefix, token))
            # A record ends with its last answer, behind which the template breaks the line.
            begun = next((one for one in (prefix, before) if one in prefixes), None)
            require(begun is not None, f"pair {number}: no record begins with its prompt and {side}")
            ends.append(begun)
        require(ends[0] != ends[1], f"pair {number}: both sides are the same")
    return {"rows": len(trainer.train_dataset)}


CHECKS: dict[str, Callable[[Trainer, list[dict[str, Any]]], dict[str, Any]]] = {
    "trl-messages": check_messages,
    "trl-prompt-completion": check_prompt_completion,
    "trl-dpo": check_dpo,
}


def check(folder: Path) -> dict[str, Any]:
    """By profile: rows, positions that train, the loss of the step."""
    reference = expected(folder)
    found = {}
    for profile, compare in CHECKS.items():
        (lines,) = training_lines(folder, profile)
        trainer = run_script(folder, lines["text"])
        found[profile] = compare(trainer, reference) | {"loss": require_one_step(trainer, folder)}
    return found


if __name__ == "__main__":
    main(check)
