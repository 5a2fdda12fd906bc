#!/usr/bin/env python3
"""Makes tests/data/models: tiny models and every intermediate that PyTorch computes for them.

Needs torch, transformers, safetensors and numpy:  python3 tools/make_model_goldens.py
Values are computed in float64 by transformers itself (family_goldens/whole_nodes.py).
manifest.json has, for each tensor, by how much PyTorch's own float32 run misses the float64 one.
"""

import copy
import pathlib
import shutil

import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    GPT2Config,
    GPT2LMHeadModel,
)

from family_goldens.case_files import CaseFiles, write_manifest
from family_goldens.whole_nodes import bert_nodes, gpt2_nodes

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "models"


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
    files = CaseFiles(folder)
    for key, length in (("a", 6), ("b", 1)):
        ids = torch.randint(0, config.vocab_size, (length,), generator=generator)
        types = (torch.arange(length) > length // 2).long()
        given = {"input_ids": ids}
        if nodes_of is bert_nodes:
            given["token_type_ids"] = types
        with torch.no_grad():
            exact = nodes_of(copy.deepcopy(model).double(), given)
            single = nodes_of(copy.deepcopy(model).float(), given)
        files.add(key, given, exact, single)
    return files.write(config.model_type, type(model).__name__, number_type)


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
    write_manifest(OUT, "tools/make_model_goldens.py", cases)


if __name__ == "__main__":
    main()
