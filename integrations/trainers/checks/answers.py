"""
What trainers must train that mark whole answers, worked out from the reference alone: an answer is a stretch of tokens that some
record trains, and trains as a whole in the record where the larger part of it is new.
"""

from dataclasses import dataclass
from typing import Any, Sequence

from checks.labels import IGNORED
from checks.proof import require


@dataclass(frozen=True)
class Answer:
    """Tokens [start, end) of a record, of which `new` train here for the first time."""

    start: int
    end: int
    new: int

    @property
    def trains(self) -> bool:
        return self.new > 0 and 2 * self.new >= self.end - self.start


def answers(reference: Sequence[dict[str, Any]]) -> list[list[Answer]]:
    """Those of each record of a train-once reference, in the order in which it was written. Keeps a hash of each trained prefix."""
    trained: set[int] = set()
    found = []
    for record in reference:
        prefix, own, start, new = 0, [], None, 0
        for position, (token, weight) in enumerate(zip(record["input_ids"], record["weight"])):
            prefix = hash((prefix, token))
            if weight > 0:
                trained.add(prefix)
            if prefix in trained:
                start = position if start is None else start
                new += weight > 0
            elif start is not None:
                own.append(Answer(start, position, new))
                start, new = None, 0
        if start is not None:
            own.append(Answer(start, len(record["input_ids"]), new))
        found.append(own)
    return found


def labelled(record: dict[str, Any], trains: Sequence[Answer], behind: int = 0) -> dict[str, Any]:
    """
    The record up to the end of the last of these answers, with labels on them alone, and on `behind` tokens that follow each: some
    trainers take the line break that a template writes behind an answer's end mark for a part of it.
    """
    end = trains[-1].end
    labels = [IGNORED] * end
    for answer in trains:
        span = slice(answer.start, min(answer.end + behind, end))
        labels[span] = record["input_ids"][span]
    return {"input_ids": record["input_ids"][:end], "labels": labels}


def marked(reference: Sequence[dict[str, Any]], behind: int = 0) -> list[dict[str, Any]]:
    """The rows of a trainer that knows a mark for each answer: records with one that trains, up to the last of these."""
    pairs = ((record, [answer for answer in own if answer.trains]) for record, own in zip(reference, answers(reference)))
    return [labelled(record, trains, behind) for record, trains in pairs if trains]


def whole(reference: Sequence[dict[str, Any]], behind: int = 0) -> list[dict[str, Any]]:
    """The rows of a trainer that trains all answers: the same records, with labels on every answer in them."""
    rows = []
    for record, own in zip(reference, answers(reference)):
        last = max((number for number, answer in enumerate(own) if answer.trains), default=-1)
        if last >= 0:
            rows.append(labelled(record, own[: last + 1], behind))
    return rows


def require_rows(rows: Sequence[dict[str, Any]], wanted: Sequence[dict[str, Any]], tail: int = 1, behind: int = 0) -> int:
    """
    Rows have these ids and labels, in this order. At most `tail` tokens, which a template writes behind an answer, may follow, without
    label where `behind` is 0. Returns positions that train.
    """
    require(len(rows) == len(wanted), f"{len(rows)} rows, not {len(wanted)}")
    count = 0
    for number, (row, one) in enumerate(zip(rows, wanted)):
        length = len(one["input_ids"])
        ids, labels = list(row["input_ids"]), list(row["labels"])
        at = next((i for i in range(min(length, len(ids))) if ids[i] != one["input_ids"][i]), None)
        require(at is None, f"row {number} has another token at {at} of {length}")
        require(length <= len(ids) <= length + tail, f"row {number} has {len(ids)} tokens, not {length}")
        at = next((i for i in range(length) if labels[i] != one["labels"][i]), None)
        require(at is None, f"row {number}, position {at} of {length}: label {labels[at or 0]}, not {one['labels'][at or 0]}")
        require(behind > 0 or all(label == IGNORED for label in labels[length:]), f"row {number} trains behind its last answer")
        count += sum(label != IGNORED for label in labels)
    require(count > 0, "nothing trains")
    return count
