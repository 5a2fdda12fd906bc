#!/usr/bin/env python3
"""Opens each shipped model with transformers and compares its logits with those of `heed trace`.

    python3 tools/check_shipped.py [NAME...]                 all of assets/models, or those that are named
    python3 tools/check_shipped.py --models FOLDER --heed build/heed

Needs torch, transformers, safetensors and Pillow. AutoConfig finds the class; texts go through
AutoTokenizer and pictures through AutoImageProcessor on one side, through heed on the other. What is run
are the inputs of the goldens and every entry of examples.json. Prints a line a model; exit 1 where one
differs by more than 1e-4 of the largest logit, or in a token.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
import transformers
from safetensors import safe_open

from make_shipped_goldens import INPUTS, ROOT, Pictures, Tokens

LARGEST_SHARE = 1e-4
AUTO = {
    "gpt2": transformers.AutoModelForCausalLM,
    "bert": transformers.AutoModelForMaskedLM,
    "marian": transformers.AutoModelForSeq2SeqLM,
    "vit": transformers.AutoModelForImageClassification,
    "llama": transformers.AutoModelForCausalLM,
}


def list_inputs(name, folder):
    """The inputs of the goldens, then the examples; of two sentences to compare, each for itself."""
    asked = list(INPUTS[name].values())
    file = folder / "examples.json"
    for example in json.loads(file.read_text())["examples"] if file.exists() else []:
        parts = {key: example[key] for key in ("text", "pair", "target", "image") if key in example}
        asked.append(parts)
        if "other" in example:
            asked.append({"text": example["other"]})
    return asked


def trace(heed, folder, asked):
    """Logits and ids as heed computes them."""
    options = []
    for key in ("text", "pair", "target"):
        if asked.get(key):
            options += ["--" + key, asked[key]]
    if "image" in asked:
        options += ["--image", str(folder / asked["image"])]
    with tempfile.TemporaryDirectory() as place:
        out = pathlib.Path(place) / "trace.safetensors"
        command = [heed, "trace", "-m", str(folder), *options, "--nodes", "*logits", "-o", str(out)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
        with safe_open(out, "pt") as file:
            facts = file.metadata()
            logits = next(file.get_tensor(key) for key in file.keys() if key.endswith("logits"))
    return logits, json.loads(facts.get("ids") or "[]"), json.loads(facts.get("target_ids") or "[]")


def check(heed, name, folder):
    """Largest error, largest logit, how many inputs, whether all tokens are the same."""
    config = transformers.AutoConfig.from_pretrained(folder)
    opener = AUTO[config.model_type]
    model = opener.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    reader = (Pictures if config.model_type == "vit" else Tokens)(folder, config)
    error, largest, same, asked_all = 0.0, 0.0, True, list_inputs(name, folder)
    for asked in asked_all:
        if config.is_encoder_decoder:
            asked = {"target": "", **asked}
        given = reader.inputs(asked)
        logits, ids, target_ids = trace(heed, folder, asked)
        for key, got in (("input_ids", ids), ("decoder_input_ids", target_ids)):
            if key in given and given[key].tolist() != got:
                print(f"{name}: other {key} for {asked}")
                same = False
        if not same:
            continue
        with torch.no_grad():
            want = model(**{key: value[None] for key, value in given.items()}).logits[0]
        error = max(error, (logits - want).abs().max().item())
        largest = max(largest, want.abs().max().item())
    return type(model).__name__, len(asked_all), largest, error, same and error <= LARGEST_SHARE * largest


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="all that lie there")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "assets" / "models")
    parser.add_argument("--heed", default=str(ROOT / "build" / "heed"), help="the program")
    arguments = parser.parse_args()
    there = [path.parent.name for path in sorted(arguments.models.glob("*/model.safetensors"))]
    is_good = True
    print(f"{'model':<12} {'class':<28} {'inputs':>6} {'largest logit':>14} {'largest error':>14}")
    for name in arguments.names or there:
        kind, inputs, largest, error, agrees = check(arguments.heed, name, arguments.models / name)
        print(f"{name:<12} {kind:<28} {inputs:>6} {largest:>14.3f} {error:>14.2e}"
              f"  {'the same' if agrees else 'DIFFERS'}")
        is_good &= agrees
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
