"""Prunes a log of any size on Spark: records are brought together by task, and each part of whole tasks is pruned by Espalier.

    spark-submit --py-files ../cluster/espalier_parts.py espalier_spark.py 'logs/*.jsonl' --out /shared/set --parts 64 \\
        --espalier 'node /opt/espalier/bin/espalier.mjs' -- --preset rl
"""

import itertools
import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from espalier_parts import (
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
from pyspark import StorageLevel
from pyspark.sql import SparkSession


def prune_on_spark(
    spark: SparkSession, paths: Sequence[str], out: str, parts: int, command: Sequence[str], flags: Sequence[str]
) -> dict[str, Any]:
    """Writes `out/part-00000/…` and `out/manifest.json`; the manifest.

    `paths` are of JSON Lines, compressed or not, as Spark reads text. `out` is a folder that all workers see. Parts follow each
    other in the order of tasks, so that a file of one process is the files of that name of all parts, one behind the other.
    """
    check_flags(flags)
    lines = spark.read.text(list(paths)).rdd.map(lambda row: row.value).filter(lambda line: line.strip() != "")
    keyed = lines.mapPartitions(lambda records: task_keys(command, records)).persist(StorageLevel.DISK_ONLY)
    sizes = keyed.mapValues(len).reduceByKey(lambda a, b: a + b).collectAsMap()
    plan = spark.sparkContext.broadcast(plan_parts(sizes, parts))

    def folder(index: int) -> Path:
        return Path(out) / f"part-{index:05d}"

    def some(records: Iterable[tuple[int, str]]) -> Iterator[str] | None:
        lines = (record for _, record in records)
        first = next(lines, None)
        return None if first is None else itertools.chain([first], lines)

    def curve(index: int, records: Iterable[tuple[int, str]]) -> Iterator[Path]:
        lines = some(records)
        path = None if lines is None else write_curve(command, flags, lines, folder(index))
        if path is not None:
            yield path

    placed = keyed.map(lambda pair: (plan.value[pair[0]], pair[1])).partitionBy(parts, lambda part: part)
    share = None
    if shares_budget(flags):
        curves = placed.mapPartitionsWithIndex(curve).collect()
        share = share_budget(command, flags, curves, Path(out) / "shared.json")

    def prune(index: int, records: Iterable[tuple[int, str]]) -> Iterator[tuple[str, dict[str, Any]]]:
        lines = some(records)
        manifest = None if lines is None else prune_part(command, flags, lines, folder(index), share)
        if manifest is not None:
            yield folder(index).name, manifest

    manifests = dict(placed.mapPartitionsWithIndex(prune).collect())
    keyed.unpersist()
    return write_manifest(Path(out), manifests, share)


def main() -> None:
    """As a program: what stands behind `--` are flags of `espalier prune`."""
    own, flags = read_arguments(__doc__ or "", "JSON Lines, as Spark reads text")
    spark = SparkSession.builder.appName("espalier").getOrCreate()
    joined = prune_on_spark(spark, own.paths, own.out, own.parts, shlex.split(own.espalier), flags)
    print(json.dumps({"parts": len(joined["parts"]), "totals": joined["totals"]}))


if __name__ == "__main__":
    main()
