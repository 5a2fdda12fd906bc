#!/usr/bin/env python3
"""Makes tests/data/models: tiny models and every intermediate that PyTorch computes for them.

Needs torch, transformers, safetensors and numpy:  python3 tools/make_model_goldens.py
Values are computed in float64 by transformers itself (hooks on its modules); what it does not show
(dots, scaled, masked, z by head) follows from what it does, and is checked against its attentions.
manifest.json has, for each tensor, by how much PyTorch's own float32 run misses the float64 one.
"""

import copy
import json
import math
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    GPT2Config,
    GPT2LMHeadModel,
)

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "models"


class Capture:
    """Inputs and outputs of modules during one forward pass, without the batch axis."""

    def __init__(self, model):
        self.inputs, self.outputs = {}, {}
        self.handles = [
            module.register_forward_hook(self.hook(name)) for name, module in model.named_modules()
        ]

    def hook(self, name):
        def keep(_module, args, output):
            first = output[0] if isinstance(output, tuple) else output
            if args and torch.is_tensor(args[0]):
                self.inputs[name] = args[0].detach()
            if torch.is_tensor(first):
                self.outputs[name] = first.detach()

        return keep

    def close(self):
        for handle in self.handles:
            handle.remove()


def rows(tensor):
    return tensor[0] if tensor.dim() == 3 else tensor


def by_head(x_td, heads):
    return x_td.reshape(x_td.shape[0], heads, -1).transpose(0, 1)


def attention_nodes(nodes, prefix, q, k, v, scale, causal, attentions, concat):
    dots = q @ k.transpose(1, 2)
    scaled = dots * scale
    masked = scaled.clone()
    if causal:
        length = dots.shape[1]
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        masked[:, future] = -math.inf
    pattern = masked.softmax(-1)
    z = pattern @ v
    close = {"atol": 1e-9, "rtol": 1e-9} if q.dtype == torch.float64 else {"atol": 1e-4, "rtol": 1e-4}
    torch.testing.assert_close(pattern, attentions[0], **close)
    torch.testing.assert_close(z.transpose(0, 1).reshape(concat.shape), concat, **close)
    for name, value in {
        "q": q, "k": k, "v": v, "dots": dots, "scaled": scaled, "masked": masked,
        "pattern": pattern, "z": z, "concat": concat,
    }.items():
        nodes[f"{prefix}attn.{name}"] = value


def bert_nodes(model, ids, types):
    capture = Capture(model)
    result = model(input_ids=ids[None], token_type_ids=types[None], output_attentions=True)
    capture.close()
    config = model.config
    nodes = {}

    def put(name, source, module):
        nodes[name] = rows(source["bert." + module])

    out, into = capture.outputs, capture.inputs
    put("embed", out, "embeddings.word_embeddings")
    put("pos_embed", out, "embeddings.position_embeddings")
    put("type_embed", out, "embeddings.token_type_embeddings")
    put("embed_sum", into, "embeddings.LayerNorm")
    put("embed_out", out, "embeddings.LayerNorm")
    x = nodes["embed_out"]
    heads = config.num_attention_heads
    for layer in range(config.num_hidden_layers):
        block, module = f"blocks.{layer}.", f"encoder.layer.{layer}."
        nodes[block + "resid_pre"] = x
        q, k, v = (
            by_head(rows(out[f"bert.{module}attention.self.{part}"]), heads)
            for part in ("query", "key", "value")
        )
        concat = rows(into[f"bert.{module}attention.output.dense"])
        attention_nodes(nodes, block, q, k, v, 1 / math.sqrt(q.shape[2]), config.is_decoder,
                        result.attentions[layer], concat)
        put(block + "attn_out", out, module + "attention.output.dense")
        put(block + "resid_mid", into, module + "attention.output.LayerNorm")
        put(block + "ln1", out, module + "attention.output.LayerNorm")
        put(block + "mlp.pre", out, module + "intermediate.dense")
        put(block + "mlp.post", into, module + "output.dense")
        put(block + "mlp_out", out, module + "output.dense")
        put(block + "resid_sum", into, module + "output.LayerNorm")
        put(block + "ln2", out, module + "output.LayerNorm")
        x = nodes[block + "resid_post"] = nodes[block + "ln2"]
    nodes["final"] = x
    if isinstance(model, BertForMaskedLM):
        nodes["head.dense"] = rows(out["cls.predictions.transform.dense"])
        nodes["head.act"] = rows(into["cls.predictions.transform.LayerNorm"])
        nodes["head.norm"] = rows(out["cls.predictions.transform.LayerNorm"])
    else:
        nodes["pooler.in"] = x[0]
        nodes["pooler.dense"] = out["bert.pooler.dense"][0]
        nodes["pooled"] = out["bert.pooler"][0]
    nodes["logits"] = result.logits[0].detach()
    nodes["probs"] = nodes["logits"].softmax(-1)
    return nodes


