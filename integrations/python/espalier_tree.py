"""Reads Espalier's packed trees (docs/formats/tree.md): masks, losses, flat rows, and the forms of AReaL and NeMo Automodel."""

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

import torch

Row = dict[str, Any]  # the members of a row: tensors, but for the lists `sample_paths`, `sample_tasks` and `sample_rollouts`
INTEGERS = ("input_ids", "position_ids", "segment_offsets", "segment_parents", "node_lengths", "pred_index", "target_id", "sample_id")
FLOATS = ("loss_weight", "old_log_prob", "advantage")  # NaN: unknown
TEXTS = ("sample_tasks", "sample_rollouts")


def rows(path: str | Path) -> Iterator[Row]:
    """The rows of a file, or of all training files of a folder in their order; one row (Parquet: one group) in memory at a time."""
    path = Path(path)
    for file in [path] if path.is_file() else sorted(file for file in path.iterdir() if file.name.startswith("train")):
        kind = file.name.split(".", 1)[1]
        yield from map(_row, {"safetensors": _tensors, "parquet": _table}.get(kind, _lines)(file))


def _lines(file: Path) -> Iterator[Row]:
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _table(file: Path) -> Iterator[Row]:
    from pyarrow.parquet import ParquetFile

    table = ParquetFile(file)
    for group in range(table.num_row_groups):
        yield from table.read_row_group(group).to_pylist()


def _tensors(file: Path) -> Iterator[Row]:
    from safetensors import safe_open

    with safe_open(file, framework="pt") as tensors:
        offsets = {name: tensors.get_tensor(f"{name}.offsets").tolist() for name in tensors.keys() if f"{name}.offsets" in tensors.keys()}
        for r in range(len(offsets["input_ids"]) - 1):
            row = {name: tensors.get_slice(name)[start[r] : start[r + 1]] for name, start in offsets.items()}
            for name in ("sample_paths", *TEXTS):
                row[name] = [part.tolist() for part in row[name].split(row.pop(f"{name}.lengths").tolist())]
            yield {name: [bytes(text).decode() for text in value] if name in TEXTS else value for name, value in row.items()}


def _row(read: Row) -> Row:
    row = dict(read)
    row |= {name: torch.as_tensor(read[name], dtype=torch.long) for name in INTEGERS}
    for name in FLOATS:
        values = read.get(name)
        if not isinstance(values, torch.Tensor):
            values = [torch.nan if value is None else value for value in values or [None] * len(row["pred_index"])]
        row[name] = torch.as_tensor(values, dtype=torch.float64)
    return row


def subtree_ends(row: Row) -> torch.Tensor:
    """[N] where what hangs below a token's segment ends: token q sees token k if and only if k <= q < end[k]. Padding sees itself."""
    offsets, parents = row["segment_offsets"].tolist(), row["segment_parents"].tolist()
    last = offsets[1:]
    for s in range(len(parents) - 1, 0, -1):
        if parents[s] >= 0:
            last[parents[s]] = max(last[parents[s]], last[s])
    ends = torch.arange(1, len(row["input_ids"]) + 1)
    ends[: offsets[-1]] = torch.repeat_interleave(torch.tensor(last), row["node_lengths"])
    return ends


