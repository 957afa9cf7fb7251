"""Tables and figures from the results, with nothing but Python's own library.

    python experiments/gradient/report.py [--results experiments/gradient/results] [--check]

Writes results/summary.json, figures/*.svg and the tables between the marks of README.md; with --check it writes nothing and
ends with 1 where README.md does not say what the results say.
"""

import argparse
import json
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
#: Budgets that tables show, and those of which the within-budget correlations are the mean.
BUDGETS = (0.1, 0.2, 0.3, 0.5)
#: What is shown on screen, or could be, beside the truth: name -> how it is read from an entry.
NUMBERS = {
    "meter": lambda entry: entry["shown"].get("meter"),
    "exact last layer": lambda entry: entry.get("exact", {}).get("lastLayer"),
    "exact logits": lambda entry: entry.get("exact", {}).get("logits"),
    "retained signal": lambda entry: entry["shown"]["retained"],
    "gradient-weighted retained": lambda entry: entry.get("exact", {}).get("gradientRetained"),
    "certificate": lambda entry: entry["shown"]["certificate"],
}


def mean(values):
    """Mean, NaN of nothing."""
    values = list(values)
    return sum(values) / len(values) if values else math.nan


def ranks(values):
    """Ranks from 0, equals share their mean."""
    order, found, at = sorted(range(len(values)), key=lambda i: values[i]), [0.0] * len(values), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for k in range(at, end + 1):
            found[order[k]] = (at + end) / 2
        at = end + 1
    return found


def spearman(a, b):
    """Rank correlation; NaN where one side is constant."""
    a, b = ranks(a), ranks(b)
    left, right = mean(a), mean(b)
    both = sum((x - left) * (y - right) for x, y in zip(a, b))
    spread = math.sqrt(sum((x - left) ** 2 for x in a) * sum((y - right) ** 2 for y in b))
    return both / spread if spread > 0 else math.nan


def correlations(entries):
    """number -> mean over budgets of the Spearman correlation with the true cosine within one budget, and mean |difference|."""
    found = {}
    for number, read in NUMBERS.items():
        within, differences = [], []
        for budget in sorted({entry["budget"] for entry in entries}):
            pairs = [(read(entry), entry["truth"]["cosine"]) for entry in entries if entry["budget"] == budget]
            pairs = [pair for pair in pairs if pair[0] is not None]
            if len(pairs) < 4:
                continue
            within.append(spearman(*zip(*pairs)))
            differences += [abs(shown - true) for shown, true in pairs]
        within = [value for value in within if not math.isnan(value)]
        if within:
            found[number] = {"spearman": round(mean(within), 3), "difference": round(mean(differences), 4), "budgets": len(within)}
    return found


def rows_of(entries):
    """(mode, target, name) -> budget -> entries of all seeds, in the order of the plan."""
    rows = {}
    for entry in entries:
        if entry["target"] != "full":
            rows.setdefault((entry["mode"], entry["target"], entry["name"]), {}).setdefault(entry["budget"], []).append(entry)
    return rows


def summarise(judged, downstream):
    """Everything that README, page and tests cite."""
    summary = {"full": {}, "rows": [], "correlations": [], "downstream": []}
    for result in judged:
        where = {"forest": result["forest"], "policy": result["policy"]}
        if "full" in result:
            summary["full"][f"{result['forest']}-{result['policy']}"] = result["full"]
        for (mode, target, name), budgets in rows_of(result["entries"]).items():
            for budget, entries in budgets.items():
                row = {**where, "mode": mode, "target": target, "name": name, "budget": budget, "seeds": len(entries)}
                for figure in ("cosine", "held", "norm", "least", "success", "heldSuccess"):
                    values = [entry["truth"][figure] for entry in entries if figure in entry["truth"]]
                    if values:
                        row[figure] = round(mean(values), 3)
                        if figure in ("cosine", "held") and len(values) > 1:
                            row[f"{figure}Sd"] = round(math.sqrt(mean((v - mean(values)) ** 2 for v in values)), 3)
                for figure in ("endings", "whole"):
                    row[figure] = round(mean(entry["shown"][figure] for entry in entries))
                summary["rows"].append(row)
        for mode in ("sft", "rl"):
            for target in ("cut", "train", "both"):
                wanted = ("cut", "train") if target == "both" else (target,)
                entries = [entry for entry in result["entries"] if entry["mode"] == mode and entry["target"] in wanted]
                for number, figures in correlations(entries).items():
                    summary["correlations"].append({**where, "mode": mode, "target": target, "number": number, **figures})
    for runs in downstream:
        kept = {}
        for run in runs["runs"]:
            kept.setdefault((run["name"], run["target"], run["budget"]), []).append(run)
        for (name, target, budget), group in kept.items():
            row = {"mode": runs["mode"], "policy": runs["policy"], "name": name, "target": target, "budget": budget, "seeds": len(group)}
            for figure in ("divergence", "onCorrect", "objective"):
                values = [run[figure] for run in group if figure in run]
                if values:
                    row[figure] = round(mean(values), 2)
                    row[f"{figure}Sd"] = round(math.sqrt(mean((v - mean(values)) ** 2 for v in values)), 2)
            summary["downstream"].append(row)
    return summary


