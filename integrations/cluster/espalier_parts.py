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


def write_manifest(out: Path, manifests: Mapping[str, dict[str, Any]], share: Path | None = None) -> dict[str, Any]:
    """Joins the manifests of parts, by the names of their folders, and writes the whole's into `out`; returns it.

    `share`: what one budget left to each, see `share_budget`.
    """
    joined = join_manifests(dict(sorted(manifests.items())))
    if share is not None:
        # A bound for all tasks is not the sum of bounds.
        signal = json.loads(share.read_text(encoding="utf-8"))["signal"]
        joined["totals"]["signal"].update(bound=signal["bound"], bound_at_cost=signal["bound"])
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


def _given(flags: Sequence[str]) -> dict[str, str]:
    given = dict(zip(flags, [*flags[1:], ""]))
    given.update(flag.split("=", 1) for flag in flags if flag.startswith("--") and "=" in flag)
    return given


def check_flags(flags: Sequence[str]) -> None:
    """Raises PartError for flags of `espalier prune` that a part cannot follow without the others."""
    given = _given(flags)
    if given.get("--preset") == "auto":
        raise PartError("parts need a preset by name: each part would find another that suits it")
    for flag in ("--scores", "--import-scores"):
        if flag in given:
            raise PartError(f"{flag} names tokens of one forest, which no part has")


def shares_budget(flags: Sequence[str]) -> bool:
    """Whether all tasks have one budget, so that parts tell their curves before any of them is pruned."""
    return _given(flags).get("--scope") != "task"


def write_curve(command: Sequence[str], flags: Sequence[str], records: Iterable[str], folder: Path) -> Path | None:
    """Writes the curve of a part, which is called as its folder will be; None where no record was usable."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    out = folder.with_name(f"{folder.name}.curve")
    return None if _run_on(command, "curve", flags, records, out, (0,)) == 1 else out


def share_budget(command: Sequence[str], flags: Sequence[str], curves: Iterable[Path], out: Path) -> Path:
    """Cuts curves at the budget that `flags` name, writes what it leaves to each part, and removes the curves."""
    paths = sorted(curves)
    done = subprocess.run(
        [*command, "share", *map(str, paths), "--out", str(out), *flags], stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        raise PartError(f"espalier share: {done.stderr}")
    for path in paths:
        path.unlink()
    return out


def prune_part(
    command: Sequence[str], flags: Sequence[str], records: Iterable[str], folder: Path, share: Path | None = None
) -> dict[str, Any] | None:
    """Prunes the records of a part into a folder; its manifest, or None where no record was usable.

    `flags` are those of `espalier prune`; `share`: what one budget left to each part. Raises PartError where the command fails.
    """
    own = [] if share is None else ["--share", f"{share}:{folder.name}"]
    # 3: --strict, and there was an issue; the files are there, unless a target cannot say all that is in the records.
    if _run_on(command, "prune", [*flags, *own], records, folder, (0, 3)) == 1:
        return None
    manifest = folder / "manifest.json"
    if not manifest.exists():
        raise PartError(f"espalier prune of {folder.name}: nothing was written, because targets cannot say all of it (--strict)")
    return json.loads(manifest.read_text(encoding="utf-8"))


def _run_on(
    command: Sequence[str], verb: str, flags: Sequence[str], records: Iterable[str], out: Path, good: tuple[int, ...]
) -> int:
    """Runs a command on records, as one file; its exit code, which is 1 or among `good`."""
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log.jsonl"
        write_lines(log, records)
        done = subprocess.run([*command, verb, str(log), "--out", str(out), *flags], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (1, *good):
        raise PartError(f"espalier {verb} of {out.name}: {done.stderr}")
    return done.returncode


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
        "more_issues": [{"part": name, **kind} for name, manifest in parts.items() for kind in manifest.get("more_issues", [])],
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
