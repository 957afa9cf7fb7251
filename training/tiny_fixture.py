"""Write the tiny random models that the tests run.

    python training/tiny_fixture.py --out test/fixtures

tiny-lm: V=512, width 64, 2 layers, same contract as the bundled model. tiny-gqa: V=512, width 32, 1 layer, as
ONNX Runtime's own exporters write models: GroupQueryAttention that turns positions itself (no position_ids input),
with 4-bit MatMulNBits weights in an external data file; with 8-bit ones; with these and the token table in
GatherBlockQuantized blocks; with int8 and uint8 weights behind DequantizeLinear; and all in fp16, cache included.
Weights are random, scaled so that distributions range from sharp to flat; the models predict nothing.
"""

import argparse
import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
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
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    made.train_from_iterator(TEXT.splitlines(), trainer)
    return made


def gqa(weights, vocabulary=512, width=32, heads=2, kv_heads=1, inner=64, positions=128):
    """One decoder layer around com.microsoft.GroupQueryAttention; `weights` is fp16, q4, q8, blocks or int8."""
    dtype = TensorProto.FLOAT16 if weights == "fp16" else TensorProto.FLOAT
    random, head = np.random.default_rng(11), width // heads
    number = np.float16 if weights == "fp16" else np.float32
    nodes, constants = [], []

    def op(kind, *inputs, out=None, domain="", outputs=1, **attributes):
        names = out or [f"{kind}_{len(nodes)}_{i}" for i in range(outputs)]
        nodes.append(helper.make_node(kind, inputs, names, name=f"{kind}_{len(nodes)}", domain=domain, **attributes))
        return names if outputs > 1 else names[0]

    def constant(value):
        constants.append(numpy_helper.from_array(np.asarray(value), f"constant_{len(constants)}"))
        return constants[-1].name

    def normal(*shape, scale=1.0):
        return constant((random.standard_normal(shape) * scale).astype(number))

    def packed(x, size, count, bits, scale, out):
        """`x` times random blocks of 32 weights that lie evenly around zero."""
        data = constant(random.integers(0, 256, (count, size // 32, 4 * bits), dtype=np.uint8))
        scales = constant((random.random(count * (size // 32)) * 6.4 / 2**bits * scale * size**-0.5).astype(number))
        return op("MatMulNBits", x, data, scales, out=out, domain="com.microsoft", K=size, N=count, bits=bits, block_size=32)

    def product(x, size, count, scale, out=None):
        if weights in ("q8", "blocks") or (weights == "q4" and out is None):
            return packed(x, size, count, 4 if weights == "q4" else 8, scale, out)
        if weights == "int8":
            data, middle = constant(random.integers(-128, 128, (size, count), dtype=np.int8)), constant(np.zeros(count, np.int8))
            scales = constant((random.random(count) * scale * size**-0.5 / 40).astype(number))
            return op("MatMul", x, op("DequantizeLinear", data, scales, middle, axis=1), out=out)
        return op("MatMul", x, normal(size, count, scale=scale * size**-0.5), out=out)

    def table():
        """The embeddings of input_ids."""
        if weights == "q8":
            return op("Gather", op("Cast", constant(random.standard_normal((vocabulary, width)).astype(np.float16)), to=dtype), "input_ids")
        if weights == "blocks":
            data, scales, middle = (
                random.integers(0, 256, (vocabulary, width), dtype=np.uint8),
                random.random((vocabulary, 1)) / 40,
                np.full((vocabulary, 1), 128, np.uint8),
            )
            return op(
                "GatherBlockQuantized",
                constant(data),
                "input_ids",
                constant(scales.astype(number)),
                constant(middle),
                domain="com.microsoft",
                bits=8,
                block_size=32,
                gather_axis=0,
                quantize_axis=1,
            )
        if weights == "int8":
            rows = op("Gather", constant(random.integers(0, 256, (vocabulary, width), dtype=np.uint8)), "input_ids")
            return op("DequantizeLinear", rows, constant(np.array(0.015, number)), constant(np.array(128, np.uint8)))
        return op("Gather", normal(vocabulary, width), "input_ids")

    def norm(x):
        return op("SimplifiedLayerNormalization", x, constant(np.ones(width, number)), axis=-1, epsilon=1e-6, stash_type=1)

    angle = np.outer(np.arange(positions), 10000.0 ** (-np.arange(0, head, 2) / head))
    x = table()
    lengths = op("ReduceSum", "attention_mask", constant(np.array([1])), keepdims=0)
    last = op("Cast", op("Sub", lengths, constant(np.array([1]))), to=TensorProto.INT32)
    total = op("Cast", op("Gather", op("Shape", "attention_mask"), constant(np.array(1))), to=TensorProto.INT32)
    normed = norm(x)
    query, key, value = (product(normed, width, count * head, 1.5) for count in (heads, kv_heads, kv_heads))
    read = op(
        "GroupQueryAttention",
        query,
        key,
        value,
        "past_key_values.0.key",
        "past_key_values.0.value",
        last,
        total,
        constant(np.cos(angle).astype(number)),
        constant(np.sin(angle).astype(number)),
        domain="com.microsoft",
        out=["read", "present.0.key", "present.0.value"],
        outputs=3,
        num_heads=heads,
        kv_num_heads=kv_heads,
        do_rotary=1,
    )[0]
    x = op("Add", x, product(read, width, width, 2.0))
    up = product(norm(x), width, inner, 1.5)
    x = op("Add", x, product(op("Mul", up, op("Sigmoid", up)), inner, width, 2.0))
    product(norm(x), width, vocabulary, 0.5 * width**0.5, ["logits"])

    info = helper.make_tensor_value_info
    past = [info(f"past_key_values.0.{part}", dtype, ["batch_size", kv_heads, "past_sequence_length", head]) for part in ("key", "value")]
    present = [info(f"present.0.{part}", dtype, ["batch_size", kv_heads, "total_sequence_length", head]) for part in ("key", "value")]
    inputs = [
        info("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"]),
        info("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"]),
        *past,
    ]
    outputs = [info("logits", dtype, ["batch_size", "sequence_length", vocabulary]), *present]
    made = helper.make_graph(nodes, "tiny-gqa", inputs, outputs, constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9, producer_name="espalier")


def write_texts(folder, settings, positions):
    tokenizer(512).save(str(folder / "tokenizer.json"), pretty=False)
    named = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|endoftext|>",
        "eos_token": "<|endoftext|>",
        "model_max_length": positions,
    }
    for name, content in (("config", settings), ("tokenizer_config", named)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("test/fixtures"))
    args = parser.parse_args()
    plain, grouped = args.out / "tiny-lm", args.out / "tiny-gqa"
    for folder in (plain, grouped):
        folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(5)
    shape = Shape(vocabulary=512, width=64, layers=2, heads=4, inner=128, positions=192)
    model = Model(shape).eval()
    with torch.no_grad():
        model.embedding.weight.mul_(20)
        for block in model.blocks:
            block.out.weight.mul_(3)
            block.down.weight.mul_(3)
    onnx.save(build(model, shape.positions), plain / "model.onnx")
    write_texts(plain, config(shape, shape.positions), shape.positions)

    data = grouped / "model_q4.onnx_data"
    data.unlink(missing_ok=True)
    onnx.save(gqa("q4"), grouped / "model_q4.onnx", save_as_external_data=True, location=data.name, size_threshold=128)
    for weights in ("fp16", "q8", "blocks", "int8"):
        onnx.save(gqa(weights), grouped / f"model_{weights}.onnx")
    write_texts(
        grouped,
        {
            "model_type": "tiny-gqa",
            "vocab_size": 512,
            "hidden_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "max_position_embeddings": 128,
            "bos_token_id": 0,
            "eos_token_id": 0,
            "torch_dtype": "bfloat16",
        },
        128,
    )


if __name__ == "__main__":
    main()
