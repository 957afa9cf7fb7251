"""AReaL's own tree packing, in its own words, agrees with what the reference loader makes of packed trees: tries, masks, log-probs."""

import importlib.util
import logging
import sys
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from checks.proof import main, require

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
import espalier_tree  # noqa: E402


def load_areal() -> tuple[ModuleType, ModuleType]:
    """Its modules `tree` and `functional`, as installed. What they name of the rest, which asks for a cluster, is left empty."""
    (folder,) = importlib.util.find_spec("areal").submodule_search_locations
    for name in ("areal", "areal.api", "areal.infra", "areal.models", "areal.models.tree_attn", "areal.utils", "areal.utils.functional"):
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__path__ = [str(Path(folder, *name.split(".")[1:]))]
    for name, members in EMPTY.items():
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(members)
    sys.modules["areal.utils"].stats_tracker = None
    sys.modules["areal.utils.logging"] = logging
    from areal.models.tree_attn import functional, tree

    return tree, functional


EMPTY: dict[str, dict[str, Any]] = {
    "areal.utils.perf_tracer": {"trace_perf": lambda *_, **__: lambda traced: traced, "trace_scope": lambda *_, **__: nullcontext()},
    "areal.api.cli_args": {"MicroBatchSpec": None},
    "areal.utils.data": {"MicroBatchList": None},
    "areal.infra.platforms": {"is_npu_available": False, "current_platform": None},
}


def shape(trie: Any) -> list[tuple[Any, ...]]:
    """The nodes of a trie, without what refers to others as objects."""
    return [
        (*node.tree_indices, list(node.tokens), sorted(node.sequence_ids), [above.tree_indices for above in node.ancestors])
        for node in trie.nodes
    ]


def check_row(tree: ModuleType, functional: ModuleType, row: espalier_tree.Row) -> float:
    """Returns by how much its loss differs, relative."""
    batch = espalier_tree.to_areal(row, node_type=tree.TrieNode)
    length, flat = len(row["input_ids"]), list(espalier_tree.flat_rows(row))
    # Its own packing of the same samples, in the order of the tree, without which its tries raise.
    order = sorted(range(len(flat)), key=lambda number: flat[number]["input_ids"].tolist())
    ids = torch.nn.utils.rnn.pad_sequence([flat[number]["input_ids"] for number in order], batch_first=True)
    lengths = torch.tensor([len(flat[number]["input_ids"]) for number in order])
    own = {"input_ids": ids, "attention_mask": torch.arange(ids.shape[1]) < lengths[:, None]}
    (trie,), (tokens,) = tree._greedy_build_tries(own, length)
    for node in trie.nodes:
        node.sequence_ids = [order[number] for number in node.sequence_ids]
    require(tokens == int(row["segment_offsets"][-1]) and shape(trie) == shape(batch["trie_node"]), "its trie is another")
    mask = tree._build_attention_mask(batch["trie_node"], length, torch.device("cpu"))
    require(torch.equal(mask[:tokens], espalier_tree.additive_mask(row)[0, 0, :tokens] == 0), "its mask is another")
    positions = tree.get_packed_tree_position_ids(batch["input_ids"], mask)
    require(torch.equal(positions, batch["position_ids"]), "its positions are others")
    logits = torch.randn(length, int(row["input_ids"].max()) + 1, generator=torch.Generator().manual_seed(length))
    theirs = functional.gather_packed_tree_logprobs(logits, batch["trie_node"], batch["input_ids"])
    # A value of a token stands where it is predicted, one earlier in its sample.
    sizes = [len(sample["input_ids"]) for sample in flat]
    weights = torch.cat([own.roll(-1) for own in batch["loss_weight"].split(sizes)])
    loss, wanted = -(weights * theirs).sum(), espalier_tree.loss(logits, row)
    difference = float((loss - wanted).abs() / wanted.abs().clamp(min=1e-9))
    require(difference < 1e-5, f"its log-probs make a loss of {loss}, not {wanted}")
    return difference


def check(folder: Path) -> dict[str, Any]:
    """Rows, nodes, and the largest difference of the loss."""
    tree, functional = load_areal()
    rows = list(espalier_tree.rows(folder / "tree"))
    # Logits over the ids that occur: the numbers of ids keep their order.
    used = torch.unique(torch.cat([row["input_ids"] for row in rows]))
    small = [{**row, **{name: torch.searchsorted(used, row[name]) for name in ("input_ids", "target_id")}} for row in rows]
    return {
        "rows": len(rows),
        "nodes": sum(len(row["segment_parents"]) for row in rows),
        "loss": max(check_row(tree, functional, row) for row in small),
    }


if __name__ == "__main__":
    main(check)
