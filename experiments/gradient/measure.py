"""Judge selections by exact gradients.

    python experiments/gradient/measure.py --policy A --forest s2 --work .cache/experiment --out results/s2-A.json

Reads the plan, the weights that select.mjs found for it and the product's figures; writes for each entry the cosine with the
full gradient and with the held-out one, the norm ratio, the least cosine of a layer, and what is shown on screen beside it.
"""

import argparse
import hashlib
import json
import pathlib
import time

import policy as model
import numpy as np

from gradients import by_node, compare, cosine, direct_gradients, node_gradients, rows_gradients
from rows import Forest, grpo, read_rows

#: Reward of a correct answer, without the part for its form.
CORRECT = 1.0
KINDS = ("sft", "success", "rl")
#: Selections judged at a time.
BATCH = 32


def references(rows, forest):
    """Weight of each row on its sampled tokens in the full loss of each kind, [kinds, rows].

    sft: 1 / its task's rows. success: 1 / its task's rows with a correct answer, for these. rl: as sft, times the advantage.
    """
    good = np.array([row.reward is not None and row.reward >= CORRECT for row in rows], float)
    share, success = np.zeros(len(rows)), np.zeros(len(rows))
    for members in forest.rows_of:
        share[members] = 1 / len(members)
        success[members] = good[members] / max(1, good[members].sum())
    return np.stack([share, success, share * grpo(rows, forest.tasks)])


def token_weights(forest, rows_weight):
    """Weights of rows as weights of distinct tokens."""
    weight = np.zeros(forest.size)
    for r, row in enumerate(forest.rows):
        np.add.at(weight, forest.token[r][row.sampled], rows_weight[r])
    return weight


class Head:
    """Per sampled token: residual p - onehot and last state, from which the gradient of the output head alone is exact."""

    def __init__(self, policy, forest):
        self.tokens = np.flatnonzero(forest.sampled)
        place = np.full(forest.size, -1)
        place[self.tokens] = np.arange(len(self.tokens))
        self.residual = np.zeros((len(self.tokens), policy.shape.vocabulary), np.float16)
        self.state = np.zeros((len(self.tokens), policy.shape.width), np.float32)
        for r, row in enumerate(forest.rows):
            own = np.flatnonzero((forest.first[forest.token[r], 0] == r) & (forest.sampled[forest.token[r]] > 0))
            if len(own) == 0:
                continue
            state = policy.forward(row.ids[: int(own.max()) + 1])
            line = place[forest.token[r][own]]
            self.residual[line] = policy.residuals(state, own - 1)
            self.state[line] = state["last"][own - 1]
        wide = self.residual.astype(np.float32)
        #: Squared length of each residual, by distinct token.
        self.square = np.zeros(forest.size)
        self.square[self.tokens] = np.square(wide).sum(1)

    def gradients(self, weight):
        """(sum of weight x residual, sum of weight x residual (x) state), flat."""
        w = weight[self.tokens]
        used = np.flatnonzero(w)
        residual = self.residual[used].astype(np.float32) * w[used, None].astype(np.float32)
        return residual.sum(0), (residual.T @ self.state[used]).ravel()


def rounded(value):
    """Numbers with four digits behind the point, which is what results hold."""
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def once(path, make):
    """The array at a path, made by `make()` where there is none yet."""
    if not path.exists():
        found = make()
        np.save(path.with_suffix(".part.npy"), found)
        path.with_suffix(".part.npy").rename(path)
    return np.load(path, mmap_mode="r")


