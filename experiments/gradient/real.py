"""A real log, scored with the bundled model: exact gradients of 3 M weights with a short context, kept as sketches.

    python experiments/gradient/real.py --plan … --selected … --out results/tau-bundled.json

Every node's gradient is computed with the `context` tokens before it, and kept as a count sketch of 8,192 numbers for each group
of weights, which puts an error of about .01 on a cosine. There is no held-out set.
"""

import argparse
import json
import pathlib
import time

import numpy as np
import onnx

import policy as model
from gradients import by_node, compare
from measure import KINDS, references, rounded, token_weights
from rows import Forest, read_rows

BUCKETS = 8192


def read_onnx(path):
    """The bundled model as a policy: its initializers have the names of the policy's weights."""
    stored = {item.name: onnx.numpy_helper.to_array(item) for item in onnx.load(path).graph.initializer}
    vocabulary, width = stored["embedding"].shape
    layers = sum(name.endswith(".qkv") for name in stored)
    shape = model.Shape(vocabulary, width, layers, heads=4, inner=stored["layer.0.down"].shape[0])
    policy = model.Policy.random(shape, 0)
    for name, view in policy.weights.items():
        view[:] = stored[name]
    return policy


class Sketch:
    """A count sketch of each group of weights."""

    def __init__(self, shape, seed=5):
        random = np.random.default_rng(seed)
        sizes = [(span, span.stop - span.start) for _, span in shape.groups]
        self.groups = [(span, random.integers(0, BUCKETS, n), random.choice(np.float32([-1, 1]), n)) for span, n in sizes]
        self.size = BUCKETS * len(self.groups)
        self.spans = [(name, slice(i * BUCKETS, (i + 1) * BUCKETS)) for i, (name, _) in enumerate(shape.groups)]

    def of(self, gradient):
        parts = [np.bincount(bucket, gradient[span] * sign, BUCKETS) for span, bucket, sign in self.groups]
        return np.concatenate(parts).astype(np.float32)


def windows(forest, members, context):
    """(row, first position, positions) of each list of distinct tokens: what is seen begins `context` tokens before it."""
    for ks in members:
        r = int(forest.first[ks.max()][0])
        where = np.flatnonzero(np.isin(forest.token[r], ks))
        yield r, max(0, int(where[0]) - context), where


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/experiment"))
    parser.add_argument("--context", type=int, default=224)
    parser.add_argument("--plan", type=pathlib.Path, required=True)
    parser.add_argument("--selected", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    started = time.monotonic()
    policy = read_onnx(args.work / "model-bundled" / "model.onnx")
    forest = Forest(read_rows(args.work / "tau.rows.jsonl"))
    plan, chosen = json.loads(args.plan.read_text()), json.loads(pathlib.Path(f"{args.selected}.json").read_text())
    weights = np.nan_to_num(np.fromfile(f"{args.selected}.f32", np.float32).reshape(len(plan), forest.size))
    node = np.asarray(chosen["nodes"], np.int32)
    full_weights = np.stack([token_weights(forest, weight) for weight in references(forest.rows, forest)]).astype(np.float32)
    node_weights, uneven = by_node(weights, node)
    full_nodes, _ = by_node(full_weights, node)
    uneven = np.flatnonzero(uneven)
    sketch = Sketch(policy.shape)
    tokens = np.flatnonzero(node >= 0)
    members = np.split(tokens[np.argsort(node[tokens], kind="stable")], np.cumsum(np.bincount(node[tokens]))[:-1])
    per_node = np.zeros((len(members), sketch.size), np.float32)
    # Selections of single tokens are summed node by node, each node's part from the same forward pass.
    apart = np.zeros((len(uneven), policy.shape.size), np.float32)
    unit = np.zeros(policy.shape.size, np.float32)
    for n, (r, start, where) in enumerate(windows(forest, members, args.context)):
        ids = forest.rows[r].ids[start : int(where[-1]) + 1]
        at = where - start - 1
        at, ks = at[at >= 0], forest.token[r][where][at >= 0]
        if len(at) == 0:
            continue
        state = policy.forward(ids)
        residual = policy.residuals(state, at)
        unit[:] = 0
        policy.backward(state, at, residual, unit)
        per_node[n] = sketch.of(unit)
        for s, selection in enumerate(uneven):
            w = weights[selection][ks]
            kept = np.flatnonzero(w)
            policy.backward(state, at[kept], residual[kept] * w[kept, None], apart[s])
        if n % 100 == 0:
            print(json.dumps({"node": n, "of": len(members), "seconds": round(time.monotonic() - started)}), flush=True)
    full, gradients = full_nodes @ per_node, node_weights @ per_node
    for s, selection in enumerate(uneven):
        gradients[selection] = sketch.of(apart[s])
    results = []
    for s, entry in enumerate(plan):
        if chosen["figures"][s].get("refused"):
            continue
        kind = KINDS.index(entry["mode"])
        named = {name: entry[name] for name in ("name", "target", "mode", "budget", "seed")}
        truth = compare(gradients[s], full[kind], sketch.spans)
        results.append(rounded(named | {"tokens": int((weights[s] != 0).sum()), "truth": truth, "shown": chosen["figures"][s]}))
    facts = {"forest": "tau", "policy": "bundled", "context": args.context, "tokens": forest.size, "nodes": len(members)}
    lines = ",\n".join(json.dumps(entry) for entry in results)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(f'{json.dumps(facts)[:-1]}, "entries": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
