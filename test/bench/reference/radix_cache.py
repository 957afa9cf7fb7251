"""A radix tree over token lists in the manner of SGLang's RadixCache: dicts of children, list slices, pairwise comparison.

Own code, for comparison only. Reads sequences as little-endian 32-bit integers: count, then per sequence task, length
and ids. Prints milliseconds of the best run and the number of distinct tokens as JSON.
"""
import array
import json
import sys
import time


class Node:
    __slots__ = ("children", "key", "count")

    def __init__(self, key):
        self.children = {}
        self.key = key
        self.count = 0


def match(a, b):
    n = 0
    for x, y in zip(a, b):
        if x != y:
            break
        n += 1
    return n


def insert(root, key):
    """Returns the tokens that were new."""
    node = root
    while key:
        child = node.children.get(key[0])
        if child is None:
            leaf = Node(key)
            leaf.count = 1
            node.children[key[0]] = leaf
            return len(key)
        shared = match(child.key, key)
        if shared < len(child.key):
            upper = Node(child.key[:shared])
            upper.count = child.count
            child.key = child.key[shared:]
            upper.children[child.key[0]] = child
            node.children[key[0]] = upper
            child = upper
        child.count += 1
        node = child
        key = key[shared:]
    return 0


def main(path, runs):
    with open(path, "rb") as file:
        data = array.array("i", file.read())
    sequences = []
    at = 1
    for _ in range(data[0]):
        task, length = data[at], data[at + 1]
        sequences.append((task, list(data[at + 2 : at + 2 + length])))
        at += 2 + length
    best = float("inf")
    distinct = 0
    for _ in range(runs):
        roots = {}
        begun = time.perf_counter()
        distinct = 0
        for task, ids in sequences:
            root = roots.get(task)
            if root is None:
                root = roots[task] = Node([])
            distinct += insert(root, ids)
        best = min(best, (time.perf_counter() - begun) * 1000)
    print(json.dumps({"ms": best, "distinct": distinct}))


main(sys.argv[1], int(sys.argv[2]))
