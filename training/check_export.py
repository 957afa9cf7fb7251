"""Compare the exported ONNX model with PyTorch and with itself; exits 1 if a difference is too large.

    python training/check_export.py --work .cache/train --model public/models/espalier-3m

Logits against PyTorch with the same fp16-rounded weights (limit 5e-3; the effect of the rounding
itself is reported), reuse of the key-value cache token by token and in chunks against one full run,
left padding in a batch against each row alone (limits 1e-4).
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

from model import load


class Session:
    """Run the exported model; `past` is a list of arrays, None for an empty cache."""

    def __init__(self, path, threads=1):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.past = [item for item in self.session.get_inputs() if item.name.startswith("past_key_values.")]

    def run(self, ids, past=None, mask=None):
        ids = np.asarray(ids, dtype=np.int64)
        if past is None:
            past = [np.zeros((ids.shape[0], item.shape[1], 0, item.shape[3]), np.float32) for item in self.past]
        before = past[0].shape[2]
        if mask is None:
            mask = np.ones((ids.shape[0], before + ids.shape[1]), np.int64)
        positions = np.maximum(mask.cumsum(1) - 1, 0)[:, before:]
        feed = {"input_ids": ids, "attention_mask": mask, "position_ids": positions}
        feed |= {item.name: value for item, value in zip(self.past, past)}
        logits, *present = self.session.run(None, feed)
        return logits, present


def chunked(session, ids, size):
    past, parts = None, []
    for start in range(0, ids.shape[1], size):
        logits, past = session.run(ids[:, start : start + size], past)
        parts.append(logits)
    return np.concatenate(parts, axis=1)


def padded(session, ids, lengths):
    """Largest difference between rows padded on the left in one batch and the same rows alone."""
    width, worst = max(lengths), 0.0
    rows, mask = np.zeros((len(lengths), width), np.int64), np.zeros((len(lengths), width), np.int64)
    for row, length in enumerate(lengths):
        rows[row, width - length :], mask[row, width - length :] = ids[0, :length], 1
    together, _ = session.run(rows, mask=mask)
    for row, length in enumerate(lengths):
        alone, _ = session.run(ids[:, :length])
        worst = max(worst, np.abs(together[row, width - length :] - alone[0]).max())
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/train"))
    parser.add_argument("--name", default="model")
    parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("public/models/espalier-3m"))
    parser.add_argument("--text", type=pathlib.Path, default=pathlib.Path(__file__), help="probe text")
    args = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    text = args.text.read_text(encoding="utf-8")
    ids = np.array([tokenizer.encode(text).ids[:400]])
    session = Session(args.model / "model.onnx")
    full, _ = session.run(ids)

    model, _ = load(args.work / f"{args.name}.pt")
    with torch.no_grad():
        exact = model(torch.from_numpy(ids)).numpy()
        for weight in model.parameters():
            weight.copy_(weight.half().float())
        rounded = model(torch.from_numpy(ids)).numpy()
    probe = ids[:, :96]
    reference, _ = session.run(probe)
    results = {
        "logits_vs_torch": (np.abs(full - rounded).max(), 5e-3),
        "cache_token_by_token": (np.abs(chunked(session, probe, 1) - reference).max(), 1e-4),
        "cache_chunks_of_16": (np.abs(chunked(session, ids, 16) - full).max(), 1e-4),
        "left_padding": (padded(session, ids, (96, 61, 17)), 1e-4),
        "tokenizer_round_trip": (float(tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) != text), 0),
    }
    report = {name: float(value) for name, (value, _) in results.items()}
    report |= {"fp16_rounding_of_logits": float(np.abs(exact - rounded).max()), "largest_logit": float(np.abs(full).max())}
    print(json.dumps(report, indent=1))
    failed = [name for name, (value, limit) in results.items() if value > limit]
    sys.exit(f"too large: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
