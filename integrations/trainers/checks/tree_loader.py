"""The reference loader of packed trees against flat rows: loss and gradients of one forward a row, masks, and other trainers' forms."""

import math
import os
import sys
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel

from checks.lines import filled, model_folder, weights_of
from checks.models import tiny_model
from checks.printed import training_lines
from checks.proof import expected, main, require

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
import espalier_tree  # noqa: E402

# By how much gradients may differ, relative to their length. Llama's norms and angles stay in float32 where its weights are float64.
CLOSE = {torch.float32: 1e-4, torch.float64: 1e-7}


def gradients(model: PreTrainedModel, losses: Any) -> tuple[float, torch.Tensor]:
    """The sum of the losses, and its gradient by all parameters."""
    model.zero_grad()
    total = 0.0
    for loss in losses:
        loss.backward()
        total += loss.item()
    return total, torch.cat([weight.grad.flatten().double() for weight in model.parameters()])


def flat_loss(model: PreTrainedModel, ids: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """What a causal trainer computes for a row: each token's loss at the output before it."""
    logits = model(input_ids=ids[None]).logits[0, :-1]
    return -(weight[1:].to(logits) * logits.log_softmax(-1).gather(1, ids[1:, None])[:, 0]).sum()


def tree_loss(model: PreTrainedModel, row: espalier_tree.Row, ids: torch.Tensor) -> torch.Tensor:
    """One forward of a packed row."""
    mask = espalier_tree.additive_mask(row, model.dtype)
    logits = model(input_ids=ids[None], position_ids=row["position_ids"][None], attention_mask=mask).logits
    return espalier_tree.loss(logits, row)


def areal_mask(batch: espalier_tree.Row) -> torch.Tensor:
    """As AReaL's _build_attention_mask makes it of a trie: each sequence causal over its nodes."""
    length = batch["input_ids"].shape[1]
    sees = torch.zeros(length, length, dtype=torch.bool)
    nodes = batch["trie_node"].nodes
    for sequence in sorted({number for node in nodes for number in node.sequence_ids}):
        own = [node for node in nodes if sequence in node.sequence_ids]
        at = torch.cat([torch.arange(node.start_idx, node.end_idx + 1) for node in own])
        rows, columns = torch.tril_indices(len(at), len(at))
        sees[at[rows], at[columns]] = True
    return sees


def automodel_mask(batch: espalier_tree.Row) -> torch.Tensor:
    """As Automodel's AttnMaskSpec.prefix_tree has it: each node sees its ancestors whole, and itself causally."""
    lengths, paths = batch["prefix_tree"]
    ends = torch.tensor(lengths).cumsum(0).tolist()
    sees = torch.zeros(ends[-1], ends[-1], dtype=torch.bool)
    for path in paths:
        for place, node in enumerate(path):
            own = slice(ends[node] - lengths[node], ends[node])
            sees[own, own] = torch.ones(lengths[node], lengths[node], dtype=torch.bool).tril()
            for above in path[:place]:
                sees[own, ends[above] - lengths[above] : ends[above]] = True
    return sees


def check_forms(row: espalier_tree.Row) -> int:
    """Masks of all forms are one; values unfold alike. Returns how many labels Automodel's form lacks."""
    tokens = int(row["segment_offsets"][-1])
    sees = espalier_tree.additive_mask(row)[0, 0] == 0
    require(bool(sees[tokens:].sum(1).eq(1).all()), "padding sees more than itself")
    require(torch.equal(sees.sum(1)[:tokens] - 1, row["position_ids"][:tokens]), "a token does not see as many as stand above it")
    blocks = espalier_tree.block_mask(row, block=32)
    at = torch.arange(len(sees))
    dense = blocks.mask_mod(torch.tensor(0), torch.tensor(0), at[:, None], at[None, :])
    require(torch.equal(dense, sees), "the block mask is another")
    require(blocks.sparsity() > 0, "the block mask leaves nothing out")
    areal = espalier_tree.to_areal(row)
    require(torch.equal(areal_mask(areal)[:tokens, :tokens], sees[:tokens, :tokens]), "AReaL's mask is another")
    nodes = areal["trie_node"].nodes
    sequences = [sum((node.tokens for node in nodes if number in node.sequence_ids), []) for number in range(len(row["sample_paths"]))]
    flat = list(espalier_tree.flat_rows(row))
    require(sequences == [sample["input_ids"].tolist() for sample in flat], "AReaL's sequences are others")
    require(len(areal["loss_weight"]) == sum(map(len, sequences)), "AReaL's values are not one a token")
    automodel = espalier_tree.to_automodel(row)
    require(torch.equal(automodel_mask(automodel), sees[:tokens, :tokens]), "Automodel's mask is another")
    labels = automodel["labels"][0]
    trained = {(int(at), int(target)) for at, target in zip(row["pred_index"], row["target_id"])}
    named = {(int(at), int(labels[at])) for at in (labels != -100).nonzero()[:, 0]}
    require(named <= trained, "Automodel's labels are others")
    return len(trained) - len(named)


def check_attention(row: espalier_tree.Row) -> float:
    """FlexAttention with the block mask against dense attention with the additive one: the largest difference of outputs."""
    from torch.nn.attention.flex_attention import flex_attention

    torch.manual_seed(1)
    query, key, value = torch.randn(3, 1, 2, len(row["input_ids"]), 16)
    dense = torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=espalier_tree.additive_mask(row))
    difference = (flex_attention(query, key, value, block_mask=espalier_tree.block_mask(row)) - dense).abs().max().item()
    require(difference < 1e-5, f"FlexAttention differs by {difference}")
    return difference


