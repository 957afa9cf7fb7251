"""Read the logs that the evaluation uses: message texts, and generations with logged log-probs."""

import json

TEXT_KEYS = ("content", "text", "value", "output", "arguments", "completion", "response", "reasoning_content", "thought", "observation")
# Ids after the shared ones that occur in the logs.
QWEN_MORE = {
    151643: "<|endoftext|>",
    151644: "<|im_start|>",
    151645: "<|im_end|>",
    151657: "<tool_call>",
    151658: "</tool_call>",
    144247: "✅",
    151665: "<tool_response>",
    151666: "</tool_response>",
    151667: "<think>",
    151668: "</think>",
}


def records(path):
    """The JSON values of a file: one document or one per line."""
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        yield json.loads(text)
    except ValueError:
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def log_files(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".jsonl", ".traj"))


def walk(value):
    """Every dict inside a JSON value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def rollout_texts(folder):
    """For every record its messages, tool calls and tool results in order, each text once."""
    for path in log_files(folder):
        for record in records(path):
            for rollout in record if isinstance(record, list) else [record]:
                found = (item.get(key) for item in walk(rollout) for key in TEXT_KEYS)
                texts = dict.fromkeys(text for text in found if isinstance(text, str) and text.strip())
                text = "\n\n".join(texts).encode("utf-8", "replace").decode()
                if len(text) >= 400:
                    yield text


def decode(ids, pieces):
    """Bytes of every Qwen id, None when one of them is not known."""
    out = []
    for index in ids:
        if index in QWEN_MORE:
            out.append(QWEN_MORE[index].encode())
        elif index < len(pieces):
            out.append(pieces[index])
        else:
            return None
    return out


def known_tail(ids, pieces):
    """Text of the ids after the last one that is not known."""
    tail = []
    for index in reversed(ids):
        piece = decode([index], pieces)
        if piece is None:
            break
        tail += piece
    return b"".join(reversed(tail)).decode("utf-8", "replace")


def logged_text(item):
    content = item.get("content")
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content)
    return content or ""


def gym_generation(item, pieces):
    """One generation of a NeMo-Gym log by token; None when its ids cannot be read as the logged text."""
    parts = decode(item["generation_token_ids"], pieces)
    log_probs = item["generation_log_probs"]
    if parts and parts[-1] == b"<|im_end|>":
        parts, log_probs = parts[:-1], log_probs[:-1]  # the end of turn is no text
    if not parts or len(parts) != len(log_probs):
        return None
    try:
        text = b"".join(parts).decode()
    except UnicodeDecodeError:
        return None
    same = logged_text(item).strip() in text if item["type"] == "message" else item["name"] in text
    same = same and len(parts) > 1
    return {"pieces": parts, "log_probs": log_probs, "before": known_tail(item["prompt_token_ids"], pieces)} if same else None


def logged_generations(folder, pieces):
    """Every distinct generation that has log-probs and token text (or ids that `pieces` can read)."""
    seen = set()
    for path in log_files(folder):
        source = path.relative_to(folder).as_posix()
        for record in records(path):
            for item in walk(record):
                tokens = (item.get("logprobs") or {}).get("content") if isinstance(item.get("logprobs"), dict) else None
                made = None
                if tokens and tokens[0].get("bytes"):
                    made = {"pieces": [bytes(t["bytes"]) for t in tokens], "log_probs": [t["logprob"] for t in tokens], "before": ""}
                elif pieces and item.get("generation_log_probs") and item.get("type") in ("message", "function_call"):
                    made = gym_generation(item, pieces)
                    if made is None:
                        print("left out: a generation of", source, "with", len(item["generation_log_probs"]), "log-probs")
                if made:
                    key = (made["before"], b"".join(made["pieces"]))
                    if key not in seen:  # rollouts that repeat each other count once
                        seen.add(key)
                        yield made | {"source": "/".join(source.split("/")[:3:2])}
