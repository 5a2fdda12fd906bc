#!/usr/bin/env python3
"""Makes tests/data/families/encoders: tiny relatives of BERT, and ModernBERT.

Needs torch, transformers, safetensors and numpy:  python3 tools/family_goldens/encoders.py
Values are computed in float64 by transformers itself (hooks on its modules). manifest.json has, for
each tensor, by how much PyTorch's own float32 run misses the float64 one.
"""

import copy
import pathlib
import shutil

import torch
from transformers import (
    AlbertConfig,
    AlbertForPreTraining,
    CamembertConfig,
    CamembertForTokenClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    ElectraConfig,
    ElectraForMaskedLM,
    ElectraForPreTraining,
    ModernBertConfig,
    ModernBertForSequenceClassification,
    ModernBertForMaskedLM,
    RobertaConfig,
    RobertaForMaskedLM,
)

from case_files import CaseFiles, write_manifest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "tests" / "data" / "families" / "encoders"

# Modules of a block: q, k, v, the last map of attention, both norms, both maps of the feed-forward.
BERT = ("attention.self.query", "attention.self.key", "attention.self.value",
        "attention.output.dense", "attention.output.LayerNorm", "intermediate.dense",
        "output.dense", "output.LayerNorm")
ALBERT = ("attention.query", "attention.key", "attention.value", "attention.dense",
          "attention.LayerNorm", "ffn", "ffn_output", "full_layer_layer_norm")
DISTILBERT = ("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin",
              "sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm")


class Capture:
    """Inputs and outputs of each call of a module, without the batch axis."""

    def __init__(self, model):
        self.inputs, self.outputs = {}, {}
        for name, module in model.named_modules():
            module.register_forward_hook(self.hook(name))

    def hook(self, name):
        def keep(_module, args, output):
            first = output[0] if isinstance(output, tuple) else output
            if args and torch.is_tensor(args[0]):
                self.inputs.setdefault(name, []).append(args[0].detach()[0])
            if torch.is_tensor(first):
                self.outputs.setdefault(name, []).append(first.detach()[0])

        return keep


def by_head(rows, heads):
    return rows.reshape(rows.shape[0], heads, -1).transpose(0, 1)


def post_norm_blocks(nodes, capture, blocks, names, heads):
    """`blocks` are (module, which call of it)."""
    out, into = capture.outputs, capture.inputs
    for number, (module, call) in enumerate(blocks):
        block = f"blocks.{number}."
        q, k, v, last, ln1, mlp_in, mlp_out, ln2 = (f"{module}.{name}" for name in names)
        nodes[block + "resid_pre"] = into[q][call]
        for letter, name in (("q", q), ("k", k), ("v", v)):
            nodes[f"{block}attn.{letter}"] = by_head(out[name][call], heads)
        nodes[block + "attn.concat"] = into[last][call]
        nodes[block + "attn_out"] = out[last][call]
        nodes[block + "resid_mid"] = into[ln1][call]
        nodes[block + "ln1"] = out[ln1][call]
        nodes[block + "mlp.pre"] = out[mlp_in][call]
        nodes[block + "mlp.post"] = into[mlp_out][call]
        nodes[block + "mlp_out"] = out[mlp_out][call]
        nodes[block + "resid_sum"] = into[ln2][call]
        nodes[block + "ln2"] = out[ln2][call]
        nodes[block + "resid_post"] = out[ln2][call]


def albert_blocks(config):
    calls, blocks = {}, []
    for layer in range(config.num_hidden_layers):
        group = int(layer / (config.num_hidden_layers / config.num_hidden_groups))
        for inner in range(config.inner_group_num):
            name = f"albert.encoder.albert_layer_groups.{group}.albert_layers.{inner}"
            blocks.append((name, calls.get(name, 0)))
            calls[name] = calls.get(name, 0) + 1
    return blocks


