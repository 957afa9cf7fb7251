"""The lines that the export dialog prints for a profile, as text."""

import json
from pathlib import Path
from typing import Any


def training_lines(folder: Path, profile: str) -> list[dict[str, Any]]:
    """`{trainer, fileName, text}` of each trainer that the profile names."""
    return json.loads((folder / "training.json").read_text(encoding="utf-8"))[profile]


def flags(text: str) -> dict[str, Any]:
    """`--name value`, `--name` (True) and `name=value` of a printed command, by name."""
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.rstrip("\\").split()]
    found: dict[str, Any] = {}
    for word, after in zip(words, [*words[1:], "--"]):
        if word.startswith("--"):
            found[word[2:]] = True if after.startswith("--") else after
        elif "=" in word:
            name, value = word.split("=", 1)
            found[name] = value
    return found
