#!/usr/bin/env python3
"""Writes a model of random weights in Hugging Face form: for measuring, it says nothing.

make_random_model.py gpt2-small FOLDER [--layers N]    GPT-2 small: 12 layers, width 768 (498 MB)
make_random_model.py minilm FOLDER                     a BERT of 6 layers, 12 heads, width 384
make_random_model.py small FOLDER                      a GPT-2 of 4 layers, 6 heads, width 192
make_random_model.py llama-135m FOLDER                 SmolLM2-135M's shape in BF16 (269 MB)

Needs numpy. The same seed gives the same file.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy

SEED = 7
DEVIATION = 0.02


def gpt2_config(layers: int, heads: int, width: int, vocabulary: int, positions: int) -> dict:
    return {
        "model_type": "gpt2",
        "architectures": ["GPT2LMHeadModel"],
        "n_layer": layers,
        "n_head": heads,
        "n_embd": width,
        "vocab_size": vocabulary,
        "n_positions": positions,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5,
        "tie_word_embeddings": True,
    }


def bert_config(layers: int, heads: int, width: int, vocabulary: int, positions: int) -> dict:
    return {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "hidden_size": width,
        "intermediate_size": 4 * width,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": 2,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
    }


def llama_config(layers: int, heads: int, key_heads: int, width: int, mlp: int) -> dict:
    return {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": key_heads,
        "hidden_size": width,
        "intermediate_size": mlp,
        "vocab_size": 49152,
        "max_position_embeddings": 8192,
        "rms_norm_eps": 1e-5,
        "rope_theta": 100000.0,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
    }


PRESETS = {
    "gpt2-small": gpt2_config(12, 12, 768, 50257, 1024),
    "minilm": bert_config(6, 12, 384, 30522, 512),
    "small": gpt2_config(4, 6, 192, 4096, 256),
    "llama-135m": llama_config(30, 9, 3, 576, 1536),
}


def gpt2_shapes(config: dict) -> dict[str, tuple[int, ...]]:
    d, n = config["n_embd"], config["n_layer"]
    shapes = {
        "transformer.wte.weight": (config["vocab_size"], d),
        "transformer.wpe.weight": (config["n_positions"], d),
    }
    block = {
        "ln_1.weight": (d,),
        "ln_1.bias": (d,),
        "attn.c_attn.weight": (d, 3 * d),
        "attn.c_attn.bias": (3 * d,),
        "attn.c_proj.weight": (d, d),
        "attn.c_proj.bias": (d,),
        "ln_2.weight": (d,),
        "ln_2.bias": (d,),
        "mlp.c_fc.weight": (d, 4 * d),
        "mlp.c_fc.bias": (4 * d,),
        "mlp.c_proj.weight": (4 * d, d),
        "mlp.c_proj.bias": (d,),
    }
    for layer in range(n):
        shapes |= {f"transformer.h.{layer}.{name}": shape for name, shape in block.items()}
    return shapes | {"transformer.ln_f.weight": (d,), "transformer.ln_f.bias": (d,)}


def bert_shapes(config: dict) -> dict[str, tuple[int, ...]]:
    d, f = config["hidden_size"], config["intermediate_size"]
    shapes = {
        "embeddings.word_embeddings.weight": (config["vocab_size"], d),
        "embeddings.position_embeddings.weight": (config["max_position_embeddings"], d),
        "embeddings.token_type_embeddings.weight": (config["type_vocab_size"], d),
        "embeddings.LayerNorm.weight": (d,),
        "embeddings.LayerNorm.bias": (d,),
    }
    linear = {
        "attention.self.query": (d, d),
        "attention.self.key": (d, d),
        "attention.self.value": (d, d),
        "attention.output.dense": (d, d),
        "intermediate.dense": (f, d),
        "output.dense": (d, f),
    }
    for layer in range(config["num_hidden_layers"]):
        prefix = f"encoder.layer.{layer}."
        for name, shape in linear.items():
            shapes[prefix + name + ".weight"] = shape
            shapes[prefix + name + ".bias"] = shape[:1]
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[prefix + name + ".weight"] = (d,)
            shapes[prefix + name + ".bias"] = (d,)
    return shapes | {"pooler.dense.weight": (d, d), "pooler.dense.bias": (d,)}


def llama_shapes(config: dict) -> dict[str, tuple[int, ...]]:
    d, f = config["hidden_size"], config["intermediate_size"]
    keys = d // config["num_attention_heads"] * config["num_key_value_heads"]
    shapes = {"model.embed_tokens.weight": (config["vocab_size"], d)}
    block = {
        "input_layernorm": (d,),
        "self_attn.q_proj": (d, d),
        "self_attn.k_proj": (keys, d),
        "self_attn.v_proj": (keys, d),
        "self_attn.o_proj": (d, d),
        "post_attention_layernorm": (d,),
        "mlp.gate_proj": (f, d),
        "mlp.up_proj": (f, d),
        "mlp.down_proj": (d, f),
    }
    for layer in range(config["num_hidden_layers"]):
        for name, shape in block.items():
            shapes[f"model.layers.{layer}.{name}.weight"] = shape
    return shapes | {"model.norm.weight": (d,)}


SHAPES = {"gpt2": gpt2_shapes, "bert": bert_shapes, "llama": llama_shapes}


def is_norm_weight(name: str) -> bool:
    return name.endswith("norm.weight") or (
        name.endswith(".weight") and ("ln_" in name or "LayerNorm" in name)
    )


def write_weights(path: Path, shapes: dict[str, tuple[int, ...]], is_brain: bool) -> None:
    header: dict[str, dict] = {}
    end = 0
    dtype, size = ("BF16", 2) if is_brain else ("F32", 4)
    for name, shape in shapes.items():
        begin, end = end, end + size * int(numpy.prod(shape))
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 64)
    random = numpy.random.default_rng(SEED)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for name, shape in shapes.items():
            values = random.standard_normal(shape, dtype=numpy.float32) * numpy.float32(DEVIATION)
            if is_norm_weight(name):
                values += numpy.float32(1)
            if is_brain:
                values = (values.view(numpy.uint32) >> 16).astype(numpy.uint16)
            file.write(values.tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("preset", choices=sorted(PRESETS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, help="instead of the preset's")
    arguments = parser.parse_args()

    config = dict(PRESETS[arguments.preset])
    family = config["model_type"]
    if arguments.layers:
        config["n_layer" if family == "gpt2" else "num_hidden_layers"] = arguments.layers
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_weights(
        arguments.folder / "model.safetensors",
        SHAPES[family](config),
        config.get("torch_dtype") == "bfloat16",
    )
    print(arguments.folder)


if __name__ == "__main__":
    main()