def relative_nodes(nodes, model, capture):
    """Embeddings and blocks of BERT's relatives."""
    config, base = model.config, model.base_model_prefix
    out = {name: calls[0] for name, calls in capture.outputs.items()}
    into = {name: calls[0] for name, calls in capture.inputs.items()}
    nodes["embed"] = out[f"{base}.embeddings.word_embeddings"]
    nodes["pos_embed"] = out[f"{base}.embeddings.position_embeddings"].reshape(
        nodes["embed"].shape)
    if f"{base}.embeddings.token_type_embeddings" in out:
        nodes["type_embed"] = out[f"{base}.embeddings.token_type_embeddings"]
    nodes["embed_sum"] = into[f"{base}.embeddings.LayerNorm"]
    normed = out[f"{base}.embeddings.LayerNorm"]
    projected = [name for name in (f"{base}.encoder.embedding_hidden_mapping_in",
                                   f"{base}.embeddings_project") if name in out]
    nodes["embed_norm" if projected else "embed_out"] = normed
    if projected:
        nodes["embed_out"] = out[projected[0]]
    if base == "albert":
        blocks, names = albert_blocks(config), ALBERT
    else:
        stack = "transformer" if base == "distilbert" else "encoder"
        blocks = [(f"{base}.{stack}.layer.{i}", 0) for i in range(config.num_hidden_layers)]
        names = DISTILBERT if base == "distilbert" else BERT
    post_norm_blocks(nodes, capture, blocks, names, config.num_attention_heads)
    nodes["final"] = nodes[f"blocks.{len(blocks) - 1}.resid_post"]


def modern_nodes(nodes, model, capture):
    config = model.config
    out = {name: calls[0] for name, calls in capture.outputs.items()}
    into = {name: calls[0] for name, calls in capture.inputs.items()}
    nodes["embed"] = out["model.embeddings.tok_embeddings"]
    nodes["embed_out"] = out["model.embeddings.norm"]
    for layer in range(config.num_hidden_layers):
        block, name = f"blocks.{layer}.", f"model.layers.{layer}."
        nodes[block + "resid_pre"] = into[name + "attn_norm"]
        if layer > 0:
            nodes[block + "ln1"] = out[name + "attn_norm"]
        parts = out[name + "attn.Wqkv"].chunk(3, dim=-1)
        for letter, rows in zip("qkv", parts):
            nodes[f"{block}attn.{letter}"] = by_head(rows, config.num_attention_heads)
        nodes[block + "attn.concat"] = into[name + "attn.Wo"]
        nodes[block + "attn_out"] = out[name + "attn.Wo"]
        nodes[block + "resid_mid"] = into[name + "mlp_norm"]
        nodes[block + "ln2"] = out[name + "mlp_norm"]
        nodes[block + "mlp.pre"], nodes[block + "mlp.up"] = out[name + "mlp.Wi"].chunk(2, dim=-1)
        nodes[block + "mlp.post"] = into[name + "mlp.Wo"]
        nodes[block + "mlp_out"] = out[name + "mlp.Wo"]
        nodes[block + "resid_post"] = nodes[block + "resid_mid"] + nodes[block + "mlp_out"]
    nodes["final"] = out["model.final_norm"]


def head_nodes(nodes, model, result, capture):
    out = {name: calls[0] for name, calls in capture.outputs.items()}
    into = {name: calls[0] for name, calls in capture.inputs.items()}
    # Where the dense map of each head lies, and what takes its activation.
    places = {
        "predictions": ("dense", "LayerNorm"), "generator_predictions": ("dense", "LayerNorm"),
        "lm_head": ("dense", "layer_norm"), "head": ("dense", "norm"),
        "discriminator_predictions": ("dense", "dense_prediction"),
    }
    for place, (dense, after) in places.items():
        if f"{place}.{dense}" not in out:
            continue
        nodes["head.dense"] = out[f"{place}.{dense}"]
        nodes["head.act"] = into[f"{place}.{after}"]
        if "orm" in after:
            nodes["head.norm"] = out[f"{place}.{after}"]
        if isinstance(model, ModernBertForSequenceClassification):
            nodes["head.in"] = into["head.dense"]
    if "pre_classifier" in out:
        nodes["head.in"], nodes["head.dense"] = into["pre_classifier"], out["pre_classifier"]
        nodes["head.act"] = into["classifier"]
    if isinstance(model, AlbertForPreTraining):
        nodes["pooler.in"], nodes["pooler.dense"] = into["albert.pooler"], out["albert.pooler"]
        nodes["pooled"] = into["sop_classifier.classifier"]
        nodes["sentence_order_logits"] = result.sop_logits[0]
        nodes["sentence_order_probs"] = result.sop_logits[0].softmax(-1)
        nodes["logits"] = result.prediction_logits[0]
    else:
        nodes["logits"] = result.logits[0]
    is_yes_or_no = isinstance(model, ElectraForPreTraining)
    logits = nodes["logits"]
    nodes["probs"] = logits.sigmoid() if is_yes_or_no else logits.softmax(-1)


