"""Trajectories of a forest as rows of token ids, and which of their tokens are the same token of the tree.

A row is one trajectory of NAME.rows.jsonl. A forest numbers its distinct tokens, as select.mjs does.
"""

import dataclasses
import json
import pathlib

import numpy as np


@dataclasses.dataclass
class Row:
    """One trajectory. `sampled` is a mask over `ids`; `truth` lists (position, ids, probabilities) where the policy was unsure."""

    task: str
    rollout: str
    reward: float | None
    ids: np.ndarray
    sampled: np.ndarray
    truth: list


def read_rows(path, limit=None):
    """Rows of a file, in its order."""
    rows = []
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()[:limit]:
        record = json.loads(line)
        ids = np.asarray(record["ids"], np.int32)
        sampled = np.zeros(len(ids), bool)
        for start, end in record["sampled"]:
            sampled[start:end] = True
        rows.append(Row(record["task"], record["rollout"], record["reward"], ids, sampled, record["truth"]))
    return rows


class Forest:
    """The prefix trees of rows: which of their tokens are the same token.

    token[r][i]   number of the distinct token at position i of row r, in the order in which they are met
    first[k]      (row, position) at which distinct token k is met first
    sampled[k]    rows in which it was sampled
    rows_of[t]    rows of task t
    """

    def __init__(self, rows):
        self.rows = rows
        self.tasks = list(dict.fromkeys(row.task for row in rows))
        number = {task: index for index, task in enumerate(self.tasks)}
        self.rows_of = [[r for r, row in enumerate(rows) if row.task == task] for task in self.tasks]
        self.token, index, first, sampled = [], {}, [], []
        for r, row in enumerate(rows):
            at, path = -1 - number[row.task], np.empty(len(row.ids), np.int32)
            for i, id in enumerate(row.ids.tolist()):
                key = (at, id)
                if key not in index:
                    index[key] = len(first)
                    first.append((r, i))
                    sampled.append(0)
                at = path[i] = index[key]
                sampled[at] += bool(row.sampled[i])
            self.token.append(path)
        self.first, self.sampled = np.asarray(first, np.int32), np.asarray(sampled)
        self.size = len(self.first)


def grpo(rows, tasks):
    """Advantage of each row: (reward - mean) / (sd + 1e-6) over the task's rollouts that were scored, one value a rollout; else 0."""
    advantage = np.zeros(len(rows))
    for task in tasks:
        rewards = {row.rollout: row.reward for row in rows if row.task == task and row.reward is not None}
        values = np.array(list(rewards.values()))
        for r, row in enumerate(rows):
            if row.task == task and row.reward is not None and values.std() > 0:
                advantage[r] = (row.reward - values.mean()) / (values.std() + 1e-6)
    return advantage
