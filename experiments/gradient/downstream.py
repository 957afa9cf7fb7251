"""Train on what was selected, and see what was learnt.

    python experiments/gradient/downstream.py --policy A --forest s2 --mode sft --plan … --selected … --out results/downstream-sft.json

Every run takes the same number of steps on batches of as many rows. SFT: the summed loss, judged by the mean KL from the true
policy on held-out rollouts, and on those of them with a correct answer (nats a trajectory, lower is better). RL: GRPO's clipped
objective with the advantages of the log, judged by the same objective on held-out rollouts (higher is better), and by the KL.
"""

import argparse
import json
import pathlib
import time

import policy as model
import numpy as np

from measure import CORRECT, references
from rows import Forest, read_rows
from train import Adam, divergences

CLIP = 0.2
#: Every so many of the held-out trajectories are judged on.
EVERY = 6


def own_weights(forest, weights):
    """[(row, weight of each position)]: each distinct token weighs in the first row that shows it; rows without any are left out."""
    found = []
    for r, row in enumerate(forest.rows):
        own = forest.first[forest.token[r], 0] == r
        here = np.where(own, weights[forest.token[r]], 0)
        if here.any():
            found.append((row.ids, here))
    return found


def token_log_probs(policy, state, ids, at):
    """log p of the tokens behind positions `at`, and log p of all."""
    logp = policy.log_probs(state, at)
    return logp[np.arange(len(at)), ids[at + 1]], logp


def add_gradient(policy, ids, weight, gradient, old):
    """Add the gradient of a row; with `old` log-probs, that of the clipped objective in place of the loss."""
    at = np.flatnonzero(weight[1:])
    w = weight[at + 1].astype(np.float32)
    state = policy.forward(ids[: int(at.max()) + 2])
    own, logp = token_log_probs(policy, state, ids, at)
    if old is not None:
        ratio = np.exp(own - old)
        w = w * ratio * ~((w > 0) & (ratio > 1 + CLIP) | (w < 0) & (ratio < 1 - CLIP))
    residual = np.exp(logp)
    residual[np.arange(len(at)), ids[at + 1]] -= 1
    policy.backward(state, at, residual * w[:, None], gradient)


def learn(start, rows, steps, rate, seed, clipped, size=6):
    """A policy trained from `start` on rows of (ids, weights)."""
    policy, random = model.Policy(start.shape, start.vector.copy()), np.random.default_rng(seed)
    adam, order = Adam(policy.shape.size), []
    olds = {}
    for step in range(steps):
        gradient = np.zeros(policy.shape.size, np.float32)
        for _ in range(min(size, len(rows))):
            if not order:
                order = list(random.permutation(len(rows)))
            r = order.pop()
            ids, weight = rows[r]
            if clipped and r not in olds:
                at = np.flatnonzero(weight[1:])
                olds[r] = token_log_probs(start, start.forward(ids[: int(at.max()) + 2]), ids, at)[0]
            add_gradient(policy, ids, weight, gradient, olds.get(r))
        gradient *= 1 / max(1e-12, float(np.linalg.norm(gradient)))
        adam.move(policy.vector, gradient, rate * min(1.0, (step + 1) / 5, (steps - step) / (0.7 * steps)))
    return policy


def objective(policy, rows, weights, olds=None):
    """GRPO's clipped objective of whole rows over that of the start, and the log-probs of their sampled tokens."""
    total, found = 0.0, []
    for r, row in enumerate(rows):
        at = np.flatnonzero(row.sampled) - 1
        own, _ = token_log_probs(policy, policy.forward(row.ids[:-1]), row.ids, at)
        found.append(own)
        if olds is not None:
            ratio = np.exp(own - olds[r])
            total += float((np.minimum(weights[r] * ratio, weights[r] * np.clip(ratio, 1 - CLIP, 1 + CLIP)) - weights[r]).sum())
    return total, found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/experiment"))
    parser.add_argument("--policy", required=True)
    parser.add_argument("--forest", required=True)
    parser.add_argument("--mode", choices=("sft", "rl"), required=True)
    parser.add_argument("--plan", type=pathlib.Path, required=True)
    parser.add_argument("--selected", required=True, help="what select.mjs wrote, without its ending")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--rate", type=float, help="default: 3e-3 for SFT, 1e-4 for RL, which leaves the clipped region at more")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.rate = args.rate or {"sft": 3e-3, "rl": 1e-4}[args.mode]
    start = model.load(args.work / f"{args.policy}.npz")
    forest = Forest(read_rows(args.work / f"{args.forest}.rows.jsonl"))
    held = read_rows(args.work / "held.rows.jsonl")
    held_weights = references(held, Forest(held))[2][::EVERY]
    held = held[::EVERY]
    plan, chosen = json.loads(args.plan.read_text()), json.loads(pathlib.Path(f"{args.selected}.json").read_text())
    weights = np.nan_to_num(np.fromfile(f"{args.selected}.f32", np.float32).reshape(len(plan), forest.size))
    olds = objective(start, held, held_weights)[1]
    correct = np.array([row.reward is not None and row.reward >= CORRECT for row in held])

    def judge(policy):
        each = divergences(policy, held)
        return {"divergence": float(each.mean()), "onCorrect": float(each[correct].mean())}

    before = judge(start)
    results = json.loads(args.out.read_text())["runs"] if args.out.exists() else []
    done = {(run["name"], run["budget"], run["seed"]) for run in results}
    # The full set and 30 % first.
    for s, entry in sorted(enumerate(plan), key=lambda item: (-item[1]["budget"], item[1]["seed"])):
        key = (entry["name"], entry["budget"], entry["seed"])
        if entry["mode"] != args.mode or chosen["figures"][s].get("refused") or not weights[s].any() or key in done:
            continue
        started = time.monotonic()
        policy = learn(start, own_weights(forest, weights[s]), args.steps, args.rate, entry["seed"], args.mode == "rl")
        run = {name: entry[name] for name in ("name", "target", "mode", "budget", "seed")}
        run |= judge(policy)
        if args.mode == "rl":
            run["objective"] = objective(policy, held, held_weights, olds)[0]
        results.append(run)
        print(json.dumps(run | {"seconds": round(time.monotonic() - started)}), flush=True)
        facts = {"policy": args.policy, "forest": args.forest, "mode": args.mode, "steps": args.steps, "rate": args.rate}
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps({**facts, "before": before, "runs": results}) + "\n")


if __name__ == "__main__":
    main()