def nodes_of(model, given):
    """Values by node name, of a model without batch axis in its inputs."""
    capture = Capture(model)
    result = model(**{key: value[None] for key, value in given.items()}, output_attentions=True)
    nodes = {}
    is_modern = model.config.model_type == "modernbert"
    (modern_nodes if is_modern else relative_nodes)(nodes, model, capture)
    for layer, pattern in enumerate(result.attentions):
        nodes[f"blocks.{layer}.attn.pattern"] = pattern[0]
    head_nodes(nodes, model, result, capture)
    return {name: value.detach() for name, value in nodes.items()}


def randomise(model, generator):
    """Numbers large enough that patterns are far from even."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm = "norm" in name.lower() and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if is_norm else 0.4 * noise)
    model.tie_weights()


def make_inputs(model, generator):
    config = model.config
    inputs = {}
    for key, length in (("a", 6), ("b", 1)):
        ids = torch.randint(0, config.vocab_size, (length,), generator=generator)
        if length > 1:
            ids[2] = config.pad_token_id
        inputs[key] = {"input_ids": ids}
        if config.model_type in ("albert", "electra"):
            inputs[key]["token_type_ids"] = (torch.arange(length) > length // 2).long()
    return inputs


def use_exact_arithmetic():
    """transformers takes the softmax of eager attention in float32, whatever the model is in."""
    plain = torch.nn.functional.softmax
    torch.nn.functional.softmax = lambda x, dim=-1, dtype=None: plain(x, dim=dim)


def make_case(name, model, number_type, seed):
    generator = torch.Generator().manual_seed(seed)
    randomise(model, generator)
    model = model.to(number_type).eval()
    folder = OUT / name
    folder.mkdir(parents=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    files = CaseFiles(folder)
    for key, given in make_inputs(model, generator).items():
        with torch.no_grad():
            exact = nodes_of(copy.deepcopy(model).double(), given)
            single = nodes_of(copy.deepcopy(model).float(), given)
        files.add(key, given, exact, single)
    return files.write(model.config.model_type, type(model).__name__, number_type)


def build_models():
    sizes = dict(vocab_size=23, hidden_size=12, num_hidden_layers=2, num_attention_heads=3,
                 intermediate_size=10, max_position_embeddings=9, attn_implementation="eager",
                 bos_token_id=0, eos_token_id=2)
    modern = dict(sizes, pad_token_id=1, cls_token_id=0, sep_token_id=2)
    return {
        "albert-groups": (AlbertForPreTraining(AlbertConfig(
            **dict(sizes, num_hidden_layers=3), embedding_size=5, num_hidden_groups=2)),
            torch.float32),
        "distilbert-seqcls": (DistilBertForSequenceClassification(DistilBertConfig(
            vocab_size=23, dim=12, n_layers=2, n_heads=3, hidden_dim=10, num_labels=3,
            max_position_embeddings=9, attn_implementation="eager")), torch.float16),
        "electra-discriminator": (ElectraForPreTraining(ElectraConfig(
            **sizes, embedding_size=5, hidden_act="relu")), torch.float32),
        "electra-generator": (ElectraForMaskedLM(ElectraConfig(**sizes, embedding_size=12)),
                              torch.float32),
        "roberta-mlm": (RobertaForMaskedLM(RobertaConfig(
            **sizes, pad_token_id=1, type_vocab_size=1)), torch.float32),
        "camembert-tokcls": (CamembertForTokenClassification(CamembertConfig(
            **sizes, pad_token_id=2, type_vocab_size=1, num_labels=4)), torch.bfloat16),
        "modernbert-mlm": (ModernBertForMaskedLM(ModernBertConfig(
            **dict(modern, num_hidden_layers=3), local_attention=4, decoder_bias=False)),
            torch.float32),
        "modernbert-mean": (ModernBertForSequenceClassification(ModernBertConfig(
            **modern, local_attention=2, norm_bias=True, mlp_bias=True, attention_bias=True,
            classifier_bias=True, classifier_pooling="mean", num_labels=3)), torch.float32),
    }


def main():
    use_exact_arithmetic()
    if OUT.exists():
        shutil.rmtree(OUT)
    cases = {}
    for seed, (name, (model, number_type)) in enumerate(build_models().items()):
        cases[name] = make_case(name, model, number_type, seed)
    write_manifest(OUT, "tools/family_goldens/encoders.py", cases)


if __name__ == "__main__":
    main()
