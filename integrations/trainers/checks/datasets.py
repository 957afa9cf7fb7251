"""Hugging Face `datasets` reads every JSONL file of the folder, in blocks of its own size and in small ones, with nothing changed."""

import math
from pathlib import Path
from typing import Any

from datasets import load_dataset

from checks.proof import json_lines, main, require

# A type is inferred from each block: small blocks show what a large file would.
BLOCKS = (10 << 20, 1 << 14)


def same(read: Any, written: Any) -> bool:
    """Equal, but for keys that another record has and this one lacks, which are read as None, and for the tenth decimal of floats."""
    if isinstance(written, dict) and isinstance(read, dict):
        return written.keys() <= read.keys() and all(same(value, written.get(key)) for key, value in read.items())
    if isinstance(written, list) and isinstance(read, list):
        return len(read) == len(written) and all(map(same, read, written))
    if isinstance(written, float) and isinstance(read, float):
        return math.isclose(read, written, rel_tol=1e-9, abs_tol=1e-9)
    return read == written


def check(folder: Path) -> dict[str, Any]:
    """Rows and columns of each file."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("**/*.jsonl")):
        name = str(path.relative_to(folder))
        if name == "expected.jsonl":
            continue
        records = json_lines(path)
        for block in BLOCKS:
            rows = load_dataset("json", data_files=str(path), split="train", chunksize=block, cache_dir=str(folder / f"cache-{block}"))
            require(len(rows) == len(records), f"{name}: {len(rows)} rows of {len(records)} records")
            for number, (row, record) in enumerate(zip(rows, records)):
                require(same(row, record), f"{name}: row {number} is read as {str(row)[:300]}")
            found[name] = {"rows": len(rows), "columns": rows.column_names}
    require(len(found) > 0, "no file to read")
    return found


if __name__ == "__main__":
    main(check)
