"""What a job on a cluster needs of the command line of Espalier: tasks of records, parts of whole tasks, one manifest of many."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

#: Records of which nothing can be used: they have no task, and their issues must still be told.
NO_TASK = ""


class PartError(Exception):
    """What the command line said where it failed, or why parts do not make one set."""


def read_arguments(description: str, paths: str) -> tuple[argparse.Namespace, list[str]]:
    """Arguments of a job as a program: `paths`, `out`, `parts`, `espalier`; and behind `--` the flags of `espalier prune`.

    `paths`: what the help says of them.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("paths", nargs="+", help=paths)
    parser.add_argument("--out", required=True, help="folder that all workers see")
    parser.add_argument("--parts", type=int, default=16, help="parts, each pruned by one process (default 16)")
    parser.add_argument("--espalier", default="espalier", help="how to start Espalier on a worker (default espalier)")
    given = sys.argv[1:]
    at = given.index("--") if "--" in given else len(given)
    return parser.parse_args(given[:at]), given[at + 1 :]


def write_manifest(out: Path, manifests: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Joins the manifests of parts, by the names of their folders, and writes the whole's into `out`; returns it."""
    joined = join_manifests(dict(sorted(manifests.items())))
    (out / "manifest.json").write_text(json.dumps(joined, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return joined


def task_keys(command: Sequence[str], records: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each record, a line of JSON, with the key of its task, in their order.

    `command` starts Espalier, such as `["node", "package/bin/espalier.mjs"]`. One process for all records, which are held in a
    temporary file and not in memory. Raises PartError where a record holds rollouts of several tasks: it belongs to no one part.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.jsonl"
        count = write_lines(log, records)
        with subprocess.Popen([*command, "tasks", str(log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as found:
            assert found.stdout is not None and found.stderr is not None
            rows = (json.loads(line) for line in found.stdout)
            row = next(rows, None)
            with log.open(encoding="utf-8", newline="\n") as lines:
                for number, line in enumerate(lines, start=1):
                    tasks = set()
                    while row is not None and row["line"] == number:
                        tasks.add(row["task"])
                        row = next(rows, None)
                    if len(tasks) > 1:
                        raise PartError(f"record {number} holds rollouts of {len(tasks)} tasks, such as {sorted(tasks)[:2]}")
                    yield (tasks.pop() if tasks else NO_TASK), line.rstrip("\n")
            code = found.wait()
            # 1: none of these records was usable.
            if code not in (0, 1):
                raise PartError(f"espalier tasks of {count} records: {found.stderr.read()}")


def plan_parts(sizes: Mapping[str, int], parts: int) -> dict[str, int]:
    """task -> its part. Parts hold whole tasks, follow each other in the order of keys, and are about equally large.

    `sizes`: task -> characters or bytes of its records.
    """
    # The order that Espalier's files have: by UTF-16 code units.
    ordered = sorted(sizes, key=lambda task: task.encode("utf-16-be", "surrogatepass"))
    total = sum(sizes.values())
    plan = {}
    before = 0
    for task in ordered:
        plan[task] = min(parts - 1, before * parts // max(1, total))
        before += sizes[task]
    return plan


def check_flags(flags: Sequence[str]) -> None:
    """Raises PartError for flags of `espalier prune` that a part cannot follow without the others."""
    given = dict(zip(flags, [*flags[1:], ""]))
    given.update(flag.split("=", 1) for flag in flags if flag.startswith("--") and "=" in flag)
    if given.get("--scope") != "task":
        raise PartError("parts need --scope task: with one budget over all tasks each part would spend it on its own")
    if given.get("--preset") == "auto":
        raise PartError("parts need a preset by name: each part would find another that suits it")
    for flag in ("--scores", "--import-scores"):
        if flag in given:
            raise PartError(f"{flag} names tokens of one forest, which no part has")


def prune_part(command: Sequence[str], flags: Sequence[str], records: Iterable[str], folder: Path) -> dict[str, Any] | None:
    """Prunes the records of a part into a folder; its manifest, or None where no record was usable.

    `flags` are those of `espalier prune`, `--scope task` among them. Raises PartError where the command fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log.jsonl"
        write_lines(log, records)
        done = subprocess.run(
            [*command, "prune", str(log), "--out", str(folder), *flags], stderr=subprocess.PIPE, text=True, check=False
        )
    if done.returncode == 1:
        return None
    # 3: --strict, and there was an issue; the files are there.
    if done.returncode not in (0, 3):
        raise PartError(f"espalier prune of {folder.name}: {done.stderr}")
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def write_lines(path: Path, records: Iterable[str]) -> int:
    """Records as lines; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for record in records:
            out.write(record + "\n")
            count += 1
    return count


#: Of these a whole has one, which all its parts name.
SAME = ("espalier_manifest", "tokenizer", "importance_by", "settings", "budget", "weights", "entropy_model", "skipped")


def join_manifests(parts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One manifest of those of the parts, by the names of their folders, in the order of tasks.

    Counts are added up. Raises PartError where the parts differ in what must be the same, such as what their signal is: a part
    whose records know no entropy counts turns, while another counts nats.
    """
    manifests = list(parts.values())
    first = manifests[0]
    for key in SAME:
        if any(manifest.get(key) != first.get(key) for manifest in manifests):
            raise PartError(f"parts differ in {key}: {sorted({json.dumps(manifest.get(key)) for manifest in manifests})[:2]}")
    signals = sorted({manifest["totals"]["signal"]["of"] for manifest in manifests})
    if len(signals) > 1:
        raise PartError(f"parts differ in what their signal is: {', '.join(signals)}; name one with --signal that all of them have")
    totals = _added([{**m["totals"], "signal": _additive(m["totals"]["signal"])} for m in manifests])
    totals["signal"]["of"] = signals[0]
    return {
        **{key: first[key] for key in SAME if key in first},
        "totals": totals,
        "tasks": [task for manifest in manifests for task in manifest["fidelity"]["tasks"]],
        "issues": [{"part": name, **issue} for name, manifest in parts.items() for issue in manifest["issues"]],
        "outputs": [
            {**output, "name": f"{name}/{output['name']}"} for name, manifest in parts.items() for output in manifest["outputs"]
        ],
        "parts": list(parts),
    }


def _additive(signal: Mapping[str, Any]) -> dict[str, Any]:
    """Of the signal what adds up over tasks."""
    return {key: signal[key] for key in ("kept", "total", "bound", "bound_at_cost")}


def _added(values: Sequence[Any]) -> Any:
    first = values[0]
    if isinstance(first, dict):
        return {key: _added([value[key] for value in values]) for key in first}
    return sum(values)
