"""The language model: a decoder with RMSNorm, rotary positions, normalised queries and keys, SwiGLU and tied embeddings."""

import dataclasses

import torch
import torch.nn.functional as F
from torch import nn


@dataclasses.dataclass
class Shape:
    vocabulary: int = 8192
    width: int = 256
    layers: int = 4
    heads: int = 4
    inner: int = 704
    positions: int = 2048
    base: float = 10000.0

    @property
    def head(self):
        return self.width // self.heads


def rotary_tables(shape):
    """Cosine and sine of every position, each [positions, head]."""
    rate = shape.base ** (-torch.arange(0, shape.head, 2, dtype=torch.float64) / shape.head)
    angle = torch.outer(torch.arange(shape.positions, dtype=torch.float64), rate)
    angle = torch.cat((angle, angle), dim=1)
    return angle.cos().float(), angle.sin().float()


def rotate(x, cos, sin):
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


def unit(x):
    """Root mean square 1 along the last axis."""
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return unit(x) * self.weight


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width, inner = shape.width, shape.inner
        self.heads, self.head = shape.heads, shape.head
        self.before_attention, self.before_mlp = Norm(width), Norm(width)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(width, inner, bias=False)
        self.up = nn.Linear(width, inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.head).transpose(1, 2)

    def forward(self, x, cos, sin, past=None, mask=None):
        """With a past, `mask` is an additive [batch, 1, new, past + new] tensor; without, causal."""
        normed = self.before_attention(x)
        query = rotate(unit(self.split(self.query(normed))), cos, sin)
        key = rotate(unit(self.split(self.key(normed))), cos, sin)
        value = self.split(self.value(normed))
        if past is None:
            mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:
            key, value = torch.cat((past[0], key), dim=2), torch.cat((past[1], value), dim=2)
            scores = query @ key.transpose(-1, -2) * self.head**-0.5 + mask
            mixed = scores.softmax(-1) @ value
        x = x + self.out(mixed.transpose(1, 2).reshape(x.shape))
        normed = self.before_mlp(x)
        return x + self.down(F.silu(self.gate(normed)) * self.up(normed)), (key, value)


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.last = Norm(shape.width)
        cos, sin = rotary_tables(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                residual = name.endswith(("out.weight", "down.weight"))
                spread = 0.02 if name.startswith("embedding") else weight.shape[1] ** -0.5
                nn.init.normal_(weight, std=spread / (2 * shape.layers) ** 0.5 if residual else spread)

    def hidden(self, ids):
        """States before the output head, [batch, length, width]."""
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        x = self.embedding(ids)
        for block in self.blocks:
            x, _ = block(x, cos, sin)
        return self.last(x)

    def forward(self, ids):
        return F.linear(self.hidden(ids), self.embedding.weight)

    def loss(self, ids, targets):
        return F.cross_entropy(self(ids).flatten(0, 1), targets.flatten())

    def sizes(self):
        total = sum(weight.numel() for weight in self.parameters())
        return {"parameters": total, "without_embedding": total - self.embedding.weight.numel()}


def load(path):
    """Read a checkpoint of train.py."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    model = Model(Shape(**saved["shape"]))
    model.load_state_dict(saved["model"])
    return model.eval(), saved