def held_gradients(policy, work, name):
    """Gradients of the held-out rollouts, one per kind."""
    rows = read_rows(work / "held.rows.jsonl")
    return once(work / f"held-{name}.npy", lambda: rows_gradients(policy, rows, references(rows, Forest(rows))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/experiment"))
    parser.add_argument("--policy", required=True)
    parser.add_argument("--forest", required=True)
    parser.add_argument("--plan", type=pathlib.Path, required=True)
    parser.add_argument("--selected", required=True, help="what select.mjs wrote, without its ending")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--only-gradients", action="store_true", help="keep the gradients of all nodes in the working folder, then stop")
    args = parser.parse_args()
    started = time.monotonic()
    policy = model.load(args.work / f"{args.policy}.npz")
    rows = read_rows(args.work / f"{args.forest}.rows.jsonl")
    forest = Forest(rows)
    plan, chosen = json.loads(args.plan.read_text()), json.loads(pathlib.Path(f"{args.selected}.json").read_text())
    weights = np.fromfile(f"{args.selected}.f32", np.float32).reshape(len(plan), forest.size)
    # A rollout that could not be scored has no advantage: it takes no part in RL.
    weights = np.nan_to_num(weights)
    node = np.asarray(chosen["nodes"], np.int32)
    held = held_gradients(policy, args.work, args.policy)
    digest = hashlib.sha256(node.tobytes()).hexdigest()[:8]
    nodes_path = args.work / f"nodes-{args.policy}-{args.forest}-{digest}.npy"
    per_node = once(nodes_path, lambda: node_gradients(policy, forest, node))
    print(json.dumps({"nodes": len(per_node), "seconds": round(time.monotonic() - started)}), flush=True)
    if args.only_gradients:
        return
    full_weights = np.stack([token_weights(forest, weight) for weight in references(rows, forest)]).astype(np.float32)
    full_nodes, uneven = by_node(full_weights, node)
    assert not uneven.any(), "tokens of one node weigh differently in the full set"
    full = full_nodes @ per_node
    ratio = {kind: {"held": cosine(full[k], held[k]), "norm": float(np.linalg.norm(full[k]))} for k, kind in enumerate(KINDS)}
    print(json.dumps({"full": ratio}), flush=True)
    head = Head(policy, forest)
    head_full = [head.gradients(weight) for weight in full_weights]
    worth = [np.abs(weight) * head.square for weight in full_weights]
    node_weights, uneven = by_node(weights, node)
    # Two ways to one gradient: the sum over nodes, and one backward pass over what was exported.
    tried = next((s for s in range(len(plan)) if plan[s]["target"] == "cut" and not uneven[s] and weights[s].any()), 0)
    agreement = cosine(direct_gradients(policy, forest, weights[tried : tried + 1])[0], node_weights[tried] @ per_node)
    assert agreement > 0.9999, f"the sum over nodes and a direct backward pass differ: cosine {agreement}"

    def judge(kind, gradient, weight):
        truth = compare(gradient, full[kind], policy.shape.groups) | {"held": cosine(gradient, held[kind])}
        if kind == 0:
            truth |= {"success": cosine(gradient, full[1]), "heldSuccess": cosine(gradient, held[1])}
        logits, last = head.gradients(weight)
        retained = float(worth[kind][weight != 0].sum() / worth[kind].sum())
        layers = {"logits": cosine(logits, head_full[kind][0]), "lastLayer": cosine(last, head_full[kind][1])}
        return {"truth": truth, "exact": layers | {"gradientRetained": retained}}

    kinds = [KINDS.index(entry["mode"]) for entry in plan]
    keys = [hashlib.sha256(weight.tobytes() + bytes([kind])).hexdigest() for weight, kind in zip(weights, kinds)]
    # What was judged in an earlier run of the same policy and forest is not judged again.
    cache_path = args.work / f"judged-{args.policy}-{args.forest}.json"
    known = json.loads(cache_path.read_text()) if cache_path.exists() else {}
    todo = [s for s in range(len(plan)) if keys[s] not in known and not chosen["figures"][s].get("refused")]
    for start in range(0, len(todo), BATCH):
        batch = np.array(todo[start : start + BATCH])
        gradients = node_weights[batch] @ per_node
        if uneven[batch].any():
            gradients[uneven[batch]] = direct_gradients(policy, forest, weights[batch[uneven[batch]]])
        for s, gradient in zip(batch, gradients):
            known[keys[s]] = rounded(judge(kinds[s], gradient, weights[s]))
        cache_path.write_text(json.dumps(known))
        done = {"judged": min(start + BATCH, len(todo)), "of": len(todo), "seconds": round(time.monotonic() - started)}
        print(json.dumps(done), flush=True)
    results = []
    for s, entry in enumerate(plan):
        if keys[s] in known:
            named = {name: entry[name] for name in ("name", "target", "mode", "budget", "seed")}
            results.append(named | {"tokens": int((weights[s] != 0).sum()), **known[keys[s]], "shown": rounded(chosen["figures"][s])})
    args.out.parent.mkdir(parents=True, exist_ok=True)
    refused = sorted({f"{entry['name']}: {figure['refused']}" for entry, figure in zip(plan, chosen["figures"]) if figure.get("refused")})
    facts = {"policy": args.policy, "forest": args.forest, "full": ratio, "direct": agreement, "refused": refused}
    lines = ",\n".join(json.dumps(entry) for entry in results)
    args.out.write_text(f'{json.dumps(rounded(facts))[:-1]}, "entries": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
