"""Write a checkpoint as ONNX in the text-generation-with-past contract, with tokenizer and config.

    python training/export_onnx.py --work .cache/train --out public/models/espalier-3m

Inputs input_ids, attention_mask, position_ids, past_key_values.N.key|value; outputs logits,
present.N.key|value. The graph is built node by node: weights are fp16 initializers cast to fp32
(runtimes fold the cast at load), the embedding is stored once and serves as the output head, rotary
positions are two tables and a Gather. Only standard operators of opset 18.
"""

import argparse
import json
import pathlib
import shutil

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import load, rotary_tables

FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64


class Graph:
    """Collects nodes and initializers; every method returns the name of a tensor."""

    def __init__(self):
        self.nodes, self.constants, self.known = [], [], {}

    def op(self, kind, *inputs, out=None, outputs=1, **attributes):
        stem = f"{kind}_{len(self.nodes)}"
        names = out or [stem] + [f"{stem}_{i}" for i in range(1, outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=stem, **attributes))
        return names if len(names) > 1 else names[0]

    def constant(self, value, dtype=np.int64):
        array = np.asarray(value, dtype=dtype)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.known:
            self.known[key] = f"constant_{len(self.known)}"
            self.constants.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def weight(self, name, tensor):
        """An fp16 initializer and the cast that gives it back as fp32."""
        array = tensor.detach().numpy().astype(np.float16)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return self.op("Cast", name, to=FLOAT)

    def norm(self, x, scale):
        mean = self.op("ReduceMean", self.op("Pow", x, self.constant(2, np.float32)), self.constant([-1]), keepdims=1)
        root = self.op("Sqrt", self.op("Add", mean, self.constant(1e-6, np.float32)))
        return self.op("Mul", self.op("Div", x, root), scale)


def masks(graph):
    """Additive mask [batch, 1, new, past + new]: causal, and nothing where attention_mask is 0."""
    zero, one = graph.constant(0), graph.constant(1)
    new = graph.op("Gather", graph.op("Shape", "input_ids"), one)
    total = graph.op("Gather", graph.op("Shape", "attention_mask"), one)
    columns = graph.op("Cast", graph.op("Range", zero, total, one), to=FLOAT)
    rows = graph.op("Cast", graph.op("Range", graph.op("Sub", total, new), total, one), to=FLOAT)
    later = graph.op("Greater", columns, graph.op("Unsqueeze", rows, graph.constant([1])))
    blocked = graph.op("Mul", graph.op("Cast", later, to=FLOAT), graph.constant(-1e9, np.float32))
    given = graph.op("Cast", graph.op("Unsqueeze", "attention_mask", graph.constant([1, 2])), to=FLOAT)
    absent = graph.op("Mul", graph.op("Sub", graph.constant(1, np.float32), given), graph.constant(-1e9, np.float32))
    return graph.op("Add", absent, blocked)


def rotated(graph, x, cos, sin):
    first, second = graph.op("Split", x, axis=-1, num_outputs=2, outputs=2)
    left = graph.op("Sub", graph.op("Mul", first, cos), graph.op("Mul", second, sin))
    right = graph.op("Add", graph.op("Mul", second, cos), graph.op("Mul", first, sin))
    return graph.op("Concat", left, right, axis=-1)


def joined(*parts):
    """The weights of several linear layers side by side, as one [in, sum of out] matrix."""
    return torch.cat([part.weight for part in parts]).T