def gpt2_nodes(model, ids, _types):
    capture = Capture(model)
    result = model(input_ids=ids[None], output_attentions=True, use_cache=False)
    capture.close()
    config = model.config
    out, into = capture.outputs, capture.inputs
    nodes = {
        "embed": rows(out["transformer.wte"]),
        "pos_embed": rows(out["transformer.wpe"]),
        "embed_out": rows(into["transformer.drop"]),
    }
    for layer in range(config.n_layer):
        block, module = f"blocks.{layer}.", f"transformer.h.{layer}."
        nodes[block + "resid_pre"] = rows(into[module + "ln_1"])
        nodes[block + "ln1"] = rows(out[module + "ln_1"])
        q, k, v = (
            by_head(part, config.n_head)
            for part in rows(out[module + "attn.c_attn"]).split(config.n_embd, dim=1)
        )
        scale = 1 / math.sqrt(q.shape[2]) if config.scale_attn_weights else 1.0
        if config.scale_attn_by_inverse_layer_idx:
            scale /= layer + 1
        attention_nodes(nodes, block, q, k, v, scale, True, result.attentions[layer],
                        rows(into[module + "attn.c_proj"]))
        nodes[block + "attn_out"] = rows(out[module + "attn.c_proj"])
        nodes[block + "resid_mid"] = rows(into[module + "ln_2"])
        nodes[block + "ln2"] = rows(out[module + "ln_2"])
        nodes[block + "mlp.pre"] = rows(out[module + "mlp.c_fc"])
        nodes[block + "mlp.post"] = rows(into[module + "mlp.c_proj"])
        nodes[block + "mlp_out"] = rows(out[module + "mlp.c_proj"])
        nodes[block + "resid_post"] = nodes[block + "resid_mid"] + nodes[block + "mlp_out"]
    nodes["final"] = rows(out["transformer.ln_f"])
    nodes["logits"] = result.logits[0].detach()
    nodes["probs"] = nodes["logits"].softmax(-1)
    return nodes


def randomise(model, generator):
    """Numbers large enough that patterns are far from even."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm = "LayerNorm.weight" in name or "ln_" in name and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if is_norm else 0.4 * noise)
    model.tie_weights()


def make_case(name, model, nodes_of, number_type, seed):
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model = model.to(number_type).eval()
    folder = OUT / name
    folder.mkdir(parents=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)

    config = model.config
    inputs, expected, errors, shapes = {}, {}, {}, {}
    for key, length in (("a", 6), ("b", 1)):
        ids = torch.randint(0, config.vocab_size, (length,), generator=generator)
        types = (torch.arange(length) > length // 2).long()
        inputs[f"{key}/input_ids"] = ids
        shapes[key] = {"input_ids": [length]}
        if nodes_of is bert_nodes:
            inputs[f"{key}/token_type_ids"] = types
            shapes[key]["token_type_ids"] = [length]
        with torch.no_grad():
            exact = nodes_of(copy.deepcopy(model).double(), ids, types)
            single = nodes_of(copy.deepcopy(model).float(), ids, types)
        for node, value in exact.items():
            finite = value[value.isfinite()]
            error = (single[node].double() - value)[value.isfinite()].abs().max()
            errors[f"{key}/{node}"] = {
                "f32_error": float(f"{error.item():.3g}"),
                "scale": float(f"{finite.abs().max().item():.4g}"),
            }
            expected[f"{key}/{node}"] = value.float().contiguous().clone()
    save_file(inputs, folder / "input.safetensors")
    save_file(expected, folder / "expected.safetensors")
    return {
        "model_type": config.model_type,
        "architecture": type(model).__name__,
        "weights": str(number_type).removeprefix("torch."),
        "inputs": shapes,
        "tensors": errors,
    }


def main():
    if OUT.exists():
        shutil.rmtree(OUT)
    bert = dict(vocab_size=23, hidden_size=12, num_hidden_layers=2, num_attention_heads=3,
                intermediate_size=10, max_position_embeddings=8, attn_implementation="eager")
    gpt2 = dict(vocab_size=23, n_embd=12, n_layer=2, n_head=3, n_positions=8,
                attn_implementation="eager", bos_token_id=0, eos_token_id=0)
    cases = {
        "bert-mlm": make_case(
            "bert-mlm", BertForMaskedLM(BertConfig(**bert)), bert_nodes, torch.float32, 1),
        "bert-seqcls": make_case(
            "bert-seqcls",
            BertForSequenceClassification(
                BertConfig(**bert, hidden_act="relu", num_labels=3, layer_norm_eps=1e-5)),
            bert_nodes, torch.float16, 2),
        "gpt2-lm": make_case(
            "gpt2-lm", GPT2LMHeadModel(GPT2Config(**gpt2)), gpt2_nodes, torch.float32, 3),
        "gpt2-untied": make_case(
            "gpt2-untied",
            GPT2LMHeadModel(GPT2Config(
                **gpt2, n_inner=10, activation_function="gelu", tie_word_embeddings=False,
                scale_attn_by_inverse_layer_idx=True)),
            gpt2_nodes, torch.bfloat16, 4),
    }
    manifest = {
        "torch": torch.__version__.split("+")[0],
        "made_by": "tools/make_model_goldens.py",
        "cases": cases,
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
