"""Make FOLDER/model_int8.onnx from FOLDER/model.onnx: matrices of weights as 8-bit whole numbers, with a scale for each
column, multiplied with activations that are quantised as they come. Embedding and output head share one table.

Usage: python training/quantise_int8.py public/models/espalier-3m
"""

import pathlib
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

# Of 127, so that no pair of products overflows the 16 bits in which processors without VNNI add them.
LARGEST = 64


def quantised(weights):
    """Columns of WEIGHTS as int8, and their scales."""
    scale = numpy.maximum(numpy.abs(weights).max(axis=0), 1e-12) / LARGEST
    return numpy.clip(numpy.rint(weights / scale), -LARGEST, LARGEST).astype(numpy.int8), scale.astype(numpy.float32)


def main(folder):
    graph = (model := onnx.load(folder / "model.onnx")).graph
    stored = {item.name: item for item in graph.initializer}
    # Weights are fp16 behind a Cast.
    casts = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast" and node.input[0] in stored}
    table = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] in casts)
    added, nodes, quantised_names = [], [], set()

    def constant(name, values):
        added.append(numpy_helper.from_array(values, name))
        return name

    def weights_of(cast, transposed):
        """The constants of one matrix, made once: its whole numbers and its scales."""
        name = casts[cast]
        if name not in quantised_names:
            quantised_names.add(name)
            values = numpy_helper.to_array(stored[name]).astype(numpy.float32)
            whole, scale = quantised(values.T if transposed else values)
            constant(f"{name}.q", numpy.ascontiguousarray(whole.T) if transposed else whole)
            constant(f"{name}.scale", scale)
        return f"{name}.q", f"{name}.scale"

    transposes = {node.output[0]: node for node in graph.node if node.op_type == "Transpose" and node.input[0] in casts}
    for node in graph.node:
        if node is table:
            whole, scale = weights_of(node.input[0], True)
            nodes += [
                helper.make_node("Gather", [whole, node.input[1]], ["embedding.whole"]),
                helper.make_node("Cast", ["embedding.whole"], ["embedding.float"], to=TensorProto.FLOAT),
                helper.make_node("Gather", [scale, node.input[1]], ["embedding.scales"]),
                helper.make_node("Unsqueeze", ["embedding.scales", constant("embedding.axis", numpy.array([-1]))], ["embedding.scaled"]),
                helper.make_node("Mul", ["embedding.float", "embedding.scaled"], [node.output[0]]),
            ]
        elif node.op_type == "MatMul" and (node.input[1] in casts or node.input[1] in transposes):
            transpose = transposes.get(node.input[1])
            whole, scale = weights_of(transpose.input[0] if transpose else node.input[1], transpose is not None)
            name = node.output[0]
            if transpose:
                nodes.append(helper.make_node("Transpose", [whole], [f"{name}.q"], perm=[1, 0]))
                whole = f"{name}.q"
            nodes += [
                helper.make_node("DynamicQuantizeLinear", [node.input[0]], [f"{name}.a", f"{name}.a.scale", f"{name}.a.zero"]),
                helper.make_node("MatMulInteger", [f"{name}.a", whole, f"{name}.a.zero"], [f"{name}.sums"]),
                helper.make_node("Cast", [f"{name}.sums"], [f"{name}.float"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}.a.scale", scale], [f"{name}.scale"]),
                helper.make_node("Mul", [f"{name}.float", f"{name}.scale"], [name]),
            ]
        elif node.output[0] not in transposes:
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    nodes = [node for node in nodes if node.op_type != "Cast" or node.input[0] not in stored or node.output[0] in used]
    used = {name for node in nodes for name in node.input}
    kept = [item for item in graph.initializer if item.name in used] + added
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model_int8.onnx")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
