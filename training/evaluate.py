"""Measure the exported model: held-out bits per byte and rank agreement with logged surprisal.

    python training/evaluate.py --work .cache/train --model public/models/espalier-3m --logs ../shared/data

Writes training/evaluation.json and prints the two tables of the model card. The baselines (gzip -9,
byte 5-gram, token unigram) see the same bytes; the n-gram is trained on the corpora of both runs, the
unigram on that of the first.
Every document or rollout is scored from its own start; gzip is given both ways, each text alone and
all of a set in one stream. New text and new code come from projects that the corpus knows nothing of.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import zlib

import numpy as np
from tokenizers import Tokenizer

from check_export import Session
from ngram import ByteNgram, token_unigram
from rollout_logs import logged_generations, rollout_texts

SET_BYTES = 400_000
SHARE_BYTES = 48_000  # per data set of the real rollouts
MOST_CHARACTERS = 16_000  # of one document or rollout


class Scorer:
    """Surprisal of the exported model, by byte, in overlapping windows."""

    def __init__(self, folder, window):
        self.session = Session(folder / "model.onnx")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.window = window
        pieces = self.tokenizer.get_vocab(with_added_tokens=True)
        self.special = {token.content for token in self.tokenizer.get_added_tokens_decoder().values()}
        self.lengths = np.zeros(len(pieces), int)
        for piece, index in pieces.items():
            self.lengths[index] = len(piece.encode()) if piece in self.special else len(piece)

    def encode(self, text):
        return self.tokenizer.encode(text).ids

    def tokens(self, before, ids):
        """Nats of every id of `ids`; the context is the end-of-text token, `before` and what precedes."""
        row = np.array([0, *before, *ids])
        start, result = len(row) - len(ids), []
        half = self.window // 2
        while start < len(row):
            left = max(0, start - half)
            stop = min(len(row), left + self.window)
            logits, _ = self.session.run(row[None, left:stop])
            logits = logits[0, start - 1 - left : stop - 1 - left].astype(np.float64)
            logits -= logits.max(1, keepdims=True)
            result.append(np.log(np.exp(logits).sum(1)) - logits[np.arange(stop - start), row[start:stop]])
            start = stop
        return np.concatenate(result) if result else np.zeros(0)

    def bytes(self, ids, nats):
        """Spread the nats of every token evenly over its bytes."""
        lengths = self.lengths[ids]
        return np.repeat(nats / lengths, lengths)


def sample_logs(folder):
    """Starts of real rollouts, messages in their order: for every data set a share chosen by hash."""
    chosen = {}
    for group in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in rollout_texts(group)}
        taken, size = [], 0
        for key in sorted(texts):
            if size < SHARE_BYTES:
                taken.append(texts[key][:MOST_CHARACTERS])
                size += len(taken[-1].encode())
        if taken:
            chosen[group.name] = taken
    return chosen


def heldout(path, group):
    with open(path, encoding="utf-8") as lines:
        documents = [document for line in lines if (document := json.loads(line))["group"] == group]
    chosen, size = [], 0
    for document in documents:
        if size < SET_BYTES:
            chosen.append(document["text"][:MOST_CHARACTERS])
            size += len(chosen[-1].encode())
    return chosen


def files(folder, pattern):
    """Files that are newer than every source of the corpus, in an order by hash."""
    chosen, size = [], 0
    for path in sorted(folder.rglob(pattern), key=lambda path: hashlib.sha256(path.name.encode()).digest()):
        if size < SET_BYTES:
            chosen.append(path.read_text(encoding="utf-8")[:MOST_CHARACTERS])
            size += len(chosen[-1].encode())
    return chosen


def bits_per_byte(texts, scorer, ngram, unigram):
    """One row of the first table."""
    size = sum(len(text.encode()) for text in texts)
    totals = {"model": 0.0, "ngram5": 0.0, "unigram": 0.0}
    for text in texts:
        ids = scorer.encode(text)
        totals["model"] += scorer.tokens([], ids).sum()
        totals["ngram5"] += ngram.surprisal(b"", text.encode()).sum()
        totals["unigram"] += unigram[ids].sum()
    zipped = lambda text: len(zlib.compress(text.encode(), 9)) * 8
    row = {
        "texts": len(texts),
        "bytes": size,
        "gzip9": round(sum(map(zipped, texts)) / size, 4),
        "gzip9_one_stream": round(zipped("\n".join(texts)) / size, 4),
    }
    return row | {name: round(float(nats) / np.log(2) / size, 4) for name, nats in totals.items()}


def spearman(first, second):
    """Rank correlation, ties at their mean rank."""

    def ranks(values):
        _, inverse, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
        return (np.cumsum(counts) - (counts - 1) / 2)[inverse]

    a, b = ranks(first), ranks(second)
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a * a).sum() * (b * b).sum())
    return round(float((a * b).sum() / scale), 4) if scale else None


def model_bytes(made, text, scorer):
    """Nats of the model by byte of one generation, and its tokens."""
    ids = scorer.encode(text.decode())
    nats = scorer.tokens(scorer.encode(made["before"])[-scorer.window // 2 :], ids)
    return scorer.bytes(ids, nats), scorer.bytes(ids, np.ones(len(ids)))


def score_generation(made, scorer, ngram, earlier):
    """By token of the log: logged, model and n-gram nats, bytes and model tokens; those of an earlier model if given."""
    text = b"".join(made["pieces"])
    nats, tokens = model_bytes(made, text, scorer)
    ends = np.cumsum([len(piece) for piece in made["pieces"]])
    columns = {
        "model": nats,
        "ngram5": ngram.surprisal(made["before"].encode(), text),
        "tokens": tokens,
    }
    if earlier:
        columns["earlier"] = model_bytes(made, text, earlier)[0]
    by_token = {name: np.diff(np.append(0, np.append(0, column.cumsum())[ends])) for name, column in columns.items()}
    return by_token | {"logged": -np.array(made["log_probs"]), "bytes": np.diff(np.append(0, ends))}


def agreement(rows, names=("model", "ngram5", "tokens", "bytes")):
    """Spearman correlation with the logged column."""
    return {"n": len(rows["logged"])} | {name: spearman(rows[name], rows["logged"]) for name in names}


def agreement_by_message(scores):
    """Sum and mean (per token of the log) surprisal of every message."""
    total = {name: np.array([row[name].sum() for row in scores]) for name in scores[0]}
    count = np.array([len(row["logged"]) for row in scores])
    mean = total | {name: total[name] / count for name in ("logged", "model", "ngram5")}
    return {"sum": agreement(total), "mean": agreement(mean)}


def join(scores):
    return {name: np.concatenate([row[name] for row in scores]) for name in scores[0]}


def bootstrap(scores, draws=1000):
    """95 % percentile intervals of the correlation by token, whole generations drawn with replacement."""
    random, found = np.random.default_rng(1), {"model": []}
    for _ in range(draws):
        rows = join([scores[i] for i in random.integers(0, len(scores), len(scores))])
        found["model"].append(spearman(rows["model"], rows["logged"]))
        if "earlier" in rows:
            gain = found["model"][-1] - spearman(rows["earlier"], rows["logged"])
            found.setdefault("gain over earlier", []).append(gain)
    return {name: [round(float(end), 4) for end in np.percentile(values, (2.5, 97.5))] for name, values in found.items()}


def rank_agreement(folder, pieces, scorer, ngram, earlier=None):
    """The second table: by token and by message, for every log and over all; intervals over all."""
    by_source = {}
    for made in logged_generations(folder, pieces):
        by_source.setdefault(made["source"], []).append(score_generation(made, scorer, ngram, earlier))
    report = {"token": {}, "message": {}}
    for source, scores in by_source.items():
        report["token"][source] = agreement(join(scores))
        if len(scores) > 2:
            report["message"][source] = agreement_by_message(scores)
    gym = [score for source, scores in by_source.items() if source.startswith("nemo-gym") for score in scores]
    if gym:
        report["token"]["all NeMo-Gym"] = agreement(join(gym))
        if earlier:
            report["token"]["all NeMo-Gym"]["earlier"] = agreement(join(gym), ("earlier",))["earlier"]
        report["token"]["all NeMo-Gym"]["interval"] = bootstrap(gym)
        report["message"]["all NeMo-Gym"] = agreement_by_message(gym)
    return report


def tables(result):
    lines = ["| text | bytes | model | byte 5-gram | token unigram | gzip -9 | gzip -9, one stream |", "|---|" + "---:|" * 6]
    for name, row in result["bits_per_byte"].items():
        lines.append(
            f"| {name} | {row['bytes']:,} | **{row['model']:.3f}** | {row['ngram5']:.3f} | {row['unigram']:.3f} | {row['gzip9']:.3f} |"
            f" {row['gzip9_one_stream']:.3f} |"
        )
    lines += ["", "| log | unit | n | model | byte 5-gram | token count | byte count |", "|---|---|---:|---:|---:|---:|---:|"]
    show = lambda value: "–" if value is None else f"{value:.3f}"
    for source, row in result["spearman"]["token"].items():
        lines.append(
            f"| {source} | token | {row['n']} | **{show(row['model'])}** | {show(row['ngram5'])} | {show(row['tokens'])} |"
            f" {show(row['bytes'])} |"
        )
    for source, both in result["spearman"]["message"].items():
        for unit, row in both.items():
            lines.append(
                f"| {source} | message, {unit} | {row['n']} | **{show(row['model'])}** | {show(row['ngram5'])} | {show(row['tokens'])} |"
                f" {show(row['bytes'])} |"
            )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/train"))
    parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("public/models/espalier-3m"))
    parser.add_argument("--logs", type=pathlib.Path, default=pathlib.Path("../shared/data"))
    parser.add_argument("--new-text", type=pathlib.Path, default=pathlib.Path("../shared/docs"), help="*.md written after the corpus")
    parser.add_argument("--new-code", type=pathlib.Path, default=pathlib.Path("src"), help="*.ts written after the corpus")
    parser.add_argument("--pieces", type=pathlib.Path, help="output of qwen_pieces.mjs, to read token ids as text")
    parser.add_argument("--earlier", type=pathlib.Path, help="folder of an earlier export, to compare ranks with")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).with_name("evaluation.json"))
    parser.add_argument("--window", type=int, default=1024)
    args = parser.parse_args()
    scorer = Scorer(args.model, args.window)
    earlier = Scorer(args.earlier, args.window) if args.earlier else None
    ngram = ByteNgram(args.work)
    unigram = token_unigram(np.load(args.work / "train.npy"), len(scorer.lengths))
    pieces = [base64.b64decode(piece) for piece in json.loads(args.pieces.read_text())] if args.pieces else None

    logs = sample_logs(args.logs)
    sets = {
        "held-out text": heldout(args.work / "heldout.jsonl", "text"),
        "held-out code": heldout(args.work / "heldout.jsonl", "code"),
        "new text": files(args.new_text, "*.md"),
        "new code": files(args.new_code, "*.ts"),
        "real rollouts": [text for texts in logs.values() for text in texts],
    }
    score = lambda texts: bits_per_byte(texts, scorer, ngram, unigram)
    result = {
        "model_sha256": hashlib.sha256((args.model / "model.onnx").read_bytes()).hexdigest(),
        "window": args.window,
        "bits_per_byte": {name: score(texts) for name, texts in sets.items()},
        "bits_per_byte_by_data_set": {name: score(texts) for name, texts in logs.items()},
        "spearman": rank_agreement(args.logs, pieces, scorer, ngram, earlier),
    }
    args.out.write_text(json.dumps(result, indent=1) + "\n")
    print(tables(result))


if __name__ == "__main__":
    main()
