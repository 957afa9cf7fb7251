"""What every check shares: reads a folder of training sets, and says in one line of JSON what a trainer made of them."""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Callable


class Mismatch(Exception):
    """A trainer reads something else than what was exported."""


def require(holds: bool, message: str) -> None:
    """Raises Mismatch with the message unless it holds."""
    if not holds:
        raise Mismatch(message)


def difference(read: str, written: str) -> str:
    """Where two texts part, with some of each."""
    at = next((index for index, (a, b) in enumerate(zip(read, written)) if a != b), min(len(read), len(written)))
    start = max(0, at - 40)
    return f"at {at} of {len(read)} and {len(written)}: {read[start : at + 60]!r} is {written[start : at + 60]!r}"


def json_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def expected(folder: Path) -> list[dict[str, Any]]:
    """The reference: `{task, rollout, input_ids, weight}` for each training record, both lists of one length."""
    return json_lines(folder / "expected.jsonl")


def main(check: Callable[[Path], dict[str, Any]]) -> None:
    """
    Runs a check on each folder named on the command line. Prints what it returns, one line each, last on standard output, and ends
    with 0; with 1 where it raises Mismatch. Any other exception is a defect of the check, or a trainer that refuses the file.
    """
    lines: list[str] = []
    for folder in sys.argv[1:]:
        try:
            # Trainers print what they like.
            with redirect_stdout(sys.stderr):
                lines.append(json.dumps(check(Path(folder))))
        except Mismatch as mismatch:
            print(json.dumps({"mismatch": str(mismatch)}))
            sys.exit(1)
    print("\n".join(lines))
