"""A log opened with a tokenizer and its chat template has the ids that transformers renders, and trains inside its generation marks."""

import json
from pathlib import Path
from typing import Any

from checks.models import tokenizer
from checks.proof import Mismatch, difference, expected, json_lines, main, require


def openai_tools(tools: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Tools as chat templates want them."""
    return tools and [tool if "function" in tool else {"type": "function", "function": tool} for tool in tools]


def for_template(message: dict[str, Any]) -> dict[str, Any]:
    """Without our marks, and with arguments as objects, which these templates want."""
    said = {key: value for key, value in message.items() if key not in ("train", "weight")}
    for call in said.get("tool_calls") or []:
        arguments = call["function"]["arguments"]
        call["function"]["arguments"] = json.loads(arguments) if isinstance(arguments, str) else arguments
    return said


def check(folder: Path) -> dict[str, Any]:
    """Positions that train, and how many of them the template does not mark as generated; the reverse where all turns train."""
    chat = tokenizer(folder)
    trained = marked = outside = unmarked = cut = 0
    rows, records = expected(folder), json_lines(folder / "messages.jsonl")
    require(len(rows) == len(records), f"{len(rows)} token records of {len(records)}")
    for number, (row, record) in enumerate(zip(rows, records)):
        messages = [for_template(message) for message in record["messages"]]
        made = chat.apply_chat_template(
            messages, tools=openai_tools(record.get("tools")), return_dict=True, return_assistant_tokens_mask=True
        )
        # A record ends with its last answer, behind which templates break the line; where the log cuts that off, it is in tokens alone.
        ids = made["input_ids"]
        length = min(len(ids), len(row["input_ids"]))
        cut += len(ids) < len(row["input_ids"])
        if ids[:length] != row["input_ids"][:length] or len(ids) > length + 1:
            raise Mismatch(f"record {number}, {difference(chat.decode(ids), chat.decode(row['input_ids']))}")
        for generated, weight in zip(made["assistant_masks"], row["weight"]):
            marked += generated
            trained += weight > 0
            outside += weight > 0 and not generated
            unmarked += generated and not weight > 0
    require(cut <= 1, f"{cut} records end earlier as messages, and one answer of the log is cut off")
    return {"records": len(rows), "generated": marked, "trained": trained, "outside": outside, "generated_without_loss": unmarked}


if __name__ == "__main__":
    main(check)
