#!/usr/bin/env python3
"""Makes tests/data/families/pictures: tiny vision transformers and both sides of CLIP.

Needs torch, transformers, safetensors and numpy:  python3 tools/family_goldens/pictures.py
Values are computed in float64 by transformers itself (hooks on its modules). manifest.json has, for
each tensor, by how much PyTorch's own float32 run misses the float64 one.
"""

import copy
import pathlib
import shutil

import torch
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    DeiTConfig,
    DeiTForImageClassificationWithTeacher,
    ViTConfig,
    ViTForImageClassification,
    ViTModel,
)

from case_files import CaseFiles, write_manifest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "tests" / "data" / "families" / "pictures"

# Where a layer's parts are: attention's maps, the last map of attention, and the feed-forward part.
VIT = {"layers": "layers", "attention": "attention", "out": "o_proj"}
CLIP = {"layers": "encoder.layers", "attention": "self_attn", "out": "out_proj"}


class Capture:
    """Inputs and outputs of modules during one forward pass, without the batch axis."""

    def __init__(self, model):
        self.inputs, self.outputs = {}, {}
        for name, module in model.named_modules():
            module.register_forward_hook(self.hook(name))

    def hook(self, name):
        def keep(_module, args, output):
            first = output[0] if isinstance(output, tuple) else output
            if args and torch.is_tensor(args[0]):
                self.inputs[name] = args[0].detach()[0]
            if torch.is_tensor(first):
                self.outputs[name] = first.detach()[0]

        return keep


def nodes_of(model, given):
    """Values by node name, of a model without batch axis in its inputs."""
    if isinstance(model, CLIPModel):
        is_text = "input_ids" in given
        nodes = nodes_of(model.text_model if is_text else model.vision_model, given)
        projection = model.text_projection if is_text else model.visual_projection
        nodes["text_embeds" if is_text else "image_embeds"] = projection(nodes["pooled"]).detach()
        return nodes
    is_clip = model.config.model_type.startswith("clip")
    part = CLIP if is_clip else VIT
    capture = Capture(model)
    result = model(**{key: value[None] for key, value in given.items()},
                   output_attentions=True, output_hidden_states=True)
    out, into = capture.outputs, capture.inputs
    base = next((name + "." for name in ("vit", "deit", "text_model", "vision_model")
                 if hasattr(model, name)), "")
    config = model.config
    nodes = {"embed_out": result.hidden_states[0][0]}
    for layer in range(config.num_hidden_layers):
        block, name = f"blocks.{layer}.", f"{base}{part['layers']}.{layer}."
        norms = ("layer_norm1", "layer_norm2") if is_clip else ("layernorm_before", "layernorm_after")
        attention = name + part["attention"] + "."
        nodes[block + "resid_pre"] = into[name + norms[0]]
        nodes[block + "ln1"] = out[name + norms[0]]
        for letter in "qkv":
            rows = out[f"{attention}{letter}_proj"]
            heads = config.num_attention_heads
            nodes[f"{block}attn.{letter}"] = rows.reshape(len(rows), heads, -1).transpose(0, 1)
        nodes[block + "attn.pattern"] = result.attentions[layer][0]
        nodes[block + "attn.concat"] = into[attention + part["out"]]
        nodes[block + "attn_out"] = out[attention + part["out"]]
        nodes[block + "resid_mid"] = into[name + norms[1]]
        nodes[block + "ln2"] = out[name + norms[1]]
        nodes[block + "mlp.pre"] = out[name + "mlp.fc1"]
        nodes[block + "mlp.post"] = into[name + "mlp.fc2"]
        nodes[block + "mlp_out"] = out[name + "mlp.fc2"]
        nodes[block + "resid_post"] = nodes[block + "resid_mid"] + nodes[block + "mlp_out"]
    if base + "pre_layrnorm" in out:
        nodes["final"] = nodes[block + "resid_post"]
    else:
        nodes["final"] = out[base + ("final_layer_norm" if is_clip else "layernorm")]
    if getattr(result, "pooler_output", None) is not None:
        nodes["pooled"] = result.pooler_output[0]
    for name in ("text_projection", "visual_projection"):
        if name in into:
            nodes["pooled"] = into[name]
    for key in ("logits", "cls_logits", "distillation_logits", "text_embeds", "image_embeds"):
        if getattr(result, key, None) is not None:
            nodes[key] = getattr(result, key)[0]
    if "logits" in nodes:
        nodes["probs"] = nodes["logits"].softmax(-1)
    return {name: value.detach() for name, value in nodes.items()}


