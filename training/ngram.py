"""Baselines: a byte n-gram of order 5 (Witten-Bell) and a unigram over the model's own tokens."""

import json

import numpy as np

ORDER = 5


class ByteNgram:
    """Interpolated Witten-Bell over contexts of up to ORDER bytes, trained on the training corpus."""

    def __init__(self, work):
        data = np.frombuffer(b"\0".join(training_texts(work)), np.uint8)
        self.levels = []
        for length in range(ORDER + 1):
            grams, counts = np.unique(codes(data, length), return_counts=True)
            contexts, first = np.unique(grams >> 8, return_index=True)
            totals = np.add.reduceat(counts, first)
            kinds = np.diff(np.append(first, len(grams)))
            self.levels.append((grams, counts.astype(np.float64), contexts, totals.astype(np.float64), kinds.astype(np.float64)))

    def surprisal(self, before, text):
        """Nats of every byte of `text` after the bytes `before`."""
        before = before[-ORDER:]
        data = np.frombuffer(before + text, np.uint8)
        chance = np.full(len(data), 1 / 256)
        for length, (grams, counts, contexts, totals, kinds) in enumerate(self.levels):
            if len(data) <= length:
                break
            code = codes(data, length)
            at, hit = find(grams, code)
            count = np.where(hit, counts[at], 0)
            at, hit = find(contexts, code >> 8)
            total, kind = np.where(hit, totals[at], 0), np.where(hit, kinds[at], 1)
            chance[length:] = (count + kind * chance[length:]) / (total + kind)
        return -np.log(chance[len(before) :])


def training_texts(work):
    """Everything the model may have read, each document once."""
    seen = set()
    for part in ("train", "anneal", "second", "second_anneal"):
        with open(work / f"{part}.jsonl", encoding="utf-8") as lines:
            for document in map(json.loads, lines):
                key = (document["source"], document["path"])
                if key not in seen:
                    seen.add(key)
                    yield document["text"].encode()


def codes(data, length):
    """For every position from `length` on: the preceding `length` bytes and the byte, as one number."""
    wide = np.zeros(len(data) - length, np.int64)
    for offset in range(length + 1):
        wide = wide << 8 | data[offset : len(data) - length + offset]
    return wide


def find(ordered, wanted):
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return at, ordered[at] == wanted


def token_unigram(ids, vocabulary):
    """Nats of every token of the vocabulary, add-one smoothed."""
    counts = np.bincount(ids, minlength=vocabulary) + 1.0
    return -np.log(counts / counts.sum())
