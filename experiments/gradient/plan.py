"""What is compared: a list of (rule, target, budget, convention, seed) that select.mjs hands to the product, entry by entry."""

import argparse
import dataclasses
import json
import pathlib

BUDGETS = (0.05, 0.1, 0.2, 0.3, 0.5)

#: Events are neither favoured nor pinned and no context is added, so that a strategy alone is judged.
PLAIN = {"protect": {}, "trainProtect": {}, "context": 0}


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the tables. A cut's budget is a share of the distinct tokens, a train target's one of the sampled tokens."""

    name: str
    target: str
    rule: dict
    #: Convention of weights; None: the default.
    weights: str | None = None
    seeds: int = 1
    modes: tuple = ("sft", "rl")
    #: Open the log without its entropies, so that entropy is the model's.
    bare: bool = False
    #: With the product's default protection: as a preset has it.
    protected: bool = False


def cut(name, strategy, **options):
    rule = {"strategy": strategy} | options.pop("rule", {})
    return Row(name, "cut", rule, **options)


def train(name, method, **options):
    rule = {"train": method} | options.pop("rule", {})
    return Row(name, "train", rule, **options)


GRADIENT = {"signal": "gradient"}
MEAN = {"weights": "kept-mean"}
#: As src/core/rule/presets/sft.ts has it.
SFT_PRESET = {"strategy": "best-rollouts", "outcome": "successes", **GRADIENT, "trainProtect": {"memory": {"level": "pin"}}}
ROWS = (
    cut("density, entropy", "density"),
    cut("density, entropy, by task", "density", rule={"scope": "task"}),
    cut("density, entropy of the model", "density", bare=True),
    cut("density, gradient", "density", rule=GRADIENT),
    cut("best-first", "best-first"),
    cut("breadth-first", "breadth-first"),
    cut("random nodes", "random", seeds=3),
    cut("whole rollouts", "whole-rollouts", seeds=5, **MEAN),
    cut("whole rollouts, by task", "whole-rollouts", rule={"scope": "task"}, seeds=3, **MEAN),
    cut("best rollouts", "best-rollouts", **MEAN),
    cut("PODS", "pods", modes=("rl",), **MEAN),
    cut("HES", "hes", **MEAN),
    cut("whole branches, entropy", "whole-branches"),
    cut("whole branches, gradient", "whole-branches", rule=GRADIENT),
    cut("RL preset", "whole-branches", rule=GRADIENT, modes=("rl",), protected=True),
    train("nodes, entropy", "nodes"),
    train("nodes, gradient", "nodes", rule=GRADIENT),
    train("top tokens, entropy", "top"),
    train("top tokens, gradient", "top", rule=GRADIENT),
    train("forking tokens", "forking"),
    train("forking tokens, entropy of the model", "forking", bare=True),
    train("random tokens", "random", seeds=2),
    train("unbiased tokens, entropy", "unbiased"),
    train("unbiased tokens, gradient", "unbiased", rule=GRADIENT, seeds=2),
    train("SFT preset", "unbiased", rule=SFT_PRESET, seeds=2, modes=("sft",), protected=True, **MEAN),
)


def entries(rows=ROWS, budgets=BUDGETS, most_seeds=5):
    """All entries, the full set of each mode first."""
    plan = []
    for mode in ("sft", "rl"):
        whole = {"name": "full", "target": "full", "mode": mode, "budget": 1, "seed": 0}
        plan.append(whole | {"rule": {**PLAIN, "mode": mode}, "cut": 1, "train": 1})
    for mode in ("sft", "rl"):
        for row in rows:
            if mode not in row.modes:
                continue
            for budget in budgets:
                shares = {"cut": budget if row.target == "cut" else 1, "train": budget if row.target == "train" else 1}
                for seed in range(min(row.seeds, most_seeds)):
                    entry = {"name": row.name, "target": row.target, "mode": mode, "budget": budget, "seed": seed}
                    rule = {**({} if row.protected else PLAIN), **row.rule, "mode": mode, "seed": seed}
                    entry |= {"rule": rule, **shares, "bare": row.bare}
                    plan.append(entry | ({"weights": row.weights} if row.weights else {}))
    return plan


#: Trained on, at 10 and 30 %, with three seeds: of the selection where it is random, and of the order of training.
DOWNSTREAM = {
    "sft": (
        "whole rollouts",
        "best rollouts",
        "density, entropy",
        "density, gradient",
        "whole branches, entropy",
        "random nodes",
        "nodes, entropy",
        "top tokens, gradient",
        "random tokens",
        "unbiased tokens, gradient",
        "SFT preset",
    ),
    "rl": ("whole rollouts", "PODS", "density, entropy", "density, gradient", "RL preset", "unbiased tokens, gradient"),
}


def downstream():
    """Entries to train on; rows that are not random have three entries too, one for each order of training."""
    plan = [entry | {"seed": seed} for seed in range(3) for entry in entries()[:2]]
    for row in ROWS:
        modes = tuple(mode for mode in row.modes if row.name in DOWNSTREAM[mode])
        plan += entries((dataclasses.replace(row, seeds=3, modes=modes),), (0.1, 0.3))[2:]
    return plan


def real():
    """Entries for the real log, which has no entropy of its own: fewer rows, budgets and seeds."""
    rows = [row for row in ROWS if not row.bare and "by task" not in row.name and row.name != "forking tokens"]
    rows = [dataclasses.replace(row, seeds=min(row.seeds, 3 if row.target == "cut" else 1)) for row in rows]
    return entries(rows, (0.1, 0.2, 0.3))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--kind", choices=("all", "few", "downstream", "real"), default="all")
    args = parser.parse_args()
    plans = {
        "all": entries,
        "few": lambda: entries(budgets=(0.1, 0.2, 0.3), most_seeds=2),
        "downstream": downstream,
        "real": real,
    }
    args.out.write_text(json.dumps(plans[args.kind](), indent=1) + "\n")


if __name__ == "__main__":
    main()