def check_lines(folder: Path) -> float:
    """The lines that the profile prints train: weights move. Returns the loss of their last row."""
    (lines,) = training_lines(folder, "tree")
    before = Path.cwd()
    os.chdir(folder)
    try:
        made: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(filled(folder, lines["text"]), lines["fileName"], "exec"), made)
    finally:
        os.chdir(before)
    start = AutoModelForCausalLM.from_pretrained(model_folder(folder), dtype=made["model"].dtype)
    require(not torch.equal(weights_of(start), weights_of(made["model"])), "the model is what it was")
    require(math.isfinite(made["total"]) and made["total"] > 0, f"loss {made['total']}")
    return float(made["total"])


def check(folder: Path) -> dict[str, Any]:
    """Rows, samples and losses, and by how much loss and gradients differ, relative."""
    reference = expected(folder)
    rows = list(espalier_tree.rows(folder / "tree"))
    flat = [sample for row in rows for sample in espalier_tree.flat_rows(row)]
    key = lambda task, rollout, ids: (task, rollout, tuple(map(int, ids)))  # noqa: E731
    wanted = sorted(key(record["task"], record["rollout"], record["input_ids"]) for record in reference)
    require(sorted(key(row["task"], row["rollout"], row["input_ids"]) for row in flat) == wanted, "samples are not the records")
    missing = sum(map(check_forms, rows))
    # A small model of the ids that occur.
    used = torch.unique(torch.cat([row["input_ids"] for row in rows]))
    found: dict[str, Any] = {"rows": len(rows), "samples": len(flat), "losses": sum(len(row["pred_index"]) for row in rows)}
    found |= {"labels_missing": missing, "flex": check_attention(min(rows, key=lambda row: len(row["input_ids"])))}
    if (folder / "tokenizer").exists():
        found["lines"] = check_lines(folder)
    for dtype, close in CLOSE.items():
        model = tiny_model(len(used)).to(dtype)
        small = lambda ids: torch.searchsorted(used, torch.as_tensor(ids))  # noqa: E731
        records = ((small(record["input_ids"]), torch.tensor(record["weight"], dtype=torch.float64)) for record in reference)
        loss, gradient = gradients(model, (flat_loss(model, ids, weight) for ids, weight in records))
        packed = ({**row, "target_id": small(row["target_id"])} for row in rows)
        tree, tree_gradient = gradients(model, (tree_loss(model, row, small(row["input_ids"])) for row in packed))
        name = str(dtype).removeprefix("torch.")
        found[f"loss_{name}"] = abs(tree - loss) / abs(loss)
        found[f"gradient_{name}"] = ((tree_gradient - gradient).norm() / gradient.norm()).item()
        require(found[f"loss_{name}"] < close, f"{name}: a loss of {tree}, flat {loss}")
        require(found[f"gradient_{name}"] < close, f"{name}: gradients differ by {found[f'gradient_{name}']}")
    return found


if __name__ == "__main__":
    main(check)