def randomise(model, generator):
    """Numbers large enough that patterns are far from even."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm = "norm" in name.replace("layrnorm", "norm") and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if is_norm else 0.4 * noise)


def make_inputs(model, generator):
    config = model.config
    if config.model_type == "clip":
        return {"a": make_inputs(model.text_model, generator)["a"],
                "b": make_inputs(model.vision_model, generator)["b"]}
    if config.model_type == "clip_text_model":
        ids = {"a": [17, 3, 9, 20, 22, 5], "b": [8]}
        return {key: {"input_ids": torch.tensor(value)} for key, value in ids.items()}
    size = config.image_size
    edges = list(size) if isinstance(size, (list, tuple)) else [size, size]
    shape = (config.num_channels, *edges)
    return {key: {"pixel_values": torch.randn(shape, generator=generator)} for key in "ab"}


def use_exact_softmax():
    """transformers takes the softmax of eager attention in float32, whatever the model is in."""
    plain = torch.nn.functional.softmax
    torch.nn.functional.softmax = lambda x, dim=-1, dtype=None: plain(x, dim=dim)


def make_case(name, model, number_type, seed):
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model = model.to(number_type).eval()
    model.set_attn_implementation("eager")
    folder = OUT / name
    folder.mkdir(parents=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    files = CaseFiles(folder)
    for key, given in make_inputs(model, generator).items():
        runs = []
        for run_type in (torch.float64, torch.float32):
            cast = {node: value.to(run_type) if value.is_floating_point() else value
                    for node, value in given.items()}
            with torch.no_grad():
                runs.append(nodes_of(copy.deepcopy(model).to(run_type), cast))
        exact, single = runs
        files.add(key, given, exact, single)
    return files.write(model.config.model_type, type(model).__name__, number_type)


def main():
    use_exact_softmax()
    if OUT.exists():
        shutil.rmtree(OUT)
    sizes = dict(hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=10)
    rectangle = dict(image_size=[5, 8], patch_size=[2, 3], num_channels=1)
    square = dict(image_size=4, patch_size=2)
    text = dict(sizes, vocab_size=23, max_position_embeddings=8, projection_dim=5, pad_token_id=1,
                bos_token_id=0, eos_token_id=22)
    cases = {
        "vit-pooler": make_case(
            "vit-pooler",
            ViTModel(ViTConfig(**sizes, **square, pooler_output_size=7, pooler_act="sigmoid")),
            torch.float16, 1),
        "vit-rectangle": make_case(
            "vit-rectangle",
            ViTForImageClassification(
                ViTConfig(**sizes, **rectangle, qkv_bias=False, num_labels=4)),
            torch.float32, 2),
        "deit-teacher": make_case(
            "deit-teacher",
            DeiTForImageClassificationWithTeacher(
                DeiTConfig(**sizes, **square, num_labels=3, hidden_act="relu")),
            torch.float32, 3),
        "clip-text": make_case(
            "clip-text", CLIPTextModelWithProjection(CLIPTextConfig(**text)), torch.float32, 4),
        "clip-vision": make_case(
            "clip-vision",
            CLIPVisionModelWithProjection(
                CLIPVisionConfig(**sizes, **square, projection_dim=5)),
            torch.float32, 5),
        "clip-both": make_case(
            "clip-both",
            CLIPModel(CLIPConfig(
                text_config=dict(text, eos_token_id=2),
                vision_config=dict(sizes, **square, num_channels=1), projection_dim=6)),
            torch.bfloat16, 6),
    }
    write_manifest(OUT, "tools/family_goldens/pictures.py", cases)


if __name__ == "__main__":
    main()
