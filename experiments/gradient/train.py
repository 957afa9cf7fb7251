"""Train policies: A on other orchards only, C from A on fresh rollouts of the eight tasks, B from A on a few of them.

    python experiments/gradient/train.py --work .cache/experiment

Adam with a linear decay on whole rows; the loss is the mean over a batch's sampled tokens.
"""

import argparse
import json
import pathlib
import time

import policy as model
import numpy as np

from rows import read_rows


class Adam:
    """Adam on one vector."""

    def __init__(self, size):
        self.first, self.second, self.step = np.zeros(size, np.float32), np.zeros(size, np.float32), 0

    def move(self, vector, gradient, rate, clip=1.0):
        """Change the vector in place by one step; the gradient's norm is cut to `clip`."""
        gradient = gradient / max(1.0, float(np.linalg.norm(gradient)) / clip)
        self.step += 1
        self.first += 0.1 * (gradient - self.first)
        self.second += 0.02 * (np.square(gradient) - self.second)
        scale = rate * (1 - 0.98**self.step) ** 0.5 / (1 - 0.9**self.step)
        vector -= scale * self.first / (np.sqrt(self.second) + 1e-9)


def factor(step, total):
    """1 after a warm-up of 20 steps, falling to 0 over the last 70 %."""
    return min(1.0, step / 20, (total - step + 1) / (0.7 * total))


def fit(policy, rows, epochs, rate, seed, size=8, report=20):
    """Train a policy in place on the sampled tokens of rows."""
    random, adam = np.random.default_rng(seed), Adam(policy.shape.size)
    total, running = epochs * (len(rows) // size), None
    for _ in range(epochs):
        order = random.permutation(len(rows))
        for start in range(0, len(rows) // size * size, size):
            chosen = [rows[r] for r in order[start : start + size]]
            count = sum(int(row.sampled.sum()) for row in chosen)
            gradient = np.zeros(policy.shape.size, np.float32)
            loss = sum(policy.loss_gradient(row.ids, row.sampled / count, gradient) for row in chosen)
            adam.move(policy.vector, gradient, rate * factor(adam.step + 1, total))
            running = loss if running is None else 0.95 * running + 0.05 * loss
            if report and adam.step % report == 0:
                print(json.dumps({"step": adam.step, "of": total, "loss": round(running, 4)}), flush=True)
    return policy


def divergences(policy, rows):
    """For each row the sum over its sampled tokens of KL(true distribution || policy), nats."""
    found = []
    for row in rows:
        at = np.flatnonzero(row.sampled) - 1
        logp = policy.log_probs(policy.forward(row.ids[:-1]), at)
        certain = np.ones(len(at), bool)
        line = {int(position) + 1: k for k, position in enumerate(at)}
        total = 0.0
        for position, ids, probabilities in row.truth:
            k, p = line[position], np.asarray(probabilities)
            certain[k] = False
            total += float((p * (np.log(p) - logp[k, ids])).sum())
        found.append(total - float(logp[np.flatnonzero(certain), row.ids[at + 1][certain]].sum()))
    return np.array(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/experiment"))
    parser.add_argument("--small", action="store_true", help="one tiny policy of the eight tasks, in seconds")
    args = parser.parse_args()
    vocabulary = len(json.loads((args.work / "vocabulary.json").read_text()))
    held = read_rows(args.work / "held.rows.jsonl")
    if args.small:
        shape = model.Shape(vocabulary, width=32, layers=2, inner=64)
        plan = (("A", None, read_rows(args.work / "warm.rows.jsonl"), 5, 2, 2e-2),)
    else:
        shape = model.Shape(vocabulary)
        others = [row for path in sorted(args.work.glob("other*.rows.jsonl")) for row in read_rows(path)]
        fresh = read_rows(args.work / "fresh.rows.jsonl")
        few = fresh[:: len(fresh) // 128]
        plan = (("A", None, others, 1, 8, 4e-3), ("C", "A", fresh, 1, 3, 4e-3), ("B", "A", few, 1, 2, 2e-3))
    for name, base, rows, epochs, size, rate in plan:
        path = args.work / f"{name}.npz"
        if path.exists():
            continue
        started = time.monotonic()
        policy = model.load(args.work / f"{base}.npz") if base else model.Policy.random(shape, 1)
        fit(policy, rows, epochs, rate, seed=7, size=size)
        model.save(path, policy)
        figures = {"policy": name, "parameters": shape.size, "rows": len(rows), "seconds": round(time.monotonic() - started)}
        figures["divergence"] = round(float(divergences(policy, held[::8]).mean()), 2)
        path.with_suffix(".json").write_text(json.dumps(figures) + "\n")
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
