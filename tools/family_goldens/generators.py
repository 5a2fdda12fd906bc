#!/usr/bin/env python3
"""Makes tests/data/families/generators: tiny relatives of Llama, of BART and of T5.

Needs torch, transformers, safetensors and numpy:  python3 tools/family_goldens/generators.py
Values are computed in float64 by transformers itself (hooks on its modules). manifest.json has, for
each tensor, by how much PyTorch's own float32 run misses the float64 one.
"""

import copy
import pathlib
import shutil

import torch
import transformers

from case_files import CaseFiles, write_manifest
from exactness import exact_arithmetic

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "tests" / "data" / "families" / "generators"


def first_of(output):
    return output[0] if isinstance(output, tuple) else output


class Nodes:
    """Values by node name, caught by hooks."""

    def __init__(self):
        self.values, self.handles = {}, []

    def keep_output(self, module, name):
        def hook(_module, _args, output):
            self.values[name] = first_of(output)[0]

        self.handles.append(module.register_forward_hook(hook))

    def keep_block(self, module, prefix, layer):
        def hook(_module, args, named, output):
            given = args[0] if args else named["hidden_states"]
            self.values[f"{prefix}blocks.{layer}.resid_pre"] = given[0]
            self.values[f"{prefix}blocks.{layer}.resid_post"] = first_of(output)[0]
            if layer == 0:
                self.values[prefix + "embed_out"] = given[0]

        self.handles.append(module.register_forward_hook(hook, with_kwargs=True))


def rotary_nodes(model, given):
    nodes, base = Nodes(), model.model
    for layer, block in enumerate(base.layers):
        nodes.keep_block(block, "", layer)
        nodes.keep_output(block.self_attn, f"blocks.{layer}.attn_out")
        nodes.keep_output(block.mlp, f"blocks.{layer}.mlp_out")
    nodes.keep_output(base.norm, "final")
    result = model(**given, use_cache=False, output_attentions=True)
    for layer, pattern in enumerate(result.attentions):
        nodes.values[f"blocks.{layer}.attn.pattern"] = pattern[0]
    nodes.values["logits"] = result.logits[0]
    return nodes


def alone_nodes(model, given):
    """Of one tower without the other: a decoder, or T5's encoder."""
    is_t5 = hasattr(model, "transformer")
    tower = model.transformer.encoder if is_t5 else model.model.decoder
    nodes = Nodes()
    for layer, block in enumerate(tower.block if is_t5 else tower.layers):
        nodes.keep_block(block, "", layer)
    result = model(**given, use_cache=False, output_attentions=True, output_hidden_states=True)
    for layer, pattern in enumerate(result.attentions):
        nodes.values[f"blocks.{layer}.attn.pattern"] = pattern[0]
    nodes.values["final"] = result.hidden_states[-1][0]
    nodes.values["logits"] = result.logits[0]
    return nodes


def pair_nodes(model, given):
    nodes, base = Nodes(), getattr(model, "model", getattr(model, "transformer", model))
    for name in ("encoder", "decoder"):
        tower = getattr(base, name)
        for layer, block in enumerate(tower.block if hasattr(tower, "block") else tower.layers):
            nodes.keep_block(block, name + ".", layer)
        nodes.keep_output(tower, name + ".final")
    result = model(**given, use_cache=False, output_attentions=True)
    nodes.values["encoder.final"] = result.encoder_last_hidden_state[0]
    del nodes.values["decoder.final"]
    for site, patterns in (("encoder.{}.attn", result.encoder_attentions),
                           ("decoder.{}.attn", result.decoder_attentions),
                           ("decoder.{}.cross_attn", result.cross_attentions)):
        for layer, pattern in enumerate(patterns):
            place = site.format(f"blocks.{layer}")
            nodes.values[place + ".pattern"] = pattern[0]
    if "logits" in result:
        nodes.values["decoder.logits"] = result.logits[0]
    else:
        nodes.values["decoder.logits"] = torch.stack(
            (result.start_logits[0], result.end_logits[0]), -1)
    return nodes


def is_pair(model):
    return model.config.is_encoder_decoder and "ForTokenClass" not in type(model).__name__


def reads_twice(model):
    """Classifiers, whose decoders read the encoder's text one place to the right."""
    return is_pair(model) and type(model).__name__.endswith(("Classification", "Answering"))


def nodes_of(model, given):
    batch = {key: value[None] for key, value in given.items()}
    with torch.no_grad():
        if is_pair(model):
            nodes = pair_nodes(model, batch)
        else:
            is_alone = hasattr(model, "transformer") or hasattr(model.model, "decoder")
            nodes = (alone_nodes if is_alone else rotary_nodes)(model, batch)
    for handle in nodes.handles:
        handle.remove()
    return {name: value.detach() for name, value in nodes.values.items()}


def randomise(model, generator):
    """Numbers large enough that patterns are far from even."""
    offset = 0 if "Gemma" in type(model).__name__ else 1
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm = "norm" in name and name.endswith("weight")
            if "embed_positions" in name and not parameter.requires_grad:
                continue
            parameter.copy_(offset + 0.2 * noise if is_norm else 0.4 * noise)
    model.tie_weights()


