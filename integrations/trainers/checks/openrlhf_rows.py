"""OpenRLHF's SFTDataset, by the flags that the profile prints, trains all answers of `openrlhf`, and the line break behind each."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from datasets import load_dataset
from openrlhf.datasets.sft_dataset import SFTDataset

from checks.answers import require_rows, whole
from checks.labels import IGNORED
from checks.models import tokenizer
from checks.printed import flags, training_lines
from checks.proof import expected, main


def without_tools(record: dict[str, Any], end: int) -> dict[str, Any]:
    """The record without its first message and the line break behind that: its tools, which never reach OpenRLHF's template."""
    start = record["input_ids"].index(end) + 2
    return {name: record[name][start:] for name in ("input_ids", "weight")} | {"task": record["task"]}


def check(folder: Path) -> dict[str, Any]:
    """Rows, and positions that train."""
    (lines,) = training_lines(folder, "openrlhf")
    given = flags(lines["text"])
    chat = tokenizer(folder)
    data = SimpleNamespace(input_key=given["data.input_key"], apply_chat_template=given["data.apply_chat_template"])
    rows = SFTDataset(
        load_dataset(str(folder / given["data.dataset"]), split="train"),
        chat,
        int(given["data.max_len"]),
        SimpleNamespace(args=SimpleNamespace(data=data)),
        num_processors=1,
        multiturn=given["data.multiturn"],
    )
    read = []
    for ids, _, mask in rows:
        tokens = ids[0].tolist()
        # Its mask stands where a token is predicted, one before the token.
        trains = [0.0, *mask[0].tolist()[:-1]]
        read.append({"input_ids": tokens, "labels": [token if train else IGNORED for token, train in zip(tokens, trains)]})
    reference = [without_tools(record, chat.eos_token_id) for record in expected(folder)]
    return {"rows": len(read), "trained": require_rows(read, whole(reference, behind=1), behind=1)}


if __name__ == "__main__":
    main(check)
