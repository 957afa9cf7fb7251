"""The verifiers package validates the traces of the profile `verifiers`, and their nodes weigh each token as all records do together."""

import math
from collections import defaultdict
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from verifiers.v1.trace import Trace

from checks.proof import expected, main, require

# A task's key, and a hash of all tokens up to one and with it.
Place = tuple[str, int]


def traces(path: Path) -> list[Trace]:
    """Every line, validated."""
    read = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        try:
            read.append(Trace.model_validate_json(line))
        except ValidationError as error:
            require(False, f"line {number + 1}: {str(error)[:500]}")
    return read


def summed(reference: list[dict[str, Any]]) -> dict[Place, float]:
    """Each distinct token that carries loss -> its weight, summed over records."""
    total: dict[Place, float] = defaultdict(float)
    for record in reference:
        prefix = 0
        for token, weight in zip(record["input_ids"], record["weight"]):
            prefix = hash((prefix, token))
            if weight > 0:
                total[record["task"], prefix] += weight
    return total


def in_nodes(trace: Trace, stream: str) -> dict[Place, float]:
    """The same of a trace, each node once."""
    total: dict[Place, float] = defaultdict(float)
    ends: list[int] = []
    for number, node in enumerate(trace.nodes):
        where = f"{trace.id}, node {number}"
        prefix = 0 if node.parent is None else ends[node.parent]
        weights = (node.loss_weights or {}).get(stream, [0.0] * len(node.token_ids))
        require(len(weights) == len(node.token_ids) == len(node.mask), f"{where} has lists of several lengths")
        require(len(node.logprobs) in (0, sum(node.mask)), f"{where} has {len(node.logprobs)} log-probs")
        if stream == "rl" and any(weights):
            require(node.advantages is not None and len(node.advantages) == sum(node.mask), f"{where} has no advantages")
        for token, weight, is_sampled in zip(node.token_ids, weights, node.mask):
            prefix = hash((prefix, token))
            require(weight == 0 or is_sampled, f"{where} trains a token that was not sampled")
            if weight > 0:
                total[trace.task.key or "", prefix] += weight
        ends.append(prefix)
    return total


def check(folder: Path) -> dict[str, Any]:
    """Traces, branches that the package finds in them, distinct tokens that carry loss."""
    read = traces(folder / "verifiers" / "train.jsonl")
    stream = next(name for trace in read for node in trace.nodes for name in node.loss_weights or {})
    reference, found, branches = summed(expected(folder)), {}, 0
    records = defaultdict(list)
    for record in expected(folder):
        records[record["task"]].append(record["input_ids"])
    for trace in read:
        found |= in_nodes(trace, stream)
        for branch in trace.branches:
            branches += 1
            # The header of an answer that was cut off belongs to no message.
            ids = branch.token_ids
            begun = any(record[: len(ids)] == ids for record in records[trace.task.key or ""])
            require(begun, f"{trace.id}: no record begins with a branch")
            weights = branch.loss_weights(stream)
            require(weights is not None and len(weights) == len(branch.token_ids), f"{trace.id}: a branch without weights")
    require(found.keys() == reference.keys(), f"{len(found.keys() ^ reference.keys())} tokens train in one of both")
    for place, weight in reference.items():
        require(math.isclose(found[place], weight, rel_tol=1e-9), f"a token weighs {found[place]}, not {weight}")
    return {"traces": len(read), "branches": branches, "trained": len(found), "stream": stream}


if __name__ == "__main__":
    main(check)
