"""The verifiers package validates the bundled sample, and its branches are the trajectories that Espalier reads."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from verifiers.v1.episode import Episode

from checks.proof import expected, main, require


def episodes(path: Path) -> list[Episode]:
    """Every line of a log, validated."""
    read = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        try:
            read.append(Episode.model_validate_json(line))
        except ValidationError as error:
            require(False, f"line {number + 1}: {str(error)[:500]}")
    return read


def up_to_last(ids: list[int], trains: list[Any]) -> tuple[int, ...]:
    """Tokens up to the last that trains: records end there."""
    return tuple(ids[: max(position for position, value in enumerate(trains) if value) + 1])


def longest(branches: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Those that do not go on in another one."""
    ordered = sorted(branches)
    return {one for one, after in zip(ordered, [*ordered[1:], ()]) if after[: len(one)] != one}


def check(folder: Path) -> dict[str, Any]:
    """Episodes and sampled tokens of `episodes.jsonl`, whose branches `expected.jsonl` has once each."""
    read = episodes(folder / "episodes.jsonl")
    found, sampled = set(), 0
    for episode in read:
        for trace in episode.traces:
            for branch in trace.branches:
                mask = branch.sampled_mask
                require(len(mask) == len(branch.token_ids), f"{trace.id}: a mask of {len(mask)} for {len(branch.token_ids)} tokens")
                require(len(branch.logprobs) == len(mask), f"{trace.id}: {len(branch.logprobs)} log-probs")
                if any(mask):
                    found.add((episode.task.key, *up_to_last(branch.token_ids, mask)))
                    sampled += sum(mask)
    rows = expected(folder)
    reference = longest({(row["task"].removeprefix("orchard:"), *up_to_last(row["input_ids"], row["weight"])) for row in rows})
    found = longest(found)
    require(found == reference, f"{len(found - reference)} branches are not read, {len(reference - found)} are not there")
    return {"episodes": len(read), "branches": len(found), "sampled": sampled}


if __name__ == "__main__":
    main(check)
