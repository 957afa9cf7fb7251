"""What is compared: a list of (rule, target, budget, convention, seed) that select.mjs hands to the product, entry by entry."""

import argparse
import json
import pathlib

BUDGETS = (0.05, 0.1, 0.2, 0.3, 0.5)

#: Events are neither favoured nor pinned, so that a strategy alone is judged.
PLAIN = {"protect": {}, "trainProtect": {}, "context": 0}

#: name -> (rule, convention of weights, seeds, modes). Cuts: the budget is a share of the distinct tokens.
CUTS = {
    "density, entropy": ({"strategy": "density"}, None, 1, "both"),
    "density, entropy, by task": ({"strategy": "density", "scope": "task"}, None, 1, "both"),
    "density, gradient": ({"strategy": "density", "signal": "gradient"}, None, 1, "both"),
    "best-first": ({"strategy": "best-first"}, None, 1, "both"),
    "random nodes": ({"strategy": "random"}, None, 3, "both"),
    "breadth-first": ({"strategy": "breadth-first"}, None, 1, "both"),
    "whole rollouts": ({"strategy": "whole-rollouts"}, "kept-mean", 5, "both"),
    "best rollouts": ({"strategy": "best-rollouts"}, "kept-mean", 1, "both"),
    "PODS": ({"strategy": "pods"}, "kept-mean", 1, "rl"),
    "whole branches, entropy": ({"strategy": "whole-branches"}, None, 1, "both"),
    "whole branches, gradient": ({"strategy": "whole-branches", "signal": "gradient"}, None, 1, "both"),
    "HES": ({"strategy": "hes"}, "kept-mean", 1, "both"),
}

#: name -> (rule, seeds). The whole forest is computed; the budget is a share of the sampled tokens.
TRAINS = {
    "nodes, entropy": ({"train": "nodes"}, 1),
    "nodes, gradient": ({"train": "nodes", "signal": "gradient"}, 1),
    "top tokens, entropy": ({"train": "top"}, 1),
    "top tokens, gradient": ({"train": "top", "signal": "gradient"}, 1),
    "forking tokens": ({"train": "forking"}, 1),
    "random tokens": ({"train": "random"}, 3),
    "unbiased tokens, entropy": ({"train": "unbiased"}, 1),
    "unbiased tokens, gradient": ({"train": "unbiased", "signal": "gradient"}, 3),
}


def entries(budgets=BUDGETS, most_seeds=5):
    """All entries, the full set of each mode first."""
    whole = {"name": "full", "target": "full", "budget": 1, "seed": 0, "cut": 1, "train": 1}
    plan = [{**whole, "mode": mode, "rule": {**PLAIN, "mode": mode}} for mode in ("sft", "rl")]
    for mode in ("sft", "rl"):
        for name, (rule, weights, seeds, modes) in CUTS.items():
            if modes in ("both", mode):
                plan += made(name, "cut", mode, rule, weights, min(seeds, most_seeds), budgets)
        for name, (rule, seeds) in TRAINS.items():
            plan += made(name, "train", mode, rule, None, min(seeds, most_seeds), budgets)
    return plan


def made(name, target, mode, rule, weights, seeds, budgets):
    """The entries of one row: budgets x seeds."""
    return [
        {
            "name": name,
            "target": target,
            "mode": mode,
            "budget": budget,
            "seed": seed,
            "rule": {**PLAIN, **rule, "mode": mode, "seed": seed},
            "cut": budget if target == "cut" else 1,
            "train": budget if target == "train" else 1,
            **({"weights": weights} if weights else {}),
        }
        for budget in budgets
        for seed in range(seeds)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--small", action="store_true", help="three budgets, at most two seeds")
    args = parser.parse_args()
    plan = entries((0.1, 0.2, 0.3), 2) if args.small else entries()
    args.out.write_text(json.dumps(plan, indent=1) + "\n")


if __name__ == "__main__":
    main()
