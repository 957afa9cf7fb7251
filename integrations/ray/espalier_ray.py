"""Prunes a log of any size on Ray Data: records are brought together by task, and each part of whole tasks is pruned by Espalier.

    python espalier_ray.py 'logs/' --out /shared/set --parts 64 --espalier 'node /opt/espalier/bin/espalier.mjs' \\
        -- --preset rl
"""

import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ray

#: Ships to the workers with the job.
CLUSTER = Path(__file__).resolve().parent.parent / "cluster"
sys.path.append(str(CLUSTER))

from espalier_parts import (  # noqa: E402
    check_flags,
    plan_parts,
    prune_part,
    read_arguments,
    share_budget,
    shares_budget,
    task_keys,
    write_curve,
    write_manifest,
)


def prune_on_ray(paths: Sequence[str], out: str, parts: int, command: Sequence[str], flags: Sequence[str]) -> dict[str, Any]:
    """Writes `out/part-00000/…` and `out/manifest.json`; the manifest.

    `paths` are files and folders of JSON Lines, as Ray Data reads text. `out` is a folder that all workers see. Parts follow each
    other in the order of tasks, so that a file of one process is the files of that name of all parts, one behind the other.
    """
    check_flags(flags)

    def with_tasks(batch: dict[str, Any]) -> dict[str, Any]:
        records = [record for record in batch["text"] if record.strip() != ""]
        keyed = list(task_keys(command, records))
        return {"task": [task for task, _ in keyed], "record": records, "size": [len(record) for record in records]}

    keyed = ray.data.read_text(list(paths)).map_batches(with_tasks, batch_size=None, batch_format="numpy").materialize()
    sizes = {row["task"]: row["sum(size)"] for row in keyed.groupby("task", num_partitions=parts).sum("size").iter_rows()}
    plan = ray.put(plan_parts(sizes, parts))

    def with_part(batch: dict[str, Any]) -> dict[str, Any]:
        places = ray.get(plan)
        return {"part": [places[task] for task in batch["task"]], "record": batch["record"]}

    def folder(group: dict[str, Any]) -> Path:
        return Path(out) / f"part-{int(group['part'][0]):05d}"

    def curve(group: dict[str, Any]) -> dict[str, Any]:
        path = write_curve(command, flags, map(str, group["record"]), folder(group))
        return {"path": ["" if path is None else str(path)]}

    placed = keyed.map_batches(with_part, batch_size=None, batch_format="numpy").groupby("part", num_partitions=parts)
    share = None
    if shares_budget(flags):
        curves = [Path(row["path"]) for row in placed.map_groups(curve, batch_format="numpy").take_all() if row["path"] != ""]
        share = share_budget(command, flags, curves, Path(out) / "shared.json")

    def prune(group: dict[str, Any]) -> dict[str, Any]:
        manifest = prune_part(command, flags, map(str, group["record"]), folder(group), share)
        return {"name": [folder(group).name], "manifest": [json.dumps(manifest)]}

    rows = placed.map_groups(prune, batch_format="numpy").take_all()
    manifests = {row["name"]: json.loads(row["manifest"]) for row in rows}
    return write_manifest(Path(out), {name: manifest for name, manifest in manifests.items() if manifest is not None}, share)


def main() -> None:
    """As a program: what stands behind `--` are flags of `espalier prune`."""
    own, flags = read_arguments(__doc__ or "", "files and folders of JSON Lines, as Ray Data reads text")
    # Workers run in a folder of their own.
    paths = [path if "://" in path else str(Path(path).resolve()) for path in own.paths]
    ray.init(runtime_env={"working_dir": str(CLUSTER)}, log_to_driver=False)
    joined = prune_on_ray(paths, str(Path(own.out).resolve()), own.parts, shlex.split(own.espalier), flags)
    print(json.dumps({"parts": len(joined["parts"]), "totals": joined["totals"]}))


if __name__ == "__main__":
    main()
