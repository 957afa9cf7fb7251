"""Where a trainer renders conversations by a template of its own: which texts it trains, against the answers of the export."""

from typing import Any, Sequence

from checks.labels import IGNORED
from checks.proof import require


def trained_texts(chat: Any, ids: Sequence[int], labels: Sequence[int]) -> list[str]:
    """The text of each stretch of tokens with labels."""
    found: list[list[int]] = []
    open_stretch = False
    for token, label in zip(ids, labels):
        if label != IGNORED:
            if not open_stretch:
                found.append([])
            found[-1].append(token)
        open_stretch = label != IGNORED
    return [chat.decode(stretch, skip_special_tokens=False) for stretch in found]


def require_spoken(where: str, found: Sequence[str], wanted: Sequence[Sequence[str]]) -> int:
    """Each trained text holds the parts of its answer, one behind the other. Returns characters that train."""
    require(len(found) == len(wanted), f"{where} trains {len(found)} texts of {len(wanted)} answers")
    for text, parts in zip(found, wanted):
        at = 0
        for part in parts:
            at = text.find(part, at)
            require(at >= 0, f"{where} trains {text[:300]!r} without {part[:100]!r}")
            at += len(part)
    return sum(map(len, found))