def additive_mask(row: Row, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """[1, 1, N, N]: 0 where a token (third axis) sees another (fourth), else the least number of the type, as transformers wants it."""
    at = torch.arange(len(row["input_ids"]))
    sees = (at[None, :] <= at[:, None]) & (at[:, None] < subtree_ends(row)[None, :])
    return torch.zeros(sees.shape, dtype=dtype).masked_fill(~sees, torch.finfo(dtype).min)[None, None]


def block_mask(row: Row, device: str = "cpu", block: int = 128) -> Any:
    """The same for torch.nn.attention.flex_attention, without N x N memory."""
    from torch.nn.attention.flex_attention import create_block_mask

    ends, length = subtree_ends(row).to(device), len(row["input_ids"])
    return create_block_mask(lambda b, h, q, k: (k <= q) & (q < ends[k]), None, None, length, length, device=device, BLOCK_SIZE=block)


def log_probs(logits: torch.Tensor, row: Row) -> torch.Tensor:
    """[M] of the targets. `logits`: [N, vocabulary] or [1, N, vocabulary] of one forward over `input_ids` and `position_ids`."""
    at = logits.reshape(-1, logits.shape[-1])[row["pred_index"].to(logits.device)]
    return at.log_softmax(-1).gather(1, row["target_id"].to(logits.device)[:, None])[:, 0]


def loss(logits: torch.Tensor, row: Row) -> torch.Tensor:
    """Sum of weight x -log p: over all rows, what flat training of the exported records gives."""
    return -(row["loss_weight"].to(logits) * log_probs(logits, row)).sum()


def flat_rows(row: Row) -> Iterator[Row]:
    """Each sample with one value a token: the losses of a shared token stand in the sample that `sample_id` names, 0 in the others."""
    for number, path in enumerate(row["sample_paths"]):
        ids = torch.cat([row["input_ids"][row["segment_offsets"][s] : row["segment_offsets"][s + 1]] for s in path])
        own = row["sample_id"] == number
        at = row["position_ids"][row["pred_index"][own]] + 1
        flat = {name: torch.zeros(len(ids), dtype=torch.float64).index_put((at,), row[name][own]) for name in FLOATS}
        yield {"task": row["sample_tasks"][number], "rollout": row["sample_rollouts"][number], "input_ids": ids, **flat}


@dataclass
class TrieNode:
    """The members of AReaL's class of that name (areal/models/tree_attn/tree.py); `node_type` of `to_areal` takes the real one."""

    tree_id: int
    start_idx: int = -1
    end_idx: int = -1  # inclusive
    tokens: list[int] = field(default_factory=list)
    sequence_ids: list[int] = field(default_factory=list)
    children: dict[int, Any] = field(default_factory=dict)
    ancestors: list[Any] = field(default_factory=list)
    nodes: list[Any] = field(default_factory=list)


def to_areal(row: Row, tree_id: int = 0, node_type: Any = TrieNode) -> Row:
    """AReaL's micro-batch: ids and positions [1, N], the trie, and the values of all samples one behind the other, by sample."""
    ids, offsets = row["input_ids"].tolist(), row["segment_offsets"].tolist()
    root = node_type(tree_id)
    for s, parent in enumerate(row["segment_parents"].tolist()):
        above, tokens = root.nodes[parent] if parent >= 0 else root, ids[offsets[s] : offsets[s + 1]]
        if tokens[0] in above.children:
            raise ValueError("two roots begin alike, which a trie cannot hold: write rows of one task (without across)")
        node = node_type(tree_id, offsets[s], offsets[s + 1] - 1, tokens, ancestors=[*above.ancestors, above] if parent >= 0 else [])
        above.children[tokens[0]] = node
        root.nodes.append(node)
    for sample, path in enumerate(row["sample_paths"]):
        for s in path:
            root.nodes[s].sequence_ids.append(sample)
    flat = list(flat_rows(row))
    values = {name: torch.cat([sample[name] for sample in flat]) for name in FLOATS}
    return {**{name: row[name][None] for name in ("input_ids", "position_ids")}, "trie_node": root, **values}


def to_automodel(row: Row) -> Row:
    """NeMo Automodel's batch, without padding. A token has one label at most, without weight: none where it predicts several ids."""
    length = int(row["segment_offsets"][-1])
    single = torch.bincount(row["pred_index"], minlength=length)[row["pred_index"]] == 1
    labels = torch.full((length,), -100).index_put((row["pred_index"][single],), row["target_id"][single])
    batch = {name: row[name][None, :length] for name in ("input_ids", "position_ids")}
    # For AttnMaskSpec.prefix_tree(*prefix_tree).
    return {**batch, "labels": labels[None], "prefix_tree": (row["node_lengths"].tolist(), row["sample_paths"])}