def table(head, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def number(value, digits=2):
    """.93 for 0.93, as tables of cosines have it."""
    if value is None or math.isnan(value):
        return "–"
    return re.sub(r"^(-?)0\.", r"\1.", f"{value:.{digits}f}")


def cosine_table(summary, forest, target, figure="cosine"):
    """Rows by strategy, columns by mode and policy, each cell at the budgets of the tables."""
    rows = [row for row in summary["rows"] if row["forest"] == forest and row["target"] == target]
    columns = sorted({(row["mode"], row["policy"]) for row in rows if figure in row}, key=lambda column: (column[0] == "rl", column[1]))
    names = list(dict.fromkeys(row["name"] for row in rows))
    found = {(row["mode"], row["policy"], row["name"], row["budget"]): row for row in rows}
    lines = []
    for name in names:
        cells = []
        for mode, policy in columns:
            values = [found.get((mode, policy, name, budget)) for budget in BUDGETS]
            write = str if figure in ("endings", "whole") else number
            cells.append(" ".join(write(row[figure]) for row in values if row and figure in row) or "–")
        lines.append([name, *cells])
    return table(["", *(f"{mode.upper()} {policy}" for mode, policy in columns)], lines)


def correlation_cell(cell, with_difference):
    """The correlation, for the meter with its mean difference."""
    if not cell:
        return "–"
    return number(cell["spearman"]) + (f" ({number(cell['difference'], 3)})" if with_difference else "")


def full_table(summary):
    """How close the full set itself comes to the held-out gradient."""
    kinds = {"sft": "SFT", "success": "SFT, correct rollouts", "rl": "RL"}
    lines = [[where, *(number(figures[kind]["held"]) for kind in kinds)] for where, figures in summary["full"].items()]
    return table(["full set", *kinds.values()], lines)


def correlation_table(summary):
    """Numbers by mode and target, columns by forest and policy."""
    columns = list(dict.fromkeys((row["forest"], row["policy"]) for row in summary["correlations"]))
    found = {(r["number"], r["mode"], r["target"], r["forest"], r["policy"]): r for r in summary["correlations"]}
    lines = []
    for mode in ("sft", "rl"):
        for target in ("cut", "train", "both"):
            for name in NUMBERS:
                cells = [found.get((name, mode, target, *column)) for column in columns]
                if any(cells):
                    texts = (correlation_cell(cell, name == "meter") for cell in cells)
                    lines.append([f"{name}, {mode.upper()} {target}", *texts])
    return table(["", *(f"{policy} on {forest}" for forest, policy in columns)], lines)


def downstream_table(summary, mode):
    """Downstream figures, the best first within each budget."""
    rows = [row for row in summary["downstream"] if row["mode"] == mode]
    figure = "objective" if mode == "rl" else "divergence"
    rows.sort(key=lambda row: (row["budget"] != 1, row["budget"], row[figure] * (-1 if mode == "rl" else 1)))
    lines = []
    for row in rows:
        cells = [f"{row['name']} ({row['target']})", f"{row['budget']:.0%}", str(row["seeds"])]
        figures = ("objective", "divergence") if mode == "rl" else ("divergence", "onCorrect")
        cells += [f"{row[name]:.2f} ± {row[name + 'Sd']:.2f}" if name in row else "–" for name in figures]
        lines.append(cells)
    head = ["", "budget", "seeds", *(["objective", "KL"] if mode == "rl" else ["KL", "KL on correct ones"])]
    return table(head, lines)


def goals(summary):
    """What issue 8 asked to reach, and what was reached; each with its figures."""
    both = [row for row in summary["correlations"] if row["number"] == "meter" and row["target"] == "both" and row["policy"] in "AC"]
    found = []
    if both:
        rank, off = mean(row["spearman"] for row in both), mean(row["difference"] for row in both)
        found.append(("meter: within-budget Spearman, mean of modes and policies, ≥ 0.8", number(rank), rank >= 0.8))
        found.append(("meter: mean absolute difference ≤ 0.06", number(off, 3), off <= 0.06))

    def row(forest, policy, mode, name, budget):
        keys = {"forest": forest, "policy": policy, "mode": mode, "name": name, "budget": budget}
        return next((r for r in summary["rows"] if all(r[key] == value for key, value in keys.items())), None)

    for policy, mode in (("A", "sft"), ("A", "rl"), ("C", "rl")):
        drawn = row("s2", policy, mode, "unbiased tokens, gradient", 0.2)
        if drawn:
            value = drawn["cosine"]
            found.append((f"unbiased tokens at 20 %, {mode.upper()} {policy}: cosine ≥ .99", number(value, 3), value >= 0.99))
    pairs = (
        ("sft", "A", "SFT preset", "whole rollouts"),
        ("sft", "C", "SFT preset", "whole rollouts"),
        ("rl", "A", "RL preset", "PODS"),
        ("rl", "C", "RL preset", "PODS"),
    )
    for mode, policy, ours, other in pairs:
        for forest in ("s2", "s4"):
            a, b = row(forest, policy, mode, ours, 0.3), row(forest, policy, mode, other, 0.3)
            if a and b:
                text = f"{mode.upper()} {policy} on {forest}: held-out cosine of “{ours}” above “{other}” at 30 %"
                found.append((text, f"{number(a['held'], 3)} against {number(b['held'], 3)}", a["held"] > b["held"]))
    runs = {(r["mode"], r["name"], r["budget"]): r for r in summary["downstream"]}
    figures = {
        "divergence": "KL from the true policy",
        "onCorrect": "the same on correct held-out rollouts",
        "objective": "objective on held-out rollouts",
    }
    for figure, text in figures.items():
        mode = "rl" if figure == "objective" else "sft"
        ours, other = ("RL preset", "PODS") if mode == "rl" else ("SFT preset", "whole rollouts")
        a, b = runs.get((mode, ours, 0.3)), runs.get((mode, other, 0.3))
        if a and b and figure in a:
            better = a[figure] > b[figure] if mode == "rl" else a[figure] < b[figure]
            text = f"downstream {mode.upper()}: {text}, “{ours}” better than “{other}” at 30 %"
            found.append((text, f"{a[figure]:.2f} against {b[figure]:.2f}", better))
    return found


def lines_figure(summary, forest, policy, mode):
    """Cosine against budget, a line for each strategy, as SVG."""
    width, height, left, top, right, bottom = 760, 380, 46, 28, 214, 36
    rows = {}
    for row in summary["rows"]:
        if (row["forest"], row["policy"], row["mode"]) == (forest, policy, mode):
            rows.setdefault((row["target"], row["name"]), []).append((row["budget"], row["cosine"]))
    x = lambda budget: left + (width - left - right) * budget / 0.5
    y = lambda cosine: top + (height - top - bottom) * (1 - max(0.0, cosine))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{left}" y="16">{mode.upper()}, policy {policy}, forest {forest}: cosine with the full gradient by budget</text>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<path d="M{left} {y(tick):.1f}H{width - right}" stroke="#ddd"/><text x="8" y="{y(tick) + 4:.1f}">{tick}</text>')
    for tick in (0.05, 0.1, 0.2, 0.3, 0.5):
        parts.append(f'<text x="{x(tick):.1f}" y="{height - 14}" text-anchor="middle">{tick:.0%}</text>')
    for index, ((target, name), points) in enumerate(rows.items()):
        hue = index * 360 / max(1, len(rows))
        dash = ' stroke-dasharray="5 3"' if target == "train" else ""
        path = "L".join(f"{x(b):.1f} {y(c):.1f}" for b, c in sorted(points))
        colour = f"hsl({hue:.0f} 70% 40%)"
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.6"{dash}/>')
        spot = top + 4 + index * (height - top - bottom) / max(1, len(rows))
        parts.append(f'<path d="M{width - right + 10} {spot:.1f}h18" stroke="{colour}" stroke-width="1.6"{dash}/>')
        parts.append(f'<text x="{width - right + 34}" y="{spot + 4:.1f}">{name} ({target})</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def scatter_figure(judged):
    """What the meter shows against the truth, one dot an entry, as SVG."""
    size, left, top = 420, 46, 28
    x = lambda value: left + (size - left - 16) * max(0.0, value)
    y = lambda value: top + (size - top - 40) * (1 - max(0.0, value))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" font-size="11">',
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        f'<text x="{left}" y="16">True cosine (up) by what the meter shows; blue SFT, red RL</text>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#bbb"/>',
    ]
    for tick in (0, 0.5, 1):
        parts.append(f'<text x="{x(tick):.1f}" y="{size - 20}" text-anchor="middle">{tick}</text>')
        parts.append(f'<text x="16" y="{y(tick) + 4:.1f}">{tick}</text>')
    for result in judged:
        for entry in result["entries"]:
            shown = entry["shown"].get("meter")
            if shown is not None and entry["target"] != "full":
                colour = "#26a" if entry["mode"] == "sft" else "#c33"
                spot = f'cx="{x(shown):.1f}" cy="{y(entry["truth"]["cosine"]):.1f}"'
                parts.append(f'<circle {spot} r="2" fill="{colour}" fill-opacity=".5"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def sections(summary):
    """mark -> text between its marks in README.md."""
    found = {"goals": table(["", "measured", ""], [[text, value, "yes" if ok else "**no**"] for text, value, ok in goals(summary)])}
    for forest in dict.fromkeys(row["forest"] for row in summary["rows"]):
        for target in ("cut", "train"):
            found[f"{target}-{forest}"] = cosine_table(summary, forest, target)
            found[f"held-{target}-{forest}"] = cosine_table(summary, forest, target, "held")
    found["norm-cut-s2"], found["least-cut-s2"] = (cosine_table(summary, "s2", "cut", figure) for figure in ("norm", "least"))
    found["endings-s2"] = cosine_table(summary, "s2", "cut", "endings")
    found["full"] = full_table(summary)
    found["correlations"] = correlation_table(summary)
    found["downstream-sft"], found["downstream-rl"] = downstream_table(summary, "sft"), downstream_table(summary, "rl")
    return found


def filled(readme, summary):
    """The README with its tables made anew."""
    for mark, text in sections(summary).items():
        pattern = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.S)
        readme = pattern.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", readme)
    return readme


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    read = lambda pattern: [json.loads(path.read_text()) for path in sorted(args.results.glob(pattern))]
    judged, downstream = read("s?-?.json") + read("tau-*.json"), read("downstream-*.json")
    summary = summarise(judged, downstream)
    summary["goals"] = [{"goal": text, "measured": value, "reached": ok} for text, value, ok in goals(summary)]
    text = json.dumps(summary, indent=1, ensure_ascii=False) + "\n"
    readme = filled((HERE / "README.md").read_text(encoding="utf-8"), summary)
    if args.check:
        files = {args.results / "summary.json": text, HERE / "README.md": readme}
        stale = [path.name for path, said in files.items() if path.read_text(encoding="utf-8") != said]
        sys.exit(f"{' and '.join(stale)} do not say what the results say" if stale else 0)
    (args.results / "summary.json").write_text(text, encoding="utf-8")
    (HERE / "README.md").write_text(readme, encoding="utf-8")
    figures = HERE / "figures"
    figures.mkdir(exist_ok=True)
    for result in judged:
        for mode in ("sft", "rl"):
            figure = lines_figure(summary, result["forest"], result["policy"], mode)
            (figures / f"{result['forest']}-{result['policy']}-{mode}.svg").write_text(figure, encoding="utf-8")
    (figures / "meter.svg").write_text(scatter_figure(judged), encoding="utf-8")


if __name__ == "__main__":
    main()
