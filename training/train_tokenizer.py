"""Train the byte-level BPE tokenizer (8,192 entries) and encode the corpus to uint16 arrays.

    python training/train_tokenizer.py --work .cache/train

Reads WORK/{train,anneal,heldout}.jsonl; writes WORK/tokenizer.json, WORK/{train,anneal,heldout}.npy
and WORK/tokens.json (bytes per token).
"""

import argparse
import json
import pathlib

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

END = "<|endoftext|>"
SPECIAL = (END, "<|im_start|>", "<|im_end|>")
# A word with the one sign before it, up to two digits, a run of signs, line ends, spaces.
SPLIT = r"'(?:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]+[\r\n]*" r"|\s*[\r\n]+|\s+(?!\S)|\s+"


def read_texts(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def train(texts, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        min_frequency=2,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def encode(tokenizer, texts):
    """Concatenate all documents, each preceded by the end-of-text token."""
    end = tokenizer.token_to_id(END)
    parts = []
    for start in range(0, len(texts), 256):
        for item in tokenizer.encode_batch_fast(texts[start : start + 256]):
            parts.append(np.array([end, *item.ids], dtype=np.uint16))
    return np.concatenate(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/train"))
    parser.add_argument("--vocabulary", type=int, default=8192)
    parser.add_argument("--sample", type=int, default=3, help="train the merges on every n-th document")
    parser.add_argument("--keep", action="store_true", help="encode with the tokenizer that is there")
    parser.add_argument("--parts", nargs="+", default=["train", "anneal", "heldout"], help="which WORK/PART.jsonl to encode")
    args = parser.parse_args()
    texts = {part: read_texts(args.work / f"{part}.jsonl") for part in args.parts}
    path = args.work / "tokenizer.json"
    if args.keep:
        tokenizer = Tokenizer.from_file(str(path))
    else:
        tokenizer = train(texts["train"][:: args.sample], args.vocabulary)
        tokenizer.save(str(path))
    known = args.work / "tokens.json"
    counts = json.loads(known.read_text()) if known.exists() else {}
    for part, chosen in texts.items():
        ids = encode(tokenizer, chosen)
        np.save(args.work / f"{part}.npy", ids)
        size = sum(len(text.encode()) for text in chosen)
        counts |= {f"{part}_tokens": len(ids), f"{part}_bytes_per_token": size / len(ids)}
    known.write_text(json.dumps(counts, indent=1))
    print(counts)


if __name__ == "__main__":
    main()
