"""
The renderers package, called as the SFT of prime-rl calls it, trains all answers of `prime-rl-sft`. Its renderer for any chat template
trains what transformers attributes to a message, the mark before an answer and the line break behind it among that.
"""

import json
from pathlib import Path
from typing import Any

from renderers.base import build_training_sample, create_renderer
from renderers.configs import DefaultRendererConfig

from checks.answers import whole
from checks.labels import IGNORED
from checks.models import tokenizer
from checks.proof import expected, json_lines, main, require


def with_objects(message: dict[str, Any]) -> dict[str, Any]:
    """With arguments from their JSON text: `deserialize_tool_calls` of prime-rl."""
    calls = message.get("tool_calls")
    if calls is None:
        return message
    read = [call | {"function": call["function"] | {"arguments": json.loads(call["function"]["arguments"])}} for call in calls]
    return message | {"tool_calls": read}


def check(folder: Path) -> dict[str, Any]:
    """Rows, and positions that train."""
    chat = tokenizer(folder)
    renderer = create_renderer(chat, DefaultRendererConfig())
    rows, wanted = json_lines(folder / "prime-rl-sft" / "train.jsonl"), whole(expected(folder))
    require(len(rows) == len(wanted), f"{len(rows)} rows, not {len(wanted)}")
    trained = 0
    for number, (row, one) in enumerate(zip(rows, wanted)):
        messages = [with_objects(message) for message in row["messages"]]
        tools = json.loads(row["tools"]) if isinstance(row.get("tools"), str) else row.get("tools")
        made = build_training_sample(renderer, messages, role_to_mask=lambda message: message["role"] == "assistant", tools=tools)
        ids, mask, length = list(made.token_ids), list(made.loss_mask), len(one["input_ids"])
        require(ids[:length] == one["input_ids"], f"row {number} has other ids")
        missed = [at for at in range(length) if one["labels"][at] != IGNORED and not mask[at]]
        require(not missed, f"row {number} does not train {len(missed)} positions, first {missed[:1]}")
        # A header before each answer, a line break behind it.
        answers = sum(message["role"] == "assistant" for message in messages)
        most = sum(label != IGNORED for label in one["labels"]) + answers * (len(chat.encode("<|im_start|>assistant\n\n")))
        require(sum(mask) <= most, f"row {number} trains {sum(mask)} positions of {most}")
        trained += sum(mask)
    return {"rows": len(rows), "trained": trained}


if __name__ == "__main__":
    main(check)
