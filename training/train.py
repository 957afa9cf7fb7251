"""Train the model on CPU (or GPU) for a given number of minutes of wall-clock time.

    python training/train.py --work .cache/train --minutes 85
    python training/train.py --name second --from-model .cache/train/first --corpus second --anneal-corpus second_anneal

Muon on the matrices of the blocks, AdamW on the rest; the rate warms up, stays constant and falls
linearly to zero over the last part of the *time* budget, in which longer windows of the anneal corpus
take the place of the first. With --from-model it starts from exported weights, the optimiser from
nothing. WORK/NAME.pt holds everything needed to resume: start the same command again, the minutes already spent are counted.
"""

import argparse
import dataclasses
import functools
import json
import os
import pathlib
import time

import numpy as np
import torch

from from_onnx import read_model
from model import Model, Shape


def batch(data, step, length, args, device):
    """Windows of the corpus in a shuffled order without repetition; every pass has its own order and offset."""
    size, per_pass = args.batch * args.length // length, (len(data) - 1) // length - 1
    rows = []
    for index in range(step * size, (step + 1) * size):
        start = order(args.seed, index // per_pass, per_pass)[index % per_pass] * length
        start += index // per_pass * 97 % length
        rows.append(data[start : start + length + 1])
    rows = torch.from_numpy(np.stack(rows).astype(np.int64)).to(device)
    return rows[:, :-1], rows[:, 1:]


@functools.lru_cache(2)
def order(seed, number, count):
    return np.random.default_rng((seed, number)).permutation(count)


@torch.no_grad()
def heldout_loss(model, data, length, device, windows=40):
    starts = np.linspace(0, len(data) - length - 2, windows).astype(int)
    losses = []
    for start in starts:
        rows = torch.from_numpy(data[start : start + length + 1].astype(np.int64)).to(device)[None]
        losses.append(model.loss(rows[:, :-1], rows[:, 1:]).item())
    return float(np.mean(losses))


def rate_factor(step, spent, args):
    """1 after the warm-up, falling to 0 over the last `decay` share of the time."""
    left = max(0.0, 1 - spent / (args.minutes * 60))
    return min(1.0, (step + 1) / args.warmup, left / args.decay)


def save(path, **state):
    partial = path.with_suffix(".part")
    torch.save(state, partial)
    os.replace(partial, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/train"))
    parser.add_argument("--name", default="model")
    parser.add_argument("--from-model", type=pathlib.Path, help="folder of an exported model to continue from")
    parser.add_argument("--corpus", default="train")
    parser.add_argument("--anneal-corpus", default="anneal")
    parser.add_argument("--minutes", type=float, default=85)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--inner", type=int, default=704)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--anneal-length", type=int, default=1024, help="window while the rate falls")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1e-2, help="AdamW rate of the embedding and the norms")
    parser.add_argument("--muon-rate", type=float, default=0.02)
    parser.add_argument("--warmup", type=int, default=60)
    parser.add_argument("--decay", type=float, default=0.35)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--compile", action="store_true")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train, anneal, heldout = (np.load(args.work / f"{part}.npy", mmap_mode="r") for part in (args.corpus, args.anneal_corpus, "heldout"))
    bytes_per_token = json.loads((args.work / "tokens.json").read_text())["heldout_bytes_per_token"]
    if args.from_model:
        model = read_model(args.from_model).to(device)
    else:
        model = Model(Shape(width=args.width, layers=args.layers, heads=args.heads, inner=args.inner)).to(device)
    shape = model.shape
    matrices = [weight for weight in model.blocks.parameters() if weight.dim() == 2]
    others = [weight for weight in model.parameters() if all(weight is not matrix for matrix in matrices)]
    optimizers = [
        torch.optim.Muon(matrices, lr=args.muon_rate, weight_decay=0.01, momentum=0.95),
        torch.optim.AdamW(others, lr=args.rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True),
    ]
    step, before, history = 0, 0.0, []
    path = args.work / f"{args.name}.pt"
    if path.exists():
        saved = torch.load(path, map_location=device, weights_only=True)
        model.load_state_dict(saved["model"])
        for optimizer, state in zip(optimizers, saved["optimizers"]):
            optimizer.load_state_dict(state)
        step, before, history = saved["step"], saved["spent"], saved["history"]
    loss_of = torch.compile(model.loss, dynamic=False) if args.compile else model.loss
    print(json.dumps({"device": device, **model.sizes(), "step": step}), flush=True)

    started, saved_at, running = time.monotonic(), time.monotonic(), None
    while (spent := before + time.monotonic() - started) < args.minutes * 60:
        factor = rate_factor(step, spent, args)
        for optimizer, rate in zip(optimizers, (args.muon_rate, args.rate)):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
        cooling = 1 - spent / (args.minutes * 60) < args.decay
        data, length = (anneal, args.anneal_length) if cooling else (train, args.length)
        loss = loss_of(*batch(data, step, length, args, device))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step += 1
        running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
        if step % 20 == 0:
            print(
                json.dumps(
                    {
                        "step": step,
                        "minutes": round(spent / 60, 2),
                        "tokens": step * args.batch * args.length,
                        "loss": round(running, 4),
                        "factor": round(factor, 3),
                    }
                ),
                flush=True,
            )
        if time.monotonic() - saved_at > 240:
            value = heldout_loss(model, heldout, args.length, device)
            history.append([step, round(spent / 60, 2), round(value, 4)])
            print(
                json.dumps({"step": step, "heldout": round(value, 4), "bits_per_byte": round(value / np.log(2) / bytes_per_token, 4)}),
                flush=True,
            )
            spent = before + time.monotonic() - started
            save(
                path,
                model=model.state_dict(),
                shape=dataclasses.asdict(shape),
                step=step,
                spent=spent,
                history=history,
                tokens=step * args.batch * args.length,
                optimizers=[optimizer.state_dict() for optimizer in optimizers],
            )
            saved_at = time.monotonic()

    value = heldout_loss(model, heldout, args.length, device)
    history.append([step, round(spent / 60, 2), round(value, 4)])
    save(
        path,
        model=model.state_dict(),
        shape=dataclasses.asdict(shape),
        step=step,
        spent=spent,
        history=history,
        tokens=step * args.batch * args.length,
        optimizers=[optimizer.state_dict() for optimizer in optimizers],
    )
    print(
        json.dumps(
            {"done": True, "step": step, "heldout": round(value, 4), "bits_per_byte": round(value / np.log(2) / bytes_per_token, 4)}
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