def block(graph, index, layer, x, cos, sin, mask):
    shape, prefix = (layer.heads, layer.head), f"layer.{index}."
    normed = graph.norm(x, graph.weight(prefix + "norm1", layer.before_attention.weight))
    mixed = graph.op("MatMul", normed, graph.weight(prefix + "qkv", joined(layer.query, layer.key, layer.value)))
    heads = graph.op("Reshape", mixed, graph.constant([0, 0, 3 * shape[0], shape[1]]))
    heads = graph.op("Transpose", heads, perm=[0, 2, 1, 3])
    query, key, value = graph.op("Split", heads, axis=1, num_outputs=3, outputs=3)
    scale = graph.constant([shape[1] ** -0.5] * shape[1], np.float32)  # the attention scale, inside the query's norm
    query = rotated(graph, graph.norm(query, scale), cos, sin)
    key = rotated(graph, graph.norm(key, graph.constant([1] * shape[1], np.float32)), cos, sin)
    key = graph.op("Concat", f"past_key_values.{index}.key", key, axis=2, out=[f"present.{index}.key"])
    value = graph.op("Concat", f"past_key_values.{index}.value", value, axis=2, out=[f"present.{index}.value"])
    scores = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 1, 3, 2]))
    weights = graph.op("Softmax", graph.op("Add", scores, mask), axis=-1)
    read = graph.op("Transpose", graph.op("MatMul", weights, value), perm=[0, 2, 1, 3])
    read = graph.op("Reshape", read, graph.constant([0, 0, shape[0] * shape[1]]))
    x = graph.op("Add", x, graph.op("MatMul", read, graph.weight(prefix + "out", layer.out.weight.T)))
    normed = graph.norm(x, graph.weight(prefix + "norm2", layer.before_mlp.weight))
    both = graph.op("MatMul", normed, graph.weight(prefix + "gate_up", joined(layer.gate, layer.up)))
    gate, up = graph.op("Split", both, axis=-1, num_outputs=2, outputs=2)
    inner = graph.op("Mul", graph.op("Mul", gate, graph.op("Sigmoid", gate)), up)
    return graph.op("Add", x, graph.op("MatMul", inner, graph.weight(prefix + "down", layer.down.weight.T)))


def build(model, positions):
    """The whole ONNX model."""
    shape, graph = model.shape, Graph()
    table = graph.weight("embedding", model.embedding.weight)
    half = [part[:positions, : shape.head // 2].numpy() for part in rotary_tables(shape)]
    cos, sin = (
        graph.op("Unsqueeze", graph.op("Gather", graph.constant(part, np.float32), "position_ids"), graph.constant([1])) for part in half
    )
    mask = masks(graph)
    x = graph.op("Gather", table, "input_ids")
    for index, layer in enumerate(model.blocks):
        x = block(graph, index, layer, x, cos, sin, mask)
    x = graph.norm(x, graph.weight("norm", model.last.weight))
    graph.op("MatMul", x, graph.op("Transpose", table, perm=[1, 0]), out=["logits"])

    value = helper.make_tensor_value_info
    heads = ("batch_size", shape.heads)
    pairs = [(layer, part) for layer in range(shape.layers) for part in ("key", "value")]
    inputs = [
        value("input_ids", INT, ["batch_size", "sequence_length"]),
        value("attention_mask", INT, ["batch_size", "total_sequence_length"]),
        value("position_ids", INT, ["batch_size", "sequence_length"]),
    ]
    inputs += [value(f"past_key_values.{n}.{part}", FLOAT, [*heads, "past_sequence_length", shape.head]) for n, part in pairs]
    outputs = [value("logits", FLOAT, ["batch_size", "sequence_length", shape.vocabulary])]
    outputs += [value(f"present.{n}.{part}", FLOAT, [*heads, "total_sequence_length", shape.head]) for n, part in pairs]
    made = helper.make_graph(graph.nodes, "espalier-3m", inputs, outputs, graph.constants)
    done = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="espalier")
    onnx.checker.check_model(done, full_check=True)
    return done


def config(shape, context):
    return {
        "model_type": "espalier",
        "architectures": ["EspalierForCausalLM"],
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.heads,
        "head_dim": shape.head,
        "max_position_embeddings": context,
        "rope_theta": shape.base,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "bos_token_id": 0,
        "eos_token_id": 0,
        "torch_dtype": "float16",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/train"))
    parser.add_argument("--name", default="model")
    parser.add_argument("--positions", type=int, default=2048, help="rows of the rotary tables")
    parser.add_argument("--context", type=int, default=1024, help="longest window that the model was trained on")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("public/models/espalier-3m"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    model, _ = load(args.work / f"{args.name}.pt")
    onnx.save(build(model, args.positions), args.out / "model.onnx")
    shutil.copy(args.work / "tokenizer.json", args.out / "tokenizer.json")
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|endoftext|>",
        "eos_token": "<|endoftext|>",
        "clean_up_tokenization_spaces": False,
        "model_max_length": args.context,
    }
    for name, content in (("config", config(model.shape, args.context)), ("tokenizer_config", tokenizer_config)):
        (args.out / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")
    for path in sorted(args.out.iterdir()):
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
