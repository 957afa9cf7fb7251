"""
Chat templates of models, as TRL brings them: transformers renders every row of `trl-messages`, spelled as the profile spells it for that
template; calls are not encoded twice; and how often a template keeps what it rendered before a further message (the prefix property).
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerBase

from checks.models import tokenizer
from checks.proof import expected, json_lines, main


def is_prefixed(chat: PreTrainedTokenizerBase, messages: list[dict[str, Any]], tools: Any) -> bool:
    """Rendering up to an answer, and up to behind it, gives beginnings of the whole, for each answer."""
    whole = chat.apply_chat_template(messages, tools=tools, tokenize=False)
    for number, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        before = chat.apply_chat_template(messages[:number], tools=tools, tokenize=False, add_generation_prompt=True)
        behind = chat.apply_chat_template(messages[: number + 1], tools=tools, tokenize=False)
        if not whole.startswith(before) or not whole.startswith(behind.rstrip()):
            return False
    return True


def is_twice(text: str, messages: list[dict[str, Any]]) -> bool:
    """Some call's arguments stand in it as JSON text of JSON text."""
    calls = [call["function"]["arguments"] for message in messages for call in message.get("tool_calls") or []]
    texts = [given if isinstance(given, str) else json.dumps(given) for given in calls]
    return any(json.dumps(one) in text for one in texts if one != "{}")


def texts_in(value: Any) -> list[str]:
    """Every text in a call's arguments, which may be JSON text themselves."""
    given = json.loads(value) if isinstance(value, str) else value
    return [one for one in given.values() if isinstance(one, str)]


def shows_calls(text: str, messages: list[dict[str, Any]]) -> bool:
    """Every text that a function is called with stands in it, plainly or as JSON does."""
    calls = [call["function"] for message in messages for call in message.get("tool_calls") or []]
    said = [one for call in calls for one in [call["name"], *texts_in(call["arguments"])]]
    return all(one in text or json.dumps(one)[1:-1] in text for one in said)


def begins(one: list[int], other: list[int]) -> bool:
    """One of both is a beginning of the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def check(folder: Path) -> dict[str, Any]:
    """
    Rows; of them those rendered, with the ids that the log was opened with (`same`), with the prefix property, with arguments encoded
    twice, without a call (`silent`); how arguments are spelled; refusals.
    """
    chat = tokenizer(folder)
    rows = json_lines(folder / "trl-messages" / "train.jsonl")
    rendered = same = prefixed = twice = silent = 0
    reference = [record["input_ids"] for record in expected(folder)]
    refused: Counter[str] = Counter()
    for row in rows:
        tools = json.loads(row["tools"]) if row.get("tools") else None
        try:
            text = chat.apply_chat_template(row["messages"], tools=tools, tokenize=False)
        except Exception as error:
            refused[str(error)[:120]] += 1
            continue
        rendered += 1
        ids = chat(text.rstrip(), add_special_tokens=False)["input_ids"]
        same += any(begins(ids, record) for record in reference)
        twice += is_twice(text, row["messages"])
        silent += not shows_calls(text, row["messages"])
        try:
            prefixed += is_prefixed(chat, row["messages"], tools)
        except Exception:
            # A beginning that the template refuses is none.
            pass
    spelled = {type(call["function"]["arguments"]).__name__ for row in rows for m in row["messages"] for call in m.get("tool_calls") or []}
    found = {"rows": len(rows), "rendered": rendered, "same": same, "prefixed": prefixed, "twice": twice, "silent": silent}
    return found | {"spelled": sorted(spelled), "refused": dict(refused)}


if __name__ == "__main__":
    main(check)
