"""Write policies as model folders that `espalier score --model` loads: model.onnx, config.json, tokenizer.json.

    python experiments/gradient/export.py --work .cache/experiment A C

The graph follows training/export_onnx.py (text generation with past, standard operators of opset 18), with float32 weights,
so that the product and this experiment compute with the same numbers.
"""

import argparse
import json
import pathlib
import shutil

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import policy as model

FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64
POSITIONS = 2048


class Graph:
    """Collects nodes and initializers; every method returns the name of a tensor."""

    def __init__(self):
        self.nodes, self.constants = [], {}

    def op(self, kind, *inputs, out=None, outputs=1, **attributes):
        names = out or [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=f"{kind}_{len(self.nodes)}", **attributes))
        return names if len(names) > 1 else names[0]

    def constant(self, value, dtype=np.int64, name=None):
        array = np.ascontiguousarray(value, dtype=dtype).reshape(np.shape(value))
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(array, name or f"constant_{len(self.constants)}")
        return self.constants[key].name

    def weight(self, weights, name):
        return self.constant(weights[name], np.float32, name)

    def norm(self, x, scale):
        mean = self.op("ReduceMean", self.op("Mul", x, x), self.constant([-1]), keepdims=1)
        return self.op("Mul", self.op("Div", x, self.op("Sqrt", self.op("Add", mean, self.constant(1e-6, np.float32)))), scale)


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


def block(graph, index, shape, weights, x, cos, sin, mask):
    prefix = f"layer.{index}."
    normed = graph.norm(x, graph.weight(weights, prefix + "norm1"))
    mixed = graph.op("MatMul", normed, graph.weight(weights, prefix + "qkv"))
    heads = graph.op("Transpose", graph.op("Reshape", mixed, graph.constant([0, 0, 3 * shape.heads, shape.head])), perm=[0, 2, 1, 3])
    query, key, value = graph.op("Split", heads, axis=1, num_outputs=3, outputs=3)
    query = rotated(graph, graph.norm(query, graph.constant([shape.head**-0.5] * shape.head, np.float32)), cos, sin)
    key = rotated(graph, graph.norm(key, graph.constant([1] * shape.head, np.float32)), cos, sin)
    key = graph.op("Concat", f"past_key_values.{index}.key", key, axis=2, out=[f"present.{index}.key"])
    value = graph.op("Concat", f"past_key_values.{index}.value", value, axis=2, out=[f"present.{index}.value"])
    scores = graph.op("Add", graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 1, 3, 2])), mask)
    read = graph.op("Transpose", graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value), perm=[0, 2, 1, 3])
    read = graph.op("Reshape", read, graph.constant([0, 0, shape.width]))
    x = graph.op("Add", x, graph.op("MatMul", read, graph.weight(weights, prefix + "out")))
    normed = graph.norm(x, graph.weight(weights, prefix + "norm2"))
    gate, up = graph.op("Split", graph.op("MatMul", normed, graph.weight(weights, prefix + "gate_up")), axis=-1, num_outputs=2, outputs=2)
    inner = graph.op("Mul", graph.op("Mul", gate, graph.op("Sigmoid", gate)), up)
    return graph.op("Add", x, graph.op("MatMul", inner, graph.weight(weights, prefix + "down")))


def build(policy):
    """The whole ONNX model."""
    shape, weights, graph = policy.shape, policy.weights, Graph()
    table = graph.weight(weights, "embedding")
    half = [part[:, 0] for part in model.rotary(POSITIONS, shape.head)]
    cos, sin = (
        graph.op("Unsqueeze", graph.op("Gather", graph.constant(part, np.float32), "position_ids"), graph.constant([1])) for part in half
    )
    mask = masks(graph)
    x = graph.op("Gather", table, "input_ids")
    for index in range(shape.layers):
        x = block(graph, index, shape, weights, x, cos, sin, mask)
    x = graph.norm(x, graph.weight(weights, "norm"))
    graph.op("MatMul", x, graph.op("Transpose", table, perm=[1, 0]), out=["logits"])
    value = helper.make_tensor_value_info
    pairs = [(layer, part) for layer in range(shape.layers) for part in ("key", "value")]
    inputs = [
        value("input_ids", INT, ["batch_size", "sequence_length"]),
        value("attention_mask", INT, ["batch_size", "total_sequence_length"]),
        value("position_ids", INT, ["batch_size", "sequence_length"]),
    ]
    cache = ["batch_size", shape.heads, "past_sequence_length", shape.head]
    inputs += [value(f"past_key_values.{n}.{part}", FLOAT, cache) for n, part in pairs]
    outputs = [value("logits", FLOAT, ["batch_size", "sequence_length", shape.vocabulary])]
    cache = ["batch_size", shape.heads, "total_sequence_length", shape.head]
    outputs += [value(f"present.{n}.{part}", FLOAT, cache) for n, part in pairs]
    made = helper.make_graph(graph.nodes, "orchard-policy", inputs, outputs, list(graph.constants.values()))
    done = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="espalier")
    onnx.checker.check_model(done, full_check=True)
    return done


def config(shape):
    """config.json of a policy."""
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
        "max_position_embeddings": POSITIONS,
        "rope_theta": 10000.0,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "torch_dtype": "float32",
    }


def write(policy, tokenizer, folder):
    """The model folder of a policy."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(build(policy), folder / "model.onnx")
    shutil.copy(tokenizer, folder / "tokenizer.json")
    (folder / "config.json").write_text(json.dumps(config(policy.shape), indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(".cache/experiment"))
    parser.add_argument("names", nargs="+", help="policies, as train.py names them")
    args = parser.parse_args()
    for name in args.names:
        write(model.load(args.work / f"{name}.npz"), args.work / "tokenizer.json", args.work / f"model-{name}")


if __name__ == "__main__":
    main()
