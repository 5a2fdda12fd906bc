#!/usr/bin/env python3
"""Makes tests/data/generated.json: what transformers says next, greedily, for the models of
tests/data/families/generators and several rules of a generation_config.json.

Needs torch and transformers:  python3 tools/family_goldens/generated.py
"""

import json
import pathlib

import torch
import transformers

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "tests" / "data"
COUNT = 6
SOURCE = [4, 9, 2, 7, 11]
START = 3

RULES = [
    {},
    {"bad_words_ids": "likeliest"},
    {"suppress_tokens": "likeliest"},
    {"begin_suppress_tokens": "first"},
    {"forced_bos_token_id": 8},
    {"eos_token_id": "second"},
    {"eos_token_id": ["third", 12]},
    {"no_repeat_ngram_size": 2},
    {"repetition_penalty": 1.5},
]


def fill(rule, plain):
    """Words of RULES as ids: those that the model says without any rule."""
    names = {"first": plain[0], "second": plain[1], "third": plain[2]}
    often = max(set(plain), key=plain.count)
    out = {}
    for key, value in rule.items():
        if value == "likeliest":
            out[key] = [[often], [often, 5]] if key == "bad_words_ids" else [often]
        elif value == "first":
            out[key] = [plain[0]]
        elif isinstance(value, list):
            out[key] = [names.get(entry, entry) for entry in value]
        else:
            out[key] = names.get(value, value)
    return out


def generate(model, rules):
    is_pair = model.config.is_encoder_decoder
    config = transformers.GenerationConfig(
        max_new_tokens=COUNT, do_sample=False, num_beams=1, pad_token_id=0, use_cache=False, **rules)
    given = {"input_ids": torch.tensor([SOURCE])}
    if is_pair:
        config.decoder_start_token_id = START
        given["decoder_input_ids"] = torch.tensor([[START]])
    model.generation_config = config
    with torch.no_grad():
        said = model.generate(**given, attention_mask=torch.ones_like(given["input_ids"]),
                              generation_config=config)[0].tolist()
    return said[1:] if is_pair else said[len(SOURCE):]


def main():
    cases = []
    for folder in sorted((DATA / "families" / "generators").iterdir()):
        if not folder.is_dir():
            continue
        architecture = json.loads((folder / "config.json").read_text())["architectures"][0]
        model = getattr(transformers, architecture).from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager").eval()
        positions = getattr(model.config, "max_position_embeddings", None)
        before = 1 if model.config.is_encoder_decoder else len(SOURCE)
        has_room = (positions or 99) >= before + COUNT
        if not model.can_generate() or not has_room:
            continue
        for name in ("eos_token_id", "forced_eos_token_id", "bos_token_id"):
            setattr(model.config, name, None)
        plain = generate(model, {})
        for rule in RULES:
            is_pair = model.config.is_encoder_decoder
            if not is_pair and rule.keys() & {"forced_bos_token_id", "begin_suppress_tokens"}:
                continue
            rules = fill(rule, plain)
            cases.append({"model": folder.name, "source": SOURCE,
                          "start": [START] if is_pair else [], "rules": json.dumps(rules),
                          "generated": generate(model, rules)})
    lines = ",\n".join(" " + json.dumps(case) for case in cases)
    (DATA / "generated.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
