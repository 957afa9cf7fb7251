"""The policy: the decoder of training/model.py in plain numpy with its backward pass, so that exact gradients are cheap on a CPU.

RMSNorm, rotary positions, normalised queries and keys, SwiGLU, tied embeddings. All weights are one float32 vector with named
views into it; a gradient is a vector of the same layout. Rows are computed one at a time, in blocks of queries.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import dataclasses
import json
import pathlib

import numpy as np

#: Queries of one block: what lies behind a block is not computed.
BLOCK = 128
BEFORE = np.tri(BLOCK, dtype=np.float32)


@dataclasses.dataclass(frozen=True)
class Shape:
    """Sizes of a policy; `names` gives every weight with its shape, `groups` the layers whose gradients are compared alone."""

    vocabulary: int
    width: int = 64
    layers: int = 3
    heads: int = 2
    inner: int = 168

    @property
    def head(self):
        return self.width // self.heads

    @property
    def names(self):
        d = self.width
        layer = {"norm1": (d,), "qkv": (d, 3 * d), "out": (d, d), "norm2": (d,), "gate_up": (d, 2 * self.inner), "down": (self.inner, d)}
        top = {"embedding": (self.vocabulary, d), "norm": (d,)}
        return top | {f"layer.{i}.{name}": shape for i in range(self.layers) for name, shape in layer.items()}

    @property
    def size(self):
        return sum(int(np.prod(shape)) for shape in self.names.values())

    @property
    def groups(self):
        """[(name, slice of the vector)]: the embedding, which is the output head too, with the last norm; then each layer."""
        ends, found = 0, {}
        for name, shape in self.names.items():
            group = ".".join(name.split(".")[:2]) if name.startswith("layer") else "embedding"
            start = found[group][0] if group in found else ends
            ends += int(np.prod(shape))
            found[group] = (start, ends)
        return [(group, slice(*span)) for group, span in found.items()]

    def views(self, vector):
        """Named views into a vector of all weights."""
        at, found = 0, {}
        for name, shape in self.names.items():
            count = int(np.prod(shape))
            found[name] = vector[at : at + count].reshape(shape)
            at += count
        return found


def unit(x):
    """Root mean square 1 along the last axis, and the factor."""
    factor = 1 / np.sqrt(np.mean(np.square(x), -1, keepdims=True) + np.float32(1e-6))
    return x * factor, factor


def unit_back(dy, y, factor):
    """Gradient by the input of `unit`."""
    return factor * (dy - y * np.mean(dy * y, -1, keepdims=True))


def rotary(length, head, base=10000.0):
    """Cosine and sine of every position, each [length, 1, head / 2]."""
    angle = np.outer(np.arange(length), base ** (-np.arange(0, head, 2) / head))[:, None]
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


COS, SIN = {}, {}


def rotate(x, sign=1):
    """Rotated pairs of x [length, heads, head]; sign -1 turns back."""
    length, _, head = x.shape
    if head not in COS or len(COS[head]) < length:
        COS[head], SIN[head] = rotary(max(1024, length), head)
    cos, sin = COS[head][:length], SIN[head][:length] * np.float32(sign)
    first, second = x[..., : head // 2], x[..., head // 2 :]
    return np.concatenate((first * cos - second * sin, second * cos + first * sin), -1)


class Policy:
    """Weights with forward and backward passes."""

    def __init__(self, shape, vector):
        self.shape, self.vector = shape, np.ascontiguousarray(vector, np.float32)
        self.weights = shape.views(self.vector)

    @classmethod
    def random(cls, shape, seed):
        """A policy that knows nothing."""
        random, vector = np.random.default_rng(seed), np.zeros(shape.size, np.float32)
        for name, view in shape.views(vector).items():
            if view.ndim == 1:
                view[:] = 1
            else:
                scale = 0.05 if name == "embedding" else view.shape[0] ** -0.5
                residual = (2 * shape.layers) ** -0.5 if name.endswith(("out", "down")) else 1
                view[:] = random.normal(0, scale * residual, view.shape)
        return cls(shape, vector)

    def forward(self, ids):
        """What the backward pass needs of a row; "last" are the states before the output head, [length, width]."""
        shape, w, length = self.shape, self.weights, len(ids)
        scale = np.float32(shape.head**-0.5)
        x, layers = w["embedding"][ids], []
        for i in range(shape.layers):
            p = f"layer.{i}."
            n1, f1 = unit(x)
            a = n1 * w[p + "norm1"]
            qkv = (a @ w[p + "qkv"]).reshape(length, 3, shape.heads, shape.head)
            qn, fq = unit(qkv[:, 0])
            kn, fk = unit(qkv[:, 1])
            q = (rotate(qn) * scale).transpose(1, 0, 2).copy()
            k = rotate(kn).transpose(1, 0, 2).copy()
            v = qkv[:, 2].transpose(1, 0, 2).copy()
            mixed, probs = np.empty((length, shape.heads, shape.head), np.float32), []
            for start in range(0, length, BLOCK):
                end = min(start + BLOCK, length)
                s = q[:, start:end] @ k[:, :end].transpose(0, 2, 1)
                # Normalised queries and keys: no score exceeds the square root of the head's width, so exp needs no shift.
                np.exp(s, out=s)
                s[:, :, start:] *= BEFORE[: end - start, : end - start]
                s *= 1 / s.sum(-1, keepdims=True)
                mixed[start:end] = (s @ v[:, :end]).transpose(1, 0, 2)
                probs.append(s)
            mixed = mixed.reshape(length, -1)
            x = x + mixed @ w[p + "out"]
            n2, f2 = unit(x)
            b = n2 * w[p + "norm2"]
            gate, up = np.split(b @ w[p + "gate_up"], 2, -1)
            sigmoid = 1 / (1 + np.exp(-gate))
            silu = gate * sigmoid
            inner = silu * up
            x = x + inner @ w[p + "down"]
            layers.append((n1, f1, a, qn, fq, kn, fk, q, k, v, probs, mixed, n2, f2, b, gate, up, sigmoid, silu, inner))
        last, factor = unit(x)
        return {"ids": np.asarray(ids), "layers": layers, "unit": last, "factor": factor, "last": last * w["norm"]}

    def log_probs(self, row, at):
        """log p of the token behind each position of `at`, [positions, vocabulary]."""
        logits = row["last"][at] @ self.weights["embedding"].T
        logits -= logits.max(-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))

    def residuals(self, row, at):
        """p - onehot of the next token behind each position of `at`: the gradient of its loss by the logits."""
        p = np.exp(self.log_probs(row, at))
        p[np.arange(len(at)), row["ids"][at + 1]] -= 1
        return p

    def backward(self, row, at, dlogits, gradient):
        """Add to `gradient` that of the sum of dlogits x logits at positions `at`; nothing behind the last of them is touched."""
        shape, w, g = self.shape, self.weights, self.shape.views(gradient)
        if len(at) == 0:
            return
        length = int(at.max()) + 1
        scale = np.float32(shape.head**-0.5)
        g["embedding"] += dlogits.T @ row["last"][at]
        dlast = np.zeros((length, shape.width), np.float32)
        dlast[at] = dlogits @ w["embedding"]
        last = row["unit"][:length]
        g["norm"] += (dlast * last).sum(0)
        dx = unit_back(dlast * w["norm"], last, row["factor"][:length])
        for i in reversed(range(shape.layers)):
            p = f"layer.{i}."
            n1, f1, a, qn, fq, kn, fk, q, k, v, probs, mixed, n2, f2, b, gate, up, sigmoid, silu, inner = row["layers"][i]
            cut = slice(0, length)
            g[p + "down"] += inner[cut].T @ dx
            dinner = dx @ w[p + "down"].T
            dgate = dinner * up[cut] * (sigmoid[cut] * (1 + gate[cut] * (1 - sigmoid[cut])))
            both = np.concatenate((dgate, dinner * silu[cut]), -1)
            g[p + "gate_up"] += b[cut].T @ both
            db = both @ w[p + "gate_up"].T
            g[p + "norm2"] += (db * n2[cut]).sum(0)
            dx = dx + unit_back(db * w[p + "norm2"], n2[cut], f2[cut])
            g[p + "out"] += mixed[cut].T @ dx
            dmixed = (dx @ w[p + "out"].T).reshape(length, shape.heads, shape.head).transpose(1, 0, 2)
            dq, dk, dv = np.zeros((3, shape.heads, length, shape.head), np.float32)
            for block, start in enumerate(range(0, length, BLOCK)):
                end = min(start + BLOCK, length)
                s, dm = probs[block][:, : end - start, :end], dmixed[:, start:end]
                ds = dm @ v[:, :end].transpose(0, 2, 1)
                ds -= np.einsum("hqd,hqd->hq", dm, mixed.reshape(-1, shape.heads, shape.head)[start:end].transpose(1, 0, 2))[..., None]
                ds *= s
                dv[:, :end] += s.transpose(0, 2, 1) @ dm
                dq[:, start:end] = ds @ k[:, :end]
                dk[:, :end] += ds.transpose(0, 2, 1) @ q[:, start:end]
            dqkv = np.empty((length, 3, shape.heads, shape.head), np.float32)
            dqkv[:, 0] = unit_back(rotate(dq.transpose(1, 0, 2), -1) * scale, qn[cut], fq[cut])
            dqkv[:, 1] = unit_back(rotate(dk.transpose(1, 0, 2), -1), kn[cut], fk[cut])
            dqkv[:, 2] = dv.transpose(1, 0, 2)
            dqkv = dqkv.reshape(length, -1)
            g[p + "qkv"] += a[cut].T @ dqkv
            da = dqkv @ w[p + "qkv"].T
            g[p + "norm1"] += (da * n1[cut]).sum(0)
            dx = dx + unit_back(da * w[p + "norm1"], n1[cut], f1[cut])
        np.add.at(g["embedding"], row["ids"][:length], dx)

    def loss_gradient(self, ids, weight, gradient):
        """Add the gradient of the sum of weight x -log p over the tokens of a row; returns that sum."""
        at = np.flatnonzero(weight[1:])
        if len(at) == 0:
            return 0.0
        row = self.forward(ids[: int(at.max()) + 2])
        logp = self.log_probs(row, at)
        target, w = np.asarray(ids)[at + 1], weight[at + 1].astype(np.float32)
        loss = -float((logp[np.arange(len(at)), target] * w).sum())
        residual = np.exp(logp)
        residual[np.arange(len(at)), target] -= 1
        self.backward(row, at, residual * w[:, None], gradient)
        return loss


def save(path, policy, dtype=np.float32):
    """Write weights and shape as one npz."""
    with open(path, "wb") as file:
        np.savez_compressed(file, shape=json.dumps(dataclasses.asdict(policy.shape)), vector=policy.vector.astype(dtype))


def load(path):
    """Read what `save` wrote."""
    with np.load(pathlib.Path(path)) as stored:
        return Policy(Shape(**json.loads(str(stored["shape"]))), stored["vector"].astype(np.float32))
