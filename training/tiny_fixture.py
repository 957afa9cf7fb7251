"""Write the tiny random model that the tests run: V=512, width 64, 2 layers, same contract as the bundled one.

    python training/tiny_fixture.py --out test/fixtures/tiny-lm

Its weights are random, scaled so that its distributions range from sharp to flat; it predicts nothing.
"""

import argparse
import json
import pathlib

import onnx
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from export_onnx import build, config
from model import Model, Shape

TEXT = """The orchard opens at seven. A tool call reads a file, a result comes back, and the model thinks again.
def prune(tree, budget): return [node for node in tree if node.cost <= budget]
{"name": "search", "arguments": {"query": "where is the ladder", "limit": 10}}
Error: no such file or directory. The test failed, so the agent tried another path and wrote a note.
""" * 4


def tokenizer(size):
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    made.train_from_iterator(TEXT.splitlines(), trainer)
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("test/fixtures/tiny-lm"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(5)
    shape = Shape(vocabulary=512, width=64, layers=2, heads=4, inner=128, positions=192)
    model = Model(shape).eval()
    with torch.no_grad():
        model.embedding.weight.mul_(20)
        for block in model.blocks:
            block.out.weight.mul_(3)
            block.down.weight.mul_(3)
    onnx.save(build(model, shape.positions), args.out / "model.onnx")
    tokenizer(shape.vocabulary).save(str(args.out / "tokenizer.json"), pretty=False)
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "model_max_length": shape.positions}
    for name, content in (("config", config(shape, shape.positions)), ("tokenizer_config", settings)):
        (args.out / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()
