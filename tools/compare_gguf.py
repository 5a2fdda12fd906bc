#!/usr/bin/env python3
"""Compares heed with transformers on one GGUF file, node by node.

compare_gguf.py FILE.gguf [--text T] [--heed build/heed]    a table of nodes; exit 1 where one disagrees

Needs torch, transformers, gguf, accelerate and safetensors. Both read the same file and get the same
ids (heed's); transformers runs in float64, and once more in float32: its own error is the measure. A
node agrees where max |heed - float64| <= 8 * (float32's error) + 2e-6 * (the largest magnitude).
Decoders of Llama's kind (llama, mistral, qwen2, qwen3, gemma).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors import safe_open
from transformers import AutoModelForCausalLM


class Capture:
    """Inputs and outputs of modules during one pass, without the batch axis."""

    def __init__(self, model):
        self.inputs, self.outputs = {}, {}
        for name, module in model.named_modules():
            module.register_forward_hook(self.hook(name))

    def hook(self, name):
        def keep(_module, args, output):
            first = output[0] if isinstance(output, tuple) else output
            if args and torch.is_tensor(args[0]):
                self.inputs[name] = args[0].detach().squeeze(0)
            if torch.is_tensor(first):
                self.outputs[name] = first.detach().squeeze(0)

        return keep


def by_head(x_td, heads):
    return x_td.reshape(x_td.shape[0], heads, -1).transpose(0, 1)


def capture_nodes(path, ids, dtype):
    """All nodes that modules show, as float64."""
    model = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, attn_implementation="eager", dtype=torch.float32)
    model = model.to(dtype).eval()
    config = model.config
    capture = Capture(model)
    with torch.no_grad():
        result = model(torch.tensor([ids]), output_attentions=True, use_cache=False)
    nodes = {"logits": result.logits[0], "final": capture.outputs["model.norm"]}
    for layer in range(config.num_hidden_layers):
        name, node = f"model.layers.{layer}", f"blocks.{layer}"
        nodes[f"{node}.resid_pre"] = capture.inputs[f"{name}.input_layernorm"]
        nodes[f"{node}.ln1"] = capture.outputs[f"{name}.input_layernorm"]
        for letter in "qkv":
            heads = config.num_attention_heads if letter == "q" else config.num_key_value_heads
            nodes[f"{node}.attn.{letter}"] = by_head(
                capture.outputs[f"{name}.self_attn.{letter}_proj"], heads)
        nodes[f"{node}.attn.pattern"] = result.attentions[layer][0]
        nodes[f"{node}.attn.concat"] = capture.inputs[f"{name}.self_attn.o_proj"]
        nodes[f"{node}.attn_out"] = capture.outputs[f"{name}.self_attn.o_proj"]
        nodes[f"{node}.mlp.pre"] = capture.outputs[f"{name}.mlp.gate_proj"]
        nodes[f"{node}.mlp.up"] = capture.outputs[f"{name}.mlp.up_proj"]
        nodes[f"{node}.mlp.post"] = capture.inputs[f"{name}.mlp.down_proj"]
        nodes[f"{node}.mlp_out"] = capture.outputs[f"{name}.mlp"]
        nodes[f"{node}.resid_post"] = capture.outputs[name]
    return {node: value.double() for node, value in nodes.items()}


def run_heed(heed, path, text, folder):
    trace = pathlib.Path(folder) / "trace.safetensors"
    command = [heed, "trace", "-m", str(path), "--text", text, "-o", str(trace)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with safe_open(trace, "pt") as file:
        ids = json.loads(file.metadata()["ids"])
        return ids, {name: file.get_tensor(name).double() for name in file.keys()}


def kind_of(node):
    """blocks.3.attn.q of any layer is one row of the table."""
    parts = node.split(".")
    return ".".join(["blocks.*"] + parts[2:]) if parts[0] == "blocks" else node


def compare(heed_nodes, exact, single):
    rows, disagreements = {}, []
    for node, want in exact.items():
        got = heed_nodes[node]
        if got.shape != want.shape:
            disagreements.append(f"{node}: {list(got.shape)}, transformers {list(want.shape)}")
            continue
        error = (got - want).abs().max().item()
        own = (single[node] - want).abs().max().item()
        scale = want.abs().max().item()
        if not error <= 8 * own + 2e-6 * scale:
            disagreements.append(f"{node}: {error:.3g}, allowed {8 * own + 2e-6 * scale:.3g}")
        row = rows.setdefault(kind_of(node), [0.0, 0.0, 0.0])
        rows[kind_of(node)] = [max(row[0], error), max(row[1], own), max(row[2], scale)]
    return rows, disagreements


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--text", default="The capital of France is Paris, and 2 + 2 = 4.")
    parser.add_argument("--heed", default="build/heed")
    arguments = parser.parse_args()
    path = arguments.file.resolve()
    with tempfile.TemporaryDirectory() as folder:
        ids, heed_nodes = run_heed(arguments.heed, path, arguments.text, folder)
    rows, disagreements = compare(heed_nodes, capture_nodes(path, ids, torch.float64),
                                  capture_nodes(path, ids, torch.float32))
    print(f"{len(ids)} tokens\n{'node':<24} {'heed':>10} {'torch f32':>10} {'largest':>10}")
    for node, (error, own, scale) in rows.items():
        print(f"{node:<24} {error:>10.3g} {own:>10.3g} {scale:>10.4g}")
    print("\n".join(disagreements) or "every node agrees")
    sys.exit(1 if disagreements else 0)


if __name__ == "__main__":
    main()
