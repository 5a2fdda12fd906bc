#!/usr/bin/env python3
"""Makes tests/data/families/decoders: tiny decoders with layer norms, from GPT to Phi.

Needs torch, transformers, safetensors and numpy:  python3 tools/family_goldens/decoders.py
Values are computed in float64 by transformers itself (hooks on its modules). manifest.json has, for
each tensor, by how much PyTorch's own float32 run misses the float64 one.
"""

import copy
import pathlib
import shutil

import torch
import transformers

from case_files import CaseFiles, write_manifest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "tests" / "data" / "families" / "decoders"

# Modules: the embedding of words, the list of blocks, the last one; in a block: the norms, q k v
# where they are maps of their own, the last map of attention, both maps of the feed-forward.
BASES = {
    "openai-gpt": ("tokens_embed", "h", None),
    "ctrl": ("w", "h", "layernorm"),
    "gpt_neo": ("wte", "h", "ln_f"),
    "gptj": ("wte", "h", "ln_f"),
    "gpt_neox": ("embed_in", "layers", "final_layer_norm"),
    "opt": ("decoder.embed_tokens", "decoder.layers", "decoder.final_layer_norm"),
    "bloom": ("word_embeddings", "h", "ln_f"),
    "falcon": ("word_embeddings", "h", "ln_f"),
    "phi": ("embed_tokens", "layers", "final_layernorm"),
}
FUSED = {"attn_out": "self_attention.dense", "mlp.pre": "mlp.dense_h_to_4h",
         "mlp_out": "mlp.dense_4h_to_h"}
MLP = {"mlp.pre": "mlp.c_fc", "mlp_out": "mlp.c_proj"}
BLOCKS = {
    "openai-gpt": {"ln1": "ln_1", "attn_out": "attn.c_proj", **MLP, "ln2": "ln_2"},
    "ctrl": {"ln1": "layernorm1", "attn.q": "multi_head_attention.Wq",
             "attn.k": "multi_head_attention.Wk", "attn.v": "multi_head_attention.Wv",
             "attn_out": "multi_head_attention.dense", "ln2": "layernorm2", "mlp.pre": "ffn.0",
             "mlp_out": "ffn.2"},
    "gpt_neo": {"ln1": "ln_1", "attn.q": "attn.attention.q_proj", "attn.k": "attn.attention.k_proj",
                "attn.v": "attn.attention.v_proj", "attn_out": "attn.attention.out_proj",
                "ln2": "ln_2", **MLP},
    "gptj": {"ln1": "ln_1", "attn.q": "attn.q_proj", "attn.k": "attn.k_proj",
             "attn.v": "attn.v_proj", "attn_out": "attn.out_proj", "mlp.pre": "mlp.fc_in",
             "mlp_out": "mlp.fc_out"},
    "gpt_neox": {**FUSED, "ln1": "input_layernorm", "attn_out": "attention.dense",
                 "ln2": "post_attention_layernorm"},
    "opt": {"ln1": "self_attn_layer_norm", "attn.q": "self_attn.q_proj",
            "attn.k": "self_attn.k_proj", "attn.v": "self_attn.v_proj",
            "attn_out": "self_attn.out_proj", "ln2": "final_layer_norm", "mlp.pre": "fc1",
            "mlp_out": "fc2"},
    "bloom": {"ln1": "input_layernorm", "ln2": "post_attention_layernorm", **FUSED},
    "falcon": {**FUSED},
    "phi": {"ln1": "input_layernorm", "attn.q": "self_attn.q_proj", "attn.k": "self_attn.k_proj",
            "attn.v": "self_attn.v_proj", "attn_out": "self_attn.dense", "mlp.pre": "mlp.fc1",
            "mlp_out": "mlp.fc2"},
}


def by_head(rows, width):
    return rows.reshape(rows.shape[0], -1, width).transpose(0, 1)


class Capture:
    """Outputs of each module, without the batch axis."""

    def __init__(self, model):
        self.outputs = {}
        for name, module in model.named_modules():
            module.register_forward_hook(self.hook(name))

    def hook(self, name):
        def keep(_module, _args, output):
            first = output[0] if isinstance(output, tuple) else output
            if torch.is_tensor(first):
                # CTRL and Falcon write on into what a module gave.
                self.outputs[name] = first.detach().clone().reshape(-1, first.shape[-1])

        return keep


def nodes_of(model, ids):
    """Values by node name."""
    config = model.config
    capture = Capture(model.base_model)
    out = capture.outputs
    has_slopes = getattr(config, "alibi", False)  # Falcon's eager attention adds them twice
    result = model(input_ids=ids[None], output_hidden_states=True,
                   output_attentions=not has_slopes)
    words, blocks, last = BASES[config.model_type]
    nodes = {"embed": out[words], "embed_out": result.hidden_states[0][0]}
    for layer in range(config.num_hidden_layers):
        block = f"blocks.{layer}."
        nodes[block + "resid_pre"] = result.hidden_states[layer][0]
        if result.attentions and result.attentions[layer] is not None:
            nodes[block + "attn.pattern"] = result.attentions[layer][0]
        for node, module in BLOCKS[config.model_type].items():
            rows = out[f"{blocks}.{layer}.{module}"]
            is_heads = node.startswith("attn.")
            width = config.hidden_size // config.num_attention_heads
            nodes[block + node] = by_head(rows, width) if is_heads else rows
    # Where OPT's words have a width of their own, the last norm is not the last node.
    has_own_width = getattr(config, "word_embed_proj_dim", None) not in (None, config.hidden_size)
    if last in out and not has_own_width:
        nodes["final"] = out[last]
    nodes["logits"] = result.logits[0]
    nodes["probs"] = result.logits[0].softmax(-1)
    return {name: value.detach() for name, value in nodes.items()}


