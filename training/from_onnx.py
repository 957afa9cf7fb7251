"""Read the weights of an exported model back into PyTorch: the inverse of export_onnx.py."""

import json

import onnx
import torch
from onnx import numpy_helper

from model import Model, Shape


def read_model(folder):
    """The model of FOLDER/model.onnx and FOLDER/config.json, its fp16 weights as fp32."""
    settings = json.loads((folder / "config.json").read_text())
    shape = Shape(
        settings["vocab_size"],
        settings["hidden_size"],
        settings["num_hidden_layers"],
        settings["num_attention_heads"],
        settings["intermediate_size"],
        base=settings["rope_theta"],
    )
    stored = {
        item.name: torch.from_numpy(numpy_helper.to_array(item).copy()).float()
        for item in onnx.load(folder / "model.onnx").graph.initializer
        if not item.name.startswith("constant_")
    }
    weights = {"embedding.weight": stored["embedding"], "last.weight": stored["norm"]}
    for index in range(shape.layers):
        inside, outside = f"layer.{index}.", f"blocks.{index}."
        parts = zip(("query", "key", "value"), stored[inside + "qkv"].T.split(shape.width))
        parts = [
            *parts,
            *zip(("gate", "up"), stored[inside + "gate_up"].T.split(shape.inner)),
            ("out", stored[inside + "out"].T),
            ("down", stored[inside + "down"].T),
            ("before_attention", stored[inside + "norm1"]),
            ("before_mlp", stored[inside + "norm2"]),
        ]
        weights |= {f"{outside}{name}.weight": weight.contiguous() for name, weight in parts}
    model = Model(shape)
    model.load_state_dict(weights)
    return model
