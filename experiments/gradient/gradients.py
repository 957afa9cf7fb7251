"""Exact gradients: of every node once, so that a selection of whole nodes is a weighted sum; of any other selection directly.

A selection is a weight for each distinct token of a forest. What a node's tokens see never changes when another node is cut,
so the gradient of what a selection trains is the sum of weight x gradient over its tokens.
"""

import numpy as np


def node_gradients(policy, forest, node):
    """[nodes, size of the policy]: the gradient of the summed loss of each node's tokens. `node` maps distinct tokens to nodes."""
    tokens = np.flatnonzero(node >= 0)
    members = np.split(tokens[np.argsort(node[tokens], kind="stable")], np.cumsum(np.bincount(node[tokens]))[:-1])
    found = np.zeros((len(members), policy.shape.size), np.float32)
    by_row = {}
    for n, ks in enumerate(members):
        by_row.setdefault(forest.first[ks.max()][0], []).append((n, ks))
    for r, nodes in by_row.items():
        row = policy.forward(forest.rows[r].ids)
        where = {int(k): i for i, k in enumerate(forest.token[r])}
        for n, ks in nodes:
            at = np.array(sorted(where[int(k)] for k in ks)) - 1
            policy.backward(row, at, policy.residuals(row, at), found[n])
    return found


def direct_gradients(policy, forest, weights):
    """[selections, size]: one backward per selection and row. `weights` is [selections, distinct tokens]."""
    found = np.zeros((len(weights), policy.shape.size), np.float32)
    for r, row in enumerate(forest.rows):
        own = forest.first[forest.token[r], 0] == r
        here = np.where(own, weights[:, forest.token[r]], 0)
        at = np.flatnonzero(np.any(here != 0, 0)) - 1
        if len(at) == 0:
            continue
        state = policy.forward(row.ids[: int(at.max()) + 2])
        residual = policy.residuals(state, at)
        for s in range(len(weights)):
            w = here[s][at + 1]
            kept = np.flatnonzero(w)
            policy.backward(state, at[kept], residual[kept] * w[kept, None], found[s])
    return found


def rows_gradients(policy, rows, weights):
    """[kinds, size]: gradients of rows under several weightings; `weights[kind]` gives each row's weight on its sampled tokens."""
    found = np.zeros((len(weights), policy.shape.size), np.float32)
    for r, row in enumerate(rows):
        at = np.flatnonzero(row.sampled) - 1
        state = policy.forward(row.ids)
        unit = np.zeros(policy.shape.size, np.float32)
        policy.backward(state, at, policy.residuals(state, at), unit)
        for kind, weight in enumerate(weights):
            if weight[r] != 0:
                found[kind] += np.float32(weight[r]) * unit
    return found


def by_node(weights, node):
    """Node weights of selections whose tokens weigh the same within each node, and a mask of the others: ([s, nodes], [s])."""
    tokens = np.flatnonzero(node >= 0)
    count = int(node.max()) + 1
    low, high = (np.full((len(weights), count), value, np.float32) for value in (np.inf, -np.inf))
    for s, weight in enumerate(weights):
        np.minimum.at(low[s], node[tokens], weight[tokens])
        np.maximum.at(high[s], node[tokens], weight[tokens])
    uneven = (high - low > 1e-5 * np.abs(weights).max(1, keepdims=True)).any(1)
    return (low + high) / 2, uneven


def cosine(a, b):
    """Of two vectors; 0 where one is nothing."""
    return float(a @ b / max(1e-30, float(np.linalg.norm(a)) * float(np.linalg.norm(b))))


def compare(gradient, reference, groups):
    """Cosine, norm ratio and the least cosine of a group of weights."""
    layers = [cosine(gradient[span], reference[span]) for _, span in groups]
    norm = float(np.linalg.norm(gradient) / np.linalg.norm(reference))
    return {"cosine": cosine(gradient, reference), "norm": norm, "least": min(layers)}
