#!/usr/bin/env python3
"""Makes tests/data/shipped: for each model of assets/models three inputs, and what PyTorch computes for
them at every node.

    python3 tools/make_shipped_goldens.py [NAME...]          all models, or those that are named
    python3 tools/make_shipped_goldens.py --models FOLDER    models that lie elsewhere

Needs torch, transformers, safetensors, numpy and Pillow. transformers computes in float64, with the
F16 weights widened (family_goldens/whole_nodes.py). NAME.safetensors holds of every node at most
CELLS cells, spread over the whole of it; NAME.json says what was run, the shape of each node, by how
much PyTorch's own float32 run misses the float64 one, and which weights all this is of.
"""

import argparse
import copy
import json
import math
import pathlib

import torch
import transformers
from PIL import Image
from safetensors.torch import save_file

from checksum import fnv1a64
from family_goldens.case_files import allowance_of
from family_goldens.exactness import exact_arithmetic
from family_goldens.whole_nodes import NODES_OF

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "tests" / "data" / "shipped"
CELLS = 192

BARK = "Bark is very cute and he is a dog"
INPUTS = {
    "stories": {
        "a": {"text": BARK},
        "b": {"text": "Once upon a time, Lily's red ball rolled away."},
        "c": {"text": "The"},
    },
    "words": {
        "a": {"text": BARK},
        "b": {"text": "the cat [MASK] on the mat.", "pair": "It was warm!"},
        "c": {"text": "dog"},
    },
    "translate": {
        "a": {"text": BARK + ".", "target": "Bark est très mignon et c'est un chien."},
        "b": {"text": "Where will Tom be next summer?", "target": "Où Tom sera-t-il l'été prochain ?"},
        "c": {"text": "Hello.", "target": ""},
    },
    "digits": {
        "a": {"image": "examples/7-0.png"},
        "b": {"image": "examples/3-18.png"},
        "c": {"image": "examples/8-61.png"},
    },
    "echo": {
        "a": {"text": "qmzkxvabdtqmzkx"},
        "b": {"text": "Bark is very cute, bark"},
        "c": {"text": "z"},
    },
}


def places(count):
    """The cells of a node of `count` that are kept: all, or CELLS, by steps of the golden ratio."""
    if count <= CELLS:
        return torch.arange(count)
    golden = (math.sqrt(5) - 1) / 2
    return torch.tensor([int(j * golden % 1.0 * count) for j in range(CELLS)])


class Tokens:
    """What the tokenizer of a folder makes of the texts of an input."""

    def __init__(self, folder, config):
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        self.config = config

    def inputs(self, asked):
        """Inputs of the model by their names, without a batch axis."""
        encoding = self.tokenizer(asked["text"], asked.get("pair"))
        given = {"input_ids": torch.tensor(encoding["input_ids"])}
        if self.config.model_type == "bert":
            given["token_type_ids"] = torch.tensor(encoding["token_type_ids"])
        if self.config.is_encoder_decoder:
            ids = self.tokenizer(text_target=asked["target"], add_special_tokens=False)["input_ids"]
            given["decoder_input_ids"] = torch.tensor([self.config.decoder_start_token_id, *ids])
        return given


class Pictures:
    """What the image processor of a folder makes of the picture of an input."""

    def __init__(self, folder, _config):
        self.folder = folder
        self.processor = transformers.AutoImageProcessor.from_pretrained(folder)

    def inputs(self, asked):
        """Inputs of the model by their names, without a batch axis."""
        picture = Image.open(self.folder / asked["image"])
        pixels = self.processor(picture, return_tensors="pt")["pixel_values"]
        return {"pixel_values": pixels[0]}


def run(model, given, number_type):
    """Values by node name, computed in `number_type`."""
    cast = {name: value.to(number_type) if value.is_floating_point() else value
            for name, value in given.items()}
    with torch.no_grad():
        return NODES_OF[model.config.model_type](copy.deepcopy(model).to(number_type), cast)


def make(name, folder):
    """Writes both files of one model."""
    architecture = json.loads((folder / "config.json").read_text())["architectures"][0]
    model = getattr(transformers, architecture).from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager").eval()
    reader = (Pictures if "ForImage" in architecture else Tokens)(folder, model.config)
    tensors, cases, errors = {}, {}, {}
    for key, asked in INPUTS[name].items():
        given = reader.inputs(asked)
        ids = {part: value.tolist() for part, value in given.items() if part != "pixel_values"}
        cases[key] = {**asked, **ids}
        single = run(model, given, torch.float32)
        with exact_arithmetic():
            exact = run(model, given, torch.float64)
        for node, value in exact.items():
            cells = value.reshape(-1)[places(value.numel())]
            tensors[f"{key}/{node}"] = cells.type(torch.float32).contiguous().clone()
            shape = {"shape": list(value.shape)}
            errors[f"{key}/{node}"] = shape | allowance_of(value, single[node])
    weights = (folder / "model.safetensors").read_bytes()
    facts = {
        "torch": torch.__version__.split("+")[0],
        "made_by": "tools/make_shipped_goldens.py",
        "weights": {"bytes": len(weights), "fnv1a64": fnv1a64(weights)},
        "cells": CELLS,
        "inputs": cases,
    }
    OUT.mkdir(parents=True, exist_ok=True)
    save_file(tensors, OUT / f"{name}.safetensors")
    (OUT / f"{name}.safetensors").chmod(0o644)
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in facts.items()]
    nodes = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in errors.items())
    text = "{\n" + ",\n".join(lines) + ',\n "tensors": {\n' + nodes + "\n }\n}\n"
    (OUT / f"{name}.json").write_text(text)
    print(f"{name}: {len(tensors)} tensors")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="all that lie there")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "assets" / "models")
    arguments = parser.parse_args()
    there = [path.parent.name for path in sorted(arguments.models.glob("*/model.safetensors"))]
    for name in arguments.names or there:
        make(name, arguments.models / name)


if __name__ == "__main__":
    main()
