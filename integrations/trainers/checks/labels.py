"""Labels as trainers of transformers' kind take them, against the reference of the export."""

from typing import Any, Sequence

from checks.proof import require

IGNORED = -100


def expected_labels(row: dict[str, Any]) -> list[int]:
    """The token's id where it carries loss, else IGNORED."""
    return [token if weight > 0 else IGNORED for token, weight in zip(row["input_ids"], row["weight"])]


def require_same_labels(rows: Sequence[dict[str, Any]], reference: Sequence[dict[str, Any]]) -> int:
    """`rows` have `input_ids` and `labels` of one length, record by record of the reference. Returns positions that train."""
    require(len(rows) == len(reference), f"{len(rows)} rows of {len(reference)} records")
    trained = 0
    for number, (row, record) in enumerate(zip(rows, reference)):
        require(list(row["input_ids"]) == record["input_ids"], f"row {number} has other ids")
        labels, wanted = list(row["labels"]), expected_labels(record)
        if labels != wanted:
            at = next((i for i, (a, b) in enumerate(zip(labels, wanted)) if a != b), min(len(labels), len(wanted)))
            require(False, f"row {number}, position {at} of {len(wanted)}: label {labels[at : at + 5]}, not {wanted[at : at + 5]}")
        trained += sum(label != IGNORED for label in labels)
    require(trained > 0, "nothing trains")
    return trained


def unpacked(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of rows that hold several, as `seq_lengths` says; each begins at position 0."""
    records = []
    for number, row in enumerate(rows):
        require(sum(row["seq_lengths"]) == len(row["input_ids"]), f"row {number} has {sum(row['seq_lengths'])} positions in records")
        start = 0
        for length in row["seq_lengths"]:
            span = slice(start, start + length)
            start += length
            require(list(row["position_ids"][span]) == list(range(length)), f"row {number} has other positions")
            records.append({"input_ids": row["input_ids"][span], "labels": row["labels"][span]})
    return records