def randomise(model, generator):
    """Numbers large enough that patterns are far from even."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm = parameter.dim() == 1 and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if is_norm else 0.4 * noise)
    model.tie_weights()


def use_exact_arithmetic():
    """transformers takes the softmax of eager attention in float32, whatever the model is in."""
    plain = torch.nn.functional.softmax
    torch.nn.functional.softmax = lambda x, dim=-1, dtype=None: plain(x, dim=dim)


def make_case(name, class_name, options, number_type, seed):
    family = class_name.split("For")[0].removesuffix("LMHeadModel")
    config = getattr(transformers, family + "Config")(**options)
    config._attn_implementation = "sdpa" if options.get("alibi") else "eager"
    model = getattr(transformers, class_name)(config)
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    folder = OUT / name
    folder.mkdir(parents=True)
    model.to(number_type).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = type(model).from_pretrained(
        folder, dtype=torch.float32, attn_implementation=config._attn_implementation).eval()
    files = CaseFiles(folder)
    for key, length in (("a", 6), ("b", 1)):
        ids = torch.randint(0, config.vocab_size, (length,), generator=generator)
        with torch.no_grad():
            exact = nodes_of(copy.deepcopy(model).double(), ids)
            single = nodes_of(copy.deepcopy(model), ids)
        files.add(key, {"input_ids": ids}, exact, single)
    return files.write(config.model_type, class_name, number_type)


def list_cases():
    old = dict(vocab_size=17, n_embd=12, n_layer=2, n_head=3, n_positions=9)
    new = dict(vocab_size=17, hidden_size=12, num_hidden_layers=2, num_attention_heads=3,
               max_position_embeddings=9, pad_token_id=None, bos_token_id=0, eos_token_id=0)
    single, half, brain = torch.float32, torch.float16, torch.bfloat16
    return {
        "openai-gpt-lm": ("OpenAIGPTLMHeadModel", old, single),
        "ctrl-lm": ("CTRLLMHeadModel", dict(old, dff=10), single),
        "gpt_neo-local": ("GPTNeoForCausalLM", dict(
            vocab_size=17, hidden_size=12, num_layers=2, num_heads=3, intermediate_size=10,
            max_position_embeddings=9, window_size=3, attention_types=[[["global", "local"], 1]],
            bos_token_id=0, eos_token_id=0), half),
        "gptj-lm": ("GPTJForCausalLM", dict(
            old, n_inner=10, rotary_dim=2, bos_token_id=0, eos_token_id=0), single),
        "gpt_neox-odd": ("GPTNeoXForCausalLM", dict(
            new, intermediate_size=10, rotary_pct=0.75), single),
        "gpt_neox-sequential": ("GPTNeoXForTokenClassification", dict(
            new, intermediate_size=10, rotary_pct=0.5, use_parallel_residual=False,
            attention_bias=False, num_labels=3), brain),
        "opt-plain": ("OPTForCausalLM", dict(new, ffn_dim=10), single),
        "opt-projected": ("OPTForCausalLM", dict(
            new, ffn_dim=10, do_layer_norm_before=False, word_embed_proj_dim=5, enable_bias=False,
            layer_norm_elementwise_affine=False), half),
        "falcon-new": ("FalconForCausalLM", dict(
            new, num_attention_heads=6, num_kv_heads=2, new_decoder_architecture=True,
            ffn_hidden_size=10, bias=True), single),
        "falcon-slopes": ("FalconForSequenceClassification", dict(
            new, hidden_size=24, num_attention_heads=12, alibi=True, multi_query=False,
            parallel_attn=False, ffn_hidden_size=10, num_labels=3), single),
        "phi-norms": ("PhiForCausalLM", dict(
            new, intermediate_size=10, qk_layernorm=True, num_key_value_heads=1), single),
        "bloom-normed": ("BloomForCausalLM", dict(
            vocab_size=17, hidden_size=12, n_layer=2, n_head=3,
            apply_residual_connection_post_layernorm=True), half),
        "bloom-tokens": ("BloomForTokenClassification", dict(
            vocab_size=17, hidden_size=12, n_layer=2, n_head=6, num_labels=2), single),
    }


def main():
    use_exact_arithmetic()
    if OUT.exists():
        shutil.rmtree(OUT)
    cases = {}
    for seed, (name, (class_name, options, number_type)) in enumerate(list_cases().items()):
        cases[name] = make_case(name, class_name, options, number_type, seed)
    write_manifest(OUT, "tools/family_goldens/decoders.py", cases)


if __name__ == "__main__":
    main()