def make_inputs(model, generator):
    inputs = {}
    for key, length, target in (("a", 5, 3), ("b", 1, 1)):
        inputs[key] = {"input_ids": torch.randint(0, 13, (length,), generator=generator)}
        if reads_twice(model):
            inputs[key]["input_ids"][(length - 1) // 2] = model.config.eos_token_id
        elif is_pair(model):
            inputs[key]["decoder_input_ids"] = torch.randint(0, 13, (target,), generator=generator)
    return inputs


def make_case(name, model, number_type, seed):
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model = model.to(number_type).eval()
    folder = OUT / name
    folder.mkdir(parents=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    # Tables that no file holds are computed anew, not rounded to the type of the weights.
    model = type(model).from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager").eval()
    files = CaseFiles(folder)
    for key, given in make_inputs(model, generator).items():
        single = nodes_of(copy.deepcopy(model).float(), given)
        with exact_arithmetic():
            exact = nodes_of(copy.deepcopy(model).double(), given)
        files.add(key, given, exact, single)
    return files.write(model.config.model_type, type(model).__name__, number_type)


def build_models():
    rotary = dict(vocab_size=13, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
                  num_key_value_heads=1, intermediate_size=6, max_position_embeddings=16,
                  pad_token_id=None, bos_token_id=None, eos_token_id=None,
                  attn_implementation="eager")
    pair = dict(vocab_size=13, d_model=8, encoder_layers=1, decoder_layers=2,
                encoder_attention_heads=2, decoder_attention_heads=4, encoder_ffn_dim=6,
                decoder_ffn_dim=5, max_position_embeddings=8, pad_token_id=1,
                attn_implementation="eager")
    t5 = dict(vocab_size=13, d_model=8, d_kv=3, d_ff=6, num_layers=1, num_decoder_layers=2,
              num_heads=2, relative_attention_num_buckets=4, relative_attention_max_distance=6,
              attn_implementation="eager")
    yarn = {"rope_type": "yarn", "rope_theta": 100.0, "factor": 4.0, "mscale": 0.7,
            "mscale_all_dim": 0.4, "truncate": False, "original_max_position_embeddings": 8}
    families = {
        "llama-yarn": ("Llama", dict(rotary, rope_parameters=yarn, mlp_bias=True)),
        "mistral-window": ("Mistral", dict(rotary, sliding_window=3)),
        "qwen2-late-window": ("Qwen2", dict(rotary, use_sliding_window=True, sliding_window=2,
                                            max_window_layers=1)),
        "qwen3-head-norms": ("Qwen3", dict(rotary, head_dim=6, attention_bias=True)),
        "gemma-wide-heads": ("Gemma", dict(rotary, head_dim=6)),
        "gemma2-caps": ("Gemma2", dict(rotary, head_dim=4, sliding_window=2,
                                       query_pre_attn_scalar=7, attn_logit_softcapping=2.0,
                                       final_logit_softcapping=5.0)),
        "gemma3-two-rotations": ("Gemma3", dict(rotary, head_dim=4, sliding_window=3,
                                                query_pre_attn_scalar=5,
                                                layer_types=["sliding_attention",
                                                             "full_attention"])),
        "phi3-part-turned": ("Phi3", dict(rotary, partial_rotary_factor=0.5)),
        "olmo2-norms-after": ("Olmo2", dict(rotary)),
        "smollm3-no-rotation": ("SmolLM3", dict(rotary, no_rope_layers=[1, 0])),
        "bart": ("Bart", dict(pair, scale_embedding=True)),
        "mbart": ("MBart", dict(pair)),
        "pegasus": ("Pegasus", dict(pair)),
        "marian": ("Marian", dict(pair, activation_function="swish", decoder_vocab_size=13)),
        "t5-scaled": ("T5", dict(t5)),
        "mt5-gated": ("MT5", dict(t5)),
        "bart-text": ("BartForSequenceClassification", dict(pair)),
        "mbart-span": ("MBartForQuestionAnswering", dict(pair)),
        "marian-alone": ("MarianForCausalLM", dict(pair, is_decoder=True)),
        "bart-alone": ("BartForCausalLM", dict(pair, is_decoder=True)),
        "t5-text": ("T5ForSequenceClassification", dict(t5, num_labels=3, decoder_start_token_id=0)),
        "t5-tokens": ("T5ForTokenClassification", dict(t5, num_labels=3, decoder_start_token_id=0)),
        "mt5-span": ("MT5ForQuestionAnswering", dict(t5, decoder_start_token_id=0)),
    }
    endings = {"Bart": "ForConditionalGeneration", "MBart": "ForConditionalGeneration",
               "Pegasus": "ForConditionalGeneration", "Marian": "MTModel",
               "T5": "ForConditionalGeneration", "MT5": "ForConditionalGeneration"}
    models = {}
    for seed, (name, (family, options)) in enumerate(families.items()):
        family, _, ending = family.partition("For")
        ending = "For" + ending if ending else endings.get(family, "ForCausalLM")
        config_name = "Gemma3TextConfig" if family == "Gemma3" else family + "Config"
        config = getattr(transformers, config_name)(**options)
        model_class = getattr(transformers, family + ending)
        models[name] = (model_class(config), torch.bfloat16 if seed % 5 == 3 else torch.float32)
    return models


def main():
    if OUT.exists():
        shutil.rmtree(OUT)
    cases = {}
    for seed, (name, (model, number_type)) in enumerate(build_models().items()):
        cases[name] = make_case(name, model, number_type, seed)
    write_manifest(OUT, "tools/family_goldens/generators.py", cases)


if __name__ == "__main__":
    main()
